/** What the grid has to cover: major risks, major installations and open major hazards, who answers for each, and where somebody is missing. */
import { type Instant, plusMs } from './calendar.ts';
import type { Role } from './caller.ts';
import { ALL_LINES, AREA_LINE, type GridCell, type GridLine, type GridRules, type Responsible } from './grid.ts';
import { type Ladder, rolesOfStep, stepAt } from './hazard-deadlines.ts';
import type { HazardId, TownshipCode } from './ids.ts';
import { type Limit, limitMs } from './limit.ts';
import type { Owner } from './owner.ts';
import { type RiskKey, riskSubject } from './register-risk.ts';
import { isSame } from './same.ts';
import { notSupervised, type SupervisionRuling } from './supervision-denials.ts';
import type { Why } from './why.ts';

/** What the grid has to cover (`Policy['supervision']['grid']['covers']`). */
export const GRID_KINDS = ['major-risk', 'major-installation', 'major-hazard'] as const;
export type GridKind = (typeof GRID_KINDS)[number];

/** What somebody has to answer for: the subject of a risk or of a hazard. */
export type GridTargetId = `RISK#${string}` | `AREA#${string}` | `HAZ#${string}`;

/** As a subject of the ledger names it. */
export const GRID_TARGET =
  /^(?:RISK#[0-9A-Z]{18}#[A-Za-z0-9][A-Za-z0-9._-]{0,31}|AREA#[1-9]\d{8}#[A-Za-z0-9][A-Za-z0-9._-]{0,31}|HAZ#[ROYB][0-9A-Z]{12,30})$/;
export const isGridTarget = (text: string): text is GridTargetId => GRID_TARGET.test(text);

export const riskTarget = (key: RiskKey): GridTargetId => {
  const subject = riskSubject(key);
  if (!isGridTarget(subject)) throw new Error(`${subject} is no risk`);
  return subject;
};
export const hazardTarget = (id: HazardId): GridTargetId => `HAZ#${id}`;

/** One thing that somebody has to answer for, and where it usually belongs. */
export interface GridTarget {
  readonly id: GridTargetId;
  readonly kinds: readonly GridKind[];
  readonly name: string;
  readonly owner: Owner;
  readonly township?: TownshipCode | undefined;
  /** The department with the duty of supervision. */
  readonly department?: Owner | undefined;
  /** A code of the policy's industries, or `area`. */
  readonly industry: string;
}

/** Another cell or line than the usual one. */
export interface GridAssignment {
  readonly part?: string;
  readonly line?: { readonly department: Owner; readonly industry: string };
}

export const GRID_SIDES = ['township', 'department'] as const;
export type GridSide = (typeof GRID_SIDES)[number];

/** What is known of a target: where it was assigned to, and which side of it has nobody. It stays when the target is none any more. */
export interface GridTargetState {
  readonly target: GridTargetId;
  readonly assignment: GridAssignment;
  readonly gaps: readonly KnownGap[];
}

/** A gap that was found. */
export interface KnownGap {
  readonly side: GridSide;
  readonly since: Instant;
  /** By when it is to be mended. */
  readonly due?: Instant;
  /** Since it was not: how many steps of the ladder were told, and when the next one comes. */
  readonly missed?: { readonly steps: number; readonly next: Instant };
}

/** By when a gap is to be mended, and who is told when it is not (`Policy['supervision']['gridGaps']`). */
export interface GapRules {
  readonly mend: { readonly limit: Limit; readonly why: Why };
  readonly escalation: Ladder;
}

export type GridTargetFact =
  | { readonly type: 'GridAssigned'; readonly data: { readonly target: GridTargetId } & GridAssignment }
  | {
      readonly type: 'GridGapFound';
      readonly data: {
        readonly target: GridTargetId;
        readonly side: GridSide;
        readonly kinds: readonly GridKind[];
        readonly why: GridGap;
        readonly due?: Instant;
        readonly township?: TownshipCode;
        readonly department?: Owner;
      };
    }
  | {
      /** Not mended in time: whoever is named owes it, the body of its side first. */
      readonly type: 'GridGapEscalated';
      readonly data: {
        readonly target: GridTargetId;
        readonly side: GridSide;
        readonly due: Instant;
        /** The last step that has come. */
        readonly step: number;
        readonly roles: readonly Role[];
        readonly next: Instant;
        readonly why: Why;
        readonly township?: TownshipCode;
        readonly department?: Owner;
      };
    }
  | {
      readonly type: 'GridGapClosed';
      readonly data: { readonly target: GridTargetId; readonly side: GridSide; readonly because: 'mended' | 'no-target' };
    };

export const gridTargetSubject = (target: GridTargetId): string => `GRID#OF#${target}`;
export const newTargetState = (target: GridTargetId): GridTargetState => ({ target, assignment: {}, gaps: [] });

/** Who is missing: the body itself, its cell or line, or the person in it. */
export const GRID_GAPS = [
  'no-township',
  'no-cell',
  'no-person-in-cell',
  'no-department',
  'no-line',
  'no-person-in-line',
] as const;
export type GridGap = (typeof GRID_GAPS)[number];

export interface GridAnswer {
  readonly target: GridTarget;
  readonly township: {
    readonly body?: TownshipCode;
    readonly part?: string;
    readonly responsible?: Responsible;
    readonly gap?: GridGap;
  };
  readonly department: {
    readonly body?: Owner;
    readonly industry?: string;
    readonly responsible?: Responsible;
    readonly gap?: GridGap;
  };
}

/** The grid as it stands. */
export interface Grid {
  readonly cellsOf: (township: TownshipCode) => readonly GridCell[];
  readonly linesOf: (department: Owner) => readonly GridLine[];
}

function townshipSide({ township }: GridTarget, { part }: GridAssignment, { cellsOf }: Grid): GridAnswer['township'] {
  if (township === undefined) return { gap: 'no-township' };
  const cell = cellsOf(township).find((each) => each.part === part);
  const place = { body: township, ...(part !== undefined && { part }) };
  if (cell === undefined) return { ...place, gap: 'no-cell' };
  return cell.responsible ? { ...place, responsible: cell.responsible } : { ...place, gap: 'no-person-in-cell' };
}

function departmentSide(target: GridTarget, { line: assigned }: GridAssignment, { linesOf }: Grid): GridAnswer['department'] {
  const department = assigned?.department ?? target.department;
  if (department === undefined) return { gap: 'no-department' };
  const lines = linesOf(department);
  const wanted = assigned?.industry ?? target.industry;
  const line = lines.find(({ industry }) => industry === wanted) ?? lines.find(({ industry }) => industry === ALL_LINES);
  if (line === undefined) return { body: department, gap: 'no-line' };
  const place = { body: department, industry: line.industry };
  return line.responsible ? { ...place, responsible: line.responsible } : { ...place, gap: 'no-person-in-line' };
}

/** Who answers for a target: by its assignment, or else in its township's cell and its department's line for its industry. */
export const answerOf = (target: GridTarget, assignment: GridAssignment, grid: Grid): GridAnswer => ({
  target,
  township: townshipSide(target, assignment, grid),
  department: departmentSide(target, assignment, grid),
});

export const gapsOf = ({ township, department }: GridAnswer): ReadonlyMap<GridSide, GridGap> =>
  new Map([
    ...(township.gap ? [['township', township.gap] as const] : []),
    ...(department.gap ? [['department', department.gap] as const] : []),
  ]);

/** What is assigned: a side that is not named stays as it is, one that is named without a place goes back to the usual. */
export interface AssignGrid {
  readonly cell?: { readonly part?: string | undefined } | undefined;
  readonly line?: { readonly department?: Owner | undefined; readonly industry?: string | undefined } | undefined;
}

/** Assigns a target to a cell of its township and to a line of a department. */
export function assignGrid(
  state: GridTargetState,
  target: GridTarget,
  { cell, line }: AssignGrid,
  { cellsOf }: Pick<Grid, 'cellsOf'>,
  { departments, industries }: GridRules,
): SupervisionRuling<GridTargetFact> {
  const part = cell === undefined ? state.assignment.part : cell.part;
  const cells = target.township === undefined ? [] : cellsOf(target.township);
  if (cell?.part !== undefined && !cells.some((each) => each.part === cell.part)) {
    return notSupervised('no-such-cell', { field: 'cell', members: { cells: cells.flatMap((each) => each.part ?? []) } });
  }
  if (line?.department !== undefined && !departments.has(line.department)) {
    return notSupervised('unknown-department', { field: 'line' });
  }
  const industry = line?.industry ?? target.industry;
  if (industry !== ALL_LINES && industry !== AREA_LINE && !industries.has(industry)) {
    return notSupervised('unknown-industry', { field: 'line' });
  }
  const named = line?.department === undefined ? undefined : { department: line.department, industry };
  const wanted = line === undefined ? state.assignment.line : named;
  const assignment: GridAssignment = { ...(part !== undefined && { part }), ...(wanted !== undefined && { line: wanted }) };
  if (isSame(assignment, state.assignment)) return { kind: 'decided', events: [] };
  return { kind: 'decided', events: [{ type: 'GridAssigned', data: { target: state.target, ...assignment } }] };
}

/** Those that answer for a target, where somebody does. */
function bodiesOf(answer: GridAnswer): { readonly township?: TownshipCode; readonly department?: Owner } {
  const [township, department] = [answer.township.body, answer.department.body];
  return { ...(township !== undefined && { township }), ...(department !== undefined && { department }) };
}

/** When a gap is to be mended by; one that was found before there was a limit has it from when it was found. */
export const gapDue = ({ since, due }: KnownGap, { mend }: GapRules): Instant => due ?? plusMs(since, limitMs(mend.limit));

/** The roles of a step that are of the side where somebody is missing; where no body is known, those of the committee. */
function rolesFor(side: GridSide, roles: readonly Role[], bodies: ReturnType<typeof bodiesOf>): readonly Role[] {
  const others: Readonly<Record<GridSide, Role>> = { township: 'department-head', department: 'township-head' };
  const own = roles.filter((role) => role !== others[side]);
  if (bodies[side] !== undefined) return own;
  return [
    ...new Set(own.map((role): Role => (role === 'township-head' || role === 'department-head' ? 'committee-officer' : role))),
  ];
}

/** What is told of a gap that is not mended in time; after an outage every step that has come meanwhile, at once. */
function escalated(answer: GridAnswer, gap: KnownGap, rules: GapRules, at: Instant): GridTargetFact[] {
  const { escalation } = rules;
  const due = gapDue(gap, rules);
  if ((gap.missed?.next ?? stepAt(escalation, due, 1)) > at) return [];
  const roles = new Set<Role>();
  let step = gap.missed?.steps ?? 0;
  do {
    step += 1;
    for (const role of rolesFor(gap.side, rolesOfStep(escalation, step), bodiesOf(answer))) roles.add(role);
  } while (stepAt(escalation, due, step + 1) <= at);
  const next = stepAt(escalation, due, step + 1);
  const told = { target: answer.target.id, side: gap.side, due, step, roles: [...roles], next, why: escalation.why };
  return [{ type: 'GridGapEscalated', data: { ...told, ...bodiesOf(answer) } }];
}

/**
 * What a look at the grid finds of a target: gaps that are new, gaps that are none any more, and gaps that should not be there any more.
 * Looked at twice, it finds nothing more.
 */
export function checkTarget(
  state: GridTargetState,
  answer: GridAnswer | undefined,
  rules: GapRules,
  at: Instant,
): readonly GridTargetFact[] {
  const now = answer === undefined ? new Map<GridSide, GridGap>() : gapsOf(answer);
  const known = new Set(state.gaps.map(({ side }) => side));
  const { target } = state;
  const found = [...now].filter(([side]) => !known.has(side));
  const closed = GRID_SIDES.filter((side) => known.has(side) && !now.has(side));
  const still = state.gaps.filter(({ side }) => now.has(side));
  const due = plusMs(at, limitMs(rules.mend.limit));
  return [
    ...found.map(([side, why]): GridTargetFact => {
      const bodies = answer === undefined ? {} : bodiesOf(answer);
      return { type: 'GridGapFound', data: { target, side, kinds: answer?.target.kinds ?? [], why, due, ...bodies } };
    }),
    ...closed.map(
      (side): GridTargetFact => ({
        type: 'GridGapClosed',
        data: { target, side, because: answer === undefined ? 'no-target' : 'mended' },
      }),
    ),
    ...(answer === undefined ? [] : still.flatMap((gap) => escalated(answer, gap, rules, at))),
  ];
}

/** Applies a recorded fact; judges nothing. */
export function evolveTarget(state: GridTargetState, fact: GridTargetFact, at: Instant): GridTargetState {
  switch (fact.type) {
    case 'GridAssigned': {
      const { target: _, ...assignment } = fact.data;
      return { ...state, assignment };
    }
    case 'GridGapFound': {
      const { side, due } = fact.data;
      return { ...state, gaps: [...state.gaps, { side, since: at, ...(due !== undefined && { due }) }] };
    }
    case 'GridGapEscalated': {
      const { side, step, next, due } = fact.data;
      const told = (gap: KnownGap): KnownGap => (gap.side === side ? { ...gap, due, missed: { steps: step, next } } : gap);
      return { ...state, gaps: state.gaps.map(told) };
    }
    case 'GridGapClosed':
      return { ...state, gaps: state.gaps.filter(({ side }) => side !== fact.data.side) };
  }
}
