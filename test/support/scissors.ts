/**
 * Cuts one process short at one exact place: before or after one of its calls to the outside. A first run without a cut counts the
 * places. A process that was cut calls nothing any more, and nobody sees its answer.
 */
export class Cut extends Error {
  override readonly name = 'Cut';
}

export class Scissors {
  /** The places passed so far, each named. */
  readonly places: string[] = [];
  /**
   * Those of the places at which a cut leaves the outside otherwise than a cut at the place before it in its process does: at its beginning,
   * once something was called since that does not only read, and once something was written past these calls. Between them a process has
   * done the same when it dies.
   */
  readonly differing: number[] = [];
  /** How often anything was written, as far as that can be counted. */
  writes: () => number = () => 0;
  private readonly at: number | undefined;
  private readonly reads: ReadonlySet<string>;

  /** `at` counts from 0; without it nothing is cut. `reads`: the calls that change nothing, `draws.load`. */
  constructor(at?: number, reads: ReadonlySet<string> = new Set()) {
    this.at = at;
    this.reads = reads;
  }

  /** Runs one process over its own view of the outside; rejects with `Cut` when it was cut, whatever it made of that itself. */
  async process<Outside extends Readonly<Record<string, object>>, T>(
    outside: Outside,
    work: (outside: Outside) => Promise<T>,
  ): Promise<T> {
    const process = { cut: undefined as Cut | undefined, hasChanged: true, writes: this.writes() };
    const pass: Pass = (when, call) => {
      if (process.cut !== undefined) throw process.cut;
      const place = `${when} ${call}`;
      if (process.hasChanged || process.writes !== this.writes()) this.differing.push(this.places.length);
      process.writes = this.writes();
      process.hasChanged = when === 'before' && !this.reads.has(call);
      this.places.push(place);
      if (this.places.length - 1 !== this.at) return;
      process.cut = new Cut(place);
      throw process.cut;
    };
    const view = Object.fromEntries(Object.entries(outside).map(([name, target]) => [name, around(name, target, pass)]));
    const settled = await work(view as Outside).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    if (process.cut !== undefined) throw process.cut;
    if ('error' in settled) throw settled.error;
    return settled.value;
  }
}

type Pass = (when: 'before' | 'after', call: string) => void;

/** The same object, each of whose calls passes a place before it is made and one before it is answered. */
const around = <T extends object>(name: string, target: T, pass: Pass): T =>
  new Proxy(target, {
    get(object, key) {
      const member: unknown = Reflect.get(object, key, object);
      if (typeof member !== 'function' || member.constructor.name === 'AsyncGeneratorFunction') {
        return typeof member === 'function' ? member.bind(object) : member;
      }
      return async (...args: unknown[]) => {
        pass('before', `${name}.${String(key)}`);
        const answer: unknown = await Reflect.apply(member, object, args);
        pass('after', `${name}.${String(key)}`);
        return answer;
      };
    },
  });
