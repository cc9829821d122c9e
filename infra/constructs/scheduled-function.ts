import { Duration } from 'aws-cdk-lib';
import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import type { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { LATEST, setByTheClock } from './clock.ts';
import { DeadLetters } from './dead-letters.ts';
import type { ServiceFunction } from './service-function.ts';

/** One time at which a function is called, in the county's zone. */
export interface Time {
  /** Within the function's times: `Daily`. */
  readonly id: string;
  /** `cron(…)` or `rate(…)`, as EventBridge Scheduler writes it. */
  readonly expression: string;
  /** Beside `at`, the instant for which the call was meant. */
  readonly payload?: Readonly<Record<string, string>>;
}

export type Times = readonly [Time, ...Time[]];

export interface ScheduledFunctionProps {
  readonly calls: ServiceFunction;
  readonly times: Times;
  readonly zone: string;
  readonly group: ScheduleGroup;
  readonly alarms: Alarms;
  /** The longest that it may be without a call before somebody is told. */
  readonly quietAtMost: Duration;
  /** False where time is simulated: there the simulation calls. */
  readonly isRunning: boolean;
  readonly isTlsOnly: boolean;
}

const TRIES = 2;

/** How long after its instant a call may begin: the scheduler tries for so long to make it, and Lambda then as long again to carry it out. */
export const CALLED_WITHIN = Duration.hours(2 * LATEST.toHours());

/** Calls a function by the clock. The call says for which instant it was meant, so a late one does what it ought to have done. */
export class ScheduledFunction extends Construct {
  /** Calls that could not be made, and calls that failed. */
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, props: ScheduledFunctionProps) {
    super(scope, id);
    const { calls, times, zone, group, alarms, quietAtMost, isRunning, isTlsOnly } = props;
    const deadLetters = new DeadLetters(this, `${id}DeadLetters`, { alarms, of: `A call of ${calls.node.id}`, isTlsOnly });
    this.deadLetters = deadLetters;
    const target = {
      ...{ arn: calls.function.functionArn, action: 'lambda:InvokeFunction', right: 'Calling' },
      says: `Calls ${calls.node.id}.`,
    };
    const clockTimes = times.map(({ payload: input, ...time }) => ({ ...time, input }));
    setByTheClock(this, target, clockTimes, { zone, group, isRunning, deadLetters });
    // The scheduler has done its part once Lambda has taken the call; what the function then fails at is Lambda's to give up.
    calls.may(['sqs:SendMessage'], deadLetters.queueArn);
    new EventInvokeConfig(this, 'GivingUp', {
      function: calls.function,
      onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
      retryAttempts: TRIES,
      maxEventAge: LATEST,
    });
    const isSoon = quietAtMost.toMinutes() < Duration.hours(1).toMinutes();
    const period = isSoon ? Duration.minutes(5) : Duration.hours(1);
    const long = isSoon ? `${quietAtMost.toMinutes()} minutes` : `${quietAtMost.toHours()} hours`;
    alarms.raise(`${id}Missed`, {
      metric: calls.function.metricInvocations({ period, statistic: 'Sum' }),
      says: `${calls.node.id} has not been called for ${long}.`,
      answeredBy: 'A schedule was missed',
      atMost: 0,
      periods: quietAtMost.toMinutes() / period.toMinutes(),
      isSilenceBad: true,
    });
  }
}
