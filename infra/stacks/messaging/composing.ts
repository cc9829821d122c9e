import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { environment as composeMessages } from '../../../functions/compose-messages/environment.ts';
import { countyCode } from '../../../shared/domain/ids.ts';
import { policyFor } from '../../../shared/policy/load.ts';
import { NAMESPACE } from '../../../shared/runtime/metric-line.ts';
import type { DeadLetters } from '../../constructs/dead-letters.ts';
import { ScheduledFunction, type Times } from '../../constructs/scheduled-function.ts';
import type { Deployment } from '../../deployments/deployment.ts';
import { NEWEST, ZONE } from '../service/shared.ts';
import { COMPOSED_WITHIN } from './queues.ts';
import type { MessagingShared } from './shared.ts';

export const COMPOSE_TIMES: Times = [{ id: 'EveryMinute', expression: 'rate(1 minute)' }];

/** Wakes of several receivers in one call; few calls, since each minute's looks at everything anyway. */
export const WORK = { batch: 10, abreast: 10 };

/** What is measured of the county's reminders. */
export const reminderMetric =
  ({ county }: Pick<Deployment, 'county'>) =>
  (metricName: string, statistic: string): Metric =>
    new Metric({
      namespace: NAMESPACE,
      metricName,
      statistic,
      dimensionsMap: { County: county },
      period: Duration.minutes(1),
    });

/** Makes messages of what waits, and settles what came of them. */
export class Composing extends Construct {
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, shared: MessagingShared) {
    super(scope, id);
    const { deployment, state, functions, settings, queues, schedules, alarms } = shared;
    const { channels, register, hazards, inspections } = state;
    const composing = functions
      .add('compose-messages', {
        does: 'Makes messages of what is due, and settles what came of them.',
        reads: composeMessages,
        settings,
        timeout: COMPOSED_WITHIN,
      })
      .mayUse(channels, ['GetItem', 'BatchGetItem', 'PutItem', 'Query'], ['openByDue', 'waiting'])
      .mayUse(register, ['GetItem'])
      .mayUse(hazards, ['GetItem'])
      .mayUse(inspections, ['GetItem'])
      .mayRecord(state)
      .may(['sqs:SendMessage'], queues.shipments.queue.queueArn)
      .may(['sqs:SendMessage'], queues.wakes.queue.queueArn);
    queues.wakes.workedOffBy(composing, WORK);
    ({ deadLetters: this.deadLetters } = new ScheduledFunction(this, 'Composition', {
      zone: ZONE,
      group: schedules,
      alarms,
      isRunning: !deployment.simulation,
      isTlsOnly: deployment.isTlsOnly,
      calls: composing,
      times: COMPOSE_TIMES,
      quietAtMost: Duration.minutes(15),
    }));
    // Wakes call it too, and look at few receivers: that the minute's calls are missing shows in the scheduler alone, whose other calls are few.
    alarms.raise('CompositionNotScheduled', {
      metric: schedules.metricAttempts({ period: Duration.minutes(5), statistic: 'Sum' }),
      says: 'The scheduler has not called ComposeMessages each minute for 15 minutes.',
      answeredBy: 'A schedule was missed',
      atMost: 2,
      periods: 3,
      isSilenceBad: true,
    });
    const { within } = policyFor(countyCode(deployment.county), NEWEST).reminders.sending;
    alarms.raise('RemindersLate', {
      metric: reminderMetric(deployment)('OldestWaitingSeconds', 'Maximum'),
      says: `A reminder that is due has waited for longer than the policy's ${within.minutes} minutes.`,
      answeredBy: 'Reminders are late',
      atLeast: within.minutes * 60,
      periods: 2,
    });
  }
}
