/** Whatever can be done to the files of a bundle with numbers that chance gives: to bytes, lines, files and names, and to sums and manifest after it. */

import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Manifest } from '../../shared/archive/manifest.ts';
import { packed } from './bundle-forgery.ts';
import { type Files, withManifest, withSums } from './bundles-of.ts';

/** What is made anew after it: nothing, SHA256SUMS, or SHA256SUMS and manifest. */
const MADE_ANEW = ['nothing', 'sums', 'manifest'] as const;

const OPERATIONS = {
  'flip a bit': bytesOf((bytes, a, b) => bytes.map((byte, at) => (at === a % bytes.length ? byte ^ (1 << (b % 8)) : byte))),
  'drop bytes': bytesOf((bytes, a, b) => Buffer.concat([bytes.subarray(0, a), bytes.subarray(a + 1 + (b % 40))])),
  'double bytes': bytesOf((bytes, a, b) => Buffer.concat([bytes.subarray(0, a + 1 + (b % 40)), bytes.subarray(a)])),
  'swap bytes': bytesOf((bytes, a, b) => bytes.map((byte, at) => bytes[at === a ? b : at === b ? a : at] ?? byte)),
  'cut off': bytesOf((bytes, a) => bytes.subarray(0, a)),
  'drop a line': linesOf((lines, a) => lines.filter((_, at) => at !== a)),
  'double a line': linesOf((lines, a) => lines.flatMap((line, at) => (at === a ? [line, line] : [line]))),
  'swap lines': linesOf((lines, a, b) => lines.map((line, at) => lines[at === a ? b : at === b ? a : at] ?? line)),
  'flip a bit of a line': linesOf((lines, a, b) => lines.map((line, at) => (at === a ? flipped(line, b) : line))),
  'add one to a number': linesOf((lines, a, b) => lines.map((line, at) => (at === a ? counted(line, b) : line))),
  'drop a file': (files, [a]) => without(files, pathAt(files, a)),
  'double a file': (files, [a, b]) => with_(files, renamed(pathAt(files, a), pathAt(files, b)), files.get(pathAt(files, a))),
  'swap files': (files, [a, b]) => {
    const [one, other] = [pathAt(files, a), pathAt(files, b)];
    return with_(with_(files, one, files.get(other)), other, files.get(one));
  },
  'rename a file': (files, [a, b]) => {
    const path = pathAt(files, a);
    return with_(without(files, path), renamed(path, pathAt(files, b)), files.get(path));
  },
} as const satisfies Readonly<Record<string, (files: Files, numbers: Numbers) => Files>>;

type Numbers = readonly [file: number, a: number, b: number];
type Operation = keyof typeof OPERATIONS;

export interface Mutation {
  readonly operation: Operation;
  readonly numbers: Numbers;
  readonly anew: (typeof MADE_ANEW)[number];
}

// Without bias: what is chosen by it is as often in the middle as at an end.
const number = fc.noBias(fc.nat(2 ** 20));
const operations: readonly Operation[] = Object.keys(OPERATIONS).filter((name): name is Operation =>
  Object.hasOwn(OPERATIONS, name),
);

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  operation: fc.constantFrom(...operations),
  numbers: fc.tuple(number, number, number),
  anew: fc.constantFrom(...MADE_ANEW, 'manifest'),
});

const pathAt = (files: Files, n: number): string => [...files.keys()][n % files.size] ?? '';

const with_ = (files: Files, path: string, bytes: Uint8Array | undefined): Files =>
  new Map([...files, [path, bytes ?? new Uint8Array()]]);
const without = (files: Files, path: string): Files => new Map([...files].filter(([each]) => each !== path));

/** A name of the same sort that is not taken, or that of another file. */
function renamed(path: string, other: string): string {
  return path === other ? path.replace(/(\d)(?=\D*$)|$/, (digit) => String((Number(digit) + 1) % 10)) : other;
}

function bytesOf(change: (bytes: Buffer, a: number, b: number) => Uint8Array) {
  return (files: Files, [file, a, b]: Numbers): Files => {
    const path = pathAt(files, file);
    const bytes = Buffer.from(files.get(path) ?? []);
    const length = Math.max(1, bytes.length);
    return with_(files, path, change(bytes, a % length, b % length));
  };
}

/** Of a packed file its lines are what is changed. */
function linesOf(change: (lines: readonly string[], a: number, b: number) => readonly string[]) {
  return (files: Files, [file, a, b]: Numbers): Files => {
    const path = pathAt(files, file);
    const isPacked = path.endsWith('.gz');
    const bytes = files.get(path) ?? new Uint8Array();
    const lines = Buffer.from(isPacked ? gunzipSync(bytes) : bytes)
      .toString('latin1')
      .split('\n')
      .slice(0, -1);
    const length = Math.max(1, lines.length);
    // Latin-1 both ways, so that no byte is lost.
    const after = change(lines, a % length, b % length);
    const text = Buffer.from(after.map((line) => `${line}\n`).join(''), 'latin1');
    return with_(files, path, isPacked ? packed([text.toString().replace(/\n$/, '')]) : text);
  };
}

const flipped = (line: string, n: number): string => {
  const bytes = Buffer.from(line, 'latin1');
  const at = Math.floor(n / 8) % Math.max(1, bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (n % 8));
  return bytes.toString('latin1');
};

const counted = (line: string, n: number): string => {
  const numbers = [...line.matchAll(/\d+/g)];
  const found = numbers[n % Math.max(1, numbers.length)];
  if (found === undefined) return line;
  return `${line.slice(0, found.index)}${Number(found[0]) + 1}${line.slice(found.index + found[0].length)}`;
};

/** The files after a mutation. `said` is the manifest that a forger would make anew. */
export function mutated(files: Files, said: Manifest, { operation, numbers, anew }: Mutation): Files {
  const after = OPERATIONS[operation](files, numbers);
  if (anew === 'nothing') return after;
  // What was done to the manifest itself stays.
  if (anew === 'sums' || pathAt(files, numbers[0]) === 'manifest.json') return withSums(after);
  const { files: _, ...rest } = said;
  return withManifest(after, rest);
}
