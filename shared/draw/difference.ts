/** Where two values part, in words. */
import type { Json } from './canonical-json.ts';

const shown = (value: Json | undefined): string => {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
};

const isBranch = (value: Json | undefined): value is readonly Json[] | { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null;

/** The first place where what a file says is not what the replay gives. */
export function differenceOf(
  found: Json | undefined,
  replayed: Json | undefined,
  place = '',
): { place: string; what: string } | undefined {
  if (isBranch(found) && isBranch(replayed) && Array.isArray(found) === Array.isArray(replayed)) {
    const [a, b] = [new Map(Object.entries(found)), new Map(Object.entries(replayed))];
    for (const key of new Set([...b.keys(), ...a.keys()])) {
      const step = Array.isArray(found) ? `${place}[${key}]` : `${place}${place === '' ? '' : '.'}${key}`;
      const difference = differenceOf(a.get(key), b.get(key), step);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  return found === replayed ? undefined : { place, what: `is ${shown(found)}; the replay gives ${shown(replayed)}` };
}
