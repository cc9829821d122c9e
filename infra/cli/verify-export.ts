/**
 * `npm run verify -- export FOLDER…`: whether a bundle, or a series of them, is the whole truth of its range of the county's log.
 * `npm run verify -- checkpoints A B FOLDER…`: whether the log only grew from one of two checkpoints to the other, by the tiles of bundles. A is
 * what a witness has cosigned where `--witness` says so.
 */
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { type BundleFiles, readWhole } from '../../shared/archive/bundle-files.ts';
import { openCheckpoint } from '../../shared/archive/checkpoint.ts';
import { VKEYS } from '../../shared/archive/layout.ts';
import { verifyCosignature } from '../../shared/archive/note.ts';
import { readSalts } from '../../shared/archive/salts.ts';
import { type VerifiedBundle, verifyBundles } from '../../shared/archive/verify-bundle.ts';
import { checkConsistency, type NamedCheckpoint, tilesIn } from '../../shared/archive/verify-checkpoints.ts';
import { MOST_NOTE } from '../../shared/archive/verify-log.ts';
import { COSIGNATURE, readVkey } from '../../shared/archive/vkey.ts';
import { Fault } from '../../shared/draw/fault.ts';
import { readFolder } from './read-folder.ts';

type Fail = (sentence: string) => never;

const OPTIONS = {
  vkey: { type: 'string', multiple: true },
  witness: { type: 'string', multiple: true },
  previous: { type: 'string' },
  salts: { type: 'string' },
} as const;

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function read(words: readonly string[], fail: Fail) {
  try {
    const { values, positionals } = parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true });
    const { vkey = [], witness = [], previous, salts } = values;
    for (const one of vkey) readVkey(one, undefined, '--vkey');
    for (const one of witness) readVkey(one, COSIGNATURE, '--witness');
    return { vkey, witness, previous, salts, positionals };
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

function printBundle({ manifest, root, signedBy, seen, commitments, opened }: VerifiedBundle, hasSalts: boolean): void {
  const { bundle, county, from, to, events, first, end, origin, treeSize } = manifest;
  const days = from === to ? from : `${from} to ${to}`;
  console.log(
    `${bundle} of ${county} (${days}): ${figure(events, 'event')} of [${first}, ${end}) in the log ${origin}, a tree of ${treeSize} with the root ${root}.`,
  );
  for (const vkey of signedBy) console.log(`  Signed by ${vkey}`);
  printSeen(seen);
  if (hasSalts) console.log(`  ${opened} of ${figure(commitments, 'commitment')} opened.`);
}

const UNTRUSTED =
  'Note: without --vkey the key was taken from the bundle itself, which proves nothing about who signed it. Take the key from the gazette or the county’s site.';

type Words = ReturnType<typeof read>;

async function verifyExport({ positionals, vkey, witness, previous, salts }: Words, { open }: Opener, fail: Fail) {
  if (positionals.length === 0) fail('Say a folder, or the folders of a series.');
  const bundles: (readonly [string, BundleFiles])[] = [];
  for (const place of positionals) bundles.push([positionals.length === 1 ? '' : place.replace(/\/+$/, ''), await open(place)]);
  const verdict = await verifyBundles(bundles, {
    vkeys: vkey,
    witnesses: witness,
    previous: previous === undefined ? undefined : await open(previous),
    salts: salts === undefined ? undefined : await readSalts(createReadStream(salts)),
  });
  if (!verdict.ok) return verdict.fault;
  for (const bundle of verdict.summary) printBundle(bundle, salts !== undefined);
  const last = verdict.summary.at(-1);
  console.log(
    `The manifest of ${last?.manifest.bundle} has the hash ${last?.hash}: compare it with the log, or with the next bundle.`,
  );
  if (vkey.length === 0) console.log(UNTRUSTED);
  const what =
    verdict.summary.length === 1
      ? 'the bundle is'
      : `the ${verdict.summary.length} bundles follow each other without a gap, and are`;
  console.log(`Yes: ${what} complete, and every event is in the signed log${vkey.length === 0 ? ', whoever signed it' : ''}.`);
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
  const named = async (file: string): Promise<NamedCheckpoint> => {
    const bytes = await readWhole({ found: () => [], open: () => createReadStream(file) }, file, MOST_NOTE);
    return { file, checkpoint: openCheckpoint(bytes, vkeys, file) };
  };
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

/** Says yes, or gives back what is wrong. What cannot be read is a call that was not understood. */
export async function verifyExports(what: string, words: readonly string[], fail: Fail): Promise<Fault | undefined> {
  const asked = read(words, fail);
  const folders = opener();
  let unread: string;
  try {
    return await (what === 'export' ? verifyExport(asked, folders, fail) : verifyCheckpoints(asked, folders, fail));
  } catch (error) {
    if (error instanceof Fault) return error;
    unread = sentenceOf(error);
  } finally {
    await folders.close();
  }
  return fail(`It cannot be read (${unread}).`);
}
