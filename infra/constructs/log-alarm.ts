import { Duration } from 'aws-cdk-lib';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { NAMESPACE } from '../../shared/runtime/metric-line.ts';
import type { Alarms, Paragraph } from './alarms.ts';

export interface LogAlarmProps {
  readonly log: ILogGroup;
  /** Lines whose member is so: `$.error.name`, `LogForked`. */
  readonly where: readonly [member: string, value: string];
  /** The installation: metrics of a log have no dimension that would tell two in one account apart. */
  readonly of: string;
  readonly says: string;
  readonly answeredBy: Paragraph;
  readonly alarms: Alarms;
}

/** Sounds from the first line of a log on that says what must never be. */
export class LogAlarm extends Construct {
  constructor(scope: Construct, id: string, { log, where, of, says, answeredBy, alarms }: LogAlarmProps) {
    super(scope, id);
    const filter = new MetricFilter(this, 'Filter', {
      logGroup: log,
      filterPattern: FilterPattern.stringValue(where[0], '=', where[1]),
      metricNamespace: NAMESPACE,
      metricName: `${id}_${of.replaceAll('-', '_')}`,
    });
    alarms.raise(id, {
      metric: filter.metric({ period: Duration.minutes(5), statistic: 'Sum' }),
      says,
      answeredBy,
      atLeast: 1,
    });
  }
}
