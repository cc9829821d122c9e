/** What the API answered, as the page shows it: what has to be done, until when and why, and then how things stand. */

import { GRID_GAP_NAMES, OBLIGATION_NAMES, OWED_NAMES } from '../../../shared/domain/names.ts';
import type { View } from './request.ts';
import {
  COLOURS,
  DUTY_STATES,
  endsOf,
  isTrue,
  LEVELS,
  LIST_STATES,
  listOf,
  of,
  SUBSCRIPTION_STATES,
  textOf,
  whenOf,
  whyOf,
  worded,
} from './words.ts';

/** One thing that has to be done. */
export interface Todo {
  readonly what: string;
  readonly until?: string;
  readonly isOverdue: boolean;
  readonly why?: string;
  /** More of it, line by line. */
  readonly lines?: readonly string[];
  /** Where it is opened: a path of the app. */
  readonly link?: string;
}
export interface Shown {
  readonly title: string;
  readonly todos: readonly Todo[];
  /** Where nothing has to be done. */
  readonly rest?: string;
  readonly facts: readonly (readonly [label: string, text: string])[];
  readonly lists: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

type Facts = readonly (readonly [string, string])[];

const known = (facts: Facts): Facts => facts.filter(([, text]) => text !== '');
const some = (title: string, lines: readonly string[]): Shown['lists'] => (lines.length === 0 ? [] : [{ title, lines }]);
const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('，');

const todoOf = (what: string, due: unknown): Todo => {
  const [until, why] = [textOf(due, 'due') || textOf(due, 'until'), whyOf(of(due, 'why'))];
  return {
    what,
    ...(until !== '' && { until: endsOf(until) }),
    isOverdue: isTrue(due, 'isOverdue'),
    ...(why !== '' && { why }),
  };
};

const hazardShown = (data: unknown): Shown => ({
  title: `${worded(LEVELS, textOf(data, 'level')) || '未定级隐患'}：${textOf(data, 'finding', 'place')}`,
  todos: listOf(data, 'obligations').map((one) => todoOf(worded(OBLIGATION_NAMES, textOf(one, 'kind')), one)),
  rest: `没有待办事项：${textOf(data, 'stageName')}`,
  facts: known([
    ['现状', textOf(data, 'stageName')],
    ['情况', textOf(data, 'finding', 'description')],
    ['地点', textOf(data, 'finding', 'place')],
    ['风险点等级', worded(COLOURS, textOf(data, 'colour'))],
    ['发现时间', whenOf(textOf(data, 'finding', 'at'))],
    ['整改责任人', textOf(data, 'rectifier')],
    ['挂牌督办', joined(textOf(data, 'listing', 'document'), textOf(data, 'listing', 'term'))],
    ['编号', textOf(data, 'id')],
  ]),
  lists: [
    ...some(
      '现行指令',
      listOf(data, 'orders')
        .filter((order) => of(order, 'lifted') === undefined)
        .map((order) => joined(textOf(order, 'kindName'), textOf(order, 'scope'), whenOf(textOf(order, 'at')))),
    ),
    ...some(
      '误过的期限',
      listOf(data, 'missed').map((one) =>
        joined(worded(OBLIGATION_NAMES, textOf(one, 'kind')), `应在 ${endsOf(textOf(one, 'due'))} 以前`),
      ),
    ),
  ],
});

function dutiesShown(data: unknown): Shown {
  const all = listOf(data, 'items');
  const isState = (state: string) => (duty: unknown) => textOf(duty, 'state') === state;
  const line = (duty: unknown): string =>
    joined(
      `${worded(COLOURS, textOf(duty, 'colour'))} ${textOf(duty, 'riskNo')} ${textOf(duty, 'name')}`,
      textOf(duty, 'location'),
    );
  return {
    title: '应做的排查',
    todos: all.filter(isState('open')).map((duty) => todoOf(`排查 ${line(duty)}`, duty)),
    rest: '本期的排查都已完成。',
    facts: ['missed', 'late', 'done', 'suspended']
      .map((state) => [worded(DUTY_STATES, state), all.filter(isState(state)).length] as const)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => [name, `${count} 处`]),
    lists: some(
      '漏查',
      all.filter(isState('missed')).map((duty) => joined(line(duty), textOf(duty, 'period'))),
    ),
  };
}

function listShown(data: unknown): Shown {
  const [state, month] = [textOf(data, 'state'), textOf(data, 'month')];
  const isOwed = state === 'open' || state === 'overdue' || !isTrue(data, 'complete');
  return {
    title: `${month} 隐患排查治理清单`,
    todos: isOwed ? [{ ...todoOf('核对并提交清单；没有隐患也要提交', data), isOverdue: state === 'overdue' }] : [],
    rest: '清单已提交，含本月的全部隐患。',
    facts: known([
      ['现状', worded(LIST_STATES, state)],
      ['提交时间', whenOf(textOf(data, 'submittedAt'))],
    ]),
    lists: some(
      '本月隐患',
      listOf(data, 'items').map((one) =>
        joined(worded(LEVELS, textOf(one, 'level')), textOf(one, 'place'), textOf(one, 'description')),
      ),
    ),
  };
}

const taskShown = (data: unknown): Shown => ({
  title: `检查任务：${textOf(data, 'objectName')}`,
  todos: listOf(data, 'owed').map((one) => todoOf(worded(OWED_NAMES, textOf(one, 'what')), one)),
  rest: `没有待办事项：${textOf(data, 'stageName')}`,
  facts: known([
    ['现状', textOf(data, 'stageName')],
    ['检查日期', textOf(data, 'day')],
    ['抽查', joined(textOf(data, 'draw', 'authorityName'), textOf(data, 'draw', 'kindName'), textOf(data, 'draw', 'period'))],
    ['地址', textOf(data, 'enterprise', 'address')],
    ['等级', worded(COLOURS, textOf(data, 'colour'))],
    ['编号', textOf(data, 'id')],
  ]),
  lists: [
    ...some(
      '检查事项',
      listOf(data, 'items').map((item) => joined(textOf(item, 'no'), textOf(item, 'name'), textOf(item, 'subItem'))),
    ),
    ...some(
      '未办结的隐患',
      listOf(data, 'openHazards').map((one) =>
        joined(textOf(one, 'stageName'), textOf(one, 'place'), textOf(one, 'description')),
      ),
    ),
  ],
});

/** What those who are told that a task is late may know of it. */
const outlineShown = (data: unknown): Shown => ({
  title: `检查任务：${textOf(data, 'draw', 'authorityName')}，第 ${textOf(data, 'draw', 'number')} 号抽查`,
  todos: listOf(data, 'owed').map((one) => ({
    ...todoOf(worded(OWED_NAMES, textOf(one, 'what')), one),
    lines: [`由${textOf(one, 'by')}办理`],
  })),
  rest: `没有待办事项：${textOf(data, 'stageName')}`,
  facts: known([
    ['现状', textOf(data, 'stageName')],
    ['抽查', joined(textOf(data, 'draw', 'kindName'), textOf(data, 'draw', 'period'))],
    ['编号', textOf(data, 'id')],
    ['说明', '检查对象、人员和日期在公示以前只有检查人员和派员的人可以查看'],
  ]),
  lists: [],
});

const drawShown = (data: unknown): Shown => ({
  title: `${textOf(data, 'kindName')}（${textOf(data, 'authority')}，${textOf(data, 'period')}）`,
  todos: isTrue(data, 'isOverdue') ? [{ what: '抽取或公开已过时限，请查明原因', isOverdue: true }] : [],
  rest: '抽查按日程自动进行。',
  facts: known([
    ['现状', textOf(data, 'stageName')],
    ['公告时间', whenOf(textOf(data, 'announcedAt'))],
    ['抽取时间', whenOf(textOf(data, 'drawAt'))],
    ['公开时限', whenOf(textOf(data, 'revealBy'))],
    ['公开时间', whenOf(textOf(data, 'revealedAt'))],
    ['未按日程公告的原因', textOf(data, 'because')],
    ['作废', textOf(data, 'void', 'reason')],
    ['公告哈希', textOf(data, 'announcement')],
  ]),
  lists: some(
    '各层抽取数',
    listOf(data, 'strata').map((one) => `${textOf(one, 'name')}：${textOf(one, 'objects')} 个中抽 ${textOf(one, 'quota')} 个`),
  ),
});

function gridShown(data: unknown, find: string | undefined): Shown {
  const items = listOf(data, 'items').filter((item) => textOf(item, 'target') === find);
  const sides = items.flatMap((item) => [of(item, 'township'), of(item, 'department')]);
  const gaps = sides.filter((side) => textOf(side, 'gap') !== '');
  const [first] = items;
  return {
    title: `网格责任：${textOf(first, 'name') || (find ?? '')}`,
    todos: gaps.map((side) => ({
      ...todoOf(joined(textOf(side, 'name'), worded(GRID_GAP_NAMES, textOf(side, 'gap')), '请明确责任人'), side),
      why: whyOf(of(first, 'why')),
    })),
    rest: '没有缺口：已经补上，或者不在您的范围内。',
    facts: known([['对象', find ?? '']]),
    lists: [],
  };
}

const deliveryLine = (one: unknown): string => joined(textOf(one, 'kindName'), textOf(one, 'about'), textOf(one, 'says'));

const subscriptionShown = (data: unknown): Shown => ({
  title: `提醒渠道：${textOf(data, 'name')}`,
  todos:
    textOf(data, 'state') === 'disabled'
      ? [{ what: `${textOf(data, 'disabled', 'because')}：核对地址和密钥后重新启用`, isOverdue: true }]
      : [],
  rest: textOf(data, 'insight', 'says'),
  facts: known([
    ['状态', worded(SUBSCRIPTION_STATES, textOf(data, 'state'))],
    ['渠道', textOf(data, 'channelName')],
    ['现状', textOf(data, 'insight', 'says')],
    ['最近送达', whenOf(textOf(data, 'insight', 'lastTold'))],
    ['连续失败', textOf(data, 'insight', 'receiver', 'failures')],
    ['最近失败', textOf(data, 'insight', 'receiver', 'lastFailure', 'says')],
    ['等待发送', textOf(data, 'insight', 'waiting')],
    ['未能送达', textOf(data, 'insight', 'dead')],
  ]),
  lists: [],
});

const listShownOf = (title: string, items: readonly unknown[], line: (item: unknown) => string): Shown => ({
  title,
  todos: [],
  rest: items.length === 0 ? '没有您可以看到的。' : `共 ${items.length} 项。`,
  facts: [],
  lists: some(title, items.map(line)),
});

const drawsShown = (data: unknown): Shown =>
  listShownOf('抽查', listOf(data, 'items'), (draw) =>
    joined(
      `第 ${textOf(draw, 'number')} 号`,
      textOf(draw, 'kindName'),
      textOf(draw, 'period'),
      textOf(draw, 'stageName'),
      textOf(draw, 'because'),
    ),
  );

const exportsShown = (data: unknown): Shown =>
  listShownOf('导出包', listOf(data, 'items'), (one) =>
    joined(
      `第 ${textOf(one, 'closed', 'sequence') || '…'} 包`,
      `${textOf(one, 'from')} 至 ${textOf(one, 'to')}`,
      textOf(one, 'stage') === 'closed' ? '已完成' : '正在生成',
      `导出编号 ${textOf(one, 'id')}`,
    ),
  );

const subscriptionsShown = (data: unknown): Shown =>
  listShownOf('提醒渠道', listOf(data, 'items'), (one) =>
    joined(textOf(one, 'name'), textOf(one, 'channelName'), worded(SUBSCRIPTION_STATES, textOf(one, 'state'))),
  );

const PATH = /^\/[^/\\]/;

const messageShown = (data: unknown): Shown => ({
  title: `提醒：${textOf(data, 'subscriptionName')}，第 ${textOf(data, 'number')} 条消息`,
  todos: listOf(data, 'items').map((item) => {
    const [detail, where, until, why, link] = ['detail', 'where', 'until', 'why', 'link'].map((name) => textOf(item, name));
    return {
      what: textOf(item, 'headline'),
      isOverdue: isTrue(item, 'isUrgent'),
      lines: [...(where ? [`地点：${where}`] : []), ...(until ? [`期限：${until}`] : []), ...(detail ? [detail] : [])],
      ...(why && { why }),
      ...(link && PATH.test(link) && { link }),
    };
  }),
  rest: '这条消息的提醒已超过留存期限，不再列出。',
  facts: known([
    ['消息', textOf(data, 'says')],
    ['共', `${listOf(data, 'items').length} 项`],
  ]),
  lists: [],
});

const remindersShown = (data: unknown): Shown => {
  const items = listOf(data, 'items');
  return {
    title: `提醒：${textOf(items[0], 'subscriptionName')}`,
    todos: [],
    rest: items.length === 0 ? '这个渠道还没有提醒。' : '以下是这个渠道的提醒，点开消息中的链接办理。',
    facts: [],
    lists: some('提醒', items.map(deliveryLine)),
  };
};

export function shownOf(view: View, data: unknown, find?: string): Shown {
  switch (view) {
    case 'hazard':
      return hazardShown(data);
    case 'duties':
      return dutiesShown(data);
    case 'list':
      return listShown(data);
    case 'task':
      return taskShown(data);
    case 'draw':
      return drawShown(data);
    case 'draws':
      return drawsShown(data);
    case 'subscriptions':
      return subscriptionsShown(data);
    case 'exports':
      return exportsShown(data);
    case 'grid':
      return gridShown(data, find);
    case 'subscription':
      return subscriptionShown(data);
    case 'reminders':
      return remindersShown(data);
    case 'message':
      return messageShown(data);
    case 'outline':
      return outlineShown(data);
  }
}

/** What a refusal says, and whether another sign-in would help. */
export function refusalOf(status: number, data: unknown): { readonly says: string; readonly isSignInOver: boolean } {
  const says = textOf(data, 'detail');
  if (status === 401) return { says: '登录已过期，请重新登录并粘贴新的登录令牌。', isSignInOver: true };
  return { says: says === '' ? `系统没有回答（${status}），请稍后重试。` : says, isSignInOver: false };
}
