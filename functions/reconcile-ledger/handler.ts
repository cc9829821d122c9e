/** Every day, with the instant it was meant for. Where it ended is kept, so a call that was missed or had too little time is made up. */
import * as z from 'zod';
import { deployedSealing } from '../../shared/data/sealing/deployed.ts';
import { policiesOf } from '../../shared/policy/load.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { metricLine } from '../../shared/runtime/metric-line.ts';
import { instantText } from '../../shared/runtime/schemas.ts';
import { environment } from './environment.ts';
import { reconcileLedger } from './reconcile-ledger.ts';

const settings = environment.parse(process.env);
const sealing = deployedSealing(settings);

export const handler = eventHandler({
  service: 'reconcile-ledger',
  input: z.strictObject({ at: instantText }),
  run: async ({ at }, logger, outOfTime) => {
    const { since } = policiesOf(settings.COUNTY);
    const { lost, unsealable, ...found } = await reconcileLedger({ ...sealing(`reconcile/${at}`, outOfTime), since })(at);
    const isWrong = lost.length + unsealable.length;
    logger.info('measured', metricLine(settings.COUNTY, at, { Unsealed: ['Count', found.sealed + isWrong] }));
    logger.info('reconciled', { at, ...found, lost: lost.length, unsealable: unsealable.length });
    if (isWrong > 0) {
      const subjects = [...lost, ...unsealable.map(({ place }) => place.subject)];
      throw new Error(`ledger and log differ, and nothing here can mend it: ${subjects.join(', ')}`);
    }
    return found;
  },
});
