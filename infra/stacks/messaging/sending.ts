import { Construct } from 'constructs';
import { environment as sendMessage } from '../../../functions/send-message/environment.ts';
import { SENT_WITHIN } from './queues.ts';
import { type MessagingShared, receiversOf } from './shared.ts';

/**
 * A receiver that hangs holds up its own record alone, since those of a batch are sent side by side and each is settled when it is
 * answered; and one call of so many for the fifteen seconds of its patience, after which it rests for minutes and hours.
 */
export const WORK = { batch: 10, abreast: 100 };

/** What opens connections to the outside. It knows nothing of the county but the receivers and their secrets. */
export class Sending extends Construct {
  constructor(scope: Construct, id: string, { deployment, state, functions, settings, queues }: MessagingShared) {
    super(scope, id);
    const sender = functions
      .add('send-message', {
        does: 'Sends a message to its receiver, within what the platform allows.',
        reads: sendMessage,
        settings,
        timeout: SENT_WITHIN,
      })
      .mayUsePartition(state.channels, ['GetItem', 'PutItem'], receiversOf(deployment))
      .may(['kms:Decrypt'], state.channelKey.keyArn)
      .may(['sqs:SendMessage'], queues.wakes.queue.queueArn);
    queues.shipments.workedOffBy(sender, WORK);
  }
}
