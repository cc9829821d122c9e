/** When the county's schedules call in the simulated month: read from the expressions that the stack gives EventBridge. */
import { type Cadence, epochMs, type Instant, instantAt, plusMs } from '../../../shared/domain/calendar.ts';
import { DRAW_KINDS } from '../../../shared/domain/draw-kind.ts';
import type { CountyCode } from '../../../shared/domain/ids.ts';
import { cadencesOf } from '../../../shared/policy/cadences.ts';
import { policyFor } from '../../../shared/policy/load.ts';
import type { Time } from '../../constructs/scheduled-function.ts';
import { ANNOUNCEMENT_TIMES } from '../../stacks/messaging/addressing.ts';
import { COMPOSE_TIMES } from '../../stacks/messaging/composing.ts';
import { RECONCILIATION_TIMES, SWEEP_TIMES } from '../../stacks/service/case-times.ts';
import { DRAW_SWEEP_TIMES, drawTimes, GRID_TIMES } from '../../stacks/service/draw-times.ts';
import { closingTimes, openingTimes } from '../../stacks/service/period-times.ts';
import { DAYS, on } from './act.ts';

/** One call of a function, and the instant it is for. */
export interface Call {
  readonly at: Instant;
  /** The folder of the function. */
  readonly calls: keyof typeof AT_MOST_EVERY;
  readonly payload: Readonly<Record<string, string>>;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Asia/Shanghai, in which the expressions are written. */
const ZONE = 8 * HOUR;
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE, hour: HOUR, day: DAY };
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Two days without any schedule: over the end of a week and of a half-month. */
export const OUTAGE = { from: on(15, '00:00'), until: on(17, '00:00') };

/** On the 26th the announcements of July's special inspections are called for, and the call is lost on its way. */
const isLost = ({ calls, payload }: Call): boolean => calls === 'open-draws' && payload.kind === 'SPECIAL';

/** In the order in which their windows end. */
const KINDS_IN_ORDER = [...DRAW_KINDS.filter((kind) => kind !== 'RANDOM.BLUE'), 'RANDOM.BLUE'];

/**
 * In a county that begins, every draw is due at once, and the runs of one call overtake each other: somebody calls for them kind by kind, so
 * that those that are revealed first have the first numbers.
 */
const inTheBeginning = (call: Call): Call[] =>
  call.calls === 'open-draws' && call.payload.kind === undefined && call.at < on(2, '00:00')
    ? KINDS_IN_ORDER.map((kind, index) => ({ ...call, at: plusMs(call.at, index * MINUTE), payload: { kind } }))
    : [call];

/**
 * What is due often is called less often here: a sweep records all that has come due before it, and a reconciliation repairs all that
 * was lost before it, so the calls between two of them would only find less. The daily call for draws that ought to be and are not finds
 * the county's first ones in the beginning, and in the end those whose own call was lost.
 */
const AT_MOST_EVERY = {
  'open-period': 0,
  'close-period': 0,
  'open-draws': 26 * DAY,
  'sweep-draws': 2 * DAY,
  'sweep-tasks': 2 * DAY,
  'check-grid': 7 * DAY,
  'sweep-deadlines': 6 * HOUR,
  'reconcile-cases': 2 * DAY,
  'announce-deadlines': 0,
  'compose-messages': 0,
} as const;
/**
 * Deadlines are announced and messages composed at these times of the day, after a morning's openings and before an evening's end of the
 * daily checks; and messages whenever composing says that something is due next (`reminding.ts`). Between them nothing would be found but
 * what one of these finds too.
 */
const timeOf = (at: Instant): string => at.slice(11, 16);
const times = (...local: readonly string[]): readonly string[] => local.map((time) => timeOf(on(1, time)));
const AT_TIMES: Partial<Readonly<Record<Call['calls'], readonly string[]>>> = {
  'announce-deadlines': times('08:00', '20:00'),
  'compose-messages': times('08:05', '12:05', '17:05', '20:05'),
};
const isAmong = ({ calls, at }: Pick<Call, 'calls' | 'at'>): boolean => AT_TIMES[calls]?.includes(timeOf(at)) ?? true;

/** In the order in which they are made when they fall on one instant. */
const ORDER = Object.keys(AT_MOST_EVERY);

/** The instants `from … until` (without the last) at which EventBridge Scheduler would call, for the forms of expression that the stack has. */
export function instantsOf(expression: string, from: Instant, until: Instant): Instant[] {
  const [begins, ends] = [epochMs(from), epochMs(until)];
  const instants: Instant[] = [];
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count !== undefined) {
    const step = Number(count) * (UNITS[unit] ?? DAY);
    for (let at = begins; at < ends; at += step) instants.push(instantAt(at));
    return instants;
  }
  const cron = /^cron\(([\d,]+|\*) ([\d,]+|\*) ([\d,]+|[*?]) ([\d,]+|\*) ([\dA-Z,]+|[*?]) \*\)$/.exec(expression);
  if (cron === null) throw new Error(`the sample does not know when ${expression} calls`);
  const [, minutes = '', hours = '', days = '', months = '', weekdays = ''] = cron;
  const has = (field: string, ...names: (number | string | undefined)[]): boolean =>
    field === '*' || field === '?' || field.split(',').some((part) => names.some((name) => String(name) === part));
  for (let at = begins; at < ends; at += MINUTE) {
    const local = new Date(at + ZONE);
    const weekday = local.getUTCDay();
    if (
      has(minutes, local.getUTCMinutes()) &&
      has(hours, local.getUTCHours()) &&
      has(days, local.getUTCDate()) &&
      has(months, local.getUTCMonth() + 1) &&
      has(weekdays, weekday + 1, WEEKDAYS[weekday])
    )
      instants.push(instantAt(at));
  }
  return instants;
}

/** Every schedule of a county with what it calls, as the stack has them. */
export function schedulesOf(county: CountyCode, at: Instant): readonly { calls: Call['calls']; times: readonly Time[] }[] {
  const cadences: Cadence[] = Object.values(cadencesOf(county, at));
  return [
    { calls: 'open-period', times: openingTimes(cadences, policyFor(county, at).reminders.checks.at) },
    { calls: 'close-period', times: closingTimes(cadences) },
    { calls: 'open-draws', times: drawTimes(policyFor(county, at)) },
    { calls: 'sweep-draws', times: DRAW_SWEEP_TIMES },
    { calls: 'sweep-tasks', times: DRAW_SWEEP_TIMES },
    { calls: 'check-grid', times: GRID_TIMES },
    { calls: 'sweep-deadlines', times: SWEEP_TIMES },
    { calls: 'reconcile-cases', times: RECONCILIATION_TIMES },
    { calls: 'announce-deadlines', times: ANNOUNCEMENT_TIMES },
    { calls: 'compose-messages', times: COMPOSE_TIMES },
  ];
}

/** The calls of the month and of the morning after it, in order; none while the scheduler is out. */
export function planCalls(county: CountyCode): Call[] {
  const from = on(1, '00:00');
  const until = on(DAYS + 1, '08:30');
  const calls = schedulesOf(county, from).flatMap(({ calls: folder, times }) =>
    times.flatMap(({ expression, payload }) => {
      let last = Number.NEGATIVE_INFINITY;
      return instantsOf(expression, from, until).flatMap((at): Call[] => {
        if ((OUTAGE.from <= at && at < OUTAGE.until) || epochMs(at) - last < AT_MOST_EVERY[folder]) return [];
        last = epochMs(at);
        const call = { at, calls: folder, payload: { ...payload } };
        return isLost(call) || !isAmong(call) ? [] : inTheBeginning(call);
      });
    }),
  );
  return calls.sort((a, b) => (a.at === b.at ? ORDER.indexOf(a.calls) - ORDER.indexOf(b.calls) : a.at < b.at ? -1 : 1));
}
