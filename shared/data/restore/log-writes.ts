/** The log and its exports in the table, from what the log says of itself: which events have which places, what is signed, what was exported. */
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import type { Export, PeriodicKind } from '../../domain/export.ts';
import { PERIODIC_KINDS } from '../../domain/export.ts';
import type { CountyCode, ExportId } from '../../domain/ids.ts';
import type { Snapshot } from '../../domain/rebuild.ts';
import type { RebuiltExport } from '../../domain/rebuild-exports.ts';
import type { EventPlace, SignedHead } from '../../domain/sealing.ts';
import { auditWrite } from '../audit-store.ts';
import type { Write } from '../commit.ts';
import { type ExportSeries, exportSeriesWrite, exportWrite, openExportWrite, type Proving } from '../export-store.ts';
import { BatchEntity, batchKey, HeadEntity, headKey, PlacesEntity, placesKey, SignedEntity, signedKey } from '../log-items.ts';
import { PLACES_PAGE } from '../log-places.ts';

export interface RestoredLog {
  /** The indexes of each subject's events, by their sequence. */
  readonly places: ReadonlyMap<string, readonly number[]>;
  readonly size: number;
  /** Those that have their place and are not signed, from that place on. */
  readonly unsigned: { readonly from: number; readonly places: readonly EventPlace[] };
}

/** As many as a batch has that is given its places in one go. */
const BATCH_PLACES = 500;

/** What is sealed next begins with these. */
function* batchWrites(county: CountyCode, { unsigned: { from, places } }: RestoredLog): Generator<Write> {
  for (let at = 0; at < places.length; at += BATCH_PLACES) {
    const events = places.slice(at, at + BATCH_PLACES).map(({ subject, sequence }) => `${subject}:${sequence}`);
    yield BatchEntity.build(PutTransaction).item({ ...batchKey(county, from + at), events });
  }
}

function* placesWrites(county: CountyCode, { places }: RestoredLog): Generator<Write> {
  for (const [subject, indexes] of places) {
    for (let page = 0; page * PLACES_PAGE < indexes.length; page++) {
      const own = indexes.slice(page * PLACES_PAGE, (page + 1) * PLACES_PAGE);
      const through = page * PLACES_PAGE + own.length;
      yield PlacesEntity.build(PutTransaction).item({ ...placesKey(county, subject, page), through, indexes: own });
    }
  }
}

export function* logWrites(county: CountyCode, log: RestoredLog): Generator<Write> {
  const { size } = log;
  if (size === 0) return;
  yield HeadEntity.build(PutTransaction).item({ ...headKey(county), size });
  yield* placesWrites(county, log);
  yield* batchWrites(county, log);
}

/** The newest checkpoint: signing goes on from there. */
export function* signedWrites(county: CountyCode, signed: SignedHead): Generator<Write> {
  yield SignedEntity.build(PutTransaction).item({ ...signedKey(county), size: signed.size, signed });
}

/** How many slices it has; an empty one has one. */
const slicesOf = ({ starts = [] }: Pick<Export, 'starts'>): number => Math.max(1, starts.length);

function exportOf(county: CountyCode, rebuilt: RebuiltExport, version: number): Export {
  const { id, kind, request, from, to, first, end, treeSize, starts, startedAt, closed } = rebuilt;
  const about = { kind, ...(request !== undefined && { request }), from, to, first, end, treeSize, ...(starts && { starts }) };
  const stage = closed === undefined ? 'writing' : 'closed';
  return { id, county, ...about, stage, startedAt, slices: slicesOf(rebuilt), version, ...(closed && { closed }) };
}

/** The last bundle of each kind that is closed. */
export function seriesOf({ parts }: Snapshot): ReadonlyMap<PeriodicKind, ExportSeries> {
  const last = new Map<PeriodicKind, ExportSeries>();
  for (const { state } of parts.exports.values()) {
    const { id, to, end, closed } = state;
    const kind = PERIODIC_KINDS.find((each) => each === state.kind);
    if (kind === undefined || closed === undefined || (last.get(kind)?.sequence ?? 0) > closed.sequence) continue;
    last.set(kind, { id, sequence: closed.sequence, manifest: closed.manifest, to, end });
  }
  return last;
}

/**
 * Audits, and exports as they are known from their events. `provingOf`: the note that a bundle was proved by, as it lies in the bundle. What somebody
 * asked for is not put back: it may be asked for again.
 */
export function* exportsWrites(snapshot: Snapshot, provingOf: (id: ExportId) => Proving): Generator<Write> {
  const { county, parts } = snapshot;
  for (const { state } of parts.audits.values()) yield auditWrite(county, state);
  for (const { version, state } of parts.exports.values()) {
    if (!PERIODIC_KINDS.some((each) => each === state.kind)) continue;
    yield exportWrite(county, exportOf(county, state, version), version, provingOf(state.id), 0);
    if (state.closed === undefined) yield openExportWrite(county, state.id);
  }
  for (const [kind, series] of seriesOf(snapshot)) yield exportSeriesWrite(county, kind, series);
}
