import { newestCosigned } from '../../shared/archive/cosigned.ts';
import { StaleVersion } from '../../shared/data/commit.ts';
import type { CosignedStore } from '../../shared/data/cosigned-store.ts';
import type { Cursor } from '../../shared/data/cursor.ts';
import { type ExportStore, PlanTooLong, type Proving, type StoredExport } from '../../shared/data/export-store.ts';
import type { LogStore } from '../../shared/data/log-store.ts';
import { type Day, dayOf, type Instant, plusDays, plusMs } from '../../shared/domain/calendar.ts';
import { daysAsked, type Export, type ExportKind, type ExportRequest } from '../../shared/domain/export.ts';
import { hazardSubject } from '../../shared/domain/hazard.ts';
import { type CountyCode, type ExportId, type ObjectId, objectId } from '../../shared/domain/ids.ts';
import type { Actor } from '../../shared/domain/ledger-event.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import type { SignedHead } from '../../shared/domain/sealing.ts';
import type { AskedExport, Begin, BegunOutcome } from '../../workflows/audit-export/contract.ts';
import { beganBy, endFrom } from '../../workflows/audit-export/cut.ts';
import { cutOf, type Due, dayBefore, nextDue, periodicId } from '../../workflows/audit-export/due.ts';
import { eventOf, type LogFiles, sealedTiles, stretch } from '../../workflows/audit-export/sealed-log.ts';
import { inSlices, type SliceBounds, startsOf } from '../../workflows/audit-export/slices.ts';
import { provingOf, SYSTEM } from '../../workflows/audit-export/standing.ts';
import { findNamed, type Named } from './naming.ts';

export interface BeginDependencies {
  readonly county: CountyCode;
  readonly store: ExportStore;
  readonly log: Pick<LogStore, 'head' | 'placesOf'>;
  readonly cosigned: Pick<CosignedStore, 'newest'>;
  readonly files: LogFiles;
  /** The subjects of all tasks at an object. */
  readonly tasksAt: (object: ObjectId) => Promise<readonly string[]>;
  readonly perSlice: SliceBounds;
  /** Each event of one enterprise or hazard has a proof, a file of its own, and closing holds the names of all: of so many at most. */
  readonly mostProved: number;
  /** The county's first day: whatever a clock said, no series begins before it. */
  readonly since: Day;
  /** Of the policy in force then. */
  readonly closeAfter: (at: Instant) => { readonly minutes: number };
}

const NOTHING: BegunOutcome = { step: 'done', id: '', slices: [] };
const REFUSED: BegunOutcome = { step: 'refused', id: '', slices: [] };

const DAY_MS = 86_400_000;

/** What a bundle is about, before it is written down. */
type Range = Pick<Export, 'from' | 'to' | 'first' | 'end'> & { readonly indexes?: readonly number[] };

/**
 * Settles what the next bundle is, or finds the one that is under way: of two runs at once, and of a run that goes on where another broke off,
 * each gets the same answer, since it is written down once under a condition.
 */
export const beginExport =
  (deps: BeginDependencies) =>
  async ({ at, asked }: Begin): Promise<BegunOutcome> => {
    const [ask] = asked;
    if (ask !== undefined) return beginAsked(deps, ask, at);
    return (await beginDue(deps, at)) ?? (await goOn(deps, at)) ?? NOTHING;
  };

/** Closed: nothing is left to do; else the slices that are not written. */
async function outcomeOf({ store }: BeginDependencies, { export: { id, stage, slices } }: StoredExport): Promise<BegunOutcome> {
  if (stage === 'closed') return { step: 'done', id, slices: [] };
  const written = new Set((await store.slices(id)).map(({ slice }) => slice));
  return {
    step: 'write',
    id,
    slices: Array.from({ length: slices }, (_, slice) => slice).filter((slice) => !written.has(slice)),
  };
}

async function beginDue(deps: BeginDependencies, at: Instant): Promise<BegunOutcome | undefined> {
  const { store, log, files, closeAfter } = deps;
  const [day, month] = [await store.series('day'), await store.series('month')];
  // In this order: what is signed now is not smaller than the tree of the bundle before.
  const { signed } = await log.head();
  if (signed === undefined || signed.size === 0) return undefined;
  const began = await beganBy(files, signed.size, { since: deps.since, now: at });
  if (began === undefined) return undefined;
  const isOver = (one: Day): boolean => at >= cutOf(one, closeAfter(at));
  const due = nextDue({ day, month, began }, isOver);
  if (due === undefined) return undefined;
  const id = periodicId(due.kind, due.sequence);
  const before = await store.load(id);
  if (before !== undefined) return outcomeOf(deps, before);
  const end =
    due.kind === 'month'
      ? (day?.end ?? due.first)
      : await endFrom(files, signed.size, due.first, { cut: cutOf(due.to, closeAfter(at)), now: at });
  return begin(deps, { id, kind: due.kind, range: rangeOf(due, end), signed, at, by: SYSTEM });
}

const rangeOf = ({ from, to, first }: Due, end: number): Range => ({ from, to, first, end });

async function beginAsked(deps: BeginDependencies, ask: AskedExport, at: Instant): Promise<BegunOutcome> {
  const { id, request, reason, by } = ask;
  const before = await deps.store.load(id);
  // Also of what is closed: a run that broke off behind that may have left its manifest where it was laid aside.
  if (before?.export.stage === 'closed') return { step: 'write', id, slices: [] };
  if (before !== undefined) return outcomeOf(deps, before);
  const { signed } = await deps.log.head();
  if (signed === undefined) return REFUSED;
  const range = await wanted(deps, request, signed.size, at);
  if (range === undefined) return REFUSED;
  return begin(deps, { id, kind: request.kind, range, signed, at, by: actorOf(by), request, reason });
}

const actorOf = ({ id, role, owner }: AskedExport['by']): Actor => ({ id, role, ...(owner !== undefined && { owner }) });

/** `undefined` where the log has nothing of it, or more than can be proved one by one. */
async function wanted(deps: BeginDependencies, request: ExportRequest, size: number, at: Instant): Promise<Range | undefined> {
  if (request.kind === 'range') {
    const first = await endOf(deps, dayBefore(request.from), size, at);
    const end = await endOf(deps, request.to, size, at);
    return { from: request.from, to: request.to, first, end: Math.max(first, end) };
  }
  const indexes = [...(await indexesOf(deps, request, size))].filter((index) => index < size).sort((a, b) => a - b);
  const days = daysAsked(request);
  const isAsked = ({ day }: Dated): boolean => days === undefined || (days.from <= day && day <= days.to);
  const dated = (await datedOf(deps.files, size, indexes)).filter(isAsked);
  const [first, last] = [dated[0], dated.at(-1)];
  if (first === undefined || last === undefined || dated.length > deps.mostProved) return undefined;
  // Sealed late, an event of an earlier day stands behind later ones: an audit has to be about the days of all.
  const inOrder = dated.map(({ day }) => day).sort();
  const own = { from: inOrder[0] ?? first.day, to: inOrder.at(-1) ?? last.day };
  return { ...(days ?? own), first: first.index, end: last.index + 1, indexes: dated.map(({ index }) => index) };
}

interface Dated {
  readonly index: number;
  readonly day: Day;
}

/** The days of events, by when each was recorded. */
async function datedOf(files: LogFiles, size: number, indexes: readonly number[]): Promise<readonly Dated[]> {
  const dated: Dated[] = [];
  for await (const { entries } of sealedTiles(files, size, indexes)) {
    for (const entry of entries) dated.push({ index: entry.index, day: dayOf(eventOf(entry).at) });
  }
  return dated;
}

/** Where the bundle of a day ends, or would end if it were closed now. */
async function endOf({ store, files, closeAfter }: BeginDependencies, day: Day, size: number, at: Instant): Promise<number> {
  const last = await store.series('day');
  if (last === undefined || day > last.to)
    return endFrom(files, size, last?.end ?? 0, { cut: cutOf(day, closeAfter(at)), now: at });
  const back = (Date.parse(last.to) - Date.parse(day)) / DAY_MS;
  const sequence = last.sequence - back;
  if (sequence < 1) return 0;
  const closed = await store.load(periodicId('day', sequence));
  if (closed === undefined) throw new RangeError(`there is no bundle of ${day}`);
  return closed.export.end;
}

async function indexesOf(
  deps: BeginDependencies,
  request: Exclude<ExportRequest, { kind: 'range' }>,
  size: number,
): Promise<ReadonlySet<number>> {
  const { log, files, tasksAt } = deps;
  if (request.kind === 'record') {
    const index = (await log.placesOf(request.subject))[request.sequence - 1];
    return new Set(index === undefined ? [] : [index]);
  }
  const { indexes, subjects } = await findNamed(files, size, request satisfies Named);
  const own = new Set(subjects);
  if (request.kind === 'hazard') own.add(hazardSubject(request.hazard));
  else for (const task of await tasksAt(objectId(enterpriseOwner(request.enterprise)))) own.add(task);
  const all = new Set(indexes);
  for (const subject of own) for (const index of await log.placesOf(subject)) all.add(index);
  return all;
}

interface Begun {
  readonly id: ExportId;
  readonly kind: ExportKind;
  readonly range: Range;
  readonly signed: SignedHead;
  readonly at: Instant;
  readonly by: Actor;
  readonly request?: ExportRequest;
  readonly reason?: string;
}

/**
 * The checkpoint that proves a bundle: the newest that a witness cosigned, where it holds the whole bundle and the tree of the one before, so that
 * somebody else vouches for all of it; else the log's newest. Nothing waits for a witness.
 */
async function provedBy(
  { store, cosigned }: BeginDependencies,
  { kind, range: { end }, signed }: Begun,
): Promise<{ readonly treeSize: number; readonly proving: Proving }> {
  const last = await store.series(kind);
  const before = last && (await store.load(last.id));
  const seen = newestCosigned(await cosigned.newest(), Math.max(1, end, before?.export.treeSize ?? 0), signed.size);
  if (seen === undefined) return { treeSize: signed.size, proving: provingOf(signed) };
  return { treeSize: seen.size, proving: { note: seen.note, vkeys: seen.vkeys } };
}

async function begin(deps: BeginDependencies, of: Begun): Promise<BegunOutcome> {
  const { county, store, files, perSlice } = deps;
  const { id, kind, range, at, by, request, reason } = of;
  const { treeSize, proving } = await provedBy(deps, of);
  const { indexes, ...days } = range;
  // Written down, so that a slice is the same whatever version of the code writes it.
  const plan: (readonly number[])[] = [];
  if (indexes !== undefined) for await (const slice of inSlices(files, treeSize, indexes, perSlice)) plan.push(slice);
  const starts = indexes === undefined ? await startsOf(files, treeSize, stretch(days.first, days.end), perSlice) : undefined;
  // A bundle without events has a slice too: its views say that there are none.
  const slices = Math.max(1, starts?.length ?? plan.length);
  const about = { kind, ...(request && { request }), ...days, treeSize, ...(starts && { starts }) };
  const begun: Export = { id, county, ...about, stage: 'writing', startedAt: at, slices, version: 1 };
  try {
    await store.begin({
      export: begun,
      fact: { type: 'ExportBegun', data: { ...about, ...(reason !== undefined && { reason }) } },
      proving,
      plan,
      occasion: { at, county, actor: by },
    });
  } catch (error) {
    if (error instanceof PlanTooLong) return REFUSED;
    if (!(error instanceof StaleVersion)) throw error;
  }
  const stored = await store.load(id);
  if (stored === undefined) throw new StaleVersion(`${id} is being written by somebody else`);
  return outcomeOf(deps, stored);
}

const HOUR_MS = 3_600_000;
/** So long its own run is let alone, and for so many days it is gone on with: what still fails then is left to those who were told. */
const [LEFT_ALONE_MS, GIVEN_UP_DAYS] = [HOUR_MS, 7];
const LOOKED_AT = 50;

/** What somebody asked for and whose run has broken off. Of days and months nothing is left here: they come first. */
async function goOn(deps: BeginDependencies, at: Instant): Promise<BegunOutcome | undefined> {
  const broken: StoredExport[] = [];
  let cursor: Cursor | undefined;
  do {
    const page = await deps.store.open(LOOKED_AT, cursor);
    for (const id of page.ids) {
      const stored = await deps.store.load(id);
      if (stored === undefined || stored.export.stage === 'closed') continue;
      const { startedAt } = stored.export;
      if (startedAt <= plusMs(at, -LEFT_ALONE_MS) && startedAt > plusDays(at, -GIVEN_UP_DAYS)) broken.push(stored);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  // Another one first each day: one that fails again ends the run, and would keep all behind it from ever coming.
  const next = broken[Math.floor(Date.parse(at) / DAY_MS) % broken.length];
  return next && outcomeOf(deps, next);
}
