/**
 * Every question of the lake, asked of bundles on this machine, against what is counted by hand from the events that they were made of: through
 * the views of DuckDB and through those of Athena, whose text runs here too over tables like those of Glue.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { lakeCounties } from '../../infra/deployments/all.ts';
import { entryOf, type LoggedEvent } from '../../shared/archive/entry.ts';
import { EVENT_VIEW, eventRow } from '../../shared/archive/event-view.ts';
import {
  LAKE_FORMATS,
  type LakeTable,
  lakeDatabase,
  lakeProjection,
  lakeTableName,
  lakeTables,
} from '../../shared/archive/lake.ts';
import { athenaViews } from '../../shared/archive/lake-views.ts';
import { manifestSchema } from '../../shared/archive/manifest.ts';
import { eventsPath } from '../../shared/archive/paths.ts';
import { dayOf, type Instant, instant } from '../../shared/domain/calendar.ts';
import type { Standing } from '../../shared/domain/colour.ts';
import { type Hazard, hazardSubject } from '../../shared/domain/hazard.ts';
import { reportHazard } from '../../shared/domain/hazard-decide.ts';
import { type CountyCode, countyCode, hazardId, personId } from '../../shared/domain/ids.ts';
import { type Actor, type Fact, type LedgerEvent, recordFacts } from '../../shared/domain/ledger-event.ts';
import type { LedgerFact } from '../../shared/domain/ledger-fact.ts';
import { canonical, type Json } from '../../shared/draw/canonical-json.ts';
import { parquetView } from '../../shared/runtime/list-file/write-parquet.ts';
import { ExportCounty } from '../support/export-county.ts';
import { at, opened, people, report, rules } from '../support/hazard-case.ts';

const sql = (name: string): string => readFileSync(new URL(`../../shared/archive/lake/${name}.sql`, import.meta.url), 'utf8');
const [FIRST, SECOND] = [countyCode('533102'), countyCode('533103')];
/** It has a deployment, and no bundle yet. */
const THIRD = countyCode('533122');
const AUDITOR: Actor = { id: personId('auditor-1'), role: 'auditor' };

const hazard = opened();
const HAZARD = hazardSubject(hazard.id);
/** The same with everything due long after these tests. */
const notDue: Hazard = {
  ...hazard,
  id: hazardId('R0123456789ABCDEG'),
  obligations: hazard.obligations.map((one) => ({ ...one, due: instant('2999-01-01T00:00:00.000Z') })),
};

interface Told {
  readonly county: CountyCode;
  readonly colour?: Standing;
  readonly at: Instant;
  readonly actor?: Actor;
  readonly subject: string;
  readonly last?: number;
  readonly fact: Fact;
}
const event = ({ county, colour = 'RED', at, actor = people.wang, subject, last = 0, fact }: Told): LedgerEvent[] =>
  recordFacts([fact], subject, last, colour, { at, county, actor });

const reported = (county: CountyCode, when: Instant) =>
  event({ county, at: when, subject: HAZARD, fact: { type: 'HazardReported', data: { finding: { place: '=一号储罐区' } } } });
const missed = (county: CountyCode, colour: Standing, when: Instant, nos: readonly string[]) =>
  event({
    county,
    colour,
    at: when,
    subject: `SEAL#${colour}#020514#ENT:1`,
    fact: { type: 'PeriodSealed', data: { missed: nos, madeUpLate: [] } },
  });

/** Each county's bundles of days: what its log got from one to the next. */
const BUNDLES: readonly (readonly [CountyCode, readonly (readonly LedgerEvent[])[]])[] = [
  [
    FIRST,
    [
      [
        ...reported(FIRST, at('03-02T09:00')),
        ...missed(FIRST, 'RED', at('03-03T00:05'), ['R1', 'R2', 'R3']),
        ...event({
          county: FIRST,
          colour: 'NONE',
          at: at('03-03T09:00'),
          actor: AUDITOR,
          subject: 'EXPORT#day-000001',
          fact: { type: 'ExportRead', data: { files: ['a', 'b'] } },
        }),
      ],
      [
        // Sealed after its day's bundle was closed: it stands in the next one, under its own day.
        ...missed(FIRST, 'BLUE', at('03-02T23:59'), ['B1']),
        ...event({ county: FIRST, at: at('03-12T09:00'), subject: HAZARD, last: 1, fact: { type: 'HazardClosed', data: {} } }),
        ...event({
          county: FIRST,
          at: at('03-12T10:00'),
          subject: 'SEAL#RED#020514#ENT:1',
          last: 1,
          fact: { type: 'SealAmended', data: { round: 'r', madeUpLate: ['R1', 'R2'], onTime: [] } },
        }),
        ...event({
          county: FIRST,
          colour: 'NONE',
          at: at('03-12T11:00'),
          actor: AUDITOR,
          subject: 'EXPORT#day-000001',
          last: 1,
          fact: { type: 'SaltsRead', data: { values: 5 } },
        }),
      ],
    ],
  ],
  [SECOND, [[...reported(SECOND, at('03-04T09:00'))]]],
];

const logged: readonly LoggedEvent[] = BUNDLES.flatMap(([, bundles]) => bundles.flat().map((one, index) => ({ ...one, index })));
const json = (value: unknown): Json => JSON.parse(JSON.stringify(value));

let folder: string;
const engines: DuckDBConnection[] = [];
/** The answer, which has to be the same from both. */
async function answer(name: string): Promise<unknown> {
  const [duckdb, athena] = await Promise.all(engines.map((engine) => ask(name, engine)));
  expect(athena).toEqual(duckdb);
  return duckdb;
}
const put = (path: string, bytes: Uint8Array): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
};
const lines = (values: readonly Uint8Array[]): Buffer =>
  gzipSync(Buffer.concat(values.flatMap((one) => [one, Buffer.from('\n')])));

interface Put {
  readonly county: CountyCode;
  readonly sequence: number;
  readonly events: readonly LoggedEvent[];
  readonly hazards: readonly Hazard[];
}
function putBundle({ county, sequence, events, hazards }: Put): void {
  const number = String(sequence).padStart(6, '0');
  const at = `${county}/day/bundle=${number}`;
  const paths = new Map<string, Uint8Array[]>();
  for (const one of events) {
    const path = eventsPath(county, one.colour, dayOf(one.at), 0);
    paths.set(path, [...(paths.get(path) ?? []), entryOf(one, one.index).bytes]);
  }
  for (const [path, entries] of paths) put(`${at}/${path}`, lines(entries));
  put(`${at}/views/parquet/events.parquet`, parquetView(EVENT_VIEW, events.map(eventRow)));
  const states = hazards.map((state) => canonical(json({ subject: hazardSubject(state.id), version: 1, state })));
  put(`${at}/state/hazards.jsonl.gz`, lines(states));
  put(`${at}/state/owners.jsonl.gz`, lines([canonical({ subject: 'ENT#1', version: 1, state: {} })]));
}

function close(county: CountyCode, sequence: number): void {
  const number = String(sequence).padStart(6, '0');
  const manifest = canonical({ county, end: 9, first: 0, kind: 'day', sequence, bundle: `day-${number}`, events: 1, root: 'ab' });
  put(`${county}/day/bundle=${number}/manifest.json`, manifest);
  put(`${county}/day/manifests/day-${number}.json`, manifest);
}

const [, ...questions] = sql('questions').split(/^-- name: /m);
const QUESTIONS = new Map(questions.map((text) => [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n'))]));

async function ask(name: string, of: DuckDBConnection): Promise<unknown> {
  const reader = await of.runAndReadAll(QUESTIONS.get(name) ?? name);
  return reader.getRowObjectsJson();
}
const connect = async (): Promise<DuckDBConnection> => (await DuckDBInstance.create(':memory:')).connect();

/** The file as an analyst pastes it, with his own folders. */
async function openLake(...archives: readonly string[]): Promise<DuckDBConnection> {
  const opened = await connect();
  const folders = archives.map((archive) => `'${folder}/${archive}/day/${archive === 'exported' ? 'day-' : 'bundle='}*'`);
  await opened.run(sql('duckdb').replace(/SET VARIABLE folders = \[[^\]]*\]/, `SET VARIABLE folders = [${folders.join(', ')}]`));
  return opened;
}

const DUCK: Readonly<Record<string, string>> = { string: 'VARCHAR', bigint: 'BIGINT', timestamp: 'TIMESTAMP', date: 'DATE' };
const duckType = (type: string): string =>
  DUCK[type] ??
  type.replace(/^struct<(.*)>$/, (_, members: string) => `STRUCT(${members.replace(/(\w+):string/g, '$1 VARCHAR')})`);

const filesBelow = (place: string): string[] =>
  existsSync(place)
    ? readdirSync(place, { recursive: true, encoding: 'utf8' })
        .map((path) => `${place}/${path}`)
        .filter((path) => statSync(path).isFile())
    : [];

/** What Athena reads for a table of Glue: every file below its folders, by its types, with the partition and the path. */
function rowsOf({ format, columns, folder: below, isByBundle }: LakeTable, county: CountyCode): string {
  const place = new RegExp(`^${folder}/${county}/${below.replace('${bundle}', '\\d{6}')}`);
  const found = filesBelow(`${folder}/${county}`).filter((path) => place.test(path));
  const types = columns.map(({ name, type }) => `"${name}": '${duckType(type)}'`).join(', ');
  const listed = `[${found.map((path) => `'${path}'`).join(', ')}]`;
  const read =
    format === 'parquet'
      ? `read_parquet(${listed}, filename = true, hive_partitioning = false)`
      : `read_json(${listed}, format = 'newline_delimited', columns = {${types}}, filename = true, hive_partitioning = false)`;
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  const bundle = isByBundle ? `, CAST(regexp_extract(filename, '/bundle=(\\d+)/', 1) AS INTEGER) AS bundle` : '';
  const nothing = columns.map(({ name, type }) => `CAST(NULL AS ${duckType(type)}) AS "${name}"`).join(', ');
  return found.length === 0
    ? `SELECT ${nothing}${isByBundle ? ', 0 AS bundle' : ''}, '' AS "$path" WHERE false`
    : `SELECT ${names}${bundle}, filename AS "$path" FROM ${read}`;
}

/**
 * The views of Athena, statement by statement, in DuckDB: its functions under Athena's names, and one type written as DuckDB writes it. `SELECT *`
 * leaves out what Athena hides.
 */
async function openAthena(...counties: readonly CountyCode[]): Promise<DuckDBConnection> {
  const opened = await connect();
  await opened.run(
    `CREATE MACRO json_extract_scalar(value, path) AS json_extract_string(value, path);
     CREATE MACRO from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMPTZ);`,
  );
  for (const county of counties) {
    await opened.run(`CREATE SCHEMA ${lakeDatabase(county)}`);
    for (const table of lakeTables(county))
      await opened.run(`CREATE VIEW ${lakeDatabase(county)}.${lakeTableName(table, county)} AS ${rowsOf(table, county)}`);
  }
  const views = athenaViews(counties.map((county) => ({ id: county, county })));
  for (const statement of views.split(/;\n/).filter((text) => text.trim() !== ''))
    await opened.run(
      statement
        .replaceAll('array(json)', 'JSON[]')
        .replaceAll(/SELECT \* FROM (\w+\.\w+)/g, 'SELECT * EXCLUDE ("$path") FROM $1'),
    );
  return opened;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lake-'));
  for (const [county, bundles] of BUNDLES) {
    let index = 0;
    for (const [place, events] of bundles.entries()) {
      const isLast = place === bundles.length - 1;
      putBundle({
        county,
        sequence: place + 1,
        events: events.map((one) => ({ ...one, index: index++ })),
        // The first county's hazard was open in its first bundle, and is gone from the second.
        hazards:
          county === FIRST && isLast
            ? []
            : [
                { ...hazard, county },
                { ...notDue, county },
              ],
      });
      close(county, place + 1);
    }
    // Still being written: it has no manifest.
    const unclosed = reported(county, at('03-20T09:00')).map((one) => ({ ...one, index: 99 }));
    putBundle({ county, sequence: bundles.length + 1, events: unclosed, hazards: [hazard, { ...hazard, id: notDue.id }] });
  }
  engines.push(await openLake(FIRST, SECOND, THIRD), await openAthena(FIRST, SECOND, THIRD));
});
afterAll(() => {
  for (const engine of engines) engine.closeSync();
  rmSync(folder, { recursive: true });
});

test('the record and Parquet have each event once, under its own county, day and type', async () => {
  const counted = new Map<string, number>();
  for (const { county, at: when, type } of logged) {
    const key = [county, dayOf(when), type].join();
    counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  const expected = [...counted].sort().map(([key, events]) => {
    const [county, date, type] = key.split(',');
    return { county, date, type, events: String(events) };
  });
  expect(await answer('events-by-day')).toEqual(expected);
  expect(await answer('events-by-day-from-parquet')).toEqual(expected);
});

test('the record and Parquet say the same of every event', async () => {
  const columns = [
    '"index"',
    'id',
    '"at"',
    'county',
    'colour',
    'date',
    'bundle',
    'type',
    'subject',
    'sequence',
    'schema',
    'actor',
    'role',
    'owner',
  ];
  const read = (from: string) =>
    answer(`SELECT ${columns.join(', ')}, CAST(CAST(data AS JSON) AS VARCHAR) AS data FROM ${from} ORDER BY county, "index"`);
  const record = await read('record');
  expect(record).toEqual(await read('events'));
  expect(record).toHaveLength(logged.length);
});

test('what is overdue is asked of the newest closed bundle of each county alone', async () => {
  expect(await answer('overdue-hazards')).toEqual([
    {
      county: SECOND,
      owner: hazard.owner,
      hazard: hazard.id,
      colour: 'RED',
      level: 'ungraded',
      place: hazard.finding.place,
      owed: 'verify',
      due: hazard.obligations[0]?.due.replace('T', ' ').replace('.000Z', ''),
    },
  ]);
});

test('checks missed and made up are counted by the colour that they were sealed under', async () => {
  expect(await answer('missed-checks')).toEqual([
    { county: FIRST, colour: 'BLUE', month: '2026-03', missed: '1', made_up: '0' },
    { county: FIRST, colour: 'RED', month: '2026-03', missed: '3', made_up: '2' },
  ]);
});

test('what auditors read is told with how often, and from when to when', async () => {
  const once = (when: string) => ({ first_at: when, last_at: when, county: FIRST, actor: AUDITOR.id, reads: '1' });
  expect(await answer('reads-by-auditors')).toEqual([
    { ...once('2026-03-03 01:00:00'), type: 'ExportRead', things: '2' },
    { ...once('2026-03-12 03:00:00'), type: 'SaltsRead', things: '5' },
  ]);
});

test('the days from report to closing', async () => {
  expect(await answer('days-to-close')).toEqual([{ county: FIRST, colour: 'RED', closed: '1', days: 10 }]);
});

test('a county without a bundle, and bundles that are not closed, change no answer', async () => {
  const closed = await openLake(FIRST, SECOND);
  for (const name of QUESTIONS.keys()) expect(await ask(name, closed)).toEqual(await answer(name));
  closed.closeSync();
});

test('what is missing shows, of a subject and of the log', async () => {
  expect(await answer('gaps')).toEqual([]);
  rmSync(join(folder, `${FIRST}/day/bundle=000001/county=${FIRST}/colour=RED/date=2026-03-02`), { recursive: true });
  for (const without of [await openLake(FIRST, SECOND), await openAthena(FIRST, SECOND)]) {
    expect(await ask('gaps', without)).toEqual([
      { county: FIRST, subject: HAZARD, events: '1', last_sequence: '2' },
      { county: FIRST, subject: 'LOG INDEX', events: '6', last_sequence: '7' },
    ]);
    without.closeSync();
  }
});

test('bundles that the export itself wrote answer too', async () => {
  const county = new ExportCounty({ perSlice: 2 });
  const facts: readonly LedgerFact[] = [1, 2, 3].map((list) => ({ type: 'RiskListChanged', data: { list, changes: [] } }));
  const enterprise = hazard.owner.replace(':', '#');
  await county.record(enterprise, 'NONE', at('03-29T10:00'), people.wang, ...facts);
  await county.record(HAZARD, 'RED', at('03-30T10:00'), people.wang, reportHazard(report, rules, at('03-30T10:00')));
  await county.seal();
  await county.due(at('03-31T00:20'));
  // Under the names that an auditor's folders have.
  for (const [path, bytes] of county.archive.all()) put(`exported/${path.replace('day/bundle=', 'day/day-')}`, bytes);
  const exported = await openLake('exported');
  const counted = [
    { county: FIRST, date: '2026-03-29', type: 'RiskListChanged', events: '3' },
    { county: FIRST, date: '2026-03-30', type: 'HazardReported', events: '1' },
    // Sealing signs with its key for the first time.
    { county: FIRST, date: '2026-03-30', type: 'SealingKeyAdopted', events: '1' },
  ];
  expect(await ask('events-by-day', exported)).toEqual(counted);
  expect(await ask('events-by-day-from-parquet', exported)).toEqual(counted);
  expect(await ask('gaps', exported)).toEqual([]);
  expect([...county.archive.all().keys()].filter((path) => path.startsWith('day/manifests/'))).toEqual([
    'day/manifests/day-000001.json',
    'day/manifests/day-000002.json',
  ]);
  expect(await ask('overdue-hazards', exported)).toMatchObject([{ hazard: hazard.id, owed: 'verify' }]);
  exported.closeSync();
});

test('every question has its test', () => {
  expect([...QUESTIONS.keys()]).toEqual([
    ...['events-by-day', 'events-by-day-from-parquet', 'overdue-hazards', 'missed-checks'],
    ...['reads-by-auditors', 'days-to-close', 'gaps'],
  ]);
});

test('the tables of Glue have the columns that the files have', async () => {
  const [events, record, state, manifests] = lakeTables(FIRST);
  const parquet = `${folder}/${FIRST}/day/bundle=000002/views/parquet/*.parquet`;
  const found = await answer(`DESCRIBE SELECT * FROM read_parquet('${parquet}', hive_partitioning = false)`);
  const described = events?.columns.map(({ name, type }) =>
    expect.objectContaining({ column_name: name, column_type: DUCK[type] }),
  );
  expect(found).toEqual(described);
  const [line] = logged;
  expect(record?.columns.map(({ name }) => name).sort()).toEqual(Object.keys(line ?? {}).sort());
  expect(state?.columns.map(({ name }) => name)).toEqual(['subject', 'version', 'state']);
  expect(Object.keys(manifestSchema.shape)).toEqual(expect.arrayContaining(manifests?.columns.map(({ name }) => name) ?? ['']));
});

test('Athena finds the bundles by their numbers, in folders that the export writes', () => {
  for (const table of lakeTables(FIRST)) {
    expect(lakeTableName(table, FIRST)).toBe(`${table.name}_533102`);
    const template = table.isByBundle ? `s3://an-archive/${table.folder}` : undefined;
    expect(lakeProjection(table, 'an-archive')['storage.location.template']).toBe(template);
    expect(LAKE_FORMATS[table.format].serde).toMatch(/serde/i);
  }
  expect(lakeTables(FIRST).map(({ folder }) => folder.replace('${bundle}', '000012'))).toEqual([
    'day/bundle=000012/views/parquet/',
    'day/bundle=000012/county=533102/',
    'day/bundle=000012/state/',
    'day/manifests/',
  ]);
});

test('the views of Athena in the folder are over every county that has a deployment', () => {
  expect(sql('athena')).toBe(athenaViews(lakeCounties));
});
