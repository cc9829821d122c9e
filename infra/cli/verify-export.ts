/**
 * `npm run verify -- export FOLDER…`: whether a bundle, or a series of them, is the whole truth of its places in the county's log; with
 * `--closed-by` also that the log has its manifest, with `--checkpoint` and `--root` that it is the log that others saw.
 * `npm run verify -- state FOLDER…`: whether the state of days and months, the form and the exchange tables are what the events lead to.
 * `npm run verify -- checkpoints A B FOLDER…`: whether the log only grew from one of two checkpoints to the other, by the tiles of bundles. A is
 * what a witness has cosigned where `--witness` says so.
 */
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { type BundleFiles, readWhole } from '../../shared/archive/bundle-files.ts';
import { openCheckpoint, type SignedCheckpoint } from '../../shared/archive/checkpoint.ts';
import { PREVIOUS_CHECKPOINT, VKEYS } from '../../shared/archive/layout.ts';
import { verifyCosignature } from '../../shared/archive/note.ts';
import { readSalts } from '../../shared/archive/salts.ts';
import { type NamedBundle, type VerifiedBundle, verifyBundles } from '../../shared/archive/verify-bundle.ts';
import { checkConsistency, type NamedCheckpoint, tilesIn } from '../../shared/archive/verify-checkpoints.ts';
import type { KnownHead } from '../../shared/archive/verify-heads.ts';
import { MOST_NOTE } from '../../shared/archive/verify-log.ts';
import { readManifest } from '../../shared/archive/verify-manifest.ts';
import { COSIGNATURE, readVkey } from '../../shared/archive/vkey.ts';
import { PERIODIC_KINDS } from '../../shared/domain/export.ts';
import { Fault } from '../../shared/draw/fault.ts';
import { readFolder } from './read-folder.ts';
import { type StatedBundle, verifyStates } from './verify-state.ts';

type Fail = (sentence: string) => never;

const OPTIONS = {
  vkey: { type: 'string', multiple: true },
  witness: { type: 'string', multiple: true },
  previous: { type: 'string' },
  salts: { type: 'string' },
  'closed-by': { type: 'string', multiple: true },
  checkpoint: { type: 'string', multiple: true },
  root: { type: 'string', multiple: true },
} as const;

const ROOT = /^(0|[1-9]\d{0,15}):([0-9a-f]{64})$/;

function rootOf(text: string): KnownHead {
  const [, size, root] = ROOT.exec(text) ?? [];
  if (size === undefined || root === undefined) throw new RangeError(`${JSON.stringify(text)} is not SIZE:HEX`);
  return { file: `the root of ${size}`, size: Number(size), root: Buffer.from(root, 'hex') };
}

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function read(words: readonly string[], fail: Fail) {
  try {
    const { values, positionals } = parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
    const { vkey = [], witness = [], previous, salts, 'closed-by': closedBy = [], checkpoint = [], root = [] } = values;
    for (const one of vkey) readVkey(one, undefined, '--vkey');
    for (const one of witness) readVkey(one, COSIGNATURE, '--witness');
    return { vkey, witness, previous, salts, closedBy, checkpoint, roots: root.map(rootOf), positionals };
  } catch (error) {
    return fail(sentenceOf(error));
  }
}

/** The folders as they are, those that lie in S3 fetched, and what takes the fetched ones away again. */
function opener() {
  const fetched: string[] = [];
  return {
    async open(place: string): Promise<BundleFiles> {
      if (!place.startsWith('s3://')) return readFolder(place);
      const folder = await (await import('./fetch-bundle.ts')).fetchBundle(place, (made) => fetched.push(made));
      return readFolder(folder);
    },
    close: () => Promise.all(fetched.map((folder) => rm(folder, { recursive: true, force: true }))),
  };
}
type Opener = ReturnType<typeof opener>;

const figure = (count: number, thing: string): string => `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`;

function printSeen(seen: readonly number[]): void {
  for (const seconds of seen) console.log(`  Seen by a witness at ${new Date(seconds * 1000).toISOString()}`);
}

function printBundle(verified: VerifiedBundle, hasSalts: boolean): void {
  const { manifest, hash, root, signedBy, strangers, dated, isLogged, seen, commitments, opened } = verified;
  const { bundle, county, from, to, events, first, end, origin, treeSize, complete } = manifest;
  const days = (one: string, other: string): string => (one === other ? one : `${one} to ${other}`);
  console.log(
    `${bundle} of ${county} (as it says, ${days(from, to)}): ${figure(events, 'event')} (${dated === undefined ? 'none' : `dated ${days(...dated)}`}), at [${first}, ${end}) of the log ${origin}, in a tree of ${treeSize} with the root ${root}.`,
  );
  if (complete && treeSize > end) console.log(`  ${figure(treeSize - end, 'sealed event')} after its end are not shown.`);
  console.log(
    `  Its manifest has the SHA-256 ${hash}; ${isLogged ? 'the log has it, too' : 'whether the log has it, the bundle of the day after it was closed shows (--closed-by)'}.`,
  );
  for (const vkey of signedBy) console.log(`  Signed by ${vkey}`);
  for (const vkey of strangers)
    console.log(
      `  ${PREVIOUS_CHECKPOINT} is signed by ${vkey}, which was not given: its root is that of the tree, whoever signed it.`,
    );
  printSeen(seen);
  if (hasSalts) console.log(`  ${opened} of ${figure(commitments, 'commitment')} opened.`);
}

const UNTRUSTED =
  'Note: without --vkey the key was taken from the bundle itself, which proves nothing about who signed it. Take the key from the gazette or the county’s site.';

type Words = ReturnType<typeof read>;

/** A checkpoint that lies in a file of its own. */
async function checkpointIn(file: string, vkeys: readonly string[]): Promise<SignedCheckpoint> {
  const bytes = await readWhole({ found: () => [], open: () => createReadStream(file) }, file, MOST_NOTE);
  return openCheckpoint(bytes, vkeys, file);
}

const PLACES = 'Complete in places of the log, not in days: what was sealed later, or after the end, is not in it.';
const PARTIAL = 'It cannot show whether these are all events that it is about: only complete bundles (day, month, range) can.';

/** What was proved, and what not. */
function verdictOf(bundles: readonly VerifiedBundle[], isTrusted: boolean): string {
  const whom = isTrusted ? '' : ', whoever signed it';
  if (bundles[0]?.manifest.complete !== true)
    return `${PARTIAL}\nYes: each event is in the signed log, unchanged, by a proof of its own${whom}.`;
  const what = bundles.length === 1 ? '' : `the ${bundles.length} bundles follow each other without a gap, `;
  return `${PLACES}\nYes: ${what}every event is in the signed log, unchanged, and no place within is left out${whom}.`;
}

async function verifyExport(words: Words, { open }: Opener, fail: Fail) {
  const { positionals, vkey, witness, previous, salts, closedBy, checkpoint, roots } = words;
  if (positionals.length === 0) fail('Say a folder, or the folders of a series.');
  const named = async (place: string): Promise<NamedBundle> => [place.replace(/\/+$/, ''), await open(place)];
  const bundles: NamedBundle[] = [];
  for (const place of positionals) bundles.push(positionals.length === 1 ? ['', await open(place)] : await named(place));
  const closers: NamedBundle[] = [];
  for (const place of closedBy) closers.push(await named(place));
  const heads = [...roots];
  if (checkpoint.length > 0) {
    const vkeys = vkey.length > 0 ? vkey : await keysOf([...bundles, ...closers].map(([, files]) => files));
    for (const file of checkpoint) heads.push({ file, ...(await checkpointIn(file, vkeys)) });
  }
  const verdict = await verifyBundles(bundles, {
    vkeys: vkey,
    witnesses: witness,
    previous: previous === undefined ? undefined : await open(previous),
    salts: salts === undefined ? undefined : await readSalts(createReadStream(salts)),
    closedBy: closers,
    heads,
  });
  if (!verdict.ok) return verdict.fault;
  for (const bundle of verdict.summary) printBundle(bundle, salts !== undefined);
  for (const { file } of heads) console.log(`${file}: the log had this root.`);
  if (vkey.length === 0) console.log(UNTRUSTED);
  console.log(verdictOf(verdict.summary, vkey.length > 0));
  return undefined;
}

async function keysOf(folders: readonly BundleFiles[]): Promise<readonly string[]> {
  const keys = new Set<string>();
  for (const files of folders)
    for (const line of Buffer.from(await readWhole(files, VKEYS, MOST_NOTE))
      .toString()
      .split('\n'))
      if (line !== '') keys.add(line);
  return [...keys];
}

async function verifyCheckpoints({ positionals, vkey, witness }: Words, { open }: Opener, fail: Fail): Promise<undefined> {
  const [one, other, ...places] = positionals;
  if (one === undefined || other === undefined || places.length === 0)
    return fail('Say two checkpoints, and folders with tiles.');
  const folders: BundleFiles[] = [];
  for (const place of places) folders.push(await open(place));
  const vkeys = vkey.length > 0 ? vkey : await keysOf(folders);
  const named = async (file: string): Promise<NamedCheckpoint> => ({ file, checkpoint: await checkpointIn(file, vkeys) });
  const [a, b] = [await named(one), await named(other)];
  const seen = witness.map((one) => verifyCosignature(a.checkpoint.note, one, a.file));
  await checkConsistency(a, b, await tilesIn(folders));
  if (vkey.length === 0) console.log(UNTRUSTED);
  printSeen(seen);
  const sizes = [a.checkpoint.size, b.checkpoint.size].sort((x, y) => x - y).map((size) => size.toLocaleString('en'));
  console.log(
    `Yes: the log ${a.checkpoint.origin} only grew, from ${sizes[0]} to ${sizes[1]} events (${basename(one)}, ${basename(other)}).`,
  );
  return undefined;
}

/** Verifies the bundles of days, those of months, and then what is computed from their events. */
async function verifyStated({ positionals, vkey, witness }: Words, { open }: Opener, fail: Fail) {
  if (positionals.length === 0) fail('Say the folders of every day from the first on, and of months.');
  const stated: StatedBundle[] = [];
  for (const place of positionals) {
    const files = await open(place);
    stated.push({ folder: place.replace(/\/+$/, ''), files, manifest: (await readManifest(files)).manifest });
  }
  for (const kind of PERIODIC_KINDS) {
    const series = stated.filter(({ manifest }) => manifest.kind === kind).map(({ folder, files }) => [folder, files] as const);
    const verdict = await verifyBundles(series, { vkeys: vkey, witnesses: witness });
    if (!verdict.ok) return verdict.fault;
  }
  const held = await verifyStates(stated);
  if (vkey.length === 0) console.log(UNTRUSTED);
  console.log(
    `Yes: the state of ${figure(held, 'bundle')} is what the events lead to, and so are their exchange tables and the form of each month.`,
  );
  return undefined;
}

/** Says yes, or gives back what is wrong. What cannot be read is a call that was not understood. */
export async function verifyExports(what: string, words: readonly string[], fail: Fail): Promise<Fault | undefined> {
  const asked = read(words, fail);
  const folders = opener();
  let unread: string;
  try {
    if (what === 'state') return await verifyStated(asked, folders, fail);
    return await (what === 'export' ? verifyExport(asked, folders, fail) : verifyCheckpoints(asked, folders, fail));
  } catch (error) {
    if (error instanceof Fault) return error;
    unread = sentenceOf(error);
  } finally {
    await folders.close();
  }
  return fail(`It cannot be read (${unread}).`);
}
