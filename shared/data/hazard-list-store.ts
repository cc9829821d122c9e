/** Monthly hazard lists as they were submitted: `{county}#NONE` / `LIST#{uscc}#{month}`. */
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { item, list, number, string } from 'dynamodb-toolbox/schema';
import { type Instant, instant } from '../domain/calendar.ts';
import type { CreditCode } from '../domain/credit-code.ts';
import { type CountyCode, type HazardId, hazardId, type PersonId, personId } from '../domain/ids.ts';
import { type Occasion, recordFacts } from '../domain/ledger-event.ts';
import type { HazardListSubmitted } from '../domain/ledger-fact.ts';
import { type CommandRecord, commit, type Write } from './commit.ts';
import { registerTable } from './tables.ts';

export const HazardListEntity = new Entity({
  name: 'HAZARD-LIST', // stored on every item as `_et`; renaming it is a data migration
  table: registerTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    name: string().key().savedAs('sk'),
    version: number(),
    hazards: list(string()),
    /** When each of them was listed first, in the same order. Items from before this was kept have none. */
    listedAt: list(string()).optional(),
    submittedAt: string(),
    submittedBy: string(),
    firstAt: string(),
  }),
  timestamps: false,
});

/** A list as it was last submitted. `version` is the last sequence of its subject in the ledger. */
export interface SubmittedList {
  readonly version: number;
  readonly hazards: readonly { readonly id: HazardId; readonly listedAt: Instant }[];
  readonly submittedAt: Instant;
  readonly submittedBy: PersonId;
  /** When it was first submitted: it is late when that was too late, or when a hazard came into it too late. */
  readonly firstAt: Instant;
}

const subject = (uscc: CreditCode, month: string): string => `LIST#${uscc}#${month}`;

/** A list in the place of the version before it. */
export const listWrite = (county: CountyCode, name: string, { version, hazards, ...submitted }: SubmittedList): Write =>
  HazardListEntity.build(PutTransaction)
    .item({
      ...{ partition: `${county}#NONE`, name, version, ...submitted },
      ...{ hazards: hazards.map(({ id }) => id), listedAt: hazards.map(({ listedAt }) => listedAt) },
    })
    .options({ condition: version === 1 ? { attr: 'version', exists: false } : { attr: 'version', eq: version - 1 } });

const keyOf = (county: CountyCode, uscc: CreditCode, month: string) => ({
  partition: `${county}#NONE`,
  name: subject(uscc, month),
});

export interface HazardListStore {
  load(uscc: CreditCode, month: string): Promise<SubmittedList | undefined>;
  /** Rejects with `StaleVersion` when somebody submitted since, with `CommandRepeated` like `commit`. */
  submit(
    uscc: CreditCode,
    month: string,
    submitted: SubmittedList,
    note: string | undefined,
    occasion: Occasion,
    command: CommandRecord,
  ): Promise<void>;
}

export const dynamoHazardListStore = (county: CountyCode): HazardListStore => ({
  async load(uscc, month) {
    const { Item } = await HazardListEntity.build(GetItemCommand)
      .key(keyOf(county, uscc, month))
      .options({ consistent: true })
      .send();
    return (
      Item && {
        version: Item.version,
        // What was listed before that was kept counts from the first submission, as it was told then.
        hazards: Item.hazards.map((id, place) => ({
          id: hazardId(id),
          listedAt: instant(Item.listedAt?.[place] ?? Item.firstAt),
        })),
        submittedAt: instant(Item.submittedAt),
        submittedBy: personId(Item.submittedBy),
        firstAt: instant(Item.firstAt),
      }
    );
  },
  async submit(uscc, month, submitted, note, occasion, command) {
    const { version, hazards } = submitted;
    const data = { month, hazards: hazards.map(({ id }) => id), ...(note !== undefined && { note }) };
    const fact: HazardListSubmitted = { type: 'HazardListSubmitted', data };
    const before = version - 1;
    await commit({
      writes: [listWrite(county, subject(uscc, month), submitted)],
      events: recordFacts([fact], subject(uscc, month), before, 'NONE', occasion),
      command,
    });
  },
});
