/** Reminders become items: which belong together, how grave each is, where it is opened. What is said of it, a language says. */
import { epochMs, type Instant } from '../domain/calendar.ts';
import { COLOURS, type Colour } from '../domain/colour.ts';
import type { ChecksContent, Content, Reminder, ReminderKind } from '../domain/reminder.ts';
import type { Language, Subscription } from '../domain/subscription.ts';
import type { Item, Said } from './item.ts';
import { present } from './present.ts';
import type { Checks, Words } from './words.ts';
import { WORDS_EN } from './words-en.ts';
import { WORDS_ZH } from './words-zh.ts';

const WORDS: Readonly<Record<Language, Words>> = { 'zh-CN': WORDS_ZH, en: WORDS_EN };
export const wordsOf = (language: Language): Words => WORDS[language];

interface ItemContext {
  readonly subscription: Pick<Subscription, 'id' | 'scope' | 'language'>;
  readonly at: Instant;
  readonly appUrl: string;
}

/** Where the app shows what a reminder is about. */
function pathOf(content: Content, { id, scope }: ItemContext['subscription']): string {
  switch (content.of) {
    case 'checks':
      return `/duties?owner=${encodeURIComponent(content.owner)}${scope.of === 'workshop' ? `&workshop=${encodeURIComponent(scope.workshop)}` : ''}`;
    case 'list':
      return `/lists?owner=${encodeURIComponent(content.owner)}&month=${content.month}`;
    case 'form':
      return '/exports?kind=month';
    case 'hazard':
      return `/hazards/${content.hazard}`;
    case 'task':
      return `/tasks/${content.task}`;
    case 'draw':
      return `/draws/${content.authority}${content.number === undefined ? '' : `/${content.number}`}`;
    case 'grid':
      return `/grid?target=${encodeURIComponent(content.target)}`;
    case 'channel':
      return `/subscriptions/${content.subscription}`;
    case 'test':
      return `/subscriptions/${id}`;
  }
}

/** By when it has to be done, or when it happens. */
function dueOf(content: Content): Instant | undefined {
  switch (content.of) {
    case 'checks':
    case 'list':
    case 'form':
      return content.until;
    case 'hazard':
    case 'task':
      return content.owed?.due;
    case 'draw':
      // What is wrong with a draw is not over with it.
      return content.trouble === undefined ? content.drawAt : undefined;
    case 'grid':
      return content.due;
    case 'channel':
    case 'test':
      return undefined;
  }
}

/** Of what is neither a check nor major. */
const GRADES: Partial<Record<ReminderKind, Colour>> = {
  'hazard-major': 'RED',
  'order-issued': 'RED',
  'evacuation-asked': 'RED',
  'evacuation-answered': 'RED',
  'deadline-missed': 'ORANGE',
  'hazard-listed': 'ORANGE',
  'task-overdue': 'ORANGE',
  'draw-trouble': 'ORANGE',
  'channel-failing': 'ORANGE',
  'hazard-reported': 'YELLOW',
  'hazard-assigned': 'YELLOW',
  'hazard-waiting': 'YELLOW',
  'deadline-near': 'YELLOW',
  'list-ending': 'YELLOW',
  'form-due': 'YELLOW',
  'task-near': 'YELLOW',
  'grid-gap': 'YELLOW',
};

function gradeOf({ kind, content }: Reminder): Colour {
  if (content.of === 'checks') return content.colour;
  const isMajor = content.of === 'hazard' && content.level === 'major';
  if (isMajor && kind === 'deadline-missed') return 'RED';
  if (isMajor && GRADES[kind] === 'YELLOW') return 'ORANGE';
  return GRADES[kind] ?? 'BLUE';
}

/** Checks of one owner under one colour, over all their periods; of a workshop, its places alone. */
function merged(checks: readonly ChecksContent[], first: ChecksContent, scope: Subscription['scope']): Checks {
  const points = new Map<string | undefined, number>();
  const all = checks.flatMap((one) => one.places);
  const own = all.filter(({ workshop }) => scope.of === 'workshop' && workshop === scope.workshop);
  for (const { workshop, points: more } of own.length > 0 ? own : all) {
    points.set(workshop, (points.get(workshop) ?? 0) + more);
  }
  const places = [...points]
    .map(([workshop, count]) => ({ ...present({ workshop }), points: count }))
    .sort((a, b) => b.points - a.points);
  return {
    ownerName: first.ownerName,
    colour: first.colour,
    until:
      checks
        .map(({ until }) => until)
        .sort()
        .at(-1) ?? first.until,
    places,
    points: places.reduce((sum, place) => sum + place.points, 0),
    periods: new Set(checks.map(({ cadence, period }) => `${cadence} ${period}`)).size,
  };
}

function saidOf(kind: ReminderKind, content: Exclude<Content, ChecksContent>, words: Words, at: Instant): Said {
  switch (content.of) {
    case 'list':
      return words.list(kind, content, at);
    case 'form':
      return words.form(kind, content, at);
    case 'hazard':
      return words.hazard(kind, content, at);
    case 'task':
      return words.task(kind, content, at);
    case 'draw':
      return words.draw(kind, content, at);
    case 'grid':
      return words.grid(kind, content, at);
    case 'channel':
      return words.channel(kind, content, at);
    case 'test':
      return words.test(kind, content, at);
  }
}

/** That something waits for somebody, and that its deadline is near, is one duty. */
const OF_A_DUTY: ReadonlySet<ReminderKind> = new Set<ReminderKind>(['hazard-waiting', 'deadline-near']);

/** What says the same of the same owner, or of the same duty, is said once. */
function groupOf({ id, kind, content }: Reminder): string {
  if (content.of === 'checks') return `${kind} ${content.owner} ${content.colour}`;
  if (content.of !== 'hazard' || content.owed === undefined || !OF_A_DUTY.has(kind)) return id;
  const { hazard, generation, owed } = content;
  return `${hazard} ${generation} ${owed.kind} ${owed.due}`;
}

/** Immediate, but nothing to be alarmed at: a test, or an order that is no more. */
const CALM: ReadonlySet<ReminderKind> = new Set<ReminderKind>(['test', 'order-lifted']);
const isAlarming = ({ isUrgent, kind }: Pick<Reminder, 'isUrgent' | 'kind'>): boolean => isUrgent && !CALM.has(kind);

function itemOf(reminders: readonly [Reminder, ...Reminder[]], { subscription, at, appUrl }: ItemContext): Item {
  // Of one duty, that its end is near says that it waits too.
  const first = reminders.find((one) => one.kind === 'deadline-near') ?? reminders[0];
  const { kind, content, why } = first;
  const words = wordsOf(subscription.language);
  const checks = reminders.flatMap((one) => (one.content.of === 'checks' ? [one.content] : []));
  const said =
    content.of === 'checks'
      ? words.checks(kind, merged(checks, content, subscription.scope), at)
      : saidOf(kind, content, words, at);
  const isUrgent = reminders.some((one) => one.isUrgent);
  return {
    ...said,
    headline: isAlarming({ isUrgent, kind }) ? `${words.urgent}${said.headline}` : said.headline,
    ...{ kind, isUrgent, grade: gradeOf(first), link: `${appUrl}${pathOf(content, subscription)}`, reminders },
    ...present({ why: why && words.why(why) }),
  };
}

/** Gravest first: the urgent ones, then what is over, then by grade, then by what ends first. */
function graver(at: Instant): (a: Item, b: Item) => number {
  const keyOf = ({ isUrgent, kind, grade, reminders }: Item): readonly number[] => {
    const due = reminders.flatMap(({ content }) => dueOf(content) ?? []).sort()[0];
    return [
      isAlarming({ isUrgent, kind }) ? 0 : 1,
      due !== undefined && due <= at ? 0 : 1,
      COLOURS.indexOf(grade),
      due === undefined ? Number.MAX_SAFE_INTEGER : epochMs(due),
    ];
  };
  return (a, b) => {
    const other = keyOf(b);
    return keyOf(a).reduce((order, value, index) => order || value - (other[index] ?? 0), 0);
  };
}

export function itemsOf(reminders: readonly Reminder[], context: ItemContext): readonly Item[] {
  const groups = new Map<string, [Reminder, ...Reminder[]]>();
  for (const reminder of reminders) {
    const group = groups.get(groupOf(reminder));
    if (group === undefined) groups.set(groupOf(reminder), [reminder]);
    else group.push(reminder);
  }
  return [...groups.values()].map((group) => itemOf(group, context)).sort(graver(context.at));
}
