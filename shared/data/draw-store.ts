/**
 * Draws: `DRAW#<authority>#<number>` in the partition of the colour that is drawn; beside each its encrypted secret; `PERIOD#…`, which draw
 * holds a period; `SERIES#<authority>`, the head that the next announcement follows. What is announced is written in one transaction with
 * all of these, so a number is neither skipped nor used twice.
 */
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import type { Standing } from '../domain/colour.ts';
import {
  DRAW_STAGES,
  type Draw,
  type DrawFact,
  drawSubject,
  type Series,
  type SeriesFact,
  seriesSubject,
} from '../domain/draw.ts';
import { attentionOf } from '../domain/draw-evolve.ts';
import { type DrawKind, isMonthly, standingOfKind } from '../domain/draw-kind.ts';
import { newSeries, withAnnounced } from '../domain/draw-series.ts';
import type { CountyCode, Department, DrawPeriod } from '../domain/ids.ts';
import { type LedgerEvent, type Occasion, recordFacts } from '../domain/ledger-event.ts';
import { type CommandRecord, commit, type Write } from './commit.ts';
import { type Cursor, cursorOf, startOf } from './cursor.ts';
import { findAmong, partitionOf } from './standings.ts';
import { inspectionsTable } from './tables.ts';

export const DrawEntity = new Entity({
  name: 'DRAW', // stored on every item as `_et`; renaming it is a data migration
  table: inspectionsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    stage: string().enum(...DRAW_STAGES),
    version: number(),
    state: any().castAs<Draw>(),
    /** Only while something is left to do: what puts it into `openByDue`. */
    openCounty: string().optional(),
    due: string().optional(),
  }),
  timestamps: false,
});

export const DrawSecretEntity = new Entity({
  name: 'DRAW_SECRET',
  table: inspectionsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    /** Base64, under the key of draws, with the draw as its context. */
    ciphertext: string(),
  }),
  timestamps: false,
});

export const SeriesEntity = new Entity({
  name: 'SERIES',
  table: inspectionsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    /** The sequence of its last event; `revision` grows with every announcement too, which counts as an event of its draw. */
    version: number(),
    revision: number(),
    state: any().castAs<Series>(),
  }),
  timestamps: false,
});

export const DrawPeriodEntity = new Entity({
  name: 'DRAW_PERIOD',
  table: inspectionsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    number: number(),
  }),
  timestamps: false,
});

/** A draw as it is stored: `version` is the sequence of its last event. */
export interface StoredDraw {
  readonly draw: Draw;
  readonly version: number;
}

export interface StoredSeries {
  readonly series: Series;
  /** 0 where no fact was ever recorded of it. */
  readonly version: number;
  /** 0 where it was never written; grows with each writing. */
  readonly revision: number;
}

export interface DrawPage {
  readonly items: readonly StoredDraw[];
  readonly cursor?: Cursor;
}

export type DrawRef = Pick<Draw, 'authority' | 'number'>;

/** What a period is drawn for. */
export interface Drawing {
  readonly authority: Department;
  readonly kind: DrawKind;
  readonly period: DrawPeriod;
}

/** A decision on a draw as it is to be written. */
export interface DrawChange {
  readonly draw: Draw;
  readonly facts: readonly DrawFact[];
  readonly ifVersion: number;
  readonly occasion: Occasion;
  readonly command?: CommandRecord;
}

/** A new draw with everything that comes into being with it. */
export interface Announcing {
  readonly draw: Draw;
  readonly fact: Extract<DrawFact, { type: 'DrawAnnounced' }>;
  /** The head before it, whose number and hash it follows. */
  readonly after: StoredSeries;
  readonly secret: string;
  /** The void draw whose period it takes over. */
  readonly instead?: number;
  readonly occasion: Occasion;
}

/** What is recorded of an authority, and its series as it is from then on. */
export interface Noting {
  readonly facts: readonly SeriesFact[];
  readonly after: StoredSeries;
  readonly series: Series;
  readonly occasion: Occasion;
  readonly command?: CommandRecord;
}

export interface DrawStore {
  /** Strongly consistent; `undefined` where the authority has no such draw. */
  load(ref: DrawRef): Promise<StoredDraw | undefined>;
  /** The last draw announced for a period, void or not: of a department's month also the one of the other kind. Strongly consistent. */
  ofPeriod(drawing: Drawing): Promise<StoredDraw | undefined>;
  /** Strongly consistent; at number 0 where nothing was announced yet. */
  series(authority: Department): Promise<StoredSeries>;
  /** Everybody who ever drew, also who is none of the policy's departments any more. Strongly consistent. */
  authorities(): Promise<readonly Department[]>;
  /** Draw, secret, period, head and fact, all or nothing. Rejects with `StaleVersion` where another was announced meanwhile. */
  announce(announcing: Announcing): Promise<void>;
  /** State, events and command, all or nothing. Rejects with `StaleVersion` or `CommandRepeated`. */
  save(change: DrawChange): Promise<void>;
  /** Facts of an authority that concern no draw there is. */
  note(noting: Noting): Promise<void>;
  /** Base64; `undefined` where there is no such draw. */
  secretOf(draw: Pick<Draw, 'authority' | 'number' | 'kind'>): Promise<string | undefined>;
  /** The draws of one partition by authority and number, of one authority where it is given. */
  ofStanding(standing: Standing, limit: number, cursor?: Cursor, authority?: Department): Promise<DrawPage>;
  /** Draws in which something is left to do, the most urgent first. Follows the writes within about a second. */
  openByDue(limit: number, cursor?: Cursor): Promise<DrawPage>;
}

/** Open draws stand apart from open tasks in the index, whose number is of another order. */
const openDrawsOf = (county: CountyCode): string => `${county}#draws`;

const keyOf = (county: CountyCode, { kind, ...ref }: DrawRef & Pick<Draw, 'kind'>, what = '') => ({
  partition: partitionOf(county, standingOfKind(kind)),
  part: `${drawSubject(ref)}${what}`,
});
const seriesKey = (county: CountyCode, authority: Department) => ({
  partition: partitionOf(county, 'NONE'),
  part: seriesSubject(authority),
});
/** The month has one inspection of a department, the special one or the experts': both would be two. */
const MONTHLY = 'MONTHLY';
export const periodKey = (county: CountyCode, { authority, kind, period }: Drawing) => ({
  partition: partitionOf(county, standingOfKind(kind)),
  part: `PERIOD#${authority}#${isMonthly(kind) ? MONTHLY : kind}#${period}`,
});

/** What a decision adds to a transaction: the events and the state, guarded by the version. */
export function drawWrites({ draw, facts, ifVersion, occasion }: Omit<DrawChange, 'command'>): {
  readonly events: LedgerEvent[];
  readonly writes: Write[];
} {
  const attention = attentionOf(draw);
  const write = DrawEntity.build(PutTransaction).item({
    ...keyOf(draw.county, draw),
    stage: draw.stage,
    version: ifVersion + facts.length,
    state: draw,
    ...(attention !== undefined && { openCounty: openDrawsOf(draw.county), due: attention }),
  });
  return {
    events: recordFacts(facts, drawSubject(draw), ifVersion, standingOfKind(draw.kind), occasion),
    writes: [
      ifVersion === 0
        ? write.options({ condition: { attr: 'part', exists: false } })
        : write.options({ condition: { attr: 'version', eq: ifVersion } }),
    ],
  };
}

/** The series in the place of what was read. `facts`: how many of its own are recorded with it. */
export function seriesWrite(county: CountyCode, series: Series, { version, revision }: StoredSeries, facts: number): Write {
  const put = SeriesEntity.build(PutTransaction).item({
    ...seriesKey(county, series.authority),
    version: version + facts,
    revision: revision + 1,
    state: series,
  });
  return revision === 0
    ? put.options({ condition: { attr: 'part', exists: false } })
    : put.options({ condition: { attr: 'revision', eq: revision } });
}

/** That a draw holds its period: `instead` of a void one that held it, or as the first. */
export const periodWrite = (county: CountyCode, draw: Draw, instead: number | undefined): Write =>
  DrawPeriodEntity.build(PutTransaction)
    .item({ ...periodKey(county, draw), number: draw.number })
    .options({ condition: instead === undefined ? { attr: 'number', exists: false } : { attr: 'number', eq: instead } });

const SERIES = 'SERIES#';

const stored = (items: readonly { state: Draw; version: number }[] | undefined): StoredDraw[] =>
  (items ?? []).map(({ state, version }) => ({ draw: state, version }));

export function dynamoDrawStore(county: CountyCode): DrawStore {
  const load = async (ref: DrawRef): Promise<StoredDraw | undefined> =>
    findAmong(async (standing) => {
      const key = { partition: partitionOf(county, standing), part: drawSubject(ref) };
      const { Item } = await DrawEntity.build(GetItemCommand).key(key).options({ consistent: true }).send();
      return Item && { draw: Item.state, version: Item.version };
    });
  return {
    load,
    async ofPeriod(drawing) {
      const { Item } = await DrawPeriodEntity.build(GetItemCommand)
        .key(periodKey(county, drawing))
        .options({ consistent: true })
        .send();
      return Item && load({ authority: drawing.authority, number: Item.number });
    },
    async series(authority) {
      const { Item } = await SeriesEntity.build(GetItemCommand)
        .key(seriesKey(county, authority))
        .options({ consistent: true })
        .send();
      if (Item === undefined) return { series: newSeries(authority), version: 0, revision: 0 };
      return { series: Item.state, version: Item.version, revision: Item.revision };
    },
    async authorities() {
      const found: Department[] = [];
      let start: Record<string, unknown> | undefined;
      do {
        const { Items, LastEvaluatedKey } = await inspectionsTable
          .build(QueryCommand)
          .query({ partition: partitionOf(county, 'NONE'), range: { beginsWith: SERIES } })
          .entities(SeriesEntity)
          .options({ consistent: true, ...(start !== undefined && { exclusiveStartKey: start }) })
          .send();
        found.push(...(Items ?? []).map(({ state }) => state.authority));
        start = LastEvaluatedKey;
      } while (start !== undefined);
      return found;
    },
    async announce({ draw, fact, after, secret, instead, occasion }) {
      const { events, writes } = drawWrites({ draw, facts: [fact], ifVersion: 0, occasion });
      const series = withAnnounced(after.series, draw);
      await commit({
        events,
        writes: [
          ...writes,
          seriesWrite(county, series, after, 0),
          periodWrite(county, draw, instead),
          DrawSecretEntity.build(PutTransaction)
            .item({ ...keyOf(county, draw, '#SECRET'), ciphertext: secret })
            .options({ condition: { attr: 'part', exists: false } }),
        ],
      });
    },
    async save({ command, ...change }) {
      await commit({ ...drawWrites(change), ...(command && { command }) });
    },
    async note({ facts, after, series, occasion, command }) {
      await commit({
        events: recordFacts(facts, seriesSubject(series.authority), after.version, 'NONE', occasion),
        writes: [seriesWrite(county, series, after, facts.length)],
        ...(command && { command }),
      });
    },
    async secretOf(draw) {
      const { Item } = await DrawSecretEntity.build(GetItemCommand)
        .key(keyOf(county, draw, '#SECRET'))
        .options({ consistent: true })
        .send();
      return Item?.ciphertext;
    },
    async ofStanding(standing, limit, cursor, authority) {
      const { Items, LastEvaluatedKey } = await inspectionsTable
        .build(QueryCommand)
        .query({
          partition: partitionOf(county, standing),
          range: { beginsWith: authority === undefined ? 'DRAW#' : `DRAW#${authority}#` },
        })
        .entities(DrawEntity)
        .options({ limit, consistent: true, ...startOf(cursor) })
        .send();
      return { items: stored(Items), ...cursorOf(LastEvaluatedKey) };
    },
    async openByDue(limit, cursor) {
      const { Items, LastEvaluatedKey } = await inspectionsTable
        .build(QueryCommand)
        .query({ index: 'openByDue', partition: openDrawsOf(county) })
        .entities(DrawEntity)
        .options({ limit, ...startOf(cursor) })
        .send();
      return { items: stored(Items), ...cursorOf(LastEvaluatedKey) };
    },
  };
}
