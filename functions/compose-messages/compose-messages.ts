/** Brings everything on its way that is due: receiver by receiver, side by side, and none holds up another. */
import { StaleVersion } from '../../shared/data/commit.ts';
import { type Instant, instant } from '../../shared/domain/calendar.ts';
import type { ReceiverId } from '../../shared/domain/ids.ts';
import type { Composed } from './composing.ts';
import { type ComposeDependencies, earliest } from './lane.ts';
import { type Measured, secondsBetween, sumMeasured } from './metrics.ts';
import { type Served, serveReceiver } from './serve-receiver.ts';

const AT_ONCE = 16;
/** Of the index: the first page is small, since mostly nothing is due and it only says when something will be. */
const FIRST_PAGE = 25;
const PAGE = 1000;
/** The index is read beyond `at` for the first thing that is due later. */
const WHENEVER = instant('9999-12-31T00:00:00Z');

export interface Call {
  readonly at: Instant;
  /** Only these, by name; absent: all for whom something is due. */
  readonly woken?: readonly ReceiverId[];
  readonly outOfTime: () => boolean;
}

/** By kind of channel. */
export type MeasuredBy = ReadonlyMap<string, Measured>;

export interface Outcome extends Composed {
  readonly failed: readonly ReceiverId[];
  /** Others wrote these again and again meanwhile: whoever does goes on with them, and the next call sees to it. */
  readonly contended: readonly ReceiverId[];
  /** What rests from now on, and until when: before the next minute's call nobody else would look at it. */
  readonly rests: readonly { readonly receiver: ReceiverId; readonly due: Instant }[];
  /** Receivers that this call did not come to. */
  readonly left: number;
  readonly measured: MeasuredBy;
}

/** For whom something is due, the longest first, with since when; and when something will be. */
async function dueReceivers({ deliveries }: ComposeDependencies, at: Instant) {
  const since = new Map<ReceiverId, Instant>();
  let cursor: string | undefined;
  do {
    const page = await deliveries.due(WHENEVER, cursor === undefined ? FIRST_PAGE : PAGE, cursor);
    const later = page.items.find(({ due }) => due > at);
    for (const { receiver, due } of page.items) if (due <= at && !since.has(receiver)) since.set(receiver, due);
    if (later !== undefined) return { since, next: later.due };
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { since };
}

const countOf = (all: readonly Measured[], name: 'Delivered' | 'Dropped' | 'Dead'): number =>
  all.reduce((sum, measured) => sum + (measured[name] ?? []).reduce((of, value) => of + value, 0), 0);

export const composeMessages =
  (deps: ComposeDependencies) =>
  async ({ at, woken, outOfTime }: Call): Promise<Outcome> => {
    const { since, next }: { since: ReadonlyMap<ReceiverId, Instant>; next?: Instant } =
      woken === undefined ? await dueReceivers(deps, at) : { since: new Map() };
    const todo = [...(woken ?? since.keys())];
    const known = new Set(todo);
    const served: { readonly id: ReceiverId; readonly came: Served }[] = [];
    const failed: ReceiverId[] = [];
    const contended: ReceiverId[] = [];
    const work = async (): Promise<void> => {
      while (!outOfTime()) {
        const id = todo.shift();
        if (id === undefined) return;
        try {
          const came = await serveReceiver(deps, id, at, woken !== undefined);
          served.push({ id, came });
          for (const other of came.also.filter((each) => !known.has(each))) todo.push(other);
          for (const other of came.also) known.add(other);
        } catch (error) {
          if (error instanceof StaleVersion) {
            contended.push(id);
          } else {
            deps.failed(id, error);
            failed.push(id);
          }
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));

    const measured = new Map<string, Measured[]>();
    for (const { id, came } of served) {
      const due = since.get(id);
      const waiting = came.lateSince ?? (came.isBusy ? due : undefined);
      const waits: Measured = waiting === undefined ? {} : { OldestWaitingSeconds: [secondsBetween(waiting, at)] };
      measured.set(came.channel, [...(measured.get(came.channel) ?? []), ...came.measured, waits]);
    }
    const all = [...measured.values()].flat();
    const first = earliest([next, ...served.map(({ came }) => came.next)]);
    return {
      told: countOf(all, 'Delivered'),
      dropped: countOf(all, 'Dropped'),
      dead: countOf(all, 'Dead'),
      released: served.reduce((sum, { came }) => sum + came.released, 0),
      ...(first !== undefined && { next: first }),
      failed,
      contended,
      rests: served.flatMap(({ id, came }) => (came.rests === undefined ? [] : [{ receiver: id, due: came.rests }])),
      left: todo.length,
      measured: new Map([...measured].map(([channel, values]) => [channel, sumMeasured(values)])),
    };
  };
