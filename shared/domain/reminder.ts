/**
 * What somebody is told of (提醒): one thing that is due, late, ordered or asked, and for whom it is. It follows from what the bus tells;
 * the same told again is the same reminder, by its id. Whether it still stands is asked again just before it is sent.
 */
import type { Cadence, Day, Instant } from './calendar.ts';
import type { Role } from './caller.ts';
import type { Colour } from './colour.ts';
import type { DrawKind } from './draw-kind.ts';
import type { OrderKind } from './hazard.ts';
import type { ObligationKind } from './hazard-deadlines.ts';
import type { CountyCode, Department, DrawPeriod, HazardId, PersonId, SubscriptionId, TaskId, TownshipCode } from './ids.ts';
import type { Owner } from './owner.ts';
import type { OwedKind } from './task.ts';
import type { Why } from './why.ts';

/** The kinds, and what people call them. Which are urgent, and whom each tells, the policy says (`reminders.urgent`, `reminders.audience`). */
export const REMINDER_NAMES = {
  'checks-due': '排查开始',
  'checks-ending': '排查将截止',
  'checks-missed': '漏查',
  'list-ending': '月度清单待报',
  'form-due': '月报表待签报',
  'hazard-reported': '新隐患待定级',
  'hazard-major': '重大隐患',
  'hazard-assigned': '整改任务',
  'hazard-waiting': '待办事项',
  'deadline-near': '期限将到',
  'deadline-missed': '逾期上报',
  'order-issued': '停产撤人指令',
  'order-lifted': '指令解除',
  'evacuation-asked': '请求协助疏散',
  'evacuation-answered': '疏散协助答复',
  'hazard-listed': '挂牌督办',
  'draw-announced': '抽查公告',
  'draw-trouble': '抽查异常',
  'task-assigned': '检查任务',
  'task-withdrawn': '检查任务取消',
  'task-near': '检查任务将到期',
  'task-overdue': '检查任务逾期',
  'grid-gap': '网格责任缺口',
  'channel-failing': '提醒渠道异常',
  test: '测试消息',
} as const;
export type ReminderKind = keyof typeof REMINDER_NAMES;
export const REMINDER_KINDS = Object.keys(REMINDER_NAMES) as readonly ReminderKind[];

/** For whom a reminder is: those of the roles who stand in one of these relations to it. County-wide roles stand in every one. */
export interface Audience {
  readonly roles: readonly Role[];
  /** Whose the place is: an enterprise, or the township or department that owns a public area. */
  readonly owner?: Owner;
  /** Where in the enterprise; absent: all of it. */
  readonly workshops?: readonly string[];
  readonly township?: TownshipCode;
  /** The department that supervises, or whose draw it is. */
  readonly department?: Owner;
  /** By name: the inspectors of a task, the rectifier of a hazard. */
  readonly persons?: readonly PersonId[];
}

/** Checks of one owner under one colour in one period. */
export interface ChecksContent {
  readonly of: 'checks';
  readonly owner: Owner;
  readonly ownerName: string;
  readonly colour: Colour;
  readonly cadence: Cadence;
  readonly period: string;
  readonly until: Instant;
  /** So many points are open, or were missed, of each place; `workshop` absent: those that belong to none. */
  readonly places: readonly { readonly workshop?: string; readonly points: number }[];
}
/** The monthly list of hazards (月度隐患清单) that an owner still owes. */
export interface ListContent {
  readonly of: 'list';
  readonly owner: Owner;
  readonly ownerName: string;
  readonly month: string;
  readonly until: Instant;
}
/** The monthly form (月报表) that the county owes to the next level. */
export interface FormContent {
  readonly of: 'form';
  readonly month: string;
  readonly until: Instant;
}
/** A hazard, as it stood when the reminder came about. Its description has been rid of personal data. */
export interface HazardContent {
  readonly of: 'hazard';
  readonly hazard: HazardId;
  readonly generation: number;
  readonly owner: Owner;
  readonly ownerName: string;
  readonly place: string;
  readonly description: string;
  readonly level?: 'general' | 'major';
  /** What is owed, waits to be decided, or was missed. */
  readonly owed?: { readonly kind: ObligationKind; readonly due: Instant };
  /** The step of the ladder, from 0, and whom it tells. */
  readonly step?: number;
  /** Issued, or lifted, at that instant: from then on it holds, or does not any more. */
  readonly order?: { readonly no: number; readonly kind: OrderKind; readonly scope: string; readonly at: Instant };
  /** People to be evacuated, and where; and what was answered to whoever asked for help with it. */
  readonly evacuation?: {
    readonly area: string;
    readonly people: number;
    readonly answer?: { readonly granted: boolean; readonly note: string };
  };
  readonly listing?: { readonly document: string; readonly term: Day };
}
/** A task names no object before its visit: what is told of it does not either. */
export interface TaskContent {
  readonly of: 'task';
  readonly task: TaskId;
  readonly authority: Department;
  readonly authorityName: string;
  readonly owed?: { readonly what: OwedKind; readonly due: Instant };
  readonly step?: number;
}
export interface DrawContent {
  readonly of: 'draw';
  readonly authority: Department;
  readonly authorityName: string;
  readonly kind: DrawKind;
  readonly period: DrawPeriod;
  readonly number?: number;
  readonly drawAt?: Instant;
  /** What is wrong with it, as the ledger says it. */
  readonly trouble?: { readonly type: string; readonly says: string };
}
export interface GridContent {
  readonly of: 'grid';
  readonly target: string;
  /** What people call it, where it was looked up. */
  readonly targetName?: string;
  readonly side: 'township' | 'department';
  readonly gap?: string;
  readonly due?: Instant;
  readonly step?: number;
}
export interface ChannelContent {
  readonly of: 'channel';
  readonly subscription: SubscriptionId;
  readonly name: string;
  /** When it began to fail; one that was refused at once has one failure. */
  readonly since: Instant;
  readonly failures: number;
  readonly says: string;
  /** Nothing is sent there until somebody has enabled it. */
  readonly isDisabled?: true;
  /** So many reminders were told to nobody and can be sent again; absent: it is still being tried. */
  readonly undelivered?: number;
}
export interface TestContent {
  readonly of: 'test';
  readonly name: string;
}
export type Content =
  | ChecksContent
  | ListContent
  | FormContent
  | HazardContent
  | TaskContent
  | DrawContent
  | GridContent
  | ChannelContent
  | TestContent;

export interface Reminder {
  /** From the event or the deadline that it follows from: the same told again has the same id. At most 200 characters, no space. */
  readonly id: string;
  readonly kind: ReminderKind;
  readonly county: CountyCode;
  /** When it came about: of the event, or of the look that found a deadline near. */
  readonly at: Instant;
  readonly audience: Audience;
  /** What it is about, as the ledger names it (`HAZ#…`, `TASK#…`, `ENT:…`): by this is found who was told of a thing. */
  readonly about: string;
  readonly isUrgent: boolean;
  /** From then on a nearer lead of the same thing is told: this one, where it waits still, is not. */
  readonly next?: Instant;
  readonly content: Content;
  /** The rule by which it is owed; absent for what no rule of the policy asks. */
  readonly why?: Why;
}
