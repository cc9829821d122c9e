import { StaleVersion } from '../../shared/data/commit.ts';
import type { DrawRef, DrawStore, StoredDraw } from '../../shared/data/draw-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Draw, DrawFact } from '../../shared/domain/draw.ts';
import { evolveDraw, stepOf } from '../../shared/domain/draw-evolve.ts';
import { type CountyCode, personId } from '../../shared/domain/ids.ts';
import type { Actor } from '../../shared/domain/ledger-event.ts';
import type { DrawOutcome } from './contract.ts';

/** Whom the ledger names for what schedules and the workflow do. */
export const SYSTEM: Actor = { id: personId('system'), role: 'system' };

/** A draw that is not in the table. Trying again cannot help. */
export class DrawUnknown extends Error {
  override readonly name = 'DrawUnknown';
}

export async function loadDraw(draws: Pick<DrawStore, 'load'>, ref: DrawRef): Promise<StoredDraw> {
  const stored = await draws.load(ref);
  if (stored === undefined) throw new DrawUnknown(`${ref.authority}:${ref.number}`);
  return stored;
}

export const outcomeOf = (draw: Draw, at: Instant): DrawOutcome => ({ step: stepOf(draw, at), at });

/**
 * What a wait is to be told, if anything. Whoever knows both the draw and the token asks this, so that open-draw-stage, the relay and the
 * sweep tell the same; the draw has to be read after the token, for the token of a later wait fits no earlier draw.
 */
export const tellingOf = (draw: Draw, wait: { readonly step: string }, at: Instant): DrawOutcome | undefined => {
  const outcome = outcomeOf(draw, at);
  return outcome.step === wait.step ? undefined : outcome;
};

const TRIES = 5;

/**
 * Records what the system finds in a draw as it stands. It has no command id: what it did shows in the draw, and one in which there is
 * nothing to do gives no facts. Answers the draw as it is then.
 */
export async function recordOnDraw(
  { county, draws }: { readonly county: CountyCode; readonly draws: Pick<DrawStore, 'load' | 'save'> },
  ref: DrawRef,
  factsOf: (draw: Draw) => readonly DrawFact[],
  at: Instant,
): Promise<Draw> {
  for (let attempt = 1; ; attempt++) {
    const { draw, version } = await loadDraw(draws, ref);
    const facts = factsOf(draw);
    if (facts.length === 0) return draw;
    const occasion = { at, actor: SYSTEM };
    const after = facts.reduce((state, fact) => evolveDraw(state, { ...fact, ...occasion }), draw);
    try {
      await draws.save({ draw: after, facts, ifVersion: version, occasion: { ...occasion, county } });
      return after;
    } catch (error) {
      if (!(error instanceof StaleVersion) || attempt >= TRIES) throw error;
    }
  }
}

/** What was lost of a void draw: it is shown without that. Before it is shown a draw may lose more. */
export const recordLostFiles = (
  deps: Parameters<typeof recordOnDraw>[0],
  run: DrawRef & { readonly at: Instant },
  lost: readonly string[],
): Promise<Draw> =>
  recordOnDraw(
    deps,
    run,
    ({ void: end, revealedAt, lost: before = [] }) =>
      end !== undefined && revealedAt === undefined && lost.some((file) => !before.includes(file))
        ? [{ type: 'FilesLost', data: { files: [...new Set([...before, ...lost])].sort() } }]
        : [],
    run.at,
  );
