import type { Instant } from '../../shared/domain/calendar.ts';
import type { Shipment } from '../../shared/domain/message.ts';
import type { Receiver } from '../../shared/domain/receiver.ts';
import type { ComposeDependencies } from './lane.ts';

/** What is handed to the sender; `receiver` is that of the release. */
export const shipmentOf = (
  { county }: Pick<ComposeDependencies, 'county'>,
  { id, channel, underway }: Receiver,
  body: string,
  at: Instant,
): Shipment => {
  if (underway === undefined) throw new Error(`nothing was released to ${id}`);
  const { subscription, message, attempt } = underway;
  return { county, receiver: id, channel, subscription, message, attempt, body, at };
};
