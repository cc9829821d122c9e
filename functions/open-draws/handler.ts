/** At the hour and on the day of the policy's calendar, kind by kind, and daily for whatever an outage or a refusal left. */
import * as z from 'zod';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoItemListStore } from '../../shared/data/item-list-store.ts';
import { DRAW_KINDS } from '../../shared/domain/draw-kind.ts';
import { department, GOVERNMENT } from '../../shared/domain/ids.ts';
import { policiesOf, policyFor } from '../../shared/policy/load.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { instantText } from '../../shared/runtime/schemas.ts';
import { drawExecutions } from '../../workflows/inspection-draw/executions.ts';
import { environment } from './environment.ts';
import { openDraws } from './open-draws.ts';

const { COUNTY, DRAW_STATE_MACHINE_ARN } = environment.parse(process.env);

export const handler = eventHandler({
  service: 'open-draws',
  input: z.strictObject({ at: instantText, kind: z.enum(DRAW_KINDS).optional() }),
  run: async ({ at, kind }, logger) => {
    const policy = policyFor(COUNTY, at);
    const open = openDraws({
      county: COUNTY,
      authorities: [...Object.keys(policy.departments.values).map(department), GOVERNMENT],
      since: policiesOf(COUNTY).since,
      rules: policy,
      draws: dynamoDrawStore(COUNTY),
      lists: dynamoItemListStore(COUNTY),
      executions: drawExecutions(DRAW_STATE_MACHINE_ARN),
    });
    const opened = await open(at, kind);
    logger.info('opened', { at, ...(kind && { kind }), ...opened });
    return opened;
  },
});
