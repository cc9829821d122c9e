/** What the relay's stream gave up on after all its retries: a message says when the records came, not what they were. */
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { type Instant, plusMs } from '../../shared/domain/calendar.ts';
import { instantText } from '../../shared/runtime/schemas.ts';

export interface DeadLetter {
  /** The events that were not told were recorded in this time. */
  readonly from: Instant;
  readonly until: Instant;
  /** Takes the message from the queue, once all of it was told. */
  readonly settle: () => Promise<void>;
}

const batch = z.object({
  DDBStreamBatchInfo: z.object({ approximateArrivalOfFirstRecord: instantText, approximateArrivalOfLastRecord: instantText }),
});

/** An event has the instant of its request; a worker may take up to a quarter of an hour until it commits. Clocks differ a little. */
const COMMIT_AT_MOST_MS = 16 * 60_000;
const CLOCKS_DIFFER_MS = 60_000;
/** Hidden from the next reconciler while this one works. */
const HIDDEN_SECONDS = 900;

const bodyOf = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
};

export async function* deadLetters(QueueUrl: string, sqs = new SQSClient()): AsyncGenerator<DeadLetter> {
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: HIDDEN_SECONDS, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return;
    for (const { Body, ReceiptHandle } of Messages) {
      const read = batch.safeParse(bodyOf(Body));
      if (!read.success) continue; // a person looks at what is not the stream's
      const { approximateArrivalOfFirstRecord: first, approximateArrivalOfLastRecord: last } = read.data.DDBStreamBatchInfo;
      yield {
        from: plusMs(first, -COMMIT_AT_MOST_MS),
        until: plusMs(last, CLOCKS_DIFFER_MS),
        settle: async () => {
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        },
      };
    }
  }
}
