import { type DrawFiles, FileChanged } from '../../shared/data/draw-files.ts';
import type { DrawStore } from '../../shared/data/draw-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import { type Draw, drawIdOf } from '../../shared/domain/draw.ts';
import { iterationUnderWay, stepOf } from '../../shared/domain/draw-evolve.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import { announcementIn } from '../../shared/draw/bundle.ts';
import { codeOf } from '../../shared/draw/codes.ts';
import { Fault } from '../../shared/draw/fault.ts';
import { drawResult } from '../../shared/draw/replay.ts';
import { bundleOf, lostOf } from '../../workflows/inspection-draw/bundle-of.ts';
import type { DrawOutcome, StepOfRun } from '../../workflows/inspection-draw/contract.ts';
import { sayOnce } from '../../workflows/inspection-draw/said.ts';
import { loadDraw, outcomeOf, recordLostFiles, recordOnDraw } from '../../workflows/inspection-draw/standing.ts';

export interface DrawLotsDependencies {
  readonly county: CountyCode;
  readonly draws: Pick<DrawStore, 'load' | 'save' | 'secretOf' | 'series' | 'note'>;
  readonly files: DrawFiles;
  /** Decrypts the secret of its draw. */
  readonly open: (ciphertext: string, drawId: string) => Promise<Uint8Array>;
}

/**
 * Draws the iteration that is due. The same files, randomness and secret give the same bytes, so a run that was cut is drawn again to what it
 * was. A file that is not the one that was announced stops it: that is recorded, and nothing is drawn. A void draw is shown without it.
 */
export const drawLots =
  (deps: DrawLotsDependencies) =>
  async (run: StepOfRun): Promise<DrawOutcome> => {
    const { draw } = await loadDraw(deps.draws, run);
    const underWay = iterationUnderWay(draw);
    if (stepOf(draw, run.at) !== 'draw' || underWay === undefined) return outcomeOf(draw, run.at);
    const { no: iteration } = underWay;
    let made: Awaited<ReturnType<typeof drawn>>;
    try {
      made = await drawn(deps, draw, iteration);
    } catch (error) {
      const lost = draw.void !== undefined && error instanceof FileChanged ? await lostOf(deps.files, draw) : [];
      if (lost.length > 0) return outcomeOf(await recordLostFiles(deps, run, lost), run.at);
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      await sayRefused(deps, draw, refusal, run.at);
      throw new NotDrawable(`${drawIdOf(draw)}: ${refusal.says}`);
    }
    const { bytes, result } = made;
    const sha256 = await deps.files.keep(bytes);
    const selected = result.selected.length;
    const unassigned = result.selected.filter(({ team }) => team.length === 0).length;
    const after = await recordOnDraw(
      deps,
      run,
      (now) =>
        stepOf(now, run.at) === 'draw' && iterationUnderWay(now)?.no === iteration
          ? [{ type: 'DrawDrawn', data: { iteration, sha256, selected, unassigned } }]
          : [],
      run.at,
    );
    return outcomeOf(after, run.at);
  };

async function drawn({ draws, files, open }: DrawLotsDependencies, draw: Draw, iteration: number) {
  const bundle = await bundleOf(files, draw);
  const ciphertext = await draws.secretOf(draw);
  if (ciphertext === undefined) throw new Error(`${drawIdOf(draw)} has no secret`);
  const { announced } = announcementIn(bundle);
  const secret = await open(ciphertext, drawIdOf(draw));
  return drawResult(bundle, iteration, codeOf(secret, announced.commitment.length, iteration));
}

/** What was announced cannot be drawn from. A person has to find out why. */
export class NotDrawable extends Error {
  override readonly name = 'NotDrawable';
}

/** What is wrong, without the sentence of the fault: that may name what was drawn, and neither log nor ledger does before the reveal. */
function refusalOf(error: unknown): { readonly code: string; readonly says: string } | undefined {
  if (error instanceof FileChanged) return { code: 'changed-file', says: error.message };
  return error instanceof Fault ? { code: error.code, says: `${error.file}: ${error.code}` } : undefined;
}

/** Said once a day, however often it is tried. */
async function sayRefused(
  deps: DrawLotsDependencies,
  { authority, kind, period, number, void: end }: Draw,
  { code, says: what }: { readonly code: string; readonly says: string },
  at: Instant,
): Promise<void> {
  const todo = end === undefined ? '请核查后作废并重新公告' : '该次抽查已作废，请联系系统管理员核查';
  const says = `第${number}号抽查不能抽取：公告的文件已被改动或不合规定，${todo}。（${what}）`;
  await sayOnce(deps, authority, { type: 'DrawRefused', data: { kind, period, code, says } }, at);
}
