/** Why a period has no draw, or its draw cannot be drawn: recorded of the authority, and nobody is told the same twice in a day. */
import { StaleVersion } from '../../shared/data/commit.ts';
import type { Drawing, DrawStore } from '../../shared/data/draw-store.ts';
import { type Day, dayOf, type Instant } from '../../shared/domain/calendar.ts';
import { type Said, type Series, type SeriesFact, saidOf } from '../../shared/domain/draw.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import { SYSTEM } from './standing.ts';

type Saying = Extract<SeriesFact, { type: 'DrawRefused' | 'NothingToDraw' }>;

/** No day of visits is left in the window: its draw was missed. */
export const WINDOW_OVER = 'window-over';
const NOTHING = 'nothing-to-draw';
/** So many causes of a kind are remembered: more than a day has. */
const MOST_SAID = 20;
const TRIES = 5;

const sayingOf = (fact: Saying, day: Day): Said => {
  const { period } = fact.data;
  if (fact.type === 'NothingToDraw') return { period, code: NOTHING, says: '本期没有可抽查的对象。', day };
  return { period, code: fact.data.code, says: fact.data.says, day };
};

/** A cause is said once a day; that there is nothing to draw in a period, once, and such a period was not missed when it is over. */
function isSaid(before: Said, now: Said): boolean {
  if (before.period !== now.period) return false;
  if (before.code === NOTHING && (now.code === NOTHING || now.code === WINDOW_OVER)) return true;
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
