-- 所有县的日导出包，用 Athena 查询：在任一数据库中逐条执行下列语句一次，再执行 questions.sql 中的查询。以后新增的导出包自动包括在内。
-- The day bundles of all counties, in Athena: run each of these statements once, in any database, then ask what questions.sql asks. Later bundles are in by themselves.
-- 本文件由 npm run lake 按 infra/deployments 生成；县有增减时重新生成。/ Made by `npm run lake` from infra/deployments; made anew when a county comes or goes.
-- 没有写 bundle 范围的查询会查找全部编号；写上 bundle BETWEEN … AND … 更快。
-- A question that names no bundles looks for every number there could be: `bundle BETWEEN … AND …` is faster.

-- 已关闭的导出包：还在写的不算 / bundles that are closed; one that is still written does not count
CREATE OR REPLACE VIEW closed AS
SELECT county, sequence AS bundle FROM (
  SELECT county, sequence FROM dual_prevention_533102.manifests_533102
  UNION ALL
  SELECT county, sequence FROM dual_prevention_533103.manifests_533103
  UNION ALL
  SELECT county, sequence FROM dual_prevention_533122.manifests_533122
  UNION ALL
  SELECT county, sequence FROM dual_prevention_533123.manifests_533123
  UNION ALL
  SELECT county, sequence FROM dual_prevention_533124.manifests_533124
);

-- 事件：每列都有类型，at 是 UTC，date 是当地日期 / events: `at` is UTC, `date` the day of the zone
CREATE OR REPLACE VIEW events AS
SELECT lines.* FROM (
  SELECT * FROM dual_prevention_533102.events_533102
  UNION ALL
  SELECT * FROM dual_prevention_533103.events_533103
  UNION ALL
  SELECT * FROM dual_prevention_533122.events_533122
  UNION ALL
  SELECT * FROM dual_prevention_533123.events_533123
  UNION ALL
  SELECT * FROM dual_prevention_533124.events_533124
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
  SELECT * FROM dual_prevention_533102.record_533102
  UNION ALL
  SELECT * FROM dual_prevention_533103.record_533103
  UNION ALL
  SELECT * FROM dual_prevention_533122.record_533122
  UNION ALL
  SELECT * FROM dual_prevention_533123.record_533123
  UNION ALL
  SELECT * FROM dual_prevention_533124.record_533124
) AS lines
JOIN closed ON closed.county = lines.county AND closed.bundle = lines.bundle;

-- 每县最新的已关闭导出包的期末状态 / how everything stood at the end of each county's newest closed bundle
CREATE OR REPLACE VIEW state AS
SELECT lines.county, regexp_extract(lines.path, '/state/([a-z-]+)\.jsonl\.gz$', 1) AS part, lines.subject, lines.version, lines.state
FROM (
  SELECT '533102' AS county, bundle, "$path" AS path, subject, version, state FROM dual_prevention_533102.state_533102
  UNION ALL
  SELECT '533103' AS county, bundle, "$path" AS path, subject, version, state FROM dual_prevention_533103.state_533103
  UNION ALL
  SELECT '533122' AS county, bundle, "$path" AS path, subject, version, state FROM dual_prevention_533122.state_533122
  UNION ALL
  SELECT '533123' AS county, bundle, "$path" AS path, subject, version, state FROM dual_prevention_533123.state_533123
  UNION ALL
  SELECT '533124' AS county, bundle, "$path" AS path, subject, version, state FROM dual_prevention_533124.state_533124
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
