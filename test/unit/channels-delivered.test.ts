/** What the channels send, at servers that judge it as the platforms do: taken, refused and throttled, and read so from the answer. */
import { CHANNEL_KINDS, channelOf } from '../../shared/channels/all.ts';
import type { Address, Channel } from '../../shared/channels/channel.ts';
import { type Instant, plusMs } from '../../shared/domain/calendar.ts';
import type { Outcome } from '../../shared/domain/receiver.ts';
import { type PlatformName, type RealReceiver, type Receivers, startReceivers } from '../support/receivers/receivers.ts';
import { AT, digest, fitting, reminder } from '../support/reminder-examples.ts';

const EIGHTY = Array.from({ length: 80 }, (_, n) => reminder('deadline-missed', { id: `r${n}` }));
const MANY = digest(EIGHTY);
const CALLED = { users: ['zhangsan'], everybody: true };

let now: Instant = AT;
let receivers: Receivers;
beforeAll(async () => {
  receivers = await startReceivers({ clock: () => now });
});
afterAll(() => receivers.stop());

function channel(kind: string): Channel {
  const found = channelOf(kind);
  if (found === undefined) throw new Error(kind);
  return found;
}
function addressOf({ platform, address, secret }: RealReceiver): Address {
  const read = channel(platform).readAddress(address, secret, true);
  if ('field' in read) throw new Error(read.says);
  return read;
}

/** Sends as the sender does, and reads the answer. */
async function send(platform: PlatformName, address: Address, body: string, signedAt: Instant = now): Promise<Outcome> {
  const { url, headers, body: sent } = channel(platform).request(address, body, signedAt, 'msg_0123456789abcdef0123_7');
  const answer = await fetch(url, { method: 'POST', headers, body: sent, redirect: 'manual' });
  return channel(platform).read({ status: answer.status, body: await answer.text(), at: now });
}
const render = (platform: PlatformName): string =>
  channel(platform).render(digest(fitting(channel(platform), EIGHTY)), CALLED, false);

const PUSHED = ['wecom', 'dingtalk', 'feishu', 'webhook'] as const;

test('each kind that is sent has a server here', () => {
  expect(CHANNEL_KINDS.filter((kind) => !channel(kind).isPulled)).toEqual(PUSHED);
});

test.each(PUSHED)('%s takes the fullest message, and calls who is to be called', async (platform) => {
  const receiver = receivers[platform](`${platform}-full`);
  expect(await send(platform, addressOf(receiver), render(platform))).toEqual({ is: 'delivered' });
  expect(receiver.got).toMatchObject([{ isTaken: true }]);
  if (platform !== 'webhook') {
    const called = receiver.got[0]?.mentions?.map((user) => user.replace('@', '')) ?? [];
    expect([...called].sort()).toEqual(['all', 'zhangsan']);
  }
});

test.each(['wecom', 'dingtalk', 'feishu'] as const)(
  '%s is throttled one over its limit, for as long as it is blocked',
  async (platform) => {
    const receiver = receivers[platform](`${platform}-fast`);
    const address = addressOf(receiver);
    const body = channel(platform).render(MANY, CALLED, true);
    const [{ most } = { most: 0 }] = channel(platform).limits;
    for (let n = 0; n < most; n++) expect(await send(platform, address, body)).toEqual({ is: 'delivered' });
    const outcome = await send(platform, address, body);
    expect(outcome).toMatchObject({ is: 'throttled' });
    now = plusMs(now, outcome.is === 'throttled' ? outcome.forMs : 0);
    expect(await send(platform, address, body)).toEqual({ is: 'delivered' });
  },
);

test.each([
  ['dingtalk', 'stale'],
  ['feishu', 'stale'],
] as const)('%s: a signature of two hours ago is %s', async (platform, is) => {
  const receiver = receivers[platform](`${platform}-stale`);
  const outcome = await send(platform, addressOf(receiver), render(platform), plusMs(now, -7_200_000));
  expect(outcome.is).toBe(is);
});

test.each([
  ['wecom', 'refused'],
  ['dingtalk', 'refused'],
  ['feishu', 'refused'],
] as const)('%s: a robot that is not there is %s', async (platform, is) => {
  const address = addressOf(receivers[platform](`${platform}-gone`));
  const url = address.url.replace(/[0-9a-f]{6}$/, 'zzzzzz');
  expect((await send(platform, { ...address, url }, render(platform))).is).toBe(is);
});

test('a signature by another secret asks for the one before, which may be the platform’s still', async () => {
  const secrets = [{ secret: 'SEC0000000000000000' }];
  const dingtalk = addressOf(receivers.dingtalk('dingtalk-other'));
  expect((await send('dingtalk', { ...dingtalk, secrets }, render('dingtalk'))).is).toBe('stale');
  const feishu = addressOf(receivers.feishu('feishu-other'));
  expect((await send('feishu', { ...feishu, secrets }, render('feishu'))).is).toBe('stale');
});
