/** Exports by their door, the workflow: what the calendar owes, what somebody asks for, and that both verifiers take what comes out. */
import { gunzipSync } from 'node:zlib';
import { auditSubject } from '../../shared/domain/audit.ts';
import { type Day, dayOf, type Instant, instant, plusDays, startOfDay } from '../../shared/domain/calendar.ts';
import { hazardSubject } from '../../shared/domain/hazard.ts';
import { reportHazard } from '../../shared/domain/hazard-decide.ts';
import { auditId, exportId, hazardId, personId, subscriptionId } from '../../shared/domain/ids.ts';
import type { LedgerFact } from '../../shared/domain/ledger-fact.ts';
import { asked, ExportCounty, eventsIn } from '../support/export-county.ts';
import { people, report, rules, township, uscc } from '../support/hazard-case.ts';

const at = (text: string): Instant => instant(`${text}+08:00`);
const auditNo = (n: number): string => auditSubject(auditId(String(n).padStart(20, '0')));
const opening = (when: Instant): LedgerFact => ({
  type: 'AuditOpened',
  data: {
    ...{ auditor: personId('auditor-1'), from: dayOf(when), to: dayOf(when), until: plusDays(when, 30) },
    ...{ readsPersonalData: false, reason: '年度检查' },
  },
});
const ending: LedgerFact = { type: 'AuditEnded', data: { because: '期满' } };

/** So many audits opened at an instant. */
async function happen(county: ExportCounty, when: string, from: number, count: number): Promise<void> {
  for (let n = from; n < from + count; n++)
    await county.record(auditNo(n), 'NONE', at(when), people.committee, opening(at(when)));
}

const reportAt = (county: ExportCounty, when: string, whole = report) =>
  county.record(hazardSubject(whole.id), whole.colour, at(when), people.li, reportHazard(whole, rules, at(when)));

const manifestOf = (files: ReadonlyMap<string, Uint8Array>) =>
  JSON.parse(String(files.get('manifest.json'))) as Record<string, unknown>;
const textIn = (files: ReadonlyMap<string, Uint8Array>, path: string): string => gunzipSync(files.get(path) ?? '').toString();

test('every day that is over is closed, in order and without a gap, also an empty one and after days away; then the month', async () => {
  const county = new ExportCounty({ perSlice: 100 });
  await happen(county, '2026-03-29T10:00:00', 0, 3);
  await reportAt(county, '2026-03-30T11:00:00');
  await happen(county, '2026-04-01T09:00:00', 10, 300);
  await county.seal();
  const path = await county.due(at('2026-04-02T00:20:00'));
  expect(path.filter((state) => state === 'CloseExport')).toHaveLength(5);
  expect(path.filter((state) => state === 'ExportSlice')).toHaveLength(8);
  const days = [1, 2, 3, 4].map(county.day);
  expect(days.map(manifestOf).map(({ from, first, end, events, sequence }) => [from, first, end, events, sequence])).toEqual([
    ['2026-03-29', 0, 3, 3, 1],
    ['2026-03-30', 3, 4, 1, 2],
    ['2026-03-31', 4, 4, 0, 3],
    ['2026-04-01', 4, 305, 301, 4],
  ]);
  await county.expectTrue(...days);
  await county.expectTrue(county.month(1));
  expect(manifestOf(county.month(1))).toMatchObject({ from: '2026-03-01', to: '2026-03-31', first: 0, end: 4 });
  // The state of a month is that of its last day, and what the day before left is gone on with.
  const month = [...county.month(1).keys()];
  expect(month).toEqual(
    expect.arrayContaining(['audits.jsonl.gz', 'coverage.json', 'hazards.jsonl.gz'].map((file) => `state/${file}`)),
  );
  expect(month.filter((file) => file.startsWith('views/')).sort()).toEqual(
    [
      ...['events.csv', 'events.xlsx', 'exchange/7-hazard.csv', 'exchange/7-hazard.jsonl'],
      ...['exchange/gaps-by-enterprise.csv', 'exchange/gaps.csv', 'exchange/losses.csv'],
      ...['form.csv', 'form.xlsx', 'parquet/events.parquet'],
    ].map((file) => `views/${file}`),
  );
  expect(textIn(county.month(1), 'state/hazards.jsonl.gz')).toBe(textIn(county.day(3), 'state/hazards.jsonl.gz'));
  expect(textIn(county.day(4), 'state/audits.jsonl.gz').trimEnd().split('\n')).toHaveLength(303);
  // Told again nothing is due; its own facts are the next day's.
  expect((await county.due(at('2026-04-02T00:20:00'))).at(-1)).toBe('Done');
  await county.seal();
  await county.due(at('2026-04-03T00:20:00'));
  expect(eventsIn(county.day(5)).map(({ type }) => type)).toEqual([
    ...Array.from({ length: 5 }, () => ['ExportBegun', 'ExportClosed']).flat(),
  ]);
  await county.expectTrue(...[1, 2, 3, 4, 5].map(county.day));
}, 30_000);

test('what is sealed after its day was closed stands in the next bundle, under its own date', async () => {
  const county = new ExportCounty();
  await happen(county, '2026-03-01T23:59:00', 0, 1);
  await happen(county, '2026-03-02T00:14:00', 1, 1);
  await happen(county, '2026-03-02T00:15:00', 2, 1);
  await county.seal();
  expect((await county.due(at('2026-03-02T00:14:59'))).at(-1)).toBe('Done');
  expect(county.day(1).size).toBe(0);
  await county.due(at('2026-03-02T00:20:00'));
  await happen(county, '2026-03-01T12:00:00', 3, 1);
  await county.seal();
  await county.due(at('2026-03-03T00:20:00'));
  expect(eventsIn(county.day(1)).map(({ id }) => id)).toEqual([`${auditNo(0)}:1`, `${auditNo(1)}:1`]);
  const late = eventsIn(county.day(2)).find(({ subject }) => subject === auditNo(3));
  expect(late?.path).toBe('county=533102/colour=NONE/date=2026-03-01/events.jsonl.gz');
  await county.expectTrue(county.day(1), county.day(2));
}, 30_000);

test('two executions at once make one bundle of each day', async () => {
  const county = new ExportCounty();
  await happen(county, '2026-03-01T10:00:00', 0, 5);
  await county.seal();
  await Promise.all([1, 2, 3].map(() => county.due(at('2026-03-03T00:20:00'))));
  const { items } = await county.outside().store.ofKind('day', 10);
  expect(items.map(({ export: { id, stage, version } }) => [id, stage, version])).toEqual([
    ['day-000002', 'closed', 2],
    ['day-000001', 'closed', 2],
  ]);
  await county.expectTrue(county.day(1), county.day(2));
}, 30_000);

test('nothing sealed, nothing due', async () => {
  const county = new ExportCounty();
  expect((await county.due(at('2026-03-03T00:20:00'))).at(-1)).toBe('Done');
}, 30_000);

test('data too long for its entry, and evidence, lie beside the events that name them', async () => {
  const county = new ExportCounty({ perSlice: 1 });
  const long = { ...report.finding, description: '很'.repeat(40_000), evidence: [] };
  const other = hazardId('Y0123456789ABCDEF');
  await reportAt(county, '2026-03-01T10:00:00', { ...report, id: other, colour: 'YELLOW', finding: long });
  await reportAt(county, '2026-03-01T11:00:00');
  await county.seal();
  await county.due(at('2026-03-02T00:20:00'));
  const files = county.day(1);
  expect([...files.keys()].filter((path) => path.startsWith('large/'))).toHaveLength(1);
  const [photo = ''] = report.finding.evidence;
  expect(JSON.parse(String(files.get('evidence.jsonl')))).toMatchObject({ key: photo, index: 1, size: photo.length });
  expect([...files.keys()].filter((path) => path.startsWith('views/')).sort()).toEqual(
    ['', '-000001', '-000002']
      .flatMap((slice) => [`views/events${slice}.csv`, `views/events${slice}.xlsx`, `views/parquet/events${slice}.parquet`])
      .concat(
        ['7-hazard.csv', '7-hazard.jsonl', 'gaps-by-enterprise.csv', 'gaps.csv', 'losses.csv'].map(
          (file) => `views/exchange/${file}`,
        ),
      )
      .sort(),
  );
  await county.expectTrue(files);
}, 30_000);

describe('on request', () => {
  /** Three days: a hazard of the enterprise and one of another, a channel of its, a task at it, and what is about neither. */
  async function lived(more: { readonly mostProved?: number } = {}): Promise<ExportCounty> {
    const county = new ExportCounty({ perSlice: 4, ...more });
    const other = { ...report, id: hazardId('Y0123456789ABCDEF'), colour: 'YELLOW', owner: 'DEPT:YJJ' } as const;
    await happen(county, '2026-03-01T10:00:00', 0, 3);
    await reportAt(county, '2026-03-01T11:00:00');
    await reportAt(county, '2026-03-01T12:00:00', other);
    await county.record(hazardSubject(report.id), 'RED', at('2026-03-02T11:00:00'), people.system, {
      type: 'HazardGraded',
      data: { level: 'general', begins: [] },
    });
    const channel = subscriptionId('a'.repeat(20));
    const scope = { of: 'enterprise', uscc } as const;
    const made = {
      id: channel,
      name: '班组群',
      channel: 'feed',
      scope,
      language: 'zh-CN',
      mentions: { users: [], everybody: false },
    } as const;
    await county.record(`SUB#${channel}`, 'NONE', at('2026-03-02T12:00:00'), people.wang, {
      type: 'SubscriptionMade',
      data: made,
    });
    await county.record(`SENT#${channel}`, 'NONE', at('2026-03-02T12:01:00'), people.system, {
      type: 'FeedRead',
      data: { through: 1 },
    });
    await county.record('TASK#YJJ#000001#1#0001', 'RED', at('2026-03-03T09:00:00'), people.system, {
      type: 'TaskAssigned',
      data: { digest: 'd'.repeat(64) },
    });
    county.tasks = ['TASK#YJJ#000001#1#0001'];
    await county.seal();
    return county;
  }
  const NOW = at('2026-03-03T12:00:00');

  test('a range is complete, and those of one kind are a chain', async () => {
    const county = await lived();
    await county.due(at('2026-03-03T00:20:00'));
    await county.seal();
    const [one, two] = [`range-${'1'.repeat(20)}`, `range-${'2'.repeat(20)}`];
    await county.run({
      at: NOW,
      asked: [asked(one, { kind: 'range', from: dayOf(at('2026-03-02T00:00:00')), to: dayOf(at('2026-03-02T00:00:00')) })],
    });
    await county.run({
      at: NOW,
      asked: [asked(two, { kind: 'range', from: dayOf(at('2026-02-01T00:00:00')), to: dayOf(at('2026-03-31T00:00:00')) })],
    });
    const [first, second] = [one, two].map((id) => county.files(exportId(id), 'range'));
    if (first === undefined || second === undefined) throw new Error('nothing was made');
    expect(manifestOf(first)).toMatchObject({ first: 5, end: 8, complete: true, sequence: 1 });
    expect(manifestOf(second)).toMatchObject({ first: 0, complete: true, sequence: 2 });
    expect(manifestOf(second).end).toBe(manifestOf(second).treeSize);
    await county.expectTrue(first);
    await county.expectTrue(second);
  }, 30_000);

  test('a range that is closed after one of a larger tree is proved by the head of then', async () => {
    const county = await lived();
    const days = { kind: 'range', from: dayOf(NOW), to: dayOf(NOW) } as const;
    const [one, two] = [`range-${'1'.repeat(20)}`, `range-${'2'.repeat(20)}`];
    await county.begin(county.outside())({ at: NOW, asked: [asked(one, days)] });
    await happen(county, '2026-03-03T11:00:00', 50, 300);
    await county.seal();
    await county.run({ at: NOW, asked: [asked(two, days)] });
    await county.run({ at: NOW, asked: [asked(one, days)] });
    const first = county.files(exportId(one), 'range');
    expect(manifestOf(first)).toMatchObject({ sequence: 2, end: 10, treeSize: (await county.of(exportId(two))).export.treeSize });
    await county.expectTrue(first);
  }, 30_000);

  test('an enterprise: all that names it, and all of what is its own', async () => {
    const county = await lived();
    const id = exportId(`enterprise-${'3'.repeat(20)}`);
    await county.run({ at: NOW, asked: [asked(id, { kind: 'enterprise', enterprise: uscc })] });
    const files = county.files(id, 'enterprise');
    expect(eventsIn(files).map(({ type, subject }) => [type, subject.split('#')[0]])).toEqual([
      ['HazardReported', 'HAZ'],
      ['HazardReported', 'HAZ'], // another's, whose evidence is the enterprise's
      ['HazardGraded', 'HAZ'],
      ['SubscriptionMade', 'SUB'],
      ['FeedRead', 'SENT'],
      ['TaskAssigned', 'TASK'],
    ]);
    expect([...files.keys()].filter((path) => path.startsWith('proofs/'))).toHaveLength(6);
    expect(manifestOf(files)).toMatchObject({ complete: false, events: 6, from: '2026-03-01', to: '2026-03-03' });
    await county.expectTrue(files);
    // That an authority asked after it, who of the inspectors is kin to it, and what was sent to others, it does not read; what of a person was removed it does.
    await county.record('INSP#p-9', 'NONE', NOW, people.committee, {
      type: 'InterestDeclared',
      data: { no: 1, in: `ENT:${uscc}`, kind: 'kinship', by: personId('p-9'), at: NOW, reason: '亲属' },
    });
    await county.record(`PERSONAL#${hazardSubject(report.id)}`, 'NONE', NOW, people.committee, {
      type: 'PersonalDataRemoved',
      data: { of: hazardSubject(report.id), values: 1, events: 1, reason: '本人要求' },
    });
    await county.seal();
    const again = exportId(`enterprise-${'4'.repeat(20)}`);
    await county.run({ at: NOW, asked: [asked(again, { kind: 'enterprise', enterprise: uscc })] });
    const types = eventsIn(county.files(again, 'enterprise')).map(({ type }) => type);
    expect(types.slice(6)).toEqual(['PersonalDataRemoved']);
  }, 30_000);

  test('an enterprise on some days: what was recorded on these, of days without anything nothing', async () => {
    const county = await lived();
    // Sealed after what is later: by its own day it belongs to the first of March.
    await county.record(`ENT#${uscc}`, 'NONE', at('2026-03-01T09:00:00'), people.duan, {
      type: 'EnterpriseRegistered',
      data: { name: '甲', township, industry: 'mine', supervisor: 'DEPT:YJJ', contacts: [], workshops: [] },
    });
    await county.seal();
    const made = async (digit: string, days?: { readonly from: Day; readonly to: Day }) => {
      const id = exportId(`enterprise-${digit.repeat(20)}`);
      await county.run({ at: NOW, asked: [asked(id, { kind: 'enterprise', enterprise: uscc, days })] });
      const files = county.files(id, 'enterprise');
      await county.expectTrue(files);
      return files;
    };
    const [first, second] = [dayOf(at('2026-03-01T00:00:00')), dayOf(at('2026-03-02T00:00:00'))];
    const all = await made('a');
    const some = await made('b', { from: first, to: second });
    const before = plusDays(startOfDay(first), -9);
    const none = asked(`enterprise-${'c'.repeat(20)}`, {
      kind: 'enterprise',
      enterprise: uscc,
      days: { from: dayOf(before), to: dayOf(before) },
    });
    expect((await county.run({ at: NOW, asked: [none] })).at(-1)).toBe('Refused');
    expect(manifestOf(all)).toMatchObject({ from: '2026-03-01', to: '2026-03-03' });
    const within = eventsIn(all).filter((event) => dayOf(instant(event.at)) <= second);
    expect(eventsIn(some)).toMatchObject(within.map(({ id }) => ({ id })));
    expect(within.length).toBeGreaterThan(1);
    expect(within.length).toBeLessThan(eventsIn(all).length);
    expect(manifestOf(some)).toMatchObject({ from: '2026-03-01', to: '2026-03-02', complete: false, events: within.length });
  }, 30_000);

  test('a hazard, and a record', async () => {
    const county = await lived();
    const [hazard, record] = [exportId(`hazard-${'5'.repeat(20)}`), exportId(`record-${'6'.repeat(20)}`)];
    await county.run({ at: NOW, asked: [asked(hazard, { kind: 'hazard', hazard: report.id })] });
    await county.run({ at: NOW, asked: [asked(record, { kind: 'record', subject: hazardSubject(report.id), sequence: 2 })] });
    expect(eventsIn(county.files(hazard, 'hazard')).map(({ id }) => id)).toEqual(
      [1, 2].map((n) => `${hazardSubject(report.id)}:${n}`),
    );
    expect(eventsIn(county.files(record, 'record')).map(({ id }) => id)).toEqual([`${hazardSubject(report.id)}:2`]);
    await county.expectTrue(county.files(hazard, 'hazard'));
    await county.expectTrue(county.files(record, 'record'));
  }, 30_000);

  test('what the log does not have is refused; what was asked for once is made once, and by whom it was asked is on the ledger', async () => {
    const county = await lived();
    const nothing = asked(`record-${'7'.repeat(20)}`, { kind: 'record', subject: 'HAZ#R00000000000000', sequence: 1 });
    expect((await county.run({ at: NOW, asked: [nothing] })).at(-1)).toBe('Refused');
    const ask = asked(`record-${'8'.repeat(20)}`, { kind: 'record', subject: auditNo(0), sequence: 1 });
    await county.run({ at: NOW, asked: [ask] });
    expect(await county.run({ at: NOW, asked: [ask] })).toEqual([
      ...['RememberRun', 'BeginExport', 'WhichStep?', 'WriteSlices', 'CloseExport', 'BeginExport', 'WhichStep?', 'Done'],
    ]);
    expect(
      [...county.sealing.ledger().values()]
        .filter(({ subject }) => subject.startsWith('EXPORT#record-'))
        .map(({ type, actor }) => [type, actor.id]),
    ).toEqual([
      ['ExportBegun', 'auditor-1'],
      ['ExportClosed', 'audit-export'],
    ]);
  }, 30_000);

  test('more than can be proved one by one is refused, and what is asked for by days comes about', async () => {
    const county = await lived({ mostProved: 1 });
    const whole = asked(`hazard-${'6'.repeat(20)}`, { kind: 'hazard', hazard: report.id });
    expect((await county.run({ at: NOW, asked: [whole] })).at(-1)).toBe('Refused');
    const day = dayOf(at('2026-03-02T11:00:00'));
    const part = asked(`hazard-${'5'.repeat(20)}`, { kind: 'hazard', hazard: report.id, days: { from: day, to: day } });
    expect((await county.run({ at: NOW, asked: [part] })).at(-1)).toBe('Done');
  }, 30_000);

  test('what broke off is gone on with by the daily run, once its own run is past', async () => {
    const county = await lived();
    const ask = asked(`hazard-${'9'.repeat(20)}`, { kind: 'hazard', hazard: report.id });
    await county.begin(county.outside())({ at: NOW, asked: [ask] });
    await county.due(at('2026-03-03T12:30:00'));
    expect((await county.of(ask.id)).export.stage).toBe('writing');
    await county.due(at('2026-03-04T00:20:00'));
    expect((await county.of(ask.id)).export.stage).toBe('closed');
  }, 30_000);

  test('of several that broke off each comes first on some day, so that one that fails again keeps none from coming', async () => {
    const county = await lived();
    await county.due(at('2026-03-03T00:20:00'));
    const asks = ['8', '9'].map((digit) => asked(`hazard-${digit.repeat(20)}`, { kind: 'hazard', hazard: report.id }));
    for (const ask of asks) await county.begin(county.outside())({ at: at('2026-03-03T00:30:00'), asked: [ask] });
    const days = ['2026-03-03T07:59:00', '2026-03-03T08:00:00'].map(at); // midnight in London
    const first = await Promise.all(days.map((day) => county.begin(county.outside())({ at: day, asked: [] })));
    expect(first.map(({ id }) => id).sort()).toEqual(asks.map(({ id }) => id));
  }, 30_000);
});

test('an entry or a tile that is not what was signed stops the export', async () => {
  for (const wrong of ['tile/entries/000.p/6', 'tile/0/000.p/6']) {
    const county = new ExportCounty();
    await happen(county, '2026-03-01T10:00:00', 0, 5);
    await county.seal();
    const path = `log/533102/${wrong}`;
    const bytes = Buffer.from(county.archive.at(path) ?? '');
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    county.archive.forge(path, bytes);
    await expect(county.due(at('2026-03-02T00:20:00'))).rejects.toThrow('is not what its tile says');
    expect(county.day(1).has('manifest.json')).toBe(false);
  }
}, 30_000);

test('a view that another version of the code had packed stays; a record that says something else stops the export', async () => {
  const county = new ExportCounty();
  await happen(county, '2026-03-01T10:00:00', 0, 5);
  await county.record(auditNo(0), 'NONE', at('2026-03-01T11:00:00'), people.committee, ending);
  await county.seal();
  county.archive.forge('day/bundle=000001/views/events.csv', Buffer.from('another'));
  await county.due(at('2026-03-02T00:20:00'));
  expect(String(county.day(1).get('views/events.csv'))).toBe('another');
  await county.expectTrue(county.day(1));
  await county.seal();
  county.archive.forge(
    'day/bundle=000002/county=533102/colour=NONE/date=2026-03-02/events.jsonl.gz',
    county.day(1).get('county=533102/colour=NONE/date=2026-03-01/events.jsonl.gz'),
  );
  await expect(county.due(at('2026-03-03T00:20:00'))).rejects.toThrow('holds other events');
}, 30_000);
