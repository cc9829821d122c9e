import { AlarmStatusWidget, Dashboard, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { FULL_WIDTH, functionGraphs, graph, waitingMessages } from './county-dashboard.ts';
import type { ServiceFunction } from './service-function.ts';

export interface MessagingDashboardProps {
  readonly alarms: Alarms;
  readonly functions: readonly ServiceFunction[];
  readonly queues: readonly IQueue[];
  readonly channels: TableV2;
  /** A metric of what becomes of the county's reminders. */
  readonly reminders: (name: string, statistic: string) => IMetric;
}

/** Whether reminders reach anybody: alarms, then what became of them and how late, then what is on its way. */
export class MessagingDashboard extends Dashboard {
  constructor(scope: Construct, id: string, { alarms, functions, queues, channels, reminders }: MessagingDashboardProps) {
    super(scope, id);
    const { calls, errors, durations } = functionGraphs(functions);
    this.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: alarms.all, width: FULL_WIDTH, height: 4 }));
    this.addWidgets(
      graph('Reminders', [reminders('Delivered', 'Sum'), reminders('Dropped', 'Sum')], [reminders('Dead', 'Sum')]),
      graph('Seconds from due', [reminders('SecondsFromDue', 'p50'), reminders('SecondsFromDue', 'p99')]),
      graph('Oldest waiting', [reminders('OldestWaitingSeconds', 'Maximum')], [reminders('Retried', 'Sum')]),
    );
    this.addWidgets(waitingMessages(queues), errors, durations);
    this.addWidgets(
      calls,
      graph('Written units', [channels.metricConsumedWriteCapacityUnits()], [channels.metricConsumedReadCapacityUnits()]),
    );
  }
}
