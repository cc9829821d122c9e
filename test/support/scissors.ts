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
  private readonly at: number | undefined;

  /** `at` counts from 0; without it nothing is cut. */
  constructor(at?: number) {
    this.at = at;
  }

  /** Runs one process over its own view of the outside; rejects with `Cut` when it was cut, whatever it made of that itself. */
  async process<Outside extends Readonly<Record<string, object>>, T>(
    outside: Outside,
    work: (outside: Outside) => Promise<T>,
  ): Promise<T> {
    const process = { cut: undefined as Cut | undefined };
    const pass = (place: string): void => {
      if (process.cut !== undefined) throw process.cut;
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

/** The same object, each of whose calls passes a place before it is made and one before it is answered. */
const around = <T extends object>(name: string, target: T, pass: (place: string) => void): T =>
  new Proxy(target, {
    get(object, key) {
      const member: unknown = Reflect.get(object, key, object);
      if (typeof member !== 'function' || member.constructor.name === 'AsyncGeneratorFunction') {
        return typeof member === 'function' ? member.bind(object) : member;
      }
      return async (...args: unknown[]) => {
        pass(`before ${name}.${String(key)}`);
        const answer: unknown = await Reflect.apply(member, object, args);
        pass(`after ${name}.${String(key)}`);
        return answer;
      };
    },
  });
