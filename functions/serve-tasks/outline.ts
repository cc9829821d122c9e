/** How far a task is, for whoever is told that it is late or that he does not go any more: neither object, team nor a day that is to come. */
import type * as z from 'zod';
import { mayDo, type Subject } from '../../shared/domain/access.ts';
import { GOVERNMENT } from '../../shared/domain/ids.ts';
import { isOverdueAt, type OwedKind, TASK_STAGE_NAMES, type Task } from '../../shared/domain/task.ts';
import { nameOfAuthority } from '../../shared/policy/authority-name.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { readTaskOutline } from './api.ts';
import { type ServeTasks, subjectOfTask } from './serve-tasks.ts';
import { drawView, owedView } from './views.ts';

/** Those too who were to go before: they are told that they do not. */
function subjectOfOutline(task: Task): Subject {
  const { team = [], ...subject } = subjectOfTask(task);
  const before = [...(task.byHand?.instead ?? []), ...(task.passed?.team ?? []).map(({ id }) => id)];
  return { ...subject, team: [...team, ...before] };
}

const BY: Readonly<Record<OwedKind, 'team' | 'dispatcher' | 'system'>> = {
  assign: 'dispatcher',
  visit: 'team',
  'hand-in': 'team',
  confirm: 'team',
  'follow-up': 'dispatcher',
  publish: 'system',
};

/** When a visit is due gives its day away, until it is over. */
const isDaySaid = (task: Task, { what, isOverdue }: { readonly what: OwedKind; readonly isOverdue: boolean }): boolean =>
  BY[what] !== 'team' || isOverdue || task.inspection !== undefined;

export const readOutline =
  ({ tasks, county, policyAt }: Pick<ServeTasks, 'tasks' | 'county' | 'policyAt'>) =>
  async ({ params, caller, at }: Request<typeof readTaskOutline>): Promise<z.input<typeof readTaskOutline.output>> => {
    const stored = await tasks.load(county, params.id);
    if (stored === undefined || !mayDo(caller, 'ReadTaskOutline', subjectOfOutline(stored.task))) {
      throw new Problem(404, 'not-found', '没有找到这项检查任务。');
    }
    const { task } = stored;
    const policy = policyAt(at);
    const authority = nameOfAuthority(task.authority, policy);
    const by = {
      team: `${authority}派出的检查人员`,
      dispatcher: task.authority === GOVERNMENT ? '安委办、政府（派员的人）' : `${authority}负责人（派员的人）`,
      system: '系统自动办理',
    };
    return {
      id: task.id,
      draw: drawView(task, policy),
      stage: task.stage,
      stageName: TASK_STAGE_NAMES[task.stage],
      isOverdue: isOverdueAt(task, at),
      owed: owedView(task, at).map(({ due, ...one }) => ({
        ...one,
        ...(isDaySaid(task, one) && { due }),
        by: by[BY[one.what]],
      })),
    };
  };
