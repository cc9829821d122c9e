/**
 * Whose risk list it is: an enterprise, a township or a department. Its record holds the state of the list, what of it counts, and, for
 * an enterprise, its overall grade. Every change of one of its risks also writes this record, so signing and changing cannot cross.
 */
import type { Instant } from './calendar.ts';
import { COLOURS, type Colour, gravest, type Standing } from './colour.ts';
import type { CreditCode } from './credit-code.ts';
import type { PageVersion } from './duty-name.ts';
import type { PersonId, RiskNo, TownshipCode } from './ids.ts';
import { enterpriseOf, type Owner } from './owner.ts';
import type { Suspension } from './register-suspension.ts';

/** 负责人、安全管理人员 and whoever else is to be reached, by post. */
export interface Contact {
  readonly post: string;
  readonly name: string;
  readonly phone?: string | undefined;
}

export interface Workshop {
  readonly name: string;
  readonly teams: readonly string[];
}

/**
 * The duty pages of one enterprise are written together when its list is signed or it stands still as a whole: one for each workshop
 * and colour, and one for each colour of what belongs to none. So many workshops fit a transaction.
 */
export const MOST_WORKSHOPS = 22;

export interface EnterpriseContent {
  readonly name: string;
  readonly township: TownshipCode;
  /** A code of the policy's industries. */
  readonly industry: string;
  /** The department with the duty of supervision. */
  readonly supervisor: Owner;
  readonly address?: string | undefined;
  readonly contacts: readonly Contact[];
  readonly workshops: readonly Workshop[];
}

export interface RiskListState {
  /** The version that is open or, when equal to `signedVersion`, in force. */
  readonly version: number;
  /** 0 while none was signed. */
  readonly signedVersion: number;
  readonly signedAt?: Instant | undefined;
  readonly signedBy?: PersonId | undefined;
  /** Of what was signed. */
  readonly digest?: string | undefined;
}

/** The department's own judgement of an enterprise (三(三)). */
export interface Adjustment {
  readonly colour: Colour;
  /** What the rule said then. */
  readonly rule: Standing;
  readonly reason: string;
  readonly by: PersonId;
  readonly at: Instant;
}

export interface OverallGrade {
  readonly colour: Standing;
  /** What the policy's rule gives. */
  readonly rule: Standing;
  readonly adjustment?: Adjustment | undefined;
}

export interface RegisterOwner {
  readonly owner: Owner;
  /** Given for an enterprise, and only there. */
  readonly enterprise?: EnterpriseContent | undefined;
  readonly list: RiskListState;
  /** How many of its risks count, by colour. */
  readonly counting: Readonly<Record<Colour, number>>;
  readonly overall: OverallGrade;
  /** The last sequence of its subject in the ledger; 0 for a government owner that has no record yet. */
  readonly version: number;
}

/** What happened to one risk of the list. `from`, `to`: the colours under which it counted and counts. */
export interface ListChange {
  readonly no: RiskNo;
  readonly township?: TownshipCode | undefined;
  readonly change: 'added' | 'changed' | 'regraded' | 'retired';
  /** Of the risk, after. */
  readonly version: number;
  readonly from?: Colour | undefined;
  readonly to?: Colour | undefined;
  readonly workshop?: string | undefined;
  readonly team?: string | undefined;
}

/** Where a duty lies: on which page of its enterprise. */
interface DutyAt {
  readonly colour: Colour;
  readonly workshop?: string | undefined;
}

/** Duties that began (no `from`), ended (no `to`) or moved alike, in the order in which they did. */
export interface MovedDuties {
  readonly from?: DutyAt | undefined;
  readonly to?: DutyAt | undefined;
  readonly nos: readonly RiskNo[];
}

/** What a change of the list did to duty pages, so that they can be told from the ledger alone; absent where it did nothing. */
interface DutiesMoved {
  readonly pages?: readonly PageVersion[];
  readonly moved?: readonly MovedDuties[];
}

export type OwnerFact =
  | { readonly type: 'EnterpriseRegistered'; readonly data: EnterpriseContent }
  | { readonly type: 'EnterpriseChanged'; readonly data: EnterpriseContent }
  | {
      readonly type: 'RiskListChanged';
      readonly data: DutiesMoved & { readonly list: number; readonly changes: readonly ListChange[] };
    }
  | {
      readonly type: 'RiskListSigned';
      readonly data: DutiesMoved & {
        readonly list: number;
        readonly digest: string;
        readonly by: PersonId;
        readonly at: Instant;
        /** What counts from now on. */
        readonly counting: Readonly<Record<Colour, number>>;
      };
    }
  | {
      readonly type: 'OverallGradeFollowed';
      readonly data: { readonly rule: Standing; readonly lapsed: boolean; readonly because?: string };
    }
  | { readonly type: 'OverallGradeAdjusted'; readonly data: Adjustment }
  | { readonly type: 'SuspensionApproved'; readonly data: Suspension & Pick<DutiesMoved, 'pages'> }
  | {
      readonly type: 'SuspensionLifted';
      readonly data: Pick<DutiesMoved, 'pages'> & { readonly id: string; readonly at: Instant; readonly because: string };
    };

const NOTHING_COUNTS: Readonly<Record<Colour, number>> = { RED: 0, ORANGE: 0, YELLOW: 0, BLUE: 0 };

export const newOwner = (owner: Owner): RegisterOwner => ({
  owner,
  list: { version: 0, signedVersion: 0 },
  counting: NOTHING_COUNTS,
  overall: { colour: 'NONE', rule: 'NONE' },
  version: 0,
});

/** Workshops and teams that a risk names are known from then on. */
export function withPlaces(
  content: EnterpriseContent,
  changes: readonly Pick<ListChange, 'workshop' | 'team'>[],
): EnterpriseContent {
  let { workshops } = content;
  for (const { workshop, team } of changes) {
    if (workshop === undefined) continue;
    const known = workshops.find(({ name }) => name === workshop);
    if (known === undefined) workshops = [...workshops, { name: workshop, teams: team === undefined ? [] : [team] }];
    else if (team !== undefined && !known.teams.includes(team)) {
      workshops = workshops.map((each) => (each === known ? { ...known, teams: [...known.teams, team] } : each));
    }
  }
  return { ...content, workshops };
}

function recount(counting: RegisterOwner['counting'], changes: readonly ListChange[]): RegisterOwner['counting'] {
  const next = { ...counting };
  for (const { from, to } of changes) {
    if (from !== undefined) next[from] -= 1;
    if (to !== undefined) next[to] += 1;
  }
  return next;
}

/** Applies a recorded fact; judges nothing. */
export function evolveOwner(state: RegisterOwner, fact: OwnerFact): RegisterOwner {
  const next = { ...state, version: state.version + 1 };
  switch (fact.type) {
    case 'EnterpriseRegistered':
    case 'EnterpriseChanged':
      return { ...next, enterprise: fact.data };
    case 'RiskListChanged': {
      const { list, changes } = fact.data;
      return {
        ...next,
        ...(next.enterprise !== undefined && { enterprise: withPlaces(next.enterprise, changes) }),
        list: { ...next.list, version: list },
        counting: recount(next.counting, changes),
      };
    }
    case 'RiskListSigned': {
      const { list, digest, by, at, counting } = fact.data;
      return { ...next, list: { version: list, signedVersion: list, signedAt: at, signedBy: by, digest }, counting };
    }
    case 'OverallGradeFollowed': {
      const { rule, lapsed } = fact.data;
      const adjustment = lapsed ? undefined : next.overall.adjustment;
      return { ...next, overall: { colour: adjustment?.colour ?? rule, rule, ...(adjustment !== undefined && { adjustment }) } };
    }
    case 'OverallGradeAdjusted':
      return { ...next, overall: { colour: fact.data.colour, rule: fact.data.rule, adjustment: fact.data } };
    case 'SuspensionApproved':
    case 'SuspensionLifted':
      return next;
  }
}

/** The partition its record stands in: an enterprise under its overall grade. */
export const ownerStanding = ({ enterprise, overall }: RegisterOwner): Standing =>
  enterprise === undefined ? 'NONE' : overall.colour;

/** Its subject in the ledger, and its sort key in the register. */
export function ownerSubject(owner: Owner): string {
  const uscc: CreditCode | undefined = enterpriseOf(owner);
  return uscc === undefined ? `GOV#${owner}` : `ENT#${uscc}`;
}

/** The version that a change now belongs to: the one that is open, or a new one after what was signed. */
export const openVersion = ({ signedVersion }: RiskListState): number => signedVersion + 1;

/** The gravest colour that counts. */
export const gravestCounting = ({ counting }: Pick<RegisterOwner, 'counting'>): Standing =>
  gravest(COLOURS.filter((colour) => counting[colour] > 0));
