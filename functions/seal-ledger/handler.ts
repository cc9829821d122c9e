/** The ledger's stream: everything that was written is sealed, at least once; that makes it once. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { deployedSealing } from '../../shared/data/sealing/deployed.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { metricLine } from '../../shared/runtime/metric-line.ts';
import { environment } from './environment.ts';
import { sealLedger } from './seal-ledger.ts';

const settings = environment.parse(process.env);
const sealing = deployedSealing(settings);

type Image = Parameters<typeof unmarshall>[0];

const stream = z.object({
  Records: z.array(
    z.object({ dynamodb: z.object({ NewImage: z.custom<Image>((image) => typeof image === 'object').optional() }) }),
  ),
});

/** What `commit` writes for an event; commands that were carried out lie in the same table and are no facts. */
const eventItem = z.object({
  _et: z.literal('EVENT'),
  event: z.custom<LedgerEvent>((event) => typeof event === 'object' && event !== null && 'subject' in event),
});

export const handler = eventHandler({
  service: 'seal-ledger',
  input: stream,
  run: async ({ Records }, logger, outOfTime) => {
    const events = Records.flatMap(({ dynamodb: { NewImage } }): LedgerEvent[] => {
      const item = eventItem.safeParse(NewImage && unmarshall(NewImage));
      return item.success ? [item.data.event] : [];
    });
    const run = sealLedger({
      ...sealing(events[0]?.id ?? '', outOfTime),
      measured: (at, values) => logger.info('measured', metricLine(settings.COUNTY, at, values)),
    });
    const { sealed, size } = await run(events);
    logger.info('sealed', { events: events.length, sealed, size });
    return { batchItemFailures: [] };
  },
});
