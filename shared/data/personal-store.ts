/** Reading what stands behind commitments, and taking it away. An item stays when its values go, so that none is ever put there again. */
import { BatchGetRequest } from 'dynamodb-toolbox/entity/actions/batchGet';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { BatchGetCommand, execute } from 'dynamodb-toolbox/table/actions/batchGet';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import { type CommittedValues, type PersonalFact, personalSubject } from '../domain/commitment.ts';
import { type Occasion, recordFacts } from '../domain/ledger-event.ts';
import type { EventPlace } from '../domain/sealing.ts';
import { type CommandRecord, commit, eventKey } from './commit.ts';
import { type Cursor, cursorOf, startOf } from './cursor.ts';
import { PersonalEntity } from './personal-values.ts';
import { personalTable } from './tables.ts';

export interface Removal {
  readonly subject: string;
  /** What is left of the events that something is taken from. */
  readonly left: readonly CommittedValues[];
  readonly fact: PersonalFact;
  /** The last removal of the subject that was seen: nobody else's comes between. */
  readonly last: number;
  readonly occasion: Occasion;
  readonly command?: CommandRecord | undefined;
}

export interface PersonalStore {
  /** Of some events those that have values still, in their order. Strongly consistent. */
  valuesOf(places: readonly EventPlace[]): Promise<readonly CommittedValues[]>;
  /** Of a subject, by sequence. Strongly consistent. */
  ofSubject(
    subject: string,
    limit: number,
    cursor?: Cursor,
  ): Promise<{ readonly items: readonly CommittedValues[]; readonly cursor?: Cursor }>;
  /** All or nothing. Rejects with `StaleVersion` or `CommandRepeated`. */
  remove(removal: Removal): Promise<void>;
}

/** The service's limit of one request. */
const AT_ONCE = 100;
/** What the service did not come to is asked for again, this often in all. */
const ATTEMPTS = 5;

export const dynamoPersonalStore: PersonalStore = {
  async valuesOf(places) {
    const found: CommittedValues[] = [];
    for (let first = 0; first < places.length; first += AT_ONCE) {
      const some = places.slice(first, first + AT_ONCE);
      const command = personalTable
        .build(BatchGetCommand)
        .requests(...some.map((place) => PersonalEntity.build(BatchGetRequest).key(eventKey(place))))
        .options({ consistent: true });
      const { Responses: [items] = [], UnprocessedKeys = {} } = await execute({ maxAttempts: ATTEMPTS }, command);
      if (Object.keys(UnprocessedKeys).length > 0) throw new Error('the table is too busy to tell the values');
      for (const [index, { subject, sequence }] of some.entries()) {
        const values = items?.[index]?.values ?? [];
        if (values.length > 0) found.push({ subject, sequence, values });
      }
    }
    return found;
  },
  async ofSubject(subject, limit, cursor) {
    const { Items, LastEvaluatedKey } = await personalTable
      .build(QueryCommand)
      .query({ partition: subject })
      .entities(PersonalEntity)
      .options({ limit, consistent: true, ...startOf(cursor) })
      .send();
    const items = (Items ?? []).map(({ sequence, values }) => ({ subject, sequence: Number(sequence), values }));
    return { items, ...cursorOf(LastEvaluatedKey) };
  },
  async remove({ subject, left, fact, last, occasion, command }) {
    await commit({
      ...(command && { command }),
      events: recordFacts([fact], personalSubject(subject), last, 'NONE', occasion),
      writes: left.map(({ sequence, values }) =>
        PersonalEntity.build(PutTransaction)
          .item({ ...eventKey({ subject, sequence }), values })
          .options({ condition: { attr: 'subject', exists: true } }),
      ),
    });
  },
};
