/** What of the bus reminders come of, read off it: notices whole, events of the ledger as they were recorded, and both in brief where they were too long for the bus. */
import * as z from 'zod';
import { CADENCES } from '../domain/calendar.ts';
import { COLOURS, STANDINGS } from '../domain/colour.ts';
import { OBLIGATION_KINDS } from '../domain/hazard-deadlines.ts';
import { countyCode, hazardId, personId, riskNo, taskId } from '../domain/ids.ts';
import type { RecordedEvent } from '../domain/ledger-fact.ts';
import type { DeadlineNear, FormDue, ListEnding, PeriodEnding, PeriodOpened, TaskNear, TaskNotice } from '../domain/notice.ts';
import type { RemindingTold } from '../domain/reminders-of.ts';
import { isReminding, type RemindingType } from '../domain/reminding.ts';
import { OWED } from '../domain/task.ts';
import type { Why } from '../domain/why.ts';
import { instantText, month, named, owner } from './schemas.ts';

const noticed = { id: z.string(), at: instantText, county: named(countyCode) };

const why = z.object({
  rule: z.string(),
  clause: z.string(),
  edition: z.string(),
  origin: z.enum(['policy', 'ours', 'overlay']),
  says: z.string(),
}) satisfies z.ZodType<Why>;

const period = {
  ...noticed,
  colour: z.enum(COLOURS),
  owner,
  cadence: z.enum(CADENCES),
  period: z.string(),
  from: instantText,
  until: instantText,
  due: z.int().nonnegative(),
};
const places = z
  .array(z.object({ workshop: z.string().optional(), points: z.array(named(riskNo)) }))
  .transform((all) => all.map(({ workshop, points }) => ({ ...(workshop !== undefined && { workshop }), points })));

const periodOpened = z.object({ type: z.literal('PeriodOpened'), ...period, places, why }) satisfies z.ZodType<PeriodOpened>;
const periodEnding = z.object({ type: z.literal('PeriodEnding'), ...period, places, why }) satisfies z.ZodType<PeriodEnding>;

const notice = z.discriminatedUnion('type', [
  periodOpened,
  periodEnding,
  z.object({
    type: z.literal('ListEnding'),
    ...noticed,
    owner,
    month,
    until: instantText,
    why,
  }) satisfies z.ZodType<ListEnding>,
  z.object({ type: z.literal('FormDue'), ...noticed, month, until: instantText, why }) satisfies z.ZodType<FormDue>,
  z.object({
    type: z.literal('DeadlineNear'),
    ...noticed,
    hazard: named(hazardId),
    kind: z.enum(OBLIGATION_KINDS),
    due: instantText,
    isShort: z.literal(true).exactOptional(),
  }) satisfies z.ZodType<DeadlineNear>,
  z.object({
    type: z.literal('TaskNear'),
    ...noticed,
    task: named(taskId),
    what: z.enum(OWED),
  }) satisfies z.ZodType<TaskNear>,
  z.object({
    type: z.literal('TaskNotice'),
    ...noticed,
    task: named(taskId),
    inspectors: z.array(named(personId)),
  }) satisfies z.ZodType<TaskNotice>,
]);

/** The lists of a period were too long for the bus: they are read again from the duty pages. */
const periodInBrief = z.object({ type: z.enum(['PeriodOpened', 'PeriodEnding']), ...period, truncated: z.literal(true) });

const place = {
  ...noticed,
  type: z.string().refine(isReminding),
  colour: z.enum(STANDINGS),
  subject: z.string(),
  sequence: z.int().positive(),
};
const recordedInBrief = z.object({ ...place, truncated: z.literal(true) });
/** What its type says of its data, `commit` wrote: here it is only asked whether it is an event. */
const recorded = z.custom<RecordedEvent & { readonly type: RemindingType }>(
  (event) => z.object({ ...place, data: z.looseObject({}) }).safeParse(event).success,
);

export type PeriodInBrief = z.output<typeof periodInBrief>;
export type RecordedInBrief = z.output<typeof recordedInBrief>;
/** As the bus has it. */
export type OnBus =
  | { readonly is: 'whole'; readonly told: RemindingTold }
  | { readonly is: 'period'; readonly told: PeriodInBrief }
  | { readonly is: 'recorded'; readonly told: RecordedInBrief };

/** An event of the bus as its rule hands it on. */
export const onBus: z.ZodType<OnBus, unknown> = z.object({ detail: z.unknown() }).transform(({ detail }): OnBus => {
  const whole = z.union([notice, recorded]).safeParse(detail);
  if (whole.success) return { is: 'whole', told: whole.data };
  const brief = z.union([periodInBrief, recordedInBrief]).parse(detail);
  return 'subject' in brief ? { is: 'recorded', told: brief } : { is: 'period', told: brief };
});
