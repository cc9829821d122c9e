import type { Instant } from '../../shared/domain/calendar.ts';
import type { HazardId } from '../../shared/domain/ids.ts';
import type { Outcome } from '../../workflows/hazard-rectification/contract.ts';
import { standingOf } from '../../workflows/hazard-rectification/standing.ts';
import type { systemCommand } from '../../workflows/hazard-rectification/system-command.ts';

/** After the telling, a step of the ladder still waits to be told: our fault, and going on would go round in circles. */
export class StillOwed extends Error {
  override readonly name = 'StillOwed';
}

/** Records that those of the ladder's next step are told; the event is what tells them. A second run finds nothing left to tell. */
export const escalateHazard =
  ({ run }: { run: ReturnType<typeof systemCommand> }) =>
  async (id: HazardId, at: Instant): Promise<Outcome> => {
    const { hazard } = await run(id, { type: 'Escalate' }, at);
    const { outcome } = standingOf(hazard);
    if (outcome.overdue) throw new StillOwed(id);
    return outcome;
  };
