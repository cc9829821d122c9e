import { createHash } from 'node:crypto';
import type { Attempt } from '../../shared/domain/receiver.ts';

/** By it rests differ from each other, though each attempt's is always the same: in [0, 1). */
export const chanceOf = ({ subscription, message, attempt }: Attempt): number =>
  createHash('sha256').update(`${subscription}/${message}/${attempt}`).digest().readUInt32BE() / 2 ** 32;
