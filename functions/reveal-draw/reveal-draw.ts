import { type DrawFiles, FileChanged, hashOf } from '../../shared/data/draw-files.ts';
import type { DrawStore } from '../../shared/data/draw-store.ts';
import type { TaskStore } from '../../shared/data/task-store.ts';
import type { Draw } from '../../shared/domain/draw.ts';
import { stepOf } from '../../shared/domain/draw-evolve.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import { awaitsVisit } from '../../shared/domain/task.ts';
import { evolveTask } from '../../shared/domain/task-evolve.ts';
import type { Bundle } from '../../shared/draw/bundle.ts';
import { verifyDraw } from '../../shared/draw/verify-draw.ts';
import { bundleOf, lostOf } from '../../workflows/inspection-draw/bundle-of.ts';
import type { DrawOutcome, StepOfRun } from '../../workflows/inspection-draw/contract.ts';
import { loadDraw, outcomeOf, recordLostFiles, recordOnDraw, SYSTEM } from '../../workflows/inspection-draw/standing.ts';

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
 * shown too, and its visits that were not made are called off; what of it was lost is recorded, and the rest shown, to which a verifier says
 * no, as it should. Done again it writes the same.
 */
export const revealDraw =
  (deps: RevealDependencies) =>
  async (run: StepOfRun): Promise<DrawOutcome> => {
    const { draws, files } = deps;
    const { draw } = await loadDraw(draws, run);
    if (stepOf(draw, run.at) !== 'reveal') return outcomeOf(draw, run.at);
    if (draw.void !== undefined) await callOffVisits(deps, draw, run);
    const { bundle, isWhole } = await shown(deps, run, draw);
    const verdict = verifyDraw(bundle);
    // The sentence of the fault may name what was drawn, and a log is read before the reveal.
    if (isWhole && !verdict.ok) throw new Unverifiable(`${verdict.fault.file}: ${verdict.fault.code}`);
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

async function shown(deps: RevealDependencies, run: StepOfRun, draw: Draw): Promise<{ bundle: Bundle; isWhole: boolean }> {
  const { files } = deps;
  try {
    return { bundle: await bundleOf(files, draw), isWhole: draw.lost === undefined };
  } catch (error) {
    if (draw.void === undefined || !(error instanceof FileChanged)) throw error;
    const after = await recordLostFiles(deps, run, await lostOf(files, draw));
    return { bundle: await bundleOf(files, after), isWhole: false };
  }
}

async function callOffVisits({ tasks, county }: RevealDependencies, draw: Draw, { at }: StepOfRun): Promise<void> {
  const occasion = { at, county, actor: SYSTEM };
  for (const { task, version } of await tasks.ofDraw(county, draw.authority, draw.number)) {
    if (!awaitsVisit(task)) continue;
    const fact = { type: 'TaskVoided', data: {} } as const;
    const after = evolveTask(task, { ...fact, ...occasion });
    await tasks.save({ before: task, after, facts: [fact], ifVersion: version, occasion });
  }
}
