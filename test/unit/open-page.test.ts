/** The page that the links of messages open: which request a link is, what is shown of the answer, and what the browser is let do. */
import { createHash } from 'node:crypto';
import { createContext, runInContext } from 'node:vm';
import { requestOf } from '../../functions/serve-documentation/open/request.ts';
import { refusalOf, shownOf } from '../../functions/serve-documentation/open/shown.ts';
import { whenOf } from '../../functions/serve-documentation/open/words.ts';
import { openPage } from '../../functions/serve-documentation/open-page.ts';
import { openScript } from '../../infra/open-script.ts';
import { REMINDER_KINDS } from '../../shared/domain/reminder.ts';
import { digest, reminder } from '../support/reminder-examples.ts';

const why = { rule: 'r', clause: '二(五)', edition: '德政办发〔2016〕7号', origin: 'policy', says: '一般隐患立即整改' };

test.each([
  ['#/hazards/R01H3Z8K2M4N5P6', 'v1/hazards/R01H3Z8K2M4N5P6', 'hazard'],
  ['#/tasks/R.YJJ.000017.1.0003', 'v1/tasks/R.YJJ.000017.1.0003', 'task'],
  ['#/draws/YJJ/17', 'v1/draws/YJJ/17', 'draw'],
  ['#/subscriptions/0123456789abcdef0123', 'v1/subscriptions/0123456789abcdef0123', 'subscription'],
  ['#/reminders/0123456789abcdef0123/7', 'v1/subscriptions/0123456789abcdef0123/messages/7', 'message'],
  [
    '#/duties?owner=ENT:91533102MA6K1A2B1X&workshop=%E4%B8%80%E8%BD%A6%E9%97%B4',
    'v1/duties?enterprise=91533102MA6K1A2B1X&workshop=%E4%B8%80%E8%BD%A6%E9%97%B4&limit=200',
    'duties',
  ],
  ['#/reminders/0123456789abcdef0123', 'v1/deliveries?subscription=0123456789abcdef0123&limit=200', 'reminders'],
  ['#/duties?owner=ENT:91533102MA6K1A2B1X', 'v1/duties?enterprise=91533102MA6K1A2B1X&limit=200', 'duties'],
  ['#/duties', 'v1/duties?limit=200', 'duties'],
  ['#/draws/YJJ', 'v1/draws?authority=YJJ&limit=200', 'draws'],
  ['#/subscriptions', 'v1/subscriptions?limit=200', 'subscriptions'],
  ['#/lists?owner=ENT%3A91533102MA6K1A2B1X&month=2026-04', 'v1/hazard-lists/2026-04?enterprise=91533102MA6K1A2B1X', 'list'],
  ['#/lists?month=2026-02', 'v1/hazard-lists/2026-02', 'list'],
  ['#/exports?kind=month', 'v1/exports?kind=month&limit=200', 'exports'],
  ['#/grid?target=HAZ%23R01H3Z8K2M4N5P6', 'v1/grid/gaps?limit=200', 'grid'],
])('the link %s asks for %s', (link, path, view) => {
  expect(requestOf(link)).toMatchObject({ path, view, headers: {} });
});

test('every link that a message can have is opened', () => {
  for (const kind of REMINDER_KINDS) {
    const { items, link } = digest([reminder(kind)]);
    for (const one of [link, ...items.map((item) => item.link)]) {
      const fragment = `#${one.replace('https://app.example.cn', '')}`;
      expect([one, requestOf(fragment)]).toEqual([one, expect.objectContaining({ path: expect.stringMatching(/^v1\//) })]);
    }
  }
});

test('in a simulated county a link may say when it is', () => {
  const asked = requestOf('#/hazards/R01H3Z8K2M4N5P6?at=2026-03-02T09:00:00%2B08:00');
  expect(asked).toMatchObject({ headers: { 'x-simulated-at': '2026-03-02T09:00:00+08:00' }, path: 'v1/hazards/R01H3Z8K2M4N5P6' });
});

test.each([
  '',
  '#',
  '#/',
  '#/hazards',
  '#/hazards/a/b',
  '#/hazards/..%2F..%2Fv1',
  '#/hazards/%',
  '#//evil.example/x',
  '#/grid',
  '#/exports',
  '#/reminders/0123456789abcdef0123/x',
  '#/lists?month=2026-13x',
  '#/lists?owner=ENT:91533102MA6K1A2B1X',
  '#https://evil.example',
  '#/duties?owner=TOWN:533102001',
])('the link %j asks for nothing and says what to do', (link) => {
  expect(requestOf(link)).toEqual({ says: expect.stringMatching(/请/) });
});

test('a hazard is shown with what has to be done, until when and why', () => {
  const shown = shownOf('hazard', {
    id: 'R01H3Z8K2M4N5P6',
    level: 'general',
    stageName: '整改中',
    colour: 'RED',
    finding: { place: '一车间', description: '防护罩松动', at: '2026-03-02T00:05:00.000Z' },
    obligations: [{ kind: 'rectify', due: '2026-03-03T16:00:00.000Z', isOverdue: true, why }],
    orders: [{ kindName: '停用', scope: '二号设备', at: '2026-03-02T01:00:00.000Z' }],
  });
  expect(shown.title).toBe('一般隐患：一车间');
  expect(shown.todos).toEqual([
    {
      ...{ what: '整改', until: '2026年3月3日 24:00', isOverdue: true },
      why: '一般隐患立即整改（德政办发〔2016〕7号 二(五)）',
    },
  ]);
  expect(shown.facts).toContainEqual(['发现时间', '2026年3月2日 08:05']);
  expect(shown.lists).toEqual([{ title: '现行指令', lines: ['停用，二号设备，2026年3月2日 09:00'] }]);
});

test('duties are shown by what is open, what was missed, and how many are done', () => {
  const duty = {
    riskNo: 'R1',
    name: '储罐',
    location: '罐区',
    colour: 'RED',
    until: '2026-03-02T16:00:00.000Z',
    period: '2026-03-02',
    why,
  };
  const shown = shownOf('duties', {
    items: [
      { ...duty, state: 'open' },
      { ...duty, riskNo: 'R2', state: 'missed' },
      { ...duty, state: 'done' },
    ],
  });
  expect(shown.todos).toMatchObject([{ what: '排查 红色 R1 储罐，罐区', until: '2026年3月2日 24:00', isOverdue: false }]);
  expect(shown.facts).toEqual([
    ['漏查', '1 处'],
    ['已按时查', '1 处'],
  ]);
  expect(shown.lists).toEqual([{ title: '漏查', lines: ['红色 R2 储罐，罐区，2026-03-02'] }]);
});

test('a list, a task, a draw, a gap, a channel and its reminders say what is to be done, or that nothing is', () => {
  const list = { month: '2026-03', until: '2026-03-31T16:00:00.000Z', why, complete: false, items: [] };
  expect(shownOf('list', { ...list, state: 'overdue' }).todos).toMatchObject([{ isOverdue: true, until: '2026年3月31日 24:00' }]);
  expect(shownOf('list', { ...list, state: 'submitted', complete: true })).toMatchObject({
    todos: [],
    rest: expect.stringMatching(/已提交/),
  });
  const task = {
    objectName: '某厂',
    stageName: '待检查',
    owed: [{ what: 'visit', due: '2026-03-09T16:00:00.000Z', isOverdue: false, why }],
  };
  expect(shownOf('task', task).todos).toMatchObject([{ what: '现场检查', until: '2026年3月9日 24:00' }]);
  expect(shownOf('draw', { stageName: '已公告', isOverdue: true }).todos).toMatchObject([{ isOverdue: true }]);
  const gaps = {
    items: [
      { target: 'HAZ#1', name: '罐区', township: { name: '姐相乡', gap: 'no-cell', isOverdue: true }, department: {}, why },
      { target: 'HAZ#2' },
    ],
  };
  expect(shownOf('grid', gaps, 'HAZ#1').todos).toMatchObject([{ what: '姐相乡，未划入网格，请明确责任人', isOverdue: true }]);
  expect(shownOf('grid', gaps, 'HAZ#3').todos).toEqual([]);
  const bundles = { items: [{ id: 'e1', from: '2026-06-01', to: '2026-06-30', stage: 'closed', closed: { sequence: 2 } }] };
  expect(shownOf('exports', bundles).lists).toEqual([
    { title: '导出包', lines: ['第 2 包，2026-06-01 至 2026-06-30，已完成，导出编号 e1'] },
  ]);
  const channel = { name: '班组群', state: 'disabled', disabled: { because: '对方返回 410' }, insight: { says: '已停用' } };
  expect(shownOf('subscription', channel).todos).toMatchObject([{ what: '对方返回 410：核对地址和密钥后重新启用' }]);
  const draws = { items: [{ number: 17, kindName: '随机抽查', period: '2026-03', stageName: '已公告' }] };
  expect(shownOf('draws', draws).lists).toEqual([{ title: '抽查', lines: ['第 17 号，随机抽查，2026-03，已公告'] }]);
  const all = { items: [{ name: '班组群', channelName: '企业微信群机器人', state: 'active' }] };
  expect(shownOf('subscriptions', all).lists).toEqual([{ title: '提醒渠道', lines: ['班组群，企业微信群机器人，启用'] }]);
  const told = { items: [{ subscriptionName: '班组群', kindName: '漏查', about: 'ENT:1', says: '已送达' }] };
  expect(shownOf('reminders', told).lists).toEqual([{ title: '提醒', lines: ['漏查，ENT:1，已送达'] }]);
});

test('a message is shown with all its items, their place, deadline, reason and link, which leads nowhere else', () => {
  const item = { headline: '逾期：某厂', where: '罐区', until: '已超过 2 天', why: '二(五) 立即整改', detail: '阀门漏' };
  const items = [
    { ...item, link: '/hazards/R01', isUrgent: true },
    { headline: '测试消息', link: 'https://evil.example' },
    { headline: '甲', link: '//evil.example' },
  ];
  const shown = shownOf('message', { subscriptionName: '班组群', number: 7, says: '3月2日 08:00 送达。', items });
  expect(shown.title).toBe('提醒：班组群，第 7 条消息');
  expect(shown.todos).toEqual([
    {
      ...{ what: '逾期：某厂', isOverdue: true, why: '二(五) 立即整改', link: '/hazards/R01' },
      lines: ['地点：罐区', '期限：已超过 2 天', '阀门漏'],
    },
    { what: '测试消息', isOverdue: false, lines: [] },
    { what: '甲', isOverdue: false, lines: [] },
  ]);
  expect(shown.facts).toContainEqual(['共', '3 项']);
  expect(shownOf('message', { items: [] }).rest).toMatch(/留存期限/);
});

test('of a task that is not his to see, whoever is told that it is late sees who has to act', () => {
  const draw = { authorityName: '市应急管理局', number: 17, kindName: '随机抽查', period: '2026-03' };
  const owed = [{ what: 'visit', due: '2026-03-09T16:00:00.000Z', isOverdue: true, why, by: '市应急管理局派出的检查人员' }];
  expect(shownOf('outline', { id: 'R.YJJ.000017.1.0003', draw, stageName: '待检查', owed }).todos).toEqual([
    expect.objectContaining({
      ...{ what: '现场检查', isOverdue: true, until: '2026年3月9日 24:00' },
      lines: ['由市应急管理局派出的检查人员办理'],
    }),
  ]);
});

test('whatever is answered, and however little, is shown without a fault', () => {
  for (const view of [
    'hazard',
    'duties',
    'list',
    'task',
    'draw',
    'grid',
    'subscription',
    'reminders',
    'message',
    'outline',
    'draws',
    'subscriptions',
  ] as const) {
    for (const data of [undefined, null, {}, [], { items: [null, 3] }, 'text'])
      expect(shownOf(view, data).title).toEqual(expect.any(String));
  }
  expect(whenOf('nonsense')).toBe('nonsense');
});

test('a refusal says what the API said, and asks for another sign-in where that is over', () => {
  expect(refusalOf(404, { detail: '没有找到这条隐患。' })).toEqual({ says: '没有找到这条隐患。', isSignInOver: false });
  expect(refusalOf(401, {})).toMatchObject({ isSignInOver: true });
  expect(refusalOf(502, undefined).says).toMatch(/稍后/);
});

describe('the assembled page', () => {
  const { html, policy } = openPage(openScript());
  const inside = (tag: string): string => html.split(`<${tag}>`)[1]?.split(`</${tag}>`)[0] ?? '';

  test('the browser runs its one script and no other, and asks nobody but the API beside it', () => {
    for (const [tag, directive] of [
      ['script', 'script-src'],
      ['style', 'style-src'],
    ] as const) {
      const hash = createHash('sha256').update(inside(tag)).digest('base64');
      expect(policy).toContain(`${directive} 'sha256-${hash}'`);
      expect(html.split(`<${tag}`)).toHaveLength(2);
    }
    expect(policy).toMatch(/default-src 'none'.*connect-src 'self'.*base-uri 'none'; form-action 'none'; frame-ancestors 'none'/);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(html).not.toMatch(/https?:\/\/|\son[a-z]+=|javascript:|\sstyle=|innerHTML|\beval\b/);
    expect(Buffer.byteLength(html)).toBeLessThan(25_000);
  });

  test('it opens a link with the token of its own storage, which never stands in an address', async () => {
    const answers: Record<string, unknown> = { 'v1/hazards/R01H3Z8K2M4N5P6': { level: 'major', finding: { place: '罐区' } } };
    const browser = fakeBrowser('#/hazards/R01H3Z8K2M4N5P6', answers);
    await browser.run(inside('script'));
    expect(browser.text('says')).toMatch(/粘贴登录令牌/);
    expect(browser.asked).toEqual([]);
    browser.paste('Bearer a-token');
    await browser.settled();
    expect(browser.asked).toEqual([{ path: 'v1/hazards/R01H3Z8K2M4N5P6', authorization: 'Bearer a-token' }]);
    expect(browser.all('shown')).toContain('重大隐患：罐区');
    expect(browser.storage.get('token')).toBe('a-token');
  });

  test('what is not his whole is asked for in outline', async () => {
    const answers = { 'v1/tasks/R.YJJ.000017.1.0003/outline': { stageName: '待检查', draw: { authorityName: '市应急管理局' } } };
    const browser = fakeBrowser('#/tasks/R.YJJ.000017.1.0003', answers, 404);
    browser.storage.set('token', 'a-token');
    await browser.run(inside('script'));
    expect(browser.all('shown')).toContain('没有待办事项：待检查');
  });

  test('of more than it can show it says so, and shows the next when asked', async () => {
    const answers = Object.fromEntries(
      Array.from({ length: 11 }, (_, page) => [
        `v1/subscriptions?limit=200${page === 0 ? '' : `&cursor=c${page}`}`,
        { items: [{ name: `渠道${page}` }], ...(page < 10 && { cursor: `c${page + 1}` }) },
      ]),
    );
    const browser = fakeBrowser('#/subscriptions', answers);
    browser.storage.set('token', 'a-token');
    await browser.run(inside('script'));
    expect(browser.all('shown').join()).toMatch(/渠道0.*渠道9.*不是全部/);
    await browser.press('接着看');
    expect(browser.all('shown').join()).toMatch(/渠道10/);
    expect(browser.all('shown').join()).not.toMatch(/渠道9|不是全部/);
  });

  test('a token that is over is forgotten and asked for again', async () => {
    const browser = fakeBrowser('#/hazards/R01H3Z8K2M4N5P6', {});
    browser.storage.set('token', 'old-token');
    await browser.run(inside('script'));
    expect(browser.storage.has('token')).toBe(false);
    expect(browser.text('says')).toMatch(/登录已过期/);
  });
});

/** As much of a browser as the page uses. */
function fakeBrowser(hash: string, answers: Readonly<Record<string, unknown>>, other = 401) {
  interface Element {
    textContent: string;
    text: string;
    value: string;
    hidden: boolean;
    className: string;
    children: Element[];
    append(...children: Element[]): void;
    addEventListener(name: string, run: (event: { preventDefault(): void }) => void): void;
  }
  const listeners = new Map<string, (event: { preventDefault(): void }) => void>();
  /** A made one is found by what it says. */
  const element = (id?: string): Element => ({
    ...{ text: '', value: '', hidden: false, className: '', children: [] },
    get textContent() {
      return this.text;
    },
    set textContent(text) {
      this.text = text;
      this.children = [];
    },
    append(...children) {
      this.children.push(...children);
    },
    addEventListener(name, run) {
      listeners.set(`${id ?? this.textContent} ${name}`, run);
    },
  });
  const parts = new Map<string, Element>();
  const part = (id: string): Element => {
    const known = parts.get(id) ?? element(id);
    parts.set(id, known);
    return known;
  };
  const storage = new Map<string, string>();
  const asked: { path: string; authorization: string }[] = [];
  const texts = ({ textContent, children }: Element): string[] => [textContent, ...children.flatMap(texts)];
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    storage,
    asked,
    settled,
    text: (id: string) => part(id).textContent,
    all: (id: string) => texts(part(id)),
    paste: (token: string) => {
      part('token').value = token;
      listeners.get('sign-in submit')?.({ preventDefault: () => undefined });
    },
    press: async (says: string) => {
      listeners.get(`${says} click`)?.({ preventDefault: () => undefined });
      await settled();
    },
    run: async (script: string) => {
      const context = createContext({
        ...{ URLSearchParams, decodeURIComponent, encodeURIComponent, location: { hash } },
        document: { getElementById: part, createElement: () => element() },
        sessionStorage: {
          getItem: (name: string) => storage.get(name) ?? null,
          setItem: (name: string, value: string) => storage.set(name, value),
          removeItem: (name: string) => storage.delete(name),
        },
        addEventListener: (name: string, run: (event: { preventDefault(): void }) => void) => listeners.set(name, run),
        fetch: async (path: string, { headers }: { headers: Record<string, string> }) => {
          asked.push({ path, authorization: headers.authorization ?? '' });
          const status = path in answers ? 200 : other;
          return { status, ok: status === 200, json: async () => answers[path] ?? {} };
        },
      });
      runInContext(script, context);
      await settled();
    },
  };
}
