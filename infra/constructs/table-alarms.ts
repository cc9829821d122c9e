import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Alarms } from './alarms.ts';

/** A few that come at once are tried again by the SDK before anybody notices. */
const TURNED_AWAY = 5;
const EVENTS = { Reads: 'ReadThrottleEvents', Writes: 'WriteThrottleEvents' } as const;
/** By which nearly all is read, and all is written. The service counts its own faults by operation alone. */
const OPERATIONS = ['Query', 'TransactWriteItems'] as const;

/**
 * A table on demand turns calls away when it grows faster than the service follows, or when one partition has more than its share. What
 * an index turns away is counted by the index, and holds up the writes of its table.
 */
export function raiseTableAlarms(alarms: Alarms, table: TableV2, indexes: readonly string[]): void {
  const { id } = table.node;
  const over = { namespace: 'AWS/DynamoDB', period: Duration.minutes(5), statistic: 'Sum' } as const;
  for (const index of [undefined, ...indexes]) {
    const dimensionsMap = { TableName: table.tableName, ...(index !== undefined && { GlobalSecondaryIndexName: index }) };
    const where = index === undefined ? `the table ${id}` : `the index ${index} of ${id}`;
    for (const [what, metricName] of Object.entries(EVENTS)) {
      alarms.raise(`${id}${index === undefined ? '' : `${index.charAt(0).toUpperCase()}${index.slice(1)}`}${what}Throttled`, {
        metric: new Metric({ ...over, metricName, dimensionsMap }),
        says: `DynamoDB has turned away ${what.toLowerCase()} of ${where} ${TURNED_AWAY} times in five minutes.`,
        answeredBy: 'Calls are throttled',
        atLeast: TURNED_AWAY,
      });
    }
  }
  for (const Operation of OPERATIONS) {
    alarms.raise(`${id}${Operation}Faults`, {
      metric: new Metric({ ...over, metricName: 'SystemErrors', dimensionsMap: { TableName: table.tableName, Operation } }),
      says: `DynamoDB itself has failed at ${Operation} of the table ${id}.`,
      answeredBy: 'Calls are throttled',
      atLeast: 1,
    });
  }
}
