/** Every hour, with the instant it was meant for. Where it ended is kept, so a call that was missed or had too little time is made up. */
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
    const { found, open, ...done } = await reconcileLedger({ ...sealing(`reconcile/${at}`, outOfTime), since })(at);
    const measures = { Unsealed: ['Count', done.sealed], LogFindings: ['Count', open.length] } as const;
    logger.info('measured', metricLine(settings.COUNTY, at, measures));
    for (const finding of found) logger.error('ledger and log differ, and nothing here can mend it', { ...finding });
    logger.info('reconciled', { at, ...done, open: open.length });
    return { ...done, open };
  },
});
