/** What a report or a follow-up says of persons: nothing that is going to be published may, and no number of theirs is needed anywhere. */
import { type KnownPersons, PERSONAL_NAMES, personalDataIn } from '../../shared/domain/personal-data.ts';
import type { FollowUp, Task } from '../../shared/domain/task.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { reportInspection } from './api.ts';
import { theObject } from './objects.ts';
import type { ServeTasks } from './serve-tasks.ts';

/** A text with where it stands in what was handed in. `isPublished`: its names are looked for too. */
interface Said {
  readonly field: string;
  readonly where: string;
  readonly text: string | undefined;
  readonly isPublished: boolean;
}

const NOBODY: KnownPersons = { persons: [], notPersons: [] };

export async function refusePersonalData(deps: Pick<ServeTasks, 'register'>, task: Task, said: readonly Said[], policy: Policy) {
  const { enterprise } = await theObject(deps, task);
  const contacts = enterprise?.enterprise.contacts ?? [];
  const known = { persons: contacts.map(({ name }) => name), notPersons: enterprise ? [enterprise.enterprise.name] : [] };
  for (const { field, where, text = '', isPublished } of said) {
    const [first] = personalDataIn(text, isPublished ? known : NOBODY);
    if (first === undefined) continue;
    const { kind, from } = first;
    const instead = isPublished ? '检查结果要公示，请改写为岗位，不写姓名和号码' : '请删去号码';
    throw new Problem(422, 'personal-data', `${where}第 ${from + 1} 字起有${PERSONAL_NAMES[kind]}：${instead}。`, {
      ...{ field, kind, at: from, why: policy.drawing.publication.why },
    });
  }
}

export const textsOfReport = ({
  otherDay,
  account,
  items,
  problems,
  representative,
}: Request<typeof reportInspection>['body']): readonly Said[] => [
  { field: 'otherDay', where: '另日检查的理由', text: otherDay, isPublished: true },
  { field: 'account', where: '检查情况', text: account, isPublished: false },
  ...items.map(({ note, item }, index) => ({
    ...{ field: `items.${index}.note`, where: `事项 ${item} 的说明`, text: note, isPublished: false },
  })),
  ...problems.map(({ text }, index) => ({
    ...{ field: `problems.${index}.text`, where: `第 ${index + 1} 个问题`, text, isPublished: true },
  })),
  { field: 'representative.reason', where: '代表未签字的原因', text: representative?.reason, isPublished: false },
];

export const textsOfAssignment = ({ reason }: { readonly reason: string }): readonly Said[] => [
  { field: 'reason', where: '派员理由', text: reason, isPublished: true },
];

/** Why a record is given back, or another signs it: shown with the visit, and not published. */
export const textsOfJudgement = ({ reason }: { readonly reason: string }): readonly Said[] => [
  { field: 'reason', where: '理由', text: reason, isPublished: false },
];

export const textsOfFollowUp = ({ text, document, register }: FollowUp): readonly Said[] => [
  { field: 'text', where: '处理情况', text, isPublished: true },
  { field: 'document', where: '文号', text: document, isPublished: true },
  { field: 'register', where: '名册的变动', text: register, isPublished: true },
];
