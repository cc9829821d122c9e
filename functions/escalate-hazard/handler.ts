/** A state of the workflow: the case is past a deadline, and the next step of the policy's ladder has come. */
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import { hazardSubject } from '../../shared/domain/hazard.ts';
import type { HazardId } from '../../shared/domain/ids.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { escalateInput } from '../../workflows/hazard-rectification/contract.ts';
import { systemCommand } from '../../workflows/hazard-rectification/system-command.ts';
import { environment } from './environment.ts';
import { escalateHazard } from './escalate-hazard.ts';

const { COUNTY, SIMULATION } = environment.parse(process.env);
const escalate = escalateHazard({
  run: systemCommand({ county: COUNTY, hazards: dynamoHazardStore, rulesAt: (at) => policyFor(COUNTY, at).hazards }),
});

/** The workflow's clock is real. Where the county's time is simulated, a case's time is that of its last event: the sweep that found it late. */
const instantOf = async (hazard: HazardId, enteredAt: Instant): Promise<Instant> =>
  SIMULATION === 'true' ? ((await dynamoLedgerStore.lastOf(hazardSubject(hazard)))?.at ?? enteredAt) : enteredAt;

export const handler = eventHandler({
  service: 'escalate-hazard',
  input: escalateInput,
  run: async ({ hazard, at }, logger) => {
    const outcome = await escalate(hazard, await instantOf(hazard, at));
    logger.info('escalated', { hazard, ...outcome });
    return outcome;
  },
});
