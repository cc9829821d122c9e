/**
 * A task (检查任务): one drawn object, to be visited by its team on its day; and the inspection's record (检查记录), policy 三(四): every
 * check lists its problems and hazards, also when there are none. Until the visit nobody but the team and who sends it knows of it.
 */
import type { Day, Instant, Window } from './calendar.ts';
import type { Role } from './caller.ts';
import type { Colour, Standing } from './colour.ts';
import type { Sha256 } from './draw.ts';
import type { DrawKind } from './draw-kind.ts';
import {
  type CountyCode,
  type Department,
  type DrawPeriod,
  type EvidenceKey,
  type HazardId,
  type ItemNo,
  type ObjectId,
  type PersonId,
  type TaskId,
  type TownshipCode,
  taskId,
} from './ids.ts';
import type { Owner } from './owner.ts';
import type { Unfit } from './task-team.ts';
import type { Why } from './why.ts';

/**
 * `unassigned`: no team was found in time, a person has to send one. `reported`: one of the team handed in the record. `returned`: who had
 * to sign it does not, and it is handed in again. `confirmed`: another signed it too, and nothing is left to do but to publish.
 * `replaced`: another object was drawn in its place.
 */
export const TASK_STAGES = [
  'unassigned',
  'assigned',
  'reported',
  'returned',
  'confirmed',
  'published',
  'replaced',
  'void',
] as const;
export type TaskStage = (typeof TASK_STAGES)[number];

export const TASK_STAGE_NAMES: Readonly<Record<TaskStage, string>> = {
  unassigned: '待人工派员',
  assigned: '待检查',
  reported: '已检查，待复核',
  returned: '已退回，待补正',
  confirmed: '已复核，待公示',
  published: '已公示',
  replaced: '已替换',
  void: '已作废',
};

/** What became of a visit. All but `inspected` need a follow-up. */
export const OUTCOMES = ['inspected', 'not-found', 'refused', 'closed-down'] as const;
export type TaskOutcome = (typeof OUTCOMES)[number];

export const OUTCOME_NAMES: Readonly<Record<TaskOutcome, string>> = {
  inspected: '已检查',
  'not-found': '未找到',
  refused: '拒绝检查',
  'closed-down': '已关闭停业',
};

export interface TeamMember {
  readonly id: PersonId;
  readonly role: 'enforcer' | 'expert';
}

/** How one item (抽查事项) was found. */
export interface ItemResult {
  readonly item: ItemNo;
  readonly result: 'conforms' | 'does-not' | 'not-applicable';
  readonly note?: string;
  readonly evidence: readonly EvidenceKey[];
}

/** A problem that is no hazard: it is listed, and is no case. A hazard is listed by its case. */
export interface Problem {
  readonly text: string;
  readonly item?: ItemNo;
}

/** Whether the object's representative signed the record (安全生产法 第六十八条). */
export interface Representative {
  readonly signed: 'signed' | 'refused' | 'absent';
  /** Why not; required unless signed. */
  readonly reason?: string;
  /** The signed sheet. */
  readonly evidence: readonly EvidenceKey[];
}

export interface Inspection {
  readonly outcome: TaskOutcome;
  /** When the visit was, as claimed, and when it came in. */
  readonly visitedAt: Instant;
  readonly reportedAt: Instant;
  readonly by: PersonId;
  /** Why it was on another day than the one that was drawn or set by hand. */
  readonly otherDay?: string;
  /** Those who went. */
  readonly present: readonly PersonId[];
  readonly account: string;
  readonly items: readonly ItemResult[];
  readonly problems: readonly Problem[];
  /** All that the visit opened, also with a record that was returned. */
  readonly hazards: readonly HazardId[];
  /** Those of them that were found at an item. */
  readonly foundAt?: readonly { readonly hazard: HazardId; readonly item: ItemNo }[];
  readonly evidence: readonly EvidenceKey[];
  readonly representative?: Representative;
  /** The version of the enterprise's record when it was said to be closed down: what is done about it shows there. */
  readonly registered?: number;
}

/** What a task still asks of somebody: a team, the visit, its record, the second signature, what is done about an object that could not be inspected, the publication. */
export const OWED = ['assign', 'visit', 'hand-in', 'confirm', 'follow-up', 'publish'] as const;
export type OwedKind = (typeof OWED)[number];

export interface Owed {
  readonly what: OwedKind;
  readonly due: Instant;
  readonly why: Why;
  /** Since it was missed: how many steps of the ladder were told, and when the next one comes. */
  readonly missed?: { readonly steps: number; readonly next: Instant };
}

/** What was done late. It stays visible. */
export interface DoneLate {
  readonly what: OwedKind;
  readonly due: Instant;
  readonly doneAt: Instant;
}

/** What was done about an object that could not be inspected. */
export interface FollowUp {
  readonly text: string;
  readonly document?: string;
  /** What was changed in the register; required of what is closed down. */
  readonly register?: string;
}

/** Who decided something when, and why. */
export interface Said {
  readonly by: PersonId;
  readonly at: Instant;
  readonly reason: string;
}

export interface Task {
  readonly id: TaskId;
  readonly county: CountyCode;
  readonly authority: Department;
  /** Of the draw, with its kind, its period and the window in which the visit has to be. */
  readonly number: number;
  readonly kind: DrawKind;
  readonly period: DrawPeriod;
  readonly window: Window;
  readonly iteration: number;
  readonly stratum: string;
  readonly colour: Colour;
  readonly object: ObjectId;
  /** The ticket that drew it: nobody knows it before the reveal, so a hash that holds it tells nothing. */
  readonly ticket: Sha256;
  readonly drawnAt: Instant;
  /** Whose the object is, where it lies and who supervises it, when it was drawn. */
  readonly owner: Owner;
  readonly township: TownshipCode;
  readonly supervisor?: Owner;
  /** The day that was drawn; absent where no team was found, or the day had passed. */
  readonly day?: Day;
  readonly team: readonly TeamMember[];
  /**
   * What was drawn, where its day had passed before anybody could be sent, or one of them may not go by now (`because`): the dispatcher
   * sends by hand, and this stays beside it.
   */
  readonly passed?: { readonly day: Day; readonly team: readonly TeamMember[]; readonly because?: Unfit };
  /** What the visit goes through: drawn items, or all that applied when the draw was frozen. Empty: none did, so all that apply when it is made. */
  readonly items: readonly ItemNo[];
  /** A team that was not drawn. */
  readonly byHand?: Said & {
    /** Those who were to go before, and do not go now. */
    readonly instead?: readonly PersonId[];
  };
  readonly stage: TaskStage;
  readonly owed: readonly Owed[];
  readonly late: readonly DoneLate[];
  readonly inspection?: Inspection;
  /** How often the record was returned, by whom and why. */
  readonly returned?: readonly Said[];
  /** Who signs in the place of those who were there, named by the dispatcher. */
  readonly confirmer?: Said & { readonly id: PersonId };
  readonly confirmed?: { readonly by: PersonId; readonly at: Instant };
  readonly followUp?: FollowUp & { readonly by: PersonId; readonly at: Instant };
  readonly published?: { readonly at: Instant; readonly sha256: Sha256 };
  /** When it was replaced, or became void with its draw. */
  readonly endedAt?: Instant;
}

/** What is drawn, as a task is made of it. Everything here stays in the table until the visit; the ledger holds a digest. */
export type DrawnTask = Omit<
  Task,
  | 'stage'
  | 'owed'
  | 'late'
  | 'byHand'
  | 'inspection'
  | 'returned'
  | 'confirmer'
  | 'confirmed'
  | 'followUp'
  | 'published'
  | 'endedAt'
>;

/** A team sent by hand. It stays in the table, like one that was drawn. */
export interface HandAssignment {
  readonly team: readonly TeamMember[];
  readonly day: Day;
  readonly reason: string;
}

export type TaskFact =
  /**
   * `digest`: SHA-256 of its line of `result-<i>.json`, canonical, so that who has the revealed result can compare. When the visit is due
   * would give its day away, so only the table says it. `unfit`: why one who was drawn may not go, so that nobody was sent.
   */
  | { readonly type: 'TaskAssigned'; readonly data: { readonly digest: Sha256; readonly unfit?: Unfit } }
  /** `digest`: of task, ticket, team, day and reason. */
  | { readonly type: 'TaskAssignedByHand'; readonly data: { readonly digest: Sha256 } }
  | {
      readonly type: 'InspectionReported';
      readonly data: Omit<Inspection, 'by' | 'reportedAt'> & {
        readonly object: ObjectId;
        /** By when the record had to be handed in after the visit; where it was returned, its task owes that. */
        readonly handInDue?: Instant;
        readonly owed: readonly Owed[];
        /** Who had been sent by hand: from the visit on it is told, and no longer by its digest alone. */
        readonly sent?: HandAssignment;
      };
    }
  | { readonly type: 'InspectionConfirmed'; readonly data: Record<never, never> }
  | { readonly type: 'InspectionReturned'; readonly data: { readonly reason: string; readonly owed: readonly Owed[] } }
  | {
      readonly type: 'ConfirmerNamed';
      readonly data: { readonly confirmer: PersonId; readonly reason: string; readonly owed: readonly Owed[] };
    }
  | { readonly type: 'FollowUpRecorded'; readonly data: FollowUp }
  | { readonly type: 'TaskReplaced'; readonly data: { readonly iteration: number } }
  | { readonly type: 'TaskVoided'; readonly data: Record<never, never> }
  | { readonly type: 'TaskOverdue'; readonly data: { readonly what: OwedKind; readonly due: Instant; readonly next: Instant } }
  | {
      readonly type: 'TaskEscalated';
      readonly data: {
        readonly what: OwedKind;
        readonly due: Instant;
        /** The last step that has come. */
        readonly step: number;
        readonly roles: readonly Role[];
        readonly next: Instant;
        readonly why: Why;
      };
    }
  | {
      readonly type: 'ResultPublished';
      /** `blotted`: so many passages of a person stood in what is published, and are blotted out there. */
      readonly data: { readonly sha256: Sha256; readonly isLate: boolean; readonly blotted?: number };
    };

/** Whether a visit is still to be made. */
export const awaitsVisit = ({ stage }: Pick<Task, 'stage'>): boolean => stage === 'unassigned' || stage === 'assigned';

/** Whether something is still to be done, by a person or by the publication. */
export const isOpenTask = ({ stage }: Pick<Task, 'stage'>): boolean =>
  awaitsVisit({ stage }) || stage === 'reported' || stage === 'returned' || stage === 'confirmed';

/** Who has to do with it: those who were sent, and who signs in their place. */
export const peopleOf = ({ team, confirmer }: Pick<Task, 'team' | 'confirmer'>): readonly PersonId[] => [
  ...new Set([...team.map(({ id }) => id), ...(confirmer === undefined ? [] : [confirmer.id])]),
];

/** What those who were sent owe. The rest is decided by who sends them, or comes by itself. */
export const BY_TEAM: readonly OwedKind[] = ['visit', 'hand-in', 'confirm'];

/** What they owe next. */
export const owedByTeam = ({ owed }: Pick<Task, 'owed'>): Owed | undefined =>
  owed.filter(({ what }) => BY_TEAM.includes(what)).sort((a, b) => (a.due < b.due ? -1 : 1))[0];

const first = (instants: readonly Instant[]): Instant | undefined => [...instants].sort()[0];

/** When the next thing has to be done by; nothing is owed any more in a task that has ended. */
export const dueOf = ({ owed }: Pick<Task, 'owed'>): Instant | undefined => first(owed.map(({ due }) => due));

/** Signed by two, and followed up where there was something to follow up: nothing is left but to publish it. */
export const isReadyToPublish = ({ stage, owed }: Pick<Task, 'stage' | 'owed'>): boolean =>
  stage === 'confirmed' && owed.every(({ what }) => what === 'publish');

/** When a sweep has to look at it next: at once where it waits to be published. */
export function attentionAt(task: Task): Instant | undefined {
  if (isReadyToPublish(task)) return task.followUp?.at ?? task.confirmed?.at;
  return first(task.owed.map(({ due, missed }) => missed?.next ?? due));
}

/** Whether it is past something at an instant, also where no sweep has noted it yet. */
export const isOverdueAt = ({ owed }: Pick<Task, 'owed'>, at: Instant): boolean =>
  owed.some(({ due, missed }) => missed !== undefined || due <= at);

/** Its subject in the ledger, and its sort key: `TASK#YJJ#000017#1#0003`. */
export function taskSubject(id: TaskId): string {
  const [, authority, number, iteration, place] = id.split('.');
  return `TASK#${authority}#${number}#${iteration}#${place}`;
}

/** The task that a subject in the ledger is about, by the colour of its events; `undefined` where it is about something else. */
export function taskOfSubject(subject: string, colour: Standing): TaskId | undefined {
  const [what, ...rest] = subject.split('#');
  const id = [colour.slice(0, 1), ...rest].join('.');
  return what === 'TASK' && taskId.is(id) ? taskId(id) : undefined;
}

const LETTERS: Readonly<Record<string, Colour>> = { R: 'RED', O: 'ORANGE', Y: 'YELLOW', B: 'BLUE' };

/** The colour of the partition that a task stands in. */
export function colourOfTask(id: TaskId): Colour {
  const colour = LETTERS[id.slice(0, 1)];
  if (colour === undefined) throw new Error(`${id} begins with no colour`);
  return colour;
}
