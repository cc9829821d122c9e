import { type SampleRiskContent, sampleCounty } from '../../infra/local/sample/county.ts';
import { sampleFiles } from '../../infra/local/sample/files.ts';
import { gb18030 } from '../../infra/local/sample/gb18030.ts';
import { seededRandom } from '../../infra/local/sample/random.ts';
import { instant } from '../../shared/domain/calendar.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { type RiskContent, readList } from '../../shared/domain/import-rows.ts';
import { listRulesOf } from '../../shared/policy/import-words.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { readSheets } from '../../shared/runtime/list-file/read.ts';

const ruili = countyCode('533102');
const policy = policyFor(ruili, instant('2026-03-01T00:00:00Z'));
const random = seededRandom(533102);
const sample = sampleCounty(ruili, policy, random);
const files = await sampleFiles(sample, policy, random);
const sheets = files.map(({ bytes }) => readSheets(bytes, policy.imports));
const lists = sheets.map((each) => readList(each, listRulesOf(policy)));

/** What both the sample and a row that was read say of a risk. */
const gist = (risk: SampleRiskContent | RiskContent) => ({
  no: risk.no,
  name: risk.name,
  accidents: risk.accidents,
  dimensions: risk.dimensions,
  participants: risk.participants,
  mainRisk: risk.mainRisk,
  emergency: risk.emergency,
  responsible: risk.responsible,
  identifiedOn: risk.identifiedOn,
  grade: 'grades' in risk ? risk.grades.residual.colour : risk.residualGrade,
});

test('the import reads every row of the files, and in each what the sample has', () => {
  expect(lists.flatMap(({ errors }) => errors)).toEqual([]);
  expect(lists.map(({ refused }) => refused)).toEqual([0, 0]);
  expect(lists.flatMap(({ enterprises }) => enterprises.map(({ uscc, name }) => [uscc, name]))).toEqual(
    sample.enterprises.map(({ uscc, name }) => [uscc, name]),
  );
  const read = new Map(lists.flatMap(({ risks }) => risks.map((risk) => [`${risk.uscc}/${risk.no}`, gist(risk)] as const)));
  expect(read).toEqual(new Map(sample.risks.map((risk) => [`${risk.uscc}/${risk.no}`, gist(risk)] as const)));
  expect(lists.flatMap(({ areas }) => areas.map(gist))).toEqual(sample.areas.map(gist));
});

test('the workbook is as an office sends it: titles above the headings, full width, stray spaces, computed and merged cells', () => {
  const [enterprises, risks] = sheets[0] ?? [];
  expect(enterprises?.rows[0]?.cells).toContain('瑞丽市企业名录（样例）');
  const texts = [enterprises, risks].flatMap((sheet) => sheet?.rows.flatMap(({ cells }) => cells) ?? []).map(String);
  expect(texts.some((text) => /[０-９]/.test(text))).toBe(true);
  expect(texts.some((text) => text !== text.trim())).toBe(true);
  expect(texts.some((text) => /^\d{4}年\d{1,2}月\d{1,2}日$/.test(text))).toBe(true);
  expect(risks?.rows.slice(3, 6).map(({ cells }) => cells[0])).toEqual([1, 2, 3]);
});

test('one township’s list is a CSV in GB 18030 that is no UTF-8', () => {
  const csv = files.find(({ format }) => format === 'csv');
  expect(() => new TextDecoder('utf-8', { fatal: true }).decode(csv?.bytes)).toThrow();
  expect(new TextDecoder('gb18030', { fatal: true }).decode(csv?.bytes)).toContain('统一社会信用代码');
  expect(lists[1]?.risks.length).toBeGreaterThan(10);
});

test('GB 18030 gives back what it was given, and refuses what it would lose', () => {
  expect(new TextDecoder('gb18030').decode(gb18030('瑞丽市，A-1“样例”'))).toBe('瑞丽市，A-1“样例”');
  expect(() => gb18030('😀')).toThrow('has no two bytes');
});
