/**
 * How far in time deadlines were announced: `{county}` / `CURSOR#announce-deadlines`; and up to which beginning the periods of a cadence
 * were opened: `CURSOR#open-period#<cadence>`.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put';
import { item, string } from 'dynamodb-toolbox/schema';
import { type Cadence, type Instant, instant } from '../domain/calendar.ts';
import type { CountyCode } from '../domain/ids.ts';
import { channelsTable } from './tables.ts';

export const ReminderCursorEntity = new Entity({
  name: 'REMINDER-CURSOR', // stored on every item as `_et`; renaming it is a data migration
  table: channelsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    name: string().key().savedAs('sk'),
    through: string(),
  }),
  timestamps: false,
});

export interface ReminderCursor {
  /** Up to which instant everything was told; `undefined` before the first time. Strongly consistent. */
  load(): Promise<Instant | undefined>;
  /** Moves it forward; a run that was overtaken leaves it where it is. */
  advance(through: Instant): Promise<void>;
}

/** Of the periods of each cadence. */
export type OpeningCursors = (cadence: Cadence) => ReminderCursor;

export const dynamoOpeningCursors =
  (county: CountyCode): OpeningCursors =>
  (cadence) =>
    cursorOf(county, `open-period#${cadence}`);

export const dynamoReminderCursor = (county: CountyCode): ReminderCursor => cursorOf(county, 'announce-deadlines');

function cursorOf(county: CountyCode, of: string): ReminderCursor {
  const key = { partition: county, name: `CURSOR#${of}` };
  return {
    async load() {
      const { Item } = await ReminderCursorEntity.build(GetItemCommand).key(key).options({ consistent: true }).send();
      return Item && instant(Item.through);
    },
    async advance(through) {
      try {
        await ReminderCursorEntity.build(PutItemCommand)
          .item({ ...key, through })
          .options({
            condition: {
              or: [
                { attr: 'through', exists: false },
                { attr: 'through', lt: through },
              ],
            },
          })
          .send();
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
