/** The local receivers against what the platforms document: vectors that others computed, limits to the byte, and penalties to their end. */
import { createHmac } from 'node:crypto';
import { type Instant, instant, plusMs } from '../../shared/domain/calendar.ts';
import { dingtalkRobot } from '../support/receivers/dingtalk.ts';
import { feishuBot } from '../support/receivers/feishu.ts';
import type { Arrival } from '../support/receivers/platform.ts';
import { deliveryLine, type Receivers, startReceivers } from '../support/receivers/receivers.ts';
import { isSignedBy, webhookEndpoint } from '../support/receivers/standard-webhooks.ts';
import { wecomRobot } from '../support/receivers/wecom.ts';

const START = instant('2025-06-03T08:00:00Z');
const SECONDS = Date.parse(START) / 1000;
const MINUTE = 60_000;

/** The cheapest message of each, for what is not about the message. */
const arrival = (body: unknown, of: Partial<Arrival> = {}): Arrival => ({
  method: 'POST',
  url: new URL('http://receivers/'),
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  at: Date.parse(START),
  ...of,
});

describe('WeCom', () => {
  const markdown = (content: string) => ({ msgtype: 'markdown', markdown: { content } });
  const judge = (body: unknown) => wecomRobot().judge(arrival(body));

  test.each([
    ['markdown', 4096],
    ['markdown_v2', 4096],
    ['text', 2048],
  ])('%s ends at %i bytes, not characters', (msgtype, most) => {
    const content = '隐'.repeat(Math.floor(most / 3)).padEnd(Math.floor(most / 3) + (most % 3), 'a');
    expect(judge({ msgtype, [msgtype]: { content } })).toMatchObject({ status: 200, code: 0, isTaken: true });
    expect(judge({ msgtype, [msgtype]: { content: `${content}a` } })).toMatchObject({ status: 200, code: 40058, isTaken: false });
  });

  test('a card has its own limits, in characters', () => {
    const card = {
      card_type: 'text_notice',
      source: { desc: '隐'.repeat(13) },
      main_title: { title: '隐'.repeat(26) },
      horizontal_content_list: [{ keyname: '隐'.repeat(5), value: '隐'.repeat(26) }],
      card_action: { type: 1, url: 'https://example.org' },
    };
    const of = (change: object) => judge({ msgtype: 'template_card', template_card: { ...card, ...change } }).code;
    expect(of({})).toBe(0);
    expect(of({ source: { desc: '隐'.repeat(14) } })).toBe(40058);
    expect(of({ main_title: { title: '隐'.repeat(27) } })).toBe(40058);
    expect(of({ horizontal_content_list: [{ keyname: '隐'.repeat(6), value: '1' }] })).toBe(40058);
    expect(of({ horizontal_content_list: [{ keyname: '1', value: '隐'.repeat(27) }] })).toBe(40058);
    expect(of({ card_action: undefined })).toBe(40058);
    expect(of({ card_action: { type: 1 } })).toBe(40058);
    expect(of({ sub_title_text: '隐'.repeat(113) })).toBe(40058);
    expect(of({ main_title: { title: '隐', desc: '隐'.repeat(31) } })).toBe(40058);
  });

  const action = { type: 1, url: 'https://example.org' };
  const card = { card_type: 'text_notice', main_title: { title: '漏查' }, card_action: action };
  const news = { ...card, card_type: 'news_notice', card_image: { url: 'https://example.org/a.png' } };
  const cardCode = (template_card: object) => judge({ msgtype: 'template_card', template_card }).code;

  test.each([
    ['neither title nor text', { ...card, main_title: undefined }, 40058],
    ['a text and no main title at all', { ...card, main_title: undefined, sub_title_text: '3 处' }, 40058],
    ['a title that is empty, and no text', { ...card, main_title: { title: '' } }, 41016],
    ['an action of no kind', { ...card, card_action: {} }, 40058],
    ['an action that opens nothing', { ...card, card_action: { type: 0 } }, 40058],
    ['a small program without its id', { ...card, card_action: { type: 2 } }, 40058],
    ['a row without a name', { ...card, horizontal_content_list: [{ value: '3 处' }] }, 40058],
    ['a row that links nowhere', { ...card, horizontal_content_list: [{ keyname: '地点', type: 1 }] }, 40058],
    ['a row with a file that is none', { ...card, horizontal_content_list: [{ keyname: '附件', type: 2 }] }, 40058],
    ['a jump without a title', { ...card, jump_list: [action] }, 40058],
    ['a jump to no address', { ...card, jump_list: [{ type: 1, title: '打开', url: 'example' }] }, 40058],
    ['news without an image', { ...news, card_image: undefined }, 40058],
    ['news with a text for its title', { ...news, main_title: {}, sub_title_text: '3 处' }, 41016],
  ])('does not take a card with %s', (_, given, code) => {
    expect(cardCode(given)).toBe(code);
  });

  test('takes a card with all that it needs, and no more', () => {
    const text = { ...card, main_title: {}, sub_title_text: '3 处' };
    const app = { ...card, card_action: { type: 2, appid: 'wx1' }, jump_list: [{ title: '说明' }] };
    expect([card, news, text, app].map(cardCode)).toEqual([0, 0, 0, 0]);
  });

  test('an article has a title and an address', () => {
    const articles = (...given: object[]) => judge({ msgtype: 'news', news: { articles: given } }).code;
    const whole = { title: '漏查', url: 'https://example.org' };
    expect(articles(whole, whole)).toBe(0);
    expect(articles(whole, { ...whole, title: '' })).toBe(41016);
    expect(articles(whole, { title: '漏查' })).toBe(41010);
  });

  test('who is mentioned stands in the markdown, and in a list beside a text', () => {
    expect(judge(markdown('# 漏查\n<@wang> <@li>')).mentions).toEqual(['wang', 'li']);
    expect(judge({ msgtype: 'text', text: { content: '漏查', mentioned_list: ['@all'] } }).mentions).toEqual(['@all']);
    expect(judge({ msgtype: 'markdown_v2', markdown_v2: { content: '<@wang>' } }).mentions).toEqual([]);
  });

  test('what is no message is told by a code, on HTTP 200', () => {
    expect(judge('{')).toMatchObject({ status: 200, code: 40058 });
    expect(judge(markdown(''))).toMatchObject({ status: 200, code: 44004 });
    expect(judge({ msgtype: 'voice' })).toMatchObject({ status: 200, code: 40008 });
  });

  test('takes twenty in any minute, and the next as soon as the first is a minute old', () => {
    const robot = wecomRobot();
    const send = (ms: number) => robot.judge(arrival(markdown('a'), { at: Date.parse(START) + ms })).code;
    expect(Array.from({ length: 20 }, (_, n) => send(n * 1000))).toEqual(Array(20).fill(0));
    expect(send(20_000)).toBe(45009);
    expect(send(MINUTE - 1)).toBe(45009);
    expect(send(MINUTE)).toBe(0);
    expect(send(MINUTE + 999)).toBe(45009);
  });
});

describe('DingTalk', () => {
  /** `printf '1748937600000\nSEC…' | openssl dgst -sha256 -hmac 'SEC…' -binary | base64` */
  const SECRET = 'SECabcdef0123456789';
  const SIGN = '/kZFytXfQVZieDITeK90vVJelVYcSZMBxCSFluIykCw=';
  const text = { msgtype: 'text', text: { content: '隐患' } };
  const urlOf = (timestamp: number | string, sign = SIGN) =>
    new URL(`http://receivers/robot/send?access_token=t&timestamp=${timestamp}&sign=${encodeURIComponent(sign)}`);
  const signed = (at: number) => dingtalkRobot({ secret: SECRET }).judge(arrival(text, { url: urlOf(SECONDS * 1000), at }));

  test('takes what openssl signed, for an hour either way', () => {
    expect(signed(SECONDS * 1000)).toMatchObject({ status: 200, code: 0 });
    expect(signed(SECONDS * 1000 + 60 * MINUTE)).toMatchObject({ code: 0 });
    expect(signed(SECONDS * 1000 + 60 * MINUTE + 1)).toMatchObject({ status: 200, code: 310000, isTaken: false });
    expect(signed(SECONDS * 1000 - 60 * MINUTE - 1)).toMatchObject({ code: 310000 });
  });

  test.each([
    ['another signature', urlOf(SECONDS * 1000, SIGN.replace('k', 'K'))],
    ['a signature of another millisecond', urlOf(SECONDS * 1000 + 1)],
    ['seconds', urlOf(SECONDS)],
    ['none', new URL('http://receivers/robot/send?access_token=t')],
  ])('does not take %s', (_, url) => {
    expect(dingtalkRobot({ secret: SECRET }).judge(arrival(text, { url }))).toMatchObject({ status: 200, code: 310000 });
  });

  test('without a secret it asks for no signature; with keywords one has to stand in it', () => {
    expect(dingtalkRobot({}).judge(arrival(text)).code).toBe(0);
    expect(dingtalkRobot({ keywords: ['隐患'] }).judge(arrival(text)).code).toBe(0);
    expect(dingtalkRobot({ keywords: ['漏查'] }).judge(arrival(text)).code).toBe(310000);
  });

  test('a body ends at 20,000 bytes', () => {
    const of = (bytes: number) => {
      const empty = JSON.stringify({ msgtype: 'text', text: { content: '' } }).length;
      return dingtalkRobot({}).judge(arrival({ msgtype: 'text', text: { content: 'a'.repeat(bytes - empty) } })).code;
    };
    expect([of(20_000), of(20_001)]).toEqual([0, 460101]);
  });

  test('the 21st within a minute is blocked for ten, then all is well again', () => {
    const robot = dingtalkRobot({});
    const send = (ms: number) => robot.judge(arrival(text, { at: Date.parse(START) + ms })).code;
    for (let n = 0; n < 20; n++) expect(send(n * 1000)).toBe(0);
    expect(send(20_000)).toBe(130101);
    expect(send(5 * MINUTE)).toBe(130101);
    expect(send(20_000 + 10 * MINUTE - 1)).toBe(130101);
    expect(send(20_000 + 10 * MINUTE)).toBe(0);
  });

  test('in markdown whoever is mentioned has to stand in the text, in a card nobody is', () => {
    const at = { atUserIds: ['wang', 'li'], isAtAll: false };
    const markdown = { msgtype: 'markdown', markdown: { title: '漏查', text: '@wang 请处理' }, at };
    const card = { title: '漏查', text: '请处理', singleTitle: '打开', singleURL: 'https://example.org' };
    expect(dingtalkRobot({}).judge(arrival(markdown))).toMatchObject({ code: 0, title: '漏查', mentions: ['wang'] });
    expect(dingtalkRobot({}).judge(arrival({ msgtype: 'actionCard', actionCard: card, at }))).toMatchObject({
      code: 0,
      mentions: [],
    });
    expect(dingtalkRobot({}).judge(arrival({ msgtype: 'actionCard', actionCard: { ...card, singleURL: undefined } })).code).toBe(
      40035,
    );
  });
});

describe('Feishu', () => {
  /** The key is the time and the secret, the message is empty: the other way round than DingTalk. By openssl, as above. */
  const SECRET = 'abcdefghijklmnopqrstuv';
  const SIGN = 'nbVAXVVKYuLUEfkkkP82n5etDQ11hmwfmKUdpUXkRO0=';
  const text = { msg_type: 'text', content: { text: '隐患' } };
  const signed = (of: object, at = SECONDS * 1000) =>
    feishuBot({ secret: SECRET }).judge(arrival({ timestamp: String(SECONDS), sign: SIGN, ...text, ...of }, { at })).code;

  test('takes what openssl signed, for an hour either way', () => {
    expect(signed({})).toBe(0);
    expect(signed({}, (SECONDS + 3_600) * 1000)).toBe(0);
    expect(signed({}, (SECONDS + 3_601) * 1000)).toBe(19021);
    expect(signed({}, (SECONDS - 3_601) * 1000)).toBe(19021);
  });

  test('does not take another signature, a number for the time, or milliseconds', () => {
    expect(signed({ sign: encodeURIComponent(SIGN) })).toBe(19021);
    expect(signed({ timestamp: SECONDS })).toBe(19021);
    expect(signed({ timestamp: String(SECONDS * 1000) })).toBe(19021);
    expect(signed({ sign: undefined })).toBe(19021);
  });

  test('what is no message, or over 20 KB, is a bad request', () => {
    const judge = (body: unknown) => feishuBot({}).judge(arrival(body)).code;
    const ofLength = (bytes: number) => {
      const empty = JSON.stringify({ msg_type: 'text', content: { text: '' } }).length;
      return judge({ msg_type: 'text', content: { text: 'a'.repeat(bytes - empty) } });
    };
    expect([ofLength(20_000), ofLength(20_001)]).toEqual([0, 9499]);
    expect([judge('{'), judge({ msg_type: 'text' }), judge({ msg_type: 'interactive', card: {} })]).toEqual(Array(3).fill(9499));
    expect([judge({}), judge({ msg_type: 'interactive' }), judge({ msg_type: 'image' })]).toEqual(Array(3).fill(19002));
    expect(feishuBot({ keywords: ['漏查'] }).judge(arrival(text)).code).toBe(19024);
  });

  test('a card tells its title, its texts and whom it mentions', () => {
    const header = { title: { tag: 'plain_text', content: '重大隐患' }, template: 'red' };
    const card = { header, elements: [{ tag: 'markdown', content: '冲压车间 <at id=wang></at>' }] };
    const judge = (body: object) => feishuBot({}).judge(arrival({ msg_type: 'interactive', card: body }));
    expect(judge(card)).toMatchObject({ code: 0, title: '重大隐患', text: '冲压车间 <at id=wang></at>', mentions: ['wang'] });
    expect(judge({ ...card, header: { ...header, template: 'pink' } }).code).toBe(9499);
  });

  const header = { title: { tag: 'plain_text', content: '漏查' } };
  const words = { tag: 'plain_text', content: '打开' };
  const cardCode = (card: unknown) => feishuBot({}).judge(arrival({ msg_type: 'interactive', card })).code;

  test.each<[string, unknown]>([
    ['of a kind that there is not', { tag: 'nonsense' }],
    ['that inherits its kind', { tag: 'constructor' }],
    ['that is a number', 5],
    ['that is nothing', null],
    ['without a kind', { content: '3 处' }],
    ['of markdown without a text', { tag: 'markdown' }],
    ['with a text of no kind', { tag: 'div', text: { content: '3 处' } }],
    ['without actions', { tag: 'action', actions: [] }],
    ['with a button that does nothing', { tag: 'action', actions: [{ tag: 'button', text: words }] }],
    ['with a button to no address', { tag: 'action', actions: [{ tag: 'button', text: words, url: 'example' }] }],
    ['of columns, with one of these in it', { tag: 'column_set', columns: [{ tag: 'column', elements: [{ tag: 'x' }] }] }],
    ['of a note without a text', { tag: 'note', elements: [] }],
    ['of an image without its key', { tag: 'img', alt: words }],
  ])('does not take a card with an element %s', (_, element) => {
    expect(cardCode({ header, elements: [{ tag: 'hr' }, element] })).toBe(11246);
  });

  test('takes a card of whatever else there is', () => {
    const inside = [{ tag: 'markdown', content: '3 处' }, { tag: 'hr' }];
    const elements = [
      ...inside,
      { tag: 'div', text: { tag: 'lark_md', content: '**3** 处' } },
      { tag: 'div', fields: [{ is_short: true, text: words }] },
      { tag: 'action', actions: [{ tag: 'button', text: words, url: 'https://example.org' }] },
      { tag: 'note', elements: [words] },
      { tag: 'img', img_key: 'img_1', alt: words },
      { tag: 'column_set', columns: [{ tag: 'column', elements: inside }] },
    ];
    expect(cardCode({ header, elements })).toBe(0);
    expect(cardCode({ schema: '2.0', header, body: { elements: inside } })).toBe(0);
    expect(cardCode({ header: { title: { content: '漏查' } }, elements })).toBe(11246);
    expect([cardCode('漏查'), cardCode([])]).toEqual([19002, 19002]);
  });

  test('takes five in any second and a hundred in any minute', () => {
    const bot = feishuBot({});
    const send = (ms: number) => bot.judge(arrival(text, { at: Date.parse(START) + ms })).code;
    expect([0, 1, 2, 3, 4, 5, 999].map(send)).toEqual([0, 0, 0, 0, 0, 11232, 11232]);
    expect(send(1_000)).toBe(0);
    const slow = feishuBot({});
    const codes = Array.from({ length: 101 }, (_, n) => slow.judge(arrival(text, { at: Date.parse(START) + n * 250 })).code);
    expect([codes.filter((code) => code === 0).length, codes.at(-1)]).toEqual([100, 11232]);
  });
});

describe('Standard Webhooks', () => {
  const VECTOR = {
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: '1614265330',
    signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    body: Buffer.from('{"test": 2432232314}'),
  };
  const OTHER = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const payload = JSON.stringify({ type: 'reminder.digest', timestamp: START, data: { title: '漏查' } });
  const sign = (secret: string, id: string, seconds: number, body = payload) =>
    `v1,${createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
      .update(`${id}.${seconds}.${body}`)
      .digest('base64')}`;
  const call = (of: { id?: string; seconds?: number; signature?: string; body?: string } = {}) => {
    const { id = 'msg_1', seconds = SECONDS, body = payload } = of;
    const signature = of.signature ?? sign(VECTOR.secret, id, seconds, body);
    return arrival(body, {
      headers: { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signature },
    });
  };

  test('the public vector verifies, alone and among others, and nothing beside it', () => {
    const { secret, id, timestamp, signature, body } = VECTOR;
    expect(isSignedBy(secret, signature, id, timestamp, body)).toBe(true);
    expect(isSignedBy(secret, `v1a,xyz v1,AAAA ${signature}`, id, timestamp, body)).toBe(true);
    expect(isSignedBy(secret, signature.replace('v1,', 'v1a,'), id, timestamp, body)).toBe(false);
    expect(isSignedBy(secret, signature, id, '1614265331', body)).toBe(false);
    expect(isSignedBy(secret, signature, id, timestamp, Buffer.from('{"test":2432232314}'))).toBe(false);
    expect(isSignedBy(OTHER, signature, id, timestamp, body)).toBe(false);
  });

  test('takes a message of the last five minutes, with the signature of any secret it holds', () => {
    const judge = (seconds: number) => webhookEndpoint([VECTOR.secret]).judge(call({ seconds })).status;
    expect([SECONDS, SECONDS - 300, SECONDS + 300].map(judge)).toEqual([200, 200, 200]);
    expect([SECONDS - 301, SECONDS + 301].map(judge)).toEqual([401, 401]);
    const both = `${sign(OTHER, 'msg_1', SECONDS)} ${sign(VECTOR.secret, 'msg_1', SECONDS)}`;
    expect(webhookEndpoint([OTHER]).judge(call()).status).toBe(401);
    expect(webhookEndpoint([OTHER]).judge(call({ signature: both })).status).toBe(200);
    expect(webhookEndpoint([OTHER, VECTOR.secret]).judge(call()).status).toBe(200);
  });

  test('knows a message by its id, whatever else is new of it', () => {
    const endpoint = webhookEndpoint([VECTOR.secret]);
    expect(endpoint.judge(call())).toMatchObject({ isTaken: true, isRepeated: false, webhookId: 'msg_1', title: '漏查' });
    expect(endpoint.judge(call({ seconds: SECONDS + 5 }))).toMatchObject({ status: 200, isTaken: true, isRepeated: true });
    expect(endpoint.judge(call({ id: 'msg_2' }))).toMatchObject({ isRepeated: false });
  });

  test('an id with a full stop could be read in two ways, and a time has one way to be written', () => {
    expect(webhookEndpoint([VECTOR.secret]).judge(call({ id: 'msg.1' }))).toMatchObject({ status: 400, isTaken: false });
    const written = (timestamp: string) => {
      const { headers } = call();
      return webhookEndpoint([VECTOR.secret]).judge(
        arrival(payload, { headers: { ...headers, 'webhook-timestamp': timestamp } }),
      );
    };
    expect([`${SECONDS}.0`, `+${SECONDS}`, START, `${SECONDS}000`].map((timestamp) => written(timestamp).status)).toEqual(
      Array(4).fill(401),
    );
  });

  test.each([
    ['2 bytes', `whsec_${Buffer.alloc(2, 7).toString('base64')}`],
    ['23 bytes', `whsec_${Buffer.alloc(23, 7).toString('base64')}`],
    ['65 bytes', `whsec_${Buffer.alloc(65, 7).toString('base64')}`],
    ['no prefix', VECTOR.secret.slice(6)],
    ['characters that are not base64', `whsec_${'隐'.repeat(40)}`],
  ])('an app cannot hold a secret of %s', (_, secret) => {
    expect(() => webhookEndpoint([VECTOR.secret, secret])).toThrow('24 to 64 bytes');
  });

  test('what did not verify is no message of that id', () => {
    const endpoint = webhookEndpoint([VECTOR.secret]);
    expect(endpoint.judge(call({ signature: 'v1,AAAA' })).status).toBe(401);
    expect(endpoint.judge(call())).toMatchObject({ status: 200, isRepeated: false });
  });

  test.each([
    ['a type with other characters', { type: 'reminder digest', timestamp: START, data: {} }],
    ['no timestamp', { type: 'reminder', data: {} }],
    ['no data', { type: 'reminder', timestamp: START }],
    ['data that is nothing', { type: 'reminder', timestamp: START, data: null }],
    ['data that is a list', { type: 'reminder', timestamp: START, data: [] }],
    ['a month that there is not', { type: 'reminder', timestamp: '2025-99-99Tx', data: {} }],
    ['a day that its month does not have', { type: 'reminder', timestamp: '2025-02-30T08:00:00Z', data: {} }],
    ['a time without a zone', { type: 'reminder', timestamp: '2025-06-03T08:00:00', data: {} }],
    ['a day without a time', { type: 'reminder', timestamp: '2025-06-03', data: {} }],
  ])('does not take %s', (_, body) => {
    expect(webhookEndpoint([VECTOR.secret]).judge(call({ body: JSON.stringify(body) })).status).toBe(400);
  });
});

describe('what does not come as it is documented', () => {
  const robots = {
    wecom: () => wecomRobot().judge,
    dingtalk: () => dingtalkRobot({}).judge,
    feishu: () => feishuBot({}).judge,
  };
  const bodies = {
    wecom: { msgtype: 'text', text: { content: '漏查' } },
    dingtalk: { msgtype: 'text', text: { content: '漏查' } },
    feishu: { msg_type: 'text', content: { text: '漏查' } },
  };
  const judge = (platform: keyof typeof robots, of: Partial<Arrival>) => robots[platform]()(arrival(bodies[platform], of));

  test.each([
    ['wecom', 43002],
    ['dingtalk', 43002],
    ['feishu', 9499],
  ] as const)('%s is sent by POST alone', (platform, code) => {
    expect(judge(platform, {})).toMatchObject({ code: 0, isTaken: true });
    for (const method of ['GET', 'PUT', 'HEAD', 'post'])
      expect(judge(platform, { method })).toMatchObject({ code, isTaken: false });
  });

  test.each([
    ['wecom', { status: 415 }],
    ['dingtalk', { status: 200, code: 43004 }],
    ['feishu', { status: 200, code: 9499 }],
  ] as const)('%s is sent JSON that says that it is', (platform, verdict) => {
    const types = [
      undefined,
      'application/x-www-form-urlencoded',
      'text/plain',
      'application/jsonp',
      'text/json; application/json',
    ];
    for (const type of types)
      expect(judge(platform, { headers: { 'content-type': type } })).toMatchObject({ ...verdict, isTaken: false });
    for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset=UTF-8'])
      expect(judge(platform, { headers: { 'content-type': type } }).code).toBe(0);
  });
});

describe('the server', () => {
  let at: Instant = START;
  let receivers: Receivers;
  const lines: string[] = [];
  beforeAll(async () => {
    receivers = await startReceivers({ clock: () => at, keep: (got) => lines.push(deliveryLine(got)) });
  });
  afterAll(() => receivers.stop());

  const post = async (address: string, body: unknown) => {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      redirect: 'manual',
    });
    return { status: answer.status, text: await answer.text(), retryAfter: answer.headers.get('retry-after') };
  };
  const markdown = (content: string) => ({ msgtype: 'markdown', markdown: { content } });

  test('robots that are not there are told as each platform tells it', async () => {
    const { origin } = receivers;
    expect((await post(`${origin}/cgi-bin/webhook/send?key=nobody`, {})).text).toContain('93000');
    expect((await post(`${origin}/robot/send?access_token=nobody`, {})).text).toContain('300001');
    expect((await post(`${origin}/open-apis/bot/v2/hook/nobody`, {})).text).toContain('19001');
    expect((await post(`${origin}/hooks/nobody`, {})).status).toBe(404);
    expect((await post(`${origin}/elsewhere`, {})).status).toBe(404);
  });

  test('what it got is kept without a key, and can be written as lines', async () => {
    const robot = receivers.wecom('一车间');
    at = plusMs(START, MINUTE);
    expect((await post(robot.address, markdown('# 漏查\n<@wang>'))).text).toBe('{"errcode":0,"errmsg":"ok"}');
    expect(robot.got).toEqual([
      {
        platform: 'wecom',
        receiver: '一车间',
        at,
        status: 200,
        code: 0,
        isTaken: true,
        title: '漏查',
        text: '# 漏查\n<@wang>',
        mentions: ['wang'],
        bytes: Buffer.byteLength(JSON.stringify(markdown('# 漏查\n<@wang>'))),
        links: [],
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    expect(lines.map((line): unknown => JSON.parse(line)).at(-1)).toEqual(robot.got[0]);
    expect(lines.join('')).not.toContain(robot.address.slice(-36));
  });

  test('faults come when they are asked for, as often as that', async () => {
    const robot = receivers.wecom('faults');
    const taken = () => robot.got.filter(({ isTaken }) => isTaken).length;
    robot.fails({ is: 'status', status: 429, retryAfter: '30' }, 1);
    expect(await post(robot.address, markdown('1'))).toMatchObject({ status: 429, retryAfter: '30' });
    expect(await post(robot.address, markdown('2'))).toMatchObject({ status: 200 });
    robot.fails({ is: 'redirect', to: 'http://169.254.169.254/' });
    expect(await post(robot.address, markdown('3'))).toMatchObject({ status: 302 });
    expect(taken()).toBe(1);
    robot.fails({ is: 'reset' });
    await expect(post(robot.address, markdown('4'))).rejects.toThrow();
    expect(taken()).toBe(1);
    robot.fails({ is: 'reset-after-success' });
    await expect(post(robot.address, markdown('5'))).rejects.toThrow();
    expect(taken()).toBe(2);
    robot.fails({ is: 'huge', bytes: 1_000_000 }, 1);
    expect((await post(robot.address, markdown('6'))).text.length).toBeGreaterThanOrEqual(1_000_000);
    robot.fails({ is: 'slow', ms: 1 });
    expect(await post(robot.address, markdown('7'))).toMatchObject({ status: 200 });
    robot.heals();
    expect(robot.got.map(({ fault }) => fault)).toEqual([
      'status',
      undefined,
      'redirect',
      'reset',
      'reset-after-success',
      'huge',
      'slow',
    ]);
  });

  test.each(['hang', 'timeout-after-success', 'drip'] as const)('%s ends with the caller, and not before', async (is) => {
    const robot = receivers.wecom(`never ${is}`);
    robot.fails(is === 'drip' ? { is, everyMs: 1 } : { is });
    const gone = new AbortController();
    const asked = fetch(robot.address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(markdown('1')),
      signal: gone.signal,
    });
    const text = asked.then((answer) => answer.text());
    await robot.hasGot(1);
    gone.abort();
    await expect(text).rejects.toThrow('abort');
    expect(robot.got[0]).toMatchObject({ fault: is, isTaken: is === 'timeout-after-success' });
  });
});
