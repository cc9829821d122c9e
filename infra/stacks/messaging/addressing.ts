import { Duration } from 'aws-cdk-lib';
import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { environment as addressReminders, WANTED } from '../../../functions/address-reminders/environment.ts';
import { environment as announceDeadlines } from '../../../functions/announce-deadlines/environment.ts';
import { SOURCE } from '../../../shared/runtime/event-bus.ts';
import type { DeadLetters } from '../../constructs/dead-letters.ts';
import { ScheduledFunction, type Times } from '../../constructs/scheduled-function.ts';
import { ZONE } from '../service/shared.ts';
import { ADDRESSED_WITHIN } from './queues.ts';
import type { MessagingShared } from './shared.ts';

/** A lead that began is told within so many minutes. */
export const ANNOUNCEMENT_TIMES: Times = [{ id: 'EveryFewMinutes', expression: 'rate(5 minutes)' }];

/** An event may be told to every subscription of a county, one item each. */
export const WORK = { batch: 10, abreast: 10 };

/** Who is to be told of what: from the bus to deliveries that wait. */
export class Addressing extends Construct {
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, shared: MessagingShared) {
    super(scope, id);
    const { deployment, state, bus, functions, settings, queues, schedules, alarms } = shared;
    const { channels, register, hazards, inspections, ledger } = state;
    const addressing = functions
      .add('address-reminders', {
        does: 'Finds whom an event is to be told, and has a delivery wait for each.',
        reads: addressReminders,
        settings,
        timeout: ADDRESSED_WITHIN,
      })
      .mayUse(channels, ['GetItem', 'PutItem'], ['byScope'])
      .mayUse(ledger, ['GetItem'])
      .mayUse(register, ['GetItem', 'Query'])
      .mayUse(hazards, ['GetItem'])
      .mayUse(inspections, ['GetItem'])
      .may(['sqs:SendMessage'], queues.wakes.queue.queueArn);
    queues.reminders.workedOffBy(addressing, WORK);
    new Rule(this, 'Rule', {
      description: 'What somebody is to be reminded of',
      eventBus: bus as IEventBus, // it is one; the library is not written for exactOptionalPropertyTypes
      eventPattern: { source: [SOURCE], detailType: [...WANTED] },
      targets: [new SqsQueue(queues.reminders.queue, { deadLetterQueue: queues.reminders.deadLetters })],
    });

    const announcing = functions
      .add('announce-deadlines', {
        does: 'Tells the bus of periods, lists, deadlines and tasks that are about to end.',
        reads: announceDeadlines,
        settings,
        timeout: Duration.minutes(4),
      })
      .mayUse(register, ['GetItem', 'Query'])
      .mayUse(hazards, [], ['openByDeadline'])
      .mayUse(inspections, ['Query'], ['openByDue'])
      .mayUse(channels, ['GetItem', 'PutItem'])
      .may(['events:PutEvents'], bus.eventBusArn);
    ({ deadLetters: this.deadLetters } = new ScheduledFunction(this, 'Announcement', {
      zone: ZONE,
      group: schedules,
      alarms,
      isRunning: !deployment.simulation,
      isTlsOnly: deployment.isTlsOnly,
      calls: announcing,
      times: ANNOUNCEMENT_TIMES,
      quietAtMost: Duration.minutes(30),
    }));
  }
}
