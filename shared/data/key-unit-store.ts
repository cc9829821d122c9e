/** Key units: one record for each level, `{county}#NONE` / `KEY#{level}`, whose version guards the quota. */
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import { dayOf, type Instant } from '../domain/calendar.ts';
import type { CountyCode, ObjectId } from '../domain/ids.ts';
import {
  KEY_LEVELS,
  type KeyLevel,
  type KeyUnitFact,
  type KeyUnits,
  keyObjectsOn,
  keyUnitsSubject,
  noKeyUnits,
} from '../domain/key-unit.ts';
import { type Occasion, recordFacts } from '../domain/ledger-event.ts';
import { type CommandRecord, commit, type Write } from './commit.ts';
import { partitionOf } from './standings.ts';
import { inspectionsTable } from './tables.ts';

export const KeyUnitsEntity = new Entity({
  name: 'KEY-UNITS', // stored on every item as `_et`; renaming it is a data migration
  table: inspectionsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    subject: string().key().savedAs('sk'),
    version: number(),
    units: any().castAs<KeyUnits>(),
  }),
  timestamps: false,
});

/** The key units of a level as they are stored: `version` is the sequence of the last event, 0 where there is no record yet. */
export interface StoredKeyUnits {
  readonly units: KeyUnits;
  readonly version: number;
}

/** A decision as it is to be written. */
export interface KeyUnitsChange {
  readonly units: KeyUnits;
  readonly facts: readonly KeyUnitFact[];
  readonly ifVersion: number;
  readonly occasion: Occasion;
  readonly command: CommandRecord;
}

export interface KeyUnitStore {
  /** Strongly consistent. */
  load(level: KeyLevel): Promise<StoredKeyUnits>;
  /** The enterprises that are key units of either level at an instant, as draws name them. */
  keyObjects(at: Instant): Promise<ReadonlySet<ObjectId>>;
  /** State, events and command, all or nothing. Rejects with `StaleVersion` or `CommandRepeated`. */
  save(change: KeyUnitsChange): Promise<void>;
}

const keyOf = (county: CountyCode, level: KeyLevel) => ({
  partition: partitionOf(county, 'NONE'),
  subject: keyUnitsSubject(level),
});

/** The units of a level at a version, in the place of the one they were decided on. */
export function keyUnitsWrite(county: CountyCode, units: KeyUnits, version: number, ifVersion: number): Write {
  const put = KeyUnitsEntity.build(PutTransaction).item({ ...keyOf(county, units.level), version, units });
  return ifVersion === 0
    ? put.options({ condition: { attr: 'version', exists: false } })
    : put.options({ condition: { attr: 'version', eq: ifVersion } });
}

export function dynamoKeyUnitStore(county: CountyCode): KeyUnitStore {
  const load = async (level: KeyLevel): Promise<StoredKeyUnits> => {
    const { Item } = await KeyUnitsEntity.build(GetItemCommand).key(keyOf(county, level)).options({ consistent: true }).send();
    return Item === undefined ? { units: noKeyUnits(level), version: 0 } : { units: Item.units, version: Item.version };
  };
  return {
    load,
    async keyObjects(at) {
      const levels = await Promise.all(KEY_LEVELS.map(load));
      return new Set(levels.flatMap(({ units }) => keyObjectsOn(units, dayOf(at))));
    },
    async save({ units, facts, ifVersion, occasion, command }) {
      await commit({
        command,
        events: recordFacts(facts, keyUnitsSubject(units.level), ifVersion, 'NONE', occasion),
        writes: [keyUnitsWrite(county, units, ifVersion + facts.length, ifVersion)],
      });
    },
  };
}
