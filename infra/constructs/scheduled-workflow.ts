import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, type ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { DeadLetters } from './dead-letters.ts';
import { raiseScheduleAlarm } from './function-alarms.ts';
import type { Workflow } from './workflow.ts';

export interface ScheduledWorkflowProps {
  readonly starts: Workflow;
  /** `cron(…)`, once a day, in the zone. */
  readonly expression: string;
  readonly zone: string;
  /** Of its own: how often it starts something is counted by the group, since others start the workflow too. */
  readonly group: ScheduleGroup;
  /** What an execution is given beside `at`. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly alarms: Alarms;
  /** False where time is simulated: there the simulation starts it. */
  readonly isRunning: boolean;
  readonly isTlsOnly: boolean;
}

const LATEST = Duration.hours(6); // an execution that is later than this finds that the next one does its work
const HOURS_OF_SILENCE = 26;

/** Starts a workflow once a day. The execution is told for which instant it was meant. */
export class ScheduledWorkflow extends Construct {
  /** Starts that could not be made. */
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, props: ScheduledWorkflowProps) {
    super(scope, id);
    const { starts, expression, zone, group, input, alarms, isRunning, isTlsOnly } = props;
    this.deadLetters = new DeadLetters(this, `${id}DeadLetters`, { alarms, of: `A start of ${starts.node.id}`, isTlsOnly });
    const machine = starts.stateMachine.stateMachineArn;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      inlinePolicies: {
        Starting: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine] }),
            new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] }),
          ],
        }),
      },
    });
    const schedule = new CfnSchedule(this, 'Daily', {
      description: `Starts ${starts.node.id}.`,
      groupName: group.scheduleGroupName,
      scheduleExpression: expression,
      scheduleExpressionTimezone: zone,
      flexibleTimeWindow: { mode: 'OFF' },
      state: isRunning ? 'ENABLED' : 'DISABLED',
      target: {
        arn: machine,
        roleArn: role.roleArn,
        input: JSON.stringify({ at: '<aws.scheduler.scheduled-time>', ...input }),
        deadLetterConfig: { arn: this.deadLetters.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: LATEST.toSeconds(), maximumRetryAttempts: 10 },
      },
    });
    schedule.node.addDependency(role);
    raiseScheduleAlarm(alarms, group, `${id}Dropped`);
    alarms.raise(`${id}Missed`, {
      metric: group.metricAttempts({ period: Duration.hours(1), statistic: 'Sum' }),
      says: `${starts.node.id} has not been started by the clock for ${HOURS_OF_SILENCE} hours.`,
      answeredBy: 'A schedule was missed',
      atMost: 0,
      periods: HOURS_OF_SILENCE,
      isSilenceBad: true,
    });
  }
}
