import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventSourceMapping, FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Alarms, Paragraph } from './alarms.ts';
import type { ServiceFunction } from './service-function.ts';

export interface LedgerStreamProps {
  readonly of: TableV2;
  /** What gets them. */
  readonly tells: ServiceFunction;
  /** At most so many in one call, gathered for so long. */
  readonly batch: number;
  readonly gathered?: Duration;
  /** Where the description of records goes that could not be told. */
  readonly givenUp: IQueue;
  readonly alarms: Alarms;
  /** What has not been done when they wait. */
  readonly says: string;
  readonly answeredBy: Paragraph;
}

/** A record that cannot be told holds up its shard: after so long the others go on, and the reconciler makes it up from the ledger. */
const LATEST = Duration.hours(1);
const TRIES = 20;
const BEHIND = Duration.minutes(5);

/** The ledger's new events, in the order of each shard, to the function that tells them; part of a batch may come again. */
export class LedgerStream extends Construct {
  /** How long ago the last record was written that came through. */
  readonly age: IMetric;

  constructor(scope: Construct, id: string, props: LedgerStreamProps) {
    super(scope, id);
    const { of, tells, batch, gathered, givenUp, alarms, says, answeredBy } = props;
    const stream = of.tableStreamArn;
    if (stream === undefined) throw new Error(`${of.node.path} has no stream`);
    // Not `grantStreamRead`, which lets the role list the streams of every table.
    tells.may(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'], stream);
    tells.may(['sqs:SendMessage'], givenUp.queueArn);
    const mapping = new EventSourceMapping(this, 'Mapping', {
      target: tells.function,
      eventSourceArn: stream,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: batch,
      ...(gathered && { maxBatchingWindow: gathered }),
      parallelizationFactor: 1, // more would let the events of one subject overtake each other
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: TRIES,
      maxRecordAge: LATEST,
      onFailure: { bind: () => ({ destination: givenUp.queueArn }) },
      // Commands that were carried out lie in the same table and are nobody's news.
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { NewImage: { _et: { S: FilterRule.isEqual('EVENT') } } },
        }),
      ],
    });
    mapping.node.addDependency(tells.role); // Lambda looks at the stream when the mapping is made
    this.age = tells.function.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' });
    alarms.raise('LedgerBehind', {
      metric: this.age,
      says: `${says} for ${BEHIND.toMinutes()} minutes.`,
      answeredBy,
      atLeast: BEHIND.toMilliseconds(),
      periods: 3,
    });
  }
}
