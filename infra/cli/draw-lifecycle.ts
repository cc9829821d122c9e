/**
 * The lifecycle of a draw as the domain really has it: whatever may happen to it is tried in every state that it can come to, and what became
 * of it is noted. Nothing here says where a fact leads.
 */
import { type Instant, instant, plusDays, plusMs } from '../../shared/domain/calendar.ts';
import type { Draw, DrawFact, DrawStage } from '../../shared/domain/draw.ts';
import { enterRandomness, nextSubstitution, settledValues, voidDraw, warningsOf } from '../../shared/domain/draw-decide.ts';
import {
  announcedDraw,
  type DrawStep,
  evolveDraw,
  isVoidBefore,
  iterationUnderWay,
  stepOf,
} from '../../shared/domain/draw-evolve.ts';
import { countyCode, department, drawPeriod, personId } from '../../shared/domain/ids.ts';
import type { Actor } from '../../shared/domain/ledger-event.ts';

/** What was recorded of a draw in one stage, in which its driver owed it a step, and left it in this or another. */
export interface DrawMove {
  readonly from: DrawStage;
  readonly to: DrawStage;
  readonly by: string;
  readonly step: DrawStep;
}

const NOW = instant('2026-05-26T01:00:00.000Z');
const DRAW_AT = plusDays(NOW, 2);
const SHA = 'a'.repeat(64);
const ACTORS: readonly Actor[] = [
  { id: personId('officer'), role: 'department-officer' },
  { id: personId('chief'), role: 'department-head' },
];
const MOST_SUBSTITUTIONS = 1;

const announced = (): Draw =>
  announcedDraw({
    county: countyCode('533102'),
    authority: department('YJJ'),
    number: 1,
    kind: 'RANDOM.RED',
    period: drawPeriod('2026-06'),
    window: { from: plusDays(NOW, 5), until: plusDays(NOW, 35) },
    announcedAt: NOW,
    drawAt: DRAW_AT,
    revealBy: plusDays(NOW, 50),
    announcement: SHA,
    previous: SHA,
    files: { objects: SHA, inspectors: SHA, recusals: SHA, items: SHA },
    strata: [],
    teamSize: 2,
    sources: 1,
  });

/** What the step that is owed records, once it is carried out. */
function factsOfStep(draw: Draw, at: Instant): readonly DrawFact[] {
  const iteration = iterationUnderWay(draw)?.no ?? 1;
  switch (stepOf(draw, at)) {
    case 'draw':
      return [{ type: 'DrawDrawn', data: { iteration, sha256: SHA, selected: 1, unassigned: 0 } }];
    case 'assign':
      return [{ type: 'DrawAssigned', data: { iteration } }];
    case 'await-visits':
      return [{ type: 'DrawInspected', data: { tasks: 1 } }];
    case 'reveal':
      return [{ type: 'DrawRevealed', data: { files: {} } }];
    case 'await-drawing':
    case 'revealed':
    case 'void':
      return [];
  }
}

/** Everything that may be recorded of a draw at an instant by somebody. */
function factsOn(draw: Draw, at: Instant, actor: Actor): readonly DrawFact[] {
  const entry = enterRandomness(draw, { source: 0, value: '{}', publishedAt: draw.drawAt }, { at, actor });
  const values = settledValues(draw.entries, draw.sources);
  const isSettled = draw.stage === 'announced' && draw.randomness === undefined && values !== undefined;
  const next = nextSubstitution(draw, MOST_SUBSTITUTIONS);
  const end = voidDraw(draw, { reason: '…', sha256: SHA });
  return [
    ...(entry.kind === 'decided' ? entry.events : []),
    ...(isSettled ? [{ type: 'RandomnessSettled', data: { sha256: SHA } } as const] : []),
    ...(next.kind === 'next'
      ? [{ type: 'ObjectsReplaced', data: { iteration: next.iteration, sha256: SHA, objects: 1 } } as const]
      : []),
    ...(end.kind === 'decided' ? end.events : []),
    ...(draw.void !== undefined && draw.revealedAt === undefined && draw.lost === undefined
      ? [{ type: 'FilesLost', data: { files: ['inspectors.tsv'] } } as const]
      : []),
    ...warningsOf(draw, at, 0),
    ...factsOfStep(draw, at),
  ];
}

/** What bears on what may happen next. */
const aspectOf = (draw: Draw): string => {
  const { stage, randomness, entries, iterations, warned, revealedAt, void: end } = draw;
  return JSON.stringify([
    stage,
    randomness,
    entries.length,
    iterations.map(({ result, assignedAt }) => [result !== undefined, assignedAt !== undefined]),
    warned,
    revealedAt !== undefined,
    draw.lost !== undefined,
    end?.from,
    isVoidBefore(draw),
  ]);
};

/** Every move that the domain allows, once. */
export function stepsOfDraws(): readonly DrawMove[] {
  const moves = new Map<string, DrawMove>();
  const draws = [announced()];
  const seen = new Set(draws.map(aspectOf));
  for (const draw of draws) {
    for (const at of [NOW, DRAW_AT, plusMs(draw.revealBy, 1)]) {
      for (const actor of ACTORS) {
        for (const fact of factsOn(draw, at, actor)) {
          const after = evolveDraw(draw, { ...fact, at, actor });
          const move = { from: draw.stage, to: after.stage, by: fact.type, step: stepOf(draw, at) };
          moves.set(JSON.stringify(move), move);
          if (seen.has(aspectOf(after))) continue;
          seen.add(aspectOf(after));
          draws.push(after);
        }
      }
    }
    // An end, in which nothing happens any more, has its state too.
    const step = stepOf(draw, NOW);
    if (step === 'revealed' || step === 'void') moves.set(`${step}`, { from: draw.stage, to: draw.stage, by: '', step });
  }
  return [...moves.values()];
}
