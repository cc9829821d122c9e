/** The views of Athena over all counties, which name each county's tables: the questions then ask of the views alone, as they do in DuckDB. */
import type { CountyCode } from '../domain/ids.ts';
import { lakeDatabase } from './lake.ts';

export interface LakeCounty {
  /** Of the deployment. */
  readonly id: string;
  readonly county: CountyCode;
}

/** `\n  UNION ALL ` between a SELECT of each county. */
const ofAll = (counties: readonly LakeCounty[], columns: (county: CountyCode) => string, table: string): string =>
  counties
    .map(({ id, county }) => `  SELECT ${columns(county)} FROM ${lakeDatabase(id)}.${table}_${county}`)
    .join('\n  UNION ALL\n');

const HEAD = `-- 所有县的日导出包，用 Athena 查询：在任一数据库中逐条执行下列语句一次，再执行 questions.sql 中的查询。以后新增的导出包自动包括在内。
-- The day bundles of all counties, in Athena: run each of these statements once, in any database, then ask what questions.sql asks. Later bundles are in by themselves.
-- 本文件由 npm run lake 按 infra/deployments 生成；县有增减时重新生成。/ Made by \`npm run lake\` from infra/deployments; made anew when a county comes or goes.
-- 没有写 bundle 范围的查询会查找全部编号；写上 bundle BETWEEN … AND … 更快。
-- A question that names no bundles looks for every number there could be: \`bundle BETWEEN … AND …\` is faster.
`;

/** The file. */
export const athenaViews = (counties: readonly LakeCounty[]): string => `${HEAD}
-- 已关闭的导出包：还在写的不算 / bundles that are closed; one that is still written does not count
CREATE OR REPLACE VIEW closed AS
SELECT county, sequence AS bundle FROM (
${ofAll(counties, () => 'county, sequence', 'manifests')}
);

-- 事件：每列都有类型，at 是 UTC，date 是当地日期 / events: \`at\` is UTC, \`date\` the day of the zone
CREATE OR REPLACE VIEW events AS
SELECT lines.* FROM (
${ofAll(counties, () => '*', 'events')}
) AS lines
JOIN closed ON closed.county = lines.county AND closed.bundle = lines.bundle;

-- 正式记录：与封存日志逐字节一致 / the record, as the log has sealed it
CREATE OR REPLACE VIEW record AS
SELECT
  lines.bundle,
  lines.county,
  lines.colour,
  CAST(from_iso8601_timestamp(lines."at") AT TIME ZONE 'Asia/Shanghai' AS date) AS "date",
  lines."index",
  lines.id,
  CAST(from_iso8601_timestamp(lines."at") AT TIME ZONE 'UTC' AS timestamp) AS "at",
  lines.type,
  lines.subject,
  lines.sequence,
  lines.actor.id AS actor,
  lines.actor.role AS role,
  lines.actor.owner AS owner,
  lines.data,
  lines.schema
FROM (
${ofAll(counties, () => '*', 'record')}
) AS lines
JOIN closed ON closed.county = lines.county AND closed.bundle = lines.bundle;

-- 每县最新的已关闭导出包的期末状态 / how everything stood at the end of each county's newest closed bundle
CREATE OR REPLACE VIEW state AS
SELECT lines.county, regexp_extract(lines.path, '/state/([a-z-]+)\\.jsonl\\.gz$', 1) AS part, lines.subject, lines.version, lines.state
FROM (
${ofAll(counties, (county) => `'${county}' AS county, bundle, "$path" AS path, subject, version, state`, 'state')}
) AS lines
JOIN (SELECT county, max(bundle) AS bundle FROM closed GROUP BY county) AS newest
  ON newest.county = lines.county AND newest.bundle = lines.bundle;

-- 每项隐患还欠什么、应在何时完成（UTC）/ what each hazard owes, and until when (UTC)
CREATE OR REPLACE VIEW obligations AS
SELECT
  lines.county,
  lines.subject,
  json_extract_scalar(one, '$.kind') AS owed,
  CAST(from_iso8601_timestamp(json_extract_scalar(one, '$.due')) AT TIME ZONE 'UTC' AS timestamp) AS due
FROM state AS lines
CROSS JOIN UNNEST(CAST(json_extract(lines.state, '$.obligations') AS array(json))) AS owed (one)
WHERE lines.part = 'hazards';
`;
