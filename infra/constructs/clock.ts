import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, type ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import type { DeadLetters } from './dead-letters.ts';

/** What the clock sets going, and by which right. */
export interface ClockTarget {
  readonly arn: string;
  readonly action: string;
  /** What the right is called in its role. */
  readonly right: string;
  readonly says: string;
}

/** One time at which it is set going. */
export interface ClockTime {
  readonly id: string;
  /** `cron(…)` or `rate(…)`, as EventBridge Scheduler writes it. */
  readonly expression: string;
  /** Beside `at`, the instant for which it was meant. */
  readonly input?: Readonly<Record<string, unknown>> | undefined;
}

export interface ClockProps {
  readonly zone: string;
  readonly group: ScheduleGroup;
  /** False where time is simulated: there the simulation does it. */
  readonly isRunning: boolean;
  readonly deadLetters: DeadLetters;
}

/** What is later than this finds that the next one does its work. */
export const LATEST = Duration.hours(6);

/** Has the scheduler set something going at these times, by a role that may do nothing else. */
export function setByTheClock(scope: Construct, target: ClockTarget, times: readonly ClockTime[], props: ClockProps): void {
  const { zone, group, isRunning, deadLetters } = props;
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
    inlinePolicies: {
      [target.right]: new PolicyDocument({
        statements: [
          new PolicyStatement({ actions: [target.action], resources: [target.arn] }),
          new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetters.queueArn] }),
        ],
      }),
    },
  });
  for (const { id, expression, input } of times) {
    const schedule = new CfnSchedule(scope, id, {
      description: target.says,
      groupName: group.scheduleGroupName,
      scheduleExpression: expression,
      scheduleExpressionTimezone: zone,
      flexibleTimeWindow: { mode: 'OFF' },
      state: isRunning ? 'ENABLED' : 'DISABLED',
      target: {
        arn: target.arn,
        roleArn: role.roleArn,
        input: JSON.stringify({ at: '<aws.scheduler.scheduled-time>', ...input }),
        deadLetterConfig: { arn: deadLetters.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: LATEST.toSeconds(), maximumRetryAttempts: 10 },
      },
    });
    schedule.node.addDependency(role);
  }
}
