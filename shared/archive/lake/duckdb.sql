-- 所有县的日导出包，用 SQL 查询（DuckDB 1.3 及以上，无需服务器）：填好第 1 段，整段粘贴，再执行 questions.sql 中的查询。有了新的导出包，再粘贴一次。
-- The day bundles of all counties, asked with SQL (DuckDB 1.3 or later, no server): fill in part 1, paste all of it, then ask what questions.sql asks.
-- Paste it again for bundles that came since. Counties without a closed bundle may stand in the list, if one of it has one.

-- 1. 导出包在哪里：每个县一行，也可以是下载到本机的文件夹，如 '.local/sample/exports/day-*'。
-- 1. Where the bundles lie: a line for each county, or folders on this machine, as '.local/sample/exports/day-*'.
SET VARIABLE folders = [
  's3://ARCHIVE-BUCKET-OF-533102/day/bundle=*',
  's3://ARCHIVE-BUCKET-OF-533103/day/bundle=*'
];
-- 读取 S3 时先执行 / before reading from S3:  INSTALL httpfs; LOAD httpfs; CREATE SECRET (TYPE s3, PROVIDER credential_chain);

-- 2. 哪些文件：有 manifest.json 的导出包才算数，还在写的不算。
-- 2. Which files: a bundle counts once it has its manifest.json; one that is still written does not.
CREATE OR REPLACE MACRO below(pattern) AS list_transform(getvariable('folders'), lambda folder: folder || pattern);
SET VARIABLE closed = (SELECT list(regexp_replace(file, '/manifest\.json$', '')) FROM glob(below('/manifest.json')));
SET VARIABLE newest = (
  SELECT list(folder)
  FROM (
    SELECT max_by(regexp_replace(filename, '/manifest\.json$', ''), regexp_extract(filename, '(\d{6})/manifest', 1)) AS folder
    FROM read_json(list_transform(getvariable('closed'), lambda folder: folder || '/manifest.json'), columns = {county: 'VARCHAR'}, filename = true)
    GROUP BY county));
SET VARIABLE records = (
  SELECT list(file) FROM glob(below('/county=*/colour=*/date=*/events*.jsonl.gz'))
  WHERE regexp_extract(file, '^(.*)/county=', 1) IN (SELECT unnest(getvariable('closed'))));
SET VARIABLE views = (
  SELECT list(file) FROM glob(below('/views/parquet/*.parquet'))
  WHERE regexp_extract(file, '^(.*)/views/', 1) IN (SELECT unnest(getvariable('closed'))));
SET VARIABLE states = (
  SELECT list(file) FROM glob(list_transform(getvariable('newest'), lambda folder: folder || '/state/*.jsonl.gz')));

-- 3. 视图 / views
-- Athena 的写法 / as Athena calls it
CREATE OR REPLACE MACRO json_extract_scalar(value, path) AS json_extract_string(value, path);

-- 正式记录：与封存日志逐字节一致。过长的 data 只有哈希（large），全文见 large/ 文件夹和 events。
-- The record, as the log has sealed it. Data that is too long stands by its hash (`large`); `events` has all of it.
CREATE OR REPLACE VIEW record AS
SELECT CAST(regexp_extract(filename, '(\d{6})/county=', 1) AS INTEGER) AS bundle, county, colour, date, "index", id, "at", type, subject, sequence,
       actor.id AS actor, actor.role AS role, actor.owner AS owner, data, schema
FROM read_json(
  getvariable('records'),
  format = 'newline_delimited',
  columns = {"index": 'BIGINT', id: 'VARCHAR', "at": 'TIMESTAMP', type: 'VARCHAR', subject: 'VARCHAR', sequence: 'BIGINT',
             actor: 'STRUCT(id VARCHAR, role VARCHAR, owner VARCHAR)', data: 'JSON', schema: 'BIGINT'},
  filename = true,
  hive_partitioning = true,
  hive_types = {county: 'VARCHAR', colour: 'VARCHAR', date: 'DATE'});

-- 事件：每列都有类型，查询快；at 是 UTC，date 是当地日期。
-- Events: every column has its type, and questions are answered fast; `at` is UTC, `date` the day of the zone.
CREATE OR REPLACE VIEW events AS
SELECT CAST(regexp_extract(filename, '(\d{6})/views/', 1) AS INTEGER) AS bundle, * EXCLUDE (filename)
FROM read_parquet(getvariable('views'), filename = true, hive_partitioning = false);

-- 每县最新的已关闭导出包的期末状态。
-- How everything stood at the end of each county's newest closed bundle.
CREATE OR REPLACE VIEW state AS
SELECT county, regexp_extract(lines.filename, '/state/([a-z-]+)\.jsonl\.gz$', 1) AS part, subject, version, state
FROM read_json(
  getvariable('states'),
  format = 'newline_delimited',
  columns = {subject: 'VARCHAR', version: 'BIGINT', state: 'JSON'},
  filename = true) AS lines
JOIN read_json(
  list_transform(getvariable('newest'), lambda folder: folder || '/manifest.json'),
  columns = {county: 'VARCHAR'},
  filename = true) AS manifests
  ON regexp_extract(lines.filename, '^(.*)/state/', 1) = regexp_extract(manifests.filename, '^(.*)/manifest', 1);

-- 每项隐患还欠什么、应在何时完成（UTC）。
-- What each hazard owes, and until when (UTC).
CREATE OR REPLACE VIEW obligations AS
SELECT county, subject, owed ->> '$.kind' AS owed, CAST(owed ->> '$.due' AS TIMESTAMP) AS due
FROM (SELECT county, subject, unnest(CAST(json_extract(state, '$.obligations') AS JSON[])) AS owed FROM state WHERE part = 'hazards');
