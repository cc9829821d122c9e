/** Addresses, signatures and answers of each platform, by its documents and by vectors that others published. */
import { createHmac } from 'node:crypto';
import { channelOf } from '../../shared/channels/all.ts';
import type { Channel } from '../../shared/channels/channel.ts';
import { epochMs, instant, instantAt, plusMs } from '../../shared/domain/calendar.ts';
import { AT, digest, reminder } from '../support/reminder-examples.ts';

function channel(kind: string): Channel {
  const found = channelOf(kind);
  if (found === undefined) throw new Error(kind);
  return found;
}

const KEY = '693a91f6-7aoc-4bc4-97a0-0ec2sifa5aaa';
const WECOM = `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${KEY}`;
const DINGTALK = 'https://oapi.dingtalk.com/robot/send?access_token=566cc69da782ec33e42541b0b08551f09fbe864eb8008112e994b43887';
const FEISHU = 'https://open.feishu.cn/open-apis/bot/v2/hook/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';
const SEC = 'SEC8b4a1f0e6d2c3b5a79880f1e2d3c4b5a69788f0e1d2c3b4a';
const WHSEC = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

describe('addresses', () => {
  test.each([
    ['wecom', WECOM, undefined, WECOM],
    ['wecom', `  ${WECOM.replace('https://qyapi', 'HTTPS://QYAPI')}\n`, undefined, WECOM],
    ['wecom', WECOM.replace('.com/', '.com:443/'), undefined, WECOM],
    ['dingtalk', DINGTALK, SEC, DINGTALK],
    ['dingtalk', DINGTALK, undefined, DINGTALK],
    ['feishu', FEISHU, 'Tl4zBKDAa8nZq2', FEISHU],
    ['webhook', 'https://APP.example.cn/hooks/a?b=c', WHSEC, 'https://app.example.cn/hooks/a?b=c'],
    ['webhook', 'https://localhost.example.cn/', WHSEC, 'https://localhost.example.cn/'],
    ['webhook', 'https://8.8.8.8/hook', WHSEC, 'https://8.8.8.8/hook'],
    ['webhook', 'https://[2001:4860:4860::8888]/hook', WHSEC, 'https://[2001:4860:4860::8888]/hook'],
  ])('%s takes %s as the platform shows it', (kind, address, secret, url) => {
    expect(channel(kind).readAddress(address, secret, false)).toEqual({ url, secrets: secret ? [{ secret }] : [] });
  });

  test.each([
    ['wecom', WECOM.replace('https', 'http')],
    ['wecom', WECOM.replace('qyapi.weixin.qq.com', 'qyapi.weixin.qq.com.evil.example')],
    ['wecom', WECOM.replace('https://', 'https://qyapi.weixin.qq.com@evil.example/')],
    ['wecom', WECOM.replace('https://', 'https://u:p@')],
    ['wecom', WECOM.replace('.com/', '.com:8443/')],
    ['wecom', WECOM.replace('send', '../message/send')],
    ['wecom', WECOM.replace('.com/', '.com./')],
    ['wecom', `${WECOM}&debug=1`],
    ['wecom', `${WECOM}#x`],
    ['wecom', WECOM.replace('key=', 'key=%31')],
    ['wecom', KEY],
    ['wecom', FEISHU],
    ['dingtalk', `${DINGTALK}&timestamp=1&sign=x`],
    ['dingtalk', DINGTALK.replace('robot/send', 'robot%2Fsend')],
    ['feishu', FEISHU.replace('/v2', '')],
    ['feishu', `${FEISHU}/more`],
    ['feishu', `${FEISHU}?x=1`],
    ['webhook', 'http://app.example.cn/'],
    ['webhook', 'https://app.example.cn./'],
    ['webhook', 'https://app.example.cn%2e/'],
    ['webhook', 'https://app.example.cn:8443/'],
    ['webhook', 'https://user:pass@app.example.cn/'],
    ['webhook', 'https://app.example.cn/#part'],
    ['webhook', 'https://app.example.cn\\@evil.example/'],
    ['webhook', 'http://127.0.0.1:3000/'],
    ['webhook', 'ftp://app.example.cn/'],
    ['webhook', 'https://127.0.0.1/'],
    ['webhook', 'https://2130706433/'],
    ['webhook', 'https://169.254.169.254/latest/meta-data'],
    ['webhook', 'https://10.0.0.8/'],
    ['webhook', 'https://[::1]/'],
    ['webhook', 'https://[::ffff:10.0.0.1]/'],
    ['webhook', 'https://[fd00:ec2::254]/'],
    ['webhook', 'https://localhost/'],
    ['webhook', 'https://app.localhost/'],
    ['webhook', 'https://intranet/'],
    ['webhook', 'https://metadata.google.internal/'],
    ['webhook', 'https://printer.local/'],
    ['feed', WECOM],
  ])('%s refuses %s, and says what to paste', (kind, address) => {
    const read = channel(kind).readAddress(address, kind === 'webhook' ? WHSEC : undefined, false);
    expect(read).toEqual({ field: 'address', says: expect.stringMatching(/请|不填/) });
  });

  test.each([
    ['wecom', WECOM, SEC],
    ['dingtalk', DINGTALK, 'secret'],
    ['feishu', FEISHU, '有空格 的'],
    ['webhook', 'https://app.example.cn/', undefined],
    ['webhook', 'https://app.example.cn/', `whsec_${Buffer.alloc(23).toString('base64')}`],
    ['webhook', 'https://app.example.cn/', `whsec_${Buffer.alloc(65).toString('base64')}`],
    ['webhook', 'https://app.example.cn/', `${WHSEC}!!`],
    ['webhook', 'https://app.example.cn/', Buffer.alloc(32).toString('base64')],
    ['feed', '', WHSEC],
  ])('%s at %s refuses the secret %s', (kind, address, secret) => {
    expect(channel(kind).readAddress(address, secret, false)).toMatchObject({ field: 'secret', says: expect.any(String) });
  });

  test.each([
    ['wecom', `http://127.0.0.1:4010/cgi-bin/webhook/send?key=${KEY}`],
    ['dingtalk', 'http://localhost:4010/robot/send?access_token=abcdefgh'],
    ['feishu', 'http://[::1]:4010/open-apis/bot/v2/hook/abcdefgh'],
    ['webhook', 'http://127.0.0.1:4010/hook'],
  ])('on a local cloud %s may be on this machine, with the path of its kind', (kind, address) => {
    const secret = kind === 'webhook' ? WHSEC : undefined;
    expect(channel(kind).readAddress(address, secret, true)).toMatchObject({ url: address });
    expect(channel(kind).readAddress(address, secret, false)).toMatchObject({ field: 'address' });
    expect(channel(kind).readAddress(address.replace(/(127.0.0.1|localhost|\[::1\])/, '10.0.0.1'), secret, true)).toMatchObject({
      field: 'address',
    });
    expect(channel(kind).readAddress(address.replace(/(127.0.0.1|localhost|\[::1\])/, 'localhost.'), secret, true)).toMatchObject(
      {
        field: 'address',
      },
    );
  });
});

describe('signatures', () => {
  /** Of the public tests of several clients, who computed them by the samples of DingTalk's documents. */
  test.each([
    ['this is secret', 'hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D'],
    ['this is a secret', encodeURIComponent('DJrE6qdyVGCQz9z5r2MDuNcNAhwYnuAkyj13cx169CA=')],
  ])('DingTalk: %s', (secret, sign) => {
    const { url, body } = channel('dingtalk').request(
      { url: DINGTALK, secrets: [{ secret }] },
      '{}',
      instantAt(1577262236757),
      'm',
    );
    expect(url).toBe(`${DINGTALK}&timestamp=1577262236757&sign=${sign}`);
    expect(body).toBe('{}');
  });

  test.each([
    ['demo-secret', 1599360473, '3/MaVZ8JLIy4TUG+7KSFJqvUkTKd+HWY8g+56DZWq8s='],
    ['9RfDwbCf5MqJ54F8FUktw', 1584532800, 'YftbIE5F81bUnsLwj5Av5Ahfxsa/71+f4Th4tPR7GaA='],
  ])('Feishu: %s', (secret, seconds, sign) => {
    const body = channel('feishu').render(digest([reminder('test')]), { users: [], everybody: false }, false);
    const request = channel('feishu').request({ url: FEISHU, secrets: [{ secret }] }, body, instantAt(seconds * 1000 + 900), 'm');
    expect(request.url).toBe(FEISHU);
    expect(JSON.parse(request.body)).toEqual({ timestamp: String(seconds), sign, ...JSON.parse(body) });
  });

  test('Standard Webhooks: the vector of its specification', () => {
    const secrets = [{ secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }];
    const request = channel('webhook').request(
      { url: 'https://app.example.cn/', secrets },
      '{"test": 2432232314}',
      instantAt(1614265330_000),
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
    );
    expect(request.headers).toMatchObject({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  test('a secret that was replaced signs beside the new one until its time is over', () => {
    const key = (n: number) => Buffer.alloc(32, n);
    const secrets = [
      { secret: `whsec_${key(1).toString('base64')}` },
      { secret: `whsec_${key(2).toString('base64')}`, until: plusMs(AT, 1) },
      { secret: `whsec_${key(3).toString('base64')}`, until: AT },
    ];
    const signed = `msg_1.${epochMs(AT) / 1000}.{}`;
    const expected = [1, 2].map((n) => `v1,${createHmac('sha256', key(n)).update(signed).digest('base64')}`);
    const { headers } = channel('webhook').request({ url: 'https://app.example.cn/', secrets }, '{}', AT, 'msg_1');
    expect(headers['webhook-signature']).toBe(expected.join(' '));
  });

  test('without a secret nothing is added', () => {
    for (const kind of ['wecom', 'dingtalk', 'feishu']) {
      expect(channel(kind).request({ url: WECOM, secrets: [] }, '{"a":1}', AT, 'm')).toMatchObject({
        url: WECOM,
        body: '{"a":1}',
      });
    }
  });
});

describe('answers', () => {
  const read = (kind: string, body: string | object, status = 200, retryAfter?: string) =>
    channel(kind).read({
      ...{ status, body: typeof body === 'string' ? body : JSON.stringify(body), at: AT },
      ...(retryAfter !== undefined && { retryAfter }),
    });

  test.each([
    ['wecom', { errcode: 0, errmsg: 'ok' }, 'delivered'],
    ['wecom', { errcode: 45009, errmsg: 'api freq out of limit' }, 'throttled'],
    ['wecom', { errcode: 40058, errmsg: 'markdown.content exceed max length 4096. invalid Request Parameter' }, 'too-long'],
    ['wecom', { errcode: 93000, errmsg: 'invalid webhook url, hint: [1755605200], from ip: 172.212.167.87' }, 'refused'],
    ['wecom', { errcode: -1, errmsg: 'system busy' }, 'failed'],
    ['dingtalk', { errcode: 0, errmsg: 'ok' }, 'delivered'],
    ['dingtalk', { status: 1111, wait: 5, punish: 'deny', errcode: 130101, errmsg: 'send too fast' }, 'throttled'],
    ['dingtalk', { errcode: 310000, errmsg: 'invalid timestamp' }, 'stale'],
    ['dingtalk', { errcode: 310000, errmsg: 'sign not match' }, 'stale'],
    ['dingtalk', { errcode: 310000, errmsg: 'keywords not in content' }, 'refused'],
    ['dingtalk', { errcode: 310000, errmsg: 'ip 1.2.3.4 not in whitelist' }, 'refused'],
    ['dingtalk', { errcode: 460101, errmsg: 'message too long, exceed 20000 bytes' }, 'too-long'],
    ['dingtalk', { errcode: 300001, errmsg: 'token is not exist' }, 'refused'],
    ['dingtalk', { errcode: -1, errmsg: 'system busy' }, 'failed'],
    ['feishu', { StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' }, 'delivered'],
    ['feishu', { StatusCode: 0, StatusMessage: 'success' }, 'delivered'],
    ['feishu', { StatusCode: 0, code: 19021, msg: 'sign match fail' }, 'stale'],
    ['feishu', { code: 9499, msg: 'Bad Request', data: {} }, 'too-long'],
    ['feishu', { code: 11232, msg: 'frequency limited' }, 'throttled'],
    ['feishu', { code: 19022, msg: 'Ip Not Allowed' }, 'refused'],
    ['feishu', { code: 19024, msg: 'Key Words Not Found' }, 'refused'],
    ['feishu', { code: 19001, msg: 'param invalid: incoming webhook access token invalid' }, 'refused'],
    ['feishu', { code: 12345, msg: 'something new' }, 'failed'],
  ])('%s: %j is %s', (kind, body, is) => {
    expect(read(kind, body).is).toBe(is);
  });

  test('the penalty is as long as the platform says', () => {
    expect(read('wecom', { errcode: 45009 })).toMatchObject({ forMs: 60_000 });
    expect(read('dingtalk', { errcode: 130101 })).toMatchObject({ forMs: 600_000 });
  });

  test.each(['wecom', 'dingtalk', 'feishu'])(
    '%s: a 200 that cannot be read is no success, nor is a code 0 with another status',
    (kind) => {
      for (const body of ['', '<html>ok</html>', '{"errcode":"0","code":"0"}', '[0]', 'null', '{"errcode":0,"code":0']) {
        expect(read(kind, body)).toMatchObject({ is: 'failed', says: expect.stringContaining('HTTP 200') });
      }
      expect(read(kind, { errcode: 0, code: 0 }, 502)).toMatchObject({ is: 'failed' });
      expect(read(kind, '', 429, '7')).toMatchObject({ is: 'throttled', forMs: 7_000 });
    },
  );

  test.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [301, 'failed'],
    [307, 'failed'],
    [400, 'failed'],
    [404, 'failed'],
    [410, 'gone'],
    [429, 'throttled'],
    [500, 'failed'],
    [502, 'failed'],
    [504, 'failed'],
  ])('a webhook: HTTP %i is %s', (status, is) => {
    expect(read('webhook', 'anything', status).is).toBe(is);
  });

  test.each([
    ['120', 120_000],
    ['Tue, 30 Jun 2026 06:01:30 GMT', 90_000],
    ['Tue, 30 Jun 2026 05:00:00 GMT', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['99999999999999', undefined],
  ])('Retry-After: %s', (retryAfter, ms) => {
    expect(read('webhook', '', 503, retryAfter)).toEqual({
      ...{ is: 'failed', says: '接收端未接收（HTTP 503）' },
      ...(ms !== undefined && { afterMs: ms }),
    });
    expect(read('webhook', '', 429, retryAfter)).toMatchObject({ is: 'throttled', forMs: ms ?? 60_000 });
  });

  test("a receiver's words are one short line", () => {
    const { says = '' } = { says: '', ...read('webhook', `坏\n${'了'.repeat(900)}`, 500) };
    expect(says).toMatch(/^接收端未接收（HTTP 500）：坏 了+…$/);
    expect(Buffer.byteLength(says)).toBeLessThan(300);
  });
});

test('a feed is pulled: it needs nothing and sends nothing', () => {
  const feed = channel('feed');
  expect(feed.isPulled).toBe(true);
  expect(feed.readAddress('', undefined, false)).toEqual({ url: '', secrets: [] });
  expect(() => feed.request({ url: '', secrets: [] }, '', instant('2026-01-01T00:00:00Z'), 'm')).toThrow('fetched');
});
