import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { acknowledgePlainHttp } from './plain-http.ts';

export interface DeadLettersProps {
  readonly alarms: Alarms;
  /** What lies in it, as a sentence's subject. */
  readonly of: string;
  readonly isTlsOnly: boolean;
}

const KEPT_DAYS = 14; // the longest that the service keeps a message

/** Where goes what could not be done after all retries. The first message in it sounds the alarm. */
export class DeadLetters extends Queue {
  constructor(scope: Construct, id: string, { alarms, of, isTlsOnly }: DeadLettersProps) {
    super(scope, id, {
      enforceSSL: isTlsOnly,
      encryption: QueueEncryption.SQS_MANAGED,
      retentionPeriod: Duration.days(KEPT_DAYS),
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the dead-letter queue of others; what lies in it waits for a person.',
    });
    if (!isTlsOnly) acknowledgePlainHttp(this, 'AwsSolutions-SQS4');
    alarms.raise(id, {
      metric: this.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'Maximum' }),
      says: `${of} was given up after all retries and lies in ${id}.`,
      answeredBy: 'A message was given up',
      atLeast: 1,
    });
  }
}
