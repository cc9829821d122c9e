/** The same robot or endpoint is one receiver, with one budget, for all who send there. What is pulled has another (`receiverOf`). */
import { createHash } from 'node:crypto';
import { type ReceiverId, receiverId } from '../domain/ids.ts';

const LENGTH = 32;

/** `url` is normal, as its channel reads it. A key is long and random, so nobody finds it by trying. */
export const receiverOfAddress = (kind: string, url: string): ReceiverId =>
  receiverId(createHash('sha256').update(`${kind}\n${url}`).digest('hex').slice(0, LENGTH));
