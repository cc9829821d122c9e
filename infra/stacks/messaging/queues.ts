import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { SEND_TIMEOUT_MS } from '../../../shared/domain/receiver.ts';
import type { Alarms } from '../../constructs/alarms.ts';
import type { DeadLetters } from '../../constructs/dead-letters.ts';
import { WorkQueue } from '../../constructs/work-queue.ts';

/**
 * An event is addressed to subscriptions page by page, each call going on where the one before broke off. Long enough for all of a county,
 * and so short that one which failed comes again in two minutes: the policy has what became due at one instant sent in five.
 */
export const ADDRESSED_WITHIN = Duration.seconds(20);
/** The minute's call brings everything on its way that is due, and needs its minute at eight o'clock. */
export const COMPOSED_WITHIN = Duration.minutes(1);
/** A wake is a call of the same function for a few receivers. It comes again before what it is about is late. */
const WOKEN_AGAIN_AFTER = Duration.minutes(2);
/** As long again as a receiver has to answer is for the receiver's item, its secret and what came of it. */
export const SENT_WITHIN = Duration.seconds((2 * SEND_TIMEOUT_MS) / 1000);

/** The policy has what became due at one instant sent in five minutes: what stands in a queue for two is on its way to be late. */
const heldUp = Duration.minutes(2);
const answeredBy = 'Reminders are late';

/** Through which reminders go from one function to the next. A message in any of them may come twice; each has a table that knows. */
export class MessagingQueues extends Construct {
  /** What the bus told: events and notices from which reminders follow. */
  readonly reminders: WorkQueue;
  /** Receivers that are to be looked at before the next minute. */
  readonly wakes: WorkQueue;
  /** Messages on their way to the sender. */
  readonly shipments: WorkQueue;

  constructor(scope: Construct, id: string, { alarms, isTlsOnly }: { readonly alarms: Alarms; readonly isTlsOnly: boolean }) {
    super(scope, id);
    const common = { alarms, isTlsOnly, heldUp, answeredBy } as const;
    this.reminders = new WorkQueue(this, 'Reminders', {
      ...common,
      of: 'What somebody is to be reminded of',
      workedWithin: ADDRESSED_WITHIN,
      tries: 5,
    });
    // The minute's call finds what a wake or a shipment that was lost was about: the table knows what is due.
    this.wakes = new WorkQueue(this, 'Wakes', {
      ...common,
      of: 'A receiver that was to be looked at',
      workedWithin: COMPOSED_WITHIN,
      againAfter: WOKEN_AGAIN_AFTER,
      tries: 3,
    });
    this.shipments = new WorkQueue(this, 'Shipments', {
      ...common,
      of: 'A message that was to be sent',
      workedWithin: SENT_WITHIN,
      tries: 3,
    });
  }

  get all() {
    return [this.reminders, this.wakes, this.shipments].map(({ queue }) => queue);
  }

  get deadLetters(): readonly DeadLetters[] {
    return [this.reminders, this.wakes, this.shipments].map(({ deadLetters }) => deadLetters);
  }
}
