import { StaleVersion } from '../../shared/data/commit.ts';
import type { HazardStore } from '../../shared/data/hazard-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Hazard, HazardCommand } from '../../shared/domain/hazard.ts';
import type { HazardRules } from '../../shared/domain/hazard-deadlines.ts';
import { decideHazard } from '../../shared/domain/hazard-decide.ts';
import { evolveHazard } from '../../shared/domain/hazard-evolve.ts';
import { type CountyCode, type HazardId, personId } from '../../shared/domain/ids.ts';
import type { Actor } from '../../shared/domain/ledger-event.ts';
import { CaseUnknown } from './standing.ts';

/** Whom the ledger names for what schedules and the workflow do. */
export const SYSTEM: Actor = { id: personId('system'), role: 'system' };

export interface SystemCommandDependencies {
  readonly county: CountyCode;
  readonly hazards: Pick<HazardStore, 'load' | 'save'>;
  /** The policy in force at an instant. */
  readonly rulesAt: (at: Instant) => HazardRules;
}

const TRIES = 5;

/**
 * Carries out a command of the system's own on the case as it stands. It has no command id: what it did shows in the case, and a case in
 * which there is nothing to do denies it. Answers the case as it is then.
 */
export const systemCommand =
  ({ county, hazards, rulesAt }: SystemCommandDependencies) =>
  async (
    id: HazardId,
    command: Extract<HazardCommand, { type: 'MarkOverdue' | 'Escalate' }>,
    at: Instant,
  ): Promise<{ readonly hazard: Hazard; readonly done: boolean }> => {
    const occasion = { at, actor: SYSTEM };
    for (let attempt = 1; ; attempt++) {
      const stored = await hazards.load(county, id);
      if (stored === undefined) throw new CaseUnknown(id);
      const decision = decideHazard(stored.hazard, command, rulesAt(at), occasion);
      if (decision.kind === 'denied') return { hazard: stored.hazard, done: false };
      const facts = decision.events;
      const hazard = facts.reduce<Hazard>((state, fact) => evolveHazard(state, { ...fact, ...occasion }), stored.hazard);
      try {
        await hazards.save({ hazard, facts, ifVersion: stored.version, occasion: { ...occasion, county } });
        return { hazard, done: true };
      } catch (error) {
        if (!(error instanceof StaleVersion) || attempt >= TRIES) throw error;
      }
    }
  };
