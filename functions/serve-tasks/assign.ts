import { hashOf } from '../../shared/data/draw-files.ts';
import type { Day } from '../../shared/domain/calendar.ts';
import type { HandAssignment, Task, TeamMember } from '../../shared/domain/task.ts';
import { teamFaults, UNFIT_SAYS, unfitness } from '../../shared/domain/task-team.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { taskRulesOf } from '../../shared/policy/task-rules.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { assignTask } from './api.ts';
import { industryOf, theObject } from './objects.ts';
import { carryOut, type ServeTasks, taskToActOn } from './serve-tasks.ts';

/** Of what the table holds and the ledger does not: with the ticket in it, it tells nothing before the reveal. */
const digestOfHand = ({ id, ticket }: Pick<Task, 'id' | 'ticket'>, { team, day, reason }: HandAssignment): string =>
  hashOf(canonical({ day, reason, task: id, team: team.map(({ id }) => id), ticket }));

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
  if (unfit.length > 0) {
    const who = unfit.map(({ id, says }) => `${id}（${says}）`).join('、');
    throw new Problem(422, 'team-unfit', `有人员不能派往该任务，请换人：${who}。`, { unfit });
  }
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

/** Sends a team that was not drawn, visibly so. */
export const assignByHand = (deps: ServeTasks) => async (request: Request<typeof assignTask>) => {
  const { params, body, at } = request;
  const stored = await taskToActOn(deps, request, 'AssignTask', params.id, body.version);
  const day = body.day as Day; // one of the calendar's, says the schema
  const team = await teamFor(deps, stored.task, { team: body.team, day }, deps.policyAt(at));
  const sent = { team, day, reason: body.reason };
  return carryOut(deps, stored, { type: 'AssignTask', sent, digest: digestOfHand(stored.task, sent) }, request, { sent });
};
