/** Lists that are imported into the register: decided as the API decides, once, by those who may. */
import { groupRows } from '../../functions/import-list/group-rows.ts';
import { type GroupOutcome, ROWS_PER_GROUP } from '../../functions/import-list/import-list.ts';
import { registerTarget } from '../../functions/import-list/register-target.ts';
import { riskCommand, rowError } from '../../functions/import-list/row-commands.ts';
import * as api from '../../functions/serve-register/api.ts';
import { instant, periodAt } from '../../shared/domain/calendar.ts';
import { hasSlot, pointOf } from '../../shared/domain/duty-page.ts';
import { commandId, riskNo } from '../../shared/domain/ids.ts';
import type { Column } from '../../shared/domain/import-columns.ts';
import { type RawSheet, readList } from '../../shared/domain/import-rows.ts';
import {
  type AreaCells,
  type EnterpriseCells,
  type RiskCells,
  SHEET_IDS,
  SHEETS,
  type SheetId,
} from '../../shared/domain/import-sheets.ts';
import { columnLetter } from '../../shared/domain/import-text.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { registerRulesOf } from '../../shared/policy/register-rules.ts';
import { enterpriseCells, listRules, riskCells, usccOf } from '../support/lists.ts';
import {
  committee,
  department,
  otherDepartment,
  type Person,
  person,
  type RegisterApi,
  registerApi,
  staff,
} from '../support/register-api.ts';
import { county as code } from '../support/tokens.ts';

const at = instant('2026-06-01T02:00:00Z');
const { head, manager } = staff();
const params = { uscc: usccOf(1) };
let county: RegisterApi;
let imports = 0;
beforeEach(async () => {
  county = await registerApi();
});

interface Lists {
  readonly enterprises?: readonly EnterpriseCells[];
  readonly risks?: readonly RiskCells[];
  readonly areas?: readonly AreaCells[];
}

/** A sheet as a file has it, written by the columns that read it. */
function sheetOf(id: SheetId, rows: readonly object[]): RawSheet {
  const columns: [string, Column<unknown>][] = Object.entries(SHEETS[id].columns);
  const line = (cells: Readonly<Record<string, unknown>>) =>
    columns.map(([key, column]) => (cells[key] === undefined ? null : column.write(cells[key], listRules.words)));
  const header = columns.map(([, { heading }]) => heading);
  return {
    name: SHEETS[id].name,
    rows: [header, ...rows.map((cells) => line({ ...cells }))].map((cells, index) => ({ row: index + 1, cells })),
  };
}

/** Lists as they are sent, read and cut into groups. */
function groupsOf(lists: Lists) {
  const sheets = SHEET_IDS.flatMap((id) => (lists[id] === undefined ? [] : [sheetOf(id, lists[id])]));
  const list = readList(sheets, listRules);
  expect(list.errors).toEqual([]);
  return groupRows(list, ROWS_PER_GROUP);
}

/** Imports a file; `name` is the import's, so that the same one can be carried on. */
async function imported(
  lists: Lists,
  by: Person = committee,
  { trial = false, name = `${++imports}` } = {},
): Promise<GroupOutcome> {
  const { register, duties, answerOf } = county;
  const target = registerTarget({ county: code, register, duties, answerOf });
  const outcomes: GroupOutcome[] = [];
  for (const [index, group] of groupsOf(lists).entries()) {
    const asked = { by: { ...by, county: code }, at, commandId: commandId(`import.${name}.0000.${index}`), isTrial: trial };
    outcomes.push(await target.apply(group, asked));
  }
  for (const { column, heading, ...error } of outcomes.flatMap(({ errors }) => errors)) {
    const id = SHEET_IDS.find((each) => SHEETS[each].name === error.sheet) ?? 'enterprises';
    const header = Object.values(SHEETS[id].columns).map(({ heading: of }) => of);
    expect({ ...error, column, heading }).toEqual({ ...error, column: columnLetter(header.indexOf(heading ?? '')), heading });
    expect(heading).toBeDefined();
    expect(Object.keys(error).sort()).toEqual(['code', 'found', 'message', 'row', 'sheet']);
  }
  return {
    written: outcomes.reduce((sum, { written }) => sum + written, 0),
    unchanged: outcomes.reduce((sum, { unchanged }) => sum + unchanged, 0),
    refused: outcomes.reduce((sum, { refused }) => sum + refused, 0),
    errors: outcomes.flatMap(({ errors }) => errors),
  };
}

const counts = ({ written, unchanged, refused }: GroupOutcome) => [written, unchanged, refused];
const one: Lists = { enterprises: [enterpriseCells(1)], risks: [riskCells(1, 'R-1'), riskCells(1, 'R-2')] };
/** The same points one grade up, before and after their controls. */
const graver = (n: number, no: string): RiskCells => ({
  ...riskCells(n, no),
  inherentL: '6',
  residualL: '3',
  residualGrade: 'ORANGE',
});

test('a list marks major installations; a row that says nothing of one leaves it, and one that says it is none asks the head', async () => {
  const row = (more: Partial<RiskCells> = {}): Lists => ({ risks: [{ ...riskCells(1, 'R-1'), ...more }] });
  const mark = async () => (await county.risk('R-1', '2026-06-02 08:00')).content.majorInstallation;
  await imported({ ...one, ...row({ majorInstallation: '3', installationNo: 'BA-1' }) });
  expect(await mark()).toEqual({ level: 3, registration: 'BA-1' });
  expect(counts(await imported(row()))).toEqual([0, 1, 0]);
  expect(counts(await imported(row({ place: '厂区西侧' })))).toEqual([1, 0, 0]);
  expect(await mark()).toEqual({ level: 3, registration: 'BA-1' });
  await county.sign('2026-06-02 09:00');
  const none = await imported(row({ place: '厂区西侧', majorInstallation: 'no' }), manager);
  expect(none.errors).toMatchObject([{ code: 'installation-needs-head', heading: '重大危险源' }]);
  expect(counts(await imported(row({ place: '厂区西侧', majorInstallation: 'no' }), head))).toEqual([1, 0, 0]);
  expect(await mark()).toBeUndefined();
  expect(counts(await imported(row({ place: '厂区西侧', majorInstallation: 'no' }), head))).toEqual([0, 1, 0]);
});

test('a list comes in as if it had been entered through the API', async () => {
  expect(counts(await imported(one))).toEqual([3, 0, 0]);
  expect(await county.read('2026-06-02 08:00')).toMatchObject({
    supervisor: 'DEPT:YJJ',
    contacts: [
      { post: 'head', name: '赵六' },
      { post: 'safety-manager', name: '钱七' },
    ],
    workshops: [{ name: '储运车间', teams: [] }],
    list: { version: 1, signedVersion: 0 },
  });
  const risk = await county.risk('R-1', '2026-06-02 08:00');
  expect(risk).toMatchObject({
    colour: 'YELLOW',
    counts: false,
    content: {
      coordinates: { longitude: 978_551_230, latitude: 240_123_450 },
      accidents: [{ name: '火灾' }, { name: '其他爆炸' }],
      controls: [
        { kind: 'isolation', level: 'enterprise', person: '储运车间主任 王五' },
        { kind: 'technical', level: 'workshop' },
        { kind: 'technical', level: 'team', text: '1.5米护栏' },
      ],
    },
  });
  const { version, content, grades } = risk;
  const asEntered = {
    ...content,
    accidents: content.accidents.map(({ edition, code: of }) => ({ edition, code: of })),
  };
  const same = await county.done(api.changeRisk, manager, '2026-06-02 09:00', {
    params: { ...params, no: 'R-1' },
    body: { version, content: asEntered },
  });
  expect([same.version, grades?.residual.product]).toEqual([1, '90']);
});

test('the same file twice changes nothing', async () => {
  await imported(one);
  const before = county.transactions();
  expect(counts(await imported(one))).toEqual([0, 3, 0]);
  expect(county.transactions()).toBe(before);
});

test('the same command again answers the same and writes nothing', async () => {
  const first = await imported(one, committee, { name: 'again' });
  const before = county.transactions();
  expect(await imported(one, committee, { name: 'again' })).toEqual(first);
  expect(county.transactions()).toBe(before);
});

test('a trial says what an import would do, and writes nothing', async () => {
  const many = { ...one, risks: Array.from({ length: ROWS_PER_GROUP + 5 }, (_, n) => riskCells(1, `R-${n}`)) };
  expect(counts(await imported(many, committee, { trial: true }))).toEqual([ROWS_PER_GROUP + 6, 0, 0]);
  expect(county.transactions()).toBe(0);
  expect(counts(await imported(many))).toEqual([ROWS_PER_GROUP + 6, 0, 0]);
});

test('more changes than a transaction holds are written in several, and what breaks off goes on behind what was written', async () => {
  const numbers = Array.from({ length: ROWS_PER_GROUP }, (_, n) => `R-${n}`);
  await imported({ enterprises: [enterpriseCells(1)], risks: numbers.map((no) => riskCells(1, no)) });
  await county.sign('2026-06-01 12:00');
  const changed = { risks: numbers.map((no) => ({ ...graver(1, no), workshop: '新车间', name: `新${no}` })) };
  const { register } = county;
  const save = register.save;
  let saves = 0;
  register.save = async (change) => {
    if (++saves === 2) throw new Error('the process died');
    await save(change);
  };
  await expect(imported(changed, head, { name: 'broken' })).rejects.toThrow('died');
  register.save = save;
  const before = county.transactions();
  expect(counts(await imported(changed, head, { name: 'broken' }))).toEqual([ROWS_PER_GROUP, 0, 0]);
  expect(county.transactions()).toBeGreaterThan(before);
  expect(county.risks().map(({ version }) => version)).toEqual(numbers.map(() => 3));
  expect(counts(await imported(changed, head))).toEqual([0, ROWS_PER_GROUP, 0]);
});

test('a graver grade holds at once; a laxer one of a point that counts needs the head, and says where', async () => {
  await imported(one);
  await county.sign('2026-06-01 12:00');
  expect(counts(await imported({ risks: [graver(1, 'R-1')] }, manager))).toEqual([1, 0, 0]);
  const { page } = await county.duties.page({ owner: `ENT:${usccOf(1)}`, workshop: '储运车间', colour: 'ORANGE' });
  expect(hasSlot(pointOf(page, riskNo('R-1')) ?? { spans: [], cleared: [], late: [], stops: [] }, periodAt('week', at))).toBe(
    true,
  );
  const { errors, ...rest } = await imported({ risks: [riskCells(1, 'R-1'), riskCells(1, 'R-3')] }, manager);
  expect(counts({ ...rest, errors })).toEqual([1, 0, 1]);
  expect(errors).toMatchObject([
    {
      sheet: '风险点',
      row: expect.any(Number),
      heading: '现有风险等级',
      code: 'laxer-needs-head',
      message: expect.stringContaining('负责人'),
    },
  ]);
  expect(counts(await imported({ risks: [riskCells(1, 'R-1')] }, head))).toEqual([1, 0, 0]);
});

test('a list that leaves out a measure of a point that counts needs the head', async () => {
  await imported(one);
  await county.sign('2026-06-01 12:00');
  const cells = riskCells(1, 'R-1');
  const less = { risks: [{ ...cells, technical: undefined, monitoring: [{ text: '新装报警器' }] }] };
  const { errors, ...rest } = await imported(less, manager);
  expect(counts({ ...rest, errors })).toEqual([0, 0, 1]);
  expect(errors).toMatchObject([{ code: 'controls-need-head', message: expect.stringContaining('负责人') }]);
  expect(counts(await imported(less, head))).toEqual([1, 0, 0]);
});

test('an error of the register stands in the column of the file that it is about, or in the one that tells the row', async () => {
  const sheet = sheetOf('risks', [riskCells(1, 'R-3')]);
  // Columns in an order of the office's own: what is wrong is told by the letters of this very file.
  const reversed = { ...sheet, rows: sheet.rows.map(({ row, cells }) => ({ row, cells: [...cells].reverse() })) };
  const list = readList([reversed], listRules);
  const [row] = list.risks;
  if (row === undefined) throw new Error('the row is read');
  const width = sheet.rows[0]?.cells.length ?? 0;
  const letterOf = (key: string) => columnLetter(width - 1 - Object.keys(SHEETS.risks.columns).indexOf(key));
  expect(rowError('risks', row, 'x', 'y', 'residual.L')).toMatchObject({ column: letterOf('residualL'), heading: '现有L' });
  expect(rowError('risks', row, 'x', 'y')).toMatchObject({ column: letterOf('no'), heading: '风险点编号', found: 'R-3' });
  const tooLong = { kind: 'protection' as const, text: '围'.repeat(501) };
  const read = riskCommand({ ...row, controls: [...row.controls, tooLong] }, registerRulesOf(policyFor(code, at)));
  expect(read).toMatchObject([{ row: 2, column: letterOf('protection'), heading: '个体防护措施', code: 'malformed' }]);
});

test('each imports only what is his: others’ rows are refused one by one', async () => {
  await imported({
    enterprises: [enterpriseCells(1), { ...enterpriseCells(2), industry: 'road-traffic', supervisor: undefined }],
  });
  const both = { risks: [riskCells(1, 'R-1'), riskCells(2, 'R-1')] };
  const byManager = await imported(both, manager);
  expect([...counts(byManager), byManager.errors.map(({ code: of }) => of)]).toEqual([1, 0, 1, ['out-of-scope']]);
  const byDepartment = await imported(both, otherDepartment);
  expect([...counts(byDepartment), byDepartment.errors.map(({ row }) => row)]).toEqual([1, 0, 1, [expect.any(Number)]]);
});

test('who does not supervise it registers no enterprise, and its risks wait for it', async () => {
  const by = async (as: Person) => {
    const outcome = await imported(one, as);
    return [...counts(outcome), [...new Set(outcome.errors.map(({ code: of }) => of))]];
  };
  expect(await by(otherDepartment)).toEqual([0, 0, 3, ['not-supervised', 'not-registered']]);
  expect(await by(manager)).toEqual([0, 0, 3, ['registrar-needed', 'not-registered']]);
  const without = await imported({ risks: [riskCells(1, 'R-1')] });
  expect(without.errors).toMatchObject([{ heading: '统一社会信用代码', code: 'not-registered', found: usccOf(1) }]);
  expect(await by(department)).toEqual([3, 0, 0, []]);
});

test('a number of a retired risk is not used again', async () => {
  await imported(one);
  await county.change(api.retireRisk, head, 'R-1', '2026-06-01 12:00', { because: '拆除' });
  const { errors } = await imported(one);
  expect(errors).toMatchObject([{ heading: '风险点编号', found: 'R-1', code: 'number-retired' }]);
});

test('contacts and an address that a list leaves out stay as they are', async () => {
  await imported(one);
  const { version, contacts } = await county.read('2026-06-01 12:00');
  const content = {
    name: '改名',
    township: '533102102',
    industry: 'hazardous-chemicals',
    address: '新址',
    contacts: [...contacts, { post: '值班室', name: '李四' }],
  };
  await county.done(api.changeEnterprise, manager, '2026-06-01 13:00', { params, body: { version, ...content } });
  expect(counts(await imported({ enterprises: [{ ...enterpriseCells(1), address: undefined }] }))).toEqual([1, 0, 0]);
  expect(await county.read('2026-06-01 14:00')).toMatchObject({
    name: enterpriseCells(1).name,
    address: '新址',
    contacts: [{ post: 'head' }, { post: 'safety-manager' }, { post: '值班室' }],
  });
});

test('public areas come in for the township or the department that answers for them', async () => {
  const { uscc: _, workshop: _workshop, team: _team, post: _post, ...cells } = riskCells(1, 'A-1');
  const area = (no: string, owner?: string): AreaCells => ({
    ...cells,
    no: riskNo(no),
    township: enterpriseCells(1).township,
    owner,
  });
  expect(counts(await imported({ areas: [area('A-1'), area('A-2', 'JTJ')] }))).toEqual([2, 0, 0]);
  const found = await county.done(api.listAreas, committee, '2026-06-02 08:00');
  expect(found.items.map(({ no, owner }) => [no, owner])).toEqual([
    ['A-1', 'TOWN:533102102'],
    ['A-2', 'DEPT:JTJ'],
  ]);
  const taken = await imported({ areas: [area('A-1', 'JTJ')] }, person('department-officer', 'DEPT:JTJ'));
  expect(taken.errors).toMatchObject([{ heading: '区域编号', code: 'other-owner' }]);
});
