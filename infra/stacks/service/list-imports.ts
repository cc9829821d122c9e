import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { environment as importList } from '../../../functions/import-list/environment.ts';
import type { Alarms } from '../../constructs/alarms.ts';
import { DeadLetters } from '../../constructs/dead-letters.ts';
import { acknowledgePlainHttp } from '../../constructs/plain-http.ts';
import type { ServiceFunction } from '../../constructs/service-function.ts';
import type { Shared } from './shared.ts';

/**
 * The worker hands a long list on to its own next message while it has a minute left, so this is no limit of a list. Longer, and a run that was lost would
 * hold its list up for longer: its message comes back after six of these. Lambda ends a chain of sixteen such messages as a loop; the longest list takes two or three.
 */
const TIMEOUT = Duration.minutes(5);
const HIDDEN = Duration.minutes(6 * TIMEOUT.toMinutes()); // as Lambda asks of a queue that it reads
const TRIES = 3;
const LONGEST_CHAIN = 3;
/** How long after it was started a list may be at work without having been given up: its events bear the instant of its start. */
export const IMPORTED_WITHIN = Duration.minutes(HIDDEN.toMinutes() * TRIES * LONGEST_CHAIN);
/** Lists at a time: the register's partitions are shared with those who check. */
const ABREAST = 5;
/** Reading a workbook is the only work here that is bound by the processor: Lambda gives a whole one from this size on. */
const MEMORY_MB = 1769;
const HELD_UP = Duration.hours(1);

/** Lists that were sent in, on their way into the register: one message is one list that has work left. */
export class ListImports extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { deployment: { isTlsOnly }, state, functions, settings, alarms }: Shared) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'ImportDeadLetters', { alarms, of: 'The import of a list', isTlsOnly });
    this.queue = new Queue(this, 'Queue', {
      enforceSSL: isTlsOnly,
      encryption: QueueEncryption.SQS_MANAGED,
      visibilityTimeout: HIDDEN,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: TRIES },
    });
    if (!isTlsOnly) acknowledgePlainHttp(this.queue, 'AwsSolutions-SQS4');

    const worker = functions
      .add('import-list', {
        does: 'Brings a list that was sent in into the register.',
        reads: importList,
        settings: { ...settings, IMPORT_QUEUE_URL: this.queue.queueUrl },
        timeout: TIMEOUT,
        memorySize: MEMORY_MB,
      })
      .mayUse(state.register, ['GetItem', 'PutItem', 'DeleteItem', 'Query'])
      .mayRecord(state, ['GetItem'])
      .mayKeep(state.imports, ['GetObject', 'PutObject'], 'imports')
      .maySeeWhatIsMissing(state.imports)
      .may(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:SendMessage'], this.queue.queueArn);
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: worker.function,
      eventSourceArn: this.queue.queueArn,
      batchSize: 1,
      maxConcurrency: ABREAST,
    });
    mapping.node.addDependency(worker.role); // Lambda looks at the queue when the mapping is made
    this.raise(alarms, worker);
  }

  private raise(alarms: Alarms, worker: ServiceFunction): void {
    alarms.raise('ImportsFailing', {
      metric: worker.function.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' }),
      says: 'The import of a list has failed; its message comes again.',
      answeredBy: 'An import does not go on',
      atLeast: 1,
    });
    alarms.raise('ImportsHeldUp', {
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: 'Maximum' }),
      says: `A list has waited for its import for ${HELD_UP.toHours()} hour.`,
      answeredBy: 'An import does not go on',
      atLeast: HELD_UP.toSeconds(),
    });
  }
}
