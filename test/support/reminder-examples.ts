/** One reminder of every kind, as the county's events make them, with texts that a test may replace. */
import type { Channel } from '../../shared/channels/channel.ts';
import { type Digest, digestOf } from '../../shared/channels/digest.ts';
import { itemsOf } from '../../shared/channels/templates.ts';
import { dayOf, type Instant, instant } from '../../shared/domain/calendar.ts';
import { countyCode, department, drawPeriod, hazardId, subscriptionId, taskId } from '../../shared/domain/ids.ts';
import type { Content, Reminder, ReminderKind } from '../../shared/domain/reminder.ts';
import type { Subscription } from '../../shared/domain/subscription.ts';
import type { Why } from '../../shared/domain/why.ts';
import { policyFor } from '../../shared/policy/load.ts';

export const AT: Instant = instant('2026-06-30T06:00:00Z');
export const OWNER = 'ENT:91533102MA6K4T2P00';

/** What people write. */
export interface Texts {
  readonly name: string;
  readonly place: string;
  readonly text: string;
}
export const TEXTS: Texts = { name: '瑞丽市姐告木业有限公司', place: '打磨车间除尘管道', text: '除尘管道积尘超过 3 毫米。' };

export const WHY: Why = {
  rule: 'checks.RED',
  clause: '二(五)',
  edition: 'dehong-2016-7',
  origin: 'policy',
  says: '红色风险点一天一排查',
};

const hazard = ({ name, place, text }: Texts, more: Partial<Extract<Content, { of: 'hazard' }>>): Content => ({
  ...{ of: 'hazard', hazard: hazardId('R01K2M3N4P5Q6'), generation: 1, owner: OWNER },
  ...{ ownerName: name, place, description: text, level: 'major', ...more },
});
const checks = ({ name, place }: Texts, until = '2026-06-30T16:00:00Z'): Content => ({
  ...{ of: 'checks', owner: OWNER, ownerName: name, colour: 'RED', cadence: 'day', period: '2026-06-30' },
  until: instant(until),
  places: [{ workshop: place, points: 8 }, { workshop: '二车间', points: 3 }, { points: 1 }],
});
const task: Extract<Content, { of: 'task' }> = {
  ...{ of: 'task', task: taskId('R.YJJ.000017.1.0003'), authority: department('YJJ'), authorityName: '市应急管理局' },
  owed: { what: 'visit', due: instant('2026-07-02T16:00:00Z') },
};
const { owed: _owed, ...withoutOwed } = task;
const draw: Extract<Content, { of: 'draw' }> = {
  ...{ of: 'draw', authority: department('YJJ'), authorityName: '市应急管理局', kind: 'RANDOM.RED', number: 17 },
  ...{ period: drawPeriod('2026-07'), drawAt: instant('2026-07-01T02:00:00Z') },
};

/** What each kind is about. */
export const contentsOf = (texts: Texts): Readonly<Record<ReminderKind, Content>> => ({
  'checks-due': checks(texts),
  'checks-ending': checks(texts),
  'checks-missed': checks(texts, '2026-06-29T16:00:00Z'),
  'list-ending': {
    ...{ of: 'list', owner: OWNER, ownerName: texts.name, month: '2026-06', until: instant('2026-06-30T16:00:00Z') },
  },
  'form-due': { of: 'form', month: '2026-06', until: instant('2026-07-06T16:00:00Z') },
  'hazard-reported': hazard(texts, { owed: { kind: 'verify', due: instant('2026-07-01T06:00:00Z') } }),
  'hazard-major': hazard(texts, {}),
  'hazard-assigned': hazard(texts, { owed: { kind: 'rectify', due: instant('2026-07-15T16:00:00Z') } }),
  'hazard-waiting': hazard(texts, { owed: { kind: 'accept', due: instant('2026-07-03T06:00:00Z') } }),
  'deadline-near': hazard(texts, { owed: { kind: 'rectify', due: instant('2026-07-01T06:00:00Z') } }),
  'deadline-missed': hazard(texts, { step: 1, owed: { kind: 'plan', due: instant('2026-06-28T10:00:00Z') } }),
  'order-issued': hazard(texts, { order: { no: 1, kind: 'stop-production', scope: texts.place, at: AT } }),
  'order-lifted': hazard(texts, { order: { no: 1, kind: 'stop-production', scope: texts.place, at: AT } }),
  'evacuation-asked': hazard(texts, { evacuation: { area: texts.place, people: 120 } }),
  'evacuation-answered': hazard(texts, {
    evacuation: { area: texts.place, people: 120, answer: { granted: true, note: texts.text } },
  }),
  'hazard-listed': hazard(texts, { listing: { document: '瑞安办〔2026〕3号', term: dayOf(instant('2026-07-31T00:00:00Z')) } }),
  'draw-announced': draw,
  'draw-trouble': { ...draw, trouble: { type: 'RoundMissing', says: texts.text } },
  'task-assigned': task,
  'task-withdrawn': withoutOwed,
  'task-near': task,
  'task-overdue': { ...task, step: 0 },
  'grid-gap': {
    ...{ of: 'grid', target: 'RISK#91533102MA6K4T2P00#R-1', targetName: texts.place, side: 'township', gap: 'no-cell' },
    due: instant('2026-07-07T06:00:00Z'),
  },
  'channel-failing': {
    ...{ of: 'channel', subscription: subscriptionId('0123456789abcdef0123'), name: texts.name, since: AT, failures: 5 },
    says: texts.text,
  },
  test: { of: 'test', name: texts.name },
});

const { urgent } = policyFor(countyCode('533102'), AT).reminders;
const URGENT: readonly ReminderKind[] = urgent.kinds.filter((kind) => kind !== 'test');

/** A reminder of a kind, with its own id. */
export function reminder(
  kind: ReminderKind,
  { id = kind, texts = TEXTS, content = contentsOf(texts)[kind] }: ReminderChange = {},
) {
  const made: Reminder = {
    ...{ id, kind, county: countyCode('533102'), at: AT, audience: { roles: [] }, about: 'HAZ#R01K2M3N4P5Q6' },
    ...{ isUrgent: URGENT.includes(kind), content, why: { ...WHY, says: texts === TEXTS ? WHY.says : texts.text } },
  };
  return made;
}
interface ReminderChange {
  readonly id?: string;
  readonly texts?: Texts;
  readonly content?: Content;
}

const SUBSCRIPTION = subscriptionId('0123456789abcdef0123');
const APP_URL = 'https://app.example.cn';

/** The digest of reminders as a message of the county's office. */
export const digest = (
  reminders: readonly Reminder[],
  {
    language = 'zh-CN',
    scope = { of: 'county' },
    at = AT,
  }: Partial<Pick<Subscription, 'language' | 'scope'> & { readonly at: Instant }> = {},
): Digest =>
  digestOf(reminders, {
    subscription: { id: SUBSCRIPTION, scope, language },
    ...{ at, appUrl: APP_URL, number: 7 },
  });

/** As many of the reminders, from the first on, as one message of a channel takes. */
export function fitting(channel: Pick<Channel, 'fitting'>, reminders: readonly Reminder[]): readonly Reminder[] {
  const subscription = { id: SUBSCRIPTION, scope: { of: 'county' }, language: 'zh-CN' } as const;
  const items = reminders.flatMap((one) => itemsOf([one], { subscription, at: AT, appUrl: APP_URL }));
  return reminders.slice(0, channel.fitting?.(items) ?? reminders.length);
}
