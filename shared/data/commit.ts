/**
 * The one way anything is written: new states guarded by their versions, the events, what stands behind their commitments, and the command,
 * all or nothing. States hold what they need in clear; events never hold anything of a person but as a commitment.
 */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { execute } from 'dynamodb-toolbox/entity/actions/transactWrite';
import { any, item, string } from 'dynamodb-toolbox/schema';
import { entryOf, LAST_INDEX } from '../archive/entry.ts';
import { dayOf } from '../domain/calendar.ts';
import type { CommandId, PersonId } from '../domain/ids.ts';
import type { Fact, LedgerEvent } from '../domain/ledger-event.ts';
import { itemsOfFacts } from '../domain/personal-members.ts';
import { freshSalt } from '../runtime/chance.ts';
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

/** A command that was carried out, with what was answered, so that the same command again gets the same answer. */
export interface CommandRecord {
  readonly by: PersonId;
  readonly id: CommandId;
  /** SHA-256 of operation and request: the same id with another request is a mistake of the client's. */
  readonly requestHash: string;
  readonly answer: unknown;
}

export const CommandEntity = new Entity({
  name: 'COMMAND',
  table: ledgerTable,
  schema: item({
    command: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    requestHash: string(),
    answer: any(),
  }),
  timestamps: false,
});

const commandKey = (by: PersonId, id: CommandId) => ({ command: `CMD#${by}#${id}`, part: '0' });

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
  writes.length + itemsOfFacts(events) + (command === undefined ? 0 : 1);

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

/**
 * Writes all or nothing. Rejects with `CommandRepeated` when the command was carried out before (`commandAnswer` has its answer), with
 * `StaleVersion` when a condition did not hold or another transaction was under way, with `TypeError` where an event has no canonical form, and with
 * `RangeError` where it is too long to be sealed.
 */
export async function commit({ writes, events, command }: Commit, salt: () => string = freshSalt): Promise<void> {
  const transaction: Write[] = [
    ...(command === undefined
      ? []
      : [
          CommandEntity.build(PutTransaction)
            .item({ ...commandKey(command.by, command.id), requestHash: command.requestHash, answer: command.answer })
            .options({ condition: { attr: 'command', exists: false } }),
        ]),
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

/** What was answered to a command that was carried out; `undefined` where it was not. Strongly consistent. */
export async function commandAnswer(by: PersonId, id: CommandId): Promise<{ requestHash: string; answer: unknown } | undefined> {
  const { Item } = await CommandEntity.build(GetItemCommand).key(commandKey(by, id)).options({ consistent: true }).send();
  return Item && { requestHash: Item.requestHash, answer: Item.answer };
}
