import type { Deployment } from '../../deployments/deployment.ts';
import { type Shared, settingsOf } from '../service/shared.ts';
import type { ServiceStack } from '../service-stack.ts';
import type { StateStack } from '../state-stack.ts';
import type { MessagingQueues } from './queues.ts';

/** What functions of messaging may read from their environment beside what every function may. */
export const messagingSettings = (
  deployment: Deployment,
  state: StateStack,
  { bus, api }: ServiceStack,
  { wakes, shipments }: MessagingQueues,
) => ({
  ...settingsOf(deployment, state, bus),
  WAKES_QUEUE_URL: wakes.queue.queueUrl,
  SHIPMENTS_QUEUE_URL: shipments.queue.queueUrl,
  APP_URL: deployment.app ?? `${api.http.apiEndpoint}/open#`,
});

/** What the parts of messaging have in common. */
export interface MessagingShared extends Omit<Shared, 'settings'> {
  readonly queues: MessagingQueues;
  readonly settings: ReturnType<typeof messagingSettings>;
}

/** The partition of the Channels table that holds the receivers and their secrets: all that the sender knows of a county. */
export const receiversOf = ({ county }: Pick<Deployment, 'county'>): string => `${county}#RECEIVERS`;
