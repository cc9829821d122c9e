/** Connecting channels, by the API's door: what people paste, who may, what is refused and why, and what can be asked afterwards. */
import { jest } from '@jest/globals';
import * as api from '../../functions/serve-channels/api.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { plusMs } from '../../shared/domain/calendar.ts';
import { personId, type SubscriptionId, subscriptionId, townshipCode } from '../../shared/domain/ids.ts';
import { enterpriseOwner, townshipOwner } from '../../shared/domain/owner.ts';
import { receiverOf } from '../../shared/domain/subscription.ts';
import { at, channelsApi } from '../support/channels-api.ts';
import { type FakeKey, fakeKey } from '../support/fake-key.ts';
import { usccOf } from '../support/lists.ts';
import { committee, department, type Person, person, staff } from '../support/register-api.ts';
import { reminder } from '../support/reminder-examples.ts';
import { county } from '../support/tokens.ts';
import { toldOf } from '../support/told.ts';

const NOON = '2026-03-02 12:00';
const works = staff(1);
const others = staff(2);
const USCC = usccOf(1);
const OWNER = enterpriseOwner(USCC);
const township = person('township-officer', townshipOwner(townshipCode('533102001')));
const expert = person('expert');
const operator = person('operator');
const auditor = person('auditor');
const prefecture = person('prefecture-officer');

const WECOM = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa';
const DINGTALK = 'https://oapi.dingtalk.com/robot/send?access_token=d1e2f3a4b5c6d7e8';
const FEISHU = 'https://open.feishu.cn/open-apis/bot/v2/hook/0a1b2c3d-4e5f-6789';
const HOOK = 'https://hooks.example.com/reminders?of=works';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const secretNo = (n: number): string => `whsec_${Buffer.alloc(32, n).toString('base64')}`;

const scope = { of: 'enterprise', uscc: USCC };
const robot = { name: '班组群', scope, channel: 'wecom', address: WECOM };
const hook = { name: '本厂平台', scope, channel: 'webhook', address: HOOK, secret: SECRET };
const feed = { name: '本厂小程序', scope, channel: 'feed' };

const SYSTEM = { at: at(NOON), county, actor: { id: personId('system'), role: 'system' } } as const;

let key: FakeKey;
beforeAll(async () => {
  key = await fakeKey();
});
afterAll(() => key.stop());

let channels: Awaited<ReturnType<typeof channelsApi>>;
beforeEach(async () => {
  channels = await channelsApi([OWNER, enterpriseOwner(usccOf(2))]);
});

const made = async (
  body: object,
  as: Person = works.manager,
): Promise<{ id: SubscriptionId; version: number; params: { id: string } }> => {
  const answer = await channels.ask(api.makeSubscription, as, NOON, { body });
  expect([answer.status, answer.body]).toEqual([201, expect.objectContaining({ state: 'active' })]);
  const id = subscriptionId(answer.body.id);
  return { id, version: answer.body.version, params: { id } };
};
/** A subscription to which one message was told, and another not. */
const told = async (body: object) => {
  const { id, params } = await made(body);
  const of = toldOf(id, '某事', 'HAZ#R01H3Z8K2M4N5');
  await channels.deliveries.save({ ...of, outbox: { before: await channels.deliveries.outbox(id), facts: of.facts } });
  return { id, params };
};
const typesOf = async (subject: string): Promise<string[]> =>
  (await dynamoLedgerStore.ofSubject(subject, 50)).events.map(({ type }) => type);
const disable = async (id: SubscriptionId, because: string): Promise<void> => {
  const stored = await channels.subscriptions.load(id);
  if (stored === undefined) throw new Error('not there');
  await channels.subscriptions.save({
    after: { ...stored.subscription, state: 'disabled', disabled: { because, at: at(NOON) } },
    facts: [{ type: 'SubscriptionDisabled', data: { because } }],
    ifVersion: stored.version,
    occasion: SYSTEM,
  });
};

test.each([
  [robot, 'qyapi.weixin.qq.com', { url: WECOM, secrets: [] }],
  [
    { ...robot, channel: 'dingtalk', address: DINGTALK, secret: 'SECabcdef0123456789' },
    'oapi.dingtalk.com',
    { url: DINGTALK, secrets: [{ secret: 'SECabcdef0123456789' }] },
  ],
  [{ ...robot, channel: 'feishu', address: FEISHU }, 'open.feishu.cn', { url: FEISHU, secrets: [] }],
  [hook, 'hooks.example.com', { url: HOOK, secrets: [{ secret: SECRET }] }],
  [feed, undefined, undefined],
])('what is pasted is kept for the sender alone: %j', async (body, host, address) => {
  const { id, params } = await made(body);
  const before = key.opened();
  const { body: read } = await channels.ask(api.readSubscription, works.holder, NOON, { params });
  expect(read.host).toBe(host);
  expect(read).toMatchObject({ quiet: { from: '22:00', until: '07:00', isOfPolicy: true }, language: 'zh-CN' });
  expect(key.opened()).toBe(before);
  const kept = `${JSON.stringify(read)}${channels.tables.snapshot()}`;
  for (const secret of ['693axxx6', 'd1e2f3a4', '0a1b2c3d', 'SECabcdef', '/reminders?of', SECRET])
    expect(kept).not.toContain(secret);
  expect(await channels.opened(id)).toEqual(address);
  expect(await typesOf(`SUB#${id}`)).toEqual(['SubscriptionMade']);
});

test.each([
  [{ ...robot, address: DINGTALK }, 'address-not-of-channel', /企业微信群机器人.*qyapi\.weixin\.qq\.com/],
  [
    { ...robot, address: 'http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693axxx6-7aoc' },
    'address-not-of-channel',
    /请粘贴/,
  ],
  [{ ...robot, secret: 'SEC0000000000' }, 'secret-not-of-channel', /没有签名密钥/],
  [{ ...robot, channel: 'dingtalk', address: DINGTALK, secret: 'abc' }, 'secret-not-of-channel', /加签/],
  [{ ...robot, channel: 'feishu' }, 'address-not-of-channel', /飞书.*open\.feishu\.cn/],
  [{ ...hook, secret: undefined }, 'secret-not-of-channel', /whsec_/],
  [{ ...hook, address: 'http://127.0.0.1:4000/' }, 'address-not-of-channel', /https:\/\//],
  [{ ...hook, address: 'https://user:word@hooks.example.com/' }, 'address-not-of-channel', /用户名/],
  [{ ...hook, address: 'https://127.0.0.1/word@' }, 'address-not-of-channel', /公网/],
  [{ ...hook, address: WECOM }, 'address-not-of-channel', /企业微信群机器人.*wecom/],
  [{ ...hook, address: DINGTALK }, 'address-not-of-channel', /钉钉自定义机器人.*dingtalk/],
  [{ ...hook, address: FEISHU }, 'address-not-of-channel', /飞书自定义机器人.*feishu/],
  [{ ...feed, address: HOOK }, 'address-not-of-channel', /不填地址/],
  [{ ...robot, address: undefined }, 'address-missing', /请填写接收地址/],
  [{ ...robot, roles: ['township-head'] }, 'role-not-of-scope', /企业的岗位/],
])('a wrong address, secret or content is refused with what to do: %j', async (body, code, says) => {
  const before = channels.tables.writes();
  const answer = await channels.ask(api.makeSubscription, works.manager, NOON, { body });
  expect([answer.status, answer.body.code, answer.body.detail]).toEqual([422, code, expect.stringMatching(says)]);
  expect(answer.body.detail).not.toMatch(/693axxx6|d1e2f3a4|127\.0\.0\.1|word@/);
  expect(channels.tables.writes()).toBe(before);
});

test('a receiver on this machine is taken where the deployment says so, and nowhere else', async () => {
  channels = await channelsApi([OWNER], true);
  const { id } = await made({ ...hook, address: 'http://127.0.0.1:4000/hook' });
  expect(await channels.opened(id)).toMatchObject({ url: 'http://127.0.0.1:4000/hook' });
});

test.each(['13800138000', '+8613800138000', '张三', '<@all>'])(
  'nobody is mentioned by a telephone number or a name: %s',
  async (user) => {
    const { body } = await channels.ask(api.makeSubscription, works.manager, NOON, {
      body: { ...robot, mentions: { users: [user] } },
    });
    expect(body).toMatchObject({
      status: 400,
      errors: [{ at: 'mentions.users.0', message: expect.stringMatching(/用户编号.*手机号.*个人信息/) }],
    });
  },
);

test('members and scopes that nobody knows are refused', async () => {
  const status = async (body: object, as: Person) => {
    const answer = await channels.ask(api.makeSubscription, as, NOON, { body });
    return [answer.status, answer.body.code];
  };
  expect(await status({ ...robot, state: 'disabled' }, works.manager)).toEqual([400, 'malformed']);
  expect(await status({ ...robot, channel: 'fax' }, works.manager)).toEqual([400, 'malformed']);
  expect(await status({ ...robot, quiet: { from: '25:00', until: '07:00' } }, works.manager)).toEqual([400, 'malformed']);
  expect(await status({ ...robot, scope: { of: 'enterprise', uscc: usccOf(3) } }, committee)).toEqual([
    422,
    'unknown-enterprise',
  ]);
  expect(await status({ ...robot, scope: { of: 'township', township: '533103999' } }, committee)).toEqual([
    422,
    'unknown-township',
  ]);
  expect(await status({ ...robot, scope: { of: 'department', department: 'XXX' } }, committee)).toEqual([
    422,
    'unknown-department',
  ]);
});

test('what could never be told anything is refused with what there is, or answered with a note', async () => {
  const ask = (as: Person, body: object) => channels.ask(api.makeSubscription, as, NOON, { body: { ...feed, ...body } });
  const unknown = await ask(works.manager, { scope: { of: 'workshop', uscc: USCC, workshop: '三车间' } });
  expect([unknown.status, unknown.body]).toMatchObject([
    422,
    { code: 'unknown-workshop', workshops: ['一车间', '二车间'], detail: expect.stringMatching(/一车间、二车间/) },
  ]);
  const never = await ask(works.manager, { roles: ['post-holder'], kinds: ['checks-due'] });
  expect([never.status, never.body]).toMatchObject([
    422,
    { code: 'never-told', kindsOfRoles: expect.arrayContaining([{ kind: 'order-issued', kindName: '停产撤人指令' }]) },
  ]);
  expect(never.body.rolesOfKinds).toEqual(['safety-manager', 'workshop-head', 'team-leader']);
  const some = await ask(works.manager, { roles: ['post-holder'], kinds: ['checks-due', 'order-issued'] });
  expect([some.status, some.body.note]).toEqual([201, expect.stringMatching(/不会收到：排查开始。/)]);
  expect((await ask(works.manager, { kinds: ['test'] })).body.note).toBeUndefined();
  const { version, params } = await made(feed);
  const change = (body: object) =>
    channels.ask(api.changeSubscription, works.manager, NOON, { params, body: { version, name: 'x', scope, ...body } });
  expect((await change({ scope: { of: 'workshop', uscc: USCC, workshop: '三车间' } })).body.code).toBe('unknown-workshop');
  expect((await change({ roles: ['post-holder'], kinds: ['checks-due'] })).body.code).toBe('never-told');
});

test('each connects for his own, an inspector for himself, the county for all; who only looks on for nobody', async () => {
  const status = async (as: Person, of: object) =>
    (await channels.ask(api.makeSubscription, as, NOON, { body: { ...feed, scope: of } })).status;
  const workshop = { of: 'workshop', uscc: USCC, workshop: '一车间' };
  const own = { of: 'township', township: '533102001' };
  const inspector = (who: Person) => ({ of: 'inspector', person: who.id });
  for (const [as, of] of [
    [works.head, scope],
    [works.manager, workshop],
    [township, own],
    [department, { of: 'department', department: 'YJJ' }],
    [department, inspector(department)],
    [expert, inspector(expert)],
    [works.holder, inspector(works.holder)],
    [committee, inspector(committee)],
    [committee, { of: 'county' }],
    [committee, scope],
  ] as const)
    expect([as.id, of, await status(as, of)]).toEqual([as.id, of, 201]);
  for (const [as, of] of [
    [others.head, scope],
    [others.manager, workshop],
    [works.head, { of: 'county' }],
    [township, { of: 'township', township: '533102102' }],
    [township, scope],
    [department, { of: 'department', department: 'ZJJ' }],
    [department, inspector(expert)],
    [expert, inspector(department)],
    [committee, inspector(expert)],
    [works.holder, scope],
    [expert, { of: 'county' }],
  ] as const)
    expect([as.id, of, await status(as, of)]).toEqual([as.id, of, 404]);
  for (const as of [auditor, prefecture, operator]) expect([as.id, await status(as, scope)]).toEqual([as.id, 403]);
});

test('what is not one’s own is not there, whatever is asked of it', async () => {
  const { params } = await made(hook);
  const version = 1;
  const asked = [
    [api.readSubscription, {}],
    [api.changeSubscription, { body: { version, name: 'x', scope } }],
    [api.replaceAddress, { body: { version, address: HOOK, secret: SECRET } }],
    [api.rotateSecret, { body: { version, secret: secretNo(1) } }],
    [api.enableSubscription, { body: { version } }],
    [api.endSubscription, { body: { version } }],
    [api.testSubscription, { body: {} }],
    [api.replayMessages, { body: { from: at(NOON), until: at(NOON) } }],
    [api.redriveDeliveries, { body: {} }],
    [api.readFeed, {}],
    [api.confirmRead, { body: { message: 1 } }],
    [api.listDeliveries, { query: { subscription: params.id } }],
  ] as const;
  for (const [route, sent] of asked) {
    const { status, body } = await channels.ask(route, others.head, NOON, {
      ...(route.path.includes('{id}') && { params }),
      ...sent,
    });
    expect([route.path, status, body.code]).toEqual([route.path, 404, 'not-found']);
  }
});

test('what is connected for a person is his: the county’s offices see that it is there and may end it, and read and change nothing of it', async () => {
  const own = { of: 'inspector', person: expert.id };
  const { params } = await made({ ...hook, scope: own }, expert);
  const pulled = await made({ ...feed, scope: own }, expert);
  const version = 1;
  const asked = [
    [api.changeSubscription, { body: { version, name: 'x', scope: own } }],
    [api.replaceAddress, { body: { version, address: HOOK, secret: SECRET } }],
    [api.rotateSecret, { body: { version, secret: secretNo(1) } }],
    [api.enableSubscription, { body: { version } }],
    [api.testSubscription, { body: {} }],
    [api.replayMessages, { body: { from: at(NOON), until: at(NOON) } }],
    [api.redriveDeliveries, { body: {} }],
    [api.readFeed, {}],
    [api.readMessage, { params: { ...params, message: '1' } }],
    [api.confirmRead, { body: { message: 1 } }],
  ] as const;
  const written = channels.tables.writes();
  for (const as of [committee, person('government-head')]) {
    for (const [route, sent] of asked) {
      const { status, body } = await channels.ask(route, as, NOON, { params, ...sent });
      expect([route.path, status, body.code]).toEqual([route.path, 403, 'of-a-person']);
    }
  }
  expect((await channels.ask(api.readFeed, prefecture, NOON, { params })).body.code).toBe('of-a-person');
  expect(channels.tables.writes()).toBe(written);
  for (const as of [department, works.head])
    expect((await channels.ask(api.readFeed, as, NOON, { params: pulled.params })).status).toBe(404);
  expect((await channels.ask(api.readFeed, expert, NOON, { params: pulled.params })).status).toBe(200);
  const seen = await channels.ask(api.readSubscription, committee, NOON, { params });
  expect([seen.status, seen.body.insight.says]).toEqual([200, expect.any(String)]);
  const ended = await channels.ask(api.endSubscription, committee, NOON, { params, body: { version } });
  expect([ended.status, ended.body.state]).toEqual([200, 'ended']);
});

test('the operator sees that a channel fails, and changes, sends and reads nothing of it', async () => {
  const { params } = await made(hook);
  const version = 1;
  const seen = await channels.ask(api.readSubscription, operator, NOON, { params });
  expect([seen.status, seen.body.insight]).toEqual([200, expect.objectContaining({ says: expect.any(String) })]);
  const asked = [
    [api.changeSubscription, { body: { version, name: 'x', scope } }],
    [api.replaceAddress, { body: { version, address: HOOK, secret: SECRET } }],
    [api.rotateSecret, { body: { version, secret: secretNo(1) } }],
    [api.enableSubscription, { body: { version } }],
    [api.endSubscription, { body: { version } }],
    [api.testSubscription, { body: {} }],
    [api.replayMessages, { body: { from: at(NOON), until: at(NOON) } }],
    [api.redriveDeliveries, { body: {} }],
    [api.readFeed, {}],
    [api.confirmRead, { body: { message: 1 } }],
  ] as const;
  for (const [route, sent] of asked) {
    const { status } = await channels.ask(route, operator, NOON, { params, ...sent });
    expect([route.path, status]).toEqual([route.path, 403]);
  }
});

test('the township and the department of an enterprise see that its channel fails, and nothing of what is told there', async () => {
  const { id, params } = await told(robot);
  await disable(id, '企业微信不认此地址');
  const read = (as: Person) => channels.ask(api.readSubscriptionState, as, NOON, { params });
  for (const as of [township, department]) {
    const { status, body } = await read(as);
    expect([status, body]).toMatchObject([
      200,
      { name: '班组群', state: 'disabled', insight: { says: expect.stringMatching(/停用/) } },
    ]);
    expect(Object.keys(body).sort()).toEqual(['channelName', 'disabled', 'id', 'insight', 'name', 'scope', 'state']);
    expect((await channels.ask(api.readSubscription, as, NOON, { params })).status).toBe(404);
  }
  const elsewhere = person('township-officer', townshipOwner(townshipCode('533102102')));
  expect([(await read(elsewhere)).status, (await read(works.head)).status]).toEqual([404, 403]);
});

test('a list shows what is one’s own, page by page; what has ended only where it is asked for', async () => {
  await made(robot);
  const { params, version } = await made(hook);
  await made({ ...robot, scope: { of: 'enterprise', uscc: usccOf(2) }, name: '邻厂' }, others.head);
  const names = async (as: Person, query: Record<string, string> = {}) =>
    (await channels.ask(api.listSubscriptions, as, NOON, { query })).body.items.map(({ name }: { name: string }) => name).sort();
  expect(await names(works.holder)).toEqual(['本厂平台', '班组群']);
  expect(await names(others.head)).toEqual(['邻厂']);
  expect(await names(prefecture)).toEqual(['本厂平台', '班组群', '邻厂']);
  expect(await names(expert)).toEqual([]);
  for (const as of [works.head, prefecture]) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await channels.ask(api.listSubscriptions, as, NOON, { query: { limit: '1', ...(cursor && { cursor }) } });
      expect(body.items.length).toBeLessThanOrEqual(1);
      seen.push(...body.items.map(({ name }: { name: string }) => name));
      cursor = body.cursor;
    } while (cursor !== undefined);
    expect(seen.sort()).toEqual(await names(as));
  }
  await channels.ask(api.endSubscription, works.head, NOON, { params, body: { version } });
  expect(await names(works.head)).toEqual(['班组群']);
  for (const as of [works.head, prefecture]) expect(await names(as, { state: 'ended' })).toEqual(['本厂平台']);
});

test('a command that is sent again is answered as before, and nothing comes about twice', async () => {
  const first = await channels.ask(api.makeSubscription, works.manager, NOON, { body: robot, key: 'the-same-key' });
  const again = await channels.ask(api.makeSubscription, works.manager, NOON, { body: robot, key: 'the-same-key' });
  expect(again.body).toEqual(first.body);
  const other = await channels.ask(api.makeSubscription, works.manager, NOON, {
    body: { ...robot, name: 'x' },
    key: 'the-same-key',
  });
  expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  const params = { id: first.body.id };
  for (const _ of [1, 2]) {
    const { status } = await channels.ask(api.testSubscription, works.manager, NOON, { params, body: {}, key: 'a-test-once' });
    expect(status).toBe(202);
  }
  const { items } = await channels.deliveries.ofSubscription(subscriptionId(params.id), 10);
  expect(items).toHaveLength(1);
  expect(await typesOf(`SENT#${params.id}`)).toEqual(['TestAsked']);
});

test('the same address for the same people is not connected twice, and a scope has not too many', async () => {
  const { id } = await made(robot);
  const twin = await channels.ask(api.makeSubscription, works.head, NOON, { body: { ...robot, name: '又一次' } });
  expect([twin.status, twin.body.code, twin.body.subscription]).toEqual([409, 'already-connected', id]);
  const heads = await made({ ...robot, roles: ['head'] });
  const asTheOther = { version: 1, name: '又一次', scope };
  const changed = await channels.ask(api.changeSubscription, works.head, NOON, { params: heads.params, body: asTheOther });
  expect([changed.status, changed.body.code, changed.body.subscription]).toEqual([409, 'already-connected', id]);
  const elsewhere = await made({ ...robot, address: WECOM.replace('693axxx6', '793axxx6') });
  const replace = (to: string) =>
    channels.ask(api.replaceAddress, works.head, NOON, { params: elsewhere.params, body: { version: 1, address: to } });
  const moved = await replace(WECOM);
  expect([moved.status, moved.body.code, moved.body.subscription]).toEqual([409, 'already-connected', id]);
  expect((await replace(WECOM.replace('693axxx6', '793axxx6'))).status).toBe(200);
  const stored = await channels.subscriptions.load((await made(feed)).id);
  if (stored === undefined) throw new Error('not there');
  for (let no = 4; no < 50; no++) {
    const after = { ...stored.subscription, id: subscriptionId(String(no).padStart(20, '0')) };
    await channels.subscriptions.save({
      after,
      facts: [{ type: 'SubscriptionMade', data: after }],
      ifVersion: 0,
      occasion: SYSTEM,
    });
  }
  const one = await channels.ask(api.makeSubscription, works.head, NOON, { body: feed });
  expect([one.status, one.body.code]).toEqual([409, 'too-many-subscriptions']);
});

test('a change says which version it saw, and of two at once one is refused', async () => {
  const { id, params } = await made(robot);
  const change = (version: number, name: string) =>
    channels.ask(api.changeSubscription, works.head, NOON, {
      params,
      body: { version, name, scope, kinds: ['order-issued'], quiet: { from: '23:00', until: '06:00' } },
    });
  const [one, other] = await Promise.all([change(1, '甲'), change(1, '乙')]);
  expect([one.status, other.status].sort()).toEqual([200, 409]);
  expect([one.body.code, other.body.code]).toContain('stale-version');
  const won = one.status === 200 ? one.body : other.body;
  expect(won).toMatchObject({ version: 2, kinds: ['order-issued'], quiet: { from: '23:00', until: '06:00', isOfPolicy: false } });
  expect((await channels.subscriptions.load(id))?.version).toBe(2);
  const moved = await channels.ask(api.changeSubscription, committee, NOON, {
    params,
    body: { version: 2, name: '丙', scope: { of: 'enterprise', uscc: usccOf(2) } },
  });
  expect([moved.status, moved.body.code]).toEqual([409, 'scope-of-another']);
  const narrower = await channels.ask(api.changeSubscription, works.head, NOON, {
    params,
    body: { version: 2, name: '丙', scope: { of: 'workshop', uscc: USCC, workshop: '一车间' } },
  });
  expect([narrower.status, narrower.body.scope]).toEqual([200, { of: 'workshop', uscc: USCC, workshop: '一车间' }]);
});

test('with a new address what waits is moved, and nothing of the old one stays', async () => {
  const { id, params } = await made(hook);
  const before = await channels.subscriptions.load(id);
  const address = 'https://hooks.example.com/another';
  const { status, body } = await channels.ask(api.replaceAddress, works.head, NOON, {
    params,
    body: { version: 1, address, secret: secretNo(1) },
  });
  expect([status, body.version]).toEqual([200, 2]);
  expect(await channels.opened(id)).toEqual({ url: address, secrets: [{ secret: secretNo(1) }] });
  const after = await channels.subscriptions.load(id);
  expect(after?.subscription.receiver).not.toBe(before?.subscription.receiver);
  expect(channels.woken).toEqual([before?.subscription.receiver]);
  const ofFeed = await made(feed);
  const refused = await channels.ask(api.replaceAddress, works.head, NOON, {
    params: ofFeed.params,
    body: { version: 1, address },
  });
  expect([refused.status, refused.body.code]).toEqual([422, 'address-not-of-channel']);
});

test('a new secret signs beside the old one for as long as the policy says, without anything being read', async () => {
  const { id, params } = await made(hook);
  const opened = key.opened();
  const rotate = (version: number, no: number, when: string) =>
    channels.ask(api.rotateSecret, works.head, when, { params, body: { version, secret: secretNo(no) } });
  expect((await rotate(1, 1, NOON)).body.rotated).toEqual({ at: at(NOON), until: at('2026-03-03 12:00') });
  expect((await rotate(2, 2, '2026-03-03 11:00')).status).toBe(200);
  expect(key.opened()).toBe(opened);
  expect((await channels.opened(id))?.secrets).toEqual([
    { secret: secretNo(2) },
    { secret: secretNo(1), until: at('2026-03-04 11:00') },
    { secret: SECRET, until: at('2026-03-03 12:00') },
  ]);
  expect((await rotate(3, 3, '2026-03-03 12:00')).status).toBe(200);
  expect((await channels.opened(id))?.secrets.map(({ secret }) => secret)).toEqual([secretNo(3), secretNo(2), secretNo(1)]);
  for (const no of [4, 5]) expect((await rotate(no, no, '2026-03-03 12:00')).status).toBe(200);
  const tooOften = await rotate(6, 6, '2026-03-03 12:00');
  expect([tooOften.status, tooOften.body.code]).toEqual([409, 'rotated-too-often']);
  expect(
    (await channels.ask(api.rotateSecret, works.head, NOON, { params, body: { version: 6, secret: 'whsec_short' } })).body.code,
  ).toBe('secret-not-of-channel');
});

test.each([
  [robot, 'channel-has-no-secret'],
  [feed, 'feed-has-no-secret'],
])('where a secret has no use none is taken: %j', async (body, code) => {
  const { params } = await made(body);
  const answer = await channels.ask(api.rotateSecret, works.head, NOON, { params, body: { version: 1, secret: SECRET } });
  expect([answer.status, answer.body.code]).toEqual([409, code]);
});

test('a test is urgent, takes the way of all reminders, and says where to look', async () => {
  const { id, params } = await made(robot);
  const { status, body } = await channels.ask(api.testSubscription, works.head, '2026-03-02 23:30', { params, body: {} });
  expect([status, body]).toEqual([202, { says: expect.any(String), look: `/v1/deliveries?subscription=${id}`, reminders: 1 }]);
  const receiver = (await channels.subscriptions.load(id))?.subscription.receiver;
  expect(channels.woken).toEqual([receiver]);
  const { items } = await channels.deliveries.ofSubscription(id, 10);
  expect(items).toMatchObject([
    { receiver, due: at('2026-03-02 23:30'), state: 'waiting', reminder: { kind: 'test', isUrgent: true } },
  ]);
  const looked = await channels.ask(api.listDeliveries, works.head, '2026-03-02 23:30', { query: { subscription: id } });
  expect(looked.body.items).toMatchObject([{ kindName: '测试消息', state: 'waiting', about: `SUB#${id}` }]);
});

test('what was disabled is tried when it is enabled again; what has ended is over, and its address is gone', async () => {
  const { id, params } = await made(hook);
  const idle = await channels.ask(api.enableSubscription, works.head, NOON, { params, body: { version: 1 } });
  expect([idle.status, idle.body.code]).toEqual([409, 'not-disabled']);
  await disable(id, '接收地址已停用（HTTP 410）');
  const { body: read } = await channels.ask(api.readSubscription, works.head, NOON, { params });
  expect(read.insight.says).toMatch(/停用：接收地址已停用（HTTP 410）.*重新启用/);
  for (const [route, body] of [
    [api.testSubscription, {}],
    [api.redriveDeliveries, {}],
  ] as const) {
    const refused = await channels.ask(route, works.head, NOON, { params, body });
    expect([refused.status, refused.body.code]).toEqual([409, 'subscription-disabled']);
  }
  const enabled = await channels.ask(api.enableSubscription, works.head, NOON, { params, body: { version: 2 } });
  expect(enabled.body).toMatchObject({ state: 'active', version: 3, look: `/v1/deliveries?subscription=${id}` });
  expect(enabled.body.disabled).toBeUndefined();
  expect((await channels.deliveries.ofSubscription(id, 10)).items).toMatchObject([
    { state: 'waiting', reminder: { kind: 'test' } },
  ]);
  const ended = await channels.ask(api.endSubscription, works.head, NOON, { params, body: { version: 3 } });
  expect(ended.body).toMatchObject({ state: 'ended', version: 4 });
  expect(await channels.opened(id)).toBeUndefined();
  expect(await typesOf(`SUB#${id}`)).toEqual([
    'SubscriptionMade',
    'SubscriptionDisabled',
    'SubscriptionEnabled',
    'SubscriptionEnded',
  ]);
  for (const [route, body] of [
    [api.changeSubscription, { version: 4, name: 'x', scope }],
    [api.replaceAddress, { version: 4, address: HOOK, secret: SECRET }],
    [api.rotateSecret, { version: 4, secret: SECRET }],
    [api.enableSubscription, { version: 4 }],
    [api.endSubscription, { version: 4 }],
    [api.testSubscription, {}],
  ] as const) {
    const refused = await channels.ask(route, works.head, NOON, { params, body });
    expect([route.path, refused.status, refused.body.code]).toEqual([route.path, 409, 'subscription-ended']);
  }
});

test('a webhook is sent once more what it was told, under the same ids; others are not', async () => {
  const { id, params } = await told(hook);
  const replay = (from: string, until: string, of = params) =>
    channels.ask(api.replayMessages, works.head, NOON, { params: of, body: { from: at(from), until: at(until) } });
  const { status, body } = await replay('2026-03-02 00:00', '2026-03-02 12:00');
  expect([status, body.messages]).toEqual([202, 1]);
  const receiver = (await channels.subscriptions.load(id))?.subscription.receiver;
  expect(await channels.deliveries.message(id, 1)).toMatchObject({ state: 'again', receiver, number: 1 });
  expect(await channels.deliveries.message(id, 2)).toMatchObject({ state: 'dead' });
  expect(await typesOf(`SENT#${id}`)).toEqual(['MessageDelivered', 'MessageDead', 'ReplayAsked']);
  const codes = [
    await replay('2026-03-02 12:00', '2026-03-02 12:00'),
    await replay('2026-02-01 12:00', '2026-03-02 12:00'),
    await replay('2026-03-01 00:00', '2026-03-01 12:00'),
    await replay('2026-03-02 00:00', '2026-03-02 12:00', (await made(robot)).params),
    await replay('2026-03-02 00:00', '2026-03-02 12:00', (await made(feed)).params),
  ].map((one) => one.body.code);
  expect(codes).toEqual(['period-backwards', 'period-too-long', 'nothing-to-replay', 'no-ids', 'feed-is-read-again']);
});

/** Messages 1, 2, 3 … of a subscription, made a minute apart from 08:00 on; `stateOf` says what became of each. */
async function messagesOf(id: SubscriptionId, count: number, stateOf: (no: number) => 'delivered' | 'dead') {
  const of = toldOf(id, '某事', OWNER);
  const one = of.messages?.[0]?.after;
  const told = of.facts.find((fact) => fact.type === 'MessageDelivered');
  if (one === undefined || told === undefined) throw new Error('there is one');
  const all = Array.from({ length: count }, (_, index) => ({
    after: { ...one, number: index + 1, madeAt: plusMs(at('2026-03-02 08:00'), index * 60_000), state: stateOf(index + 1) },
  }));
  for (let first = 0; first < count; first += 80) {
    await channels.deliveries.save({ ...of, deliveries: [], messages: all.slice(first, first + 80) });
  }
  const facts = [{ ...told, data: { ...told.data, message: count } }];
  await channels.deliveries.save({
    ...of,
    deliveries: [],
    messages: [],
    outbox: { before: await channels.deliveries.outbox(id), facts },
  });
}

test('all that was delivered in a period is replayed in its order, however much of it was not: what one request does not take is said', async () => {
  const { id, params } = await made(hook);
  const isDelivered = (no: number): boolean => no <= 100 || no > 290;
  await messagesOf(id, 300, (no) => (isDelivered(no) ? 'delivered' : 'dead'));
  const period = { from: at('2026-03-02 08:05'), until: at('2026-03-02 12:58') };
  const expected = Array.from({ length: 300 }, (_, index) => index + 1).filter((no) => isDelivered(no) && no > 5 && no <= 298);
  const replayed = async (): Promise<readonly number[]> => {
    const all = [...(await channels.deliveries.messages(id, 200)), ...(await channels.deliveries.messages(id, 200, 200))];
    return all.filter(({ state }) => state === 'again').map(({ number }) => number);
  };
  const replay = (after?: number) =>
    channels.ask(api.replayMessages, works.head, NOON, { params, body: { ...period, ...(after !== undefined && { after }) } });
  const first = await replay();
  expect([first.status, first.body]).toMatchObject([202, { messages: 80, isMore: true, after: 85 }]);
  expect(first.body.says).toContain('after 填 85');
  expect(await replayed()).toEqual(expected.slice(0, 80));
  const rest = await replay(first.body.after);
  expect([rest.status, rest.body]).toMatchObject([202, { messages: 23, isMore: false, after: 298 }]);
  expect(await replayed()).toEqual(expected);
  const nothing = await replay(rest.body.after);
  expect([nothing.status, nothing.body.code]).toEqual([422, 'nothing-to-replay']);
});

test('what nobody took waits anew, for wherever the subscription goes now', async () => {
  const { id, params } = await told(hook);
  const { status, body } = await channels.ask(api.redriveDeliveries, works.head, NOON, { params, body: {} });
  expect([status, body]).toMatchObject([202, { reminders: 1, isMore: false }]);
  const receiver = (await channels.subscriptions.load(id))?.subscription.receiver;
  expect(await channels.deliveries.load(id, ['dead:1'])).toMatchObject([{ state: 'waiting', receiver, due: at(NOON) }]);
  expect((await channels.deliveries.outbox(id)).outbox).toMatchObject({ told: 1, dead: 0 });
  const again = await channels.ask(api.redriveDeliveries, works.head, NOON, { params, body: {} });
  expect([again.status, again.body.code]).toEqual([409, 'nothing-dead']);
});

test('who comes for his messages has them in order, each once, and says how far he has them', async () => {
  const { id, params } = await made(feed);
  for (let first = 1; first < 7; first += 2) {
    const of = toldOf(id, `第 ${first} 条`, OWNER, first);
    const messages = of.messages?.map(({ after }) => ({ after: { ...after, state: 'delivered' as const } })) ?? [];
    await channels.deliveries.save({
      ...of,
      messages,
      outbox: { before: await channels.deliveries.outbox(id), facts: of.facts },
    });
  }
  const read: number[] = [];
  let after = 0;
  for (let isMore = true; isMore; ) {
    const { body } = await channels.ask(api.readFeed, works.holder, NOON, {
      params,
      query: { after: String(after), limit: '4' },
    });
    for (const { number, id: message, body: said } of body.messages) {
      read.push(number);
      expect([message, said.data.message]).toEqual([`msg_${id}_${number}`, `msg_${id}_${number}`]);
    }
    ({ after, isMore } = body);
    expect(body.pollAfterSeconds).toBe(isMore ? 0 : 30);
  }
  expect(read).toEqual([1, 2, 3, 4, 5, 6]);
  const feedFrom = (after: string) => channels.ask(api.readFeed, works.holder, NOON, { params, query: { after } });
  expect((await feedFrom('6')).body).toMatchObject({ messages: [], after: 6, isMore: false });
  const nowhere = await feedFrom('777');
  expect([nowhere.status, nowhere.body]).toMatchObject([422, { code: 'not-that-far', field: 'after', last: 6 }]);
  const confirm = (message: number) => channels.ask(api.confirmRead, works.holder, NOON, { params, body: { message } });
  expect((await confirm(4)).body).toEqual({ readThrough: 4, lastMessage: 6 });
  expect((await confirm(2)).body).toEqual({ readThrough: 4, lastMessage: 6 });
  const far = await confirm(7);
  expect([far.status, far.body.code]).toEqual([422, 'not-that-far']);
  expect((await typesOf(`SENT#${id}`)).filter((type) => type === 'FeedRead')).toHaveLength(1);
  const { body } = await channels.ask(api.readSubscription, works.head, NOON, { params });
  expect(body.insight).toMatchObject({
    readThrough: 4,
    lastMessage: 6,
    says: expect.stringMatching(/共 6 条消息，对方已确认到第 4 条/),
  });
  expect(body.insight.receiver).toBeUndefined();
  const sent = await made(robot);
  const refused = await channels.ask(api.readFeed, works.head, NOON, { params: sent.params });
  expect([refused.status, refused.body.code]).toEqual([409, 'not-a-feed']);
});

test('a feed whose answer broke off for its size says that there is more', async () => {
  const { id, params } = await made(feed);
  const of = toldOf(id, '长'.repeat(310_000), OWNER);
  const messages = of.messages?.map(({ after }) => ({ after: { ...after, state: 'delivered' as const } })) ?? [];
  await channels.deliveries.save({ ...of, messages, outbox: { before: await channels.deliveries.outbox(id), facts: of.facts } });
  const { body } = await channels.ask(api.readFeed, works.holder, NOON, { params, query: { limit: '2' } });
  expect([body.messages.length, body.isMore, body.pollAfterSeconds]).toEqual([2, true, 0]);
});

test('a message is read whole, with what to do, where and by when, by those who may read what is told there', async () => {
  const { id, params } = await told(robot);
  const most = 80;
  const reminders = Array.from({ length: most }, (_, no) => reminder('hazard-assigned', { id: `h:${no}` }));
  const receiver = receiverOf((await channels.subscriptions.load(id))?.subscription ?? { id });
  const endedAt = at('2026-03-02 09:00');
  await channels.deliveries.save({
    ...{ occasion: SYSTEM, keptDays: 400 },
    deliveries: reminders.map((reminder) => ({
      after: { subscription: id, reminder, receiver, due: endedAt, state: 'told', message: 3, endedAt },
    })),
    messages: [
      {
        after: {
          ...{ subscription: id, number: 3, receiver, reminders: reminders.map((one) => one.id), madeAt: endedAt, endedAt },
          ...{ state: 'delivered', attempts: 1, body: '{}' },
        },
      },
    ],
  });
  const read = (as: Person, message: string) => channels.ask(api.readMessage, as, NOON, { params: { ...params, message } });
  const { status, body } = await read(works.holder, '3');
  expect([status, body.items.length, body.says]).toEqual([200, most, '3月2日 09:00 送达。']);
  expect(body.items[0]).toMatchObject({
    ...{ kindName: '整改任务', where: '打磨车间除尘管道', link: '/hazards/R01K2M3N4P5Q6' },
    ...{
      headline: expect.stringMatching(/重大隐患/),
      until: expect.stringMatching(/还剩/),
      why: expect.stringMatching(/二\(五\)/),
    },
  });
  expect((await read(works.holder, '2')).body.says).toBe('没有送达：接收端未接收（HTTP 500）。');
  for (const [as, expected] of [
    [committee, 200],
    [others.head, 404],
    [township, 404],
    [operator, 403],
  ] as const)
    expect([as.role, (await read(as, '3')).status]).toEqual([as.role, expected]);
  expect((await read(works.head, '4')).body).toMatchObject({ status: 404, detail: expect.stringMatching(/留存期限/) });
});

test('"I was never told" is answered: by subscription or by the thing, to those who may see it', async () => {
  const { id } = await told(hook);
  const about = 'HAZ#R01H3Z8K2M4N5';
  const list = (as: Person, query: Record<string, string>) => channels.ask(api.listDeliveries, as, NOON, { query });
  const { body } = await list(works.holder, { subscription: id });
  expect(body.items).toMatchObject([
    { reminder: 'dead:1', state: 'dead', message: 2, about, says: '没有送达：接收端未接收（HTTP 500）；处理后可重新投递' },
    {
      reminder: 'told:1',
      state: 'told',
      message: 1,
      says: '3月2日 08:30 送达，在第 1 条消息中',
      scope,
      roles: expect.arrayContaining(['head']),
    },
  ]);
  for (const as of [works.head, committee, prefecture, operator]) expect((await list(as, { about })).body.items).toHaveLength(2);
  for (const as of [others.head, township, expert]) expect((await list(as, { about })).body.items).toEqual([]);
  expect((await list(auditor, { about })).status).toBe(403);
  for (const query of [{}, { about, subscription: id }]) {
    const refused = await list(works.head, query);
    expect([refused.status, refused.body.code]).toEqual([400, 'subscription-or-about']);
  }
  const first = await list(works.head, { subscription: id, limit: '1' });
  const second = await list(works.head, { subscription: id, limit: '1', cursor: first.body.cursor });
  expect([first, second].flatMap((one) => one.body.items.map(({ reminder }: { reminder: string }) => reminder))).toEqual([
    'dead:1',
    'told:1',
  ]);
});

test('two who ask for a test at once are both sent one', async () => {
  const { id, params } = await made(robot);
  const asked = [works.head, works.manager].map((as) => channels.ask(api.testSubscription, as, NOON, { params, body: {} }));
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([202, 202]);
  expect((await channels.deliveries.ofSubscription(id, 10)).items).toHaveLength(2);
  expect(await typesOf(`SENT#${id}`)).toEqual(['TestAsked', 'TestAsked']);
});

test('a log holds codes, and nothing of what was pasted', async () => {
  const lines: string[] = [];
  const writes = [process.stdout, process.stderr].map((to) =>
    jest.spyOn(to, 'write').mockImplementation((line) => lines.push(String(line)) > 0),
  );
  try {
    for (const body of [
      { ...robot, address: DINGTALK },
      { ...hook, secret: 'whsec_c2hvcnQ' },
      { ...hook, address: [HOOK] },
    ]) {
      await channels.ask(api.makeSubscription, works.head, NOON, { body });
    }
    await key.failing(() => channels.ask(api.makeSubscription, works.head, NOON, { body: hook }));
  } finally {
    for (const write of writes) write.mockRestore();
  }
  expect(lines.join('')).toMatch(/address-not-of-channel.*secret-not-of-channel.*malformed.*failed/s);
  expect(lines.join('')).not.toMatch(/d1e2f3a4|c2hvcnQ|reminders\?of|MfKQ9r8G/);
});

test('how it stands is said in figures and in a sentence', async () => {
  const { id, params } = await made(robot);
  const insight = async () => (await channels.ask(api.readSubscription, works.head, NOON, { params })).body.insight;
  expect(await insight()).toMatchObject({
    ...{ says: '还没有发过消息，可发一条测试消息。', waiting: 0, told: 0, dead: 0, lastMessage: 0 },
    receiver: { failures: 0, budget: [{ most: 20, seconds: 60, used: 0, free: 20 }] },
  });
  await channels.ask(api.testSubscription, works.head, NOON, { params, body: {} });
  const subscription = (await channels.subscriptions.load(id))?.subscription;
  if (subscription === undefined) throw new Error('not there');
  const base = { id: receiverOf(subscription), channel: 'wecom', failures: 0 };
  const grants = [at('2026-03-02 11:00'), at('2026-03-02 12:00'), at('2026-03-02 12:00')];
  await channels.receivers.put({ ...base, grants, blockedUntil: at('2026-03-02 12:01') }, 0);
  expect(await insight()).toMatchObject({
    ...{ waiting: 1, isMoreWaiting: false, says: '平台限流，3月2日 12:01 以后再发，等待发送 1 条。' },
    receiver: { blockedUntil: at('2026-03-02 12:01'), budget: [{ used: 2, free: 18 }] },
  });
  const failing = { failures: 4, failingSince: at('2026-03-02 10:00'), lastFailure: { at: at(NOON), says: '接收端拒绝连接' } };
  const tried = { message: 1, turn: 'other', attempt: 4, counted: 4, since: at('2026-03-02 10:00'), at: at(NOON) } as const;
  const rests = { ...tried, subscription: id, due: at('2026-03-02 14:00') };
  await channels.receivers.put({ ...base, grants: [], ...failing, resting: [rests] }, 1);
  expect(await insight()).toMatchObject({
    says: '3月2日 10:00 起连续失败 4 次（接收端拒绝连接），将于 3月2日 14:00 重试，等待发送 1 条。',
    receiver: failing,
  });
  const underway = { ...tried, subscription: id, phase: 'sending', due: at('2026-03-02 12:02') } as const;
  await channels.receivers.put({ ...base, grants: [], ...failing, underway }, 2);
  expect((await insight()).says).toContain('（接收端拒绝连接），正在发送，等待发送 1 条。');
  // All attempts were made, or it is another's message that rests at the same robot.
  const another = { ...rests, subscription: subscriptionId('1'.repeat(20)) };
  await channels.receivers.put({ ...base, grants: [], ...failing, resting: [another] }, 3);
  expect((await insight()).says).toContain('（接收端拒绝连接），没有正在重试的消息，等待发送 1 条。');
  await channels.receivers.put({ ...base, grants: [], lastDelivered: at(NOON) }, 4);
  const of = toldOf(id, '某事', OWNER);
  await channels.deliveries.save({ ...of, outbox: { before: await channels.deliveries.outbox(id), facts: of.facts } });
  expect((await insight()).says).toBe('正常，最近一次于 3月2日 08:30 送达，等待发送 1 条，1 条没有送达、可重新投递。');
});

test('what waits is counted of the subscription itself, however much waits for another at the same robot', async () => {
  const { id, params } = await made(robot);
  const receiver = receiverOf((await channels.subscriptions.load(id))?.subscription ?? { id });
  const waits = (subscription: SubscriptionId, no: number) =>
    channels.deliveries.add({
      ...{ subscription, receiver, due: at(NOON), state: 'waiting' },
      reminder: reminder('hazard-assigned', { id: `w:${String(no).padStart(3, '0')}` }),
    });
  for (let no = 0; no < 210; no++) await waits(subscriptionId('1'.repeat(20)), no);
  for (let no = 0; no < 3; no++) await waits(id, no);
  const { body } = await channels.ask(api.readSubscription, works.head, NOON, { params });
  expect(body.insight).toMatchObject({ waiting: 3, isMoreWaiting: false, says: expect.stringMatching(/等待发送 3 条/) });
  for (let no = 3; no < 205; no++) await waits(id, no);
  const more = await channels.ask(api.readSubscription, works.head, NOON, { params });
  expect(more.body.insight).toMatchObject({ waiting: 200, isMoreWaiting: true, says: expect.stringMatching(/200 条以上/) });
});

test('how it stands is said of what has ended, of what is switched off, and of a feed that has nothing', async () => {
  const insight = async (params: { id: string }) =>
    (await channels.ask(api.readSubscription, works.head, NOON, { params })).body.insight.says;
  const empty = await made(feed);
  expect(await insight(empty.params)).toBe('由对方来取，还没有消息。');
  await channels.ask(api.endSubscription, works.head, NOON, { params: empty.params, body: { version: empty.version } });
  expect(await insight(empty.params)).toBe('已结束，不再发送。');
  const { id, params } = await made(robot);
  await disable(id, '企业微信不认此地址');
  expect(await insight(params)).toBe('3月2日 12:00 起停用：企业微信不认此地址。处理后请重新启用。');
});

test('whoever asks for a test is told what may hold it up', async () => {
  const { id, params } = await made(robot);
  const test = async (of = params) =>
    (await channels.ask(api.testSubscription, works.head, NOON, { params: of, body: {} })).body.says;
  expect(await test()).toBe('测试消息已交付发送，一分钟内应当收到。');
  expect(await test((await made(feed)).params)).toBe('测试消息一分钟内放入，由对方来取。');
  const base = {
    ...{ id: receiverOf((await channels.subscriptions.load(id))?.subscription ?? { id }), channel: 'wecom', grants: [] },
    failures: 0,
  };
  let rev = 0;
  const stands = (more: object) => channels.receivers.put({ ...base, ...more }, rev++);
  await stands({ blockedUntil: at('2026-03-02 12:10') });
  expect(await test()).toBe('测试消息要等到 3月2日 12:10 以后发送：平台限流，或发送次数已达上限。');
  const failing = { failures: 4, failingSince: at('2026-03-02 10:00'), lastFailure: { at: at(NOON), says: '接收端拒绝连接' } };
  await stands(failing);
  expect(await test()).toBe('测试消息将立即试发一次，但可能收不到：3月2日 10:00 起连续失败 4 次（接收端拒绝连接）。请查看结果。');
  const tried = { turn: 'urgent', attempt: 4, counted: 4, since: at('2026-03-02 10:00'), at: at(NOON) } as const;
  const resting = Array.from({ length: 40 }, (_, no) => ({
    ...{ ...tried, subscription: id, message: no + 1, due: at('2026-03-02 14:00') },
  }));
  await stands({ ...failing, resting });
  expect(await test()).toMatch(/^测试消息暂不发送：有 40 条消息正在等待重试，3月2日 10:00 起连续失败 4 次/);
  const underway = { ...tried, subscription: id, message: 1, phase: 'sending', due: at('2026-03-02 12:02') } as const;
  await stands({ underway });
  expect(await test()).toBe('测试消息已交付发送，排在正在发送的一条之后，一分钟内应当收到。');
});

test('each fate of a reminder has its sentence', async () => {
  const { id } = await made(robot);
  const receiver = receiverOf((await channels.subscriptions.load(id))?.subscription ?? { id });
  const endedAt = at('2026-03-02 09:00');
  const of = (name: string, due = endedAt) => ({
    ...{ subscription: id, receiver, due, reminder: reminder('hazard-assigned', { id: name }) },
  });
  await channels.deliveries.add({ ...of('held', at('2026-03-03 07:00')), state: 'waiting' });
  await channels.deliveries.add({ ...of('now'), state: 'waiting' });
  const reasons = ['done', 'over', 'superseded', 'void', 'ended', 'unwanted'] as const;
  const deliveries = reasons.map((because) => ({ after: { ...of(because), state: 'dropped' as const, because, endedAt } }));
  await channels.deliveries.save({ occasion: SYSTEM, keptDays: 400, deliveries });
  const says = async () => {
    const { body } = await channels.ask(api.listDeliveries, works.head, NOON, { query: { subscription: id } });
    const items: readonly { reminder: string; says: string }[] = body.items;
    return Object.fromEntries(items.map((one) => [one.reminder, one.says]));
  };
  expect(await says()).toEqual({
    held: '等到 3月3日 07:00 发送',
    now: '正在发送，或与其他提醒合并等候',
    done: '3月2日 09:00 发送前已办结，不再提醒',
    over: '3月2日 09:00 发送前时限已过，不再提醒',
    superseded: '3月2日 09:00 同一事项已有新的提醒或新的期限，这一条不再发送',
    void: '3月2日 09:00 发送前事项已取消，或已改由他人办理，不再提醒',
    ended: '3月2日 09:00 订阅已结束，没有发送',
    unwanted: '3月2日 09:00 这个订阅不要这种提醒，没有发送',
  });
  await disable(id, '企业微信不认此地址');
  expect(await says()).toMatchObject({ held: '渠道已停用（企业微信不认此地址），还没有发送' });
});

test('that nothing was to be told is an answer too: what it means, and where to look', async () => {
  const list = async (query: Record<string, string>, as = works.head) =>
    (await channels.ask(api.listDeliveries, as, NOON, { query })).body;
  const { id } = await made({ ...robot, kinds: ['list-ending', 'checks-missed'] });
  expect(await list({ subscription: id })).toEqual({
    items: [],
    says: `3月2日 12:00 接入以来，没有提醒要发给这个订阅（留存期限以前的除外），只要这些种类：漏查、月度清单待报。它的范围、岗位见 GET /v1/subscriptions/${id}。`,
  });
  const about = 'HAZ#R01H3Z8K2M4N5';
  const says = expect.stringMatching(
    /^没有关于 HAZ#R01H3Z8K2M4N5 的提醒发给您可以查看的订阅：.*当时没有订阅.*GET \/v1\/subscriptions。$/,
  );
  expect(await list({ about })).toEqual({ items: [], says });
  await told(hook);
  expect(await list({ about })).not.toHaveProperty('says');
  // Whoever may see none of it is answered like one for whom there is none.
  expect(await list({ about }, others.head)).toEqual({ items: [], says });
  expect(await list({ about, limit: '1' }, others.head)).toMatchObject({ items: [], says: expect.stringMatching(/cursor/) });
});

test('a delivery says to whom it was, though the subscription has another name and other readers by now', async () => {
  const { id, params, version } = await made({ ...robot, roles: ['head'] });
  await channels.ask(api.testSubscription, works.head, NOON, { params, body: {} });
  const body = { version, name: '车间群', scope, roles: ['team-leader'] };
  expect((await channels.ask(api.changeSubscription, works.head, NOON, { params, body })).status).toBe(200);
  await channels.ask(api.testSubscription, works.head, NOON, { params, body: {} });
  const { body: listed } = await channels.ask(api.listDeliveries, works.head, NOON, { query: { subscription: id } });
  const items: readonly { subscriptionName: string; roles: string[] }[] = listed.items;
  expect(items.map(({ subscriptionName, roles }) => `${subscriptionName} ${roles}`).sort()).toEqual([
    '班组群 head',
    '车间群 team-leader',
  ]);
  // What was told to another in the same place is not his who has it now. One from before it was kept is shown as the subscription is.
  const receiver = receiverOf((await channels.subscriptions.load(id))?.subscription ?? { id });
  const of = (name: string) => ({ subscription: id, receiver, due: at(NOON), reminder: reminder('checks-due', { id: name }) });
  const to = { name: '旧', channel: 'wecom', scope: { of: 'inspector', person: personId('li') } } as const;
  await channels.deliveries.add({ ...of('to-a-person'), to, state: 'waiting' });
  await channels.deliveries.add({ ...of('from-before'), state: 'waiting' });
  const { body: later } = await channels.ask(api.listDeliveries, works.head, NOON, { query: { subscription: id } });
  const kept = later.items.filter(({ kind }: { kind: string }) => kind === 'checks-due');
  expect(kept).toMatchObject([{ reminder: 'from-before', subscriptionName: '车间群', roles: ['team-leader'] }]);
});
