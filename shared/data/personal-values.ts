/**
 * What stands behind the commitments of events: in the table Personal, subject → by sequence, the salts and values of one event. It is put
 * with the event or not at all, and never changed but by taking away.
 */
import { Entity } from 'dynamodb-toolbox/entity';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, string } from 'dynamodb-toolbox/schema';
import { commitmentOf } from '../archive/commitments.ts';
import type { CommittedValue, SaltedValues } from '../domain/commitment.ts';
import type { LedgerEvent } from '../domain/ledger-event.ts';
import { type PersonalText, personalTexts, withCommitments } from '../domain/personal-members.ts';
import { personalTable } from './tables.ts';

export const PersonalEntity = new Entity({
  name: 'PERSONAL', // stored on every item as `_et`; renaming it is a data migration
  table: personalTable,
  schema: item({
    subject: string().key().savedAs('pk'),
    sequence: string().key().savedAs('sk'),
    values: any().castAs<SaltedValues>(),
  }),
  timestamps: false,
});

/** An event with commitments, and what stands behind them. */
export interface Committed {
  readonly event: LedgerEvent;
  readonly values: SaltedValues;
}

/** Puts commitments in the place of what is of a person; `only` leaves out what need not be. */
export function committed(event: LedgerEvent, salt: () => string, only: (text: PersonalText) => boolean = () => true): Committed {
  const values = personalTexts(event)
    .filter(only)
    .map(({ path, value }): CommittedValue => ({ path, salt: salt(), value }));
  if (values.length === 0) return { event, values };
  return { event: withCommitments(event, new Map(values.map((value) => [value.path, commitmentOf(value)]))), values };
}

/** Puts the values of an event, whose place is `key`; refused where there are some already. */
export const valuesWrite = (key: { readonly subject: string; readonly sequence: string }, values: SaltedValues) =>
  PersonalEntity.build(PutTransaction)
    .item({ ...key, values })
    .options({ condition: { attr: 'subject', exists: false } });
