/**
 * When what is drawn, 三(四): which periods have to have a draw at an instant, and from when to when each of its steps lies. Everything
 * follows from the instant that is given, so a clock that jumps back opens nothing twice (the periods of then have their draws) and one
 * that jumps forward opens early what is due then: never is less than the policy's time between announcement and draw.
 */
import {
  type Day,
  dayOf,
  epochMs,
  type Instant,
  instantAt,
  type Period,
  periodAt,
  plusDays,
  startOfDay,
  type Window,
  windowOf,
} from './calendar.ts';
import {
  cadenceOfKind,
  DRAW_KINDS,
  type DrawCadences,
  type DrawKind,
  drawPeriodName,
  isDrawnBy,
  isMonthly,
} from './draw-kind.ts';
import type { Department, DrawPeriod } from './ids.ts';
import { type Limit, limitMs } from './limit.ts';

/** What a policy says of it. */
export interface DrawCalendarRules extends DrawCadences {
  readonly drawing: {
    readonly calendar: { readonly announceOn: number; readonly drawOn: number; readonly at: string; readonly ahead: Limit };
    readonly visits: { readonly weekdays: readonly number[] };
    readonly reveal: { readonly within: { readonly days: number } };
  };
}

/** A period of a kind with the instants that the calendar has for it. */
export interface PlannedPeriod {
  readonly kind: DrawKind;
  readonly period: DrawPeriod;
  readonly window: Window;
  readonly announceAt: Instant;
  readonly drawAt: Instant;
}

const DAY_MS = 86_400_000;
const ZONE_MS = 8 * 3_600_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** `09:00` of a day of the zone. */
function clockOn(day: Day, clock: string): Instant {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  return instantAt(epochMs(startOfDay(day)) + (hour * 60 + minute) * MINUTE_MS);
}

/** Monday 1 to Sunday 7. */
const weekdayOf = (day: Day): number => ((Math.floor((epochMs(startOfDay(day)) + ZONE_MS) / DAY_MS) + 3) % 7) + 1;

const latest = (first: Instant, ...others: readonly Instant[]): Instant =>
  instantAt(Math.max(...[first, ...others].map(epochMs)));

function plannedPeriod(kind: DrawKind, number: Period, rules: DrawCalendarRules): PlannedPeriod {
  const cadence = cadenceOfKind(kind, rules);
  const { announceOn, drawOn, at } = rules.drawing.calendar;
  const window = windowOf(cadence, number);
  const before = windowOf('month', periodAt('month', window.from) - 1);
  const on = (day: number): Instant => clockOn(dayOf(plusDays(before.from, day - 1)), at);
  return { kind, period: drawPeriodName(cadence, number), window, announceAt: on(announceOn), drawAt: on(drawOn) };
}

/**
 * The periods of a kind that have to have a draw at an instant: the one that runs, and the next one once its announcement is due. Those that
 * were over before the county began are nobody's.
 */
export function periodsDue(kind: DrawKind, at: Instant, since: Day, rules: DrawCalendarRules): readonly PlannedPeriod[] {
  const running = periodAt(cadenceOfKind(kind, rules), at);
  return [running, running + 1]
    .map((number) => plannedPeriod(kind, number, rules))
    .filter(({ announceAt, window }) => announceAt <= at && window.until > startOfDay(since));
}

/** The periods of a kind whose windows have ended by an instant, behind what is settled already and not before the county began. */
export function periodsOver(
  kind: DrawKind,
  at: Instant,
  since: Day,
  settled: Instant | undefined,
  rules: DrawCalendarRules,
): readonly PlannedPeriod[] {
  const begin = latest(startOfDay(since), ...(settled === undefined ? [] : [settled]));
  const cadence = cadenceOfKind(kind, rules);
  const running = periodAt(cadence, at);
  const periods: PlannedPeriod[] = [];
  for (let number = periodAt(cadence, begin); number < running; number++) periods.push(plannedPeriod(kind, number, rules));
  return periods;
}

/** A period by its name, wherever it lies near the instant; `undefined` for one that has no draw then. */
export const periodNamed = (
  kind: DrawKind,
  name: DrawPeriod,
  at: Instant,
  rules: DrawCalendarRules,
): PlannedPeriod | undefined => {
  const running = periodAt(cadenceOfKind(kind, rules), at);
  return [running, running + 1].map((number) => plannedPeriod(kind, number, rules)).find(({ period }) => period === name);
};

/** What an authority has to have drawn. */
export interface Due extends PlannedPeriod {
  readonly authority: Department;
}

/**
 * Everything that has to have a draw at an instant, the window that ends first, first: where inspectors are short, what is nearest to being
 * missed gets them. `kindPlanned`: which of a department's two monthly inspections it is in that period.
 */
export async function drawsDue(
  authorities: readonly Department[],
  at: Instant,
  since: Day,
  rules: DrawCalendarRules,
  kindPlanned: (authority: Department, period: DrawPeriod) => Promise<'SPECIAL' | 'EXPERT'>,
  only?: DrawKind,
): Promise<readonly Due[]> {
  const found: Due[] = [];
  for (const kind of DRAW_KINDS.filter((each) => only === undefined || each === only)) {
    for (const planned of periodsDue(kind, at, since, rules)) {
      for (const authority of authorities.filter((each) => isDrawnBy(kind, each))) {
        if (isMonthly(kind) && (await kindPlanned(authority, planned.period)) !== kind) continue;
        found.push({ ...planned, authority });
      }
    }
  }
  return found.sort((a, b) => (a.window.until < b.window.until ? -1 : a.window.until > b.window.until ? 1 : 0));
}

/** When numbers of a source are public. */
export interface Appearing {
  /** Monday 1 to Sunday 7. */
  readonly days: readonly number[];
  readonly time: string;
}

/** The first time from an instant on that numbers of the source are published. */
export function firstAppearance({ days, time }: Appearing, from: Instant): Instant {
  for (let ahead = 0; ahead <= 7; ahead++) {
    const day = dayOf(plusDays(from, ahead));
    const appears = clockOn(day, time);
    if (days.includes(weekdayOf(day)) && appears >= from) return appears;
  }
  throw new RangeError('a source that appears on no day of the week');
}

/** When a draw is announced, drawn, visited and revealed. */
export interface Schedule {
  readonly announcedAt: Instant;
  readonly drawAt: Instant;
  readonly revealBy: Instant;
  readonly days: readonly Day[];
  /** Of each source of numbers, in their order, when those that will be used appear. */
  readonly appearances: readonly Instant[];
}

/**
 * From an announcement at an instant to the reveal. Drawn on the calendar's day where that leaves the time that has to lie between, else at
 * the first full hour behind it, which leaves time to publish; and then with what the sources give first from there on, so that an outcome
 * is known to nobody before the last of them. Visits fall on the policy's weekdays behind the draw and inside the window. `late`:
 * no such day is left, so this period's draw is missed, and stays so: a draw outside of its window would be another's.
 */
export function scheduleOf(
  planned: PlannedPeriod,
  at: Instant,
  sources: readonly Appearing[],
  { drawing }: DrawCalendarRules,
): { readonly kind: 'scheduled'; readonly schedule: Schedule } | { readonly kind: 'late' } {
  const announcedAt = instantAt(Math.ceil(epochMs(at) / 1000) * 1000);
  const ahead = epochMs(announcedAt) + Math.max(DAY_MS, limitMs(drawing.calendar.ahead));
  const earliest = latest(planned.drawAt, instantAt(Math.ceil(ahead / HOUR_MS) * HOUR_MS));
  const appearances = sources.map((source) => firstAppearance(source, earliest));
  const drawAt = latest(earliest, ...appearances);
  const days = visitDays(drawAt, planned.window, drawing.visits.weekdays);
  if (days.length === 0) return { kind: 'late' };
  const revealBy = plusDays(planned.window.until, drawing.reveal.within.days);
  return {
    kind: 'scheduled',
    schedule: { announcedAt, drawAt, revealBy: latest(revealBy, plusDays(drawAt, 1)), days, appearances },
  };
}

/** The days of a window behind an instant on which the policy has visits. */
export function visitDays(after: Instant, { from, until }: Window, weekdays: readonly number[]): readonly Day[] {
  const days: Day[] = [];
  const next = startOfDay(dayOf(plusDays(after, 1)));
  for (let start = next > from ? next : from; start < until; start = plusDays(start, 1)) {
    const day = dayOf(start);
    if (weekdays.includes(weekdayOf(day))) days.push(day);
  }
  return days;
}

/** Why a draw is announced when the calendar has it not; `undefined` where it is in time. */
export function madeUpBecause(planned: PlannedPeriod, at: Instant, since: Day, follows: 'void' | 'nothing'): string | undefined {
  if (follows === 'void') return '同期前一次抽查已作废，重新公告';
  if (dayOf(at) <= dayOf(planned.announceAt)) return undefined;
  return planned.announceAt < startOfDay(since)
    ? '本县（市）启用时已过公告日'
    : `应于${dayOf(planned.announceAt)}公告，届时未能公告，补办`;
}
