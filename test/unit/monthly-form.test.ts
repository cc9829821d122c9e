import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instant } from '../../shared/domain/calendar.ts';
import { checkCharacter, creditCode } from '../../shared/domain/credit-code.ts';
import type { HazardCommand } from '../../shared/domain/hazard.ts';
import { decideHazard, reportHazard } from '../../shared/domain/hazard-decide.ts';
import { evolveHazard } from '../../shared/domain/hazard-evolve.ts';
import { hazardId } from '../../shared/domain/ids.ts';
import { type FormFigures, type FormRowRule, monthlyForm, rateText, wanText } from '../../shared/domain/monthly-form.ts';
import { enterpriseOwner, type Owner } from '../../shared/domain/owner.ts';
import { emptySnapshot, type Snapshot } from '../../shared/domain/rebuild.ts';
import { type FormCase, formCaseAfter } from '../../shared/domain/rebuild-form.ts';
import { checkedAt } from '../../shared/domain/rebuild-register.ts';
import { newOwner } from '../../shared/domain/register-owner.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { at, began, day, type Person, people, photo, plan, report, rules, type Step } from '../support/hazard-case.ts';

const { county } = report;
const { rows, due } = policyFor(county, at('06-30T12:00')).exports.form;

function codeOf(n: number) {
  const first17 = `91533102MA6K${String(n).padStart(5, '0')}`;
  return creditCode(`${first17}${checkCharacter(first17)}`);
}
const ownerOf = (n: number): Owner => enterpriseOwner(codeOf(n));

/** A snapshot of enterprises of these industries, numbered from 1, with their cases. */
function snapshotOf(industries: readonly string[], cases: readonly (readonly [number, FormCase])[] = []): Snapshot {
  const snapshot = emptySnapshot(county);
  for (const [index, industry] of industries.entries()) {
    const owner = ownerOf(index + 1);
    const enterprise = {
      name: '样例',
      township: report.township ?? never(),
      industry,
      supervisor: owner,
      contacts: [],
      workshops: [],
    };
    const state = { record: { ...newOwner(owner), enterprise, version: 1 }, stops: [] };
    snapshot.parts.owners.set(`ENT#${codeOf(index + 1)}`, { version: 1, state });
  }
  for (const [index, [n, hazard]] of cases.entries()) {
    const id = hazardId(`R${String(index).padStart(16, '0')}`);
    snapshot.parts.form.set(`HAZ#${id}`, { version: 0, state: { ...hazard, owner: ownerOf(n) } });
  }
  return snapshot;
}
const never = (): never => {
  throw new Error('the sample case lies in a township');
};
const checked = (snapshot: Snapshot, n: number, when: string): void =>
  void snapshot.parts.checks.set(ownerOf(n), { version: 0, state: checkedAt(undefined, when.slice(0, 4), instant(when)) });

const step = (who: Person, when: string, command: HazardCommand): Step => [who, at(when), command];
const major = { criterion: 'hard-to-cure', basis: '须停产' };
/** What the form has of a case after these steps. */
function given(...steps: readonly Step[]): FormCase {
  const first = { ...reportHazard(report, rules, began), at: began, actor: people.li };
  let [hazard, counted] = [evolveHazard(undefined, first), formCaseAfter(undefined, first)];
  for (const [who, when, command] of steps) {
    const occasion = { at: when, actor: people[who] };
    const ruling = decideHazard(hazard, command, rules, occasion);
    if (ruling.kind === 'denied') throw new Error(`${command.type} by ${who} was refused: ${ruling.reason}`);
    for (const fact of ruling.events) {
      const event = { ...fact, ...occasion };
      [hazard, counted] = [evolveHazard(hazard, event), formCaseAfter(counted, event)];
    }
  }
  return counted ?? never();
}
const GENERAL: readonly Step[] = [
  step('wang', '03-02T10:00', { type: 'GradeHazard', level: 'general' }),
  step('wang', '03-02T11:00', { type: 'AssignRectification', rectifier: 'li' as never }),
];
const CURED: readonly Step[] = [
  ...GENERAL,
  step('li', '03-03T09:00', { type: 'SubmitRectification', account: '已更换', evidence: [photo('a')] }),
  step('wang', '03-03T10:00', { type: 'AcceptRectification' }),
];
const MAJOR: readonly Step[] = [
  step('wang', '03-02T10:00', { type: 'GradeHazard', level: 'major', ...major }),
  step('wang', '03-02T10:30', { type: 'ReportToDepartment' }),
  step('duan', '03-02T11:00', { type: 'ListForSupervision', document: '2号', term: day('2026-04-20'), level: 'province' }),
  step('zhao', '03-04T10:00', { type: 'FilePlan', plan }),
];

const rowOf = (snapshot: Snapshot, month: string, code: string) =>
  monthlyForm(snapshot, month, { rows, due }).rows.find((row) => row.code === code)?.columns;

test('a general hazard is found, and cured once it is closed; its rate has one decimal at most', () => {
  const snapshot = snapshotOf(
    ['hazardous-chemicals', 'fireworks'],
    [
      [1, given(...GENERAL)],
      [1, given(...CURED)],
      [1, given(...CURED)],
      [2, given(...CURED)],
      [1, given()],
    ],
  );
  checked(snapshot, 1, '2026-02-10T08:00:00+08:00');
  expect(rowOf(snapshot, '2026-03', '5')).toEqual(['1', '3', '2', '66.7', '', '', '', '', '', '', '', '']);
  expect(rowOf(snapshot, '2026-03', '6')).toEqual(['', '1', '1', '100', '', '', '', '', '', '', '', '']);
  // Nobody has said which industries these are: nothing would be a figure that nobody counted. That there are none a county can say.
  for (const code of ['1', '3', '4', '5.2', '5.3', '7']) expect(rowOf(snapshot, '2026-03', code)?.[0]).toBe('须补充');
  const none = rows.map((row) => (row.code === '1' ? { ...row, industries: 'none' as const } : row));
  expect(monthlyForm(snapshot, '2026-03', { rows: none, due }).rows[0]?.columns).toEqual(Array.from({ length: 12 }, () => ''));
  const { total, period } = monthlyForm(snapshot, '2026-03', { rows, due });
  expect(period).toEqual({ from: '2026-01', to: '2026-03' });
  expect(monthlyForm(snapshot, '2026-12', { rows, due }).due).toBe('2027-01-06');
  expect(total.columns).toEqual(['1', '4', '3', '75', '', '', '', '', '', '', '', '']);
});

test('what is of another year is none of its figures', () => {
  const snapshot = snapshotOf(['hazardous-chemicals'], [[1, given(...CURED)]]);
  checked(snapshot, 1, '2026-03-01T00:00:00+08:00');
  expect(monthlyForm(snapshot, '2027-01', { rows, due }).total.columns).toEqual(Array.from({ length: 12 }, () => ''));
});

test('a major hazard counts with its plan, its five items, its listing and its funds', () => {
  const snapshot = snapshotOf(['metallurgy'], [[1, given(...MAJOR)]]);
  expect(rowOf(snapshot, '2026-03', '8')).toEqual(['', '', '', '', '1', '', '', '1', '1', '1', '1', '1.25']);
});

test('what had been stays: a plan that came back, a cure opened again, the higher of what was planned and spent', () => {
  const returned = given(...MAJOR, step('duan', '03-05T10:00', { type: 'ReturnPlan', reason: '不足' }));
  const unfunded = given(...MAJOR.slice(0, 2), step('zhao', '03-04T10:00', { type: 'FilePlan', plan: { ...plan, fundsFen: 0 } }));
  const spent = given(
    ...GENERAL,
    step('li', '03-03T09:00', { type: 'SubmitRectification', account: '已更换', evidence: [photo('a')], spentFen: 2_000_001 }),
    step('wang', '03-03T10:00', { type: 'AcceptRectification' }),
  );
  const upgraded = given(...GENERAL, step('wang', '03-03T09:00', { type: 'UpgradeHazard', ...major }));
  const cells = (...cases: FormCase[]) =>
    monthlyForm(
      snapshotOf(
        ['mine'],
        cases.map((one) => [1, one] as const),
      ),
      '2026-03',
      { rows, due },
    ).total.columns;
  expect(cells(returned)).toEqual(['', '', '', '', '1', '', '', '1', '1', '1', '1', '1.25']);
  expect(cells(unfunded)).toEqual(['', '', '', '', '1', '', '', '1', '', '', '', '']);
  expect(cells(spent)).toEqual(['', '1', '1', '100', '', '', '', '', '', '', '', '2.000001']);
  expect(cells(upgraded)).toEqual(['', '', '', '', '1', '', '', '', '', '', '', '']);
});

test('a hazard that turned out to be none is not counted', () => {
  const withdrawn = given(
    ...GENERAL,
    step('li', '03-02T12:00', { type: 'RequestWithdrawal', reason: '误报' }),
    step('wang', '03-02T13:00', { type: 'ConfirmWithdrawal' }),
  );
  expect(withdrawn).toMatchObject({ level: 'general', isWithdrawn: true });
  expect(monthlyForm(snapshotOf(['mine'], [[1, withdrawn]]), '2026-03', { rows, due }).total.figures.general).toBe(0);
});

test('a row has its parts in it, and the sum has each enterprise once', () => {
  const parts: readonly FormRowRule[] = [
    { code: '5', name: '危险化学品', industries: [] },
    { code: '5.1', name: '生产', industries: ['production'], within: '5' },
    { code: '5.2', name: '经营', industries: ['trade'], within: '5' },
    { code: '8', name: '其他', industries: 'rest' },
  ];
  const snapshot = snapshotOf(
    ['production', 'trade', 'other'],
    [
      [1, given(...CURED)],
      [2, given(...GENERAL)],
      [3, given(...GENERAL)],
    ],
  );
  const { rows: found, total } = monthlyForm(snapshot, '2026-03', { rows: parts, due });
  expect(found.map(({ code, within, columns }) => [code, within, columns[1], columns[2]])).toEqual([
    ['5', undefined, '2', '1'],
    ['5.1', '5', '1', '1'],
    ['5.2', '5', '1', ''],
    ['8', undefined, '1', ''],
  ]);
  expect(total.columns.slice(1, 4)).toEqual(['3', '1', '33.3']);
});

test('of whatever the rows are made, the sum is that of its rows, and nothing prints as nothing', () => {
  const industry = fc.constantFrom('mine', 'fireworks', 'hazardous-chemicals', 'unheard-of');
  const hazard = fc.constantFrom(given(), given(...GENERAL), given(...CURED), given(...MAJOR));
  fc.assert(
    fc.property(
      fc.array(industry, { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), hazard), { maxLength: 12 }),
      (industries, cases) => {
        const known = cases.filter(([n]) => n <= industries.length);
        const form = monthlyForm(snapshotOf(industries, known), '2026-03', { rows, due });
        const names = Object.keys(form.total.figures) as (keyof FormFigures)[];
        for (const name of names) {
          const sumWithin = (above: string | undefined) =>
            form.rows.filter(({ within }) => within === above).reduce((sum, { figures }) => sum + figures[name], 0);
          expect(form.total.figures[name]).toBe(sumWithin(undefined));
          expect(form.rows.find(({ code }) => code === '5')?.figures[name]).toBe(sumWithin('5'));
        }
        expect(form.total.figures.general + form.total.figures.major).toBe(
          known.filter(([, { level }]) => level !== undefined).length,
        );
        for (const { columns } of [...form.rows, form.total]) expect(columns).not.toContain('0');
      },
    ),
    { numRuns: 50 },
  );
});

test('money is exact, and so is a rate to its decimal', () => {
  expect([1, 100, 1_000_000, 1_250_000, 123_456_789_012].map(wanText)).toEqual([
    '0.000001',
    '0.0001',
    '1',
    '1.25',
    '123456.789012',
  ]);
  expect([
    rateText(2, 3),
    rateText(1, 3),
    rateText(1, 2),
    rateText(1, 2000),
    rateText(0, 5),
    rateText(0, 0),
    rateText(7, 7),
  ]).toEqual([...['66.7', '33.3', '50', '0.1', '', '', '100']]);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (fen) => {
      const [whole = '', rest = ''] = wanText(fen).split('.');
      expect(BigInt(whole) * 1_000_000n + BigInt(rest.padEnd(6, '0'))).toBe(BigInt(fen));
    }),
  );
});
