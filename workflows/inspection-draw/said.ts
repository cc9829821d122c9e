/** Why a period has no draw, or its draw cannot be drawn: recorded of the authority, and nobody is told the same twice in a day. */
import { StaleVersion } from '../../shared/data/commit.ts';
import type { Drawing, DrawStore } from '../../shared/data/draw-store.ts';
import { type Day, dayOf, type Instant } from '../../shared/domain/calendar.ts';
import { type Missed, type Said, type Series, type SeriesFact, saidOf } from '../../shared/domain/draw.ts';
import type { DrawKind } from '../../shared/domain/draw-kind.ts';
import type { CountyCode, Department, DrawPeriod } from '../../shared/domain/ids.ts';
import { refusalSays } from './refusals.ts';
import { SYSTEM } from './standing.ts';

type Saying = Extract<SeriesFact, { type: 'DrawRefused' | 'NothingToDraw' }>;

const NOTHING = 'nothing-to-draw';
/** So many causes of a kind are remembered: more than a day has. */
const MOST_SAID = 20;
const TRIES = 5;

const sayingOf = (fact: Saying, day: Day): Said => {
  const { period } = fact.data;
  if (fact.type === 'NothingToDraw') return { period, code: NOTHING, says: '本期没有可抽查的对象。', day };
  return { period, code: fact.data.code, says: fact.data.says, day };
};

/** A cause is said once a day; that there is nothing to draw in a period, once. */
function isSaid(before: Said, now: Said): boolean {
  if (before.period !== now.period) return false;
  if (before.code === NOTHING && now.code === NOTHING) return true;
  return before.code === now.code && before.says === now.says && before.day === now.day;
}

function remembering(series: Series, kind: Drawing['kind'], now: Said): Series {
  const kept = saidOf(series, kind)
    .filter(({ day, code }) => day === now.day || code === NOTHING)
    .slice(0, MOST_SAID - 1);
  return { ...series, said: { ...series.said, [kind]: { ...now, ...(kept.length > 0 && { earlier: kept }) } } };
}

export async function sayOnce(
  { draws, county }: { readonly draws: Pick<DrawStore, 'series' | 'note'>; readonly county: CountyCode },
  authority: Drawing['authority'],
  fact: Saying,
  at: Instant,
): Promise<void> {
  const { kind } = fact.data;
  const now = sayingOf(fact, dayOf(at));
  for (let attempt = 1; ; attempt++) {
    const after = await draws.series(authority);
    if (saidOf(after.series, kind).some((before) => isSaid(before, now))) return;
    try {
      const series = remembering(after.series, kind, now);
      return await draws.note({ facts: [fact], after, series, occasion: { at, county, actor: SYSTEM } });
    } catch (error) {
      if (!(error instanceof StaleVersion) || attempt >= TRIES) throw error;
    }
  }
}

/** A period of a kind without a draw that counts, with what is known of why beside what was said of it. */
export interface Lost {
  readonly period: DrawPeriod;
  readonly code: 'window-over' | 'void' | 'outage';
}

/** Why it was lost: what was said last of the period, without what names an object; else what is known of the outside. */
function missing(series: Series, kind: DrawKind, { period, code }: Lost, at: Instant): readonly Missed[] {
  const said = saidOf(series, kind).filter((one) => one.period === period);
  if (said.some((one) => one.code === NOTHING)) return [];
  if (series.missed?.some((one) => one.kind === kind && one.period === period)) return [];
  const why = said[0]?.code ?? code;
  return [{ kind, period, code: why, says: refusalSays(why), at }];
}

/** Records what was lost, each period once, and until when it is `settled` what became of the windows. */
export async function recordLost(
  { draws, county }: { readonly draws: Pick<DrawStore, 'series' | 'note'>; readonly county: CountyCode },
  authority: Department,
  kind: DrawKind,
  { lost, settled }: { readonly lost: readonly Lost[]; readonly settled?: Instant },
  at: Instant,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const after = await draws.series(authority);
    const missed = lost.flatMap((one) => missing(after.series, kind, one, at));
    const isSettled = settled === undefined || after.series.accounted?.[kind] === settled;
    if (missed.length === 0 && isSettled) return 0;
    const series: Series = {
      ...after.series,
      ...(missed.length > 0 && { missed: [...(after.series.missed ?? []), ...missed] }),
      ...(settled !== undefined && { accounted: { ...after.series.accounted, [kind]: settled } }),
    };
    const facts = missed.map(({ at: _, ...data }): SeriesFact => ({ type: 'DrawMissed', data }));
    try {
      await draws.note({ facts, after, series, occasion: { at, county, actor: SYSTEM } });
      return missed.length;
    } catch (error) {
      if (!(error instanceof StaleVersion) || attempt >= TRIES) throw error;
    }
  }
}
