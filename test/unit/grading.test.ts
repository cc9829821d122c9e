import { instant } from '../../shared/domain/calendar.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { type Assessment, bandFaults, colourOf, gradeRisk, isResidualAllowed } from '../../shared/domain/grading.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { gradingRulesOf, policyFor, whyGraded } from '../../shared/policy/load.ts';

const policy = policyFor(countyCode('533102'), instant('2026-03-10T00:00:00Z'));
const rules = gradingRulesOf(policy);
const grade = (assessment: Assessment) => gradeRisk(assessment, rules);
const lec = (L: string, E: string, C: string): Assessment => ({ method: 'LEC', factors: { L, E, C } });

describe('by a table', () => {
  test('a grade keeps its method, its factors in words, its product, its edition and one line that explains it', () => {
    expect(grade(lec('3', '6', '15'))).toEqual({
      kind: 'graded',
      grade: {
        method: 'LEC',
        edition: 'LEC-2016.1',
        factors: [
          { id: 'L', name: '事故发生的可能性', value: '3', says: '可能，但不经常' },
          { id: 'E', name: '暴露于危险环境的频繁程度', value: '6', says: '每天工作时间内暴露' },
          { id: 'C', name: '事故后果', value: '15', says: '一至二人死亡' },
        ],
        product: '270',
        colour: 'ORANGE',
        explanation: 'LEC：D＝3×6×15＝270，评定为较大风险（橙）',
      },
    });
  });

  test('the product is exact where binary fractions are not', () => {
    expect(grade(lec('0.1', '0.5', '3'))).toMatchObject({ grade: { product: '0.15', colour: 'BLUE' } });
    expect(grade(lec('0.2', '3', '7'))).toMatchObject({ grade: { product: '4.2' } });
  });

  test('the same factors give another colour under another edition, and the grade says which', () => {
    const [red, orange, , blue] = rules.tables.LS.bands;
    if (red === undefined || orange === undefined || blue === undefined) throw new Error('the LS table has four bands');
    const other = { ...rules.tables.LS, edition: 'LS-X', bands: [red, orange, { from: '4', colour: 'YELLOW' as const }, blue] };
    const answer = gradeRisk({ method: 'LS', factors: { L: '2', S: '2' } }, { ...rules, tables: { ...rules.tables, LS: other } });
    expect(answer).toMatchObject({ grade: { edition: 'LS-X', colour: 'YELLOW' } });
    expect(grade({ method: 'LS', factors: { L: '2', S: '2' } })).toMatchObject({
      grade: { edition: 'LS-B-2016.1', colour: 'BLUE' },
    });
  });
});

describe('what others got wrong', () => {
  test('a score on a boundary has a colour, that of the band it begins', () => {
    const bands = rules.tables.LEC.bands;
    expect(['320', '160', '70', '0'].map((product) => colourOf(bands, product))).toEqual(COLOURS);
    expect(['319.999', '159.999', '69.999'].map((product) => colourOf(bands, product))).toEqual(['ORANGE', 'YELLOW', 'BLUE']);
  });

  test('a fraction between two whole numbers is not cut off', () => {
    expect(
      colourOf(
        [
          { from: '4.5', colour: 'RED' },
          { from: '0', colour: 'BLUE' },
        ],
        '4.4',
      ),
    ).toBe('BLUE');
    expect(
      colourOf(
        [
          { from: '4.5', colour: 'RED' },
          { from: '0', colour: 'BLUE' },
        ],
        '4.50',
      ),
    ).toBe('RED');
  });

  test('a score that fits no band is an error and never low', () => {
    expect(() => colourOf([{ from: '320', colour: 'RED' }], '12')).toThrow('no band holds 12');
  });

  test('an unknown method is refused and never general', () => {
    const unknown = { method: 'HAZOP', factors: {} } as unknown as Assessment;
    expect(grade(unknown)).toMatchObject({ kind: 'refused', reason: 'unknown-method' });
  });

  test('a missing factor is refused with what may stand there, and never gets a default', () => {
    expect(grade({ method: 'LEC', factors: { L: '3', C: '15' } })).toEqual({
      kind: 'refused',
      reason: 'missing-factor',
      factor: 'E',
      allowed: ['10', '6', '3', '2', '1', '0.5'],
      says: '缺少因素 E（暴露于危险环境的频繁程度）的取值',
    });
    expect(grade({ method: 'MES', factors: { M: '', E: '6', S: '2' } })).toMatchObject({ reason: 'missing-factor', factor: 'M' });
  });

  test('a value between two listed ones, or written otherwise, is refused', () => {
    for (const L of ['4', '0.50', '03', '-3', '1e1', 'toString']) {
      expect(grade(lec(L, '6', '15'))).toMatchObject({ kind: 'refused', reason: 'unlisted-value', factor: 'L' });
    }
  });

  test('a factor that the method does not have is refused, for it was meant for something', () => {
    expect(grade({ method: 'LS', factors: { L: '3', E: '3', S: '3' } })).toMatchObject({ reason: 'unknown-factor', factor: 'E' });
    expect(
      grade({
        method: 'LS',
        factors: Object.fromEntries([
          ['L', '3'],
          ['S', '3'],
          ['constructor', '3'],
        ]),
      }),
    ).toMatchObject({
      reason: 'unknown-factor',
    });
  });

  test('what people read of a table is what it grades by', () => {
    for (const { bands, says } of Object.values(policy.grading.tables)) {
      for (const { from, colour } of bands.slice(0, -1)) expect(says).toContain(`${from}分以上为${policy.grades[colour].colour}`);
      expect(says).toContain(`不足${bands.at(-2)?.from}分为蓝`);
    }
  });

  test('the sums of the severity guide touch each other: every loss stands in exactly one line', () => {
    const lines = rules.tables.LS.factors[1]?.values.map(({ says }) => says) ?? [];
    const floors = lines.map((line) => /([一二三五十百千万]+)元以上/.exec(line)?.[1]);
    const ceilings = lines.map((line) => /不足([一二三五十百千万]+)元/.exec(line)?.[1]);
    expect(floors.slice(0, -1)).toEqual(ceilings.slice(1));
    expect([floors.at(-1), ceilings[0]]).toEqual([undefined, undefined]);
  });

  test('swapped colours in a table are found', () => {
    const [red, orange, yellow, blue] = rules.tables.LEC.bands;
    if (!red || !orange || !yellow || !blue) throw new Error('the LEC table has four bands');
    const swapped = [red, { ...orange, colour: yellow.colour }, { ...yellow, colour: orange.colour }, blue];
    expect(bandFaults({ ...rules.tables.LEC, bands: swapped }).map(({ index }) => index)).toEqual([1, 2]);
  });
});

describe('by experts', () => {
  const decision = { method: 'EXPERTS', colour: 'RED', experts: ['样例甲', '样例乙'], reason: '重大危险源' } as const;

  test('the grade names the experts and their reason', () => {
    expect(grade(decision)).toEqual({
      kind: 'graded',
      grade: {
        method: 'EXPERTS',
        experts: ['样例甲', '样例乙'],
        reason: '重大危险源',
        colour: 'RED',
        explanation: '2名专家确定为重大风险（红）：重大危险源',
      },
    });
  });

  test('nobody’s decision is none, and one name twice is one expert', () => {
    expect(grade({ ...decision, experts: [' ', ''] })).toMatchObject({ reason: 'too-few-experts' });
    const two = { ...rules, experts: { atLeast: 2 } };
    expect(gradeRisk({ ...decision, experts: ['样例甲', '样例甲 '] }, two)).toMatchObject({ reason: 'too-few-experts' });
    expect(grade({ ...decision, reason: ' ' })).toMatchObject({ reason: 'no-reason' });
  });
});

describe('by direct determination', () => {
  const determination = { reason: '构成重大危险源', citation: '县细则第3条（2026版）' };

  test('raises the grade and keeps what the table said', () => {
    expect(grade({ ...lec('1', '6', '3'), determination: { ...determination, colour: 'RED' } })).toMatchObject({
      kind: 'graded',
      grade: {
        colour: 'RED',
        product: '18',
        determination: { colour: 'RED' },
        explanation: 'LEC：D＝1×6×3＝18，评定为低风险（蓝）；依据县细则第3条（2026版）直接判定为重大风险（红）：构成重大危险源',
      },
    });
  });

  test('never lowers, and is refused where it changes nothing', () => {
    for (const colour of ['ORANGE', 'YELLOW', 'BLUE'] as const) {
      expect(grade({ ...lec('3', '6', '15'), determination: { ...determination, colour } })).toMatchObject({
        kind: 'refused',
        reason: 'determination-not-upward',
      });
    }
  });

  test('needs the clause that lists the situation', () => {
    const uncited = { ...determination, citation: ' ', colour: 'RED' } as const;
    expect(grade({ ...lec('1', '6', '3'), determination: uncited })).toMatchObject({ reason: 'determination-without-citation' });
  });
});

test('a residual grade may be as grave as the inherent one, but not graver', () => {
  for (const [i, inherent] of COLOURS.entries()) {
    for (const [r, residual] of COLOURS.entries()) expect(isResidualAllowed(inherent, residual)).toBe(r >= i);
  }
});

test('why a grade is as it is: its table, its experts, or the situation that set it', () => {
  expect(whyGraded(policy, { method: 'MES' })).toMatchObject({ rule: 'grading.tables.MES', clause: '二(二)', origin: 'ours' });
  expect(whyGraded(policy, { method: 'EXPERTS' })).toMatchObject({ rule: 'grading.experts', clause: '二(二)', origin: 'policy' });
  const determination = { colour: 'RED', reason: '甲', citation: '乙' } as const;
  expect(whyGraded(policy, { method: 'LS', determination })).toMatchObject({ rule: 'grading.determination' });
});
