/** What each kind of channel is sent, as a person sees it; what is said for each kind of reminder. */
import { readFileSync } from 'node:fs';
import { CHANNEL_KINDS, channelOf } from '../../shared/channels/all.ts';
import type { Channel } from '../../shared/channels/channel.ts';
import { plain, shorten } from '../../shared/channels/shorten.ts';
import { instant } from '../../shared/domain/calendar.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { creditCode } from '../../shared/domain/credit-code.ts';
import { COLOUR_NAMES, ORDER_NAMES } from '../../shared/domain/names.ts';
import { type Content, type HazardContent, REMINDER_KINDS, type ReminderKind } from '../../shared/domain/reminder.ts';
import { AT, contentsOf, digest, OWNER, reminder, TEXTS } from '../support/reminder-examples.ts';

const NOBODY = { users: [], everybody: false };

function channel(kind: string): Channel {
  const found = channelOf(kind);
  if (found === undefined) throw new Error(kind);
  return found;
}
const rendered = (kind: string, ...of: Parameters<Channel['render']>) => JSON.parse(channel(kind).render(...of));

test('an order to stop is read in WeCom at a glance: a card, all of which opens it', () => {
  const link = 'https://app.example.cn/hazards/R01K2M3N4P5Q6';
  expect(rendered('wecom', digest([reminder('order-issued')]), NOBODY, false)).toEqual({
    msgtype: 'template_card',
    template_card: {
      card_type: 'text_notice',
      main_title: { title: '【紧急】指令', desc: '停产停业（第 1 号），瑞丽市姐告木业有限公司' },
      sub_title_text: '范围：打磨车间除尘管道。隐患：除尘管道积尘超过 3 毫米。',
      horizontal_content_list: [
        { keyname: '地点', value: '打磨车间除尘管道' },
        { keyname: '期限', value: '6月30日 14:00 起立即执行' },
        { keyname: '依据', value: '二(五) 红色风险点一天一排查' },
      ],
      jump_list: [{ type: 1, title: '打开', url: link }],
      card_action: { type: 1, url: link },
    },
  });
});

const LONG = { name: '瑞丽市姐告木业有限公司', place: '打磨车间除尘管道'.repeat(3), text: '除尘管道积尘超过 3 毫米。' };
test.each([
  ['somebody is called', {}, { users: ['zhangsan'], everybody: false }, false],
  ['everybody is called', {}, { users: [], everybody: true }, false],
  ['the platform found it too long', {}, NOBODY, true],
  ['its place is longer than a card holds', { texts: { ...LONG, place: '打磨车间除尘管道'.repeat(4) } }, NOBODY, false],
  ['its name is longer', { texts: { ...LONG, name: '姐告木业'.repeat(8) } }, NOBODY, false],
  ['its text is longer', { texts: { ...LONG, text: '积尘'.repeat(60) } }, NOBODY, false],
] as const)('it is markdown where %s, and holds all of it', (_, of, mentions, shorter) => {
  const { msgtype, markdown } = rendered('wecom', digest([reminder('order-issued', of)]), mentions, shorter);
  expect(msgtype).toBe('markdown');
  const { texts } = { texts: LONG, ...of };
  const shown = markdown.content.replaceAll('\n', '');
  for (const part of [
    '停产停业（第 1 号）',
    texts.name,
    ...(shorter ? [] : ['texts' in of ? texts.place : '打磨车间除尘管道', texts.text]),
  ])
    expect(shown).toContain(part);
});

test('an order to stop in WeCom that calls somebody', () => {
  const { markdown } = rendered('wecom', digest([reminder('order-issued')]), { users: ['zhangsan'], everybody: false }, false);
  expect(markdown.content).toBe(
    [
      '<@zhangsan>',
      '',
      '<font color="warning">【紧急】指令：停产停业（第 1 号），瑞丽市姐告木业有限公司</font>',
      '> 内容：范围：打磨车间除尘管道。隐患：除尘管道积尘超过 3 毫米。',
      '> 地点：打磨车间除尘管道',
      '> 期限：6月30日 14:00 起立即执行',
      '> <font color="comment">依据：二(五) 红色风险点一天一排查</font>',
      '> [打开](https://app.example.cn/hazards/R01K2M3N4P5Q6)',
    ].join('\n'),
  );
});

test('several are one message with their number, the gravest first, and who is to see it is called', () => {
  const both = digest([reminder('checks-ending'), reminder('deadline-missed')]);
  const { markdown } = rendered('wecom', both, { users: ['zhangsan'], everybody: false }, false);
  expect(markdown.content).toBe(
    [
      '**2 项提醒，最急：上报治理方案逾期（第 2 级上报）：瑞丽市姐告木业有限公司，重大隐患**',
      '',
      '<@zhangsan>',
      '',
      '1. <font color="warning">上报治理方案逾期（第 2 级上报）：瑞丽市姐告木业有限公司，重大隐患</font>',
      '> 内容：除尘管道积尘超过 3 毫米。',
      '> 地点：打磨车间除尘管道',
      '> 期限：6月28日 18:00，已超过 1 天 20 小时',
      '> <font color="comment">依据：二(五) 红色风险点一天一排查</font>',
      '> [打开](https://app.example.cn/hazards/R01K2M3N4P5Q6)',
      '',
      '2. <font color="warning">红色风险点排查将截止：瑞丽市姐告木业有限公司，未查 12 个</font>',
      '> 地点：打磨车间除尘管道 8 个、二车间 3 个、未分车间 1 个',
      '> 期限：6月30日 24:00 前，还剩 10 小时',
      '> <font color="comment">依据：二(五) 红色风险点一天一排查</font>',
      `> [打开](https://app.example.cn/duties?owner=${encodeURIComponent(OWNER)})`,
      '',
      '[查看全部](https://app.example.cn/reminders/0123456789abcdef0123/7)',
    ].join('\n'),
  );
});

test('DingTalk has a card with its button for one, and markdown where somebody is called', () => {
  const one = digest([reminder('list-ending')]);
  expect(rendered('dingtalk', one, NOBODY, false)).toEqual({
    msgtype: 'actionCard',
    actionCard: {
      title: '月度清单待报：瑞丽市姐告木业有限公司，2026年6月',
      text: [
        '**月度清单待报：瑞丽市姐告木业有限公司，2026年6月**',
        '期限：6月30日 24:00 前，还剩 10 小时',
        '依据：二(五) 红色风险点一天一排查',
      ].join('  \n'),
      singleTitle: '打开',
      singleURL: `https://app.example.cn/lists?owner=${encodeURIComponent(OWNER)}&month=2026-06`,
    },
  });
  const called = rendered('dingtalk', one, { users: ['manager01'], everybody: true }, false);
  expect(called).toMatchObject({ msgtype: 'markdown', at: { atUserIds: ['manager01'], isAtAll: true } });
  expect(called.markdown.text).toContain('@manager01');
});

test('a card in Feishu has the colour of the gravest, and its word', () => {
  const { msg_type, card } = rendered('feishu', digest([reminder('checks-due')]), { users: ['ou_1'], everybody: true }, false);
  expect(msg_type).toBe('interactive');
  expect(card.header).toEqual({
    template: 'red',
    title: { tag: 'plain_text', content: '红色风险点排查开始：瑞丽市姐告木业有限公司，待查 12 个' },
  });
  expect(card.elements[0]).toEqual({ tag: 'markdown', content: '<at id=all></at> <at id=ou_1></at>' });
  expect(card.elements.at(-1).actions[0].url).toBe(`https://app.example.cn/duties?owner=${encodeURIComponent(OWNER)}`);
});

test.each(['webhook', 'feed'])('a %s has the words and the facts', (kind) => {
  const body = rendered(kind, digest([reminder('hazard-waiting')], { language: 'en' }), NOBODY, false);
  expect(body).toMatchObject({
    type: 'reminders.digest',
    timestamp: AT,
    data: {
      message: 'msg_0123456789abcdef0123_7',
      title: 'Waiting for you, acceptance: 瑞丽市姐告木业有限公司, major hazard',
      items: [
        {
          kind: 'hazard-waiting',
          grade: 'ORANGE',
          until: '3 July 14:00, 3 d left',
          reminders: [{ id: 'hazard-waiting', content: { hazard: 'R01K2M3N4P5Q6', owed: { kind: 'accept' } } }],
        },
      ],
    },
  });
  expect(body.type).toMatch(/^[a-zA-Z0-9_.]+$/);
});

const COMPANY = TEXTS.name;
const HEADLINES: Readonly<Record<ReminderKind, readonly [string, string]>> = {
  'checks-due': [`红色风险点排查开始：${COMPANY}，待查 12 个`, `Red checks due: ${COMPANY}, 12 points`],
  'checks-ending': [`红色风险点排查将截止：${COMPANY}，未查 12 个`, `Red checks about to end: ${COMPANY}, 12 points`],
  'checks-missed': [`红色风险点漏查：${COMPANY}，漏查 12 个`, `Red checks missed: ${COMPANY}, 12 points`],
  'list-ending': [`月度清单待报：${COMPANY}，2026年6月`, `Monthly hazard list due: ${COMPANY}, 2026-06`],
  'form-due': ['月报表待签报：2026年6月', 'Monthly form to be signed: 2026-06'],
  'hazard-reported': [`新隐患待定级：${COMPANY}，重大隐患`, `New hazard to be graded: ${COMPANY}, major hazard`],
  'hazard-major': [`【紧急】重大隐患：${COMPANY}`, `URGENT, Major hazard: ${COMPANY}`],
  'hazard-assigned': [`整改任务：${COMPANY}，重大隐患`, `To be rectified: ${COMPANY}, major hazard`],
  'hazard-waiting': [`待验收：${COMPANY}，重大隐患`, `Waiting for you, acceptance: ${COMPANY}, major hazard`],
  'deadline-near': [`整改期限将到：${COMPANY}，重大隐患`, `Deadline near, rectification: ${COMPANY}, major hazard`],
  'deadline-missed': [
    `上报治理方案逾期（第 2 级上报）：${COMPANY}，重大隐患`,
    `Overdue, plan (told to level 2): ${COMPANY}, major hazard`,
  ],
  'order-issued': [`【紧急】指令：停产停业（第 1 号），${COMPANY}`, `URGENT, Order: stop production (no. 1), ${COMPANY}`],
  'order-lifted': [`指令解除：停产停业（第 1 号），${COMPANY}`, `Order lifted: stop production (no. 1), ${COMPANY}`],
  'evacuation-asked': [`【紧急】请求协助疏散：120 人，${COMPANY}`, `URGENT, Help with evacuation asked: 120 people, ${COMPANY}`],
  'evacuation-answered': [
    `【紧急】疏散协助答复：同意，120 人，${COMPANY}`,
    `URGENT, Help with evacuation answered: granted, 120 people, ${COMPANY}`,
  ],
  'hazard-listed': [`挂牌督办：${COMPANY}，重大隐患`, `Under listed supervision: ${COMPANY}, major hazard`],
  'draw-announced': [
    `抽查公告：市应急管理局，重大风险对象随机抽查 2026-07，第 17 号`,
    `Draw announced: 市应急管理局, random checks of red objects 2026-07, no. 17`,
  ],
  'draw-trouble': [
    `抽查异常：市应急管理局，重大风险对象随机抽查 2026-07，第 17 号`,
    `Trouble with a draw: 市应急管理局, random checks of red objects 2026-07, no. 17`,
  ],
  'task-assigned': [
    `检查任务：市应急管理局现场检查（任务 R.YJJ.000017.1.0003）`,
    `Inspection task: 市应急管理局, visit, R.YJJ.000017.1.0003`,
  ],
  'task-withdrawn': [
    `检查任务取消：市应急管理局（任务 R.YJJ.000017.1.0003）`,
    `Inspection task withdrawn: 市应急管理局, R.YJJ.000017.1.0003`,
  ],
  'task-near': [
    `检查任务将到期：市应急管理局现场检查（任务 R.YJJ.000017.1.0003）`,
    `Inspection task due soon: 市应急管理局, visit, R.YJJ.000017.1.0003`,
  ],
  'task-overdue': [
    `检查任务逾期（第 1 级上报）：市应急管理局现场检查（任务 R.YJJ.000017.1.0003）`,
    `Inspection task overdue (told to level 1): 市应急管理局, visit, R.YJJ.000017.1.0003`,
  ],
  'grid-gap': [`网格责任缺口：乡镇未划入网格`, `Nobody responsible in the grid: township, in no cell`],
  'channel-failing': [`【紧急】提醒渠道异常：${COMPANY}`, `URGENT, Reminders do not arrive: ${COMPANY}`],
  test: [`测试消息：${COMPANY}`, `Test message: ${COMPANY}`],
};

test.each(REMINDER_KINDS)('%s has its words in both languages', (kind) => {
  const [zh] = digest([reminder(kind)]).items;
  const [en] = digest([reminder(kind)], { language: 'en' }).items;
  expect([zh?.headline, en?.headline]).toEqual(HEADLINES[kind]);
});

test('whoever asked for help reads the answer; whoever is not sent any more reads that he does not go', () => {
  const answered = {
    ...contentsOf(TEXTS)['evacuation-asked'],
    evacuation: { area: '下游村', people: 9, answer: { granted: false, note: '人手不足' } },
  };
  if (answered.of !== 'hazard') throw new Error('no hazard');
  expect(digest([reminder('evacuation-answered', { content: answered })]).items[0]).toMatchObject({
    headline: `【紧急】疏散协助答复：不同意，9 人，${COMPANY}`,
    detail: '答复：人手不足。隐患：除尘管道积尘超过 3 毫米。',
    where: '打磨车间除尘管道，疏散范围：下游村',
  });
  expect(digest([reminder('task-withdrawn')]).items[0]?.detail).toMatch(/^请不要前往/);
});

test('an order says since when it holds, and that it does at once; trouble with a draw gives no time that is over as its deadline', () => {
  const [zh] = digest([reminder('order-issued')]).items;
  const [en] = digest([reminder('order-issued')], { language: 'en' }).items;
  expect([zh?.until, en?.until]).toEqual(['6月30日 14:00 起立即执行', 'at once, since 30 June 14:00']);
  expect(digest([reminder('order-lifted')]).items[0]?.until).toBe('6月30日 14:00 起解除');

  const { 'draw-trouble': trouble } = contentsOf(TEXTS);
  expect(digest([reminder('draw-trouble')]).items[0]?.until).toBe('7月1日 10:00 补抽（本期错过了公告日）');
  const early = reminder('draw-announced', { content: { ...trouble, period: '2026-Q4' } as Content });
  expect(digest([early]).items[0]?.until).toBe('7月1日 10:00 抽签');
  const late = reminder('draw-announced', { content: { ...trouble, period: '2026-05_06' } as Content });
  expect(digest([late], { language: 'en' }).items[0]?.until).toBe('drawn late, 1 July 10:00');
  const over = reminder('draw-trouble', { content: { ...trouble, drawAt: AT } as Content });
  const { items } = digest([over, reminder('deadline-missed')]);
  expect(items.map(({ kind }) => kind)).toEqual(['deadline-missed', 'draw-trouble']);
  expect(items[1]).not.toHaveProperty('until');
});

test('a test leads to the subscription that it tests', () => {
  expect(digest([reminder('test')]).items[0]?.link).toBe('https://app.example.cn/subscriptions/0123456789abcdef0123');
});

test('a task is told by its number: nobody learns the object before the visit', () => {
  const told = JSON.stringify(digest([reminder('task-assigned')]).items.map(({ reminders: _, ...words }) => words));
  expect(told).toContain('R.YJJ.000017.1.0003');
  expect(told).not.toContain('ENT:');
});

test('who reads for one workshop is told of its points alone', () => {
  const workshop = { of: 'workshop', uscc: creditCode(OWNER.slice(4)), workshop: '二车间' } as const;
  const [item] = digest([reminder('checks-due')], { scope: workshop }).items;
  expect(item).toMatchObject({ headline: expect.stringContaining('待查 3 个'), where: '二车间 3 个' });
  const search = new URLSearchParams({ owner: OWNER, workshop: workshop.workshop });
  expect(item?.link).toBe(`https://app.example.cn/duties?${search}`);
});

test('checks of one owner and colour are one item over their periods, of two colours two', () => {
  const { 'checks-missed': red } = contentsOf(TEXTS);
  if (red.of !== 'checks') throw new Error('no checks');
  const missed = (id: string, change: Partial<typeof red>) => reminder('checks-missed', { id, content: { ...red, ...change } });
  const { items } = digest([
    missed('a', {}),
    missed('b', { period: '2026-06-29', until: instant('2026-06-28T16:00:00Z') }),
    missed('c', { colour: 'BLUE', cadence: 'month', period: '2026-06' }),
  ]);
  expect(items.map(({ headline, reminders }) => [headline, reminders.map(({ id }) => id)])).toEqual([
    ['红色风险点漏查：瑞丽市姐告木业有限公司，漏查 24 点次（2 期）', ['a', 'b']],
    ['蓝色风险点漏查：瑞丽市姐告木业有限公司，漏查 12 个', ['c']],
  ]);
});

test('that a duty waits and that its end is near is one item, with its deadline once; another duty of the case is another', () => {
  const { 'deadline-near': near, 'hazard-waiting': other } = contentsOf(TEXTS);
  const { items } = digest([
    reminder('hazard-waiting', { content: near }),
    reminder('deadline-near'),
    reminder('hazard-waiting', { id: 'other', content: other }),
  ]);
  expect(items.map(({ kind, headline, until, reminders }) => [kind, headline, until, reminders.map(({ id }) => id)])).toEqual([
    ['deadline-near', `整改期限将到：${COMPANY}，重大隐患`, '7月1日 14:00 前，还剩 1 天', ['hazard-waiting', 'deadline-near']],
    ['hazard-waiting', `待验收：${COMPANY}，重大隐患`, '7月3日 14:00 前，还剩 3 天', ['other']],
  ]);
});

test('a hazard that nobody has graded is called one once', () => {
  const { level: _, ...ungraded } = contentsOf(TEXTS)['hazard-reported'] as HazardContent;
  const ofLanguage = (language: 'zh-CN' | 'en') =>
    digest([reminder('hazard-reported', { content: ungraded })], { language }).items[0]?.headline;
  expect([ofLanguage('zh-CN'), ofLanguage('en')]).toEqual([`新隐患待定级：${COMPANY}`, `New hazard to be graded: ${COMPANY}`]);
});

test('what is urgent comes first, then what is over, then by colour, then what ends first', () => {
  const kinds = ['task-assigned', 'deadline-near', 'checks-due', 'deadline-missed', 'order-issued'] as const;
  expect(digest(kinds.map((kind) => reminder(kind))).items.map(({ kind }) => kind)).toEqual([
    'order-issued',
    'deadline-missed',
    'checks-due',
    'deadline-near',
    'task-assigned',
  ]);
});

test('what finds no room is counted, with the way to all of it', () => {
  const many = Array.from({ length: 80 }, (_, n) =>
    reminder('deadline-near', { id: `r${n}`, content: { ...contentsOf(TEXTS)['deadline-near'], hazard: `R${n}` } as Content }),
  );
  const { markdown } = rendered('wecom', digest(many), NOBODY, false);
  const shown = [...markdown.content.matchAll(/^\d+\. /gm)].length;
  expect(shown).toBeGreaterThan(5);
  expect(markdown.content).toContain(`另有 ${80 - shown} 项 [查看全部](https://app.example.cn/reminders/0123456789abcdef0123/7)`);
  const shorter = rendered('wecom', digest(many), NOBODY, true).markdown.content;
  expect(Buffer.byteLength(shorter)).toBeLessThan(Buffer.byteLength(markdown.content) / 2);
});

test('a text ends at a pause where one is near, and never within a character', () => {
  expect(shorten('配电箱未接地，雨天漏电。电缆老化开裂', 40)).toBe('配电箱未接地，雨天漏电。…');
  expect(shorten('配电箱未接地且雨天漏电电缆老化', 30)).toBe('配电箱未接地且雨天…');
  expect(shorten('ab👨‍👩‍👧‍👦cd', 12)).toBe('ab…');
  expect(shorten('e\u0301e\u0301e\u0301', 8)).toBe('e\u0301…');
  expect(shorten('够短', 6)).toBe('够短');
});

test('what people write can neither link, nor call, nor stand out', () => {
  expect(plain('见[这里](https://evil.example)<@all> **急**\n# 标题 `x` &lt;at id=all&gt; @所有人 www.evil.example\u202e')).toBe(
    '见［这里］(https：//evil．example)＜＠all＞ ＊＊急＊＊ # 标题 ｀x｀ ＆lt;at id=all＆gt; ＠所有人 www．evil．example',
  );
  const pairs = [
    ['拨打 tel:110，mailto:a@b.cn，javascript:x', '拨打 tel：110，mailto：a＠b．cn，javascript：x'],
    ['见 evil.cn/x、中文.xn--fiqs8s', '见 evil．cn/x、中文．xn--fiqs8s'],
    ['停\u200b产\u2060停\u00ad业\ufeff👨‍👩‍👧‍👦', '停产停业👨‍👩‍👧‍👦'],
    ['14:00 起，压力 1.6 MPa，见 3.2.1 款。Note: 至 v2.1', '14:00 起，压力 1.6 MPa，见 3.2.1 款。Note: 至 v2.1'],
  ];
  for (const [text = '', shown] of pairs) expect(plain(text)).toBe(shown);
});
test('a text of one word takes no longer than another', () => {
  const before = performance.now();
  plain(`${'a'.repeat(200_000)}:${'a.'.repeat(100_000)}`);
  expect(performance.now() - before).toBeLessThan(1_000);
});

test('an id that no platform gave calls nobody, and no more are called than there is room for', () => {
  const mentions = {
    users: ['all> <@x', '13800138000', 'all', 'ok.1', ...Array.from({ length: 60 }, (_, n) => `u${n}`)],
    everybody: false,
  };
  const { markdown } = rendered('wecom', digest([reminder('test')]), mentions, false);
  expect([...markdown.content.matchAll(/<@([^>]*)>/g)].map(([, user]) => user)).toEqual([
    'ok.1',
    ...Array.from({ length: 19 }, (_, n) => `u${n}`),
  ]);
});

test('colours and orders are called as the policy calls them', () => {
  const policy = JSON.parse(readFileSync(new URL('../../shared/policy/dehong-2016-7.json', import.meta.url), 'utf8'));
  expect(COLOURS.map((colour) => COLOUR_NAMES[colour])).toEqual(COLOURS.map((colour) => `${policy.grades[colour].colour}色`));
  expect(ORDER_NAMES).toEqual(policy.hazards.major.orders.values);
});

test('the kinds are the files, and each knows its own name', () => {
  expect(CHANNEL_KINDS).toEqual(['wecom', 'dingtalk', 'feishu', 'webhook', 'feed']);
  expect(CHANNEL_KINDS.map((kind) => channelOf(kind)?.kind)).toEqual(CHANNEL_KINDS);
  expect(channelOf('sms')).toBeUndefined();
});
