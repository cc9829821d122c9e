import type { DutyStore, StoredExceptions } from '../../shared/data/duty-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import { COLOURS, type Colour } from '../../shared/domain/colour.ts';
import { pageKey } from '../../shared/domain/duty-name.ts';
import { type Figures, figuresOf, noFigures, periodsOfMonth, sumFigures } from '../../shared/domain/figures.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import type { Owner } from '../../shared/domain/owner.ts';
import type { Why } from '../../shared/domain/why.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import type { Policy } from '../../shared/policy/load.ts';
import type { Enterprise } from '../../shared/runtime/enterprise-in-sight.ts';
import type { DIMENSIONS } from './api.ts';

/** A month's figures of every owner, by colour. `only`: read the pages of this owner and nobody else's. */
export async function monthFigures(
  store: DutyStore,
  county: CountyCode,
  month: string,
  at: Instant,
  only?: Owner,
): Promise<ReadonlyMap<Colour, ReadonlyMap<Owner, Figures>>> {
  const cadences = cadencesOf(county, at);
  const own = only === undefined ? undefined : await store.pagesOf(only);
  const colours = COLOURS.map(async (colour) => {
    const cadence = cadences[colour];
    const { first, last } = periodsOfMonth(cadence, month);
    const sums = new Map<Owner, Figures>();
    const pages = own === undefined ? store.eachPage(colour) : own.filter(({ page }) => page.colour === colour);
    // Pages first: what a page says is sealed is then among the exceptions that are read after it.
    const read = [];
    for await (const { page } of pages) read.push(page);
    const sealed = new Map<string, StoredExceptions[]>();
    const add = (one: StoredExceptions): void => {
      const of = sealed.get(pageKey(one)) ?? [];
      sealed.set(pageKey(one), of);
      of.push(one);
    };
    if (only === undefined) for await (const one of store.eachExceptions(colour, first, last)) add(one);
    else for (const page of read) for (const one of await store.exceptionsOf(page, first, last)) add(one);
    for (const page of read) {
      const figures = figuresOf(page, cadence, month, at, sealed.get(pageKey(page)) ?? []);
      sums.set(page.owner, sumFigures(sums.get(page.owner) ?? noFigures, figures));
    }
    return [colour, sums] as const;
  });
  return new Map(await Promise.all(colours));
}

/** What of the five things an enterprise has wholly done (policy 二(二), 二(五), 一(三)). */
export interface Standing {
  readonly entered: boolean;
  readonly standard: boolean;
  readonly graded: boolean;
  readonly signed: boolean;
  readonly checked: boolean;
}

/**
 * `hasRisks`: whether anything stands in its list; `hasUngraded`: whether something of it has no grade. A risk is entered with its
 * controls (一企一标准) or not at all, so a list that has risks has its standard.
 */
export function standingOf(
  { list }: Pick<Enterprise, 'list'>,
  { hasRisks, hasUngraded }: { readonly hasRisks: boolean; readonly hasUngraded: boolean },
  figures: Figures,
): Standing {
  return {
    entered: hasRisks,
    standard: hasRisks,
    graded: hasRisks && !hasUngraded,
    signed: hasRisks && list.signedVersion > 0 && list.signedVersion === list.version,
    checked: figures.due + figures.running > 0 && figures.missed === 0,
  };
}

export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
  readonly percent: string;
  readonly missing: string[];
  readonly why: Why;
}

/** One decimal, cut off: 99.96 % is not a hundred. */
export function percentText(numerator: number, denominator: number): string {
  if (denominator === 0) return '';
  const thousandths = Math.floor((numerator * 1000) / denominator);
  return `${Math.floor(thousandths / 10)}.${thousandths % 10}`;
}

export type Dimension = (typeof DIMENSIONS)[number];

const groupOf = (by: Dimension, county: CountyCode, { enterprise, overall }: Enterprise): string => {
  switch (by) {
    case 'county':
      return county;
    case 'township':
      return enterprise.township;
    case 'industry':
      return enterprise.industry;
    case 'colour':
      return overall.colour;
  }
};

/** Coverage by group, with those who are missing: the denominator is every enterprise of the directory (P11). */
export function coverageOf(
  enterprises: Iterable<Enterprise & { readonly standing: Standing }>,
  by: Dimension,
  county: CountyCode,
  { coverage }: Policy,
) {
  const groups = new Map<string, (Enterprise & { readonly standing: Standing })[]>();
  for (const enterprise of enterprises) {
    const name = groupOf(by, county, enterprise);
    groups.set(name, [...(groups.get(name) ?? []), enterprise]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([of, members]) => {
      const ratio = (what: keyof Standing): Ratio => {
        const missing = members.filter(({ standing }) => !standing[what]).map(({ uscc }) => uscc as string);
        const numerator = members.length - missing.length;
        return {
          numerator,
          denominator: members.length,
          percent: percentText(numerator, members.length),
          missing: missing.sort(),
          why: coverage[what].why,
        };
      };
      return {
        of,
        entered: ratio('entered'),
        standard: ratio('standard'),
        graded: ratio('graded'),
        signed: ratio('signed'),
        checked: ratio('checked'),
      };
    });
}
