/** Chance that can be repeated: the same seed gives the same draws on every machine. */
export interface Random {
  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number;
  /** Whether something happens that happens `percent` times in a hundred. */
  percent(percent: number): boolean;
  pick<T>(of: readonly T[]): T;
  shuffled<T>(of: readonly T[]): T[];
}

/** Mulberry32: 32 bits of state, plenty for a sample. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
  const pick = <T>(of: readonly T[]): T => {
    const [first, ...rest] = of;
    if (first === undefined) throw new RangeError('nothing to pick from');
    return rest.length === 0 ? first : (of[below(of.length)] ?? first);
  };
  return {
    below,
    percent: (percent) => below(100) < percent,
    pick,
    shuffled: (of) =>
      of
        .map((item) => ({ item, order: next() }))
        .sort((a, b) => a.order - b.order)
        .map(({ item }) => item),
  };
}
