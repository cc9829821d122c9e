/** Chance is even: ten thousand draws under keys of a fixed sequence, so the figures are the same in every run. */
import { assign } from '../../shared/draw/assignment.ts';
import { digest } from '../../shared/draw/bytes.ts';
import { select } from '../../shared/draw/selection.ts';
import { ticketsOf } from '../../shared/draw/tickets.ts';
import { inspectorLine, named, objectLine } from '../support/draws.ts';

const DRAWS = 10_000;
/** Values of χ² that chance alone exceeds once in a thousand, by degrees of freedom (tables of the distribution). */
const ONCE_IN_A_THOUSAND: Readonly<Record<number, number>> = { 4: 18.467, 7: 24.322, 9: 27.877 };

/** χ² of counts that ought to be equal. */
function chiSquare(counts: ReadonlyMap<string, number>, cells: readonly string[]): number {
  const total = cells.reduce((sum, cell) => sum + (counts.get(cell) ?? 0), 0);
  const expected = total / cells.length;
  return cells.reduce((sum, cell) => sum + ((counts.get(cell) ?? 0) - expected) ** 2 / expected, 0);
}

const ticketsNo = (at: number) => ticketsOf('533102.YJJ:000001', digest(`draw ${at}`));
const countUp = (counts: Map<string, number>, cell: string): void => {
  counts.set(cell, (counts.get(cell) ?? 0) + 1);
};

test('objects of one weight are drawn equally often', () => {
  const names = named('ENT:', 10);
  const objects = names.map((object) => objectLine(object));
  const counts = new Map<string, number>();
  for (let at = 0; at < DRAWS; at++) {
    const [chosen] =
      select(objects, { quotas: new Map([['RED', 1]]), tickets: ticketsNo(at), passedOver: new Set() }).get('RED') ?? [];
    countUp(counts, chosen?.object ?? '');
  }
  expect(chiSquare(counts, names)).toBeLessThan(ONCE_IN_A_THOUSAND[9] ?? 0);
});

test('inspectors and days are drawn equally often', () => {
  const [inspectors, days] = [named('I', 8), ['2026-03-09', '2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13']];
  const given = {
    strata: [{ items: 0, name: 'RED', quota: 1, team: [{ count: 1, role: 'enforcer' }] }],
    days,
    perDay: 1,
    inspectors: inspectors.map((one) => inspectorLine(one)),
    recusedFrom: new Map(),
    items: new Map(),
    standing: [],
  };
  const chosen = new Map([['RED', [{ object: 'ENT:1', skill: null, ticket: '', rank: 1 }]]]);
  const [byInspector, byDay] = [new Map<string, number>(), new Map<string, number>()];
  for (let at = 0; at < DRAWS; at++) {
    const [visit] = assign(chosen, { ...given, tickets: ticketsNo(at) });
    countUp(byInspector, visit?.team[0] ?? '');
    countUp(byDay, visit?.day ?? '');
  }
  expect(chiSquare(byInspector, inspectors)).toBeLessThan(ONCE_IN_A_THOUSAND[7] ?? 0);
  expect(chiSquare(byDay, days)).toBeLessThan(ONCE_IN_A_THOUSAND[4] ?? 0);
});

test('an object of weight w has w chances of the first place', () => {
  const weights = [1, 2, 3, 4];
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const objects = weights.map((weight) => objectLine(`ENT:${weight}`, { weight }));
  const counts = new Map<string, number>();
  for (let at = 0; at < DRAWS; at++) {
    const [chosen] =
      select(objects, { quotas: new Map([['RED', 1]]), tickets: ticketsNo(at), passedOver: new Set() }).get('RED') ?? [];
    countUp(counts, chosen?.object ?? '');
  }
  for (const weight of weights) {
    const share = weight / all;
    const sigma = Math.sqrt(DRAWS * share * (1 - share));
    expect(Math.abs((counts.get(`ENT:${weight}`) ?? 0) - DRAWS * share)).toBeLessThan(4 * sigma);
  }
});
