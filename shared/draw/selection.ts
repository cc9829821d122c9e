/** Which objects are drawn: the lowest tickets of each stratum. */
import type { ObjectLine } from './rosters.ts';
import type { Tickets } from './tickets.ts';

/** An object that was drawn, and the place that its ticket gave it in its stratum. */
export interface Chosen {
  readonly object: string;
  readonly skill: string | null;
  readonly ticket: string;
  readonly rank: number;
}

type Ticketed = Omit<Chosen, 'rank'>;

const isBefore = (a: Ticketed, b: Ticketed): boolean => a.ticket < b.ticket || (a.ticket === b.ticket && a.object < b.object);

/** Keeps the first few of very many: a heap whose top is the last of those kept. */
class First {
  readonly #most: number;
  readonly #heap: Ticketed[] = [];
  constructor(most: number) {
    this.#most = most;
  }

  offer(one: Ticketed): void {
    const heap = this.#heap;
    const [top] = heap;
    if (top === undefined || heap.length < this.#most) this.#rise(one);
    else if (isBefore(one, top)) this.#sink(one);
  }

  /** Those that were kept, in their order. */
  inOrder(): readonly Ticketed[] {
    return this.#heap.toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  #rise(one: Ticketed): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(parent, one)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = one;
  }

  /** Puts one in the place of the top. */
  #sink(one: Ticketed): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const [a, b] = [heap[left], heap[left + 1]];
      if (a === undefined) break;
      const [below, child] = b !== undefined && isBefore(a, b) ? [left + 1, b] : [left, a];
      if (!isBefore(one, child)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = one;
  }
}

/** What is asked of a selection. */
export interface Selecting {
  /** How many to take of each stratum in this iteration; of a stratum that is not named, none. */
  readonly quotas: ReadonlyMap<string, number>;
  readonly tickets: Pick<Tickets, 'object'>;
  /** Those drawn in earlier iterations. */
  readonly passedOver: ReadonlySet<string>;
}

/**
 * Draws from objects that are looked at one by one, in any order. Kept are as many of a stratum as its quota says: a million objects pass
 * through in the memory of those drawn.
 */
export function select(
  objects: Iterable<ObjectLine>,
  { quotas, tickets, passedOver }: Selecting,
): ReadonlyMap<string, readonly Chosen[]> {
  const kept = new Map([...quotas].filter(([, quota]) => quota > 0).map(([stratum, quota]) => [stratum, new First(quota)]));
  for (const { stratum, object, weight, skill } of objects) {
    const first = kept.get(stratum);
    if (first === undefined || passedOver.has(object)) continue;
    first.offer({ object, skill, ticket: tickets.object(stratum, object, weight) });
  }
  return new Map([...kept].map(([stratum, first]) => [stratum, first.inOrder().map((one, at) => ({ ...one, rank: at + 1 }))]));
}
