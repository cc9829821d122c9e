/** A county's tables from its sealed exports and its log: what `npm run restore` does, and what its test plays over tables in memory. */
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { bundleEvents, type SealedEvent } from '../../shared/archive/bundle-events.ts';
import { type BundleFiles, readWhole } from '../../shared/archive/bundle-files.ts';
import { openCheckpoint, type SignedCheckpoint } from '../../shared/archive/checkpoint.ts';
import { CHECKPOINT, VKEYS } from '../../shared/archive/layout.ts';
import { isSameHash } from '../../shared/archive/merkle.ts';
import { type NamedBundle, type VerifiedBundle, verifyBundles } from '../../shared/archive/verify-bundle.ts';
import { MOST_NOTE } from '../../shared/archive/verify-log.ts';
import { readManifest } from '../../shared/archive/verify-manifest.ts';
import type { Write } from '../../shared/data/commit.ts';
import type { DrawFiles } from '../../shared/data/draw-files.ts';
import type { Proving } from '../../shared/data/export-store.ts';
import { exportsWrites, logWrites, signedWrites } from '../../shared/data/restore/log-writes.ts';
import { disableChannels, ownEvents } from '../../shared/data/restore/own-events.ts';
import { inTables, putNew, refuseDoubles, refuseOthers } from '../../shared/data/restore/put-new.ts';
import {
  eventWrites,
  placesOf,
  type ReadLog,
  readThrough,
  rootInLedger,
  type Values,
} from '../../shared/data/restore/restore.ts';
import { restoredTasks, type TaskSources } from '../../shared/data/restore/restored-tasks.ts';
import { stateWrites } from '../../shared/data/restore/state-writes.ts';
import {
  channelsTable,
  documentClient,
  exportsTable,
  hazardsTable,
  inspectionsTable,
  ledgerTable,
  personalTable,
  registerTable,
} from '../../shared/data/tables.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Draw } from '../../shared/domain/draw.ts';
import { PERIODIC_KINDS } from '../../shared/domain/export.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import type { Rebuilt, Snapshot } from '../../shared/domain/rebuild.ts';
import type { SignedHead } from '../../shared/domain/sealing.ts';
import type { Task } from '../../shared/domain/task.ts';
import { hexOf } from '../../shared/draw/bytes.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { rebuildRulesOf } from '../../shared/policy/rebuild-rules.ts';
import { taskRulesOf } from '../../shared/policy/task-rules.ts';
import { eventOf, type LogFiles, readLog, sealedTiles, stretch, wholeOf } from '../../workflows/audit-export/sealed-log.ts';
import { laidBeyond } from './laid-entries.ts';
import { recordClosed, recordUnderWay } from './unlogged-exports.ts';

/** A restore that cannot be, with what to do about it. */
export class NotRestored extends Error {
  override readonly name = 'NotRestored';
}

export interface Restoring {
  /** All day bundles from the first on, and those of months, in any order. */
  readonly bundles: readonly NamedBundle[];
  /** Those that were under way, by their ids: what lies there stays, and they are gone on with. */
  readonly underWay?: ReadonlyMap<string, BundleFiles>;
  /** The log as it lies in the archive: what was sealed after the last bundle is there. */
  readonly log: LogFiles;
  /** Keys that are believed; without any, those that the bundles bring. */
  readonly vkeys: readonly string[];
  readonly values: Values;
  readonly draws: Pick<DrawFiles, 'read'>;
  readonly at: Instant;
  /** These are filled, and the others stand as they are; without, all are. */
  readonly tables?: readonly string[] | undefined;
}

export interface Restored {
  readonly county: string;
  /** Of these so many came from the log and not from a bundle. */
  readonly events: number;
  readonly fromLog: number;
  readonly root: string;
  /** Of the state and of the log, beside the events. */
  readonly items: number;
  readonly disabled: number;
  readonly snapshot: Snapshot;
  /** When the newest event was recorded that is known: what came after it was not sealed, and is lost. */
  readonly newest: Instant | undefined;
  readonly commitments: number;
  readonly opened: number;
  readonly lost: Lost;
}

/** What stands in no event, and has to be done again by somebody. */
export interface Lost {
  /** Visits whose team a person had sent, and which wait for somebody to be sent again. */
  readonly teams: number;
  /** Draws that are announced and not revealed: their secret is gone, so they have to be voided and made again. */
  readonly secrets: number;
  /** Bundles that somebody had asked for; they may be asked for again. */
  readonly requested: number;
}

const TABLES = [registerTable, hazardsTable, inspectionsTable, channelsTable, ledgerTable, exportsTable, personalTable];

const isEmpty = async (TableName: string): Promise<boolean> =>
  ((await documentClient.send(new ScanCommand({ TableName, Limit: 1 }))).Items ?? []).length === 0;

async function vkeysOf(files: BundleFiles): Promise<readonly string[]> {
  return Buffer.from(await readWhole(files, VKEYS, MOST_NOTE))
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}

interface Sources {
  readonly named: readonly { readonly files: BundleFiles; readonly verified: VerifiedBundle }[];
  readonly months: Sources['named'];
  readonly checkpoint: SignedCheckpoint;
  readonly believed: readonly string[];
}

/** Bundles of one kind, in the order of their sequence, all of which are what they say. */
async function series(bundles: readonly NamedBundle[], vkeys: readonly string[]): Promise<Sources['named']> {
  const verdict = await verifyBundles(bundles, { vkeys });
  if (!verdict.ok) throw verdict.fault;
  const filesOf = new Map<string, BundleFiles>();
  for (const [, files] of bundles) filesOf.set((await readManifest(files)).manifest.bundle, files);
  return verdict.summary.flatMap((one) => {
    const files = filesOf.get(one.manifest.bundle);
    return files === undefined ? [] : [{ files, verified: one }];
  });
}

async function verified({ bundles, log, vkeys }: Pick<Restoring, 'bundles' | 'log' | 'vkeys'>): Promise<Sources> {
  const kinds = new Map<string, NamedBundle[]>();
  for (const bundle of bundles) {
    const { kind } = (await readManifest(bundle[1])).manifest;
    kinds.set(kind, [...(kinds.get(kind) ?? []), bundle]);
  }
  const days = await series(kinds.get('day') ?? [], vkeys);
  const months = await series(kinds.get('month') ?? [], vkeys);
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined || first.verified.manifest.sequence !== 1) {
    throw new NotRestored('Name every day bundle from the first on: what came before cannot be told from the others.');
  }
  const believed = vkeys.length > 0 ? vkeys : await vkeysOf(last.files);
  const checkpoint = openCheckpoint(await readLog(log, 'checkpoint'), believed, 'checkpoint');
  return { named: days, months, checkpoint, believed };
}

async function* sealedEvents({ named, checkpoint }: Sources, log: LogFiles): AsyncGenerator<SealedEvent> {
  let end = 0;
  for (const {
    files,
    verified: { manifest },
  } of named) {
    yield* bundleEvents(files, manifest);
    end = manifest.end;
  }
  for await (const { entries } of sealedTiles(log, checkpoint.size, stretch(end, checkpoint.size))) {
    for (const entry of entries) {
      const { index, ...event } = await wholeOf(log, eventOf(entry));
      yield { index, event };
    }
  }
  yield* laidBeyond(log, checkpoint.size);
}

/** What signed last, with the keys as the log has them. */
function headOf({ parts }: Snapshot, { size, root }: SignedCheckpoint, note: Uint8Array): SignedHead {
  const keys = [...parts.keys.values()].flatMap(({ state }) => state.keys);
  const signing = keys.filter(({ until }) => until === undefined).map(({ vkey, since }) => ({ vkey, since }));
  return { size, root: hexOf(root), note: Buffer.from(note).toString(), keys: signing };
}

function refuseOther(
  what: string,
  { order, root }: Pick<ReadLog, 'order' | 'root'>,
  { size, root: signed }: SignedCheckpoint,
): void {
  if (order.length >= size && isSameHash(root, signed)) return;
  throw new NotRestored(`${what} ${order.length} events with the root ${hexOf(root)}; signed are ${size} with ${hexOf(signed)}.`);
}

/** The notes that the bundles were proved by; of one that is under way, if its note lies there already. */
async function provingsOf(
  { named, months, believed }: Sources,
  underWay: Restoring['underWay'] = new Map(),
): Promise<ReadonlyMap<string, Proving>> {
  const provings = new Map<string, Proving>();
  for (const { files, verified: one } of [...named, ...months]) {
    const note = Buffer.from(await readWhole(files, CHECKPOINT, MOST_NOTE)).toString();
    provings.set(one.manifest.bundle, { note, vkeys: await vkeysOf(files) });
  }
  for (const [id, files] of underWay) {
    const there = new Set<string>();
    for await (const { path } of files.found()) there.add(path);
    if (!there.has(CHECKPOINT)) continue;
    const note = await readWhole(files, CHECKPOINT, MOST_NOTE);
    const vkeys = there.has(VKEYS) ? await vkeysOf(files) : believed;
    openCheckpoint(note, believed, `${id}: ${CHECKPOINT}`);
    provings.set(id, { note: Buffer.from(note).toString(), vkeys });
  }
  return provings;
}

async function tasksOf({ snapshot, history }: ReadLog, files: Restoring['draws']): Promise<readonly Rebuilt<Task>[]> {
  const { county } = snapshot;
  const rulesOf: TaskSources['rulesOf'] = ({ kind }, at) => taskRulesOf(policyFor(county, at), kind);
  const tasks: Rebuilt<Task>[] = [];
  for await (const task of restoredTasks(snapshot, history, { files, rulesOf })) tasks.push(task);
  return tasks;
}

const REVEALED_OR_VOID: readonly Draw['stage'][] = ['revealed', 'void'];

function lostOf({ parts }: Snapshot, tasks: readonly Rebuilt<Task>[]): Lost {
  const sentByHand = new Set([...parts.tasks.values()].flatMap(({ state }) => (state.byHand === undefined ? [] : [state.id])));
  const isPeriodic = (kind: string): boolean => PERIODIC_KINDS.some((each) => each === kind);
  return {
    teams: tasks.filter(({ state }) => state.stage === 'unassigned' && sentByHand.has(state.id)).length,
    secrets: [...parts.draws.values()].filter(({ state }) => !REVEALED_OR_VOID.includes(state.stage)).length,
    requested: [...parts.exports.values()].filter(({ state }) => !isPeriodic(state.kind)).length,
  };
}

/**
 * Puts everything back. Throws `NotRestored`, or the fault of what it is to be restored from, before anything is written: all that will be put is
 * made once before, and where a table is not empty held against what is there. What is there and equal is passed over, so a restore that was cut
 * off is run again. The log comes first: what is sealed already is not sealed again when the stream tells of it.
 */
export async function restoreCounty(restoring: Restoring): Promise<Restored> {
  const { log, values, draws, at, underWay } = restoring;
  const sources = await verified(restoring);
  const { checkpoint, named, months } = sources;
  const county = countyCode(named[0]?.verified.manifest.county ?? '');
  const rules = rebuildRulesOf(county);
  const read = await readThrough(county, sealedEvents(sources, log), { values, rules, size: checkpoint.size });
  refuseOther('The bundles and the log have', read, checkpoint);
  const { order, snapshot, newest, commitments, opened } = read;
  const { size: waiting } = snapshot.parts.waiting;
  if (waiting > 0) throw new NotRestored(`${waiting} changes of duty pages stand on events that the log does not have.`);
  const signed = headOf(snapshot, checkpoint, await readLog(log, 'checkpoint'));
  const provings = await provingsOf(sources, underWay);
  const last: Proving = { note: signed.note, vkeys: signed.keys.map(({ vkey }) => vkey).sort() };
  const tasks = await tasksOf(read, draws);
  const tables = new Set(restoring.tables ?? TABLES.map((table) => table.getName()));
  const own = ownEvents(snapshot, rules, at);
  if (tables.has(exportsTable.getName())) {
    for (const { verified: one } of [...named, ...months]) await recordClosed({ snapshot, own, log }, one);
    await recordUnderWay({ snapshot, own, log }, provings, at);
  }
  const disabled = tables.has(channelsTable.getName()) ? await disableChannels(snapshot, own) : 0;
  const unsigned = { from: checkpoint.size, places: order.slice(checkpoint.size) };
  const places = { places: placesOf(order), size: order.length, unsigned };
  const ofLog = () => inTables(logWrites(county, places), tables);
  function* states(): Generator<Write> {
    yield* signedWrites(county, signed);
    yield* exportsWrites(snapshot, (id) => provings.get(id) ?? last);
    yield* stateWrites(snapshot, tasks, at);
  }
  async function* ledger(): AsyncGenerator<Write> {
    for await (const write of eventWrites(sealedEvents(sources, log), values)) yield* inTables([write], tables);
  }
  function* rest(): Generator<Write> {
    yield* inTables(states(), tables);
    yield* own.writes();
  }
  function* derived(): Generator<Write> {
    yield* ofLog();
    yield* rest();
  }
  async function* everything(): AsyncGenerator<Write> {
    yield* derived();
    yield* ledger();
  }
  refuseDoubles(derived());
  const areEmpty = await Promise.all([...tables].map(isEmpty));
  if (areEmpty.includes(false)) await refuseOthers(everything());
  const first = await putNew(ofLog());
  await putNew(ledger());
  refuseOther('The ledger has', { order, root: await rootInLedger(order.slice(0, checkpoint.size)) }, checkpoint);
  const items = first + (await putNew(rest()));
  const fromLog = order.length - (named.at(-1)?.verified.manifest.end ?? 0);
  const about = { newest, commitments, opened, lost: lostOf(snapshot, tasks) };
  return { county, events: order.length, fromLog, root: hexOf(checkpoint.root), items, disabled, snapshot, ...about };
}
