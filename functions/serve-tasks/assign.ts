import { hashOf } from '../../shared/data/draw-files.ts';
import { type Day, dayOf } from '../../shared/domain/calendar.ts';
import type { HandAssignment, Task, TeamMember } from '../../shared/domain/task.ts';
import { teamFaults, UNFIT_SAYS, type Unfit, unfitness } from '../../shared/domain/task-team.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { taskRulesOf } from '../../shared/policy/task-rules.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { assignTask, nameConfirmer } from './api.ts';
import { industryOf, theObject } from './objects.ts';
import { carryOut, type ServeTasks, taskToActOn } from './serve-tasks.ts';

/** Of what the table holds and the ledger does not: with the ticket in it, it tells nothing before the reveal. */
const digestOfHand = ({ id, ticket }: Pick<Task, 'id' | 'ticket'>, { team, day, reason }: HandAssignment): string =>
  hashOf(canonical({ day, reason, task: id, team: team.map(({ id }) => id), ticket }));

const personUnfit = (unfit: readonly { readonly id: string; readonly because: Unfit; readonly says: string }[]): Problem => {
  const who = unfit.map(({ id, says }) => `${id}（${says}）`).join('、');
  return new Problem(422, 'team-unfit', `有人员不能派往该任务，请换人：${who}。`, { unfit });
};

/** The team as the directory knows it, if it could have been drawn. */
async function teamFor(
  { inspectors, register }: ServeTasks,
  task: Task,
  { team, day }: { readonly team: readonly TeamMember['id'][]; readonly day: Day },
  policy: Policy,
): Promise<readonly TeamMember[]> {
  const object = await theObject({ register }, task);
  const visit = { authority: task.authority, object: task.object, owner: task.owner, skill: industryOf(object), day };
  const entries = await Promise.all(team.map(async (id) => ({ id, entry: (await inspectors.load(id))?.inspector })));
  const unfit = entries.flatMap(({ id, entry }) => {
    const because = unfitness(entry, visit);
    return because === undefined ? [] : [{ id, because, says: UNFIT_SAYS[because] }];
  });
  if (unfit.length > 0) throw personUnfit(unfit);
  const members = entries.flatMap(({ id, entry }) => (entry === undefined ? [] : [{ id, role: entry.content.role }]));
  const { needs } = taskRulesOf(policy, task.kind).team;
  const faults = teamFaults(members, needs);
  if (faults.includes('twice')) throw new Problem(422, 'team-twice', '每人只能派一次，请核对人员。');
  if (faults.length > 0) {
    const says = `人员不足：须有执法人员 ${needs.enforcer} 名${needs.expert > 0 ? `、专家 ${needs.expert} 名` : ''}，请补充。`;
    const { experts, inspectors } = policy.drawing;
    const { why } = faults.includes('expert') ? experts : inspectors;
    throw new Problem(422, 'team-too-small', says, { needs, why });
  }
  return members;
}

/** Who signs in the place of those who were there: one who enforces the law and could have been sent today. */
export const confirmedByAnother = (deps: ServeTasks) => async (request: Request<typeof nameConfirmer>) => {
  const { params, body, at } = request;
  const { person, reason } = body;
  const stored = await taskToActOn(deps, request, 'NameConfirmer', params.id, body.version);
  const { task } = stored;
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
  const team = await teamFor(deps, stored.task, { team: body.team, day }, deps.policyAt(at));
  const sent = { team, day, reason: body.reason };
  return carryOut(deps, stored, { type: 'AssignTask', sent, digest: digestOfHand(stored.task, sent) }, request, { sent });
};
