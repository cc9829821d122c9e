/** What is said, in Chinese. */
import type { Day, Instant } from '../domain/calendar.ts';
import type { Colour } from '../domain/colour.ts';
import { DRAW_KIND_NAMES } from '../domain/draw-kind.ts';
import type { OrderKind } from '../domain/hazard.ts';
import type { ObligationKind } from '../domain/hazard-deadlines.ts';
import { type ChannelContent, type HazardContent, REMINDER_NAMES, type ReminderKind } from '../domain/reminder.ts';
import type { OwedKind } from '../domain/task.ts';
import { dateOf, endOf, type Moment, momentOf, stretchTo } from './moments.ts';
import { present } from './present.ts';
import { type Checks, drawPeriodText, isMadeUp, MOST_PLACES, type Words } from './words.ts';

/** As the policy calls them; a test compares them with it. */
export const COLOURS_ZH: Readonly<Record<Colour, string>> = { RED: '红色', ORANGE: '橙色', YELLOW: '黄色', BLUE: '蓝色' };
export const ORDERS_ZH: Readonly<Record<OrderKind, string>> = {
  'stop-production': '停产停业',
  'stop-use': '停止使用相关设施设备',
  withdraw: '撤出作业人员',
  evacuate: '疏散周边人员',
};
const LEVELS = { general: '一般隐患', major: '重大隐患' } as const;
export const OBLIGATIONS_ZH: Readonly<Record<ObligationKind, string>> = {
  verify: '核实定级',
  report: '报备',
  plan: '上报治理方案',
  'plan-review': '审查治理方案',
  rectify: '整改',
  accept: '验收',
  resume: '审查恢复生产',
  extension: '审批延期',
  withdrawal: '审查撤销',
  evacuation: '答复疏散',
  progress: '报告整改进展',
};
export const OWED_ZH: Readonly<Record<OwedKind, string>> = {
  assign: '派员',
  visit: '现场检查',
  'hand-in': '提交检查记录',
  confirm: '复核签字',
  'follow-up': '后续处理',
  publish: '公示',
};
const SIDES = { township: '乡镇', department: '部门' } as const;
export const GAPS_ZH: Readonly<Record<string, string>> = {
  'no-township': '未确定所属乡镇',
  'no-cell': '未划入网格',
  'no-person-in-cell': '网格没有责任人',
  'no-department': '未确定监管部门',
  'no-line': '没有对应的行业监管岗位',
  'no-person-in-line': '监管岗位没有责任人',
};

const date = ({ year, month, day }: Pick<Moment, 'year' | 'month' | 'day'>): string =>
  `${year === undefined ? '' : `${year}年`}${month}月${day}日`;
const moment = (one: Moment): string => `${date(one)} ${one.time}`;
/** When something happened; without the year where it is this one. */
export const momentZh = (at: Instant, now: Instant): string => moment(momentOf(at, now));
const onDay = (day: Day, at: Instant): string => date(dateOf(day, at));
const monthName = (month: string): string => month.replace(/^(\d{4})-0?(\d{1,2})$/, '$1年$2月');

function stretch(until: Instant, at: Instant): string {
  const { isOver, days, hours, minutes } = stretchTo(until, at);
  const parts = [days > 0 && `${days} 天`, hours > 0 && `${hours} 小时`, minutes > 0 && `${minutes} 分钟`].filter(Boolean);
  const length = parts.length === 0 ? '不到 1 分钟' : parts.join(' ');
  return isOver ? `已超过 ${length}` : `还剩 ${length}`;
}
const by = (until: Instant, at: Instant): string =>
  `${moment(endOf(until, at))}${until > at ? ' 前' : ''}，${stretch(until, at)}`;

/** The steps of a ladder count from 1 for people. */
const step = (n: number | undefined): string => (n === undefined ? '' : `（第 ${n + 1} 级上报）`);

function places({ places: all }: Checks): string | undefined {
  if (!all.some(({ workshop }) => workshop !== undefined)) return undefined;
  const shown = all.slice(0, MOST_PLACES).map(({ workshop, points }) => `${workshop ?? '未分车间'} ${points} 个`);
  return `${shown.join('、')}${all.length > MOST_PLACES ? `，等 ${all.length} 处` : ''}`;
}

const OPEN_POINTS: Partial<Record<ReminderKind, string>> = { 'checks-ending': '未查', 'checks-missed': '漏查' };

function hazardHeadline(kind: ReminderKind, content: HazardContent): string {
  const { ownerName, level, owed, order, evacuation } = content;
  const what = level === undefined ? '隐患' : LEVELS[level];
  const grade = level === undefined ? '' : `，${LEVELS[level]}`;
  const todo = owed === undefined ? '' : OBLIGATIONS_ZH[owed.kind];
  switch (kind) {
    case 'hazard-reported':
      return `${REMINDER_NAMES[kind]}：${ownerName}${grade}`;
    case 'hazard-major':
      return `${REMINDER_NAMES[kind]}：${ownerName}`;
    case 'hazard-waiting':
      return `${todo === '' ? REMINDER_NAMES[kind] : `待${todo}`}：${ownerName}，${what}`;
    case 'deadline-near':
      return `${todo}期限将到：${ownerName}，${what}`;
    case 'deadline-missed':
      return `${todo}逾期${step(content.step)}：${ownerName}，${what}`;
    case 'order-issued':
    case 'order-lifted': {
      const name = order === undefined ? '' : `${ORDERS_ZH[order.kind]}（第 ${order.no} 号）`;
      return `${kind === 'order-issued' ? '指令' : '指令解除'}：${name}，${ownerName}`;
    }
    case 'evacuation-asked':
      return `${REMINDER_NAMES[kind]}：${evacuation === undefined ? '' : `${evacuation.people} 人，`}${ownerName}`;
    case 'evacuation-answered':
      return `${REMINDER_NAMES[kind]}：${evacuation?.answer?.granted ? '同意' : '不同意'}，${evacuation?.people ?? 0} 人，${ownerName}`;
    default:
      return `${REMINDER_NAMES[kind]}：${ownerName}，${what}`;
  }
}

function detailOf({ description, order, evacuation }: HazardContent): string {
  if (order !== undefined) return `范围：${order.scope}。隐患：${description}`;
  return evacuation?.answer === undefined ? description : `答复：${evacuation.answer.note}。隐患：${description}`;
}

/** An order holds at once. Whoever is told of it late has to know since when. */
function untilOf(kind: ReminderKind, { order, listing, owed }: HazardContent, at: Instant): string | undefined {
  if (order !== undefined) return `${momentZh(order.at, at)} 起${kind === 'order-lifted' ? '解除' : '立即执行'}`;
  if (listing !== undefined) return `${onDay(listing.term, at)}前（${listing.document}）`;
  return owed && by(owed.due, at);
}

/** What is wrong, what came of it, and what can be done. */
function channelDetail({ since, failures, says, isDisabled, undelivered }: ChannelContent, at: Instant): string {
  const fails = failures > 1 ? `连续失败 ${failures} 次` : '发送失败';
  const lost = undelivered === undefined ? '，仍在按间隔重试' : undelivered > 0 ? `，${undelivered} 条提醒没有送达` : '';
  const again = undelivered === undefined || undelivered === 0 ? '' : '重新投递';
  const todo = isDisabled ? `已停用：修好后启用${again && `，再${again}`}` : again && `修好后可${again}`;
  return `${momentZh(since, at)} 起${fails}${lost}。${todo && `${todo}。`}原因：${says}`;
}

export const WORDS_ZH: Words = {
  checks: (kind, checks, at) => {
    const { ownerName, colour, until, points, periods } = checks;
    const times = periods > 1 ? `${points} 点次（${periods} 期）` : `${points} 个`;
    return {
      headline: `${COLOURS_ZH[colour]}风险点${REMINDER_NAMES[kind]}：${ownerName}，${OPEN_POINTS[kind] ?? '待查'} ${times}`,
      ...present({ where: places(checks) }),
      until: by(until, at),
    };
  },
  list: (kind, { ownerName, month, until }, at) => ({
    headline: `${REMINDER_NAMES[kind]}：${ownerName}，${monthName(month)}`,
    until: by(until, at),
  }),
  hazard: (kind, content, at) => {
    const { place, evacuation } = content;
    return {
      headline: hazardHeadline(kind, content),
      detail: detailOf(content),
      where: evacuation === undefined ? place : `${place}，疏散范围：${evacuation.area}`,
      ...present({ until: untilOf(kind, content, at) }),
    };
  },
  task: (kind, content, at) => {
    const { task, authorityName, owed } = content;
    const what = owed === undefined ? '' : OWED_ZH[owed.what];
    return {
      headline: `${REMINDER_NAMES[kind]}${step(content.step)}：${authorityName}${what}（任务 ${task}）`,
      ...(kind === 'task-withdrawn' && { detail: '请不要前往：已改派他人，或任务已替换、作废。' }),
      ...present({ until: owed && by(owed.due, at) }),
    };
  },
  draw: (kind, { authorityName, kind: drawn, period, number, drawAt, trouble }, at) => ({
    headline: `${REMINDER_NAMES[kind]}：${authorityName}，${DRAW_KIND_NAMES[drawn]} ${drawPeriodText(period)}${number === undefined ? '' : `，第 ${number} 号`}`,
    ...present({
      detail: trouble?.says,
      until:
        drawAt !== undefined && drawAt > at
          ? `${momentZh(drawAt, at)} ${isMadeUp(period, drawAt) ? '补抽（本期错过了公告日）' : '抽签'}`
          : undefined,
    }),
  }),
  grid: (kind, { target, targetName, side, gap, due, step: level }, at) => ({
    headline: `${REMINDER_NAMES[kind]}${step(level)}：${SIDES[side]}${(gap && GAPS_ZH[gap]) ?? '没有责任人'}`,
    where: targetName ?? target,
    ...present({ until: due && by(due, at) }),
  }),
  channel: (kind, content, at) => ({ headline: `${REMINDER_NAMES[kind]}：${content.name}`, detail: channelDetail(content, at) }),
  test: (kind, { name }) => ({ headline: `${REMINDER_NAMES[kind]}：${name}`, detail: '收到此消息，表示提醒渠道已接通。' }),
  why: ({ clause, says, origin }) =>
    `${origin === 'policy' ? '' : origin === 'ours' ? '系统约定，参照' : '本县规定，参照'}${clause} ${says}`,
  title: (items, headline) => (items === 1 ? headline : `${items} 项提醒，最急：${headline}`),
  more: (items) => `另有 ${items} 项`,
  urgent: '【紧急】',
  what: '内容',
  where: '地点',
  until: '期限',
  basis: '依据',
  open: '打开',
  openAll: '查看全部',
  colon: '：',
};
