/**
 * What an authority says before it draws: its list of items (抽查事项清单) as `ITEMS#{authority}`, its plans (抽查计划) as
 * `PLAN#{authority}#{period}`, both in `{county}#NONE`. What is kept here is also to be published: until it is, it stands in `openByDue`
 * beside what else is open, so that no crash between the two can leave it unpublished.
 */
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import type { Instant } from '../domain/calendar.ts';
import { authorityName, paddedNumber } from '../domain/draw.ts';
import type { CountyCode, Department, DrawPeriod } from '../domain/ids.ts';
import { type ItemList, type ItemListFact, itemListSubject } from '../domain/inspection-item.ts';
import { type InspectionPlan, type InspectionPlanFact, planSubject } from '../domain/inspection-plan.ts';
import { type Occasion, recordFacts } from '../domain/ledger-event.ts';
import { type CommandRecord, commit, StaleVersion, type Write } from './commit.ts';
import { type StoredSeries, seriesWrite } from './draw-store.ts';
import { partitionOf } from './standings.ts';
import { inspectionsTable } from './tables.ts';

const keys = { partition: string().key().savedAs('pk'), subject: string().key().savedAs('sk') };
/** When it was kept, and, only while it is not published, what puts it into `openByDue`. */
const publication = { keptAt: string(), openCounty: string().optional(), due: string().optional() };

export const ItemListEntity = new Entity({
  name: 'ITEM-LIST', // stored on every item as `_et`; renaming it is a data migration
  table: inspectionsTable,
  schema: item({ ...keys, ...publication, version: number(), state: any().castAs<ItemList>() }),
  timestamps: false,
});

export const PlanEntity = new Entity({
  name: 'PLAN', // as above
  table: inspectionsTable,
  schema: item({ ...keys, ...publication, version: number(), state: any().castAs<InspectionPlan>() }),
  timestamps: false,
});

/** A list or a plan as it is stored: `version` is the sequence of its last event. */
export interface Kept<State> {
  readonly state: State;
  readonly version: number;
  readonly keptAt: Instant;
}

/** A decision as it is to be written. */
export interface KeptChange<State, Fact> {
  readonly state: State;
  readonly facts: readonly Fact[];
  /** The version it was decided on; 0 for the first. */
  readonly ifVersion: number;
  readonly occasion: Occasion;
  readonly command: CommandRecord;
}

/** A plan is decided on the head of its authority's series, which moves with it: a draw that is being announced by the plan before is announced again. */
export interface PlanChange extends KeptChange<InspectionPlan, InspectionPlanFact> {
  readonly series: StoredSeries;
}

/** What has to be published: a file that no other version has, so that it never matters who writes it how often, or in which order. */
export interface Unpublished {
  /** `published/items/533102.YJJ/000003.json`, `published/plans/533102.YJJ/2026-06/000001.json` */
  readonly key: string;
  /** JSON. */
  readonly body: string;
  readonly kept:
    | { readonly of: 'items'; readonly is: Kept<ItemList> }
    | { readonly of: 'plan'; readonly is: Kept<InspectionPlan> };
}

export interface ItemListStore {
  /** Strongly consistent; `undefined` where the authority has kept none. */
  items(authority: Department): Promise<Kept<ItemList> | undefined>;
  /** Strongly consistent; `undefined` where nothing was planned for the period. */
  plan(authority: Department, period: DrawPeriod): Promise<Kept<InspectionPlan> | undefined>;
  /** State, events and command, all or nothing. Rejects with `StaleVersion` or `CommandRepeated`. */
  saveItems(change: KeptChange<ItemList, ItemListFact>): Promise<void>;
  savePlan(change: PlanChange): Promise<void>;
  /** What was kept until then and not published, the oldest first. Follows the writes within about a second. */
  unpublished(until: Instant): Promise<readonly Unpublished[]>;
  /** To be called once the file lies there. What was changed meanwhile stays unpublished. */
  published(one: Unpublished): Promise<void>;
}

const itemsKey = (county: CountyCode, authority: Department) => ({
  partition: partitionOf(county, 'NONE'),
  subject: itemListSubject(authority),
});
const planKey = (county: CountyCode, plan: Pick<InspectionPlan, 'authority' | 'period'>) => ({
  partition: partitionOf(county, 'NONE'),
  subject: planSubject(plan),
});

const isUnchangedSince = (version: number) =>
  version === 0 ? ({ attr: 'version', exists: false } as const) : ({ attr: 'version', eq: version } as const);

const itemsFile = (county: CountyCode, { state, version, keptAt }: Kept<ItemList>) => ({
  key: `published/items/${authorityName(county, state.authority)}/${paddedNumber(version)}.json`,
  body: JSON.stringify({ version, keptAt, ...state }),
});
const planFile = (county: CountyCode, { state, version, keptAt }: Kept<InspectionPlan>) => ({
  key: `published/plans/${authorityName(county, state.authority)}/${state.period}/${paddedNumber(version)}.json`,
  body: JSON.stringify({ version, keptAt, ...state }),
});

const keptOf = <State>({ state, version, keptAt }: { state: State; version: number; keptAt: string }): Kept<State> => ({
  state,
  version,
  keptAt: keptAt as Instant, // written as one below
});

/** A list in the place of the version it was decided on. Until it is published it stands in `openByDue`. */
export const itemsWrite = (county: CountyCode, list: Kept<ItemList>, ifVersion: number, isPublished: boolean): Write =>
  ItemListEntity.build(PutTransaction)
    .item({
      ...itemsKey(county, list.state.authority),
      ...list,
      ...(!isPublished && { openCounty: county, due: list.keptAt }),
    })
    .options({ condition: isUnchangedSince(ifVersion) });

/** A plan, as above. */
export const planWrite = (county: CountyCode, plan: Kept<InspectionPlan>, ifVersion: number, isPublished: boolean): Write =>
  PlanEntity.build(PutTransaction)
    .item({ ...planKey(county, plan.state), ...plan, ...(!isPublished && { openCounty: county, due: plan.keptAt }) })
    .options({ condition: isUnchangedSince(ifVersion) });

export const dynamoItemListStore = (county: CountyCode): ItemListStore => {
  const save = async <State, Fact extends ItemListFact | InspectionPlanFact>(
    { state, facts, ifVersion, occasion, command }: KeptChange<State, Fact>,
    subject: string,
    write: (county: CountyCode, kept: Kept<State>, ifVersion: number, isPublished: boolean) => Write,
    also: readonly Write[] = [],
  ): Promise<void> => {
    const kept = { state, version: ifVersion + facts.length, keptAt: occasion.at };
    await commit({
      command,
      events: recordFacts(facts, subject, ifVersion, 'NONE', occasion),
      writes: facts.length > 0 ? [write(county, kept, ifVersion, false), ...also] : [],
    });
  };

  return {
    async items(authority) {
      const { Item } = await ItemListEntity.build(GetItemCommand)
        .key(itemsKey(county, authority))
        .options({ consistent: true })
        .send();
      return Item && keptOf(Item);
    },
    async plan(authority, period) {
      const { Item } = await PlanEntity.build(GetItemCommand)
        .key(planKey(county, { authority, period }))
        .options({ consistent: true })
        .send();
      return Item && keptOf(Item);
    },
    saveItems: (change) => save(change, itemListSubject(change.state.authority), itemsWrite),
    savePlan: ({ series, ...change }) =>
      save(change, planSubject(change.state), planWrite, [seriesWrite(county, series.series, series, 0)]),
    async unpublished(until) {
      const { Items } = await inspectionsTable
        .build(QueryCommand)
        .query({ index: 'openByDue', partition: county, range: { lte: until } })
        .entities(ItemListEntity, PlanEntity)
        .options({ maxPages: Number.POSITIVE_INFINITY })
        .send();
      return (Items ?? []).map(({ state, version, keptAt }): Unpublished => {
        if ('items' in state) {
          const is = keptOf({ state, version, keptAt });
          return { ...itemsFile(county, is), kept: { of: 'items', is } };
        }
        const is = keptOf({ state, version, keptAt });
        return { ...planFile(county, is), kept: { of: 'plan', is } };
      });
    },
    async published({ kept }) {
      const write =
        kept.of === 'items'
          ? itemsWrite(county, kept.is, kept.is.version, true)
          : planWrite(county, kept.is, kept.is.version, true);
      try {
        await commit({ writes: [write], events: [] });
      } catch (error) {
        if (!(error instanceof StaleVersion)) throw error;
      }
    },
  };
};
