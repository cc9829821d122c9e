/**
 * The one way anything is written: new states guarded by their versions, the events, what stands behind their commitments, and the command,
 * all or nothing. States hold what they need in clear; events never hold anything of a person but as a commitment.
 */
import { createHmac } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { execute } from 'dynamodb-toolbox/entity/actions/transactWrite';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import { entryOf, LAST_INDEX } from '../archive/entry.ts';
import { dayOf, epochMs, type Instant } from '../domain/calendar.ts';
import type { CommandId, PersonId } from '../domain/ids.ts';
import type { Fact, LedgerEvent } from '../domain/ledger-event.ts';
import { itemsOfFacts } from '../domain/personal-members.ts';
import { freshSalt } from '../runtime/chance.ts';
import type { CarriedOut, Request, Route } from '../runtime/route.ts';
import { committed, valuesWrite } from './personal-values.ts';
import { ledgerTable } from './tables.ts';

const WIDTH = 10;

export const EventEntity = new Entity({
  name: 'EVENT', // stored on every item as `_et`; renaming it is a data migration
  table: ledgerTable,
  schema: item({
    subject: string().key().savedAs('pk'),
    sequence: string().key().savedAs('sk'),
    /** `{county}#{colour}#{day}` */
    day: string(),
    at: string(),
    event: any().castAs<LedgerEvent>(),
  }),
  timestamps: false,
});

/** A command that was carried out, with what was answered, so that the same command again gets the same answer for as long as that is kept. */
export interface CommandRecord {
  readonly by: PersonId;
  readonly id: CommandId;
  /** SHA-256 of operation and request: the same id with another request is a mistake of the client's. */
  readonly requestHash: string;
  readonly answer: unknown;
  /** What was asked and answered may be of a person: no longer than that. That it was carried out stays for ever. */
  readonly keptUntil: Instant;
}

export const CommandEntity = new Entity({
  name: 'COMMAND',
  table: ledgerTable,
  schema: item({
    command: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
  }),
  timestamps: false,
});

/** Beside its command, and taken away by the table when its time is over. */
export const AnswerEntity = new Entity({
  name: 'ANSWER',
  table: ledgerTable,
  schema: item({
    command: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    salt: string(),
    /** Keyed with the salt: who has a request hash alone would find a telephone number by trying. */
    requestHash: string(),
    answer: any(),
    /** In seconds, as the table's time to live has it. */
    expires: number(),
  }),
  timestamps: false,
});

const ITEMS_OF_COMMAND = 2;
const commandKey = (by: PersonId, id: CommandId) => ({ command: `CMD#${by}#${id}`, part: '0' });
const answerKey = (by: PersonId, id: CommandId) => ({ command: `CMD#${by}#${id}`, part: 'ANSWER' });
const keyed = (requestHash: string, salt: string): string =>
  createHmac('sha256', Buffer.from(salt, 'hex')).update(requestHash).digest('hex');
const secondsOf = (at: Instant): number => Math.ceil(epochMs(at) / 1000);

/** Somebody wrote since it was read: load, decide and save again. */
export class StaleVersion extends Error {
  override readonly name = 'StaleVersion';
}

/** The command was carried out before. */
export class CommandRepeated extends Error {
  override readonly name = 'CommandRepeated';
}

/** A write of a transaction, as dynamodb-toolbox builds it. */
export type Write = Extract<Parameters<typeof execute>[number], { params: unknown }>;

export interface Commit {
  readonly writes: readonly Write[];
  readonly events: readonly LedgerEvent[];
  /** Absent for the system's own work, which is idempotent by its keys. */
  readonly command?: CommandRecord;
}

/** Where an event stands. */
export const eventKey = ({ subject, sequence }: Pick<LedgerEvent, 'subject' | 'sequence'>) => ({
  subject,
  sequence: String(sequence).padStart(WIDTH, '0'),
});

/** At most this many items go into one transaction (the service's limit). */
export const TRANSACTION_LIMIT = 100;

/** How many items a transaction takes. */
export const sizeOfCommit = ({
  writes,
  events,
  command,
}: Pick<Commit, 'writes' | 'command'> & { readonly events: readonly Fact[] }): number =>
  writes.length + itemsOfFacts(events) + (command === undefined ? 0 : ITEMS_OF_COMMAND);

/** An event as it is stored. */
export const eventItem = (event: LedgerEvent) => ({
  ...eventKey(event),
  day: `${event.county}#${event.colour}#${dayOf(event.at)}`,
  at: `${event.at}#${event.id}`,
  event,
});

/** The event, and where something in it is of a person the salts, which lie nowhere else. What could not be sealed later is refused now. */
function eventWrites(said: LedgerEvent, salt: () => string): Write[] {
  const { event, values } = committed(said, salt);
  entryOf(event, LAST_INDEX);
  const put = EventEntity.build(PutTransaction)
    .item(eventItem(event))
    .options({ condition: { attr: 'subject', exists: false } });
  return values.length === 0 ? [put] : [put, valuesWrite(eventKey(event), values)];
}

function commandWrites({ by, id, requestHash, answer, keptUntil }: CommandRecord, salt: string): Write[] {
  const kept = { salt, requestHash: keyed(requestHash, salt), answer, expires: secondsOf(keptUntil) };
  return [
    CommandEntity.build(PutTransaction)
      .item(commandKey(by, id))
      .options({ condition: { attr: 'command', exists: false } }),
    AnswerEntity.build(PutTransaction).item({ ...answerKey(by, id), ...kept }),
  ];
}

/**
 * Writes all or nothing. Rejects with `CommandRepeated` when the command was carried out before (`commandAnswer` has its answer), with
 * `StaleVersion` when a condition did not hold or another transaction was under way, with `TypeError` where an event has no canonical form, and with
 * `RangeError` where it is too long to be sealed.
 */
export async function commit({ writes, events, command }: Commit, salt: () => string = freshSalt): Promise<void> {
  const transaction: Write[] = [
    ...(command === undefined ? [] : commandWrites(command, salt())),
    ...events.flatMap((event) => eventWrites(event, salt)),
    ...writes,
  ];
  if (transaction.length > TRANSACTION_LIMIT) throw new RangeError(`${transaction.length} items do not fit one transaction`);
  try {
    await execute(...transaction);
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
    if (command !== undefined && codes[0] === 'ConditionalCheckFailed') throw new CommandRepeated(command.id);
    if (codes.some((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict')) {
      throw new StaleVersion(`${events[0]?.subject ?? 'record'} was changed by somebody else meanwhile`);
    }
    throw error;
  }
}

/**
 * What is kept of a command that was carried out; `undefined` where it was not. Strongly consistent: both items came in one transaction,
 * so the answer that is not there once its command is has lapsed, as has one that the table has not come to take away yet.
 */
export async function commandAnswer({ caller, commandId, requestHash, at }: AskedAgain): Promise<CarriedOut | undefined> {
  const command = await CommandEntity.build(GetItemCommand)
    .key(commandKey(caller.id, commandId))
    .options({ consistent: true })
    .send();
  if (command.Item === undefined) return undefined;
  const { Item } = await AnswerEntity.build(GetItemCommand)
    .key(answerKey(caller.id, commandId))
    .options({ consistent: true })
    .send();
  if (Item === undefined || Item.expires <= secondsOf(at)) return 'lapsed';
  return { isSame: Item.requestHash === keyed(requestHash, Item.salt), answer: Item.answer };
}

/** By whom, by which key and when something is asked that may have been carried out before. */
export type AskedAgain = Pick<Request<Route>, 'commandId' | 'requestHash' | 'at'> & {
  readonly caller: { readonly id: PersonId };
};
