/** The exchange tables there and back, and what uploads of others are known to lose: each of it a test (domain reference, 17). */

import { approveSuspension, changeRisk, registerEnterprise, retireRisk } from '../../functions/serve-register/api.ts';
import { dynamoExchangeStore } from '../../shared/data/exchange-store.ts';
import { stateWrites } from '../../shared/data/restore/state-writes.ts';
import { dynamoSubjectItems } from '../../shared/data/subject-items.ts';
import { dayOf, plusMs } from '../../shared/domain/calendar.ts';
import { EXCHANGE_TABLES, type ExchangeRow, exchangeSubject } from '../../shared/domain/exchange.ts';
import type { HazardCommand } from '../../shared/domain/hazard.ts';
import { hazardId, personId, riskNo } from '../../shared/domain/ids.ts';
import type { Actor } from '../../shared/domain/ledger-event.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import { emptySnapshot, foldEvent } from '../../shared/domain/rebuild.ts';
import { riskSubject } from '../../shared/domain/register-risk.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';
import { exchangedRows, gapsOfRows, NOTHING_BEFORE } from '../../shared/exchange/bundle-rows.ts';
import { checkRow } from '../../shared/exchange/check-row.ts';
import { HELD, LOSSES } from '../../shared/exchange/losses.ts';
import { idsOfRisk } from '../../shared/exchange/own-rows.ts';
import { receive } from '../../shared/exchange/receive.ts';
import { afterBatch, batchesOf, NOTHING_SENT, type Sendable, type SendingState, toSend } from '../../shared/exchange/sending.ts';
import { columnOf, DELETED, isDeleted, TABLES } from '../../shared/exchange/tables.ts';
import { exchangeView } from '../../shared/exchange/views.ts';
import { csvView } from '../../shared/runtime/list-file/write-csv.ts';
import { Exchanged, ReceivingCounty, rowsNow, rules } from '../support/exchange-county.ts';
import { photo } from '../support/hazard-case.ts';
import { usccOf } from '../support/lists.ts';
import { COUNTY, eventsIn, itemsIn, PlayedCounty, type StoredItem } from '../support/played-county.ts';
import { department, enterpriseBody, riskContent, staff } from '../support/register-api.ts';

const HOUR = 3_600_000;
const uscc = usccOf(1);
const { head, manager } = staff(1);
const nameOf = ({ table, row }: Sendable): string => `${table} ${row.id}`;
const bytesOf = (rows: Iterable<Sendable>): readonly string[] =>
  [...rows].map((each) => `${each.table} ${Buffer.from(canonical(each.row))}`).sort();
const lastOf = (rows: Iterable<Sendable>): readonly Sendable[] => [
  ...new Map([...rows].map((each) => [nameOf(each), each])).values(),
];

const INSTALLATION = 'BA5331020001';
const riskOf = async (county: PlayedCounty, no: string) =>
  (await county.register.listOf(enterpriseOwner(uscc))).find((each) => each.no === no);

/** A county with risks, checks, a case and a stop. */
async function played(): Promise<PlayedCounty> {
  const county = new PlayedCounty();
  await county.enterprise(1, { 'R-1': 'RED', 'R-2': 'ORANGE', 'R-3': 'YELLOW' });
  // Two risk points of one registered installation.
  for (const no of ['R-1', 'R-2']) {
    const content = riskContent({ workshop: '储运车间', majorInstallation: { level: 3, registration: INSTALLATION } });
    await county.ask(changeRisk, head, { uscc, no }, { version: (await riskOf(county, no))?.version, content });
  }
  await county.sign(1);
  county.at = plusMs(county.at, 26 * HOUR);
  await county.round(1, ['R-1', 'R-2'], HOUR, 'R-1');
  await county.report(1, hazardId('R0123456789ABCDE1'), 'RED');
  const stop = { kind: 'maintenance', scope: { of: 'points', points: ['R-3'] }, reason: '检修', approver: '赵六' };
  const from = plusMs(county.at, HOUR);
  await county.ask(approveSuspension, head, { uscc }, { ...stop, from, until: plusMs(from, 24 * HOUR) });
  return county;
}

/** Another county, where the enterprise is registered and nothing else is. */
async function receiving(): Promise<ReceivingCounty> {
  const county = new ReceivingCounty();
  await county.ask(registerEnterprise, department, {}, enterpriseBody(1));
  return county;
}

async function sendAll(
  county: ReceivingCounty,
  rows: Iterable<Sendable>,
  before: SendingState = NOTHING_SENT,
): Promise<SendingState> {
  let state = before;
  for (const batch of batchesOf(toSend(rows, state))) {
    state = afterBatch(state, batch, (await county.send(batch.table, batch.rows)).rows);
  }
  return state;
}

/** The enterprise as a whole is an object of either county's own. */
const isOwnObject = ({ table, row }: Sendable): boolean => table === 'object' && row.hazardCode === row.creditCode;

test('our records fill all eight tables with rows that the tables take, and nothing in them is of a person', async () => {
  const rows = rowsNow(await played(), new Exchanged());
  expect([...new Set(rows.map(({ table }) => table))].sort()).toEqual([...EXCHANGE_TABLES].sort());
  for (const { table, row } of rows) expect([table, row.id, checkRow(table, row).faults]).toEqual([table, row.id, []]);
  const text = JSON.stringify(rows.map(({ row }) => row));
  for (const name of ['赵六', '王五', '李四', '0692', 'sxj-pii-1']) expect(text).not.toContain(name);
  expect(new Set(rows.map(nameOf)).size).toBe(rows.length);
});

test('a cured case still says by when it was to be cured, and hangs on the measure that was not in order', async () => {
  const county = await played();
  const [found] = eventsIn(county.tables).flatMap(({ type, data }) =>
    type === 'HazardReported' && data.finding.round ? [data] : [],
  );
  const exchanged = new Exchanged();
  const told = () => {
    const [row] = rowsNow(county, exchanged).filter(({ row: each }) => each.checkRecordId !== undefined && each.dangerName);
    return row;
  };
  const first = told();
  const { measure } = idsOfRisk(riskSubject({ owner: enterpriseOwner(uscc), no: riskNo('R-1') }));
  expect(first?.row).toMatchObject({ riskMeasureId: measure(1), dangerState: '0' });
  const records = new Exchanged().next(eventsIn(county.tables)).filter(({ table }) => table === 'record');
  expect(records.find(({ row }) => row.id === first?.row.checkRecordId)?.row.checkStatus).toBe('1');
  // A round and its case are written together: whichever comes first, the rows are the same.
  const events = eventsIn(county.tables);
  const reported = events.filter(({ type }) => type === 'HazardReported');
  const before = events.findIndex(({ type }) => type === 'RoundSubmitted');
  for (const at of [before, before + 1]) {
    const rest = events.filter((event) => !reported.includes(event));
    const rows = new Exchanged().next([...rest.slice(0, at), ...reported, ...rest.slice(at)]);
    expect(rows.find(({ row }) => row.id === first?.row.id)).toEqual(first);
  }
  // Nobody has graded it yet: what stands there is only likely.
  expect(first?.toFill).toEqual(expect.arrayContaining(['dangerLevel', 'dangerManageType', 'hazardCategory']));
  expect(first?.toFill).not.toContain('dangerSrc');
  const id = hazardId(String(found?.id));
  const by = (name: string, role: Actor['role']): Actor => ({ id: personId(name), role, owner: 'DEPT:YJJ' });
  const duan = by('duan', 'department-officer');
  const step = async (actor: Actor, command: HazardCommand): Promise<void> => {
    county.at = plusMs(county.at, HOUR);
    expect(await county.step(id, actor, command)).toBeUndefined();
  };
  await step(duan, { type: 'GradeHazard', level: 'general' });
  const until = dayOf(plusMs(county.at, 5 * 24 * HOUR));
  await step(duan, { type: 'AssignRectification', rectifier: personId('li'), until });
  const assigned = told();
  expect(assigned?.row.dangerManageDeadline).toBe(until);
  expect(assigned?.toFill).not.toContain('dangerLevel');
  const evidence = [photo('a')];
  await step({ id: personId('li'), role: 'team-leader' }, { type: 'SubmitRectification', account: '已修复', evidence });
  expect(told()?.row).toMatchObject({ dangerState: '1', dangerManageDeadline: until });
  await step(duan, { type: 'AcceptRectification' });
  expect(told()?.row).toMatchObject({ dangerState: '9', dangerManageDeadline: until, riskMeasureId: measure(1) });
});

test('what one county exports another takes, and exports again, byte for byte', async () => {
  const rows = rowsNow(await played(), new Exchanged());
  const other = await receiving();
  const state = await sendAll(other, rows);
  expect(state.retry).toEqual([]);
  const sent = rows.filter((each) => !isOwnObject(each));
  expect(bytesOf(await other.all(uscc))).toEqual(bytesOf(sent));
  const whole = new Exchanged().next(eventsIn(other.tables)).filter((each) => !isOwnObject(each));
  expect(bytesOf(whole)).toEqual(bytesOf(sent));
  // The bundle of the other county says the same of them, but for who wrote them, which is of a person.
  const { tables } = other;
  const again = rowsNow(other, new Exchanged()).filter((each) => !isOwnObject(each));
  const without = ({ createBy: _, updateBy: __, ...row }: ExchangeRow): ExchangeRow => row;
  const nameless = ['hazardLiablePerson', 'registrant'];
  const kept = (row: ExchangeRow): ExchangeRow =>
    Object.fromEntries(Object.entries(without(row)).filter(([name]) => !nameless.includes(name)));
  expect(bytesOf(again.map(({ table, row }) => ({ table, row: kept(row) })))).toEqual(
    bytesOf(sent.map(({ table, row }) => ({ table, row: kept(row) }))),
  );
  // Sent twice, nothing is written.
  const writes = tables.writes();
  const { retry } = await sendAll(other, sent);
  expect([retry, tables.writes()]).toEqual([[], writes]);
});

test('children that come before their parents are refused alone, and taken when they come again', async () => {
  const rows = rowsNow(await played(), new Exchanged()).filter((each) => !isOwnObject(each));
  const other = await receiving();
  const [measure] = rows.filter(({ table }) => table === 'measure');
  const early = await other.send('measure', [measure?.row ?? {}]);
  expect(early.rows).toMatchObject([{ outcome: 'refused', errors: [{ column: 'riskEventId', code: 'parent-missing' }] }]);
  let state = NOTHING_SENT;
  for (const batch of batchesOf([...rows].reverse())) {
    state = afterBatch(state, batch, (await other.send(batch.table, batch.rows)).rows);
  }
  expect(state.retry.length).toBeGreaterThan(5);
  expect((await sendAll(other, [], state)).retry).toEqual([]);
  expect(bytesOf(await other.all(uscc))).toEqual(bytesOf(rows));
});

test('a wrong row keeps nothing but itself out, and says its column, its code and what to do', async () => {
  const rows = rowsNow(await played(), new Exchanged());
  const [a, b, c] = rows.flatMap(({ table, row }) => (table === 'unit' ? [row] : []));
  const other = await receiving();
  await sendAll(
    other,
    rows.filter(({ table }) => table === 'object'),
  );
  const answer = await other.send('unit', [
    { ...a, riskLevel: '9', 多余: 'x' },
    b ?? {},
    { ...c, riskUnitName: '长'.repeat(201) },
    {},
  ]);
  expect(answer).toMatchObject({ received: 1, refused: 3 });
  expect(answer.rows.map(({ outcome, errors }) => [outcome, errors.map(({ column, code }) => `${column} ${code}`)])).toEqual([
    ['refused', ['riskLevel not-a-code', '（名称不像字段名） unknown-column']],
    ['received', []],
    ['refused', ['riskUnitName too-long']],
    ['refused', expect.arrayContaining(['id missing', 'creditCode missing', 'hazardCode missing'])],
  ]);
  for (const { errors } of answer.rows) for (const { says } of errors) expect(says).toMatch(/\p{Script=Han}/u);
});

test('what is changed or deleted later goes up with the next bundle, whatever it was created, and the deleted children first', async () => {
  const county = await played();
  const exchanged = new Exchanged();
  const first = rowsNow(county, exchanged).filter((each) => !isOwnObject(each));
  county.at = plusMs(county.at, 24 * HOUR);
  const content = riskContent({ controls: [{ kind: 'isolation', text: '防火堤完好，无裂缝' }] });
  await county.ask(changeRisk, head, { uscc, no: 'R-2' }, { version: (await riskOf(county, 'R-2'))?.version, content });
  await county.ask(retireRisk, head, { uscc, no: 'R-3' }, { version: (await riskOf(county, 'R-3'))?.version, because: '拆除' });
  await county.sign(1);
  const second = rowsNow(county, exchanged);
  expect(county.refusals).toBe(0);
  const deleted = second.filter(({ row }) => isDeleted(row));
  expect(deleted.map(({ table }) => table).sort()).toEqual([
    'event',
    'measure',
    'measure',
    'measure',
    'object',
    'task',
    'task',
    'task',
    'unit',
  ]);
  const before = new Map(first.map((each) => [nameOf(each), each.row]));
  for (const each of second) {
    expect(String(each.row.updateDate) > String(before.get(nameOf(each))?.updateDate)).toBe(true);
    expect(each.row.createDate).toBe(before.get(nameOf(each))?.createDate);
  }
  const order = toSend(second, NOTHING_SENT).flatMap(({ table, row }) => (row.deleted === DELETED ? [table] : []));
  expect([order.indexOf('task') < order.indexOf('measure'), order.indexOf('event') < order.indexOf('unit')]).toEqual([
    true,
    true,
  ]);
  const other = await receiving();
  await sendAll(other, first);
  const parent = second.find(({ table, row }) => table === 'unit' && isDeleted(row));
  const alone = await other.send('unit', [parent?.row ?? {}]);
  expect(alone.rows[0]?.errors).toMatchObject([{ code: 'children-left', says: expect.stringContaining('风险事件 1 条') }]);
  // What happened stays: checks, cases and stops of what is gone.
  expect((await sendAll(other, second)).retry.filter((each) => !isOwnObject(each))).toEqual([]);
  expect(bytesOf(await other.all(uscc))).toEqual(bytesOf(lastOf([...first, ...second])));
});

test('of two objects of one code either may go while the other stands, and the last only after what hangs on it', async () => {
  const county = await played();
  const exchanged = new Exchanged();
  const rows = rowsNow(county, exchanged);
  county.at = plusMs(county.at, 24 * HOUR);
  await county.ask(retireRisk, head, { uscc, no: 'R-2' }, { version: (await riskOf(county, 'R-2'))?.version, because: '拆除' });
  const retired = rowsNow(county, exchanged);
  expect(retired.filter(({ table }) => table === 'object')).toHaveLength(1);
  const other = await receiving();
  expect((await sendAll(other, retired, await sendAll(other, rows))).retry).toEqual([]);
  // Both at once in one request: the second is the last.
  const third = await receiving();
  await sendAll(third, rows);
  const objects = rows.filter((each) => each.table === 'object' && !isOwnObject(each));
  const gone = objects.map(({ row }) => ({ ...row, deleted: DELETED, updateDate: '2026-06-30 08:00:00' }));
  expect((await third.send('object', gone)).rows).toMatchObject([
    { outcome: 'received' },
    { outcome: 'refused', errors: [{ code: 'children-left', says: expect.stringContaining('风险单元 2 条') }] },
  ]);
});

test('an older version is stale, one of the same time has to be the same, and a reader who went on sees what came late', async () => {
  const [unit] = rowsNow(await played(), new Exchanged()).filter(({ table }) => table === 'unit');
  const row = unit?.row ?? {};
  const other = await receiving();
  await other.send('unit', [{ ...row, updateDate: '2026-06-20 08:00:00' }]);
  const [read] = (await other.list('unit', { enterprise: uscc })).items;
  expect((await other.send('unit', [{ ...row, updateDate: '2026-06-19 08:00:00' }])).stale).toBe(1);
  const other2 = await other.send('unit', [{ ...row, updateDate: '2026-06-20 08:00:00', hazardDep: '别的部门' }]);
  expect(other2.rows).toMatchObject([{ outcome: 'refused', errors: [{ code: 'update-date-not-moved' }] }]);
  const late = { ...row, id: 'f'.repeat(32), updateDate: row.createDate };
  expect((await other.send('unit', [late])).received).toBe(1);
  const { items } = await other.list('unit', { enterprise: uscc, after: read?.receivedAt });
  expect(items.map((item) => item.row.id)).toEqual([late.id]);
});

test('a hazard hangs on its check: on one that was received, or on ours that found a case; any other is refused', async () => {
  const county = await played();
  const all = rowsNow(county, new Exchanged());
  const rows = all.filter((each) => !isOwnObject(each));
  const [found] = rows.filter(({ row }) => row.checkRecordId !== undefined);
  // Sent back to where they come from, a case and a stop are that county's own; what is new there hangs on its rows.
  const home = new ReceivingCounty(county.tables);
  const own = all;
  const writes = county.tables.writes();
  const changed = own.map(({ table, row }) => ({ table, row: { ...row, deleted: DELETED } }));
  const { retry } = await sendAll(home, changed);
  expect(new Set(retry.flatMap(({ errors }) => errors.map(({ code }) => code)))).toEqual(new Set(['own-row']));
  expect(retry).toHaveLength(own.length);
  // As they stand there they are unchanged, but where the register alone does not know all that they say.
  const left = (await sendAll(home, own)).retry;
  expect(new Set(left.map(({ table }) => table))).toEqual(new Set(['task', 'record', 'hazard']));
  expect(county.tables.writes()).toBe(writes);
  expect((await home.send('hazard', [{ ...found?.row, id: 'e'.repeat(32) }])).received).toBe(1);
  const other = await receiving();
  await sendAll(
    other,
    rows.filter(({ table }) => table !== 'record' && table !== 'hazard'),
  );
  const early = await other.send('hazard', [found?.row ?? {}]);
  expect(early.rows).toMatchObject([{ outcome: 'refused', errors: [{ column: 'checkRecordId', code: 'parent-missing' }] }]);
  const [record] = rows.filter(({ row }) => row.id === found?.row.checkRecordId);
  await other.send('record', [record?.row ?? {}]);
  expect((await other.send('hazard', [found?.row ?? {}])).received).toBe(1);
  const noMeasure = await other.send('hazard', [{ ...found?.row, id: 'e'.repeat(32), riskMeasureId: 'd'.repeat(32) }]);
  expect(noMeasure.rows).toMatchObject([{ errors: [{ column: 'riskMeasureId', code: 'parent-missing' }] }]);
});

test('how our own checks were answered nobody changes: not under their names, not for our tasks, and nothing received is told under a name of ours', async () => {
  const county = await played();
  const exchanged = new Exchanged();
  const rows = rowsNow(county, exchanged);
  const [found] = rows.filter(({ table, row }) => table === 'record' && row.checkStatus === '1');
  const [measure] = rows.filter(({ table }) => table === 'measure');
  const [task] = rows.filter(({ table }) => table === 'task');
  const home = new ReceivingCounty(county.tables);
  // A task that is the platform's own may hang on a measure of ours, and a check on that task.
  const theirs = { ...task?.row, id: 'a'.repeat(32), riskMeasureId: measure?.row.id };
  expect((await home.send('task', [theirs], manager)).received).toBe(1);
  const forged: ExchangeRow = { ...found?.row, checkStatus: '0', updateDate: '2026-07-01 08:00:00' };
  const { checkTaskId: _, ...nameless } = forged;
  for (const as of [manager, head]) {
    const answer = await home.send(
      'record',
      [
        forged,
        { ...forged, checkTaskId: theirs.id },
        { ...forged, id: 'b'.repeat(32) },
        { ...nameless, deleted: DELETED },
        { ...forged, checkTaskId: theirs.id, id: 'c'.repeat(32) },
      ],
      as,
    );
    expect(answer.rows.map(({ errors }) => errors.map(({ column, code }) => `${column} ${code}`))).toEqual([
      ['id own-row'],
      ['id own-row'],
      ['checkTaskId own-row'],
      ['id own-row'],
      [],
    ]);
  }
  expect(rowsNow(home, exchanged).map(nameOf).sort()).toEqual([`record ${'c'.repeat(32)}`, `task ${theirs.id}`]);
  // What came before the register had it is ours from then on.
  const early = await receiving();
  const own = rows.filter(({ table, row }) => table !== 'object' && row.hazardCode !== INSTALLATION);
  await sendAll(early, rows);
  for (const no of ['R-1', 'R-2', 'R-3']) await early.add(1, no, 'RED', '储运车间');
  await early.sign(1);
  const told = rowsNow(early, new Exchanged()).filter(({ row }) => own.some(({ row: each }) => each.id === row.id));
  expect(told.length).toBeGreaterThan(5);
  expect(told.filter(({ table, isReceived }) => isReceived && !['hazard', 'stop'].includes(table)).map(nameOf)).toEqual([]);
});

test('of what changed later than tomorrow nothing is taken: no true change would ever come after it', async () => {
  const [unit] = rowsNow(await played(), new Exchanged()).filter(({ table }) => table === 'unit');
  const other = await receiving();
  const of = (updateDate: string) => ({ ...unit?.row, updateDate });
  for (const late of ['2999-01-01 08:00:00', '2026-07-03 08:00:00']) {
    const answer = await other.send('unit', [of(late)]);
    expect(answer.rows).toMatchObject([{ outcome: 'refused', errors: [{ column: 'updateDate', code: 'in-the-future' }] }]);
    expect(answer.rows[0]?.errors[0]?.says).toContain('请核对');
  }
  expect((await other.send('unit', [of('2026-07-01 20:00:00')])).received).toBe(1);
});

test('a case tells where it was found as that stood then, whatever becomes of the risk', async () => {
  const county = new PlayedCounty();
  await county.enterprise(1, { 'R-1': 'RED', 'R-2': 'ORANGE' });
  county.at = plusMs(county.at, 26 * HOUR);
  await county.round(1, ['R-1', 'R-2'], HOUR, 'R-1');
  const exchanged = new Exchanged();
  const rows = rowsNow(county, exchanged);
  const [found] = rows.filter(({ table }) => table === 'hazard');
  expect(found?.row).toMatchObject({ hazardCode: uscc, riskMeasureId: expect.any(String), checkRecordId: expect.any(String) });
  county.at = plusMs(county.at, HOUR);
  const content = riskContent({ majorInstallation: { level: 3, registration: INSTALLATION } });
  await county.ask(changeRisk, head, { uscc, no: 'R-1' }, { version: (await riskOf(county, 'R-1'))?.version, content });
  await county.sign(1);
  expect(county.refusals).toBe(0);
  const told = () => new Exchanged().next(eventsIn(county.tables, false)).filter(({ table }) => table === 'hazard');
  expect(told()).toEqual([found]);
  const other = await receiving();
  expect((await sendAll(other, rows)).retry).toEqual([]);
  expect((await other.send('hazard', [told()[0]?.row ?? {}])).unchanged).toBe(1);
  // Where the risk has left the snapshot, it still says so.
  rowsNow(county, exchanged);
  exchanged.snapshot.parts.risks.clear();
  expect([...exchangedRows(exchanged.snapshot, NOTHING_BEFORE, rules)].filter(({ table }) => table === 'hazard')).toEqual([
    found,
  ]);
});

test('bundles that are sent at once tell first how what ended since stood, so that what happened there has its parents', async () => {
  const county = await played();
  const exchanged = new Exchanged();
  const first = rowsNow(county, exchanged).filter((each) => !isOwnObject(each));
  county.at = plusMs(county.at, 24 * HOUR);
  for (const no of ['R-1', 'R-2'])
    await county.ask(retireRisk, head, { uscc, no }, { version: (await riskOf(county, no))?.version, because: '拆除' });
  const second = rowsNow(county, exchanged).filter((each) => !isOwnObject(each));
  expect(second.filter(({ table, row }) => table === 'object' && isDeleted(row))).toHaveLength(2);
  const other = await receiving();
  expect((await sendAll(other, [...first, ...second])).retry).toEqual([]);
  expect(bytesOf(await other.all(uscc))).toEqual(bytesOf(lastOf([...first, ...second])));
  // Where nobody knows the enterprise yet both are kept, and taken the next time.
  const late = new ReceivingCounty();
  const refused = await sendAll(late, [...first, ...second]);
  await late.ask(registerEnterprise, department, {}, enterpriseBody(1));
  expect((await sendAll(late, [], refused)).retry).toEqual([]);
  expect(bytesOf(await late.all(uscc))).toEqual(bytesOf(lastOf([...first, ...second])));
});

test('a deletion of many rows looks up once what hangs on them, and what came meanwhile is seen', async () => {
  const [unit] = rowsNow(await played(), new Exchanged()).filter(({ table }) => table === 'unit');
  const event = (n: number) => ({
    ...{ id: String(n).padStart(32, '0'), creditCode: uscc, deleted: '0', riskUnitId: unit?.row.id, riskEventName: '泄漏' },
    ...{ createDate: '2026-06-20 08:00:00', updateDate: '2026-06-20 08:00:00' },
  });
  const other = await receiving();
  await other.send('unit', [unit?.row ?? {}]);
  const events = Array.from({ length: 20 }, (_, n) => event(n));
  expect((await other.send('event', events)).received).toBe(20);
  const gone = events.map((row) => ({ ...row, deleted: DELETED, updateDate: '2026-06-21 08:00:00' }));
  const store = dynamoExchangeStore(COUNTY);
  const measure = {
    ...{ id: 'a'.repeat(32), creditCode: uscc, deleted: '0', riskEventId: event(7).id, dataSrc: '2', riskMeasureDesc: '围堰' },
    ...{ classify1: '1', classify2: '1-5', troubleshootContent: '围堰', createDate: '2026-06-20 08:00:00' },
    updateDate: '2026-06-20 08:00:00',
  };
  // Between the look and the writing of the seventh a measure comes that hangs on it.
  let [looks, isThere] = [0, false];
  const watched = new ReceivingCounty(other.tables, {
    ...store,
    async *ofTable(enterprise, table) {
      looks++;
      yield* store.ofTable(enterprise, table);
      if (!isThere) isThere = (await other.send('measure', [measure])).received === 1;
    },
  });
  const answer = await watched.send('event', gone);
  expect([answer.received, answer.refused, looks]).toEqual([19, 1, 2]);
  expect(answer.rows[7]).toMatchObject({ errors: [{ code: 'children-left', says: expect.stringContaining('管控措施 1 条') }] });
});

test('rows of one moment are all read, page by page, and a reader who goes on after it misses none', async () => {
  const [unit] = rowsNow(await played(), new Exchanged()).filter(({ table }) => table === 'unit');
  const named = (n: number) => ({ ...unit?.row, id: String(n).padStart(32, '0') });
  const other = await receiving();
  // Twenty at one instant, all of one time of change.
  await other.send(
    'unit',
    Array.from({ length: 20 }, (_, n) => named(n)),
  );
  expect(await other.all(uscc)).toHaveLength(20);
  const last = (await other.list('unit', { enterprise: uscc, limit: 50 })).items.at(-1)?.receivedAt;
  expect((await other.list('unit', { enterprise: uscc, after: last })).items).toEqual([]);
  await other.send('unit', [named(20)]);
  expect((await other.list('unit', { enterprise: uscc, after: last })).items.map(({ row }) => row.id)).toEqual([named(20).id]);
});

test('a row that was put back without its salts is whole again when it is sent again', async () => {
  const sent = rowsNow(await played(), new Exchanged()).filter(({ table }) => table === 'unit');
  const [unit] = sent;
  const other = await receiving();
  await other.send('unit', [unit?.row ?? {}]);
  const snapshot = emptySnapshot(COUNTY);
  for (const event of eventsIn(other.tables, false)) foldEvent(snapshot, event, rules);
  const held = [...snapshot.parts.exchange.values()].map(({ state }) => state.row);
  expect(held.map(({ hazardLiablePerson }) => hazardLiablePerson)).toEqual([expect.stringMatching(/^sxj-pii-1:/)]);
  const about = { own: undefined, orphaned: [], children: {} };
  expect(receive('unit', unit?.row ?? {}, { ...about, held: held[0] }).outcome).toBe('received');
  expect(receive('unit', { ...unit?.row, hazardDep: '别的部门' }, { ...about, held: held[0] }).outcome).toBe('refused');
});

test('an enterprise sends and reads its own rows and nobody else’s', async () => {
  const rows = rowsNow(await played(), new Exchanged());
  const [unit] = rows.filter(({ table }) => table === 'unit');
  const other = await receiving();
  const stranger = staff(2).manager;
  expect((await other.send('unit', [unit?.row ?? {}], stranger)).rows).toMatchObject([
    { errors: [{ code: 'enterprise-unknown' }] },
  ]);
  await expect(other.list('unit', { enterprise: uscc }, stranger)).rejects.toMatchObject({ status: 404 });
  expect((await other.send('unit', [unit?.row ?? {}], manager)).received).toBe(1);
  expect((await other.list('unit', {}, manager)).items).toHaveLength(1);
  // The enterprise as a whole is of either county: the same is unchanged, whoever wrote it when, and anything else is refused.
  const [object] = rows.filter(isOwnObject);
  const answer = await other.send('object', [object?.row ?? {}, { ...object?.row, objectCode: '别的' }], manager);
  expect(answer.rows).toMatchObject([{ outcome: 'unchanged' }, { outcome: 'refused', errors: [{ code: 'own-row' }] }]);
});

test('the report of gaps says what is to be filled on the platform, and what was received and is not in the register', async () => {
  const county = await played();
  const rows = rowsNow(county, new Exchanged());
  const other = await receiving();
  await sendAll(other, rows);
  const missing = (await other.gaps({ enterprise: uscc, limit: 200 })).items;
  expect(new Set(missing.filter(({ code }) => code === 'not-registered').map(({ table }) => table))).toEqual(
    new Set(['unit', 'measure', 'hazard', 'stop']),
  );
  expect(missing.find(({ table }) => table === 'unit')?.says).toContain('可能发生的事故类别');
  const pages = await other.gaps({ enterprise: uscc, limit: 1 });
  expect(pages).toMatchObject({ items: [missing[0]], cursor: expect.any(String) });
  expect(pages.counts).toContainEqual(
    expect.objectContaining({ table: 'unit', code: 'not-registered', count: 3, heading: '风险单元名称' }),
  );
  expect(pages.counts.reduce((sum, { count }) => sum + count, 0)).toBe(missing.length);
  // In a bundle also what of a received row may not stand there.
  const exchanged = new Exchanged();
  const again = rowsNow(other, exchanged);
  const hidden = [...gapsOfRows(exchanged.snapshot, again)].filter(({ code }) => code === 'not-in-bundle');
  expect(new Set(hidden.map(({ column }) => column))).toContain('registrant');
});

test('a name in a row that is held still stands, so its salt is not taken away before', async () => {
  const [unit] = rowsNow(await played(), new Exchanged()).filter(({ table }) => table === 'unit');
  const row = { ...unit?.row, hazardLiablePerson: '赵六' };
  const other = await receiving();
  await other.send('unit', [row]);
  const held = await dynamoSubjectItems(COUNTY).of(exchangeSubject(uscc, 'unit', String(unit?.row.id)));
  expect(JSON.stringify(held)).toContain('赵六');
  const [event] = eventsIn(other.tables, false).filter(({ type }) => type === 'ExchangeRowReceived');
  expect(JSON.stringify(event)).not.toContain('赵六');
});

test('received rows are put back from the events alone, each where the store keeps it', async () => {
  const rows = rowsNow(await played(), new Exchanged());
  const other = await receiving();
  await sendAll(other, rows);
  const snapshot = emptySnapshot(COUNTY);
  for (const event of eventsIn(other.tables)) foldEvent(snapshot, event, rules);
  const put = [...stateWrites(snapshot, [], other.now)].flatMap((write) => {
    const { Put } = write.params() as { Put?: { TableName: string; Item: StoredItem } };
    return Put?.TableName === 'EXPORTS_TABLE' ? [Put.Item] : [];
  });
  // How often a row was written with its children stands in no event, and only has to move on.
  const told = (items: Iterable<StoredItem>) =>
    [...items].map(({ revision: _, ...item }) => item).sort((a, b) => (a.sk < b.sk ? -1 : 1));
  const stored: unknown = JSON.parse(JSON.stringify(told(put)));
  expect(stored).toEqual(told(itemsIn(other.tables, 'EXPORTS_TABLE').values()));
});

test('every member of our records has a column that there is, or is said to be lost', () => {
  for (const place of HELD) {
    const [table, name = ''] = place.split('.');
    const of = EXCHANGE_TABLES.find((each) => each === table);
    expect([place, of && columnOf(of, name)?.name]).toEqual([place, name]);
  }
  expect(LOSSES.length).toBeGreaterThan(30);
  expect(LOSSES.find(({ of }) => of === 'cadence')?.why).toContain('15 天');
  for (const { name, why } of LOSSES) expect([name, why].every((text) => /\p{Script=Han}/u.test(text))).toBe(true);
});

test('tables name their parents before them, and a spreadsheet takes no cell of theirs for a formula', () => {
  for (const [place, table] of EXCHANGE_TABLES.entries()) {
    for (const { parent } of TABLES[table].columns) {
      if (parent !== undefined) expect(EXCHANGE_TABLES.indexOf(parent.table)).toBeLessThan(place);
    }
  }
  const row = { id: 'a'.repeat(32), riskUnitName: '=1+1' };
  expect(csvView(exchangeView('unit'), [row]).toString()).toContain(`,'=1+1,`);
});
