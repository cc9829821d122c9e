-- 所有县的日导出包，用 SQL 查询（DuckDB 1.3 及以上，无需服务器）。整段粘贴即可；每个查询前的“-- name”是它的名称。
-- The day bundles of all counties, asked with SQL (DuckDB 1.3 or later, no server). Paste all of it; `-- name` names each question.

-- 1. 导出包在哪里：每个县一行，也可以是下载到本机的文件夹。
-- 1. Where the bundles lie: a line for each county, or folders on this machine.
SET VARIABLE folders = [
  's3://ARCHIVE-BUCKET-OF-533102/day/bundle=*',
  's3://ARCHIVE-BUCKET-OF-533103/day/bundle=*'
];
-- 读取 S3 时先执行 / before reading from S3:  INSTALL httpfs; LOAD httpfs; CREATE SECRET (TYPE s3, PROVIDER credential_chain);

-- 2. 表 / tables
-- 正式记录：与封存日志逐字节一致。过长的 data 只有哈希（large），全文见 large/ 文件夹和 events。
-- The record, as the log has sealed it. Data that is too long stands by its hash (`large`); `events` has all of it.
CREATE OR REPLACE VIEW record AS
SELECT * FROM read_json(
  list_transform(getvariable('folders'), lambda folder: folder || '/county=*/colour=*/date=*/events*.jsonl.gz'),
  format = 'newline_delimited',
  columns = {"index": 'BIGINT', id: 'VARCHAR', "at": 'TIMESTAMP', type: 'VARCHAR', subject: 'VARCHAR', sequence: 'BIGINT',
             actor: 'STRUCT(id VARCHAR, role VARCHAR, owner VARCHAR)', data: 'JSON', schema: 'BIGINT'},
  hive_partitioning = true,
  hive_types = {bundle: 'INTEGER', county: 'VARCHAR', colour: 'VARCHAR', date: 'DATE'});

-- 事件：每列都有类型，查询快；at 是 UTC，date 是当地日期。
-- Events: every column has its type, and questions are answered fast; `at` is UTC, `date` the day of the zone.
CREATE OR REPLACE VIEW events AS
SELECT * FROM read_parquet(
  list_transform(getvariable('folders'), lambda folder: folder || '/views/parquet/*.parquet'),
  hive_partitioning = true,
  hive_types = {bundle: 'INTEGER'});

-- 每县最新导出包的期末状态。
-- How everything stood at the end of each county's newest bundle.
CREATE OR REPLACE VIEW state AS
WITH lines AS (
  SELECT *, regexp_extract(filename, '^(.*)/bundle=(\d+)/state/([a-z-]+)\.jsonl\.gz$', ['archive', 'number', 'part']) AS found
  FROM read_json(
    list_transform(getvariable('folders'), lambda folder: folder || '/state/*.jsonl.gz'),
    format = 'newline_delimited',
    columns = {subject: 'VARCHAR', version: 'BIGINT', state: 'JSON'},
    filename = true))
SELECT found.archive AS archive, found.part AS part, subject, version, state
FROM lines
QUALIFY found.number::INTEGER = max(found.number::INTEGER) OVER (PARTITION BY found.archive);

-- 3. 查询 / questions

-- name: events-by-day
-- 各县每天各类事项有多少（正式记录）/ how much of what happened, by county and day (from the record)
SELECT county, date, type, count(*) AS events
FROM record
GROUP BY ALL
ORDER BY ALL;

-- name: events-by-day-from-parquet
-- 同上（Parquet）：两者必须一致 / the same from Parquet: both have to agree
SELECT county, date, type, count(*) AS events
FROM events
GROUP BY ALL
ORDER BY ALL;

-- name: overdue-hazards
-- 当前逾期的隐患：谁、哪里、哪一步、应在何时完成 / hazards that are overdue now: whose, where, with what, and since when
SELECT
  state ->> '$.county' AS county,
  state ->> '$.owner' AS owner,
  state ->> '$.id' AS hazard,
  state ->> '$.colour' AS colour,
  coalesce(state ->> '$.grade.level', 'ungraded') AS level,
  state ->> '$.finding.place' AS place,
  owed ->> '$.kind' AS owed,
  (owed ->> '$.due')::TIMESTAMP AS due
FROM (
  SELECT state, unnest((state -> '$.obligations')::JSON[]) AS owed
  FROM state
  WHERE part = 'hazards' AND (state ->> '$.stage') NOT IN ('closed', 'withdrawn'))
WHERE (owed ->> '$.due')::TIMESTAMP <= coalesce(getvariable('now'), now() AT TIME ZONE 'UTC')
ORDER BY county, due, hazard;

-- name: missed-checks
-- 各县各颜色每月漏查多少点次（结算时），其中多少后来补查 / checks missed at the end of their period, by colour, and how many were made up later
SELECT
  county,
  colour,
  strftime(date, '%Y-%m') AS month,
  sum(CASE WHEN type = 'PeriodSealed' THEN len((data -> '$.missed')::JSON[]) ELSE 0 END)::BIGINT AS missed,
  sum(CASE WHEN type = 'SealAmended' THEN len((data -> '$.madeUpLate')::JSON[]) ELSE 0 END)::BIGINT AS made_up
FROM events
WHERE type IN ('PeriodSealed', 'SealAmended')
GROUP BY ALL
ORDER BY ALL;

-- name: reads-by-auditors
-- 审计人员读取了什么：次数、文件数、首末时间 / what auditors read: how often, how many files, from when to when
SELECT
  county,
  actor,
  type,
  count(*) AS reads,
  sum(coalesce(len((data -> '$.files')::JSON[]), (data ->> '$.values')::BIGINT))::BIGINT AS things,
  min("at") AS first,
  max("at") AS last
FROM events
WHERE role = 'auditor' AND type IN ('ExportRead', 'SaltsRead', 'ExportSeen', 'ReadRefused')
GROUP BY ALL
ORDER BY ALL;

-- name: days-to-close
-- 隐患从登记到销号用了几天（中位数）/ days from report to closing, the median
SELECT
  found.county,
  found.colour,
  count(*) AS closed,
  median(date_diff('hour', found."at", closed."at") / 24.0) AS days
FROM events AS found
JOIN events AS closed ON closed.county = found.county AND closed.subject = found.subject AND closed.type = 'HazardClosed'
WHERE found.type = 'HazardReported'
GROUP BY ALL
ORDER BY ALL;

-- name: gaps
-- 是否有缺：每个对象的序号应当连续，日志的序号也应当连续；没有行就是没有缺 / whether anything is missing: no row is no gap
SELECT county, subject, count(*) AS events, max(sequence) AS last
FROM record
GROUP BY county, subject
HAVING count(DISTINCT sequence) <> max(sequence) OR count(*) <> max(sequence)
UNION ALL
SELECT county, 'LOG INDEX', count(*), max("index") + 1
FROM record
GROUP BY county
HAVING count(DISTINCT "index") <> max("index") + 1 OR count(*) <> max("index") + 1
ORDER BY ALL;
