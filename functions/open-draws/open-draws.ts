import type { DrawStore } from '../../shared/data/draw-store.ts';
import type { ItemListStore } from '../../shared/data/item-list-store.ts';
import { type Day, dayOf, type Instant } from '../../shared/domain/calendar.ts';
import { type DrawCalendarRules, drawsDue, periodsOver } from '../../shared/domain/draw-calendar.ts';
import { DRAW_KINDS, type DrawKind, isDrawnBy, isMonthly } from '../../shared/domain/draw-kind.ts';
import type { CountyCode, Department, DrawPeriod } from '../../shared/domain/ids.ts';
import { firstAttemptOn } from '../../workflows/inspection-draw/contract.ts';
import { type DrawExecutions, startNext } from '../../workflows/inspection-draw/executions.ts';
import { type Lost, recordLost } from '../../workflows/inspection-draw/said.ts';

export interface OpenDrawsDependencies {
  readonly county: CountyCode;
  readonly authorities: readonly Department[];
  readonly since: Day;
  readonly rules: DrawCalendarRules;
  readonly draws: Pick<DrawStore, 'ofPeriod' | 'series' | 'note'>;
  readonly lists: Pick<ItemListStore, 'plan'>;
  readonly executions: Pick<DrawExecutions, 'start' | 'status'>;
}

/**
 * Starts a run for each period that has to have a draw and has none that counts, the window that ends first, first. Called late it makes up
 * what was missed; called twice, or twice at once, it starts no more.
 */
export const openDraws =
  (deps: OpenDrawsDependencies) =>
  async (at: Instant, kind?: DrawKind): Promise<{ readonly due: number; readonly started: number; readonly missed: number }> => {
    const { authorities, since, rules, draws, executions } = deps;
    const due = await drawsDue(authorities, at, since, rules, kindPlanned(deps), kind);
    let started = 0;
    for (const { authority, kind: of, period } of due) {
      const held = await draws.ofPeriod({ authority, kind: of, period });
      if (held !== undefined && held.draw.stage !== 'void') continue;
      const run = { authority, kind: of, period, attempt: firstAttemptOn(dayOf(at)), at, number: 0, asked: [] };
      if (await startNext(executions, run)) started++;
    }
    let missed = 0;
    for (const of of DRAW_KINDS.filter((each) => kind === undefined || each === kind)) {
      for (const authority of authorities.filter((each) => isDrawnBy(of, each)))
        missed += await lookBack(deps, authority, of, at);
    }
    return { due: due.length, started, missed };
  };

const kindPlanned =
  ({ lists }: OpenDrawsDependencies) =>
  async (authority: Department, period: DrawPeriod): Promise<'SPECIAL' | 'EXPERT'> =>
    (await lists.plan(authority, period))?.state.kind === 'EXPERT' ? 'EXPERT' : 'SPECIAL';

/** What became of the windows that have ended since it was looked at last: whichever had no draw that counts was missed, and that is said. */
async function lookBack(deps: OpenDrawsDependencies, authority: Department, kind: DrawKind, at: Instant): Promise<number> {
  const { draws, since, rules } = deps;
  const { series } = await draws.series(authority);
  const over = periodsOver(kind, at, since, series.accounted?.[kind], rules);
  const settled = over.at(-1)?.window.until;
  if (settled === undefined) return 0;
  const lost: Lost[] = [];
  for (const { period } of over) {
    if (isMonthly(kind) && (await kindPlanned(deps)(authority, period)) !== kind) continue;
    const held = await draws.ofPeriod({ authority, kind, period });
    if (held === undefined) lost.push({ period, code: 'outage' });
    else if (held.draw.stage === 'void') lost.push({ period, code: 'void' });
  }
  return recordLost(deps, authority, kind, { lost, settled }, at);
}
