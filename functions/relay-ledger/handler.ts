/** The ledger's stream: everything that was written is told, at least once, to the bus and to the executions that wait. */
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoDrawTokenStore } from '../../shared/data/draw-token-store.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import { dynamoTokenStore } from '../../shared/data/token-store.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import type { TaskNotice } from '../../shared/domain/notice.ts';
import { eventBus } from '../../shared/runtime/event-bus.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { stepFunctions } from '../../workflows/hazard-rectification/executions.ts';
import { readStanding } from '../../workflows/hazard-rectification/standing.ts';
import { drawExecutions } from '../../workflows/inspection-draw/executions.ts';
import { driveDraw } from './drive-draw.ts';
import { environment } from './environment.ts';
import { type LedgerRecord, relayLedger } from './relay-ledger.ts';
import { tellSent } from './tell-sent.ts';

const { COUNTY, BUS_NAME, STATE_MACHINE_ARN, DRAW_STATE_MACHINE_ARN } = environment.parse(process.env);
const bus = eventBus(BUS_NAME);
const tokens = dynamoTokenStore(COUNTY);
const standing = readStanding(dynamoHazardStore, COUNTY);
const executions = stepFunctions(STATE_MACHINE_ARN);
const drive = driveDraw({
  draws: dynamoDrawStore(COUNTY),
  tokens: dynamoDrawTokenStore(COUNTY),
  executions: drawExecutions(DRAW_STATE_MACHINE_ARN),
});

const tell = tellSent({ tasks: dynamoTaskStore, bus: eventBus<TaskNotice>(BUS_NAME) });

type Image = Parameters<typeof unmarshall>[0];

const stream = z.object({
  Records: z.array(
    z.object({
      dynamodb: z.object({
        SequenceNumber: z.string(),
        NewImage: z.custom<Image>((image) => typeof image === 'object').optional(),
      }),
    }),
  ),
});

/** What `commit` writes for an event; commands that were carried out lie in the same table and are nobody's news. */
const eventItem = z.object({
  _et: z.literal('EVENT'),
  event: z.custom<LedgerEvent>((event) => typeof event === 'object' && event !== null && 'subject' in event),
});

export const handler = eventHandler({
  service: 'relay-ledger',
  input: stream,
  run: async ({ Records }, logger) => {
    const records = Records.flatMap(({ dynamodb: { SequenceNumber, NewImage } }): LedgerRecord[] => {
      const item = eventItem.safeParse(NewImage && unmarshall(NewImage));
      return item.success ? [{ place: SequenceNumber, event: item.data.event }] : [];
    });
    const relay = relayLedger({
      bus,
      tokens,
      standing,
      executions,
      driveDraw: drive,
      tellSent: tell,
      failed: (what, subject, error) => logger.warn(`could not ${what}, comes again`, { subject, error: String(error) }),
    });
    const again = await relay(records);
    return { batchItemFailures: again === undefined ? [] : [{ itemIdentifier: again }] };
  },
});
