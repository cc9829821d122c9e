/**
 * Bundles that lie in the archive, under lock, and of which the log does not know yet that they were begun or closed: what was recorded of them in
 * the last minute before the loss was not sealed. The restore records it again, or the next day would be begun a second time, otherwise, in a
 * folder where nothing can be put over anything.
 */
import { openCheckpoint } from '../../shared/archive/checkpoint.ts';
import { CHECKPOINT } from '../../shared/archive/layout.ts';
import { SLICE, SLICE_BYTES } from '../../shared/archive/manifest.ts';
import type { VerifiedBundle } from '../../shared/archive/verify-bundle.ts';
import type { Proving } from '../../shared/data/export-store.ts';
import { seriesOf } from '../../shared/data/restore/log-writes.ts';
import type { OwnEvents } from '../../shared/data/restore/own-events.ts';
import { dayOf, type Instant, instant } from '../../shared/domain/calendar.ts';
import { type ExportFact, exportSubject } from '../../shared/domain/export.ts';
import { exportId } from '../../shared/domain/ids.ts';
import type { Snapshot } from '../../shared/domain/rebuild.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { endFrom } from '../../workflows/audit-export/cut.ts';
import { cutOf, nextDue, periodicId } from '../../workflows/audit-export/due.ts';
import { type LogFiles, stretch } from '../../workflows/audit-export/sealed-log.ts';
import { startsOf } from '../../workflows/audit-export/slices.ts';
import { SYSTEM } from '../../workflows/audit-export/standing.ts';

type Begun = Extract<ExportFact, { type: 'ExportBegun' }>['data'];

interface Unlogged {
  readonly snapshot: Snapshot;
  readonly own: OwnEvents;
  readonly log: LogFiles;
}

async function recordBegun({ own, log }: Unlogged, id: string, about: Omit<Begun, 'starts'>): Promise<void> {
  const bounds = { events: SLICE, bytes: SLICE_BYTES };
  const starts = await startsOf(log, about.treeSize, stretch(about.first, about.end), bounds);
  await own.record(exportSubject(exportId(id)), 0, { type: 'ExportBegun', data: { ...about, starts } }, SYSTEM);
}

const dayIn = (text: string) => dayOf(instant(`${text}T00:00:00+08:00`));

/** A bundle that is whole and verified is closed, as its manifest says. */
export async function recordClosed(unlogged: Unlogged, { manifest, hash }: VerifiedBundle): Promise<void> {
  const { own, snapshot } = unlogged;
  const { bundle: id, kind, first, end, treeSize, sequence, root, events, files } = manifest;
  const subject = exportSubject(exportId(id));
  const known = snapshot.parts.exports.get(subject);
  if (known?.state.closed !== undefined) return;
  if (known === undefined) {
    await recordBegun(unlogged, id, { kind, from: dayIn(manifest.from), to: dayIn(manifest.to), first, end, treeSize });
  }
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const data = { kind, sequence, manifest: hash, root, events, files: files.length, bytes };
  await own.record(subject, known?.version ?? 1, { type: 'ExportClosed', data }, SYSTEM);
}

/**
 * The one that comes next, where its checkpoint lies in its folder already: it is begun again at that tree. Where it does not, only slices were
 * written, and these are the same of whatever tree: the next run begins it.
 */
export async function recordUnderWay(unlogged: Unlogged, provings: ReadonlyMap<string, Proving>, at: Instant): Promise<void> {
  const { snapshot, log } = unlogged;
  const series = seriesOf(snapshot);
  const [day, month] = [series.get('day'), series.get('month')];
  if (day === undefined) return;
  const due = nextDue({ day, month, began: day.to }, () => true);
  if (due === undefined) return;
  const { kind, sequence, from, to, first } = due;
  const id = periodicId(kind, sequence);
  const proving = provings.get(id);
  if (proving === undefined || snapshot.parts.exports.has(exportSubject(id))) return;
  const { size: treeSize } = openCheckpoint(Buffer.from(proving.note), proving.vkeys, `${id}: ${CHECKPOINT}`);
  const cut = cutOf(to, policyFor(snapshot.county, at).exports.day.closeAfter);
  const end = kind === 'month' ? day.end : await endFrom(log, treeSize, first, { cut, now: at });
  await recordBegun(unlogged, id, { kind, from, to, first, end, treeSize });
}
