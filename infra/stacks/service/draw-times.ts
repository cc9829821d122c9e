import { CADENCES, type Cadence } from '../../../shared/domain/calendar.ts';
import { cadenceOfKind, DRAW_KINDS, type DrawCadences, type DrawKind } from '../../../shared/domain/draw-kind.ts';
import type { Time, Times } from '../../constructs/scheduled-function.ts';

/** What the policy says of when draws are announced: a day of the month before the window, an hour of it. */
export interface DrawCalendar extends DrawCadences {
  readonly drawing: { readonly calendar: { readonly announceOn: number; readonly at: string } };
}

/** The months before those in which windows of a cadence begin, as a field of a cron expression. */
const MONTHS_BEFORE: Readonly<Partial<Record<Cadence, string>>> = {
  month: '*',
  'two-month': '2,4,6,8,10,12',
  quarter: '3,6,9,12',
  year: '12',
};

/** `RANDOM.RED` becomes `RandomRed`. */
const idOf = (kind: DrawKind): string =>
  kind.toLowerCase().replace(/(^|\.)(\w)/g, (_, __, letter: string) => letter.toUpperCase());

function timeOf(kind: DrawKind, policy: DrawCalendar): Time {
  const cadence = cadenceOfKind(kind, policy);
  const months = MONTHS_BEFORE[cadence];
  if (months === undefined)
    throw new Error(
      `${kind} is drawn once a ${cadence}: a draw is announced in the month before its window, so it takes one of ${CADENCES.filter((each) => MONTHS_BEFORE[each] !== undefined).join(', ')}`,
    );
  const { announceOn, at } = policy.drawing.calendar;
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  return { id: idOf(kind), expression: `cron(${minute} ${hour} ${announceOn} ${months} ? *)`, payload: { kind } };
}

/** Once a day, after the hour at which draws are announced, what an outage or a refusal left. */
const MAKE_UP: Time = { id: 'MakeUp', expression: 'cron(47 10 * * ? *)' };

/** On the day and at the hour of the policy's calendar, for each kind of draw; and daily for whatever has no draw that ought to. */
export const drawTimes = (policy: DrawCalendar): Times => [MAKE_UP, ...DRAW_KINDS.map((kind) => timeOf(kind, policy))];

/** That a draw is due or its visits have ended is seen within so many minutes. */
export const DRAW_SWEEP_TIMES: Times = [{ id: 'EveryFewMinutes', expression: 'rate(5 minutes)' }];

/** That a task is overdue or its result is to be published is seen within so many minutes. */
export const TASK_SWEEP_TIMES: Times = [{ id: 'EveryFewMinutes', expression: 'rate(5 minutes)' }];

/** Before offices open: whoever is answerable for a gap in the grid finds it in the morning. */
export const GRID_TIMES: Times = [{ id: 'Daily', expression: 'cron(23 6 * * ? *)' }];
