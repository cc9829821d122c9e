/**
 * `npm run verify -- state FOLDER…`: whether the state of each bundle of a day or a month is what the events make of it, and the form of a month what
 * the state makes of that. Takes every day from the first on: the state of a day goes on from that of the one before. Byte for byte; of what is packed,
 * of its content. The policy is the bundle's own (`policy.json`).
 */
import { bundleEvents } from '../../shared/archive/bundle-events.ts';
import { type BundleFiles, readWhole } from '../../shared/archive/bundle-files.ts';
import { gunzip } from '../../shared/archive/gunzip.ts';
import type { Manifest } from '../../shared/archive/manifest.ts';
import { type Day, dayOf, instant, plusDays, plusMs, startOfDay } from '../../shared/domain/calendar.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { monthlyForm } from '../../shared/domain/monthly-form.ts';
import { emptySnapshot, foldUntil, type Snapshot } from '../../shared/domain/rebuild.ts';
import { type StateLine, takeLine } from '../../shared/domain/rebuild-lines.ts';
import { Fault } from '../../shared/draw/fault.ts';
import { csvForm } from '../../shared/runtime/list-file/write-form.ts';
import { POLICY, readStatePolicy } from '../../workflows/audit-export/state-policy.ts';
import { COVERAGE, coverageText, statePath, stateTexts } from '../../workflows/audit-export/state-text.ts';

/** A bundle that is what it says, with the name by which its faults are told. */
export interface StatedBundle {
  readonly folder: string;
  readonly files: BundleFiles;
  readonly manifest: Manifest;
}

const MOST = 512 * 1024 * 1024;
const FORM = 'views/form.csv';

const dayNamed = (text: string): Day => dayOf(instant(`${text}T00:00:00+08:00`));

async function read({ files, folder }: StatedBundle, path: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  if (!path.endsWith('.gz')) return Buffer.from(await readWhole(files, path, MOST));
  for await (const piece of gunzip(files.open(path), `${folder}/${path}`)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function hold(bundle: StatedBundle, path: string, own: Uint8Array): Promise<void> {
  const says = bundle.manifest.files.some((file) => file.path === path) ? await read(bundle, path) : undefined;
  if (says !== undefined && Buffer.compare(says, own) === 0) return;
  throw new Fault(
    'changed-file',
    { file: `${bundle.folder}/${path}` },
    says === undefined ? 'is missing: the events lead to one' : 'is not what the events lead to',
  );
}

/** Holds the state of a bundle against a snapshot. Answers the snapshot as whoever goes on from the bundle reads it. */
async function holdState(bundle: StatedBundle, snapshot: Snapshot): Promise<Snapshot> {
  const { manifest, folder } = bundle;
  const { rules, formOf } = readStatePolicy(String(await read(bundle, POLICY)));
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
  const more = manifest.files.find(({ path, role }) => role === 'state' && !owed.has(path));
  if (more !== undefined)
    throw new Fault('changed-file', { file: `${folder}/${more.path}` }, 'is there, and no event leads to it');
  if (manifest.kind === 'month')
    await hold(bundle, FORM, csvForm(monthlyForm(snapshot, manifest.to.slice(0, 'yyyy-mm'.length), formOf(to))));
  return next;
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
  for (const day of days) {
    const to = dayNamed(day.manifest.to);
    const { rules } = readStatePolicy(String(await read(day, POLICY)));
    const fold = foldUntil(snapshot, plusDays(startOfDay(to), 1), rules);
    for await (const { index, event } of bundleEvents(day.files, day.manifest)) fold(index, event);
    const next = await holdState(day, snapshot);
    const month = months.get(day.manifest.to);
    if (month !== undefined) await holdState(month, snapshot);
    held += month === undefined ? 1 : 2;
    snapshot = next;
  }
  return held;
}
