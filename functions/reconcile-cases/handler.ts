/** Every hour, and by hand: whatever was lost between the table, the workflow and the bus is found by comparing and set right. */
import * as z from 'zod';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoTokenStore } from '../../shared/data/token-store.ts';
import type { HazardId } from '../../shared/domain/ids.ts';
import { eventBus } from '../../shared/runtime/event-bus.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { instantText } from '../../shared/runtime/schemas.ts';
import { stepFunctions } from '../../workflows/hazard-rectification/executions.ts';
import { readStanding } from '../../workflows/hazard-rectification/standing.ts';
import { deadLetters } from './dead-letters.ts';
import { environment } from './environment.ts';
import { makeUp } from './make-up.ts';
import { reconcileCases } from './reconcile-cases.ts';
import { republish } from './republish.ts';

const { COUNTY, BUS_NAME, STATE_MACHINE_ARN, RELAY_DEAD_LETTERS_URL, RECORDED_WITHIN_MINUTES } = environment.parse(process.env);
const PAGE = 200;

async function* openCases(): AsyncGenerator<HazardId> {
  let cursor: string | undefined;
  do {
    const page = await dynamoHazardStore.openByDeadline(COUNTY, PAGE, cursor);
    for (const { hazard } of page.items) yield hazard.id;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

const bus = eventBus(BUS_NAME);
const tellAgain = republish({ county: COUNTY, ledger: dynamoLedgerStore, bus });

const input = z.strictObject({
  at: instantText,
  /** A run that has not moved for so long and waits for nothing known is stuck: longer than any function of the workflow may take. */
  graceMinutes: z.number().nonnegative().default(15),
  /** By hand: tell the bus once more what was recorded in this time. */
  republish: z.strictObject({ from: instantText, until: instantText }).optional(),
});

export const handler = eventHandler({
  service: 'reconcile-cases',
  input,
  run: async ({ at, graceMinutes, republish: wanted }, logger) => {
    const reconcile = reconcileCases({
      openCases,
      standing: readStanding(dynamoHazardStore, COUNTY),
      tokens: dynamoTokenStore(COUNTY),
      executions: stepFunctions(STATE_MACHINE_ARN),
      failed: (hazard, error) => logger.error('could not repair', { hazard, error: String(error) }),
    });
    const repaired = await reconcile({ at, graceMs: graceMinutes * 60_000 });
    const asked = wanted === undefined ? 0 : await tellAgain(wanted.from, wanted.until);
    const { told: madeUp, left } = await makeUp({
      letters: deadLetters(RELAY_DEAD_LETTERS_URL, RECORDED_WITHIN_MINUTES * 60_000),
      tellAgain,
      failed: (from, until, error) => logger.error('could not tell again', { from, until, error: String(error) }),
    });
    const republished = asked + madeUp;
    const { cases, started, told, stopped, failed } = repaired;
    logger.info('reconciled', { cases, started, told, stopped, failed, republished, left });
    if (failed.length + left > 0) {
      throw new Error(`${failed.length} of ${cases} cases could not be repaired, ${left} messages not be told again`);
    }
    return { ...repaired, republished };
  },
});
