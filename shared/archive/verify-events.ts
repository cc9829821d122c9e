/** Steps 7 to 11: every line is canonical, in its file and in the tree, and none is missing, double, or without what it names. */
import { type Instant, plusMs, startOfDay } from '../domain/calendar.ts';
import { sha256 } from '../draw/bytes.ts';
import type { Json } from '../draw/canonical-json.ts';
import { Fault } from '../draw/fault.ts';
import { type BundleFiles, linesOf, readWhole } from './bundle-files.ts';
import { MOST_ENTRY_BYTES } from './entry.ts';
import { type EvidenceLine, evidenceOf } from './evidence.ts';
import { gunzip } from './gunzip.ts';
import { CHECKPOINT, type EventsFile, eventsFileOf, largeOf, MANIFEST } from './layout.ts';
import { largeDataOf, type ReadEvent, readCanonical, readEvent } from './logged-line.ts';
import { type Manifest, SLICE } from './manifest.ts';
import { type Hash, isSameHash, leafHash } from './merkle.ts';
import { largePath, proofPath } from './paths.ts';
import { provesInclusion, readProof } from './proof.ts';
import { checkCommitments, commitmentsIn, type Salts } from './salts.ts';
import type { Tree } from './tree.ts';
import { readEvidence } from './verify-evidence.ts';
import { addFact, closingKey, type LogFacts, noFacts } from './verify-facts.ts';
import { MOST_NOTE, type VerifiedLog } from './verify-log.ts';
import { dayAfter, dayNamed } from './verify-manifest.ts';

/** An import of a whole register is what is largest; what is not held by memory is no event. */
export const MOST_LARGE = 256 * 1024 * 1024;

/** What bundles that follow each other are about together. */
export interface Known {
  /** The last sequence of each subject. */
  readonly last: Map<string, number>;
  /** Whether a subject that was not met before has to begin with its first event. */
  readonly isFromFirst: boolean;
  readonly facts: LogFacts;
  readonly salts: Salts;
  /** The ids of events whose salts were met. */
  readonly met: Set<string>;
}

export const knownOf = (manifest: Manifest, salts: Salts, facts = noFacts()): Known => ({
  last: new Map(),
  isFromFirst: manifest.complete && manifest.first === 0,
  facts,
  salts,
  met: new Set(),
});

export interface CheckedEvents {
  /** The first and the last day of its events by server time, whatever the manifest says. */
  readonly dated: readonly [string, string] | undefined;
  readonly commitments: number;
  /** Of these, so many were opened by a salt. */
  readonly opened: number;
}

interface Verifying {
  readonly files: BundleFiles;
  readonly manifest: Manifest;
  /** Of the manifest's files. */
  readonly paths: ReadonlySet<string>;
  readonly log: VerifiedLog;
  /** Absent where single proofs take its place. */
  readonly tree: Tree | undefined;
  readonly known: Known;
}

/** What is kept of an event until its slice is read. */
interface Met {
  readonly index: number;
  readonly subject: string;
  readonly sequence: number;
  readonly evidence: readonly EvidenceLine[];
  readonly file: string;
  readonly place: string;
}

/** The files of each slice: none is left out, and all are of the county. */
function slicesOf({ files, county }: Manifest): readonly (readonly EventsFile[])[] {
  const slices = new Map<number, EventsFile[]>();
  for (const { path } of files) {
    const file = eventsFileOf(path);
    if (file === undefined) continue;
    if (file.county !== county) throw new Fault('unknown-file', { file: path }, `is of another county than ${county}`);
    slices.set(file.slice, [...(slices.get(file.slice) ?? []), file]);
  }
  return Array.from({ length: slices.size }, (_, at) => {
    const slice = slices.get(at);
    if (slice === undefined)
      throw new Fault('missing-file', { file: MANIFEST, place: 'files' }, `slice ${at} of the events is missing`);
    return slice;
  });
}

/** Whether the leaf of a line is in the tree, by the tiles or by a proof of its own. */
async function checkLeaf(
  { files, paths, log, tree, manifest }: Verifying,
  index: number,
  leaf: Hash,
  file: string,
  place: string,
) {
  if (manifest.complete) {
    if (tree !== undefined && isSameHash(await tree.leaf(index), leaf)) return;
    throw new Fault('tree', { file, place }, `is not what was sealed at index ${index}`);
  }
  const path = proofPath(index);
  if (!paths.has(path)) throw new Fault('missing-file', { file: path }, 'is missing');
  const proof = readProof(await readWhole(files, path, 2 * MOST_NOTE), path);
  if (proof.index !== index) throw new Fault('tree', { file: path }, `is about index ${proof.index}`);
  if (proof.checkpoint !== Buffer.from(log.note).toString())
    throw new Fault('tree', { file: path }, `has not the checkpoint of ${CHECKPOINT}`);
  const { size, root } = log.checkpoint;
  if (!provesInclusion(index, size, leaf, proof.path, root))
    throw new Fault('tree', { file: path }, `does not lead from ${file}, ${place}, to the signed root`);
}

/** The data of an event, whole: where it was too long for its entry it lies beside it. */
async function wholeData({ files, paths }: Verifying, event: ReadEvent, file: string, place: string): Promise<Json> {
  const large = largeDataOf(event);
  if (large === undefined) return event.data;
  const path = largePath(large.sha256);
  if (!paths.has(path)) throw new Fault('missing-file', { file: path }, `is missing, which ${file}, ${place}, names`);
  const bytes = await readWhole(files, path, MOST_LARGE);
  if (bytes.length !== large.bytes || sha256(bytes) !== large.sha256)
    throw new Fault('changed-file', { file: path }, `is not what ${file}, ${place}, names`);
  return readCanonical(bytes, path);
}

/** Whether the log has the same manifest for the bundle before. */
function checkClosing({ manifest, known }: Verifying, event: ReadEvent, file: string, place: string): void {
  addFact(known.facts, event);
  const { kind, sequence, previous } = manifest;
  const hash = known.facts.closings.get(closingKey(kind, sequence - 1)) ?? previous;
  if (hash !== previous)
    throw new Fault('series', { file: MANIFEST, place: 'previous' }, `is ${previous}; the log has ${hash} (${file}, ${place})`);
}

const MINUTE_MS = 60_000;
/** A day ends in the log at the first event from an instant on that lies so long after its midnight. */
const [SOONEST_MS, LATEST_MS] = [15 * MINUTE_MS, 60 * MINUTE_MS];

interface Bounds {
  /** The last event of a complete bundle is of before then. Ahead of it may be one that a wrong clock has dated: it ended no day. */
  readonly latest: Instant;
  /** The first is not earlier, where the checkpoint before shows that the bundle before was cut there. */
  readonly soonest: Instant | undefined;
}

function boundsOf({ manifest, log }: Verifying): Bounds {
  const { kind, from, to, first } = manifest;
  const isCut = kind === 'day' && log.previous !== undefined && log.previous.size > first;
  return {
    latest: plusMs(startOfDay(dayAfter(dayNamed(to))), LATEST_MS),
    soonest: isCut ? plusMs(startOfDay(dayNamed(from)), SOONEST_MS) : undefined,
  };
}

/** Whether an event may be one of the days of its bundle. */
function checkDate(
  { complete, first, end }: Manifest,
  { latest, soonest }: Bounds,
  { at, index }: ReadEvent,
  file: string,
  place: string,
) {
  if (!complete) return;
  if (index === end - 1 && at >= latest) throw new Fault('order', { file, place }, `is of ${at}, after the days of the bundle`);
  if (index === first && soonest !== undefined && at < soonest)
    throw new Fault('order', { file, place }, `is of ${at}, before the day of the bundle`);
}

/** Whether the indexes of a slice go on, and the sequences of its subjects. Gives the index that comes next. */
function checkOrder({ manifest, known }: Verifying, met: readonly Met[], next: number): number {
  let expected = next;
  for (const { index, subject, sequence, file, place } of met) {
    const refuse = (what: string): never => {
      throw new Fault('order', { file, place }, what);
    };
    if (index < expected) refuse(`has index ${index}, which stands before already`);
    if (manifest.complete && index > expected) refuse(`has index ${index}, where ${expected} is missing`);
    expected = index + 1;
    const last = known.last.get(subject) ?? (known.isFromFirst ? 0 : sequence - 1);
    // What belongs to an enterprise may be some of the events of a subject that is about others, too.
    if (manifest.complete ? sequence !== last + 1 : sequence <= last)
      refuse(`is number ${sequence} of ${subject}, after number ${last}`);
    known.last.set(subject, sequence);
  }
  return expected;
}

/** Every event of a bundle. One slice at a time is kept, and of its events the places alone. */
export async function checkEvents(of: Omit<Verifying, 'paths'>): Promise<CheckedEvents> {
  const { files, manifest, known } = of;
  const verifying: Verifying = { ...of, paths: new Set(manifest.files.map(({ path }) => path)) };
  const named = new Set<string>();
  const evidence = readEvidence(files, manifest);
  const count = { events: 0, commitments: 0, opened: 0 };
  const bounds = boundsOf(verifying);
  let [earliest, latest] = ['', ''];

  async function checkLine(line: Uint8Array, file: EventsFile, at: number): Promise<Met> {
    const { path } = file;
    const place = `line ${at}`;
    const event = readEvent(line, file, at);
    const { index, subject, sequence, id } = event;
    if (index < manifest.first || index >= manifest.end)
      throw new Fault(
        'order',
        { file: path, place },
        `has index ${index}, outside of the range from ${manifest.first} to before ${manifest.end}`,
      );
    checkDate(manifest, bounds, event, path, place);
    await checkLeaf(verifying, index, leafHash(line), path, place);
    checkClosing(verifying, event, path, place);
    if (earliest === '' || file.date < earliest) earliest = file.date;
    if (file.date > latest) latest = file.date;
    const data = await wholeData(verifying, event, path, place);
    if (data !== event.data) named.add(largeDataOf(event)?.sha256 ?? '');
    const salts = known.salts.get(id);
    if (known.salts.size > 0) count.commitments += commitmentsIn(data);
    if (salts !== undefined) {
      checkCommitments({ ...event, data }, salts, path, place);
      known.met.add(id);
      count.opened += salts.length;
    }
    return { index, subject, sequence, evidence: evidenceOf({ index, data }), file: path, place };
  }

  async function readFile(file: EventsFile, slice: Met[]): Promise<void> {
    let [at, before] = [0, -1];
    for await (const line of linesOf(gunzip(files.open(file.path), file.path), file.path, MOST_ENTRY_BYTES)) {
      at += 1;
      const met = await checkLine(line, file, at);
      if (met.index <= before)
        throw new Fault('order', { file: file.path, place: met.place }, `has index ${met.index}, after ${before}`);
      before = met.index;
      slice.push(met);
      if (slice.length > SLICE)
        throw new Fault('form', { file: file.path, place: met.place }, `is more than ${SLICE} events of a slice`);
    }
    if (at === 0) throw new Fault('form', { file: file.path }, 'holds no event');
  }

  let next = manifest.first;
  for (const slice of slicesOf(manifest)) {
    const met: Met[] = [];
    for (const file of slice) await readFile(file, met);
    met.sort((a, b) => a.index - b.index);
    next = checkOrder(verifying, met, next);
    for (const one of met) await evidence.expect(one);
    count.events += met.length;
  }
  if (count.events !== manifest.events)
    throw new Fault('order', { file: MANIFEST, place: 'events' }, `is ${manifest.events}, and there are ${count.events}`);
  const unnamed = manifest.files.find(({ path }) => largeOf(path) !== undefined && !named.has(largeOf(path) ?? ''));
  if (unnamed !== undefined) throw new Fault('unknown-file', { file: unnamed.path }, 'is named by no event');
  await evidence.end();
  return { dated: earliest === '' ? undefined : [earliest, latest], commitments: count.commitments, opened: count.opened };
}
