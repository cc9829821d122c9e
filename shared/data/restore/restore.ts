/**
 * A county from its sealed events alone: every event back in the ledger as it was written, and every table that follows from them. In the
 * order of the log, so that a restore that is cut off has the ledger up to somewhere, and is run again.
 */
import { BatchGetRequest } from 'dynamodb-toolbox/entity/actions/batchGet';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { BatchGetCommand, execute } from 'dynamodb-toolbox/table/actions/batchGet';
import type { SealedEvent } from '../../archive/bundle-events.ts';
import { entryOf } from '../../archive/entry.ts';
import { growFrontier, type Hash, leafHash } from '../../archive/merkle.ts';
import { checkAllMet, checkCommitments, commitmentsIn } from '../../archive/salts.ts';
import type { Instant } from '../../domain/calendar.ts';
import { type CommittedValue, withValues } from '../../domain/commitment.ts';
import { HistoryBroken } from '../../domain/hazard-evolve.ts';
import type { CountyCode } from '../../domain/ids.ts';
import { emptySnapshot, foldEvent, type Snapshot } from '../../domain/rebuild.ts';
import type { RebuildRules } from '../../domain/rebuild-duties.ts';
import type { EventPlace } from '../../domain/sealing.ts';
import type { Json } from '../../draw/canonical-json.ts';
import { EventEntity, eventItem, eventKey, type Write } from '../commit.ts';
import { valuesWrite } from '../personal-values.ts';
import { ledgerTable } from '../tables.ts';
import { type TaskHistory, taskHistory } from './restored-tasks.ts';

/** Salts and values by the ids of their events, as far as somebody gave them. */
export type Values = ReadonlyMap<string, readonly CommittedValue[]>;

/** What the log says, read through before anything is written. */
export interface ReadLog {
  /** Which event has which place, and the root of the tree over those that are signed. */
  readonly order: readonly EventPlace[];
  readonly root: Hash;
  readonly snapshot: Snapshot;
  readonly history: TaskHistory;
  /** When the last of them was recorded; nothing after it is known. */
  readonly newest: Instant | undefined;
  /** Of so many values that stand as commitments, so many are there again. */
  readonly commitments: number;
  readonly opened: number;
}

/** An event as it is in the log. */
const jsonOf = ({ index, event }: SealedEvent): Json => ({ ...(event as unknown as Record<string, Json>), index });

/**
 * Reads the log through: none of its entries is missing, each subject's events are one after the other, every value is what its event commits to,
 * and every one of them has its event. Rebuilds what the events say.
 */
export async function readThrough(
  county: CountyCode,
  events: AsyncIterable<SealedEvent>,
  { values, rules, size }: { readonly values: Values; readonly rules: RebuildRules; readonly size: number },
): Promise<ReadLog> {
  const order: EventPlace[] = [];
  const sequences = new Map<string, number>();
  const met = new Set<string>();
  const snapshot = emptySnapshot(county);
  const history = taskHistory();
  const tree = growFrontier();
  let root: Hash | undefined;
  let [commitments, opened]: [number, number] = [0, 0];
  let newest: Instant | undefined;
  for await (const sealed of events) {
    const { index, event } = sealed;
    const { id, subject, sequence, at } = event;
    if (index !== order.length) throw new HistoryBroken(`the log has entry ${index} where ${order.length} is missing`);
    if (sequence !== (sequences.get(subject) ?? 0) + 1) throw new HistoryBroken(`${id} is not the next event of its subject`);
    sequences.set(subject, sequence);
    order.push({ subject, sequence });
    tree.add(leafHash(entryOf(event, index).bytes));
    if (order.length === size) root = tree.root();
    const json = jsonOf(sealed);
    const own = values.get(id) ?? [];
    checkCommitments(json, own, `entry ${index}`, id);
    met.add(id);
    commitments += commitmentsIn(json);
    opened += own.length;
    if (newest === undefined || at > newest) newest = at;
    const said = withValues(event, own);
    foldEvent(snapshot, said, rules);
    history.note(said);
  }
  checkAllMet(values, met);
  return { order, root: root ?? tree.root(), snapshot, history, newest, commitments, opened };
}

function* ledgerWrites({ event }: SealedEvent, values: Values): Generator<Write> {
  yield EventEntity.build(PutTransaction).item(eventItem(event));
  const own = values.get(event.id) ?? [];
  if (own.length > 0) yield valuesWrite(eventKey(event), own);
}

/** The events, with the values behind their commitments as far as somebody gave them. */
export async function* eventWrites(events: AsyncIterable<SealedEvent>, values: Values): AsyncGenerator<Write> {
  for await (const sealed of events) yield* ledgerWrites(sealed, values);
}

/** Where in the log each subject's events stand. */
export function placesOf(order: readonly EventPlace[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [index, { subject }] of order.entries()) {
    const of = places.get(subject) ?? [];
    places.set(subject, of);
    of.push(index);
  }
  return places;
}

/** The service's limit of one request. */
const AT_ONCE = 100;

/** The root of the tree over what stands in the ledger now, read back event by event. */
export async function rootInLedger(order: readonly EventPlace[]): Promise<Hash> {
  const tree = growFrontier();
  for (let first = 0; first < order.length; first += AT_ONCE) {
    const some = order.slice(first, first + AT_ONCE);
    const command = ledgerTable
      .build(BatchGetCommand)
      .requests(...some.map((place) => EventEntity.build(BatchGetRequest).key(eventKey(place))))
      .options({ consistent: true });
    const { Responses: [items] = [] } = await execute({ maxAttempts: 5 }, command);
    for (const [at, { subject, sequence }] of some.entries()) {
      const event = items?.[at]?.event;
      if (event === undefined) throw new HistoryBroken(`${subject}:${sequence} is not in the ledger`);
      tree.add(leafHash(entryOf(event, first + at).bytes));
    }
  }
  return tree.root();
}
