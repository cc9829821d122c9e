import { hashOf } from '../../shared/data/draw-files.ts';
import { type Day, dayOf, type Instant, plusDays, plusMs, startOfDay } from '../../shared/domain/calendar.ts';
import { visitDays } from '../../shared/domain/draw-calendar.ts';
import type { PersonId } from '../../shared/domain/ids.ts';
import type { Inspector } from '../../shared/domain/inspector.ts';
import { perMonthOf } from '../../shared/domain/recusal.ts';
import type { HandAssignment, Task, TeamMember } from '../../shared/domain/task.ts';
import { teamFaults, UNFIT_SAYS, type Unfit, unfitness, type VisitOf } from '../../shared/domain/task-team.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { taskRulesOf } from '../../shared/policy/task-rules.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { assignTask, nameConfirmer } from './api.ts';
import { industryOf, theObject } from './objects.ts';
import { refusePersonalData, textsOfAssignment, textsOfJudgement } from './personal.ts';
import { carryOut, type ServeTasks, taskToActOn } from './serve-tasks.ts';

/** Of what the table holds and the ledger does not: with the ticket in it, it tells nothing before the reveal. */
const digestOfHand = ({ id, ticket }: Pick<Task, 'id' | 'ticket'>, { team, day, reason }: HandAssignment): string =>
  hashOf(canonical({ day, reason, task: id, team: team.map(({ id }) => id), ticket }));

const OVERLOAD_SAYS = { 'day-full': '当日的检查已满', 'month-full': '当月的检查已满' } as const;
type Because = Unfit | keyof typeof OVERLOAD_SAYS;
const SAYS: Readonly<Record<Because, string>> = { ...UNFIT_SAYS, ...OVERLOAD_SAYS };

/** Whether he has as much to do as one may have, of what is open; what is published already is no longer counted. */
async function overload(
  { tasks, county }: ServeTasks,
  { id, content }: Inspector,
  task: Task,
  day: Day,
  { drawing: { visits } }: Policy,
): Promise<Because | undefined> {
  const days: Day[] = [];
  let cursor: string | undefined;
  do {
    const page = await tasks.ofInspector(county, id, 200, cursor);
    days.push(...page.items.flatMap((one) => (one.task.id === task.id ? [] : (one.task.day ?? []))));
    cursor = page.cursor;
  } while (cursor !== undefined);
  if (days.filter((other) => other === day).length >= visits.perDay) return 'day-full';
  const inMonth = days.filter((other) => other.slice(0, 7) === day.slice(0, 7)).length;
  return inMonth >= perMonthOf({ content }, visits.perMonth) ? 'month-full' : undefined;
}

/** What keeps him from going on a day; nothing where he may. */
async function obstacle(
  deps: ServeTasks,
  task: Task,
  id: PersonId,
  visit: VisitOf,
  policy: Policy,
): Promise<{ readonly entry: Inspector | undefined; readonly because: Because | undefined }> {
  const entry = (await deps.inspectors.load(id))?.inspector;
  const because = unfitness(entry, visit) ?? (entry && (await overload(deps, entry, task, visit.day, policy)));
  return { entry, because };
}

/** Nobody chooses whom the lot did not choose: who was drawn goes, unless he cannot, on the drawn day or on the one that is set. */
async function refuseLeavingOut(
  deps: ServeTasks,
  task: Task,
  team: readonly PersonId[],
  visit: VisitOf,
  { at, policy }: { readonly at: Instant; readonly policy: Policy },
): Promise<void> {
  const before = task.team.length > 0 ? { team: task.team, day: task.day } : task.passed;
  const left = (before?.team ?? []).map(({ id }) => id).filter((id) => !team.includes(id));
  const days = [visit.day, ...(before?.day !== undefined && before.day >= dayOf(at) ? [before.day] : [])];
  const can = await Promise.all(
    left.map(async (id) => {
      const found = await Promise.all(days.map((day) => obstacle(deps, task, id, { ...visit, day }, policy)));
      return found.every(({ because }) => because === undefined) ? [id] : [];
    }),
  );
  const drawn = can.flat();
  if (drawn.length === 0) return;
  const says = `${drawn.join('、')} 当日可以前往，不能换人；确不能去的，请先登记其离岗或回避。`;
  throw new Problem(422, 'drawn-can-go', says, { drawn, why: policy.drawing.visits.why });
}

const personUnfit = (unfit: readonly { readonly id: string; readonly because: Because; readonly says: string }[]): Problem => {
  const who = unfit.map(({ id, says }) => `${id}（${says}）`).join('、');
  return new Problem(422, 'team-unfit', `有人员不能派往该任务，请换人：${who}。`, { unfit });
};

/** The team as the directory knows it, if it could have been drawn. */
async function teamFor(
  deps: ServeTasks,
  task: Task,
  { team, day }: { readonly team: readonly PersonId[]; readonly day: Day },
  { at, policy }: { readonly at: Instant; readonly policy: Policy },
): Promise<readonly TeamMember[]> {
  const { weekdays, why } = policy.drawing.visits;
  const begins = startOfDay(day);
  if (visitDays(plusMs(begins, -1), { from: begins, until: plusDays(begins, 1) }, weekdays).length === 0) {
    throw new Problem(422, 'no-day-of-visits', '这一天不安排检查，请另选日期。', { why });
  }
  const object = await theObject(deps, task);
  const visit = { authority: task.authority, object: task.object, owner: task.owner, skill: industryOf(object), day };
  const entries = await Promise.all(team.map(async (id) => ({ id, ...(await obstacle(deps, task, id, visit, policy)) })));
  const unfit = entries.flatMap(({ id, because }) => (because === undefined ? [] : [{ id, because, says: SAYS[because] }]));
  if (unfit.length > 0) throw personUnfit(unfit);
  const members = entries.flatMap(({ id, entry }) => (entry === undefined ? [] : [{ id, role: entry.content.role }]));
  const { needs } = taskRulesOf(policy, task.kind).team;
  const faults = teamFaults(members, needs);
  if (faults.includes('twice')) throw new Problem(422, 'team-twice', '每人只能派一次，请核对人员。');
  if (faults.length > 0) {
    const says = `人员不足：须有执法人员 ${needs.enforcer} 名${needs.expert > 0 ? `、专家 ${needs.expert} 名` : ''}，请补充。`;
    const { experts, inspectors } = policy.drawing;
    const rule = faults.includes('expert') ? experts : inspectors;
    throw new Problem(422, 'team-too-small', says, { needs, why: rule.why });
  }
  await refuseLeavingOut(deps, task, team, visit, { at, policy });
  return members;
}

/** Who signs in the place of those who were there: one who enforces the law and could have been sent today. */
export const confirmedByAnother = (deps: ServeTasks) => async (request: Request<typeof nameConfirmer>) => {
  const { params, body, at } = request;
  const { person, reason } = body;
  const stored = await taskToActOn(deps, request, 'NameConfirmer', params.id, body.version);
  const { task } = stored;
  await refusePersonalData(deps, task, textsOfJudgement({ reason }), deps.policyAt(at));
  const entry = (await deps.inspectors.load(person))?.inspector;
  const { authority, object, owner } = task;
  const skill = industryOf(await theObject(deps, task));
  const because = unfitness(entry, { authority, object, owner, skill, day: dayOf(at) });
  if (because !== undefined) throw personUnfit([{ id: person, because, says: UNFIT_SAYS[because] }]);
  if (entry?.content.role !== 'enforcer') throw new Problem(422, 'confirmer-not-enforcer', '复核人须是执法人员，请换人。');
  return carryOut(deps, stored, { type: 'NameConfirmer', person, reason }, request);
};

/** Sends a team that was not drawn, visibly so. */
export const assignByHand = (deps: ServeTasks) => async (request: Request<typeof assignTask>) => {
  const { params, body, at } = request;
  const stored = await taskToActOn(deps, request, 'AssignTask', params.id, body.version);
  const day = body.day as Day; // one of the calendar's, says the schema
  const policy = deps.policyAt(at);
  await refusePersonalData(deps, stored.task, textsOfAssignment(body), policy);
  const team = await teamFor(deps, stored.task, { team: body.team, day }, { at, policy });
  const sent = { team, day, reason: body.reason };
  return carryOut(deps, stored, { type: 'AssignTask', sent, digest: digestOfHand(stored.task, sent) }, request, { sent });
};
