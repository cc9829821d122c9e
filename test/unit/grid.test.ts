/** The grid: who answers for a target, and where somebody is missing. */
import { instant, plusDays } from '../../shared/domain/calendar.ts';
import {
  evolveDepartmentGrid,
  evolveTownshipGrid,
  type GridCell,
  type GridLine,
  setGridCell,
  setGridLine,
} from '../../shared/domain/grid.ts';
import {
  answerOf,
  assignGrid,
  checkTarget,
  evolveTarget,
  type GridTarget,
  type GridTargetState,
  gapsOf,
  isGridTarget,
  newTargetState,
} from '../../shared/domain/grid-target.ts';
import { countyCode, personId, townshipCode } from '../../shared/domain/ids.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { gapRulesOf, gridRulesOf } from '../../shared/policy/supervision-rules.ts';
import { usccOf } from '../support/lists.ts';

const at = instant('2026-03-02T09:00:00+08:00');
const rules = gridRulesOf(policyFor(countyCode('533102'), at));
const gapRules = gapRulesOf(policyFor(countyCode('533102'), at));
const township = townshipCode('533102001');
const dao = { person: personId('dao'), post: '安监站站长' };
const duan = { person: personId('duan'), post: '危化股股长' };
const id = `RISK#${usccOf(1)}#R-1` as const;
const target: GridTarget = {
  ...{ id, kinds: ['major-risk'], name: '储罐', owner: `ENT:${usccOf(1)}`, township, department: 'DEPT:YJJ' },
  industry: 'hazardous-chemicals',
};
const grid = (cells: readonly GridCell[], lines: readonly GridLine[]) => ({
  cellsOf: (of: string) => (of === township ? cells : []),
  linesOf: (of: string) => (of === 'DEPT:YJJ' ? lines : []),
});
const gaps = (...given: Parameters<typeof answerOf>) => Object.fromEntries(gapsOf(answerOf(...given)));

test('a target belongs to its township’s cell and to its department’s line for its industry', () => {
  const standing = grid(
    [{ responsible: dao }],
    [
      { industry: '*', responsible: dao },
      { industry: 'hazardous-chemicals', responsible: duan },
    ],
  );
  expect(answerOf(target, {}, standing)).toEqual({
    target,
    township: { body: township, responsible: dao },
    department: { body: 'DEPT:YJJ', industry: 'hazardous-chemicals', responsible: duan },
  });
  expect(answerOf({ ...target, industry: 'fireworks' }, {}, standing).department).toMatchObject({
    industry: '*',
    responsible: dao,
  });
});

test.each([
  [target, grid([], []), { township: 'no-cell', department: 'no-line' }],
  [target, grid([{}], [{ industry: '*' }]), { township: 'no-person-in-cell', department: 'no-person-in-line' }],
  [
    target,
    grid([{ part: '东片', responsible: dao }], [{ industry: 'area', responsible: duan }]),
    { township: 'no-cell', department: 'no-line' },
  ],
  [
    { ...target, township: undefined, department: undefined },
    grid([{ responsible: dao }], [{ industry: '*', responsible: duan }]),
    { township: 'no-township', department: 'no-department' },
  ],
  [target, grid([{ responsible: dao }], [{ industry: '*', responsible: duan }]), {}],
] as const)('what is missing is told: case %#', (of, standing, missing) => {
  expect(gaps(of, {}, standing)).toEqual(missing);
});

test('what is assigned goes to that part and that line; a side that is not named stays, one without a place is usual again', () => {
  const standing = grid([{ responsible: dao }, { part: '东片', responsible: dao }], []);
  const assigned = (state: GridTargetState, asked: Parameters<typeof assignGrid>[2]): GridTargetState => {
    const ruling = assignGrid(state, target, asked, standing, rules);
    if (ruling.kind === 'denied') throw new Error(ruling.reason);
    return ruling.events.reduce((next, fact) => evolveTarget(next, fact, at), state);
  };
  const first = assigned(newTargetState(id), { cell: { part: '东片' } });
  expect(answerOf(target, first.assignment, standing).township).toEqual({ body: township, part: '东片', responsible: dao });
  const both = assigned(first, { line: { department: 'DEPT:GAJ', industry: 'area' } });
  expect(both.assignment).toEqual({ part: '东片', line: { department: 'DEPT:GAJ', industry: 'area' } });
  expect(answerOf(target, both.assignment, standing).department).toEqual({ body: 'DEPT:GAJ', gap: 'no-line' });
  expect(assigned(both, { cell: {}, line: {} }).assignment).toEqual({});
  expect(assignGrid(both, target, { cell: { part: '东片' } }, standing, rules)).toEqual({ kind: 'decided', events: [] });
});

test('what the county does not know is refused', () => {
  const state = newTargetState(id);
  const standing = grid([{ responsible: dao }], []);
  const reasonOf = (asked: Parameters<typeof assignGrid>[2]) => assignGrid(state, target, asked, standing, rules);
  expect(reasonOf({ cell: { part: '西片' } })).toMatchObject({ reason: 'no-such-cell' });
  expect(reasonOf({ line: { department: 'DEPT:XXX' } })).toMatchObject({ reason: 'unknown-department' });
  expect(reasonOf({ line: { department: 'DEPT:YJJ', industry: 'farming' } })).toMatchObject({ reason: 'unknown-industry' });
  expect(setGridCell({ township: townshipCode('533103001'), cells: [] }, {}, rules)).toMatchObject({
    reason: 'unknown-township',
  });
  expect(setGridLine({ department: 'DEPT:XXX', lines: [] }, { industry: '*' }, rules)).toMatchObject({
    reason: 'unknown-department',
  });
  expect(setGridLine({ department: 'DEPT:YJJ', lines: [] }, { industry: 'farming' }, rules)).toMatchObject({
    reason: 'unknown-industry',
  });
  const cells = Array.from({ length: 200 }, (_, index) => ({ part: `${index}` }));
  expect(setGridCell({ township, cells }, { part: 'one more' }, rules)).toMatchObject({ reason: 'too-many-cells' });
});

test('cells and lines are set, set anew, and left vacant; the same again is nothing', () => {
  const set = (cells: readonly GridCell[], cell: GridCell) => {
    const ruling = setGridCell({ township, cells }, cell, rules);
    if (ruling.kind === 'denied') throw new Error(ruling.reason);
    return ruling.events.reduce(evolveTownshipGrid, { township, cells }).cells;
  };
  const one = set([], { responsible: dao });
  const two = set(one, { part: '东片', responsible: duan });
  expect(set(two, { responsible: duan })).toEqual([{ part: '东片', responsible: duan }, { responsible: duan }]);
  expect(set(two, { part: '东片' })).toEqual([{ responsible: dao }, { part: '东片' }]);
  expect(setGridCell({ township, cells: two }, { responsible: dao }, rules)).toEqual({ kind: 'decided', events: [] });
  const line = setGridLine({ department: 'DEPT:YJJ', lines: [] }, { industry: 'area', responsible: duan }, rules);
  if (line.kind === 'denied') throw new Error(line.reason);
  expect(line.events.reduce(evolveDepartmentGrid, { department: 'DEPT:YJJ', lines: [] }).lines).toEqual([
    { industry: 'area', responsible: duan },
  ]);
});

test('a gap is found once and closed once, whether it is mended or its target is none any more', () => {
  const open = answerOf(target, {}, grid([], [{ industry: '*', responsible: duan }]));
  const found = checkTarget(newTargetState(id), open, gapRules, at);
  expect(found).toEqual([
    {
      type: 'GridGapFound',
      data: {
        ...{ target: id, side: 'township', kinds: ['major-risk'], why: 'no-cell', township, department: 'DEPT:YJJ' },
        due: plusDays(at, 7),
      },
    },
  ]);
  const known = found.reduce((state, fact) => evolveTarget(state, fact, at), newTargetState(id));
  expect(checkTarget(known, open, gapRules, at)).toEqual([]);
  const mended = answerOf(target, {}, grid([{ responsible: dao }], [{ industry: '*', responsible: duan }]));
  const closed = checkTarget(known, mended, gapRules, at);
  expect(closed).toEqual([{ type: 'GridGapClosed', data: { target: id, side: 'township', because: 'mended' } }]);
  expect(checkTarget(known, undefined, gapRules, at)).toMatchObject([{ data: { because: 'no-target' } }]);
  const after = closed.reduce((state, fact) => evolveTarget(state, fact, at), known);
  expect(checkTarget(after, mended, gapRules, at)).toEqual([]);
});

test('a gap that is not mended in time is told up the ladder, each step once; an outage misses none', () => {
  const open = answerOf(target, {}, grid([], [{ industry: '*', responsible: duan }]));
  const look = (state: GridTargetState, days: number) => {
    const now = plusDays(at, days);
    const facts = checkTarget(state, open, gapRules, now);
    return { facts, state: facts.reduce((next, fact) => evolveTarget(next, fact, now), state) };
  };
  const found = look(newTargetState(id), 0).state;
  expect(look(found, 6).facts).toEqual([]);
  const late = look(found, 7);
  expect(late.facts).toMatchObject([
    { type: 'GridGapEscalated', data: { side: 'township', step: 1, roles: ['township-head'], due: plusDays(at, 7), township } },
  ]);
  expect(look(late.state, 7).facts).toEqual([]);
  expect(look(late.state, 17).facts).toMatchObject([{ data: { step: 3, roles: ['committee-officer', 'government-head'] } }]);
  expect(look(look(late.state, 17).state, 24).facts).toMatchObject([{ data: { step: 4, roles: ['government-head'] } }]);
  // Found before there was a limit: it runs from then.
  expect(look({ ...found, gaps: [{ side: 'township', since: at }] }, 7).facts).toHaveLength(1);
});

test('where no body is known that could mend it, the committee is told', () => {
  const nowhere = answerOf({ ...target, township: undefined }, {}, grid([], [{ industry: '*', responsible: duan }]));
  const state = { ...newTargetState(id), gaps: [{ side: 'township' as const, since: at }] };
  expect(checkTarget(state, nowhere, gapRules, plusDays(at, 7))).toMatchObject([{ data: { roles: ['committee-officer'] } }]);
});

test.each([
  [id, true],
  ['AREA#533102001#A-1', true],
  ['HAZ#R0123456789ABCDEF', true],
  ['HAZ#X0123456789ABCDEF', false],
  ['ENT#91350100M000100Y43', false],
  [`${id}#2`, false],
])('%s names a target: %s', (text, is) => {
  expect(isGridTarget(text)).toBe(is);
});
