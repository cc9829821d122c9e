/** A queue and the function that works it off: so many records of a call, so many calls side by side. */
export interface BenchQueue<T> {
  add(item: T): void;
}

export function workQueue<T>(
  { batch, abreast }: { readonly batch: number; readonly abreast: number },
  work: (items: readonly T[]) => Promise<unknown>,
  failed: (what: string, error: unknown) => void,
): BenchQueue<T> {
  const waiting: T[] = [];
  let running = 0;
  const next = (): void => {
    while (running < abreast && waiting.length > 0) {
      running += 1;
      work(waiting.splice(0, batch))
        .catch((error: unknown) => failed('a call', error))
        .finally(() => {
          running -= 1;
          next();
        });
    }
  };
  return {
    add(item) {
      waiting.push(item);
      // What is added at once goes in one call.
      setImmediate(next);
    },
  };
}
