import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { AlarmStatusWidget, Dashboard, GraphWidget, type IMetric, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { ServiceFunction } from './service-function.ts';

export interface CountyDashboardProps {
  readonly alarms: Alarms;
  readonly http: HttpApi;
  readonly functions: readonly ServiceFunction[];
  readonly tables: Readonly<Record<string, TableV2>>;
  readonly queues: readonly IQueue[];
  readonly workflows: readonly StateMachine[];
  /** How far what is told is behind what was recorded. */
  readonly streamAge: IMetric;
}

export const FULL_WIDTH = 24;
export const graph = (title: string, left: IMetric[], right: IMetric[] = []): IWidget =>
  new GraphWidget({ title, left, right, width: FULL_WIDTH / 3, height: 6 });

export const waitingMessages = (queues: readonly IQueue[]): IWidget =>
  graph(
    'Waiting messages',
    queues.map((queue) => queue.metricApproximateNumberOfMessagesVisible({ label: queue.node.id })),
  );

/** How often functions are called, fail, and how long they take, each by its name. */
export function functionGraphs(functions: readonly ServiceFunction[]): Record<'calls' | 'errors' | 'durations', IWidget> {
  const of = (metric: (fn: ServiceFunction['function'], label: string) => IMetric) =>
    functions.map(({ function: fn, node }) => metric(fn, node.id));
  return {
    calls: graph(
      'Calls',
      of((fn, label) => fn.metricInvocations({ label })),
    ),
    errors: graph(
      'Errors',
      of((fn, label) => fn.metricErrors({ label })),
    ),
    durations: graph(
      'Duration p99',
      of((fn, label) => fn.metricDuration({ label, statistic: 'p99' })),
    ),
  };
}

/** What somebody looks at first when something is said to be wrong: alarms, then the way of a request, then what runs by itself. */
export class CountyDashboard extends Dashboard {
  constructor(
    scope: Construct,
    id: string,
    { alarms, http, functions, tables, queues, workflows, streamAge }: CountyDashboardProps,
  ) {
    super(scope, id);
    const { calls, errors, durations } = functionGraphs(functions);
    const units = Object.entries(tables);
    this.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: alarms.all, width: FULL_WIDTH, height: 4 }));
    this.addWidgets(
      graph('Requests', [http.metricCount()], [http.metricClientError(), http.metricServerError()]),
      graph('Latency', [http.metricLatency({ statistic: 'p50' }), http.metricLatency({ statistic: 'p99' })]),
      graph(
        'Written units',
        units.map(([label, table]) => table.metricConsumedWriteCapacityUnits({ label })),
        units.map(([label, table]) => table.metricConsumedReadCapacityUnits({ label: `${label} read` })),
      ),
    );
    this.addWidgets(calls, errors, durations);
    this.addWidgets(
      waitingMessages(queues),
      graph('Ledger stream', [streamAge]),
      ...workflows.flatMap((workflow) => [
        graph(
          'Executions',
          [workflow.metricStarted(), workflow.metricSucceeded()],
          [workflow.metricFailed(), workflow.metricAborted(), workflow.metricTimedOut()],
        ),
      ]),
    );
  }
}
