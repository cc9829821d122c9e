/** What comes near within a look, or began and was not told: checks and lists whose period ends, the county's monthly form, deadlines of cases, what tasks still ask. */
import { createHash } from 'node:crypto';
import type { DutyStore } from '../../shared/data/duty-store.ts';
import type { HazardListStore } from '../../shared/data/hazard-list-store.ts';
import type { HazardStore } from '../../shared/data/hazard-store.ts';
import { openingsOf } from '../../shared/data/opening.ts';
import type { RegisterStore } from '../../shared/data/register-store.ts';
import type { ReminderCursor } from '../../shared/data/reminder-cursor.ts';
import type { TaskStore } from '../../shared/data/task-store.ts';
import { type Cadence, type Instant, periodAt, periodName, plusDays, plusMs, windowOf } from '../../shared/domain/calendar.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { type Hazard, levelOf } from '../../shared/domain/hazard.ts';
import type { CountyCode, Department } from '../../shared/domain/ids.ts';
import { type Look, leadWithin, longest } from '../../shared/domain/lead.ts';
import { limitBefore } from '../../shared/domain/limit.ts';
import type { Notice, OpenPlace, PeriodEnding } from '../../shared/domain/notice.ts';
import { enterpriseOf, type Owner } from '../../shared/domain/owner.ts';
import type { Owed, Task } from '../../shared/domain/task.ts';
import { cadenceOf, type Policy, whyCheck } from '../../shared/policy/load.ts';
import { leadsFor } from '../../shared/policy/short-obligations.ts';

export interface ComingSources {
  readonly county: CountyCode;
  readonly policy: Policy;
  readonly duties: Pick<DutyStore, 'eachOpen'>;
  /** Up to which period those of a cadence were opened. */
  readonly opened: (cadence: Cadence) => Pick<ReminderCursor, 'load'>;
  readonly register: Pick<RegisterStore, 'eachEnterprise'>;
  readonly lists: Pick<HazardListStore, 'load'>;
  readonly hazards: Pick<HazardStore, 'openByDeadline'>;
  readonly tasks: Pick<TaskStore, 'openByDue'>;
  /** Everybody who ever drew. */
  readonly authorities: () => Promise<readonly Department[]>;
}

/** A notice, and when its lead began: in that order they are told. */
export interface Coming {
  readonly lead: Instant;
  readonly notice: Notice;
}

const MINUTE = 60_000;
/** What opens a period is given so long for it: longer than it may run. It is told in its place where it has not noted by then that it did. */
const OPENED_WITHIN = 20 * MINUTE;

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};

/** Openings whose call was lost. What comes so late that the end is near already is told with the end. */
async function* openings({ county, policy, duties, opened }: ComingSources, look: Look): AsyncGenerator<Coming> {
  const { at } = look;
  const { at: hour, beforeEnd } = policy.reminders.checks;
  for (const colour of COLOURS) {
    const cadence = cadenceOf(policy, colour);
    const { from, until } = windowOf(cadence, periodAt(cadence, at));
    const lead = plusMs(from, minutesOf(hour) * MINUTE + OPENED_WITHIN);
    const before = beforeEnd[cadence];
    const isOver = before !== undefined && limitBefore(until, before) <= at;
    if (isOver || lead <= look.after || at < lead) continue;
    const through = await opened(cadence).load();
    if (through !== undefined && through >= from) continue;
    const why = whyCheck(policy, colour);
    for await (const notice of openingsOf(duties, { county, colour, cadence, at, why })) yield { lead, notice };
  }
}

/** Points that are still open under each colour whose period is about to end: one notice for an owner, with all his places. */
async function* checks({ county, policy, duties }: ComingSources, look: Look): AsyncGenerator<Coming> {
  const { at } = look;
  for (const colour of COLOURS) {
    const cadence = cadenceOf(policy, colour);
    const period = periodAt(cadence, at);
    const { from, until } = windowOf(cadence, period);
    const before = policy.reminders.checks.beforeEnd[cadence];
    const lead = before && leadWithin(look, until, [before]);
    if (lead === undefined) continue;
    const places = new Map<Owner, OpenPlace[]>();
    for await (const { owner, ...place } of duties.eachOpen(colour, cadence, period)) {
      places.set(owner, [...(places.get(owner) ?? []), place]);
    }
    for (const [owner, open] of places) {
      const notice: PeriodEnding = {
        id: `ENDING#${county}#${colour}#${period}#${owner}`,
        type: 'PeriodEnding',
        ...{ at, county, colour, owner, cadence, period: periodName(cadence, period), from, until },
        due: open.reduce((sum, { points }) => sum + points.length, 0),
        places: open,
        why: whyCheck(policy, colour),
      };
      yield { lead, notice };
    }
  }
}

/** Lists that are looked for side by side. */
const AT_ONCE = 16;

/** Enterprises that have not handed in the list of the month that is about to end. */
async function* lists({ county, policy, register, lists: handedIn }: ComingSources, look: Look): AsyncGenerator<Coming> {
  const { at } = look;
  const period = periodAt('month', at);
  const { until } = windowOf('month', period);
  const lead = leadWithin(look, until, policy.reminders.monthlyList.before);
  if (lead === undefined) return;
  const month = periodName('month', period);
  const owing = async (owner: Owner): Promise<Coming[]> => {
    const uscc = enterpriseOf(owner);
    if (uscc === undefined || (await handedIn.load(uscc, month)) !== undefined) return [];
    const id = `LIST#${county}#${month}#${owner}#${lead}`;
    return [{ lead, notice: { id, type: 'ListEnding', at, county, owner, month, until, why: policy.monthlyList.why } }];
  };
  let owners: Owner[] = [];
  const settle = async (): Promise<Coming[]> => {
    const found = await Promise.all(owners.map(owing));
    owners = [];
    return found.flat();
  };
  for await (const { owner } of register.eachEnterprise()) {
    owners.push(owner);
    if (owners.length === AT_ONCE) yield* await settle();
  }
  yield* await settle();
}

/** The form of the month before, until it is due. */
function* forms({ county, policy }: ComingSources, look: Look): Generator<Coming> {
  const { at } = look;
  const period = periodAt('month', at);
  const { due, why } = policy.exports.form;
  const until = plusDays(windowOf('month', period).from, due.day);
  const lead = leadWithin(look, until, policy.reminders.form.before);
  if (lead === undefined) return;
  const month = periodName('month', period - 1);
  yield { lead, notice: { id: `FORM#${county}#${month}#${lead}`, type: 'FormDue', at, county, month, until, why } };
}

const PER_REQUEST = 200;
/** By then an index surely shows what was written. */
const INDEX_LAG = MINUTE;

function deadlinesOf({ county, policy }: ComingSources, look: Look, hazard: Hazard): Coming[] {
  const { id, finding } = hazard;
  const level = levelOf(hazard) ?? (finding.suspectedMajor ? 'major' : 'general');
  return hazard.obligations.flatMap(({ kind, due, missed }): Coming[] => {
    const { leads, isShort } = leadsFor(policy, level, kind);
    const lead = missed === undefined ? leadWithin(look, due, leads) : undefined;
    if (lead === undefined) return [];
    const notice = { id: `NEAR#${id}#${kind}#${due}#${lead}`, type: 'DeadlineNear', hazard: id, kind, due } as const;
    return [{ lead, notice: { ...notice, ...(isShort && { isShort }), at: look.at, county } }];
  });
}

/** Each thing that is owed in an open case, and not the nearest alone: whatever is near is behind no case that is looked at later. */
async function* deadlines(sources: ComingSources, look: Look): AsyncGenerator<Coming> {
  const { county, policy, hazards } = sources;
  const { general, major, short } = policy.reminders.deadlines;
  const until = plusMs(look.at, longest([...general, ...major, short]));
  let cursor: string | undefined;
  do {
    const page = await hazards.openByDeadline(county, PER_REQUEST, cursor, until);
    for (const { hazard } of page.items) yield* deadlinesOf(sources, look, hazard);
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** One for each deadline and lead, and names neither: ids stand in the ledger, where many read, and a deadline is the day of the visit. */
const nearOf = ({ id }: Task, { what, due }: Owed, lead: Instant): string => {
  const digest = createHash('sha256').update(`${id}\n${what}\n${due}\n${lead}`).digest('hex').slice(0, 20);
  return `NEAR#${id}#${what}#${digest}`;
};

function tasksOf({ county, policy }: ComingSources, look: Look, task: Task): Coming[] {
  return task.owed.flatMap((owed): Coming[] => {
    const { what, due, missed } = owed;
    // What has to be published is published by itself.
    const isTold = what !== 'publish' && missed === undefined;
    const lead = isTold ? leadWithin(look, due, policy.reminders.tasks.before) : undefined;
    if (lead === undefined) return [];
    const notice = { id: nearOf(task, owed, lead), type: 'TaskNear', task: task.id, what } as const;
    return [{ lead, notice: { ...notice, at: look.at, county } }];
  });
}

async function* tasks(sources: ComingSources, look: Look): AsyncGenerator<Coming> {
  const { county, policy } = sources;
  const until = plusMs(look.at, longest(policy.reminders.tasks.before));
  for (const authority of await sources.authorities()) {
    let cursor: string | undefined;
    do {
      const page = await sources.tasks.openByDue(county, authority, PER_REQUEST, cursor, until);
      for (const { task } of page.items) yield* tasksOf(sources, look, task);
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}

/**
 * All of it. Indexes that are read while they change may show a thing twice: it has the same id. What was written just before the last look
 * they may not have shown: that stretch is looked through again.
 */
export async function* eachComing(sources: ComingSources, look: Look): AsyncGenerator<Coming> {
  yield* openings(sources, look);
  yield* checks(sources, look);
  yield* lists(sources, look);
  yield* forms(sources, look);
  const further = { ...look, after: plusMs(look.after, -INDEX_LAG) };
  yield* deadlines(sources, further);
  yield* tasks(sources, further);
}
