/** What draws and tasks remind of. Before a visit nobody is told which object it is of: a task is named by its id alone. */
import type { Draw, DrawFact, SeriesFact } from './draw.ts';
import { drawSubject, seriesSubject } from './draw.ts';
import { type Department, department, GOVERNMENT, type PersonId } from './ids.ts';
import { nextLead } from './lead.ts';
import type { LedgerEvent } from './ledger-event.ts';
import type { TaskNear, TaskNotice } from './notice.ts';
import { departmentOwner } from './owner.ts';
import type { Audience, DrawContent, Reminder, ReminderKind } from './reminder.ts';
import { cleanText, present, type ReminderBackground, reminderOf, rolesFor } from './reminder-background.ts';
import { BY_TEAM, isOpenTask, type OwedKind, owedByTeam, peopleOf, type Task, type TaskFact, taskSubject } from './task.ts';

type EventOf<F extends TaskFact | DrawFact | SeriesFact> = F extends TaskFact | DrawFact | SeriesFact
  ? LedgerEvent<F['type'], F['data']>
  : never;
export type TaskTold = EventOf<TaskFact>;
export type DrawTold = EventOf<DrawFact | SeriesFact>;

/** The government's own draws have no department over them. */
const departmentOf = (authority: Department): Pick<Audience, 'department'> =>
  authority === GOVERNMENT ? {} : { department: departmentOwner(authority) };

const nameOf = (authority: Department, { authorityName }: ReminderBackground): string => authorityName ?? authority;

/** Who has to act: those who were sent, by name; or who sends them, and sees to what they found. */
function actingOn(
  task: Task,
  what: OwedKind,
  background: ReminderBackground,
): Pick<Audience, 'roles' | 'persons' | 'department'> {
  if (BY_TEAM.includes(what)) return { roles: rolesFor('task-near', background), persons: peopleOf(task) };
  const ofGovernment = task.authority === GOVERNMENT;
  const roles = rolesFor('draw-trouble', background).filter((role) => role.startsWith('department-') !== ofGovernment);
  return { roles, ...departmentOf(task.authority) };
}

interface Said {
  readonly audience: Audience;
  readonly owed?: { readonly what: OwedKind; readonly due: Task['drawnAt'] };
  readonly step?: number;
  readonly why?: Reminder['why'];
  readonly next?: Task['drawnAt'] | undefined;
}

const said = (
  kind: ReminderKind,
  told: TaskTold | TaskNear | TaskNotice,
  { id, authority }: Task,
  background: ReminderBackground,
  { audience, owed, step, why, next }: Said,
): Reminder =>
  reminderOf(kind, told, background, {
    audience,
    about: taskSubject(id),
    content: {
      of: 'task',
      task: id,
      authority,
      authorityName: nameOf(authority, background),
      ...(owed && { owed }),
      ...(step !== undefined && { step }),
    },
    why,
    next,
  });

/** Whether he still has to do with it: nobody has with what was replaced or is void. */
const isSent = (task: Task, person: PersonId): boolean => isOpenTask(task) && peopleOf(task).includes(person);

/** Those of a notice who are sent, and those who are not any more, though they may have been told that they are. */
function ofNotice(told: TaskNotice, task: Task, background: ReminderBackground): readonly Reminder[] {
  const to = (
    kind: 'task-assigned' | 'task-withdrawn',
    by: TaskNotice,
    persons: readonly PersonId[],
    more: Pick<Said, 'owed' | 'why'> = {},
  ): readonly Reminder[] => {
    const audience = { roles: rolesFor(kind, background), persons };
    return persons.length === 0 ? [] : [said(kind, by, task, background, { audience, ...more })];
  };
  const owed = owedByTeam(task);
  const sent = told.inspectors.filter((person) => isSent(task, person));
  // What has ended is told so once, however many notices name him.
  const gone = task.endedAt === undefined ? told : { ...told, id: `ENDED#${task.id}` };
  // A visit that was made is over for nobody: who was there signs it.
  const withdrawn = task.inspection === undefined ? told.inspectors.filter((person) => !isSent(task, person)) : [];
  return [
    ...to('task-assigned', told, sent, owed && { owed: { what: owed.what, due: owed.due }, why: owed.why }),
    ...to('task-withdrawn', gone, withdrawn),
  ];
}

/** What comes of an event of a task, or of a notice about one. */
export function ofTask(told: TaskTold | TaskNear | TaskNotice, background: ReminderBackground): readonly Reminder[] {
  const task = present(background.task, told.id);
  switch (told.type) {
    case 'TaskNotice':
      return ofNotice(told, task, background);
    case 'TaskNear': {
      const owed = task.owed.find(({ what, missed }) => what === told.what && missed === undefined);
      if (owed === undefined) return [];
      const { what, due, why } = owed;
      const next = nextLead(told.at, due, background.rules.tasks.before);
      return [
        said('task-near', told, task, background, { audience: actingOn(task, what, background), owed: { what, due }, why, next }),
      ];
    }
    case 'TaskOverdue': {
      // Where the first step of the ladder has come with the deadline, those of the step are told, and that is said once.
      const { what, due, next } = told.data;
      if (next <= told.at) return [];
      const why = task.owed.find((owed) => owed.what === what)?.why;
      return [
        said('task-overdue', told, task, background, { audience: actingOn(task, what, background), owed: { what, due }, why }),
      ];
    }
    case 'TaskEscalated': {
      const { what, due, step, roles, why } = told.data;
      // Those who were sent are told by name at the step that names inspectors: each later one goes a level up.
      const inspectors = rolesFor('task-near', background);
      const persons = roles.some((role) => inspectors.includes(role)) ? peopleOf(task) : [];
      const audience = { roles, ...departmentOf(task.authority), ...(persons.length > 0 && { persons }) };
      return [said('task-overdue', told, task, background, { audience, owed: { what, due }, step: step - 1, why })];
    }
    default:
      return [];
  }
}

interface Drawn {
  readonly kind: DrawContent['kind'];
  readonly period: DrawContent['period'];
  readonly draw?: Pick<Draw, 'number' | 'drawAt'>;
}

function drawn(
  told: DrawTold,
  authority: Department,
  { kind, period, draw }: Drawn,
  background: ReminderBackground,
  says?: string,
): Reminder {
  const of: ReminderKind = says === undefined ? 'draw-announced' : 'draw-trouble';
  const { number, drawAt } = draw ?? {};
  return reminderOf(of, told, background, {
    audience: { roles: rolesFor(of, background), ...departmentOf(authority) },
    about: number === undefined ? seriesSubject(authority) : drawSubject({ authority, number }),
    content: {
      of: 'draw',
      ...{ authority, authorityName: nameOf(authority, background), kind, period },
      ...(number !== undefined && { number }),
      ...(drawAt !== undefined && { drawAt }),
      ...(says !== undefined && { trouble: { type: told.type, says } }),
    },
    why: background.rules.why.draw,
  });
}

const NOBODY = { persons: [], notPersons: [] };

/** What is wrong with a draw, in a sentence; `undefined` where nothing is. */
function troubleOf(told: DrawTold): string | undefined {
  switch (told.type) {
    case 'DrawRefused':
    case 'DrawMissed':
      return told.data.says;
    case 'RandomnessMissing':
      return '公告的公共随机数到时没有取到：请由两人分别录入已公布的数值；确实不会公布的，作废后重抽。';
    case 'DrawNotRevealed':
      return '到了公开期限仍未公开：请查看还有哪些检查没有办结。';
    case 'DrawVoided':
      return `已作废：${cleanText(told.data.reason, NOBODY)}`;
    case 'FilesLost':
      return `作废抽查的公开材料缺失或被改动：${told.data.files.join('、')}`;
    default:
      return undefined;
  }
}

/** What comes of an event of a draw, or of the series of who draws. */
export function ofDraw(told: DrawTold, background: ReminderBackground): readonly Reminder[] {
  const authority = department(told.subject.split('#')[1] ?? '');
  if (told.type === 'DrawAnnounced') {
    const { kind, period, number, drawAt } = told.data;
    return [drawn(told, authority, { kind, period, draw: { number, drawAt } }, background)];
  }
  const says = troubleOf(told);
  if (says === undefined) return [];
  if (told.type === 'DrawRefused' || told.type === 'DrawMissed') return [drawn(told, authority, told.data, background, says)];
  const draw = present(background.draw, told.subject);
  return [drawn(told, authority, { kind: draw.kind, period: draw.period, draw }, background, says)];
}
