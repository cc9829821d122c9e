/** What a forger does to a bundle who has every file but no signing key: he changes what he likes and makes sums and manifest anew. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Manifest } from '../../shared/archive/manifest.ts';
import { type Files, type TestBundle, withManifest } from './bundles-of.ts';

export interface Forgery {
  /** New bytes by path; `undefined` takes the file away. */
  readonly put?: Readonly<Record<string, Uint8Array | string | undefined>>;
  /** What the manifest says instead. */
  readonly said?: Partial<Manifest>;
}

/** Files with some of them in the place of others, nothing made anew. */
export function changed(files: Files, put: NonNullable<Forgery['put']>): Map<string, Uint8Array> {
  const all = new Map(files);
  for (const [path, bytes] of Object.entries(put))
    if (bytes === undefined) all.delete(path);
    else all.set(path, Buffer.from(bytes));
  return all;
}

export const forged = ({ files, manifest }: Pick<TestBundle, 'files' | 'manifest'>, { put = {}, said = {} }: Forgery): Files => {
  const { files: _, ...before } = manifest;
  return withManifest(changed(files, put), { ...before, ...said });
};

export const textOf = (files: Files, path: string): string => Buffer.from(files.get(path) ?? '').toString();

/** The lines of a packed file, without their ends. */
export const linesIn = (files: Files, path: string): string[] =>
  gunzipSync(files.get(path) ?? '')
    .toString()
    .split('\n')
    .slice(0, -1);

export const packed = (lines: readonly string[]): Uint8Array => gzipSync(lines.map((line) => `${line}\n`).join(''));

export const eventPaths = (files: Files): readonly string[] => [...files.keys()].filter((path) => path.endsWith('.jsonl.gz'));

/** The same record with its lines changed. */
export const withLines = (bundle: TestBundle, path: string, change: (lines: readonly string[]) => readonly string[]): Files =>
  forged(bundle, { put: { [path]: packed(change(linesIn(bundle.files, path))) } });
