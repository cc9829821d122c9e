/**
 * Exports: `EXPORT#<id>` in `{county}#EXPORTS`, beside them `OPEN#<id>` of those that are not closed, and `SERIES#<kind>`, the last that was
 * closed of each kind, which the next one follows. What belongs to one of them stands in a partition of its own: `PLAN#<slice>`, which events
 * a slice is to hold where that is no stretch of the log, `FILES#<slice>#<page>`, and `SLICE#<slice>`, put last, which says that it is written.
 */
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put';
import { DeleteTransaction } from 'dynamodb-toolbox/entity/actions/transactDelete';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import type { BundleFile } from '../archive/manifest.ts';
import type { Day } from '../domain/calendar.ts';
import { EXPORT_STAGES, type Export, type ExportFact, type ExportKind, exportSubject, type Sha256 } from '../domain/export.ts';
import { type CountyCode, type ExportId, exportId } from '../domain/ids.ts';
import { type Occasion, recordFacts } from '../domain/ledger-event.ts';
import { type CommandRecord, commit, TRANSACTION_LIMIT, type Write } from './commit.ts';
import { type Cursor, cursorOf, startOf } from './cursor.ts';
import { exportsTable } from './tables.ts';

/** The signed note that a bundle is proved by, and who may have signed it: kept with it, since the log's head moves on. */
export interface Proving {
  readonly note: string;
  readonly vkeys: readonly string[];
}

export const ExportEntity = new Entity({
  name: 'EXPORT', // stored on every item as `_et`; renaming it is a data migration
  table: exportsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    stage: string().enum(...EXPORT_STAGES),
    version: number(),
    state: any().castAs<Export>(),
    proving: any().castAs<Proving>(),
  }),
  timestamps: false,
});

export const OpenExportEntity = new Entity({
  name: 'OPEN_EXPORT',
  table: exportsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    id: string(),
  }),
  timestamps: false,
});

/** The last bundle of a kind that was closed. */
export interface ExportSeries {
  readonly id: ExportId;
  readonly sequence: number;
  readonly manifest: Sha256;
  readonly to: Day;
  readonly end: number;
}

export const ExportSeriesEntity = new Entity({
  name: 'EXPORT_SERIES',
  table: exportsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    sequence: number(),
    state: any().castAs<ExportSeries>(),
  }),
  timestamps: false,
});

export const ExportPlanEntity = new Entity({
  name: 'EXPORT_PLAN',
  table: exportsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    /** Ascending indexes as `packIndexes` writes them. */
    indexes: string(),
  }),
  timestamps: false,
});

/** Some of the files of a slice. */
export type FilesPage = readonly BundleFile[];

export const ExportFilesEntity = new Entity({
  name: 'EXPORT_FILES',
  table: exportsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    files: any().castAs<FilesPage>(),
  }),
  timestamps: false,
});

export const ExportSliceEntity = new Entity({
  name: 'EXPORT_SLICE',
  table: exportsTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    part: string().key().savedAs('sk'),
    slice: number(),
    events: number(),
    bytes: number(),
    pages: number(),
  }),
  timestamps: false,
});

/** A slice that is written. */
export interface WrittenSlice {
  readonly slice: number;
  readonly events: number;
  /** Of its files. */
  readonly bytes: number;
}

export interface StoredExport {
  readonly export: Export;
  /** The sequence of its last event. */
  readonly version: number;
  readonly proving: Proving;
}

export interface ExportPage {
  readonly items: readonly StoredExport[];
  readonly cursor?: Cursor;
}

export interface Beginning {
  readonly export: Export;
  readonly fact: Extract<ExportFact, { type: 'ExportBegun' }>;
  readonly proving: Proving;
  /** The indexes of each slice, where they are no stretch of the log. */
  readonly plan: readonly (readonly number[])[];
  readonly occasion: Occasion;
}

export interface Closing {
  readonly before: StoredExport;
  /** As it is from then on, with `closed`, and by what it is proved in the end. */
  readonly export: Export;
  readonly proving: Proving;
  readonly fact: Extract<ExportFact, { type: 'ExportClosed' }>;
  readonly series: ExportSeries;
  readonly occasion: Occasion;
}

/** What is recorded of an export without changing it: that somebody was given its addresses, or read its salts. */
export interface NotingExport {
  readonly before: StoredExport;
  readonly facts: readonly Extract<ExportFact, { type: 'ExportRead' | 'SaltsRead' }>[];
  readonly occasion: Occasion;
  readonly command?: CommandRecord;
}

export interface ExportStore {
  /** Strongly consistent. */
  load(id: ExportId): Promise<StoredExport | undefined>;
  /** The last of a kind that was closed; `undefined` before the first. Strongly consistent. */
  series(kind: ExportKind): Promise<ExportSeries | undefined>;
  /** Export, plan and fact, all or nothing. Rejects with `StaleVersion` where there is one of that id. */
  begin(beginning: Beginning): Promise<void>;
  /** Those that are not closed, by id. Strongly consistent. */
  open(limit: number, cursor?: Cursor): Promise<{ readonly ids: readonly ExportId[]; readonly cursor?: Cursor }>;
  /** Of a slice of a bundle that is not complete; `undefined` for a stretch of the log. Strongly consistent. */
  planned(id: ExportId, slice: number): Promise<readonly number[] | undefined>;
  /** That a slice is written, with its files. Written again it takes the place of what stood there. */
  putSlice(id: ExportId, slice: WrittenSlice, files: readonly BundleFile[]): Promise<void>;
  /** The slices that are written, in their order. Strongly consistent. */
  slices(id: ExportId): Promise<readonly WrittenSlice[]>;
  /** The files of the slices that are written, slice by slice. Strongly consistent. */
  files(id: ExportId): AsyncIterable<BundleFile>;
  /** Series, export and fact, all or nothing. Rejects with `StaleVersion` where another was closed meanwhile. */
  close(closing: Closing): Promise<void>;
  /** Rejects with `StaleVersion` or `CommandRepeated`. */
  note(noting: NotingExport): Promise<void>;
  /** Of one kind; of days and months the newest first, of what was asked for in no order that means anything. Strongly consistent. */
  ofKind(kind: ExportKind, limit: number, cursor?: Cursor): Promise<ExportPage>;
}

const WIDTH = 6;
/** A file's line takes some 200 bytes of the 400 KB that an item holds. */
const FILES_PER_PAGE = 1_000;

const exportsOf = (county: CountyCode): string => `${county}#EXPORTS`;
const ofExport = (county: CountyCode, id: ExportId): string => `${county}#EXPORT#${id}`;
const padded = (n: number): string => String(n).padStart(WIDTH, '0');
const exportKey = (county: CountyCode, id: ExportId) => ({ partition: exportsOf(county), part: exportSubject(id) });
const openKey = (county: CountyCode, id: ExportId) => ({ partition: exportsOf(county), part: `OPEN#${id}` });
const seriesKey = (county: CountyCode, kind: ExportKind) => ({ partition: exportsOf(county), part: `SERIES#${kind}` });
const planKey = (county: CountyCode, id: ExportId, slice: number) => ({
  partition: ofExport(county, id),
  part: `PLAN#${padded(slice)}`,
});

/** Ascending numbers by what each is above the one before, seven bits a byte: some 30 KB for a slice of an item's 400. */
export function packIndexes(indexes: readonly number[]): string {
  const bytes: number[] = [];
  let before = 0;
  for (const index of indexes) {
    let step = index - before;
    for (; step >= 0x80; step = Math.floor(step / 0x80)) bytes.push((step % 0x80) + 0x80);
    bytes.push(step);
    before = index;
  }
  return Buffer.from(bytes).toString('base64');
}

export function unpackIndexes(packed: string): readonly number[] {
  const indexes: number[] = [];
  let [index, place] = [0, 1];
  for (const byte of Buffer.from(packed, 'base64')) {
    index += (byte % 0x80) * place;
    place *= 0x80;
    if (byte >= 0x80) continue;
    indexes.push(index);
    place = 1;
  }
  return indexes;
}

const stored = ({ state, version, proving }: { state: Export; version: number; proving: Proving }): StoredExport => ({
  export: { ...state, version },
  version,
  proving,
});

/** The export in the place of what was read. */
export const exportWrite = (county: CountyCode, state: Export, version: number, proving: Proving, before: number): Write => {
  const put = ExportEntity.build(PutTransaction).item({
    ...exportKey(county, state.id),
    stage: state.stage,
    version,
    state: { ...state, version },
    proving,
  });
  return before === 0
    ? put.options({ condition: { attr: 'part', exists: false } })
    : put.options({ condition: { attr: 'version', eq: before } });
};

/** That it is not closed. */
export const openExportWrite = (county: CountyCode, id: ExportId): Write =>
  OpenExportEntity.build(PutTransaction).item({ ...openKey(county, id), id });

/** The last one of its kind, in the place of the one before it. */
export const exportSeriesWrite = (county: CountyCode, kind: ExportKind, series: ExportSeries): Write =>
  ExportSeriesEntity.build(PutTransaction)
    .item({ ...seriesKey(county, kind), sequence: series.sequence, state: series })
    .options({
      condition: series.sequence === 1 ? { attr: 'sequence', exists: false } : { attr: 'sequence', eq: series.sequence - 1 },
    });

/** More events of one enterprise than one transaction can hold the plan of. A range holds as many as one likes. */
export class PlanTooLong extends Error {
  override readonly name = 'PlanTooLong';
}
/** A plan's item takes up to some 50 KB of the 4 MB that a transaction holds. */
const MOST_PLANNED = TRANSACTION_LIMIT - 30;

export function dynamoExportStore(county: CountyCode): ExportStore {
  /** Every item of an export under a prefix, page by page. */
  async function* under<E extends typeof ExportFilesEntity | typeof ExportSliceEntity>(entity: E, id: ExportId, prefix: string) {
    let start: Record<string, unknown> | undefined;
    do {
      const { Items, LastEvaluatedKey } = await exportsTable
        .build(QueryCommand)
        .query({ partition: ofExport(county, id), range: { beginsWith: prefix } })
        .entities(entity)
        .options({ consistent: true, ...(start !== undefined && { exclusiveStartKey: start }) })
        .send();
      yield Items ?? [];
      start = LastEvaluatedKey;
    } while (start !== undefined);
  }
  return {
    async load(id) {
      const { Item } = await ExportEntity.build(GetItemCommand).key(exportKey(county, id)).options({ consistent: true }).send();
      return Item && stored(Item);
    },
    async series(kind) {
      const { Item } = await ExportSeriesEntity.build(GetItemCommand)
        .key(seriesKey(county, kind))
        .options({ consistent: true })
        .send();
      return Item?.state;
    },
    async begin({ export: begun, fact, proving, plan, occasion }) {
      if (plan.length > MOST_PLANNED) throw new PlanTooLong(`${begun.id} would have ${plan.length} slices`);
      await commit({
        events: recordFacts([fact], exportSubject(begun.id), 0, 'NONE', occasion),
        writes: [
          exportWrite(county, begun, 1, proving, 0),
          openExportWrite(county, begun.id),
          ...plan.map((indexes, slice) =>
            ExportPlanEntity.build(PutTransaction).item({
              ...planKey(county, begun.id, slice),
              indexes: packIndexes(indexes),
            }),
          ),
        ],
      });
    },
    async open(limit, cursor) {
      const { Items, LastEvaluatedKey } = await exportsTable
        .build(QueryCommand)
        .query({ partition: exportsOf(county), range: { beginsWith: 'OPEN#' } })
        .entities(OpenExportEntity)
        .options({ limit, consistent: true, ...startOf(cursor) })
        .send();
      return { ids: (Items ?? []).map(({ id }) => exportId(id)), ...cursorOf(LastEvaluatedKey) };
    },
    async planned(id, slice) {
      const { Item } = await ExportPlanEntity.build(GetItemCommand)
        .key(planKey(county, id, slice))
        .options({ consistent: true })
        .send();
      return Item && unpackIndexes(Item.indexes);
    },
    async putSlice(id, { slice, events, bytes }, files) {
      const partition = ofExport(county, id);
      const pages = Math.ceil(files.length / FILES_PER_PAGE);
      for (let page = 0; page < pages; page++) {
        await ExportFilesEntity.build(PutItemCommand)
          .item({
            partition,
            part: `FILES#${padded(slice)}#${padded(page)}`,
            files: files.slice(page * FILES_PER_PAGE, (page + 1) * FILES_PER_PAGE),
          })
          .send();
      }
      await ExportSliceEntity.build(PutItemCommand)
        .item({ partition, part: `SLICE#${padded(slice)}`, slice, events, bytes, pages })
        .send();
    },
    async slices(id) {
      const found: WrittenSlice[] = [];
      for await (const items of under(ExportSliceEntity, id, 'SLICE#')) {
        found.push(...items.map(({ slice, events, bytes }) => ({ slice, events, bytes })));
      }
      return found;
    },
    async *files(id) {
      for await (const items of under(ExportFilesEntity, id, 'FILES#')) for (const { files } of items) yield* files;
    },
    async close({ before, export: closed, proving, fact, series, occasion }) {
      await commit({
        events: recordFacts([fact], exportSubject(closed.id), before.version, 'NONE', occasion),
        writes: [
          exportSeriesWrite(county, closed.kind, series),
          exportWrite(county, closed, before.version + 1, proving, before.version),
          OpenExportEntity.build(DeleteTransaction).key(openKey(county, closed.id)),
        ],
      });
    },
    async note({ before, facts, occasion, command }) {
      await commit({
        events: recordFacts(facts, exportSubject(before.export.id), before.version, 'NONE', occasion),
        writes: [exportWrite(county, before.export, before.version + facts.length, before.proving, before.version)],
        ...(command && { command }),
      });
    },
    async ofKind(kind, limit, cursor) {
      const { Items, LastEvaluatedKey } = await exportsTable
        .build(QueryCommand)
        .query({ partition: exportsOf(county), range: { beginsWith: `EXPORT#${kind}-` } })
        .entities(ExportEntity)
        .options({ limit, reverse: true, consistent: true, ...startOf(cursor) })
        .send();
      return { items: (Items ?? []).map(stored), ...cursorOf(LastEvaluatedKey) };
    },
  };
}
