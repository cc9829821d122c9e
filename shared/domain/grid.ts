/**
 * Grid responsibility (网格化), policy 三(四): every major risk, major installation and open major hazard has a named township and a named
 * department, each with a person and his post. A township names who answers in its cells, a department who answers in its lines; what
 * belongs to another cell or line than the usual one is assigned to it. Where somebody is missing there is a gap, which is a finding.
 */
import type { PersonId, TownshipCode } from './ids.ts';
import type { Owner } from './owner.ts';
import { isSame } from './same.ts';
import { notSupervised, type SupervisionRuling } from './supervision-denials.ts';

/** Who answers, and by what office he does. */
export interface Responsible {
  readonly person: PersonId;
  readonly post: string;
}

/** A township, or a named part of it. */
export interface GridCell {
  readonly part?: string;
  /** Absent where nobody answers for it at present. */
  readonly responsible?: Responsible;
}

/** What a department answers for: an industry of the policy, `area` for public areas, `*` for all the rest. */
export interface GridLine {
  readonly industry: string;
  readonly responsible?: Responsible;
}

export interface TownshipGrid {
  readonly township: TownshipCode;
  readonly cells: readonly GridCell[];
}
export interface DepartmentGrid {
  readonly department: Owner;
  readonly lines: readonly GridLine[];
}

export type GridFact =
  | { readonly type: 'GridCellSet'; readonly data: GridCell & { readonly township: TownshipCode } }
  | { readonly type: 'GridLineSet'; readonly data: GridLine & { readonly department: Owner } };

export const townshipGridSubject = (township: TownshipCode): string => `GRID#TOWN:${township}`;
export const departmentGridSubject = (department: Owner): string => `GRID#${department}`;

/** What of it is of public areas, and what of everything that has no line of its own. */
export const AREA_LINE = 'area';
export const ALL_LINES = '*';

/** So many cells of one township fit a record. */
const MOST_CELLS = 200;

export interface GridRules {
  readonly townships: ReadonlySet<TownshipCode>;
  readonly departments: ReadonlySet<Owner>;
  readonly industries: ReadonlySet<string>;
}

const withCell = (cells: readonly GridCell[], cell: GridCell): readonly GridCell[] => [
  ...cells.filter(({ part }) => part !== cell.part),
  cell,
];
const withLine = (lines: readonly GridLine[], line: GridLine): readonly GridLine[] => [
  ...lines.filter(({ industry }) => industry !== line.industry),
  line,
];

/** Names who answers in a cell; a cell that there is not yet is made. */
export function setGridCell(
  { township, cells }: TownshipGrid,
  cell: GridCell,
  { townships }: GridRules,
): SupervisionRuling<GridFact> {
  if (!townships.has(township)) return notSupervised('unknown-township', { field: 'township' });
  const next = withCell(cells, cell);
  if (next.length > MOST_CELLS) return notSupervised('too-many-cells', { field: 'part' });
  const before = cells.find(({ part }) => part === cell.part);
  return { kind: 'decided', events: isSame(before, cell) ? [] : [{ type: 'GridCellSet', data: { township, ...cell } }] };
}

/** Names who answers in a line. */
export function setGridLine(
  { department, lines }: DepartmentGrid,
  line: GridLine,
  { departments, industries }: GridRules,
): SupervisionRuling<GridFact> {
  if (!departments.has(department)) return notSupervised('unknown-department', { field: 'department' });
  if (line.industry !== ALL_LINES && line.industry !== AREA_LINE && !industries.has(line.industry)) {
    return notSupervised('unknown-industry', { field: 'industry' });
  }
  const before = lines.find(({ industry }) => industry === line.industry);
  return { kind: 'decided', events: isSame(before, line) ? [] : [{ type: 'GridLineSet', data: { department, ...line } }] };
}

/** Applies a recorded fact of a township. */
export function evolveTownshipGrid(grid: TownshipGrid, fact: GridFact): TownshipGrid {
  if (fact.type !== 'GridCellSet') throw new Error(`${fact.type} is no fact of a township`);
  const { township: _, ...cell } = fact.data;
  return { ...grid, cells: withCell(grid.cells, cell) };
}

/** Applies a recorded fact of a department. */
export function evolveDepartmentGrid(grid: DepartmentGrid, fact: GridFact): DepartmentGrid {
  if (fact.type !== 'GridLineSet') throw new Error(`${fact.type} is no fact of a department`);
  const { department: _, ...line } = fact.data;
  return { ...grid, lines: withLine(grid.lines, line) };
}
