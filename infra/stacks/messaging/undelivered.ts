import { Match } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { Attention } from '../../constructs/attention.ts';
import type { MessagingShared } from './shared.ts';

/** What of sending nothing but a person can answer. */
export class Undelivered extends Construct {
  readonly attentions: readonly Attention[];

  constructor(scope: Construct, id: string, { deployment: { isTlsOnly }, bus, alarms }: MessagingShared) {
    super(scope, id);
    const watched = { bus, alarms, isTlsOnly };
    this.attentions = [
      new Attention(this, 'MessagesDead', {
        ...watched,
        to: ['MessageDead'],
        // What was never tried is dead because its subscription is disabled, which is told below, once.
        whose: { attempts: Match.greaterThan(0) },
        says: 'A message was told to nobody: every attempt failed, or its receiver refuses it.',
        answeredBy: 'A message was told to nobody',
      }),
      new Attention(this, 'SubscriptionsDisabled', {
        ...watched,
        to: ['SubscriptionDisabled'],
        says: 'A receiver is gone or refuses what is sent for good; its subscription was disabled.',
        answeredBy: 'A subscription was disabled',
      }),
      new Attention(this, 'ReceiversFailing', {
        ...watched,
        to: ['ReceiverFailing'],
        says: 'A receiver fails again and again.',
        answeredBy: 'A receiver keeps failing',
      }),
    ];
  }
}
