/**
 * The lake: bundles of days as tables, so that an analyst asks SQL of everything that happened. A day's bundle has each event once; those of
 * months hold the same events again and are no part of it. Glue, Athena and DuckDB get their tables from here.
 */
import type { CountyCode } from '../domain/ids.ts';
import type { ViewKind } from '../domain/view.ts';
import { EVENT_VIEW } from './event-view.ts';
import { CLOSED_DAYS } from './paths.ts';

export interface LakeColumn {
  readonly name: string;
  /** As Glue and Athena write types. */
  readonly type: string;
  readonly comment: string;
}

export interface LakeTable {
  readonly name: string;
  readonly comment: string;
  readonly format: 'parquet' | 'json';
  /** Under the archive bucket, with the number of the bundle in its place; every file below it, in whatever folder, is of the table. */
  readonly folder: string;
  /** A folder for each bundle. */
  readonly isByBundle: boolean;
  readonly columns: readonly LakeColumn[];
}

const TYPES: Readonly<Record<ViewKind, string>> = {
  text: 'string',
  json: 'string',
  integer: 'bigint',
  instant: 'timestamp',
  day: 'date',
};

const column = (name: string, type: string, comment: string): LakeColumn => ({ name, type, comment });

/** What has its own folder under each bundle of a day. `bundle` is the partition: its number in six digits. */
const bundleFolder = 'day/bundle=${bundle}';

/** Events with a type for each column, for questions. `at` is UTC; `data` is JSON. */
const EVENTS: LakeTable = {
  name: 'events',
  comment: '事件（按列，供查询）：每个事件一行，时间为 UTC，data 为 JSON',
  format: 'parquet',
  folder: `${bundleFolder}/views/parquet/`,
  isByBundle: true,
  columns: EVENT_VIEW.columns.map(({ name, heading, kind }) => column(name, TYPES[kind], heading)),
};

/** The record itself: the lines that the log has sealed. Whoever doubts an answer asks it here, and then `verify.py`. */
const recordOf = (county: CountyCode): LakeTable => ({
  name: 'record',
  comment: '事件（正式记录）：与封存日志内容一致的行，data 为 JSON 文本',
  format: 'json',
  folder: `${bundleFolder}/county=${county}/`,
  isByBundle: true,
  columns: [
    column('index', 'bigint', '序号'),
    column('id', 'string', '事件编号'),
    column('at', 'string', '时间（UTC）'),
    column('county', 'string', '县代码'),
    column('colour', 'string', '颜色代码'),
    column('type', 'string', '事项代码'),
    column('subject', 'string', '对象代码'),
    column('sequence', 'bigint', '对象内序号'),
    column('actor', 'struct<id:string,role:string,owner:string>', '办理人'),
    column('data', 'string', '原始数据（JSON）'),
    column('schema', 'bigint', '格式版本'),
  ],
});

/** How everything stood at the end of each day, a line for each thing: what kind of thing says the name of the file (`"$path"`). */
const STATE: LakeTable = {
  name: 'state',
  comment: '每日期末状态：风险点、隐患、抽查、任务等，种类见 "$path"',
  format: 'json',
  folder: `${bundleFolder}/state/`,
  isByBundle: true,
  columns: [
    column('subject', 'string', '对象代码'),
    column('version', 'bigint', '对象内序号'),
    column('state', 'string', '状态（JSON）'),
  ],
};

/**
 * Which bundles are closed: a copy of each day's manifest, since Athena takes folders alone, and in a bundle's own everything else lies too. What
 * is not named here is still being written.
 */
const MANIFESTS: LakeTable = {
  name: 'manifests',
  comment: '已关闭的日导出包：未列出的还在写，不应计入',
  format: 'json',
  folder: `${CLOSED_DAYS}/`,
  isByBundle: false,
  columns: [
    column('bundle', 'string', '导出编号'),
    column('county', 'string', '县代码'),
    column('sequence', 'bigint', '导出包序号'),
    column('events', 'bigint', '事件数'),
    column('root', 'string', '日志根哈希'),
  ],
};

/** The tables of a county's archive. */
export const lakeTables = (county: CountyCode): readonly LakeTable[] => [EVENTS, recordOf(county), STATE, MANIFESTS];

/** Of an installation, since several may stand in one account; a question may name the databases of several counties. */
export const lakeDatabase = (installation: string): string => `dual_prevention_${installation.replaceAll('-', '_')}`;

/** `events_533102`: the tables of several counties stand in one database. */
export const lakeTableName = ({ name }: LakeTable, county: CountyCode): string => `${name}_${county}`;

/** A bundle a day for 27 years: the ten that the archive keeps them at least, and what nobody deletes. A question that names its bundles looks for no others. */
const MOST_BUNDLES = 9_999;
const BUNDLE_DIGITS = 6;

/** The partition of every table that has a folder for each bundle. */
export const LAKE_PARTITION = column('bundle', 'int', '导出包序号');

/**
 * Athena works out the partitions instead of keeping a list: bundles are numbered 1, 2, 3 … without a gap. Colour and date are columns and no
 * partitions, since every combination of the three that a question leaves open would be looked for in S3.
 */
export const lakeProjection = ({ folder, isByBundle }: LakeTable, bucket: string): Readonly<Record<string, string>> =>
  isByBundle
    ? {
        'projection.enabled': 'true',
        'projection.bundle.type': 'integer',
        'projection.bundle.range': `1,${MOST_BUNDLES}`,
        'projection.bundle.digits': String(BUNDLE_DIGITS),
        'storage.location.template': `s3://${bucket}/${folder}`,
      }
    : {};

/** How Hive reads and writes a format. */
export const LAKE_FORMATS: Readonly<
  Record<
    LakeTable['format'],
    {
      readonly serde: string;
      readonly input: string;
      readonly output: string;
      readonly parameters: Readonly<Record<string, string>>;
    }
  >
> = {
  parquet: {
    serde: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
    input: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    output: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    parameters: {},
  },
  json: {
    serde: 'org.openx.data.jsonserde.JsonSerDe',
    input: 'org.apache.hadoop.mapred.TextInputFormat',
    output: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    parameters: {
      'ignore.malformed.json': 'false',
      'case.insensitive': 'false', // or names in `data` and `state` that differ by it alone would be one
    },
  },
};
