/** What is said, in Chinese. */
import type { Day, Instant } from '../domain/calendar.ts';
import { DRAW_KIND_NAMES } from '../domain/draw-kind.ts';
import { COLOUR_NAMES, GRID_GAP_NAMES, LEVEL_NAMES, OBLIGATION_NAMES, ORDER_NAMES, OWED_NAMES } from '../domain/names.ts';
import { type ChannelContent, type HazardContent, REMINDER_NAMES, type ReminderKind } from '../domain/reminder.ts';
import { dateOf, endOf, type Moment, momentOf, stretchTo } from './moments.ts';
import { present } from './present.ts';
import { type Checks, drawPeriodText, isMadeUp, MOST_PLACES, type Words } from './words.ts';

const SIDES = { township: '乡镇', department: '部门' } as const;

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
  const what = level === undefined ? '隐患' : LEVEL_NAMES[level];
  const grade = level === undefined ? '' : `，${LEVEL_NAMES[level]}`;
  const todo = owed === undefined ? '' : OBLIGATION_NAMES[owed.kind];
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
      const name = order === undefined ? '' : `${ORDER_NAMES[order.kind]}（第 ${order.no} 号）`;
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
      headline: `${COLOUR_NAMES[colour]}风险点${REMINDER_NAMES[kind]}：${ownerName}，${OPEN_POINTS[kind] ?? '待查'} ${times}`,
      ...present({ where: places(checks) }),
      until: by(until, at),
    };
  },
  list: (kind, { ownerName, month, until }, at) => ({
    headline: `${REMINDER_NAMES[kind]}：${ownerName}，${monthName(month)}`,
    until: by(until, at),
  }),
  form: (kind, { month, until }, at) => ({
    headline: `${REMINDER_NAMES[kind]}：${monthName(month)}`,
    detail: '请从该月的导出包下载月报表（views/form.xlsx），核对、签字、盖章后上报。',
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
    const what = owed === undefined ? '' : OWED_NAMES[owed.what];
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
    headline: `${REMINDER_NAMES[kind]}${step(level)}：${SIDES[side]}${(gap && GRID_GAP_NAMES[gap]) ?? '没有责任人'}`,
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
