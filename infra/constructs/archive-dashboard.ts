import { AlarmStatusWidget, Dashboard, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { FULL_WIDTH, functionGraphs, graph, waitingMessages } from './county-dashboard.ts';
import type { ServiceFunction } from './service-function.ts';

export interface ArchiveDashboardProps {
  readonly alarms: Alarms;
  readonly functions: readonly ServiceFunction[];
  readonly queues: readonly IQueue[];
  readonly exports: TableV2;
  readonly workflow: StateMachine;
  /** How far what is sealed is behind what was recorded. */
  readonly streamAge: IMetric;
  /** A metric of the county's log. */
  readonly measured: (name: string, statistic: string) => IMetric;
}

/** Whether everything is sealed and exported: alarms, then how far sealing is behind and how exports end, then what runs them. */
export class ArchiveDashboard extends Dashboard {
  constructor(
    scope: Construct,
    id: string,
    { alarms, functions, queues, exports, workflow, streamAge, measured }: ArchiveDashboardProps,
  ) {
    super(scope, id);
    const { calls, errors, durations } = functionGraphs(functions);
    this.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: alarms.all, width: FULL_WIDTH, height: 4 }));
    this.addWidgets(
      graph('Sealed after', [measured('UnsealedAgeSeconds', 'Maximum')], [streamAge]),
      graph(
        'Events in the log',
        [measured('LogSize', 'Maximum')],
        [measured('Unsealed', 'Sum'), measured('LogFindings', 'Maximum')],
      ),
      graph(
        'Exports',
        [workflow.metricStarted(), workflow.metricSucceeded()],
        [workflow.metricFailed(), workflow.metricAborted(), workflow.metricTimedOut()],
      ),
    );
    this.addWidgets(calls, errors, durations);
    this.addWidgets(
      waitingMessages(queues),
      graph('Written units', [exports.metricConsumedWriteCapacityUnits()], [exports.metricConsumedReadCapacityUnits()]),
    );
  }
}
