/**
 * A task (检查任务): one drawn object, to be visited by its team on its day; and the inspection's record (检查记录), policy 三(四): every
 * check lists its problems and hazards, also when there are none. Until the visit nobody but the team and who sends it knows of it.
 */
import type { Day, Instant } from './calendar.ts';
import type { Colour } from './colour.ts';
import type { CountyCode, Department, EvidenceKey, HazardId, ItemNo, ObjectId, PersonId, TaskId, TownshipCode } from './ids.ts';
import type { Owner } from './owner.ts';

/**
 * `unassigned`: no team was found, a person has to send one. `reported`: one of the team handed in the record. `confirmed`: another of the
 * team signed it too, and nothing is left to do but to publish. `replaced`: another object was drawn in its place.
 */
export const TASK_STAGES = ['unassigned', 'assigned', 'reported', 'confirmed', 'published', 'replaced', 'void'] as const;
export type TaskStage = (typeof TASK_STAGES)[number];

export const TASK_STAGE_NAMES: Readonly<Record<TaskStage, string>> = {
  unassigned: '待人工派员',
  assigned: '待检查',
  reported: '已检查，待复核',
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
  /** Those who went. */
  readonly present: readonly PersonId[];
  readonly account: string;
  readonly items: readonly ItemResult[];
  readonly problems: readonly Problem[];
  readonly hazards: readonly HazardId[];
  readonly evidence: readonly EvidenceKey[];
  readonly representative?: Representative;
}

export interface Task {
  readonly id: TaskId;
  readonly county: CountyCode;
  readonly authority: Department;
  /** Of the draw. */
  readonly number: number;
  readonly iteration: number;
  readonly stratum: string;
  readonly colour: Colour;
  readonly object: ObjectId;
  /** Whose the object is, where it lies and who supervises it, when it was drawn. */
  readonly owner: Owner;
  readonly township: TownshipCode;
  readonly supervisor?: Owner;
  /** The day that was drawn; absent where no team was found. */
  readonly day?: Day;
  /** When the next thing has to be done by: the visit by the end of its day, the confirmation, the follow-up. */
  readonly due: Instant;
  readonly team: readonly TeamMember[];
  /** Drawn items; empty: all that apply. */
  readonly items: readonly ItemNo[];
  /** A team that was not drawn. */
  readonly byHand?: { readonly by: PersonId; readonly at: Instant; readonly reason: string };
  readonly stage: TaskStage;
  readonly inspection?: Inspection;
  readonly confirmed?: { readonly by: PersonId; readonly at: Instant };
  /** What was done about an object that could not be inspected. */
  readonly followUp?: { readonly text: string; readonly document?: string; readonly by: PersonId; readonly at: Instant };
  /** Past its due: since when, and how many steps of the ladder were told. */
  readonly overdue?: { readonly since: Instant; readonly steps: number };
  readonly publishedAt?: Instant;
}

/** Its subject in the ledger, and its sort key: `TASK#YJJ#000017#1#0003`. */
export function taskSubject(id: TaskId): string {
  const [, authority, number, iteration, place] = id.split('.');
  return `TASK#${authority}#${number}#${iteration}#${place}`;
}
