/** Which receiver a subscription has: the same robot or endpoint is one receiver, with one budget, for all who send there. */
import { createHash } from 'node:crypto';
import { type ReceiverId, receiverId } from '../domain/ids.ts';
import type { Subscription } from '../domain/subscription.ts';

const LENGTH = 32;
const hashed = (kind: string, place: string): ReceiverId =>
  receiverId(createHash('sha256').update(`${kind}\n${place}`).digest('hex').slice(0, LENGTH));

/** `url` is normal, as its channel reads it. A key is long and random, so nobody finds it by trying. */
export const receiverOfAddress = (kind: string, url: string): ReceiverId => hashed(kind, url);

/** A feed is a receiver of its own: it has no address. */
export const receiverOf = ({ id, channel, receiver }: Pick<Subscription, 'id' | 'channel' | 'receiver'>): ReceiverId =>
  receiver ?? hashed(channel, id);
