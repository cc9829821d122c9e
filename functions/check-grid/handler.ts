/** Called every day with the instant it was meant for. A look that was missed is made up by the next. */
import * as z from 'zod';
import { dynamoGridStore } from '../../shared/data/grid-store.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { eachInstallationFrom } from '../../shared/data/installation-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { gapRulesOf } from '../../shared/policy/supervision-rules.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { instantText } from '../../shared/runtime/schemas.ts';
import { checkGrid } from './check-grid.ts';
import { environment } from './environment.ts';

const { COUNTY: county } = environment.parse(process.env);

export const handler = eventHandler({
  service: 'check-grid',
  input: z.strictObject({ at: instantText }),
  run: async ({ at }, logger) => {
    const policy = policyFor(county, at);
    const check = checkGrid({
      sources: {
        county,
        register: dynamoRegisterStore(county),
        hazards: dynamoHazardStore,
        installations: (cursor) => eachInstallationFrom(county, cursor),
        covers: policy.supervision.grid.covers,
      },
      grid: dynamoGridStore(county),
      rules: gapRulesOf(policy),
      failed: (target, error) => logger.error('could not record', { target, error: String(error) }),
    });
    const checked = await check(at);
    logger.info('checked', { at, ...checked });
    if (checked.failed > 0) throw new Error(`${checked.failed} gaps could not be recorded; the next look tries again`);
    return checked;
  },
});
