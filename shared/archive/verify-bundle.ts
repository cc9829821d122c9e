/**
 * Verifies an export: a bundle, or a series of them, is the whole truth of its range of the log, or the first thing that is not. Nothing is
 * believed but the keys that the verifier brings; lines are streamed, so that memory grows with files and subjects and not with events.
 */
import { hexOf } from '../draw/bytes.ts';
import { Fault } from '../draw/fault.ts';
import type { Verdict } from '../draw/verify-draw.ts';
import type { BundleFiles } from './bundle-files.ts';
import { MANIFEST } from './layout.ts';
import type { Manifest } from './manifest.ts';
import { checkAllMet, type Salts } from './salts.ts';
import { checkTimestamps } from './timestamp.ts';
import { checkEvents, closingKey, type Known, knownOf } from './verify-events.ts';
import { checkHeads, checkPrevious, checkTiles, type Trust } from './verify-log.ts';
import { type BundleBefore, checkChain, checkManifest, readManifest } from './verify-manifest.ts';
import { checkSums } from './verify-sums.ts';

export interface VerifyOptions extends Partial<Trust> {
  /** The bundle before the first, which is not verified itself. */
  readonly previous?: BundleFiles | undefined;
  readonly salts?: Salts | undefined;
}

/** What a verified bundle says. */
export interface VerifiedBundle {
  readonly manifest: Manifest;
  readonly hash: string;
  readonly root: string;
  readonly signedBy: readonly string[];
  /** When the witnesses saw its head, in seconds since 1970. */
  readonly seen: readonly number[];
  readonly commitments: number;
  readonly opened: number;
}

interface Following extends BundleBefore {
  readonly verified: VerifiedBundle;
}

async function verifyOne(
  files: BundleFiles,
  trust: Trust,
  before: BundleBefore | undefined,
  known: (of: Manifest) => Known,
): Promise<Following> {
  const found = await checkSums(files);
  const read = await checkManifest(files, found);
  const { manifest, hash } = read;
  if (before !== undefined) checkChain(read, before);
  const log = await checkHeads(files, manifest, trust);
  await checkTimestamps(files, manifest, log.note);
  if (before !== undefined) checkPrevious(log, before);
  const tree = await checkTiles(files, manifest, log);
  const { commitments, opened } = await checkEvents({ files, manifest, log, tree, known: known(manifest) });
  const { checkpoint, seen } = log;
  const verified = { manifest, hash, root: hexOf(checkpoint.root), signedBy: checkpoint.signedBy, seen, commitments, opened };
  return { ...read, checkpoint: checkpoint.note.text, verified };
}

/** What the next bundle has to go on from. */
async function beforeOf(files: BundleFiles, trust: Trust): Promise<BundleBefore> {
  const read = await readManifest(files);
  const { checkpoint } = await checkHeads(files, read.manifest, trust);
  return { ...read, checkpoint: checkpoint.note.text };
}

async function verdictOf<Summary>(check: () => Promise<Summary>): Promise<Verdict<Summary>> {
  try {
    return { ok: true, summary: await check() };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, fault: error };
    throw error;
  }
}

/** Whether the log holds the manifests of the series as they are. */
function checkClosings(folder: string, { verified }: Following, closings: ReadonlyMap<string, string>): void {
  const { hash, manifest } = verified;
  const closed = closings.get(closingKey(manifest.kind, manifest.sequence));
  if (closed !== undefined && closed !== hash)
    throw new Fault('series', { file: `${folder}${MANIFEST}` }, `has the hash ${hash}; the log has ${closed}`);
}

/** A bundle with the name by which its faults are told; '' where there is but one. */
export type NamedBundle = readonly [folder: string, files: BundleFiles];

async function inFolder<T>(folder: string, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    throw error instanceof Fault && folder !== '' ? error.inFolder(folder) : error;
  }
}

/** Verifies bundles of one county and kind that follow each other, in any order; one alone is a series of one. */
export const verifyBundles = (
  bundles: readonly NamedBundle[],
  { vkeys = [], witnesses = [], previous, salts = new Map() }: VerifyOptions = {},
): Promise<Verdict<readonly VerifiedBundle[]>> =>
  verdictOf(async () => {
    const trust: Trust = { vkeys, witnesses };
    const named = await Promise.all(
      bundles.map(async ([folder, files]) => ({
        folder,
        files,
        sequence: bundles.length === 1 ? 1 : await inFolder(folder, async () => (await readManifest(files)).manifest.sequence),
      })),
    );
    named.sort((a, b) => a.sequence - b.sequence);
    let before = previous === undefined ? undefined : await inFolder('the bundle before', () => beforeOf(previous, trust));
    let known: Known | undefined;
    const following: { readonly folder: string; readonly one: Following }[] = [];
    for (const { folder, files } of named) {
      const one = await inFolder(folder, () =>
        verifyOne(files, trust, before, (manifest) => {
          known ??= knownOf(manifest, salts);
          // What somebody asked for has no beginning of its own: its subjects are those of no other.
          if (manifest.kind !== 'day' && manifest.kind !== 'month')
            known = { ...knownOf(manifest, salts), closings: known.closings, met: known.met };
          return known;
        }),
      );
      following.push({ folder, one });
      before = one;
    }
    for (const { folder, one } of following) checkClosings(folder === '' ? '' : `${folder}/`, one, known?.closings ?? new Map());
    checkAllMet(salts, known?.met ?? new Set());
    return following.map(({ one }) => one.verified);
  });

/** Verifies one bundle. */
export async function verifyBundle(files: BundleFiles, options: VerifyOptions = {}): Promise<Verdict<VerifiedBundle>> {
  const verdict = await verifyBundles([['', files]], options);
  if (!verdict.ok) return verdict;
  const [summary] = verdict.summary;
  if (summary === undefined) throw new RangeError('one bundle has one verdict');
  return { ok: true, summary };
}
