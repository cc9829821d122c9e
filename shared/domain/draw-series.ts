/** What is remembered of an authority's draws beside the draws: why there was none, and which periods were lost. */
import { type Day, dayOf, type Instant } from './calendar.ts';
import { type Draw, type Said, type Series, type SeriesFact, saidOf } from './draw.ts';
import type { DrawKind } from './draw-kind.ts';
import type { Department } from './ids.ts';

/** A cause that is said of a period once a day. */
export type Saying = Extract<SeriesFact, { type: 'DrawRefused' | 'NothingToDraw' }>;

export const NOTHING_TO_DRAW = 'nothing-to-draw';
/** So many causes of a kind are remembered: more than a day has. */
const MOST_SAID = 20;
const NO_ANNOUNCEMENT = '0'.repeat(64);

/** Of an authority that has announced nothing yet. */
export const newSeries = (authority: Department): Series => ({ authority, number: 0, head: NO_ANNOUNCEMENT });

export const sayingOf = (fact: Saying, day: Day): Said => {
  const { period } = fact.data;
  if (fact.type === 'NothingToDraw') return { period, code: NOTHING_TO_DRAW, says: '本期没有可抽查的对象。', day };
  return { period, code: fact.data.code, says: fact.data.says, day };
};

function remembering(series: Series, kind: DrawKind, now: Said): Series {
  const kept = saidOf(series, kind)
    .filter(({ day, code }) => day === now.day || code === NOTHING_TO_DRAW)
    .slice(0, MOST_SAID - 1);
  return { ...series, said: { ...series.said, [kind]: { ...now, ...(kept.length > 0 && { earlier: kept }) } } };
}

/** Applies a recorded fact of the authority; judges nothing. */
export function evolveSeries(series: Series, fact: SeriesFact, at: Instant): Series {
  switch (fact.type) {
    case 'DrawRefused':
    case 'NothingToDraw':
      return remembering(series, fact.data.kind, sayingOf(fact, dayOf(at)));
    case 'DrawMissed':
      return { ...series, missed: [...(series.missed ?? []), { ...fact.data, at }] };
    case 'DrawAsked':
      return series;
  }
}

/** The series once a draw of it was announced. Whichever is told first, the head is the last. */
export const withAnnounced = (series: Series, { number, announcement }: Pick<Draw, 'number' | 'announcement'>): Series =>
  number <= series.number ? series : { ...series, number, head: announcement };
