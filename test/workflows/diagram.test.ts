import { readFileSync } from 'node:fs';
import { drawn, README } from '../../infra/cli/diagram.ts';
import { stepsOfLifecycle } from '../../infra/cli/lifecycle.ts';
import { OPEN_STAGES, STAGES, type Stage } from '../../shared/domain/hazard.ts';
import { COMMAND_STAGES } from '../../shared/domain/hazard-decide.ts';

const steps = stepsOfLifecycle();

test('the README shows the lifecycle as the definition and the domain have it (if not: npm run diagram)', () => {
  const readme = readFileSync(README, 'utf8');
  expect(drawn(readme)).toBe(readme);
});

test('the drawing has every stage and every command that there is', () => {
  expect(new Set(steps.flatMap(({ from, to }) => [from, to]))).toEqual(new Set(STAGES));
  expect(new Set(steps.map(({ by }) => by.split(' ')[0]))).toEqual(new Set(Object.keys(COMMAND_STAGES)));
});

test('a case closes by an acceptance or by the consent to resume, and by nothing else', () => {
  const closings = steps.filter(({ from, to }) => to === 'closed' && from !== 'closed').map(({ from, by }) => `${from}: ${by}`);
  expect(closings.sort()).toEqual(['awaiting-acceptance: AcceptRectification', 'awaiting-resumption: ConsentToResume']);
});

test('nobody works on a major hazard without an approved plan: from its plan there is one way to the cure', () => {
  const ways = steps.filter(({ from, to }) => /plan/.test(from) && to === 'rectifying').map(({ from, by }) => `${from}: ${by}`);
  expect(ways).toEqual(['awaiting-plan-review: ApprovePlan']);
});

test('every open stage leads to an end', () => {
  const reached = (from: Stage): ReadonlySet<Stage> => {
    const found = new Set([from]);
    for (const stage of found) for (const step of steps) if (step.from === stage) found.add(step.to);
    return found;
  };
  for (const stage of OPEN_STAGES) {
    const ends = reached(stage);
    expect([stage, ends.has('closed'), ends.has('withdrawn')]).toEqual([stage, true, true]);
  }
});
