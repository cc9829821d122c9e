/**
 * By which secret a message is signed where only one fits, as of a robot (DingTalk, Feishu). After a rotation nobody knows whether the
 * platform has the new one yet: each that is in its time gets an attempt, the newest first and once more at the end, for a platform may
 * have one answer for a wrong secret and an old timestamp.
 */
import type { Address } from '../../shared/channels/channel.ts';
import type { Instant } from '../../shared/domain/calendar.ts';

const standing = ({ secrets }: Address, at: Instant): Address['secrets'] =>
  secrets.filter(({ until }) => until === undefined || until > at);

/** The address with the secret first whose turn it is; who takes several signatures gets those of all of them. */
export function signedBy(address: Address, signedAnew: number, at: Instant): Address {
  const secrets = standing(address, at);
  const turn = secrets.length === 0 ? 0 : signedAnew % secrets.length;
  return { ...address, secrets: [...secrets.slice(turn), ...secrets.slice(0, turn)] };
}

/** Whether, once this attempt was refused for its signature, another secret has its turn. */
export const isTriedByMore = (address: Address, signedAnew: number, at: Instant): boolean =>
  signedAnew < standing(address, at).length;
