import { deflateRawSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { gb18030 } from '../../infra/local/sample/gb18030.ts';
import type { Cell } from '../../shared/domain/import-columns.ts';
import { type RawSheet, readList } from '../../shared/domain/import-rows.ts';
import { AREA_COLUMNS, ENTERPRISE_COLUMNS, RISK_COLUMNS, SHEETS } from '../../shared/domain/import-sheets.ts';
import { CONTENT_TYPES, readSheets } from '../../shared/runtime/list-file/read.ts';
import { writeCsvList, writeCsvTemplate, writeRiskListFile, writeTemplate } from '../../shared/runtime/list-file/write.ts';
import { csvOf } from '../../shared/runtime/list-file/write-csv.ts';
import { enterpriseCells, fileLimits, listRules, riskCells, usccOf } from '../support/lists.ts';
import { type Part, workbookOf, zipOf } from '../support/workbooks.ts';

const { words } = listRules;
const read = (file: Buffer) => readList(readSheets(file, fileLimits), listRules);

/** A sheet of risks with one row, of which some cells are as given. */
function riskSheet(changed: Readonly<Record<string, Cell>> = {}, name = '风险点'): RawSheet {
  const columns = Object.entries(RISK_COLUMNS);
  const cells: Record<string, unknown> = riskCells();
  const written = columns.map(([key, column]): Cell => {
    if (Object.hasOwn(changed, key)) return changed[key] ?? null;
    return cells[key] === undefined ? null : (column.write as (value: unknown, by: typeof words) => string)(cells[key], words);
  });
  return {
    name,
    rows: [
      { row: 1, cells: ['某企业安全风险清单'] },
      { row: 2, cells: columns.map(([, { heading }]) => heading) },
      { row: 3, cells: written },
    ],
  };
}
const readRisk = (changed: Readonly<Record<string, Cell>>) => readList([riskSheet(changed)], listRules);

test('an empty template holds nothing but its example, which is not imported', async () => {
  const list = read(await writeTemplate(words));
  expect(list).toMatchObject({ total: 0, errors: [], enterprises: [], risks: [], areas: [] });
});

test('the example of the template is a right one', async () => {
  const sheets = readSheets(await writeTemplate(words), fileLimits).map((sheet) => ({
    ...sheet,
    rows: sheet.rows.map(({ row, cells }) => ({
      row,
      cells: cells.map((cell, index) => (index === 0 && cell === '示例' ? '1' : cell)),
    })),
  }));
  expect(readList(sheets, listRules)).toMatchObject({ total: 3, refused: 0, errors: [] });
});

test('what is written as a list is read back as it was', async () => {
  const list = read(await writeRiskListFile({ enterprises: [enterpriseCells()], risks: [riskCells()] }, words));
  expect(list.errors).toEqual([]);
  expect(list.enterprises).toEqual([
    {
      place: { sheet: '企业', row: 3, columns: expect.objectContaining({ uscc: 'B', name: 'C' }) },
      uscc: usccOf(1),
      name: '瑞丽市示例第1加油站',
      township: '533102102',
      industry: 'hazardous-chemicals',
      address: '畹町镇国防街 1 号',
      contacts: [
        { post: 'head', name: '赵六', phone: '0692-4141234' },
        { post: 'safety-manager', name: '钱七' },
      ],
    },
  ]);
  expect(list.risks[0]).toMatchObject({
    uscc: usccOf(1),
    no: 'R-001',
    coordinates: { longitude: '97.855123', latitude: '24.012345' },
    mainRisk: '储罐泄漏遇明火\n发生火灾',
    inherent: { method: 'LEC', factors: { L: '3', E: '6', C: '15' } },
    grades: { inherent: { colour: 'ORANGE', product: '270' }, residual: { colour: 'YELLOW', product: '90' } },
    controls: [
      { kind: 'isolation', level: 'enterprise', text: '设置防火堤' },
      { kind: 'technical', level: 'workshop', text: '每班检查静电接地' },
      { kind: 'technical', text: '1.5米护栏' },
    ],
    participants: [
      { as: 'post-holder', names: ['张三'] },
      { as: 'expert', names: ['李四', '王五'] },
    ],
  });
});

test.each([
  ['UTF-8 with BOM', (csv: Buffer) => csv],
  ['UTF-8 without BOM', (csv: Buffer) => csv.subarray(3)],
  ['GB 18030', (csv: Buffer) => gb18030(csv.subarray(3).toString())],
  ['UTF-8 with bare line feeds', (csv: Buffer) => Buffer.from(csv.toString().replaceAll('\r\n', '\n'))],
])('a CSV in %s is read', (_, encode) => {
  const list = read(encode(writeCsvList('risks', [{ ...riskCells(), mainRisk: '他说“泄漏”,"即停"' }], words)));
  expect(list).toMatchObject({ errors: [], risks: [{ mainRisk: '他说“泄漏”,"即停"', responsible: '储运车间主任 王五' }] });
});

test('quotes, doubled quotes, separators and line breaks within quotes are part of a CSV field', () => {
  const [sheet] = readSheets(
    csvOf([
      ['甲,乙', '说"停"', '一\r\n二'],
      ['=1+1', '', '丙'],
    ]),
    fileLimits,
  );
  expect(sheet?.rows).toEqual([
    { row: 1, cells: ['甲,乙', '说"停"', '一\r\n二'] },
    { row: 2, cells: ['=1+1', null, '丙'] },
  ]);
});

test('a CSV template has its headings and its example', () => {
  expect(read(writeCsvTemplate('areas', words))).toMatchObject({ total: 0, errors: [] });
});

test('full-width digits and letters, stray spaces and ideographic spaces do no harm', () => {
  const list = readRisk({
    uscc: ` ${[...usccOf(1)].map((c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)).join('')}　`,
    no: 'Ｒ－００１',
    inherentL: '３',
    inherentC: 15,
    name: '　汽油储罐区 ',
    residualGrade: '黄色',
    method: 'ｌｅｃ',
  });
  expect(list.errors).toEqual([]);
  expect(list.risks[0]).toMatchObject({
    uscc: usccOf(1),
    no: 'R-001',
    name: '汽油储罐区',
    inherent: { factors: { L: '3', C: '15' } },
  });
});

test.each<[Cell, string]>([
  ['2026-03-01', '2026-03-01'],
  ['2026/3/1', '2026-03-01'],
  ['2026.3.1', '2026-03-01'],
  ['２０２６年３月１日', '2026-03-01'],
  ['20260301', '2026-03-01'],
  [46082, '2026-03-01'],
])('the day %s is understood', (written, day) => {
  expect(readRisk({ identifiedOn: written }).risks[0]?.identifiedOn).toBe(day);
});

test.each<[Cell, Cell, unknown]>([
  [null, null, undefined],
  ['否', null, 'none'],
  ['是', null, {}],
  ['三级', null, { level: 3 }],
  ['３级', 'BA 0001', { level: 3, registration: 'BA 0001' }],
  [1, 'BA-1', { level: 1, registration: 'BA-1' }],
])('a major installation written %j, registered %j, is understood', (majorInstallation, installationNo, read) => {
  const { errors, risks } = readRisk({ majorInstallation, installationNo });
  expect(errors).toEqual([]);
  expect(risks[0]?.majorInstallation).toEqual(read);
});

test.each<[Cell, string]>([
  ['五级', 'not-a-choice'],
  ['否', 'registration-of-none'],
  [null, 'registration-of-none'],
])('a registration beside %j is refused', (majorInstallation, code) => {
  const { errors, risks } = readRisk({ majorInstallation, installationNo: 'BA-1' });
  expect(risks).toEqual([]);
  expect(errors).toMatchObject([{ row: 3, heading: '重大危险源', code }]);
});

test.each<[string, Cell, string]>([
  ['uscc', '91533102MA6K000001', 'credit-code-check'],
  ['uscc', '9153', 'not-a-credit-code'],
  ['uscc', 915331020000000000, 'digits-lost'],
  ['no', '一号', 'not-a-number-of-a-point'],
  ['name', null, 'missing'],
  ['name', '长'.repeat(101), 'too-long'],
  ['name', 'a\u0007b', 'control-character'],
  ['name', { broken: '#REF!' }, 'broken-formula'],
  ['longitude', '东经九十七度', 'not-a-number'],
  ['longitude', '197', 'out-of-range'],
  ['latitude', null, 'half-coordinates'],
  ['identifiedOn', '2026-02-30', 'not-a-date'],
  ['dimensions', '生产工艺、天气', 'not-a-choice'],
  ['participants', '路人：张三', 'not-a-participant'],
  ['inherentL', '4', 'unlisted-value'],
  ['inherentL', null, 'missing-factor'],
  ['inherentM', '1', 'unknown-factor'],
  ['inherentGrade', '红', 'grade-disagrees'],
  ['isolation', '；', 'no-measure'],
])('a wrong %s (%j) is refused in its place', (key, cell, code) => {
  const { errors, risks } = readRisk({ [key]: cell });
  expect(risks).toEqual([]);
  expect(errors).toHaveLength(1);
  const [error] = errors;
  expect(error).toMatchObject({ sheet: '风险点', row: 3, code });
  expect(error?.column).toMatch(/^[A-Z]+$/);
  expect(error?.heading).toBe((RISK_COLUMNS as Record<string, { heading: string }>)[key]?.heading);
  expect(error?.message).toMatch(/[一-龥]/);
});

test('a residual grade above the inherent one is refused', () => {
  const { errors } = readRisk({ residualL: '10', residualGrade: null });
  expect(errors).toMatchObject([{ code: 'residual-above-inherent', heading: '现有风险等级' }]);
});

test('experts decide with their names and a reason', () => {
  const clear = Object.fromEntries(
    ['L', 'E', 'C'].flatMap((id) => [
      [`inherent${id}`, null],
      [`residual${id}`, null],
    ]),
  );
  const experts = { ...clear, method: '专家', inherentGrade: '重大风险', residualGrade: '橙' };
  expect(readRisk(experts).errors).toMatchObject([{ code: 'too-few-experts', heading: '专家姓名' }]);
  expect(readRisk({ ...experts, experts: '孙八', gradeReason: '临近学校' }).risks[0]?.grades).toMatchObject({
    inherent: { colour: 'RED', experts: ['孙八'] },
    residual: { colour: 'ORANGE' },
  });
});

test('all errors of a file are told, and good rows are kept', () => {
  const bad = riskSheet({ name: null, no: '？', method: '猜' });
  const good = riskSheet();
  const sheet = { name: '风险点', rows: [...good.rows, { row: 9, cells: bad.rows[2]?.cells ?? [] }] };
  const list = readList([sheet], listRules);
  expect(list).toMatchObject({ total: 2, refused: 1, risks: [{ place: { row: 3 } }] });
  expect(list.errors.map(({ row, code }) => [row, code])).toEqual([
    [9, 'not-a-number-of-a-point'],
    [9, 'missing'],
    [9, 'not-a-choice'],
  ]);
});

test('the same point twice in a file is refused with the first one’s place', () => {
  const sheet = riskSheet();
  const twice = { name: '风险点', rows: [...sheet.rows, { row: 4, cells: sheet.rows[2]?.cells ?? [] }] };
  expect(readList([twice], listRules).errors).toMatchObject([
    { row: 4, code: 'duplicate-row', message: expect.stringContaining('第 3 行') },
  ]);
});

test('columns in another order, with stars and spaces in their headings, are recognised below title rows', () => {
  const sheet = riskSheet();
  const turned = sheet.rows.slice(1).map(({ row, cells }) => ({ row: row + 3, cells: [...cells].reverse() }));
  const headed = turned.map(({ row, cells }, index) => ({
    row,
    cells: index === 0 ? cells.map((cell) => ` *${[...String(cell)].join('　')}（必填）`) : cells,
  }));
  expect(readList([{ name: 'Sheet1', rows: [{ row: 1, cells: ['安全风险清单'] }, ...headed] }], listRules)).toMatchObject({
    errors: [],
    total: 1,
  });
});

test('an unknown column is refused with its place, and so is one without a heading or twice', () => {
  const { name, rows } = riskSheet();
  const [title, header, data] = rows.map(({ cells }) => cells);
  const wider = {
    name,
    rows: [
      { row: 1, cells: title ?? [] },
      { row: 2, cells: [...(header ?? []), '备注', null, '风险点名称'] },
      { row: 3, cells: [...(data ?? []), '', '多余', ''] },
    ],
  };
  const { errors, refused } = readList([wider], listRules);
  expect(errors.map(({ row, code }) => [row, code])).toEqual([
    [2, 'unknown-column'],
    [2, 'column-without-heading'],
    [2, 'duplicate-column'],
  ]);
  expect(refused).toBe(1);
});

test('a required column that is missing is named', () => {
  const sheet = riskSheet();
  const narrower = {
    name: sheet.name,
    rows: sheet.rows.map(({ row, cells }) => ({ row, cells: row === 1 ? cells : cells.filter((_, index) => index !== 2) })),
  };
  expect(readList([narrower], listRules).errors).toMatchObject([{ code: 'missing-column', heading: '风险点名称' }]);
});

test('a sheet without a header is refused by name; sheets that are empty or explain are passed over', () => {
  const sheets = [
    { name: '填写说明', rows: [{ row: 1, cells: ['随便'] }] },
    { name: 'Sheet3', rows: [] },
    { name: '杂项', rows: [{ row: 1, cells: ['合计', 3] }] },
  ];
  expect(readList([...sheets, riskSheet()], listRules)).toMatchObject({
    total: 1,
    errors: [{ sheet: '杂项', code: 'unknown-sheet' }],
  });
});

test('formula cells are read by the result saved with them; without one the cell is refused', () => {
  const row = (cells: string) => `<row r="1">${cells}</row>`;
  const [sheet] = readSheets(
    workbookOf(
      row(
        '<c r="A1" t="str"><f>B1&amp;"x"</f><v>甲x</v></c><c r="B1"><f>1+1</f><v>2</v></c><c r="C1"><f>NOW()</f></c><c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
      ),
    ),
    fileLimits,
  );
  expect(sheet?.rows).toEqual([{ row: 1, cells: ['甲x', 2, { broken: '公式未计算' }, { broken: '#DIV/0!' }] }]);
});

test('a cell merged over rows counts for each of them', () => {
  const rows = [1, 2, 3].map(
    (r) => `<row r="${r}">${r === 1 ? '<c r="A1" t="inlineStr"><is><t>甲</t></is></c>' : ''}<c r="B${r}"><v>${r}</v></c></row>`,
  );
  const [sheet] = readSheets(workbookOf(rows.join(''), '<mergeCells><mergeCell ref="A1:A1048576"/></mergeCells>'), fileLimits);
  expect(sheet?.rows.map(({ cells }) => cells)).toEqual([
    ['甲', 1],
    ['甲', 2],
    ['甲', 3],
  ]);
});

test('dates are days whatever their format; numbers of other formats stay numbers', () => {
  const styles =
    '<numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="177" formatCode="[Red]0.00"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="177"/></cellXfs>';
  const [sheet] = readSheets(
    workbookOf('<row><c s="1"><v>46082</v></c><c s="2"><v>46082.5</v></c><c s="3"><v>46082</v></c></row>', '', styles),
    fileLimits,
  );
  expect(sheet?.rows).toEqual([{ row: 1, cells: [{ date: '2026-03-01' }, { date: '2026-03-01' }, 46082] }]);
});

test('a lone cell in the last corner of a sheet is told, not padded to', () => {
  expect(() => readSheets(workbookOf('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), fileLimits)).toThrow(/列/);
  expect(readSheets(workbookOf('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), fileLimits)[0]?.rows).toHaveLength(1);
});

test('an archive that swells beyond measure is refused, whatever it says about its size', () => {
  const swelling: Part = {
    path: 'xl/workbook.xml',
    bytes: Buffer.alloc(0),
    packed: deflateRawSync(Buffer.alloc(13_000_000)),
  };
  expect(() => readSheets(zipOf([swelling]), { ...fileLimits, fileBytes: 1_000_000 })).toThrow(/过大/);
});

test.each([
  ['empty', Buffer.alloc(0), /空/],
  ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /xls/],
  ['a broken archive', Buffer.from('PK\u0003\u0004broken'), /损坏/],
  ['neither UTF-8 nor GB 18030', Buffer.from([0x41, 0xff, 0xff, 0x0a]), /编码/],
  ['an open quote', Buffer.from('"abc\n'), /双引号/],
])('a file that is %s is refused with a sentence', (_, file, sentence) => {
  expect(() => readSheets(file, fileLimits)).toThrow(sentence);
});

test('more rows than the policy allows are refused', () => {
  const csv = csvOf(Array.from({ length: 6 }, (_, index) => [`${index}`]));
  expect(() => readSheets(csv, { ...fileLimits, rows: 5 })).toThrow(/5 行/);
});

test('no heading means two columns of one sheet', () => {
  for (const { columns } of Object.values(SHEETS)) {
    const headings = Object.values(columns).flatMap(({ heading, also }) => [heading, ...also]);
    expect(new Set(headings).size).toBe(headings.length);
  }
  expect(Object.keys(CONTENT_TYPES)).toEqual(['xlsx', 'csv']);
  expect(Object.keys(ENTERPRISE_COLUMNS)).toContain('uscc');
  expect(Object.keys(AREA_COLUMNS)).toContain('township');
});
