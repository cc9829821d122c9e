/** What comes of an attempt, over real HTTP to receivers that behave as their platforms do. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { commit } from '../../shared/data/commit.ts';
import { outbound } from '../../shared/data/outbound.ts';
import { addressWrite } from '../../shared/data/receiver-store.ts';
import { plusMs } from '../../shared/domain/calendar.ts';
import { messageId } from '../../shared/domain/message.ts';
import type { Fault, PlatformName } from '../support/receivers/receivers.ts';
import { BODIES, COUNTY, channelFor, LONG_MS, NOON, PLATFORMS, pasted, SendingWorld } from '../support/sending.ts';

/** For those who are meant to run out of time. */
const SHORT_MS = 300; // long enough to arrive where all tests run at once

const world = await SendingWorld.begin();
afterAll(() => world.real.stop());
beforeEach(() => {
  world.wakes.length = 0;
  world.faults.length = 0;
});

test.each(PLATFORMS)('%s takes what it was sent, signed as it asks', async (platform) => {
  const at = world.robot(platform);
  const shipment = await world.handedOver(platform, pasted(at));
  expect(await world.send(shipment)).toBe('delivered');
  expect(at.got).toMatchObject([{ isTaken: true, status: 200, title: expect.stringContaining('漏查') }]);
  if (platform === 'webhook') expect(at.got[0]?.webhookId).toBe(messageId({ ...shipment, number: 1 }));
  const { receiver } = await world.stored(shipment.receiver);
  expect(receiver).toMatchObject({ underway: { phase: 'answered', due: NOON, outcome: { is: 'delivered' } } });
  expect(world.wakes).toEqual([{ county: COUNTY, receiver: shipment.receiver, at: NOON }]);
});

const ELSEWHERE = 'http://169.254.169.254/latest/meta-data/';
const FAULTS: readonly (readonly [string, PlatformName, Fault, object])[] = [
  ['500', 'webhook', { is: 'status', status: 500 }, { is: 'failed', says: expect.stringContaining('500') }],
  ['503 with a rest', 'webhook', { is: 'status', status: 503, retryAfter: '120' }, { is: 'failed', afterMs: 120_000 }],
  ['410', 'webhook', { is: 'status', status: 410 }, { is: 'gone' }],
  ['429', 'webhook', { is: 'status', status: 429, retryAfter: '30' }, { is: 'throttled', forMs: 30_000 }],
  ['502 of a robot', 'wecom', { is: 'status', status: 502 }, { is: 'failed', says: expect.stringContaining('502') }],
  ['a redirect', 'webhook', { is: 'redirect', to: ELSEWHERE }, { is: 'failed', says: expect.stringContaining('302') }],
  ['a redirect of a robot', 'feishu', { is: 'redirect', to: ELSEWHERE }, { is: 'failed', says: expect.stringContaining('302') }],
  ['a reset', 'dingtalk', { is: 'reset' }, { is: 'failed', says: '接收端中断了连接' }],
  ['a reset after it was taken', 'webhook', { is: 'reset-after-success' }, { is: 'failed', says: '接收端中断了连接' }],
  ['a huge body', 'webhook', { is: 'huge', bytes: 300_000 }, { is: 'delivered' }],
  [
    'a huge body of a robot',
    'wecom',
    { is: 'huge', bytes: 300_000 },
    { is: 'failed', says: expect.stringContaining('无法识别') },
  ],
  ['one that is slow', 'feishu', { is: 'slow', ms: 5 }, { is: 'delivered' }],
];
test.each(FAULTS)('%s', async (_, platform, fault, outcome) => {
  const at = world.robot(platform);
  at.fails(fault);
  const shipment = await world.handedOver(platform, pasted(at));
  await world.send(shipment);
  expect(await world.outcomeOf(shipment)).toMatchObject(outcome);
  expect([at.got.length, world.wakes.length]).toEqual([1, 1]);
});

test.each(['hang', 'timeout-after-success'] as const)('one that does not answer: %s', async (is) => {
  const at = world.robot('wecom');
  at.fails({ is });
  const shipment = await world.handedOver('wecom', pasted(at));
  expect(await world.send(shipment, { patienceMs: SHORT_MS })).toBe('failed');
  expect(await world.outcomeOf(shipment)).toEqual({ is: 'failed', says: '接收端在规定时间内没有应答', perhapsArrived: true });
  expect(at.got).toHaveLength(1);
});

test('one that drips is given up too: of a robot it is the body that says whether it took it', async () => {
  const at = world.robot('wecom');
  at.fails({ is: 'drip', everyMs: 2 });
  const shipment = await world.handedOver('wecom', pasted(at));
  expect(await world.send(shipment, { patienceMs: SHORT_MS })).toBe('failed');
});

test('the time of an attempt begins with its grant: a key that is slow to open takes of it', async () => {
  const at = world.robot('wecom');
  const shipment = await world.handedOver('wecom', pasted(at));
  const openAddress = async () => {
    await once(AbortSignal.timeout(SHORT_MS), 'abort');
    return pasted(at);
  };
  expect(await world.send(shipment, { openAddress, patienceMs: SHORT_MS - 10 })).toBe('failed');
  expect(at.got).toEqual([]);
});

test.each([
  ['a key that is gone', 'wecom', 'key', {}, { is: 'refused', says: expect.stringContaining('93000') }],
  ['a token that is gone', 'dingtalk', 'access_token', {}, { is: 'refused', says: expect.stringContaining('300001') }],
  [
    'another secret',
    'dingtalk',
    '',
    { secret: `SEC${'0'.repeat(32)}` },
    { is: 'stale', says: expect.stringContaining('310000') },
  ],
  ['another secret', 'feishu', '', { secret: '0'.repeat(22) }, { is: 'stale', says: expect.stringContaining('19021') }],
  [
    'another secret',
    'webhook',
    '',
    { secret: `whsec_${'A'.repeat(44)}` },
    { is: 'failed', says: expect.stringContaining('401') },
  ],
] as const)('%s of %s', async (_, platform, parameter, change, outcome) => {
  const at = world.robot(platform);
  const address = new URL(at.address);
  if (parameter !== '') address.searchParams.set(parameter, '0'.repeat(32));
  const secret = at.secret === undefined ? {} : { secret: at.secret };
  const shipment = await world.handedOver(platform, pasted({ platform, address: address.href, ...secret, ...change }));
  await world.send(shipment);
  expect(await world.outcomeOf(shipment)).toMatchObject(outcome);
  expect(at.got.filter(({ isTaken }) => isTaken)).toEqual([]);
});

test.each([
  ['wecom', 20, 60_000],
  ['dingtalk', 20, 600_000],
  ['feishu', 5, 60_000],
] as const)('%s after %i of others: nobody sends there before its penalty is over', async (platform, others, forMs) => {
  const at = world.robot(platform);
  const address = pasted(at);
  const request = channelFor(platform).request(address, BODIES[platform], NOON, 'msg_other');
  const { post } = world.sending();
  for (let n = 0; n < others; n++) await post(request, { signal: AbortSignal.timeout(LONG_MS) });
  const shipment = await world.handedOver(platform, address);
  expect(await world.send(shipment)).toBe('throttled');
  const { receiver } = await world.stored(shipment.receiver);
  expect(receiver).toMatchObject({ blockedUntil: plusMs(NOON, forMs), underway: { outcome: { is: 'throttled', forMs } } });
});

test('what is too long is told, on HTTP 200', async () => {
  const at = world.robot('wecom');
  const body = JSON.stringify({ msgtype: 'markdown', markdown: { content: '隐'.repeat(1_400) } });
  const shipment = { ...(await world.handedOver('wecom', pasted(at))), body };
  expect(await world.send(shipment)).toBe('too-long');
});

test('a signature that is too old when it comes is no refusal', async () => {
  const at = world.robot('dingtalk');
  const shipment = await world.handedOver('dingtalk', pasted(at));
  const times = [NOON, plusMs(NOON, -3 * 3_600_000)];
  expect(await world.send(shipment, { timeOf: () => times.shift() ?? NOON })).toBe('stale');
});

test('after a rotation both secrets sign, and an app that knows either takes it', async () => {
  const [older, newer] = ['A', 'B'].map((letter) => `whsec_${letter.repeat(44)}`);
  for (const secret of [older ?? '', newer ?? '']) {
    const at = world.real.webhook(`knows ${secret}`, { secrets: [secret] });
    const secrets = [{ secret: newer ?? '' }, { secret: older ?? '', until: plusMs(NOON, 1000) }];
    const shipment = await world.handedOver('webhook', { ...pasted(at), secrets });
    expect(await world.send(shipment)).toBe('delivered');
  }
});

test('an address that cannot be opened fails for now; one that was taken away, or is none of the platform’s, for good', async () => {
  const at = world.robot('wecom');
  const closed = async () => {
    throw new Error('KMS');
  };
  expect(await world.send(await world.handedOver('wecom', pasted(at)), { openAddress: closed })).toBe('failed');
  expect(world.faults).toEqual(['open the address: Error: KMS']);
  const gone = await world.handedOver('wecom', pasted(at));
  await commit({ writes: [addressWrite(COUNTY, gone.subscription, undefined)], events: [] });
  expect(await world.send(gone)).toBe('refused');
  const post = outbound({ allowsLoopback: false, resolve: async () => ['8.8.8.8'] });
  const elsewhere = { url: 'https://wecom.example.org/cgi-bin/webhook/send?key=1', secrets: [] };
  expect(await world.send(await world.handedOver('wecom', elsewhere), { post })).toBe('refused');
  expect(at.got).toEqual([]);
});

/** Answers with everything that it was sent, as a careless app does. */
async function echoing(platform: PlatformName) {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const signed = /"sign":"[^"]*"/.exec(Buffer.concat(parts).toString())?.[0];
    const text = `${signed ?? request.headers['webhook-signature'] ?? ''} http://${request.headers.host}${request.url}`;
    const said = platform === 'webhook' ? text : JSON.stringify({ errcode: 1, errmsg: text, code: 1, msg: text });
    response.writeHead(platform === 'webhook' ? 500 : 200).end(said);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` };
}

test.each([
  ['wecom', '/cgi-bin/webhook/send?key=k1e2y3z4', undefined],
  ['dingtalk', '/robot/send?access_token=t1o2k3e4', undefined],
  ['feishu', '/open-apis/bot/v2/hook/h1o2o3k4', undefined],
  ['webhook', '/a/p1a2t3h4', `whsec_${Buffer.alloc(24, 7).toString('base64')}`],
] as const)('the shortest key that %s takes is not kept either', async (platform, path, secret) => {
  const { server, origin } = await echoing(platform);
  const opened = pasted({ platform, address: `${origin}${path}`, ...(secret !== undefined && { secret }) });
  const shipment = await world.handedOver(platform, opened);
  await world.send(shipment);
  server.close();
  const kept = JSON.stringify(await world.outcomeOf(shipment));
  expect(kept).toContain('■');
  expect(kept).not.toMatch(/k1e2y3z4|t1o2k3e4|h1o2o3k4|p1a2t3h4/);
});

test.each(PLATFORMS)('what %s says of its own address and signature is not kept', async (platform) => {
  const { server, origin } = await echoing(platform);
  const { address, secret } = world.robot(platform);
  const { pathname, search, searchParams } = new URL(address);
  const opened = pasted({ platform, address: `${origin}${pathname}${search}`, ...(secret !== undefined && { secret }) });
  const shipment = await world.handedOver(platform, opened);
  await world.send(shipment);
  server.close();
  const kept = JSON.stringify(await world.outcomeOf(shipment));
  expect(kept).toContain('■');
  const request = channelFor(platform).request(opened, shipment.body, NOON, messageId({ ...shipment, number: 1 }));
  const signature =
    request.headers['webhook-signature'] ?? /(?:sign=|"sign":")([^"&]+)/.exec(`${request.url} ${request.body}`)?.[1] ?? '';
  const key = [...searchParams.values()][0] ?? pathname.split('/').at(-1) ?? '';
  expect([signature !== '', key.length >= 24]).toEqual([platform !== 'wecom', true]);
  const whole = [key, signature, decodeURIComponent(signature), secret ?? ''].filter((text) => text !== '');
  for (const text of whole) for (const part of [text.slice(0, 12), text.slice(-12)]) expect(kept).not.toContain(part);
});
