import { Duration } from 'aws-cdk-lib';
import type { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Alarms } from './alarms.ts';
import type { ServiceFunction } from './service-function.ts';

const sum = { period: Duration.minutes(5), statistic: 'Sum' } as const;

/** What may be the matter with any function. */
export function raiseFunctionAlarms(alarms: Alarms, functions: readonly ServiceFunction[]): void {
  for (const { node, function: fn } of functions) {
    alarms.raise(`${node.id}Errors`, {
      metric: fn.metricErrors(sum),
      says: `${node.id} has ended in an error three times in five minutes.`,
      answeredBy: 'A function fails',
      atLeast: 3,
    });
    alarms.raise(`${node.id}Throttles`, {
      metric: fn.metricThrottles(sum),
      says: `Lambda has refused calls of ${node.id}, because too many run at once.`,
      answeredBy: 'Calls are throttled',
      atLeast: 1,
    });
  }
}

/** A call that the scheduler could not make in all its tries. */
export function raiseScheduleAlarm(alarms: Alarms, schedules: ScheduleGroup, id = 'SchedulesDropped'): void {
  alarms.raise(id, {
    metric: schedules.metricDropped(sum),
    says: 'The scheduler has given up on a call.',
    answeredBy: 'A schedule could not be delivered',
    atLeast: 1,
  });
}
