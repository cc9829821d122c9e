/** What a person pastes: where messages go and what signs them. It is read by its channel, encrypted, and never shown again. */
import { channelOfHost } from '../../shared/channels/all.ts';
import type { Address, AddressFault, Channel } from '../../shared/channels/channel.ts';
import { receiverOfAddress } from '../../shared/channels/receiver-of-address.ts';
import type { Place } from '../../shared/domain/subscription-decide.ts';
import { Problem } from '../../shared/runtime/problem.ts';

/** A fault as the problem that it is. What was pasted is not repeated: the wrong address of one robot may be the right one of another. */
const faulty = ({ field, says }: AddressFault): Problem => new Problem(422, `${field}-not-of-channel`, `${says}。`, { field });

const ofAnother = ({ name, kind }: Channel): string => `这是${name}的地址，请把渠道改为${name}（${kind}），再粘贴一次`;

export interface Pasted {
  readonly address: Address;
  readonly place: Place;
}

/** `undefined`: nothing was pasted, or the kind has no use for an address. */
export function pasted(
  channel: Channel,
  entered: { readonly address?: string | undefined; readonly secret?: string | undefined },
  allowsLoopback: boolean,
): Pasted | undefined {
  if (entered.address === undefined && !channel.isPulled) return undefined;
  const address = channel.readAddress(entered.address ?? '', entered.secret, allowsLoopback);
  if ('field' in address) throw faulty(address);
  if (channel.isPulled) return undefined;
  const { host } = new URL(address.url);
  const own = channelOfHost(host);
  // As another kind its answers would be misread, and its limits unknown.
  if (own !== undefined && own.kind !== channel.kind) throw faulty({ field: 'address', says: ofAnother(own) });
  return { address, place: { receiver: receiverOfAddress(channel.kind, address.url), host } };
}

export function pastedSecret(channel: Channel, entered: string): string {
  const secret = channel.readSecret(entered);
  if (typeof secret !== 'string') throw faulty(secret);
  return secret;
}
