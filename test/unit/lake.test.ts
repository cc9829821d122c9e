/** Every question of the lake, asked of bundles on this machine, against what is counted by hand from the events that they were made of. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { entryOf, type LoggedEvent } from '../../shared/archive/entry.ts';
import { EVENT_VIEW, eventRow } from '../../shared/archive/event-view.ts';
import { LAKE_FORMATS, lakeProjection, lakeTableName, lakeTables } from '../../shared/archive/lake.ts';
import { eventsPath } from '../../shared/archive/paths.ts';
import { dayOf, type Instant } from '../../shared/domain/calendar.ts';
import type { Standing } from '../../shared/domain/colour.ts';
import { type Hazard, hazardSubject } from '../../shared/domain/hazard.ts';
import { reportHazard } from '../../shared/domain/hazard-decide.ts';
import { type CountyCode, countyCode, personId } from '../../shared/domain/ids.ts';
import { type Actor, type Fact, type LedgerEvent, recordFacts } from '../../shared/domain/ledger-event.ts';
import type { LedgerFact } from '../../shared/domain/ledger-fact.ts';
import { canonical, type Json } from '../../shared/draw/canonical-json.ts';
import { parquetView } from '../../shared/runtime/list-file/write-parquet.ts';
import { ExportCounty } from '../support/export-county.ts';
import { at, opened, people, report, rules } from '../support/hazard-case.ts';

const SQL = readFileSync(new URL('../../shared/archive/lake/duckdb.sql', import.meta.url), 'utf8');
const [FIRST, SECOND] = [countyCode('533102'), countyCode('533103')];
const AUDITOR: Actor = { id: personId('auditor-1'), role: 'auditor' };

const hazard = opened();
const HAZARD = hazardSubject(hazard.id);

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
let lake: DuckDBConnection;
const put = (path: string, bytes: Uint8Array): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
};
const lines = (values: readonly Uint8Array[]): Buffer =>
  gzipSync(Buffer.concat(values.flatMap((one) => [one, Buffer.from('\n')])));

function putBundle(at: string, county: CountyCode, events: readonly LoggedEvent[], hazards: readonly Hazard[]): void {
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

const withoutComments = SQL.replace(/^--(?! name: ).*$/gm, '');
const [setting = '', ...questions] = withoutComments.split(/^-- name: /m);
const QUESTIONS = new Map(questions.map((text) => [text.slice(0, text.indexOf('\n')), text.slice(text.indexOf('\n'))]));

async function ask(name: string, of = lake): Promise<unknown> {
  const reader = await of.runAndReadAll(QUESTIONS.get(name) ?? name);
  return reader.getRowObjectsJson();
}

/** The file as an analyst pastes it, with his own folders. */
async function openLake(...archives: readonly string[]): Promise<DuckDBConnection> {
  const opened = await (await DuckDBInstance.create(':memory:')).connect();
  const folders = archives.map((archive) => `'${folder}/${archive}/day/bundle=*'`);
  await opened.run(setting.replace(/SET VARIABLE folders = \[[^\]]*\]/, `SET VARIABLE folders = [${folders.join(', ')}]`));
  return opened;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lake-'));
  for (const [county, bundles] of BUNDLES) {
    let index = 0;
    for (const [place, events] of bundles.entries()) {
      const isLast = place === bundles.length - 1;
      putBundle(
        `${county}/day/bundle=${String(place + 1).padStart(6, '0')}`,
        county,
        events.map((one) => ({ ...one, index: index++ })),
        // The first county's hazard was open in its first bundle, and is gone from the second.
        county === FIRST && isLast ? [] : [{ ...hazard, county }],
      );
    }
  }
  lake = await openLake(FIRST, SECOND);
});
afterAll(() => {
  lake.closeSync();
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
  expect(await ask('events-by-day')).toEqual(expected);
  expect(await ask('events-by-day-from-parquet')).toEqual(expected);
});

test('the record and Parquet say the same of every event', async () => {
  const columns = ['"index"', 'id', '"at"', 'county', 'colour', 'date', 'bundle', 'type', 'subject', 'sequence', 'schema'];
  const read = async (from: string, actor: string) =>
    await ask(
      `SELECT ${columns.join(', ')}, ${actor} AS actor, data::JSON::VARCHAR AS data FROM ${from} ORDER BY county, "index"`,
    );
  const record = await read('record', 'actor.id');
  expect(record).toEqual(await read('events', 'actor'));
  expect(record).toHaveLength(logged.length);
});

test('what is overdue is asked of the newest bundle of each county alone', async () => {
  expect(await ask('overdue-hazards')).toEqual([
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
  await lake.run("SET VARIABLE now = TIMESTAMP '2026-03-02 00:00:00'");
  expect(await ask('overdue-hazards')).toEqual([]);
});

test('checks missed and made up are counted by the colour that they were sealed under', async () => {
  expect(await ask('missed-checks')).toEqual([
    { county: FIRST, colour: 'BLUE', month: '2026-03', missed: '1', made_up: '0' },
    { county: FIRST, colour: 'RED', month: '2026-03', missed: '3', made_up: '2' },
  ]);
});

test('what auditors read is told with how often, and from when to when', async () => {
  const once = (when: string) => ({ first: when, last: when, county: FIRST, actor: AUDITOR.id, reads: '1' });
  expect(await ask('reads-by-auditors')).toEqual([
    { ...once('2026-03-03 01:00:00'), type: 'ExportRead', things: '2' },
    { ...once('2026-03-12 03:00:00'), type: 'SaltsRead', things: '5' },
  ]);
});

test('the days from report to closing', async () => {
  expect(await ask('days-to-close')).toEqual([{ county: FIRST, colour: 'RED', closed: '1', days: 10 }]);
});

test('what is missing shows, of a subject and of the log', async () => {
  expect(await ask('gaps')).toEqual([]);
  rmSync(join(folder, `${FIRST}/day/bundle=000001/county=${FIRST}/colour=RED/date=2026-03-02`), { recursive: true });
  expect(await ask('gaps')).toEqual([
    { county: FIRST, subject: HAZARD, events: '1', last: '2' },
    { county: FIRST, subject: 'LOG INDEX', events: '6', last: '7' },
  ]);
});

test('bundles that the export itself wrote answer too', async () => {
  const county = new ExportCounty({ perSlice: 2 });
  const facts: readonly LedgerFact[] = [1, 2, 3].map((list) => ({ type: 'RiskListChanged', data: { list, changes: [] } }));
  const enterprise = hazard.owner.replace(':', '#');
  await county.record(enterprise, 'NONE', at('03-29T10:00'), people.wang, ...facts);
  await county.record(HAZARD, 'RED', at('03-30T10:00'), people.wang, reportHazard(report, rules, at('03-30T10:00')));
  await county.seal();
  await county.due(at('03-31T00:20'));
  for (const [path, bytes] of county.archive.all()) put(`exported/${path}`, bytes);
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
  expect(await ask('overdue-hazards', exported)).toMatchObject([{ hazard: hazard.id, owed: 'verify' }]);
  exported.closeSync();
});

test('every question has its test', () => {
  expect([...QUESTIONS.keys()]).toEqual([
    ...['events-by-day', 'events-by-day-from-parquet', 'overdue-hazards', 'missed-checks'],
    ...['reads-by-auditors', 'days-to-close', 'gaps'],
  ]);
});

const GLUE: Readonly<Record<string, string>> = { string: 'VARCHAR', bigint: 'BIGINT', timestamp: 'TIMESTAMP', date: 'DATE' };

test('the tables of Glue have the columns that the files have', async () => {
  const [events, record, state] = lakeTables(FIRST);
  const found = await ask(
    `DESCRIBE SELECT * FROM read_parquet('${folder}/${FIRST}/day/bundle=000002/views/parquet/*.parquet', hive_partitioning = false)`,
  );
  const described = events?.columns.map(({ name, type }) =>
    expect.objectContaining({ column_name: name, column_type: GLUE[type] }),
  );
  expect(found).toEqual(described);
  const [line] = logged;
  expect(record?.columns.map(({ name }) => name).sort()).toEqual(Object.keys(line ?? {}).sort());
  expect(state?.columns.map(({ name }) => name)).toEqual(['subject', 'version', 'state']);
});

test('Athena finds the bundles by their numbers, in folders that the export writes', () => {
  for (const table of lakeTables(FIRST)) {
    expect(lakeTableName(table, FIRST)).toBe(`${table.name}_533102`);
    expect(lakeProjection(table, 'an-archive')['storage.location.template']).toBe(`s3://an-archive/${table.folder}`);
    expect(LAKE_FORMATS[table.format].serde).toMatch(/serde/i);
  }
  expect(lakeTables(FIRST).map(({ folder }) => folder.replace('${bundle}', '000012'))).toEqual([
    'day/bundle=000012/views/parquet/',
    'day/bundle=000012/county=533102/',
    'day/bundle=000012/state/',
  ]);
});

test('what is asked in Athena is asked of tables that there are', () => {
  const athena = readFileSync(new URL('../../shared/archive/lake/athena.sql', import.meta.url), 'utf8');
  const named = [...athena.matchAll(/dual_prevention_(\d{6})\.(\w+)/g)];
  expect(named.length).toBeGreaterThan(5);
  for (const [, code = '', name] of named) {
    const tables = lakeTables(countyCode(code)).map((table) => lakeTableName(table, countyCode(code)));
    expect(tables).toContain(name);
  }
});
