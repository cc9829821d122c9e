import fc from 'fast-check';
import { instant } from '../../shared/domain/calendar.ts';
import { COLOURS, type Colour, isGraver } from '../../shared/domain/colour.ts';
import { type Assessment, bandFaults, colourOf, gradeRisk, type TableMethod } from '../../shared/domain/grading.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { gradingRulesOf, policyFor } from '../../shared/policy/load.ts';

const rules = gradingRulesOf(policyFor(countyCode('533102'), instant('2026-03-10T00:00:00Z')));

/** The tables as the field's reference prints them, in tenths, copied by hand and not from the policy. */
const E = [100, 60, 30, 20, 10, 5];
const PRINTED: Record<TableMethod, { factors: [string, number[]][]; red: number; orange: number; yellow: number }> = {
  LEC: {
    factors: [
      ['L', [100, 60, 30, 10, 5, 2, 1]],
      ['E', E],
      ['C', [1000, 400, 150, 70, 30, 10]],
    ],
    red: 320,
    orange: 160,
    yellow: 70,
  },
  LS: {
    factors: [
      ['L', [50, 40, 30, 20, 10]],
      ['S', [50, 40, 30, 20, 10]],
    ],
    red: 17,
    orange: 11,
    yellow: 5,
  },
  MES: {
    factors: [
      ['M', [50, 30, 10]],
      ['E', E],
      ['S', [100, 80, 40, 20, 10]],
    ],
    red: 180,
    orange: 90,
    yellow: 50,
  },
};

const combinations = (lists: readonly number[][]): number[][] =>
  lists.reduce<number[][]>((rows, list) => rows.flatMap((row) => list.map((value) => [...row, value])), [[]]);

/** Tenths as the table writes them. */
const written = (tenths: number): string => (tenths % 10 === 0 ? `${tenths / 10}` : `0.${tenths}`);

/** Compares whole numbers only: the product of n factors in tenths against the bound times ten to the n. */
function colourByHand(method: TableMethod, row: readonly number[]): Colour {
  const { red, orange, yellow } = PRINTED[method];
  const product = row.reduce((a, b) => a * b, 1);
  const scale = 10 ** row.length;
  if (product >= red * scale) return 'RED';
  if (product >= orange * scale) return 'ORANGE';
  if (product >= yellow * scale) return 'YELLOW';
  return 'BLUE';
}

test.each(['LEC', 'LS', 'MES'] as const)(
  '%s: every combination of listed values has the colour and the product that the printed table gives',
  (method) => {
    const { factors } = PRINTED[method];
    const rows = combinations(factors.map(([, values]) => values));
    expect(rows).toHaveLength(factors.reduce((sum, [, values]) => sum * values.length, 1));
    for (const row of rows) {
      const chosen = Object.fromEntries(factors.map(([id], place) => [id, written(row[place] ?? 0)]));
      const outcome = gradeRisk({ method, factors: chosen }, rules);
      if (outcome.kind !== 'graded' || outcome.grade.method === 'EXPERTS') throw new Error(JSON.stringify(outcome));
      expect(outcome.grade.colour).toBe(colourByHand(method, row));
      const [whole = '', fraction = ''] = outcome.grade.product.split('.');
      expect(Number(whole + fraction.padEnd(row.length, '0'))).toBe(row.reduce((a, b) => a * b, 1));
    }
  },
);

test('the policy lists no value that the printed tables do not have', () => {
  for (const method of ['LEC', 'LS', 'MES'] as const) {
    expect(rules.tables[method].factors.map(({ id, values }) => [id, values.map(({ value }) => value)])).toEqual(
      PRINTED[method].factors.map(([id, values]) => [id, values.map(written)]),
    );
  }
});

const thousandths = fc.integer({ min: 0, max: 2_000_000 });
const decimal = (n: number): string => `${Math.floor(n / 1000)}.${String(n % 1000).padStart(3, '0')}`;

test('bands without faults give every product exactly one colour, and a graver one never to the smaller product', () => {
  fc.assert(
    fc.property(fc.uniqueArray(thousandths, { minLength: 3, maxLength: 3 }), thousandths, thousandths, (bounds, a, b) => {
      const [red = 0, orange = 0, yellow = 0] = [...bounds].sort((x, y) => y - x);
      const bands = [red, orange, yellow, 0].map((from, index) => ({ from: decimal(from), colour: COLOURS[index] ?? 'BLUE' }));
      const byHand = (n: number): Colour => (n >= red ? 'RED' : n >= orange ? 'ORANGE' : n >= yellow ? 'YELLOW' : 'BLUE');
      expect(colourOf(bands, decimal(a))).toBe(byHand(a));
      if (a <= b) expect(isGraver(colourOf(bands, decimal(a)), colourOf(bands, decimal(b)))).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test('a table is free of faults exactly when its bands hold every possible product once', () => {
  const bound = fc.integer({ min: 0, max: 30 });
  const bands = fc.array(fc.record({ from: bound.map(String), colour: fc.constantFrom(...COLOURS) }), { maxLength: 5 });
  fc.assert(
    fc.property(bands, (tried) => {
      const table = { ...rules.tables.LS, bands: tried };
      const inOrder = tried.map(({ colour }) => colour).join() === COLOURS.join();
      const falling = tried.every(({ from }, index) => index === 0 || Number(from) < Number(tried[index - 1]?.from));
      const reached = tried.every(({ from }) => Number(from) <= 25);
      const covers = tried.length > 0 && Number(tried.at(-1)?.from) <= 1;
      expect(bandFaults(table).length === 0).toBe(inOrder && falling && reached && covers);
    }),
    { numRuns: 1000, examples: [[[20, 10, 4, 0].map((from, index) => ({ from: `${from}`, colour: COLOURS[index] ?? 'BLUE' }))]] },
  );
});

test('a direct determination is accepted exactly when it is graver than what was assessed', () => {
  const colours = fc.constantFrom(...COLOURS);
  fc.assert(
    fc.property(colours, colours, (assessed, determined) => {
      const assessment: Assessment = {
        method: 'EXPERTS',
        colour: assessed,
        experts: ['样例甲'],
        reason: '现场勘验',
        determination: { colour: determined, reason: '列明情形', citation: '县细则第3条' },
      };
      const outcome = gradeRisk(assessment, rules);
      expect(outcome.kind === 'graded' && outcome.grade.colour === determined).toBe(isGraver(determined, assessed));
    }),
  );
});
