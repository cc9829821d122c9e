/**
 * The monthly form of hazards found and cured (事故隐患排查治理情况月报表): enterprises by industry, twelve columns, cumulative since 1 January, as
 * of the midnight that ends the month. Every case of columns 2 to 12 was reported in the year, graded, and not withdrawn.
 *
 * 1 enterprises that checked themselves in the year; 2 general hazards found; 3 of these closed; 4 rate 3 / 2; 5 major hazards found; 6 of these
 * written off; 7 rate 6 / 5; 8 of those in 5 the ones that a plan was filed for, also where it came back; 9 of these with all of 五到位 in the last
 * plan filed; 10 of those in 5 the ones that were listed, also where they were taken off the list; 11 of these by the province; 12 funds settled:
 * of each case the higher of what a plan provided and what was spent, which never falls.
 *
 * A case that is opened again counts as found and not closed; one that is graded higher moves from 2 to 5. Public areas have no row: the form is of enterprises.
 */
import { type Day, dayOf, type Instant, plusDays } from './calendar.ts';
import { monthBounds } from './figures.ts';
import type { Owner } from './owner.ts';
import type { Snapshot } from './rebuild.ts';
import type { FormCase } from './rebuild-form.ts';

/** A row of the form, as the county has it. `within`: the code of the row that it is a part of. */
export interface FormRowRule {
  readonly code: string;
  readonly name: string;
  /** `none`: there are none in the county. An empty list: nobody has said which, and the row says so. */
  readonly industries: readonly string[] | 'rest' | 'none';
  readonly within?: string | undefined;
}

export interface FormRules {
  /** The day of the next month by which it is sent. */
  readonly due: { readonly day: number };
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

/** Columns 1 to 12, as they are printed: nothing is blank, and what cannot be known has words in the first. */
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
  /** By when it is sent to the next level. */
  readonly due: Day;
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

/** In a row whose industries nobody has named: it is not nothing, it was not counted. The enterprises are in the rows that name theirs. */
export const TO_BE_NAMED = '须补充';

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

const isOfYear = (at: Instant | undefined, year: string): boolean => at !== undefined && dayOf(at).startsWith(year);

/** What a case adds to the form of a year: one that was reported in it, or nothing. */
export function figuresOfCase(of: FormCase, year: string): FormFigures {
  const { level, isClosed, isWithdrawn, plan, listing, plannedFen, spentFen } = of;
  if (isWithdrawn || level === undefined || !isOfYear(of.reportedAt, year)) return NOTHING;
  const [one, closed] = [1, isClosed ? 1 : 0];
  const fundsFen = Math.max(plannedFen, spentFen);
  if (level === 'general') return { ...NOTHING, general: one, generalRectified: closed, fundsFen };
  return {
    ...NOTHING,
    major: one,
    majorRectified: closed,
    planned: plan === undefined ? 0 : 1,
    plannedWhole: plan?.isWhole ? 1 : 0,
    listed: listing === undefined ? 0 : 1,
    listedByProvince: listing?.isProvincial ? 1 : 0,
    fundsFen,
  };
}

/** What each enterprise comes to. */
function byOwner({ parts }: Snapshot, year: string): ReadonlyMap<Owner, FormFigures> {
  const found = new Map<Owner, FormFigures>();
  const add = (owner: Owner, figures: FormFigures): void => void found.set(owner, sum(found.get(owner) ?? NOTHING, figures));
  for (const { state } of parts.form.values()) add(state.owner, figuresOfCase(state, year));
  for (const { state } of parts.owners.values()) {
    const first = parts.checks.get(state.record.owner)?.state.first[year];
    if (isOfYear(first, year)) add(state.record.owner, { ...NOTHING, checked: 1 });
  }
  return found;
}

/** A day of the month after. */
const dueDay = (month: string, day: number): Day => dayOf(plusDays(monthBounds(month).until, day - 1));

/** The form of the months from January through `month` (`2026-06`), of the snapshot at its end. */
export function monthlyForm(snapshot: Snapshot, month: string, { rows, due }: FormRules): MonthlyForm {
  const year = month.slice(0, 4);
  const january = `${year}-01`;
  const rest = rows.find(({ industries }) => industries === 'rest');
  const rowOf = (industry: string): FormRowRule | undefined =>
    rows.find(({ industries }) => typeof industries !== 'string' && industries.includes(industry)) ?? rest;
  const own = new Map<FormRowRule, FormFigures>();
  for (const [owner, figures] of byOwner(snapshot, year)) {
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
    const { code, name, within, industries } = row;
    const figures = whole(row);
    const [checked, ...others] = columnsOf(figures);
    const isNamed = industries.length > 0 || rows.some((part) => part.within === code);
    const columns: FormColumns = [isNamed ? checked : TO_BE_NAMED, ...others];
    return { code, name, ...(within !== undefined && { within }), figures, columns };
  });
  const total = answered.filter(({ within }) => within === undefined).reduce((all, { figures }) => sum(all, figures), NOTHING);
  const until = dueDay(month, due.day);
  return {
    period: { from: january, to: month },
    due: until,
    rows: answered,
    total: { figures: total, columns: columnsOf(total) },
  };
}
