/** The directory of those who inspect (检查人员名录): who they are by staff number, what they are qualified for, and what keeps them away. */
import type { Day, Instant } from './calendar.ts';
import type { CreditCode } from './credit-code.ts';
import type { Department, ObjectId, PersonId } from './ids.ts';
import type { Owner } from './owner.ts';

/** 执法人员, 专家. */
export const INSPECTOR_ROLES = ['enforcer', 'expert'] as const;
export type InspectorRole = (typeof INSPECTOR_ROLES)[number];

/** So many absences may be entered at once, and so many interests declared: an inspector is one record. */
export const MOST_DECLARED = 60;

/** An interest that excludes (回避): in one object, or in everything of an owner. */
export interface Interest {
  /** Its number with this inspector, from 1. */
  readonly no: number;
  readonly in: ObjectId | Owner;
  /** A code of the policy's interests. */
  readonly kind: string;
  readonly reason: string;
  readonly by: PersonId;
  readonly at: Instant;
  readonly lifted?: { readonly by: PersonId; readonly at: Instant; readonly reason: string };
}

export interface Absence {
  readonly from: Day;
  /** The last day. */
  readonly to: Day;
  readonly reason: string;
}

export interface InspectorContent {
  readonly role: InspectorRole;
  /** The authority that he inspects for. */
  readonly authority: Department;
  /** Codes of the policy's industries, or `*` for all. */
  readonly skills: readonly string[];
  /** The certificate (执法证、专家聘书) and the last day on which it is valid. */
  readonly certificate: { readonly no: string; readonly until: Day };
  /** The enterprise that employs him: an expert never inspects his employer. */
  readonly employer?: CreditCode;
  /** How many objects he may be sent to in a month; without, the policy's number. */
  readonly perMonth?: number;
}

export interface Inspector {
  /** The person as the sign-in names him: a staff number, never a name. */
  readonly id: PersonId;
  readonly content: InspectorContent;
  readonly absences: readonly Absence[];
  readonly interests: readonly Interest[];
  readonly retired?: { readonly at: Instant; readonly because: string };
}

export type InspectorFact =
  | { readonly type: 'InspectorRegistered'; readonly data: InspectorContent }
  | { readonly type: 'InspectorChanged'; readonly data: InspectorContent }
  | { readonly type: 'AbsencesDeclared'; readonly data: { readonly absences: readonly Absence[] } }
  | { readonly type: 'InterestDeclared'; readonly data: Omit<Interest, 'lifted'> }
  | { readonly type: 'InterestLifted'; readonly data: { readonly no: number; readonly reason: string } }
  | { readonly type: 'InspectorRetired'; readonly data: { readonly because: string } };

export const inspectorSubject = (id: PersonId): string => `INSP#${id}`;
