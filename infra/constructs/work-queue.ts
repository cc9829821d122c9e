import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Alarms, Paragraph } from './alarms.ts';
import { DeadLetters } from './dead-letters.ts';
import { acknowledgePlainHttp } from './plain-http.ts';
import type { ServiceFunction } from './service-function.ts';

export interface WorkQueueProps {
  /** What lies in it, as a sentence's subject. */
  readonly of: string;
  /** The longest that a call of its function takes. */
  readonly workedWithin: Duration;
  /** After so long a message that failed comes again, where six times as long as a call takes, as Lambda asks of a queue, is too long. */
  readonly againAfter?: Duration;
  /** After so many calls that failed at it a message is given up. */
  readonly tries: number;
  /** The longest that the oldest message may wait before somebody is told. */
  readonly heldUp: Duration;
  readonly answeredBy: Paragraph;
  readonly alarms: Alarms;
  readonly isTlsOnly: boolean;
}

export interface Work {
  /** At most so many messages in one call. */
  readonly batch: number;
  /** At most so many calls side by side. */
  readonly abreast: number;
}

/** Messages that a function works off, several at once; each that failed comes again by itself, and after some tries lies in the dead letters. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetters;

  constructor(
    scope: Construct,
    id: string,
    { of, workedWithin, againAfter, tries, heldUp, answeredBy, alarms, isTlsOnly }: WorkQueueProps,
  ) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, `${id}DeadLetters`, { alarms, of, isTlsOnly });
    this.queue = new Queue(this, id, {
      enforceSSL: isTlsOnly,
      encryption: QueueEncryption.SQS_MANAGED,
      visibilityTimeout: againAfter ?? Duration.seconds(6 * workedWithin.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: tries },
    });
    if (!isTlsOnly) acknowledgePlainHttp(this.queue, 'AwsSolutions-SQS4');
    alarms.raise(`${id}HeldUp`, {
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1), statistic: 'Maximum' }),
      says: `${of} has waited in the queue ${id} for ${heldUp.toMinutes()} minutes.`,
      answeredBy,
      atLeast: heldUp.toSeconds(),
    });
  }

  /** Has the function work it off. */
  workedOffBy(fn: ServiceFunction, { batch, abreast }: Work): this {
    fn.may(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], this.queue.queueArn);
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: fn.function,
      eventSourceArn: this.queue.queueArn,
      batchSize: batch,
      maxConcurrency: abreast,
      reportBatchItemFailures: true,
    });
    mapping.node.addDependency(fn.role); // Lambda looks at the queue when the mapping is made
    return this;
  }
}
