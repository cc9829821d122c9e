import { Duration } from 'aws-cdk-lib';
import type { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { setByTheClock } from './clock.ts';
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

const HOURS_OF_SILENCE = 26;

/** Starts a workflow once a day. The execution is told for which instant it was meant. */
export class ScheduledWorkflow extends Construct {
  /** Starts that could not be made. */
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, props: ScheduledWorkflowProps) {
    super(scope, id);
    const { starts, expression, zone, group, input, alarms, isRunning, isTlsOnly } = props;
    this.deadLetters = new DeadLetters(this, `${id}DeadLetters`, { alarms, of: `A start of ${starts.node.id}`, isTlsOnly });
    const target = {
      ...{ arn: starts.stateMachine.stateMachineArn, action: 'states:StartExecution', right: 'Starting' },
      says: `Starts ${starts.node.id}.`,
    };
    setByTheClock(this, target, [{ id: 'Daily', expression, input }], { zone, group, isRunning, deadLetters: this.deadLetters });
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
