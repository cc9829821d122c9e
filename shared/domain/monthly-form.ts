/**
 * The monthly form of hazards found and cured (事故隐患排查治理情况月报表): enterprises by industry, twelve columns, cumulative since January.
 * What counts in a month is what had happened by its end; a hazard that was withdrawn was none, and one that nobody has graded yet is
 * neither general nor major. Public areas have no row: the form is of enterprises.
 */
import type { Instant } from './calendar.ts';
import { monthBounds } from './figures.ts';
import type { Hazard, MajorGrade } from './hazard.ts';
import type { Owner } from './owner.ts';
import type { Snapshot } from './rebuild.ts';

/** A row of the form, as the county has it. `within`: the code of the row that it is a part of. */
export interface FormRowRule {
  readonly code: string;
  readonly name: string;
  readonly industries: readonly string[] | 'rest';
  readonly within?: string | undefined;
}

export interface FormRules {
  readonly rows: readonly FormRowRule[];
}

/** What is counted; the rates follow. */
export interface FormFigures {
  /** Enterprises that checked. */
  readonly checked: number;
  readonly general: number;
  readonly generalRectified: number;
  readonly major: number;
  readonly majorRectified: number;
  readonly planned: number;
  readonly plannedWhole: number;
  readonly listed: number;
  readonly listedByProvince: number;
  readonly fundsFen: number;
}

/** Columns 1 to 12, as they are printed: nothing is blank. */
export type FormColumns = readonly [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];

export interface FormRow {
  readonly code: string;
  readonly name: string;
  readonly within?: string | undefined;
  readonly figures: FormFigures;
  readonly columns: FormColumns;
}

export interface MonthlyForm {
  /** The first and the last month that it is about, `2026-01` to `2026-06`. */
  readonly period: { readonly from: string; readonly to: string };
  readonly rows: readonly FormRow[];
  readonly total: Pick<FormRow, 'figures' | 'columns'>;
}

const NOTHING: FormFigures = {
  ...{ checked: 0, general: 0, generalRectified: 0, major: 0, majorRectified: 0 },
  ...{ planned: 0, plannedWhole: 0, listed: 0, listedByProvince: 0, fundsFen: 0 },
};

const sum = (a: FormFigures, b: FormFigures): FormFigures => ({
  checked: a.checked + b.checked,
  general: a.general + b.general,
  generalRectified: a.generalRectified + b.generalRectified,
  major: a.major + b.major,
  majorRectified: a.majorRectified + b.majorRectified,
  planned: a.planned + b.planned,
  plannedWhole: a.plannedWhole + b.plannedWhole,
  listed: a.listed + b.listed,
  listedByProvince: a.listedByProvince + b.listedByProvince,
  fundsFen: a.fundsFen + b.fundsFen,
});

const FEN_IN_WAN = 1_000_000;
const WAN_DIGITS = 6;

/** Of fen in 万元, exact. */
export function wanText(fen: number): string {
  const rest = String(fen % FEN_IN_WAN)
    .padStart(WAN_DIGITS, '0')
    .replace(/0+$/, '');
  const whole = String(Math.floor(fen / FEN_IN_WAN));
  return rest === '' ? whole : `${whole}.${rest}`;
}

/** In per cent with one decimal at most, half of the last rounded up; blank where there is nothing to divide, or by. */
export function rateText(part: number, whole: number): string {
  if (part === 0 || whole === 0) return '';
  const tenths = Math.floor((2000 * part + whole) / (2 * whole));
  return tenths % 10 === 0 ? String(tenths / 10) : `${Math.floor(tenths / 10)}.${tenths % 10}`;
}

const count = (number: number): string => (number === 0 ? '' : String(number));

export const columnsOf = (figures: FormFigures): FormColumns => [
  count(figures.checked),
  count(figures.general),
  count(figures.generalRectified),
  rateText(figures.generalRectified, figures.general),
  count(figures.major),
  count(figures.majorRectified),
  rateText(figures.majorRectified, figures.major),
  count(figures.planned),
  count(figures.plannedWhole),
  count(figures.listed),
  count(figures.listedByProvince),
  figures.fundsFen === 0 ? '' : wanText(figures.fundsFen),
];

interface Bounds {
  readonly from: Instant;
  readonly until: Instant;
}

const isWithin = (at: Instant | undefined, { from, until }: Bounds): boolean => at !== undefined && from <= at && at < until;

type Planned = Extract<Hazard, { readonly plan: unknown }>['plan'];
const planOf = (hazard: Hazard): Planned | undefined => ('plan' in hazard ? hazard.plan : undefined);

/** 五到位: a named person, measures, funds, a date and an emergency plan. */
const isWhole = ({ responsible, measures, fundsFen, timeLimit, emergencyPlan }: Planned): boolean =>
  responsible !== '' && measures !== '' && fundsFen > 0 && timeLimit !== '' && emergencyPlan !== '';

function ofMajor(hazard: Hazard, bounds: Bounds): Partial<FormFigures> {
  const plan = planOf(hazard);
  const isPlanned = plan !== undefined && isWithin(plan.filedAt, bounds);
  const isListed = isWithin(hazard.listing?.at, bounds);
  return {
    ...(isPlanned && { planned: 1, plannedWhole: isWhole(plan) ? 1 : 0, fundsFen: plan.fundsFen }),
    ...(isListed && { listed: 1, listedByProvince: hazard.listing?.level === 'province' ? 1 : 0 }),
  };
}

/** What a case adds. Found counts by when it was reported; a plan and a listing by when they were made. */
export function figuresOfHazard(hazard: Hazard, bounds: Bounds): FormFigures {
  if (hazard.stage === 'withdrawn' || hazard.grade === undefined) return NOTHING;
  const isFound = isWithin(hazard.reportedAt, bounds);
  const isClosed = isFound && hazard.stage === 'closed' && hazard.closedAt < bounds.until;
  return isMajor(hazard.grade)
    ? { ...NOTHING, major: isFound ? 1 : 0, majorRectified: isClosed ? 1 : 0, ...ofMajor(hazard, bounds) }
    : { ...NOTHING, general: isFound ? 1 : 0, generalRectified: isClosed ? 1 : 0 };
}

const isMajor = ({ level }: { readonly level: string }): boolean => level === ('major' satisfies MajorGrade['level']);

/** What each enterprise comes to. */
function byOwner({ parts }: Snapshot, year: string, bounds: Bounds): ReadonlyMap<Owner, FormFigures> {
  const found = new Map<Owner, FormFigures>();
  const add = (owner: Owner, figures: FormFigures): void => void found.set(owner, sum(found.get(owner) ?? NOTHING, figures));
  for (const { state } of parts.hazards.values()) add(state.owner, figuresOfHazard(state, bounds));
  for (const { state } of parts.owners.values()) {
    const first = parts.checks.get(state.record.owner)?.state.first[year];
    if (isWithin(first, bounds)) add(state.record.owner, { ...NOTHING, checked: 1 });
  }
  return found;
}

/** The form of the months from January through `month` (`2026-06`), of the snapshot at its end. */
export function monthlyForm(snapshot: Snapshot, month: string, { rows }: FormRules): MonthlyForm {
  const year = month.slice(0, 4);
  const january = `${year}-01`;
  const bounds = { from: monthBounds(january).from, until: monthBounds(month).until };
  const rest = rows.find(({ industries }) => industries === 'rest');
  const rowOf = (industry: string): FormRowRule | undefined =>
    rows.find(({ industries }) => industries !== 'rest' && industries.includes(industry)) ?? rest;
  const own = new Map<FormRowRule, FormFigures>();
  for (const [owner, figures] of byOwner(snapshot, year, bounds)) {
    const industry = snapshot.parts.owners.get(owner.replace(':', '#'))?.state.record.enterprise?.industry;
    const row = industry === undefined ? undefined : rowOf(industry);
    if (row !== undefined) own.set(row, sum(own.get(row) ?? NOTHING, figures));
  }
  /** With its parts; a part of a part adds to both. */
  const whole = (row: FormRowRule): FormFigures =>
    rows
      .filter(({ within }) => within === row.code)
      .map(whole)
      .reduce(sum, own.get(row) ?? NOTHING);
  const answered = rows.map((row): FormRow => {
    const { code, name, within } = row;
    const figures = whole(row);
    return { code, name, ...(within !== undefined && { within }), figures, columns: columnsOf(figures) };
  });
  const total = answered.filter(({ within }) => within === undefined).reduce((all, { figures }) => sum(all, figures), NOTHING);
  return { period: { from: january, to: month }, rows: answered, total: { figures: total, columns: columnsOf(total) } };
}
