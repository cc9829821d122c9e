/** The ledger's stream: everything that was written is sealed, at least once; that makes it once. */
import * as z from 'zod';
import { EventEntity } from '../../shared/data/commit.ts';
import { sequenceOf } from '../../shared/data/ledger-store.ts';
import { deployedSealing } from '../../shared/data/sealing/deployed.ts';
import { idOf } from '../../shared/data/sealing/sealing.ts';
import { type Instant, instantAt } from '../../shared/domain/calendar.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { metricLine } from '../../shared/runtime/metric-line.ts';
import { environment } from './environment.ts';
import { type Streamed, sealLedger } from './seal-ledger.ts';

const settings = environment.parse(process.env);
const sealing = deployedSealing(settings);

const text = z.object({ S: z.string() }).transform(({ S }) => S);
/** Of what `commit` writes for an event only the keys: what else lies there may be anything. Commands that were carried out lie in the same table. */
const image = z.object({ _et: text, pk: text, sk: text, at: text.optional().catch(undefined) });

const stream = z.object({
  Records: z.array(z.object({ dynamodb: z.object({ NewImage: z.unknown() }) })),
});

const instantOf = (at: string): Instant | undefined => {
  const ms = Date.parse(at.slice(0, at.indexOf('#')));
  return Number.isNaN(ms) ? undefined : instantAt(ms);
};

export const handler = eventHandler({
  service: 'seal-ledger',
  input: stream,
  run: async ({ Records }, logger, outOfTime) => {
    const events = Records.flatMap(({ dynamodb: { NewImage } }): Streamed[] => {
      const item = image.safeParse(NewImage);
      if (item.data?._et !== EventEntity.entityName) return [];
      const { pk, sk, at } = item.data;
      return [{ subject: pk, sequence: sequenceOf(sk), at: at === undefined ? undefined : instantOf(at) }];
    });
    const run = sealLedger({
      ...sealing(events.map(idOf)[0] ?? '', outOfTime),
      measured: (at, values) => logger.info('measured', metricLine(settings.COUNTY, at, values)),
    });
    const { sealed, size, found } = await run(events);
    for (const finding of found) logger.error('an event cannot be sealed', { ...finding });
    logger.info('sealed', { events: events.length, sealed, size });
    return { batchItemFailures: [] };
  },
});
