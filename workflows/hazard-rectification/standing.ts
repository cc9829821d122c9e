import type { HazardStore } from '../../shared/data/hazard-store.ts';
import { type Hazard, isOpen } from '../../shared/domain/hazard.ts';
import { awaitsEscalation } from '../../shared/domain/hazard-deadlines.ts';
import type { CountyCode, HazardId } from '../../shared/domain/ids.ts';
import { type Outcome, type Run, SUPERSEDED } from './contract.ts';

/** A case as its driver sees it. */
export interface Standing {
  readonly hazard: HazardId;
  /** Grows each time the case is opened again after its end. */
  readonly generation: number;
  readonly open: boolean;
  readonly outcome: Outcome;
}

export const standingOf = (hazard: Hazard): Standing => ({
  hazard: hazard.id,
  generation: hazard.generation,
  open: isOpen(hazard),
  outcome: { stage: hazard.stage, overdue: isOpen(hazard) && awaitsEscalation(hazard) },
});

/** A case that is not in the table. Trying again cannot help. */
export class CaseUnknown extends Error {
  override readonly name = 'CaseUnknown';
}

/** Reads a case strongly; `undefined` where there is none. */
export type ReadStanding = (hazard: HazardId) => Promise<Standing | undefined>;

/** The wait of a run: what it waits for the case to leave. */
export type Wait = Pick<Run, 'generation'> & Pick<Outcome, 'stage'>;

/**
 * What a wait is to be told, if anything. Whoever knows both the case and the token asks this, so that open-stage, the relay and the
 * reconciler tell the same; the case has to be read after the token, for the token of a later wait fits no earlier case.
 */
export function tellingOf({ generation, outcome }: Standing, wait: Wait): Outcome | undefined {
  if (generation !== wait.generation) return SUPERSEDED;
  return outcome.stage !== wait.stage || outcome.overdue ? outcome : undefined;
}

export const readStanding =
  (hazards: Pick<HazardStore, 'load'>, county: CountyCode): ReadStanding =>
  async (hazard) => {
    const stored = await hazards.load(county, hazard);
    return stored && standingOf(stored.hazard);
  };
