/** What lies ready until an app fetches it, by the API and with a cursor: for those that cannot be called from outside. */
import { addressFault, secretFault } from './address.ts';
import type { Channel } from './channel.ts';
import { fittingItems, jsonOf } from './json-digest.ts';

/** A message is one item of its table, which takes 400 KB with what stands beside it. */
const MOST_BYTES = 200_000;

const readSecret = () => secretFault('由对方来取的没有签名密钥，请留空');

export const feed: Channel = {
  kind: 'feed',
  name: '由对方来取',
  isPulled: true,
  limits: [],
  secret: 'none',
  knowsIds: true,
  readAddress(address, secret) {
    if (address !== '') return addressFault('由对方来取的不填地址：消息在接口中读取');
    if (secret !== undefined) return readSecret();
    return { url: '', secrets: [] };
  },
  readSecret,
  fitting: (items) => fittingItems(items, MOST_BYTES),
  render: (digest, _mentions, shorter) => jsonOf(digest, MOST_BYTES, shorter),
  request() {
    throw new Error('a feed is fetched: nothing is sent');
  },
  read: () => ({ is: 'delivered' }),
};
