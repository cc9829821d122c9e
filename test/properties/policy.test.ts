import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { CADENCES } from '../../shared/domain/calendar.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { gradeRisk, TABLE_METHODS } from '../../shared/domain/grading.ts';
import { PolicyRefused, readPolicy } from '../../shared/policy/load.ts';
import type { PolicyDocument } from '../../shared/policy/schema.ts';

const text = readFileSync(new URL('../../shared/policy/dehong-2016-7.json', import.meta.url), 'utf8');

/** Every place of a document, deepest first or not: the keys that lead to it. */
function placesOf(node: unknown, path: readonly string[] = []): string[][] {
  if (typeof node !== 'object' || node === null) return [[...path]];
  return [[...path], ...Object.entries(node).flatMap(([key, child]) => placesOf(child, [...path, key]))];
}

const places = placesOf(JSON.parse(text)).filter((path) => path.length > 0);
const LEFT_OUT = Symbol('left out');
const slips = fc.constantFrom<unknown>(
  LEFT_OUT,
  null,
  '',
  '二(九)',
  '0.15',
  '999999',
  0,
  -1,
  1.5,
  9999,
  [],
  {},
  true,
  'month',
  'RED',
  '__proto__',
);

/** The document with one slip of the pen. */
function withSlip(path: readonly string[], slip: unknown): unknown {
  const document = JSON.parse(text);
  const parent = path.slice(0, -1).reduce((node, key) => node[key], document);
  const last = path.at(-1) ?? '';
  if (slip !== LEFT_OUT) parent[last] = slip;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return document;
}

/** What everybody downstream relies on. */
function holdsTogether({ windows, selfChecks, randomChecks, grading, grades, clauses, hazards }: PolicyDocument): boolean {
  const rules = { ...grading, grades };
  const allGrade = TABLE_METHODS.every((method) => {
    const { factors } = rules.tables[method];
    const extremes = [0, -1].map((place) =>
      Object.fromEntries(factors.map(({ id, values }) => [id, values.at(place)?.value ?? ''])),
    );
    return extremes.every((chosen) => gradeRisk({ method, factors: chosen }, rules).kind === 'graded');
  });
  const cadences = COLOURS.flatMap((colour) => [selfChecks[colour].every, randomChecks[colour].every]);
  const windowed = cadences.every((cadence) => CADENCES.includes(cadence) && windows[cadence] !== undefined);
  return allGrade && windowed && clauses[hazards.withdrawal.basis.clause] !== undefined;
}

test('whatever slip is made in a policy document, it is refused with a place and a sentence, or it still holds together', () => {
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(...places), slips, (path, slip) => {
      try {
        expect(holdsTogether(readPolicy(withSlip(path, slip), 'slip.json'))).toBe(true);
      } catch (error) {
        if (!(error instanceof PolicyRefused)) throw error;
        refused += 1;
        expect(error.faults.length).toBeGreaterThan(0);
        for (const { at, says } of error.faults) expect(at !== '' && says !== '').toBe(true);
      }
    }),
    { numRuns: 60 },
  );
  expect(refused).toBeGreaterThan(10);
});
