/**
 * `npm run verify -- state FOLDER…`: whether the state of each bundle of a day or a month and its exchange tables are what the events make of it, and
 * the form of a month what the state makes of that. Takes every day from the first on: the state of a day goes on from that of the one before. Byte
 * for byte; of a packed state, of its content. The policy is the bundle's own (`policy.json`), and so is the county's name.
 */
import { createHash } from 'node:crypto';
import { bundleEvents } from '../../shared/archive/bundle-events.ts';
import { type BundleFiles, readWhole, sumOf } from '../../shared/archive/bundle-files.ts';
import { gunzip } from '../../shared/archive/gunzip.ts';
import type { Manifest } from '../../shared/archive/manifest.ts';
import { type Day, dayOf, instant, plusDays, plusMs, startOfDay } from '../../shared/domain/calendar.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import type { RecordedEvent } from '../../shared/domain/ledger-fact.ts';
import { monthlyForm } from '../../shared/domain/monthly-form.ts';
import { emptySnapshot, foldUntil, isCarried, type Snapshot } from '../../shared/domain/rebuild.ts';
import { type StateLine, takeLine } from '../../shared/domain/rebuild-lines.ts';
import { Fault } from '../../shared/draw/fault.ts';
import { type ExchangeBefore, exchangeBefore, NOTHING_BEFORE } from '../../shared/exchange/bundle-rows.ts';
import { exchangeFiles } from '../../shared/exchange/exchange-files.ts';
import { EXCHANGE_FOLDER } from '../../shared/exchange/views.ts';
import { csvView } from '../../shared/runtime/list-file/write-csv.ts';
import { csvForm, xlsxForm } from '../../shared/runtime/list-file/write-form.ts';
import { formUnit, POLICY, readStatePolicy } from '../../workflows/audit-export/state-policy.ts';
import { COVERAGE, coverageText, statePath, stateTexts } from '../../workflows/audit-export/state-text.ts';

/** A bundle that is what it says, with the name by which its faults are told. */
export interface StatedBundle {
  readonly folder: string;
  readonly files: BundleFiles;
  readonly manifest: Manifest;
}

const MOST = 512 * 1024 * 1024;
const dayNamed = (text: string): Day => dayOf(instant(`${text}T00:00:00+08:00`));

async function read({ files, folder }: StatedBundle, path: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  if (!path.endsWith('.gz')) return Buffer.from(await readWhole(files, path, MOST));
  for await (const piece of gunzip(files.open(path), `${folder}/${path}`)) pieces.push(piece);
  return Buffer.concat(pieces);
}

const has = ({ manifest }: StatedBundle, path: string): boolean => manifest.files.some((file) => file.path === path);

function demand(isSo: boolean, bundle: StatedBundle, path: string): void {
  if (isSo) return;
  const says = has(bundle, path) ? 'is not what the events lead to' : 'is missing: the events lead to one';
  throw new Fault('changed-file', { file: `${bundle.folder}/${path}` }, says);
}

async function hold(bundle: StatedBundle, path: string, own: Uint8Array): Promise<void> {
  demand(has(bundle, path) && Buffer.compare(await read(bundle, path), own) === 0, bundle, path);
}

/** That a bundle has no other files of a kind than those that the events lead to. */
function holdNoMore({ manifest, folder }: StatedBundle, isOfKind: (path: string) => boolean, owed: ReadonlySet<string>): void {
  const more = manifest.files.find(({ path }) => isOfKind(path) && !owed.has(path));
  if (more !== undefined)
    throw new Fault('changed-file', { file: `${folder}/${more.path}` }, 'is there, and no event leads to it');
}

/** Holds the state of a bundle against a snapshot. Answers the snapshot as whoever goes on from the bundle reads it. */
async function holdState(bundle: StatedBundle, snapshot: Snapshot): Promise<Snapshot> {
  const { manifest } = bundle;
  const { rules, name, formOf } = readStatePolicy(String(await read(bundle, POLICY)));
  const to = dayNamed(manifest.to);
  const at = plusMs(plusDays(startOfDay(to), 1), -1);
  const next = emptySnapshot(snapshot.county);
  const owed = new Set([COVERAGE]);
  for (const [part, text] of stateTexts(snapshot, at)) {
    const whole = Buffer.concat([...text]);
    owed.add(statePath(part));
    await hold(bundle, statePath(part), whole);
    for (const line of whole.toString().trimEnd().split('\n')) takeLine(next, part, JSON.parse(line) as StateLine);
  }
  await hold(bundle, COVERAGE, coverageText(snapshot, at, rules));
  holdNoMore(bundle, (path) => path.startsWith('state/'), owed);
  if (manifest.kind !== 'month') return next;
  const form = monthlyForm(snapshot, manifest.to.slice(0, 'yyyy-mm'.length), formOf(to));
  await hold(bundle, 'views/form.csv', csvForm(form));
  await hold(bundle, 'views/form.xlsx', xlsxForm(form, formUnit(name)));
  return next;
}

/** What a bundle before leaves to one: what its tables said, and its events that happened after its end. */
interface Left {
  readonly before: ExchangeBefore;
  readonly carried: readonly RecordedEvent[];
}
const carriedIn = ({ parts }: Snapshot): readonly RecordedEvent[] => [...parts.carried.values()].map(({ state }) => state);

async function holdExchange(bundle: StatedBundle, snapshot: Snapshot, left: Left): Promise<void> {
  const { rules } = readStatePolicy(String(await read(bundle, POLICY)));
  const rounds = async function* (): AsyncGenerator<RecordedEvent> {
    for await (const { index, event } of bundleEvents(bundle.files, bundle.manifest))
      if (event.type === 'RoundSubmitted' && !isCarried(snapshot, index)) yield event;
  };
  const owed = new Set<string>();
  await exchangeFiles({ ...left, snapshot, rules, rounds, csv: csvView }, async (path, pieces) => {
    const hash = createHash('sha256');
    let isThere = false;
    for await (const piece of pieces) {
      hash.update(piece);
      isThere = true;
    }
    if (!isThere) return false;
    owed.add(path);
    demand(has(bundle, path) && (await sumOf(bundle.files, path)).sha256 === hash.digest('hex'), bundle, path);
    return true;
  });
  holdNoMore(bundle, (path) => path.startsWith(EXCHANGE_FOLDER), owed);
}

/** Throws the first fault. The bundles were verified before. Answers how many were held. */
export async function verifyStates(bundles: readonly StatedBundle[]): Promise<number> {
  const days = bundles
    .filter(({ manifest }) => manifest.kind === 'day')
    .sort((a, b) => a.manifest.sequence - b.manifest.sequence);
  const months = new Map(bundles.filter(({ manifest }) => manifest.kind === 'month').map((one) => [one.manifest.to, one]));
  const [first] = days;
  if (first === undefined || first.manifest.sequence !== 1)
    throw new Fault('series', { file: first?.folder ?? '' }, 'state goes on from day to day: name every day from the first on');
  let snapshot = emptySnapshot(countyCode(first.manifest.county));
  let held = 0;
  /** What the last day of the month before left: a month has all that there is, and of its events those that were left to it. */
  let ofMonth: readonly RecordedEvent[] = [];
  for (const day of days) {
    const to = dayNamed(day.manifest.to);
    const { rules } = readStatePolicy(String(await read(day, POLICY)));
    const left: Left = { before: exchangeBefore(snapshot), carried: carriedIn(snapshot) };
    const fold = foldUntil(snapshot, plusDays(startOfDay(to), 1), rules);
    for await (const { index, event } of bundleEvents(day.files, day.manifest)) fold(index, event);
    const next = await holdState(day, snapshot);
    await holdExchange(day, snapshot, left);
    const month = months.get(day.manifest.to);
    if (month !== undefined) {
      const carried = month.manifest.sequence === 1 ? [] : ofMonth;
      await holdExchange(month, await holdState(month, next), { before: NOTHING_BEFORE, carried });
    }
    if (dayOf(plusDays(startOfDay(to), 1)).endsWith('-01')) ofMonth = carriedIn(next);
    held += month === undefined ? 1 : 2;
    snapshot = next;
  }
  return held;
}
