import { Duration, Validations } from 'aws-cdk-lib';
import { type EventBus, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { SOURCE } from '../../shared/runtime/event-bus.ts';
import type { Alarms, Paragraph } from './alarms.ts';
import { acknowledgePlainHttp } from './plain-http.ts';

export interface AttentionProps {
  readonly bus: EventBus;
  /** The facts that a person has to answer, by the names that the ledger has for them. */
  readonly to: readonly string[];
  /** Of these facts, those whose data is so; absent: all of them. */
  readonly whose?: Readonly<Record<string, readonly string[]>>;
  readonly says: string;
  readonly answeredBy: Paragraph;
  readonly alarms: Alarms;
  readonly isTlsOnly: boolean;
}

const KEPT_DAYS = 14; // the longest that the service keeps a message

/**
 * Facts that nothing but a person can answer, kept from the bus until somebody has: the alarm sounds from the first message on and
 * until the last was deleted. A metric of the rule would sound for a minute, and the service does not promise to count every event.
 */
export class Attention extends Queue {
  constructor(scope: Construct, id: string, { bus, to, whose, says, answeredBy, alarms, isTlsOnly }: AttentionProps) {
    super(scope, id, {
      enforceSSL: isTlsOnly,
      encryption: QueueEncryption.SQS_MANAGED,
      retentionPeriod: Duration.days(KEPT_DAYS),
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'Nothing reads it but a person; what lies in it waits for one.',
    });
    if (!isTlsOnly) acknowledgePlainHttp(this, 'AwsSolutions-SQS4');
    new Rule(this, 'Rule', {
      description: says,
      eventBus: bus as IEventBus, // it is one; the library is not written for exactOptionalPropertyTypes
      eventPattern: { source: [SOURCE], detailType: [...to], ...(whose && { detail: { data: whose } }) },
      targets: [new SqsQueue(this)],
    });
    alarms.raise(id, {
      metric: this.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
      says,
      answeredBy,
      atLeast: 1,
    });
  }
}
