/** Steps 2 and 3: whether the manifest has its form, agrees with itself and names the files, and follows the one before. */
import { type Day, dayOf, instant, periodAt, plusDays, startOfDay, windowOf } from '../domain/calendar.ts';
import { type ExportKind, PERIODIC_KINDS } from '../domain/export.ts';
import { sha256 } from '../draw/bytes.ts';
import { readJson } from '../draw/canonical-json.ts';
import { Fault } from '../draw/fault.ts';
import { isDay } from '../draw/values.ts';
import { type BundleFiles, type FileSum, readWhole } from './bundle-files.ts';
import { CHECKPOINT, isProofPath, isTilePath, MANIFEST, PREVIOUS_CHECKPOINT, roleOf, VKEYS } from './layout.ts';
import { type Manifest, manifestSchema, NO_PREVIOUS } from './manifest.ts';
import { MOST_LIST } from './verify-sums.ts';

/** Every event of a range of the log. */
const COMPLETE: readonly ExportKind[] = ['day', 'month', 'range'];

export const isPeriodic = ({ kind }: Manifest): boolean => PERIODIC_KINDS.some((each) => each === kind);
const fault = (place: string, what: string, code: 'form' | 'series' = 'form'): Fault =>
  new Fault(code, { file: MANIFEST, place }, what);

/** A day by its text, which is one. */
export const dayNamed = (text: string): Day => dayOf(instant(`${text}T00:00:00Z`));
export const dayAfter = (day: Day): Day => dayOf(plusDays(startOfDay(day), 1));

function isWholeMonth({ from, to }: Manifest): boolean {
  const month = windowOf('month', periodAt('month', startOfDay(dayNamed(from))));
  return from === dayOf(month.from) && dayAfter(dayNamed(to)) === dayOf(month.until);
}

const SEQUENCE_DIGITS = 6;

function checkForm(manifest: Manifest): void {
  const { bundle, county, kind, from, to, first, end, complete, events, origin, treeSize, sequence, previous } = manifest;
  if (!bundle.startsWith(`${kind}-`)) throw fault('bundle', `${bundle} is not the name of a ${kind} bundle`);
  for (const [place, day] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (!isDay(day)) throw fault(place, `${day} is not a real day`);
  if (from > to) throw fault('to', `is ${to}, before ${from}`);
  if (kind === 'day' && from !== to) throw fault('to', `is ${to} in a bundle of the day ${from}`);
  if (kind === 'month' && !isWholeMonth(manifest)) throw fault('to', `is ${to}: ${from} to ${to} is no month`);
  if (complete !== COMPLETE.includes(kind)) throw fault('complete', `is ${complete} for a ${kind}`);
  if (first > end || end > treeSize) throw fault('end', `is ${end}, for a range from ${first} in a tree of ${treeSize}`);
  const isNumber = complete ? events === end - first : events > 0 && events <= end - first;
  if (!isNumber) throw fault('events', `is ${events} for the range from ${first} to before ${end}`);
  if (!origin.endsWith(`/${county}`)) throw fault('origin', `${origin} is not a log of ${county}`);
  if ((sequence === 1) !== (previous === NO_PREVIOUS)) throw fault('previous', `is ${previous} for number ${sequence}`);
  if (!isPeriodic(manifest)) return;
  const name = `${kind}-${String(sequence).padStart(SEQUENCE_DIGITS, '0')}`;
  if (bundle !== name) throw fault('bundle', `is ${bundle}, where number ${sequence} is ${name}`);
  if (sequence === 1 && first !== 0) throw fault('first', `is ${first}: the first ${kind} begins with the log, at 0`);
}

function checkFiles(manifest: Manifest, found: ReadonlyMap<string, FileSum>): void {
  let before = '';
  for (const [at, file] of manifest.files.entries()) {
    const place = `files[${at}]`;
    if (file.path <= before) throw fault(place, `${file.path} is not after ${before}`);
    before = file.path;
    const sum = found.get(file.path);
    if (sum === undefined || file.path === MANIFEST)
      throw new Fault('missing-file', { file: file.path }, `is named by ${MANIFEST} but missing`);
    if (sum.sha256 !== file.sha256 || sum.bytes !== file.bytes)
      throw new Fault('changed-file', { file: file.path }, `is not as ${MANIFEST} has it (${file.bytes} bytes, ${file.sha256})`);
    const role = roleOf(file.path);
    if (role === undefined) throw new Fault('unknown-file', { file: file.path }, 'does not belong into a bundle');
    if (role !== file.role) throw fault(`${place}.role`, `is ${file.role} for ${file.path}, whose role is ${role}`);
  }
  const named = new Set(manifest.files.map(({ path }) => path));
  for (const path of found.keys())
    if (path !== MANIFEST && !named.has(path)) throw new Fault('unknown-file', { file: path }, `is not named by ${MANIFEST}`);
  for (const path of [CHECKPOINT, VKEYS]) if (!named.has(path)) throw new Fault('missing-file', { file: path }, 'is missing');
  const hasPrevious = named.has(PREVIOUS_CHECKPOINT);
  if (hasPrevious && manifest.sequence === 1)
    throw new Fault('unknown-file', { file: PREVIOUS_CHECKPOINT }, 'does not belong into the first bundle of its kind');
  if (!hasPrevious && manifest.sequence > 1 && isPeriodic(manifest))
    throw new Fault('missing-file', { file: PREVIOUS_CHECKPOINT }, 'is missing');
  const ofComplete = manifest.complete ? undefined : [...named].find((path) => path === PREVIOUS_CHECKPOINT || isTilePath(path));
  if (ofComplete !== undefined) throw new Fault('unknown-file', { file: ofComplete }, 'belongs into a complete bundle');
  const proofs = manifest.files.filter(({ path }) => isProofPath(path)).length;
  const expected = manifest.complete ? 0 : manifest.events;
  if (proofs !== expected) throw fault('files', `has ${proofs} proofs, where ${expected} belong`);
}

/** A manifest, and the hash by which the next one and the log know it. */
export interface ReadManifest {
  readonly manifest: Manifest;
  readonly hash: string;
}

/** The manifest by itself, its form read. */
export async function readManifest(files: BundleFiles): Promise<ReadManifest> {
  const bytes = await readWhole(files, MANIFEST, MOST_LIST);
  return { manifest: readJson(manifestSchema, bytes, MANIFEST), hash: sha256(bytes) };
}

/** The manifest, which has to be about these files. */
export async function checkManifest(files: BundleFiles, found: ReadonlyMap<string, FileSum>): Promise<ReadManifest> {
  if (!found.has(MANIFEST)) throw new Fault('missing-file', { file: MANIFEST }, 'is missing');
  const read = await readManifest(files);
  checkForm(read.manifest);
  checkFiles(read.manifest, found);
  return read;
}

/** The bundle before: what of it the next one has to go on from. */
export interface BundleBefore extends ReadManifest {
  /** Its checkpoint, byte for byte. */
  readonly note: Uint8Array;
}

/** Whether a bundle goes on from the one before, of the same county and kind. */
export function checkChain({ manifest }: ReadManifest, before: BundleBefore): void {
  const refuse = (place: string, what: string): never => {
    throw fault(place, what, 'series');
  };
  for (const place of ['county', 'kind', 'origin'] as const)
    if (manifest[place] !== before.manifest[place])
      refuse(place, `is ${manifest[place]}; the bundle before has ${before.manifest[place]}`);
  if (manifest.sequence !== before.manifest.sequence + 1)
    refuse('sequence', `is ${manifest.sequence}; the bundle before is number ${before.manifest.sequence}`);
  if (manifest.previous !== before.hash)
    refuse('previous', `is ${manifest.previous}; the manifest before has the hash ${before.hash}`);
  if (!isPeriodic(manifest)) return;
  if (manifest.first !== before.manifest.end)
    refuse('first', `is ${manifest.first}; the bundle before ends at ${before.manifest.end}`);
  if (!isDay(before.manifest.to) || manifest.from !== dayAfter(dayNamed(before.manifest.to)))
    refuse('from', `is ${manifest.from}; the bundle before is about days until ${before.manifest.to}`);
  if (manifest.treeSize < before.manifest.treeSize)
    refuse('treeSize', `is ${manifest.treeSize}; the bundle before has a tree of ${before.manifest.treeSize}`);
}
