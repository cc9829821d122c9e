/** Why a period has no draw, or its draw cannot be drawn: recorded of the authority, and nobody is told the same twice in a day. */
import { StaleVersion } from '../../shared/data/commit.ts';
import type { Drawing, DrawStore } from '../../shared/data/draw-store.ts';
import { dayOf, type Instant } from '../../shared/domain/calendar.ts';
import { type Missed, type Said, type Series, type SeriesFact, saidOf } from '../../shared/domain/draw.ts';
import type { DrawKind } from '../../shared/domain/draw-kind.ts';
import { evolveSeries, NOTHING_TO_DRAW, type Saying, sayingOf } from '../../shared/domain/draw-series.ts';
import type { CountyCode, Department, DrawPeriod } from '../../shared/domain/ids.ts';
import { refusalSays } from './refusals.ts';
import { SYSTEM } from './standing.ts';

const TRIES = 5;

/** A cause is said once a day; that there is nothing to draw in a period, once. */
function isSaid(before: Said, now: Said): boolean {
  if (before.period !== now.period) return false;
  if (before.code === NOTHING_TO_DRAW && now.code === NOTHING_TO_DRAW) return true;
  return before.code === now.code && before.says === now.says && before.day === now.day;
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
      const series = evolveSeries(after.series, fact, at);
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
function missing(series: Series, kind: DrawKind, { period, code }: Lost): readonly Omit<Missed, 'at'>[] {
  const said = saidOf(series, kind).filter((one) => one.period === period);
  if (said.some((one) => one.code === NOTHING_TO_DRAW)) return [];
  if (series.missed?.some((one) => one.kind === kind && one.period === period)) return [];
  const why = said[0]?.code ?? code;
  return [{ kind, period, code: why, says: refusalSays(why) }];
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
    const missed = lost.flatMap((one) => missing(after.series, kind, one));
    const isSettled = settled === undefined || after.series.accounted?.[kind] === settled;
    if (missed.length === 0 && isSettled) return 0;
    const facts = missed.map((data): SeriesFact => ({ type: 'DrawMissed', data }));
    const series: Series = {
      ...facts.reduce((state, fact) => evolveSeries(state, fact, at), after.series),
      ...(settled !== undefined && { accounted: { ...after.series.accounted, [kind]: settled } }),
    };
    try {
      await draws.note({ facts, after, series, occasion: { at, county, actor: SYSTEM } });
      return missed.length;
    } catch (error) {
      if (!(error instanceof StaleVersion) || attempt >= TRIES) throw error;
    }
  }
}
