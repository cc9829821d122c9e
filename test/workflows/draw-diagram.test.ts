import { readFileSync } from 'node:fs';
import { DRAW_README, drawnDraws } from '../../infra/cli/diagram.ts';
import { stepsOfDraws } from '../../infra/cli/draw-lifecycle.ts';
import { DRAW_STAGES, type DrawStage } from '../../shared/domain/draw.ts';
import { DRAW_STEPS } from '../../shared/domain/draw-evolve.ts';

const moves = stepsOfDraws();

test('the README shows the lifecycle as the definition and the domain have it (if not: npm run diagram)', () => {
  const readme = readFileSync(DRAW_README, 'utf8');
  expect(drawnDraws(readme)).toBe(readme);
});

test('the drawing has every stage and every step that there is', () => {
  expect(new Set(moves.flatMap(({ from, to }) => [from, to]))).toEqual(new Set(DRAW_STAGES));
  expect(new Set(moves.map(({ step }) => step))).toEqual(new Set(DRAW_STEPS));
});

test('nothing is drawn but from an announcement or a replacement, and nothing revealed but after the visits or void', () => {
  const into = (to: DrawStage) =>
    moves.flatMap((move) => (move.to === to && move.from !== to ? [`${move.from}: ${move.by}`] : []));
  expect(new Set(into('drawn'))).toEqual(new Set(['announced: DrawDrawn', 'assigned: DrawDrawn']));
  expect(new Set(into('revealed'))).toEqual(new Set(['inspected: DrawRevealed']));
});

test('every stage leads to an end', () => {
  for (const stage of DRAW_STAGES.filter((each) => each !== 'revealed' && each !== 'void')) {
    const found = new Set<DrawStage>([stage]);
    for (const from of found) for (const move of moves) if (move.from === from) found.add(move.to);
    expect([stage, found.has('revealed'), found.has('void')]).toEqual([stage, true, true]);
  }
});
