/** What the relay's stream gave up on after all its retries: a message says when the records came, not what they were. */
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { type Instant, plusMs } from '../../shared/domain/calendar.ts';
import { instantText } from '../../shared/runtime/schemas.ts';

export interface DeadLetter {
  /** The events that were not told say that they are of this time. */
  readonly from: Instant;
  readonly until: Instant;
  /** Takes the message from the queue, once all of it was told. */
  readonly settle: () => Promise<void>;
}

const batch = z.object({
  DDBStreamBatchInfo: z.object({ approximateArrivalOfFirstRecord: instantText, approximateArrivalOfLastRecord: instantText }),
});

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

/**
 * The times that the events of a message may bear. That is the instant of what was asked, and an event may be recorded as much as
 * `recordedWithinMs` after it: by a list that waited for its import, by a call that a schedule could not make for hours. `undefined`: the
 * message is not the stream's.
 */
export function timesOf(body: string | undefined, recordedWithinMs: number): Pick<DeadLetter, 'from' | 'until'> | undefined {
  const read = batch.safeParse(bodyOf(body));
  if (!read.success) return undefined;
  const { approximateArrivalOfFirstRecord: first, approximateArrivalOfLastRecord: last } = read.data.DDBStreamBatchInfo;
  return { from: plusMs(first, -recordedWithinMs - CLOCKS_DIFFER_MS), until: plusMs(last, CLOCKS_DIFFER_MS) };
}

export async function* deadLetters(
  QueueUrl: string,
  recordedWithinMs: number,
  sqs = new SQSClient(),
): AsyncGenerator<DeadLetter> {
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: HIDDEN_SECONDS, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return;
    for (const { Body, ReceiptHandle } of Messages) {
      const times = timesOf(Body, recordedWithinMs);
      if (times === undefined) continue; // a person looks at it
      yield {
        ...times,
        settle: async () => {
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        },
      };
    }
  }
}
