import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DeadLetters } from '../../constructs/dead-letters.ts';
import { acknowledgePlainHttp } from '../../constructs/plain-http.ts';
import type { Shared } from './shared.ts';

/** The worker hands a long list on to its next message, so a run that was lost delays a list by six of these and not by an hour. */
export const IMPORT_TIMEOUT = Duration.minutes(5);
const TRIES = 3;

/** Lists that were sent in, on their way into the register: one message is one list that has work left. */
export class ListImports extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { deployment: { isTlsOnly }, alarms }: Shared) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'ImportDeadLetters', { alarms, of: 'The import of a list', isTlsOnly });
    this.queue = new Queue(this, 'Queue', {
      enforceSSL: isTlsOnly,
      encryption: QueueEncryption.SQS_MANAGED,
      visibilityTimeout: Duration.seconds(6 * IMPORT_TIMEOUT.toSeconds()), // as Lambda's documentation asks of a queue that it reads
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: TRIES },
    });
    if (!isTlsOnly) acknowledgePlainHttp(this.queue, 'AwsSolutions-SQS4');
  }
}
