-- 对所有县的日导出包提问，Athena 和 DuckDB 都可执行（先按 athena.sql 或 duckdb.sql 建立视图）；只计已关闭的导出包。
-- Questions of the day bundles of all counties, the same text for Athena and DuckDB, after the views of athena.sql or duckdb.sql. Closed bundles alone count.
-- Athena 一次执行一条语句 / Athena takes a statement at a time. `-- name` names each question.

-- name: events-by-day
-- 各县每天各类事项有多少（正式记录）/ how much of what happened, by county and day (from the record)
SELECT county, "date", type, count(*) AS events
FROM record
GROUP BY county, "date", type
ORDER BY county, "date", type;

-- name: events-by-day-from-parquet
-- 同上（Parquet）：两者必须一致 / the same from Parquet: both have to agree
SELECT county, "date", type, count(*) AS events
FROM events
GROUP BY county, "date", type
ORDER BY county, "date", type;

-- name: overdue-hazards
-- 当前逾期的隐患：谁、哪里、哪一步、应在何时完成（UTC）/ hazards that are overdue now: whose, where, with what, and since when (UTC)
SELECT
  s.county,
  json_extract_scalar(s.state, '$.owner') AS owner,
  json_extract_scalar(s.state, '$.id') AS hazard,
  json_extract_scalar(s.state, '$.colour') AS colour,
  coalesce(json_extract_scalar(s.state, '$.grade.level'), 'ungraded') AS level,
  json_extract_scalar(s.state, '$.finding.place') AS place,
  o.owed,
  o.due
FROM state AS s
JOIN obligations AS o ON o.county = s.county AND o.subject = s.subject
WHERE s.part = 'hazards'
  AND json_extract_scalar(s.state, '$.stage') NOT IN ('closed', 'withdrawn')
  AND o.due <= current_timestamp AT TIME ZONE 'UTC'
ORDER BY 1, 8, 3;

-- name: missed-checks
-- 各县各颜色每月漏查多少点次（结算时），其中多少后来补查 / checks missed at the end of their period, by colour, and how many were made up later
SELECT
  county,
  colour,
  substr(CAST("date" AS varchar), 1, 7) AS month,
  CAST(sum(CASE WHEN type = 'PeriodSealed' THEN json_array_length(json_extract(data, '$.missed')) ELSE 0 END) AS bigint) AS missed,
  CAST(sum(CASE WHEN type = 'SealAmended' THEN json_array_length(json_extract(data, '$.madeUpLate')) ELSE 0 END) AS bigint) AS made_up
FROM events
WHERE type IN ('PeriodSealed', 'SealAmended')
GROUP BY county, colour, substr(CAST("date" AS varchar), 1, 7)
ORDER BY 1, 2, 3;

-- name: reads-by-auditors
-- 审计人员读取了什么：次数、文件数、首末时间（UTC）/ what auditors read: how often, how many files, from when to when (UTC)
SELECT
  county,
  actor,
  type,
  count(*) AS reads,
  CAST(sum(coalesce(json_array_length(json_extract(data, '$.files')), CAST(json_extract_scalar(data, '$.values') AS bigint))) AS bigint) AS things,
  min("at") AS first_at,
  max("at") AS last_at
FROM events
WHERE role = 'auditor' AND type IN ('ExportRead', 'SaltsRead', 'ExportSeen', 'ReadRefused')
GROUP BY county, actor, type
ORDER BY 1, 2, 3;

-- name: days-to-close
-- 隐患从登记到销号用了几天（中位数）/ days from report to closing, the median
WITH taken AS (
  SELECT found.county, found.colour, date_diff('millisecond', found."at", closed."at") AS took
  FROM events AS found
  JOIN events AS closed ON closed.county = found.county AND closed.subject = found.subject AND closed.type = 'HazardClosed'
  WHERE found.type = 'HazardReported'),
placed AS (
  SELECT
    county,
    colour,
    took,
    row_number() OVER (PARTITION BY county, colour ORDER BY took) AS place,
    count(*) OVER (PARTITION BY county, colour) AS closed
  FROM taken)
SELECT county, colour, max(closed) AS closed, avg(CAST(took AS double)) / 86400000 AS days
FROM placed
WHERE 2 * place BETWEEN closed AND closed + 2
GROUP BY county, colour
ORDER BY 1, 2;

-- name: gaps
-- 是否有缺：每个对象的序号应当连续，日志的序号也应当连续；没有行就是没有缺 / whether anything is missing: no row is no gap
SELECT county, subject, count(*) AS events, max(sequence) AS last_sequence
FROM record
GROUP BY county, subject
HAVING count(DISTINCT sequence) <> max(sequence) OR count(*) <> max(sequence)
UNION ALL
SELECT county, 'LOG INDEX', count(*), max("index") + 1
FROM record
GROUP BY county
HAVING count(DISTINCT "index") <> max("index") + 1 OR count(*) <> max("index") + 1
ORDER BY 1, 2;
