/** Events as people read them, and the files that they are read in: a row says what happened, and no file says anything else than the rows. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoggedEvent } from '../../shared/archive/entry.ts';
import { enterpriseOfEvent, subjectName } from '../../shared/archive/event-subject.ts';
import { EVENT_VIEW, eventRow } from '../../shared/archive/event-view.ts';
import { typeName, whatHappened } from '../../shared/archive/event-words.ts';
import { evidenceOf, evidenceText } from '../../shared/archive/evidence.ts';
import { dayOf, instant } from '../../shared/domain/calendar.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { recordFacts } from '../../shared/domain/ledger-event.ts';
import type { MonthlyForm } from '../../shared/domain/monthly-form.ts';
import { REMINDING } from '../../shared/domain/reminding.ts';
import type { View } from '../../shared/domain/view.ts';
import { readSheets } from '../../shared/runtime/list-file/read.ts';
import type { FileLimits } from '../../shared/runtime/list-file/unreadable.ts';
import { MOST_IN_A_CELL } from '../../shared/runtime/list-file/view-cell.ts';
import { csvView } from '../../shared/runtime/list-file/write-csv.ts';
import { csvForm, periodText, xlsxForm } from '../../shared/runtime/list-file/write-form.ts';
import { parquetView } from '../../shared/runtime/list-file/write-parquet.ts';
import { xlsxView } from '../../shared/runtime/list-file/write-view.ts';
import { enterprise, people, photo, report, uscc } from '../support/hazard-case.ts';

const LIMITS: FileLimits = { fileBytes: 50_000_000, rows: 10_000, columns: 40, cellCharacters: 40_000, sheets: 2 };
const cellsOf = (file: Buffer) => readSheets(file, LIMITS).flatMap(({ rows }) => rows.map(({ cells }) => cells));

const AT = instant('2026-03-02T16:05:30.250Z');
const COUNTY = countyCode('533102');

function logged(subject: string, type: string, data: unknown, at = AT): LoggedEvent {
  const [event] = recordFacts([{ type, data }], subject, 0, 'RED', { at, county: COUNTY, actor: people.wang });
  if (event === undefined) throw new Error('a fact has an event');
  return { ...event, index: 7 };
}
const REPORTED = logged('HAZ#R0123456789ABCDEF', 'HazardReported', { ...report, begins: [] });

test('an event is a row: what people need in Chinese, and what tools need as it is recorded', () => {
  const row = eventRow(REPORTED);
  const cells = EVENT_VIEW.columns.map((column) => [column.heading, column.of(row)]);
  expect(Object.fromEntries(cells)).toMatchObject({
    序号: 7,
    时间: AT,
    日期: '2026-03-03',
    颜色: '红色',
    事项: '隐患登记',
    对象: '隐患 R0123456789ABCDEF',
    内容: '隐患登记：一号储罐区，可燃气体报警器失灵，企业自查，证据 1 件',
    办理人身份: '安全管理人员',
    代表单位: `企业 ${uscc}`,
    单位代码: enterprise,
    统一社会信用代码: uscc,
    颜色代码: 'RED',
    事项代码: 'HazardReported',
  });
  expect(JSON.parse(row.data)).toEqual(JSON.parse(JSON.stringify(REPORTED.data)));
});

test('every type has its name, and none that of another', () => {
  // What the bus tells and the ledger does not keep has none.
  const notices = ['PeriodOpened', 'PeriodEnding', 'ListEnding', 'FormDue', 'DeadlineNear', 'TaskNear', 'TaskNotice'];
  const types = Object.keys(REMINDING).filter((type) => !notices.includes(type));
  expect(types.filter((type) => !/^[\u4e00-\u9fff（）]+$/.test(typeName(type)))).toEqual([]);
  expect(new Set(types.map(typeName)).size).toBe(types.length);
});

test.each([
  ['OrderIssued', { no: 1, kind: 'stop-production', scope: '一车间' }, '下达指令：停产停业，范围 一车间'],
  [
    'PeriodSealed',
    { period: '2026-03-02', missed: ['a', 'b'], madeUpLate: [], suspended: ['c'] },
    '排查周期结算：周期 2026-03-02，漏查 2 点，停产检修免查 1 点',
  ],
  ['DeadlineMissed', { kind: 'rectify', due: '2026-03-02T16:00:00.000Z' }, '逾期：整改，期限 2026-03-03 00:00'],
  [
    'TaskEscalated',
    { what: 'visit', due: '2026-03-02T16:00:00.000Z', roles: ['department-head', 'committee-officer'] },
    '检查任务逾期上报：现场检查，期限 2026-03-03 00:00，部门负责人、安委办',
  ],
  [
    'RectificationSubmitted',
    { account: '已更换\r\n并测试', evidence: ['x'], spentFen: 123456 },
    '提交整改：已更换 并测试，证据 1 件，投入 1234.56 元',
  ],
  ['WithdrawalRequested', { reason: `sxj-pii-1:${'0'.repeat(64)}` }, '申请撤销隐患：理由 （含个人信息，以承诺值存证）'],
  ['HazardClosed', {}, '隐患销号'],
  // Of another version, or too long for its entry: what is known is said.
  ['HazardReported', { finding: 'otherwise' }, '隐患登记'],
  ['HazardGraded', { level: 'catastrophic' }, '隐患定级：catastrophic'],
  ['DrawAnnounced', { large: { bytes: 70_000, sha256: 'ab' } }, '抽查公告'],
  ['RoundSubmitted', null, '提交排查'],
  ['FromTheFuture', { any: 'thing' }, 'FromTheFuture'],
  ['constructor', {}, 'constructor'],
])('%s is told in a line', (type, data, line) => {
  expect(whatHappened(type, data)).toBe(line);
});

test.each([
  [`ENT#${uscc}`, `企业 ${uscc}`],
  ['GOV#DEPT:YJJ', '部门 YJJ'],
  [`SEAL#RED#020514#${enterprise}#一车间`, `企业 ${uscc}（一车间）红色风险排查周期`],
  ['DRAW#YJJ#000017', 'YJJ 第 17 号抽查'],
  ['TASK#YJJ#000017#1#0003', '检查任务 YJJ.000017.1.0003'],
  [`PERSONAL#RISK#${uscc}#R-1`, `企业 ${uscc} 风险点 R-1的个人信息`],
  ['LOG', '封存日志'],
  ['MOON#1', 'MOON#1'],
])('the subject %s has a name', (subject, name) => {
  expect(subjectName(subject)).toBe(name);
});

test('an event names its enterprise by its subject, its data or for whom its doer acts, and only if it is one', () => {
  const of = (subject: string, data: unknown, owner?: typeof enterprise) =>
    enterpriseOfEvent({ subject, data, actor: { ...people.committee, ...(owner && { owner }) } });
  expect(of(`ENT#${uscc}`, {})).toBe(uscc);
  expect(of('HAZ#R1', { owner: enterprise })).toBe(uscc);
  expect(of('ROUND#1', { pages: [{ key: `DUTY#RED#${enterprise}`, version: 1 }] })).toBe(uscc);
  expect(of('ROUND#1', null, enterprise)).toBe(uscc);
  expect(of('ENT#91533102MA6K1A2B1X', { owner: 'TOWN:533102001' })).toBeUndefined();
});

test('evidence is found by the form of its key, wherever it stands, once', () => {
  const [before, after] = [photo('before'), photo('after')].sort();
  const data = {
    evidence: [after, before, after],
    deep: { in: [{ it: before }] },
    not: `见 ${before}`,
    none: 'evidence/x/y.jpg',
  };
  const found = evidenceOf(logged('HAZ#R1', 'HazardFixedOnTheSpot', data));
  expect(found).toEqual([before, after].map((key) => ({ key, sha256: key?.slice(-68, -4), index: 7 })));
  expect(found.map((line) => evidenceText({ ...line, size: 12 }))).toEqual(
    found.map(({ key, sha256 }) => `{"index":7,"key":"${key}","sha256":"${sha256}","size":12}\n`),
  );
});

interface Row {
  readonly code: string;
  readonly number: number | undefined;
  readonly text: string;
}
const VIEW: View<Row> = {
  title: '表',
  columns: [
    { name: 'code', heading: '编号', kind: 'text', width: 10, of: ({ code }) => code },
    { name: 'number', heading: '数', kind: 'integer', width: 10, of: ({ number }) => number },
    { name: 'at', heading: '时间', kind: 'instant', width: 20, of: () => AT },
    { name: 'text', heading: '文', kind: 'text', width: 10, of: ({ text }) => text },
  ],
  whole: ({ code }) => `原件 ${code}`,
};

const FORMULAS = [
  ...['=1+1', '+86', '-2', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠1', '﹦1', '﹢1', '﹣1', '﹫1'],
  ...[' =1', '\u00A0=1', '\uFEFF=1', '\u200B+1', '\u2028-1', '\u0085@A1', '\u3000＝1', '\u2060\u00AD=1', "'=1", "' '=1"],
];
/** What a spreadsheet would make a number, a day, a time or a truth of. */
const GUESSED = [
  ...[
    '911234567890123456',
    '00123',
    '007',
    '3-5',
    '3/5',
    '2026-03',
    '2026年3月5日',
    '1E5',
    '1.50',
    '.5',
    '12:30',
    '5%',
    '￥5',
    '(5)',
  ],
  ...['123456789012', '１２３', 'MAR-2', '3 p', '下午3时', 'TRUE', 'false', '#N/A', ' 5', '5\u00A0'],
];
const LEFT = ['0', '533102', '13800000000', 'R-001', '91533102MA6K1A2B1X', '2026-06下', '一车间', '1号罐区', 'May', '', '—'];

test('in CSV a text is neither run nor turned into something else, and a negative number is a number', () => {
  const texts = [...FORMULAS, ...GUESSED, ...LEFT, 'a\0b\x0B\x7F'];
  const file = csvView(
    VIEW,
    texts.map((text) => ({ code: '007', number: -5, text })),
  );
  expect(file.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  const csv = file.toString().slice(1);
  expect(csv.startsWith('编号,数,时间,文\r\n"\t007",-5,2026-03-03 00:05:30,\'=1+1\r\n')).toBe(true);
  expect(csv.match(/,-5,2026-03-03 00:05:30,"?'/g)).toHaveLength(FORMULAS.length);
  expect(csv.match(/,-5,2026-03-03 00:05:30,"\t/g)).toHaveLength(GUESSED.length);
  expect(csv.endsWith(',a␀b␋␡\r\n')).toBe(true);
  const read = cellsOf(file).slice(1);
  expect(read.map(([code, , , text]) => [code, text ?? ''])).toEqual(
    [...texts.slice(0, -1), 'a␀b␋␡'].map((text) => ['007', text]),
  );
});

test('a reader of another make reads the same CSV', () => {
  const folder = mkdtempSync(join(tmpdir(), 'views-'));
  const rows = [...FORMULAS, '引号"和,逗号;和\r\n换行', '瑞丽市𠮷野'].map((text) => ({
    code: '007',
    number: 1,
    text,
  }));
  writeFileSync(join(folder, 'a.csv'), csvView(VIEW, rows));
  const script = "import csv,json,sys; print(json.dumps(list(csv.reader(open(sys.argv[1],encoding='utf-8-sig',newline='')))))";
  const read: string[][] = JSON.parse(execFileSync('python3', ['-c', script, join(folder, 'a.csv')]).toString());
  rmSync(folder, { recursive: true });
  const guard = (text: string) => (FORMULAS.includes(text) ? `'${text}` : text);
  expect(read).toEqual([
    ['编号', '数', '时间', '文'],
    ...rows.map(({ text }) => ['\t007', '1', '2026-03-03 00:05:30', guard(text)]),
  ]);
});

test('in a workbook texts are texts, codes keep their zeros, times are of the zone, and the file is the same every time', () => {
  const rows = [...FORMULAS, '_x000D_', 'a\u0007b\uFFFE', '<&>"\'', '  两端  '].map((text) => ({
    code: '007',
    number: -5,
    text,
  }));
  const file = xlsxView(VIEW, rows);
  const [headings, ...cells] = cellsOf(file);
  expect(headings).toEqual(['编号', '数', '时间', '文']);
  expect(cells).toEqual(rows.map(({ text }) => ['007', -5, { date: '2026-03-03' }, text]));
  expect(xlsxView(VIEW, rows)).toEqual(file);
  expect(xlsxView(VIEW, [])).not.toEqual(file);
});

test('a reader of another make reads the same workbook, with its headings fixed and filtered', () => {
  const texts = [...FORMULAS, ...GUESSED, '_x0041_', 'a\0\u001Fb\uFFFE', '<&>"\'', '  两端  ', '𠮷\r\n野'];
  const folder = mkdtempSync(join(tmpdir(), 'views-'));
  const rows = texts.map((text) => ({ code: '007', number: -5, text }));
  writeFileSync(join(folder, 'a.xlsx'), xlsxView(VIEW, rows));
  const script = `
import json, re, sys, zipfile, xml.etree.ElementTree as E
z = zipfile.ZipFile(sys.argv[1])
parts = {name: E.fromstring(z.read(name)) for name in z.namelist()}
n = {'m': 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'}
s = parts['xl/worksheets/sheet1.xml']
plain = lambda text: re.sub('_x([0-9A-Fa-f]{4})_', lambda m: chr(int(m[1], 16)), text)
cell = lambda c: [c.get('t'), plain(c.findtext('.//m:t', c.findtext('m:v', None, n), n))]
rows = [[cell(c) for c in r] for r in s.iterfind('.//m:row', n)]
sheets = [one.get('name') for one in parts['xl/workbook.xml'].iterfind('.//m:sheet', n)]
print(json.dumps([sheets, s.find('.//m:pane', n).get('state'), s.find('.//m:autoFilter', n).get('ref'), len(s.findall('.//m:f', n)), rows]))`;
  const [sheets, pane, filter, formulas, [headings, ...read]] = JSON.parse(
    execFileSync('python3', ['-c', script, join(folder, 'a.xlsx')]).toString(),
  );
  rmSync(folder, { recursive: true });
  expect([sheets, pane, filter, formulas]).toEqual([['表'], 'frozen', `A1:D${rows.length + 1}`, 0]);
  expect(headings).toEqual(['编号', '数', '时间', '文'].map((text) => ['inlineStr', text]));
  const serial = String(46_084 + (5 * 60 + 30.25) / 86_400);
  expect(read.map((cells: string[][]) => [cells[0], cells[1], Number(cells[2]?.[1]).toFixed(9), cells[3]])).toEqual(
    texts.map((text) => [['inlineStr', '007'], [null, '-5'], Number(serial).toFixed(9), ['inlineStr', text]]),
  );
});

test('a text that is too long for a cell is cut where everybody sees it, and never through a character', () => {
  const rows = [{ code: '1', number: undefined, text: '𠮷'.repeat(MOST_IN_A_CELL) }];
  for (const file of [csvView(VIEW, rows), xlsxView(VIEW, rows)]) {
    const text = cellsOf(file)[1]?.[3];
    expect(text).toMatch(/^𠮷+……【原文共 65534 字，此处截断，全文见 原件 1】$/u);
    expect(String(text).length).toBeLessThanOrEqual(MOST_IN_A_CELL);
  }
});

test.each([MOST_IN_A_CELL, 40_000])(
  'a formula of %d characters fits its cell with the apostrophe that keeps it from being one',
  (long) => {
    const file = csvView(VIEW, [{ code: '1', number: undefined, text: `=${'1'.repeat(long - 1)}` }]);
    const cell = /(?<=,)'=1+[^",\r\n]*/.exec(file.toString())?.[0] ?? '';
    expect(cell.startsWith("'=1")).toBe(true);
    expect(cell.length).toBeLessThanOrEqual(MOST_IN_A_CELL);
  },
);

test('Parquet is the same every time, and holds what no cell could', () => {
  const rows = [{ code: '007', number: Number.MAX_SAFE_INTEGER, text: '长'.repeat(MOST_IN_A_CELL + 1) }];
  const file = parquetView(VIEW, rows);
  expect(file.subarray(0, 4).toString()).toBe('PAR1');
  expect(parquetView(VIEW, rows)).toEqual(file);
  expect(parquetView(VIEW, []).subarray(-4).toString()).toBe('PAR1');
});

const figures = {
  ...{ checked: 0, general: 0, generalRectified: 0, major: 0, majorRectified: 0 },
  ...{ planned: 0, plannedWhole: 0, listed: 0, listedByProvince: 0, fundsFen: 0 },
};
const UNNAMED = ['须补充', '', '', '', '', '', '', '', '', '', '', ''] as const;
const NONE = ['', '', '', '', '', '', '', '', '', '', '', ''] as const;
const SOME = ['12', '340', '310', '91.2', '3', '1', '33.3', '2', '2', '1', '', '1234.5'] as const;
const FORM: MonthlyForm = {
  period: { from: '2026-01', to: '2026-06' },
  due: dayOf(instant('2026-07-06T00:00:00Z')),
  rows: [
    { code: '1', name: '煤矿', figures, columns: NONE },
    { code: '5', name: '危险化学品', figures, columns: SOME },
    { code: '5a', name: '生产、储存和其他化工', within: '5', figures, columns: NONE },
    { code: '5b', name: '经营', within: '5', figures, columns: SOME },
    { code: '5c', name: '道路运输', within: '5', figures, columns: UNNAMED },
  ],
  total: { figures, columns: SOME },
};

test('the monthly form is ready to print and to sign', () => {
  const rows = cellsOf(xlsxForm(FORM, '瑞丽市安全生产委员会办公室'));
  const numbers = SOME.map((text) => (text === '' ? null : Number(text)));
  expect(rows[0]).toEqual(['煤矿、金属非金属矿山等工矿企业安全生产事故隐患排查治理情况月报表']);
  expect(rows[1]?.[0]).toBe(
    '填报单位：瑞丽市安全生产委员会办公室（盖章）　　　　报告期：2026年1月—6月　　　　填报截止：2026-07-06',
  );
  expect(rows[4]).toEqual(['甲', ...SOME.map((_, place) => String(place + 1))]);
  expect(rows.slice(5, 11)).toEqual([
    ['1 煤矿'],
    ['5 危险化学品', ...numbers],
    ['　（1）生产、储存和其他化工'],
    ['　（2）经营', ...numbers],
    ['　（3）道路运输', '须补充'],
    ['合计', ...numbers],
  ]);
  expect(rows[11]?.filter((cell) => cell !== null)).toEqual([
    '审核人：',
    '填表人：',
    '联系电话：',
    '填报日期：　　　年　　月　　日',
  ]);
});

test('and the same as CSV, with what is blank left blank', () => {
  const rows = cellsOf(csvForm(FORM));
  expect(rows[0]).toHaveLength(17);
  expect(rows[4]).toEqual(['2026年1月—6月', '2026-07-06', '5b', '5', '经营', ...SOME.map((text) => (text === '' ? null : text))]);
  expect(rows[1]?.slice(5).every((cell) => cell === null)).toBe(true);
});

test('the period of a form is named as it is printed', () => {
  expect(periodText({ from: '2026-01', to: '2026-01' })).toBe('2026年1月');
  expect(periodText({ from: '2026-01', to: '2026-12' })).toBe('2026年1月—12月');
});
