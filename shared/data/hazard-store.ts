/** Cases; their open task tokens are the token store's. Open cases stand in `openByDeadline`; a closed one leaves it with the write that closes it. */
import { createHash } from 'node:crypto';
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import type { Instant } from '../domain/calendar.ts';
import type { Colour } from '../domain/colour.ts';
import {
  colourOfHazard,
  type Hazard,
  type HazardFact,
  type HazardReport,
  hazardIdWith,
  hazardSubject,
  isOpen,
  STAGES,
} from '../domain/hazard.ts';
import { attentionAt, type ReportRules } from '../domain/hazard-deadlines.ts';
import { reportHazard } from '../domain/hazard-decide.ts';
import { reportedCase } from '../domain/hazard-evolve.ts';
import type { CountyCode, HazardId } from '../domain/ids.ts';
import { type LedgerEvent, type Occasion, recordFacts } from '../domain/ledger-event.ts';
import type { Owner } from '../domain/owner.ts';
import { type CommandRecord, commit, type Write } from './commit.ts';
import { type Cursor, cursorOf, startOf } from './cursor.ts';
import { hazardsTable } from './tables.ts';

export const HazardEntity = new Entity({
  name: 'HAZARD', // stored on every item as `_et`; renaming it is a data migration
  table: hazardsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    owner: string(),
    stage: string().enum(...STAGES),
    version: number(),
    state: any().castAs<Hazard>(),
    /** Only while the case is open: what puts it into `openByDeadline`. */
    openCounty: string().optional(),
    deadline: string().optional(),
  }),
  timestamps: false,
});

/** A case as it is stored: `version` is the sequence of its last event. */
export interface StoredHazard {
  readonly hazard: Hazard;
  readonly version: number;
}

export interface HazardPage {
  readonly items: readonly StoredHazard[];
  readonly cursor?: Cursor;
}

export interface HazardStore {
  /** Strongly consistent; `undefined` where the county has no such case. */
  load(county: CountyCode, id: HazardId): Promise<StoredHazard | undefined>;
  /** State, events and command, all or nothing. Rejects with `StaleVersion` or `CommandRepeated`. */
  save(change: HazardChange): Promise<void>;
  /** The cases of an owner, whatever their stage, by id. */
  ofOwner(owner: Owner, limit: number, cursor?: Cursor): Promise<HazardPage>;
  /** The open cases of a county that need looking at before `until` (all of them without one), the most urgent first. */
  openByDeadline(county: CountyCode, limit: number, cursor?: Cursor, until?: Instant): Promise<HazardPage>;
  /** All cases of a colour, open and closed, by id. */
  ofColour(county: CountyCode, colour: Colour, limit: number, cursor?: Cursor): Promise<HazardPage>;
}

/** A decision as it is to be written. */
export interface HazardChange {
  readonly hazard: Hazard;
  readonly facts: readonly HazardFact[];
  /** The version it was decided on; 0 for a new case. */
  readonly ifVersion: number;
  readonly occasion: Occasion;
  readonly command?: CommandRecord;
}

/** Where a case stands. Its open task token stands beside it. */
const keyOf = (county: CountyCode, id: HazardId) => ({ partition: `${county}#${colourOfHazard(id)}`, part: `HAZ#${id}` });

/** What a decision adds to a transaction: the events and the state, guarded by the version. */
export function hazardWrites({ hazard, facts, ifVersion, occasion }: Omit<HazardChange, 'command'>): {
  readonly events: LedgerEvent[];
  readonly writes: Write[];
} {
  const write = HazardEntity.build(PutTransaction).item({
    ...keyOf(hazard.county, hazard.id),
    owner: hazard.owner,
    stage: hazard.stage,
    version: ifVersion + facts.length,
    state: hazard,
    ...(isOpen(hazard) && { openCounty: hazard.county, deadline: attentionAt(hazard) }),
  });
  return {
    events: recordFacts(facts, hazardSubject(hazard.id), ifVersion, hazard.colour, occasion),
    writes: [
      ifVersion === 0
        ? write.options({ condition: { attr: 'part', exists: false } })
        : write.options({ condition: { attr: 'version', eq: ifVersion } }),
    ],
  };
}

/**
 * A new case, as it goes into the transaction of whoever found it: a round of checks, or a report outside one. `StaleVersion` of that
 * transaction may mean that the case is there already, because its id derives from the command.
 */
export function openCase(
  report: HazardReport,
  rules: ReportRules,
  occasion: Occasion,
): ReturnType<typeof hazardWrites> & { readonly hazard: Hazard } {
  const reported = reportHazard(report, rules, occasion.at);
  const hazard = reportedCase({ ...reported, at: occasion.at, actor: occasion.actor });
  return { hazard, ...hazardWrites({ hazard, facts: [reported], ifVersion: 0, occasion }) };
}

/** The id of a hazard, from the command that reports it and the place of the hazard within it: the same command makes the same id. */
export const hazardIdFrom = (colour: Colour, ...parts: readonly (string | number)[]): HazardId =>
  hazardIdWith(colour, createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 20).toUpperCase());

const stored = (items: readonly { state: Hazard; version: number }[] | undefined): StoredHazard[] =>
  (items ?? []).map(({ state, version }) => ({ hazard: state, version }));

export const dynamoHazardStore: HazardStore = {
  async load(county, id) {
    const { Item } = await HazardEntity.build(GetItemCommand).key(keyOf(county, id)).options({ consistent: true }).send();
    return Item && { hazard: Item.state, version: Item.version };
  },
  async save({ command, ...change }) {
    await commit({ ...hazardWrites(change), ...(command && { command }) });
  },
  async ofOwner(owner, limit, cursor) {
    const { Items, LastEvaluatedKey } = await hazardsTable
      .build(QueryCommand)
      .query({ index: 'byOwner', partition: owner, range: { beginsWith: 'HAZ#' } })
      .entities(HazardEntity)
      .options({ limit, ...startOf(cursor) })
      .send();
    return { items: stored(Items), ...cursorOf(LastEvaluatedKey) };
  },
  async openByDeadline(county, limit, cursor, until) {
    const { Items, LastEvaluatedKey } = await hazardsTable
      .build(QueryCommand)
      .query({ index: 'openByDeadline', partition: county, ...(until && { range: { lte: until } }) })
      .entities(HazardEntity)
      .options({ limit, ...startOf(cursor) })
      .send();
    return { items: stored(Items), ...cursorOf(LastEvaluatedKey) };
  },
  async ofColour(county, colour, limit, cursor) {
    const { Items, LastEvaluatedKey } = await hazardsTable
      .build(QueryCommand)
      .query({ partition: `${county}#${colour}`, range: { beginsWith: 'HAZ#' } })
      .entities(HazardEntity)
      .options({ limit, consistent: true, ...startOf(cursor) })
      .send();
    return { items: stored(Items), ...cursorOf(LastEvaluatedKey) };
  },
};
