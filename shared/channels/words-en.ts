/** What is said, in English. The policy's own words stay Chinese: there is no official translation. */
import type { Day, Instant } from '../domain/calendar.ts';
import type { Colour } from '../domain/colour.ts';
import type { DrawKind } from '../domain/draw-kind.ts';
import type { OrderKind } from '../domain/hazard.ts';
import type { ObligationKind } from '../domain/hazard-deadlines.ts';
import type { ChannelContent, HazardContent, ReminderKind } from '../domain/reminder.ts';
import type { OwedKind } from '../domain/task.ts';
import { dateOf, endOf, type Moment, momentOf, stretchTo } from './moments.ts';
import { present } from './present.ts';
import { type Checks, drawPeriodText, isMadeUp, MOST_PLACES, type Words } from './words.ts';

const NAMES: Readonly<Record<ReminderKind, string>> = {
  'checks-due': 'checks due',
  'checks-ending': 'checks about to end',
  'checks-missed': 'checks missed',
  'list-ending': 'Monthly hazard list due',
  'form-due': 'Monthly form to be signed',
  'hazard-reported': 'New hazard to be graded',
  'hazard-major': 'Major hazard',
  'hazard-assigned': 'To be rectified',
  'hazard-waiting': 'Waiting for you',
  'deadline-near': 'Deadline near',
  'deadline-missed': 'Overdue',
  'order-issued': 'Order',
  'order-lifted': 'Order lifted',
  'evacuation-asked': 'Help with evacuation asked',
  'evacuation-answered': 'Help with evacuation answered',
  'hazard-listed': 'Under listed supervision',
  'draw-announced': 'Draw announced',
  'draw-trouble': 'Trouble with a draw',
  'task-assigned': 'Inspection task',
  'task-withdrawn': 'Inspection task withdrawn',
  'task-near': 'Inspection task due soon',
  'task-overdue': 'Inspection task overdue',
  'grid-gap': 'Nobody responsible in the grid',
  'channel-failing': 'Reminders do not arrive',
  test: 'Test message',
};
const COLOURS: Readonly<Record<Colour, string>> = { RED: 'Red', ORANGE: 'Orange', YELLOW: 'Yellow', BLUE: 'Blue' };
const ORDERS: Readonly<Record<OrderKind, string>> = {
  'stop-production': 'stop production',
  'stop-use': 'stop use of equipment',
  withdraw: 'withdraw workers',
  evacuate: 'evacuate people nearby',
};
const LEVELS = { general: 'general hazard', major: 'major hazard' } as const;
const OBLIGATIONS: Readonly<Record<ObligationKind, string>> = {
  verify: 'grading',
  report: 'report to the department',
  plan: 'plan',
  'plan-review': 'review of the plan',
  rectify: 'rectification',
  accept: 'acceptance',
  resume: 'decision on resumption',
  extension: 'decision on extension',
  withdrawal: 'decision on withdrawal',
  evacuation: 'answer on evacuation',
  progress: 'progress report',
};
const OWED: Readonly<Record<OwedKind, string>> = {
  assign: 'send a team',
  visit: 'visit',
  'hand-in': 'hand in the record',
  confirm: 'second signature',
  'follow-up': 'follow-up',
  publish: 'publication',
};
const DRAWS: Readonly<Record<DrawKind, string>> = {
  'RANDOM.RED': 'random checks of red objects',
  'RANDOM.ORANGE': 'random checks of orange objects',
  'RANDOM.YELLOW': 'random checks of yellow objects',
  'RANDOM.BLUE': 'random checks of blue objects',
  SPECIAL: 'special inspection',
  EXPERT: 'inspection with experts',
  COMPREHENSIVE: 'comprehensive supervision',
};
const SIDES = { township: 'township', department: 'department' } as const;
const GAPS: Readonly<Record<string, string>> = {
  'no-township': 'no township known',
  'no-cell': 'in no cell',
  'no-person-in-cell': 'nobody in the cell',
  'no-department': 'no department known',
  'no-line': 'no line for the industry',
  'no-person-in-line': 'nobody in the line',
};
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const date = ({ year, month, day }: Pick<Moment, 'year' | 'month' | 'day'>): string =>
  [day, MONTHS[month - 1], year].filter((part) => part !== undefined).join(' ');
const moment = (one: Moment): string => `${date(one)} ${one.time}`;
const onDay = (day: Day, at: Instant): string => date(dateOf(day, at));

function stretch(until: Instant, at: Instant): string {
  const { isOver, days, hours, minutes } = stretchTo(until, at);
  const parts = [days > 0 && `${days} d`, hours > 0 && `${hours} h`, minutes > 0 && `${minutes} min`].filter(Boolean);
  const length = parts.length === 0 ? 'less than 1 min' : parts.join(' ');
  return isOver ? `${length} over` : `${length} left`;
}
const by = (until: Instant, at: Instant): string => `${moment(endOf(until, at))}, ${stretch(until, at)}`;
const step = (n: number | undefined): string => (n === undefined ? '' : ` (told to level ${n + 1})`);

function places({ places: all }: Checks): string | undefined {
  if (!all.some(({ workshop }) => workshop !== undefined)) return undefined;
  const shown = all.slice(0, MOST_PLACES).map(({ workshop, points }) => `${workshop ?? 'no workshop'} ${points}`);
  return `${shown.join(', ')}${all.length > MOST_PLACES ? `, ${all.length} places in all` : ''}`;
}

function hazardHeadline(kind: ReminderKind, content: HazardContent): string {
  const { ownerName, level, owed, order, evacuation } = content;
  const what = level === undefined ? 'hazard' : LEVELS[level];
  const grade = level === undefined ? '' : `, ${LEVELS[level]}`;
  const todo = owed === undefined ? '' : `, ${OBLIGATIONS[owed.kind]}`;
  switch (kind) {
    case 'hazard-reported':
      return `${NAMES[kind]}: ${ownerName}${grade}`;
    case 'hazard-major':
      return `${NAMES[kind]}: ${ownerName}`;
    case 'hazard-waiting':
    case 'deadline-near':
      return `${NAMES[kind]}${todo}: ${ownerName}, ${what}`;
    case 'deadline-missed':
      return `${NAMES[kind]}${todo}${step(content.step)}: ${ownerName}, ${what}`;
    case 'order-issued':
    case 'order-lifted':
      return `${NAMES[kind]}: ${order === undefined ? '' : `${ORDERS[order.kind]} (no. ${order.no}), `}${ownerName}`;
    case 'evacuation-asked':
      return `${NAMES[kind]}: ${evacuation === undefined ? '' : `${evacuation.people} people, `}${ownerName}`;
    case 'evacuation-answered':
      return `${NAMES[kind]}: ${evacuation?.answer?.granted ? 'granted' : 'refused'}, ${evacuation?.people ?? 0} people, ${ownerName}`;
    default:
      return `${NAMES[kind]}: ${ownerName}, ${what}`;
  }
}

function detailOf({ description, order, evacuation }: HazardContent): string {
  if (order !== undefined) return `Covers: ${order.scope}. Hazard: ${description}`;
  return evacuation?.answer === undefined ? description : `Answer: ${evacuation.answer.note}. Hazard: ${description}`;
}

function untilOf(kind: ReminderKind, { order, listing, owed }: HazardContent, at: Instant): string | undefined {
  if (order !== undefined) return `${kind === 'order-lifted' ? 'lifted' : 'at once,'} since ${moment(momentOf(order.at, at))}`;
  if (listing !== undefined) return `${onDay(listing.term, at)} (${listing.document})`;
  return owed && by(owed.due, at);
}

function channelDetail({ since, failures, says, isDisabled, undelivered }: ChannelContent, at: Instant): string {
  const fails = failures > 1 ? `${failures} failures in a row` : 'Not accepted';
  const lost =
    undelivered === undefined
      ? ', still being tried'
      : undelivered > 0
        ? `, ${undelivered} ${undelivered === 1 ? 'reminder' : 'reminders'} not delivered`
        : '';
  const again = undelivered !== undefined && undelivered > 0;
  const enable = isDisabled ? ['Disabled: enable it once it is mended'] : [];
  const todo = [...enable, ...(again ? [isDisabled ? 'then redrive' : 'They can be redriven once it is mended'] : [])].join(', ');
  return `${fails} since ${moment(momentOf(since, at))}${lost}. ${todo && `${todo}. `}Reason: ${says}`;
}

export const WORDS_EN: Words = {
  checks: (kind, checks, at) => {
    const { ownerName, colour, until, points, periods } = checks;
    const times = periods > 1 ? `${points} in ${periods} periods` : `${points} ${points === 1 ? 'point' : 'points'}`;
    return {
      headline: `${COLOURS[colour]} ${NAMES[kind]}: ${ownerName}, ${times}`,
      ...present({ where: places(checks) }),
      until: by(until, at),
    };
  },
  list: (kind, { ownerName, month, until }, at) => ({
    headline: `${NAMES[kind]}: ${ownerName}, ${month}`,
    until: by(until, at),
  }),
  form: (kind, { month, until }, at) => ({
    headline: `${NAMES[kind]}: ${month}`,
    detail: 'Take it from the bundle of that month (views/form.xlsx), check, sign and stamp it, and send it on.',
    until: by(until, at),
  }),
  hazard: (kind, content, at) => {
    const { place, evacuation } = content;
    return {
      headline: hazardHeadline(kind, content),
      detail: detailOf(content),
      where: evacuation === undefined ? place : `${place}; to be evacuated: ${evacuation.area}`,
      ...present({ until: untilOf(kind, content, at) }),
    };
  },
  task: (kind, content, at) => {
    const { task, authorityName, owed } = content;
    return {
      headline: `${NAMES[kind]}${step(content.step)}: ${authorityName}, ${owed === undefined ? '' : `${OWED[owed.what]}, `}${task}`,
      ...(kind === 'task-withdrawn' && { detail: 'Do not go: others are sent, or the task was replaced or is void.' }),
      ...present({ until: owed && by(owed.due, at) }),
    };
  },
  draw: (kind, { authorityName, kind: drawn, period, number, drawAt, trouble }, at) => ({
    headline: `${NAMES[kind]}: ${authorityName}, ${DRAWS[drawn]} ${drawPeriodText(period)}${number === undefined ? '' : `, no. ${number}`}`,
    ...present({
      detail: trouble?.says,
      until:
        drawAt !== undefined && drawAt > at
          ? `drawn ${isMadeUp(period, drawAt) ? 'late, ' : ''}${moment(momentOf(drawAt, at))}`
          : undefined,
    }),
  }),
  grid: (kind, { target, targetName, side, gap, due, step: level }, at) => ({
    headline: `${NAMES[kind]}${step(level)}: ${SIDES[side]}, ${(gap && GAPS[gap]) ?? 'nobody'}`,
    where: targetName ?? target,
    ...present({ until: due && by(due, at) }),
  }),
  channel: (kind, content, at) => ({ headline: `${NAMES[kind]}: ${content.name}`, detail: channelDetail(content, at) }),
  test: (kind, { name }) => ({ headline: `${NAMES[kind]}: ${name}`, detail: 'If you read this, reminders arrive here.' }),
  why: ({ clause, says, origin }) =>
    `${origin === 'policy' ? 'clause' : origin === 'ours' ? "the system's own, after clause" : "the county's own, after clause"} ${clause} ${says}`,
  title: (items, headline) => (items === 1 ? headline : `${items} reminders, first: ${headline}`),
  more: (items) => `${items} more`,
  urgent: 'URGENT, ',
  what: 'What',
  where: 'Where',
  until: 'Until',
  basis: 'Why',
  open: 'Open',
  openAll: 'See all',
  colon: ': ',
};
