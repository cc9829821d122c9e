import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { environment as closePeriod } from '../../../functions/close-period/environment.ts';
import { environment as openPeriod } from '../../../functions/open-period/environment.ts';
import { countyCode } from '../../../shared/domain/ids.ts';
import { cadencesOf } from '../../../shared/policy/cadences.ts';
import { policyFor } from '../../../shared/policy/load.ts';
import type { DeadLetters } from '../../constructs/dead-letters.ts';
import { ScheduledFunction } from '../../constructs/scheduled-function.ts';
import { closingTimes, openingTimes } from './period-times.ts';
import { NEWEST, type Shared, ZONE } from './shared.ts';

/** Everything that a period's beginning and end bring about by themselves. Nothing becomes due by it, so nothing is lost without it. */
export class Periods extends Construct {
  readonly deadLetters: readonly DeadLetters[];

  constructor(scope: Construct, id: string, { deployment, state, bus, functions, settings, schedules, alarms }: Shared) {
    super(scope, id);
    const { register, channels } = state;
    const county = countyCode(deployment.county);
    const cadences = Object.values(cadencesOf(county, NEWEST));
    const byTheClock = {
      zone: ZONE,
      group: schedules,
      alarms,
      isRunning: !deployment.simulation,
      isTlsOnly: deployment.isTlsOnly,
      quietAtMost: Duration.hours(26),
    };

    const opening = functions
      .add('open-period', {
        does: 'Tells whom a period that begins asks for checks.',
        reads: openPeriod,
        settings,
        timeout: Duration.minutes(10),
      })
      .mayUse(register, ['Query'])
      .mayUse(channels, ['PutItem'])
      .may(['events:PutEvents'], bus.eventBusArn);
    const closing = functions
      .add('close-period', {
        does: 'Seals what was missed in the periods that have ended.',
        reads: closePeriod,
        settings,
        timeout: Duration.minutes(15),
      })
      .mayUse(register, ['GetItem', 'PutItem', 'Query'])
      .mayRecord(state);

    const openings = new ScheduledFunction(this, 'Opening', {
      ...byTheClock,
      calls: opening,
      times: openingTimes(cadences, policyFor(county, NEWEST).reminders.checks.at),
    });
    const closings = new ScheduledFunction(this, 'Closing', { ...byTheClock, calls: closing, times: closingTimes(cadences) });
    this.deadLetters = [openings.deadLetters, closings.deadLetters];
  }
}
