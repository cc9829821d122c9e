import { type DrawFiles, hashOf } from '../../shared/data/draw-files.ts';
import type { DrawStore } from '../../shared/data/draw-store.ts';
import type { TaskStore } from '../../shared/data/task-store.ts';
import type { Draw } from '../../shared/domain/draw.ts';
import { stepOf } from '../../shared/domain/draw-evolve.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import { awaitsVisit } from '../../shared/domain/task.ts';
import { evolveTask } from '../../shared/domain/task-evolve.ts';
import { verifyDraw } from '../../shared/draw/verify-draw.ts';
import { bundleOf } from '../../workflows/inspection-draw/bundle-of.ts';
import type { DrawOutcome, StepOfRun } from '../../workflows/inspection-draw/contract.ts';
import { loadDraw, outcomeOf, recordOnDraw, SYSTEM } from '../../workflows/inspection-draw/standing.ts';

export interface RevealDependencies {
  readonly county: CountyCode;
  readonly draws: Pick<DrawStore, 'load' | 'save'>;
  readonly files: DrawFiles;
  readonly tasks: Pick<TaskStore, 'ofDraw' | 'save'>;
}

/** What would be published is not a draw that anybody could verify. A person has to find out why. */
export class Unverifiable extends Error {
  override readonly name = 'Unverifiable';
}

/**
 * Publishes the whole of a draw, and says that it is revealed only once a verifier says yes to just those files. Of a void draw everything is
 * shown too, and its visits that were not made are called off. Done again it writes the same.
 */
export const revealDraw =
  (deps: RevealDependencies) =>
  async (run: StepOfRun): Promise<DrawOutcome> => {
    const { draws, files } = deps;
    const { draw } = await loadDraw(draws, run);
    if (stepOf(draw, run.at) !== 'reveal') return outcomeOf(draw, run.at);
    if (draw.void !== undefined) await callOffVisits(deps, draw, run);
    const bundle = await bundleOf(files, draw);
    const verdict = verifyDraw(bundle);
    // The sentence of the fault may name what was drawn, and a log is read before the reveal.
    if (!verdict.ok) throw new Unverifiable(`${verdict.fault.file}: ${verdict.fault.code}`);
    for (const [file, bytes] of bundle) await files.publish(draw, file, bytes);
    const hashes = Object.fromEntries([...bundle].map(([file, bytes]) => [file, hashOf(bytes)]));
    const after = await recordOnDraw(
      deps,
      run,
      (now) => (stepOf(now, run.at) === 'reveal' ? [{ type: 'DrawRevealed', data: { files: hashes } }] : []),
      run.at,
    );
    return outcomeOf(after, run.at);
  };

async function callOffVisits({ tasks, county }: RevealDependencies, draw: Draw, { at }: StepOfRun): Promise<void> {
  const occasion = { at, county, actor: SYSTEM };
  for (const { task, version } of await tasks.ofDraw(county, draw.authority, draw.number)) {
    if (!awaitsVisit(task)) continue;
    const fact = { type: 'TaskVoided', data: {} } as const;
    const after = evolveTask(task, { ...fact, ...occasion });
    await tasks.save({ before: task, after, facts: [fact], ifVersion: version, occasion });
  }
}
