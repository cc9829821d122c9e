-- 所有县的日导出包，用 Athena 查询。每个县的 Glue 数据库和表由它的 Archive 栈建立，名称里有县代码。
-- The day bundles of all counties, asked in Athena. Each county's Archive stack makes its database of Glue and its tables, named after the county.
-- 没有写 bundle 范围的查询会查找全部编号；写上 bundle BETWEEN … AND … 更快。
-- A question that names no bundles looks for every number there could be: `bundle BETWEEN … AND …` is faster.

-- name: all-counties
-- 一次性建立（在任一数据库中）：各县合并的视图，每县一行 / once, in any of the databases: a view over all counties, a line for each
CREATE OR REPLACE VIEW events AS
SELECT * FROM dual_prevention_533102.events_533102
UNION ALL SELECT * FROM dual_prevention_533103.events_533103;

-- name: events-by-day
-- 各县每天各类事项有多少 / how much of what happened, by county and day
SELECT county, "date", type, count(*) AS events
FROM events
GROUP BY county, "date", type
ORDER BY county, "date", type;

-- name: events-by-day-from-record
-- 同上（一个县的正式记录）：两者必须一致 / the same from the record of one county: both have to agree
SELECT county, CAST(from_iso8601_timestamp("at") AT TIME ZONE 'Asia/Shanghai' AS date) AS "date", type, count(*) AS events
FROM dual_prevention_533102.record_533102
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3;

-- name: overdue-hazards
-- 一个县当前逾期的隐患（最新导出包的期末状态） / hazards of a county that are overdue now, by its newest bundle
WITH newest AS (
  SELECT * FROM dual_prevention_533102.state_533102
  WHERE "$path" LIKE '%/state/hazards.jsonl.gz' AND bundle = (SELECT max(bundle) FROM dual_prevention_533102.state_533102))
SELECT
  json_extract_scalar(state, '$.owner') AS owner,
  json_extract_scalar(state, '$.id') AS hazard,
  json_extract_scalar(state, '$.colour') AS colour,
  coalesce(json_extract_scalar(state, '$.grade.level'), 'ungraded') AS level,
  json_extract_scalar(state, '$.finding.place') AS place,
  json_extract_scalar(owed, '$.kind') AS owed,
  from_iso8601_timestamp(json_extract_scalar(owed, '$.due')) AS due
FROM newest
CROSS JOIN UNNEST(CAST(json_extract(state, '$.obligations') AS array(json))) AS obligations (owed)
WHERE json_extract_scalar(state, '$.stage') NOT IN ('closed', 'withdrawn')
  AND from_iso8601_timestamp(json_extract_scalar(owed, '$.due')) <= current_timestamp
ORDER BY due, hazard;

-- name: missed-checks
-- 各县各颜色每月漏查多少点次（结算时），其中多少后来补查 / checks missed at the end of their period, by colour, and how many were made up later
SELECT
  county,
  colour,
  date_format("date", '%Y-%m') AS month,
  sum(CASE type WHEN 'PeriodSealed' THEN json_array_length(json_extract(data, '$.missed')) ELSE 0 END) AS missed,
  sum(CASE type WHEN 'SealAmended' THEN json_array_length(json_extract(data, '$.madeUpLate')) ELSE 0 END) AS made_up
FROM events
WHERE type IN ('PeriodSealed', 'SealAmended')
GROUP BY county, colour, date_format("date", '%Y-%m')
ORDER BY 1, 2, 3;

-- name: reads-by-auditors
-- 审计人员读取了什么：次数、文件数、首末时间 / what auditors read: how often, how many files, from when to when
SELECT
  county,
  actor,
  type,
  count(*) AS reads,
  sum(coalesce(json_array_length(json_extract(data, '$.files')), CAST(json_extract_scalar(data, '$.values') AS bigint))) AS things,
  min("at") AS first,
  max("at") AS last
FROM events
WHERE role = 'auditor' AND type IN ('ExportRead', 'SaltsRead', 'ExportSeen', 'ReadRefused')
GROUP BY county, actor, type
ORDER BY 1, 2, 3;

-- name: gaps
-- 是否有缺：每个对象的序号应当连续；没有行就是没有缺 / whether anything is missing: no row is no gap
SELECT county, subject, count(*) AS events, max(sequence) AS last
FROM dual_prevention_533102.record_533102
GROUP BY county, subject
HAVING count(*) <> max(sequence)
ORDER BY 1, 2;
