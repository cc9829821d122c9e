/** Called every few minutes with the instant it was meant for. A sweep that was missed is made up by the next. */
import * as z from 'zod';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { instantText } from '../../shared/runtime/schemas.ts';
import { systemCommand } from '../../workflows/hazard-rectification/system-command.ts';
import { environment } from './environment.ts';
import { sweepDeadlines } from './sweep-deadlines.ts';

const { COUNTY } = environment.parse(process.env);
const run = systemCommand({ county: COUNTY, hazards: dynamoHazardStore, rulesAt: (at) => policyFor(COUNTY, at).hazards });

export const handler = eventHandler({
  service: 'sweep-deadlines',
  input: z.strictObject({ at: instantText }),
  run: async ({ at }, logger) => {
    const sweep = sweepDeadlines({
      county: COUNTY,
      hazards: dynamoHazardStore,
      run,
      failed: (hazard, error) => logger.error('could not mark', { hazard, error: String(error) }),
    });
    const swept = await sweep(at);
    logger.info('swept', { at, ...swept });
    if (swept.failed > 0)
      throw new Error(`${swept.failed} of ${swept.due} cases could not be marked; the next sweep tries again`);
    return swept;
  },
});
