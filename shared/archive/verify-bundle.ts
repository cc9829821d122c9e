/**
 * Verifies an export: a bundle, or a series of them, is the whole truth of its places in the log, or the first thing that is not. Nothing is
 * believed but the keys that the verifier brings; lines are streamed, so that memory grows with files and subjects and not with events.
 */
import { hexOf, sha256 } from '../draw/bytes.ts';
import { Fault } from '../draw/fault.ts';
import type { Verdict } from '../draw/verify-draw.ts';
import { type BundleFiles, readWhole } from './bundle-files.ts';
import { CHECKPOINT, MANIFEST } from './layout.ts';
import type { Manifest } from './manifest.ts';
import { checkAllMet, type Salts } from './salts.ts';
import { checkTimestamps } from './timestamp.ts';
import { checkEvents, type Known, knownOf } from './verify-events.ts';
import { closingKey, type LogFacts, noFacts, signsAt } from './verify-facts.ts';
import { checkHead, type KnownHead, type KnownLog } from './verify-heads.ts';
import { checkHeads, checkPrevious, checkTiles, MOST_NOTE, type Trust } from './verify-log.ts';
import { type BundleBefore, checkChain, checkManifest, readManifest } from './verify-manifest.ts';
import { checkSums } from './verify-sums.ts';

export interface VerifyOptions extends Partial<Trust> {
  /** The bundle before the first, which is not verified itself. */
  readonly previous?: BundleFiles | undefined;
  readonly salts?: Salts | undefined;
  /** Bundles in which the log has the manifests of those that are verified: they are verified as well, each by itself. */
  readonly closedBy?: readonly NamedBundle[];
  /** What the log is said to have been, by others. */
  readonly heads?: readonly KnownHead[];
}

/** What a verified bundle says. */
export interface VerifiedBundle {
  readonly manifest: Manifest;
  readonly hash: string;
  readonly root: string;
  readonly signedBy: readonly string[];
  /** Keys that were not given and that alone signed the checkpoint before. */
  readonly strangers: readonly string[];
  /** The first and the last day of its events by server time, whatever the manifest says. */
  readonly dated: readonly [string, string] | undefined;
  /** Whether its closing, with the hash of its manifest, is among the events that were verified. */
  readonly isLogged: boolean;
  /** When the witnesses saw its head, in seconds since 1970. */
  readonly seen: readonly number[];
  readonly commitments: number;
  readonly opened: number;
}

interface Following extends BundleBefore, KnownLog {
  readonly verified: Omit<VerifiedBundle, 'isLogged'>;
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
  const checked = await checkEvents({ files, manifest, log, tree, known: known(manifest) });
  const { checkpoint, seen, strangers } = log;
  const { root, signedBy } = checkpoint;
  const verified = { manifest, hash, root: hexOf(root), signedBy, strangers, seen, ...checked };
  return { ...read, note: log.note, head: checkpoint, tree, verified };
}

/**
 * What the next bundle has to go on from. Who signed it is not asked again, as the key may be retired since: it was when that bundle was verified,
 * and its manifest has the hash of the checkpoint.
 */
async function beforeOf(files: BundleFiles): Promise<BundleBefore> {
  const read = await readManifest(files);
  const note = await readWhole(files, CHECKPOINT, MOST_NOTE);
  if (!read.manifest.files.some((file) => file.path === CHECKPOINT && file.sha256 === sha256(note)))
    throw new Fault('changed-file', { file: CHECKPOINT }, `is not as ${MANIFEST} has it`);
  return { ...read, note };
}

async function verdictOf<Summary>(check: () => Promise<Summary>): Promise<Verdict<Summary>> {
  try {
    return { ok: true, summary: await check() };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, fault: error };
    throw error;
  }
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

interface NamedFollowing {
  readonly folder: string;
  readonly one: Following;
}

/** Bundles that follow each other, in the order of their sequences. What their events say of the log is added to `facts`. */
async function verifySeries(
  bundles: readonly NamedBundle[],
  { trust, previous, salts, facts }: { trust: Trust; previous?: BundleFiles | undefined; salts: Salts; facts: LogFacts },
): Promise<readonly NamedFollowing[]> {
  const named = await Promise.all(
    bundles.map(async ([folder, files]) => ({
      folder,
      files,
      sequence: bundles.length === 1 ? 1 : await inFolder(folder, async () => (await readManifest(files)).manifest.sequence),
    })),
  );
  named.sort((a, b) => a.sequence - b.sequence);
  let before = previous === undefined ? undefined : await inFolder('the bundle before', () => beforeOf(previous));
  let known: Known | undefined;
  const following: NamedFollowing[] = [];
  for (const { folder, files } of named) {
    const one = await inFolder(folder, () =>
      verifyOne(files, trust, before, (manifest) => {
        known ??= knownOf(manifest, salts, facts);
        // What somebody asked for has no beginning of its own: its subjects are those of no other.
        if (manifest.kind !== 'day' && manifest.kind !== 'month') known = { ...knownOf(manifest, salts, facts), met: known.met };
        return known;
      }),
    );
    following.push({ folder, one });
    before = one;
  }
  checkAllMet(salts, known?.met ?? new Set());
  return following;
}

/** Whether the log has the manifest of a bundle as it is, and gives its head to the keys that signed it. Says whether it has it at all. */
function checkLogged({ folder, one: { verified } }: NamedFollowing, facts: LogFacts): boolean {
  const { hash, manifest, signedBy } = verified;
  const at = folder === '' ? '' : `${folder}/`;
  const closed = facts.closings.get(closingKey(manifest.kind, manifest.sequence));
  if (closed !== undefined && closed !== hash)
    throw new Fault('series', { file: `${at}${MANIFEST}` }, `has the hash ${hash}; the log has ${closed}`);
  if (!signedBy.some((vkey) => signsAt(facts, vkey, manifest.treeSize)))
    throw new Fault(
      'signature',
      { file: `${at}${CHECKPOINT}` },
      `is of ${manifest.treeSize} events, and signed by keys alone that by the log itself sign no such size: ${signedBy.join(', ')}`,
    );
  return closed !== undefined;
}

/** Whether a bundle is one of the same log as another. */
function checkSameLog({ folder, one }: NamedFollowing, other: Following | undefined): void {
  for (const place of ['county', 'origin'] as const)
    if (one.manifest[place] !== other?.manifest[place])
      throw new Fault(
        'series',
        { file: `${folder}/${MANIFEST}`, place },
        `is ${one.manifest[place]}, not ${other?.manifest[place]}`,
      );
}

/** Verifies bundles of one county and kind that follow each other, in any order; one alone is a series of one. */
export const verifyBundles = (
  bundles: readonly NamedBundle[],
  { vkeys = [], witnesses = [], previous, salts = new Map(), closedBy = [], heads = [] }: VerifyOptions = {},
): Promise<Verdict<readonly VerifiedBundle[]>> =>
  verdictOf(async () => {
    const facts = noFacts();
    const series = await verifySeries(bundles, { trust: { vkeys, witnesses }, previous, salts, facts });
    const closers: NamedFollowing[] = [];
    for (const one of closedBy)
      closers.push(...(await verifySeries([one], { trust: { vkeys, witnesses: [] }, salts: new Map(), facts })));
    for (const closer of closers) {
      checkSameLog(closer, series[0]?.one);
      checkLogged(closer, facts);
    }
    const verified = series.map((each) => ({ ...each.one.verified, isLogged: checkLogged(each, facts) }));
    const unlogged = closers.length > 0 ? verified.find(({ isLogged }) => !isLogged) : undefined;
    if (unlogged !== undefined)
      throw new Fault(
        'series',
        { file: MANIFEST },
        `of ${unlogged.manifest.bundle} is in none of the bundles that are to hold it`,
      );
    for (const head of heads)
      await checkHead(
        head,
        [...series, ...closers].map(({ one }) => one),
      );
    return verified;
  });

/** Verifies one bundle. */
export async function verifyBundle(files: BundleFiles, options: VerifyOptions = {}): Promise<Verdict<VerifiedBundle>> {
  const verdict = await verifyBundles([['', files]], options);
  if (!verdict.ok) return verdict;
  const [summary] = verdict.summary;
  if (summary === undefined) throw new RangeError('one bundle has one verdict');
  return { ok: true, summary };
}
