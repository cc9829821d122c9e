import type { DrawStore } from '../../shared/data/draw-store.ts';
import type { ItemListStore } from '../../shared/data/item-list-store.ts';
import { type Day, dayOf, type Instant } from '../../shared/domain/calendar.ts';
import { type DrawCalendarRules, drawsDue } from '../../shared/domain/draw-calendar.ts';
import type { DrawKind } from '../../shared/domain/draw-kind.ts';
import type { Department } from '../../shared/domain/ids.ts';
import { firstAttemptOn } from '../../workflows/inspection-draw/contract.ts';
import { type DrawExecutions, startNext } from '../../workflows/inspection-draw/executions.ts';

export interface OpenDrawsDependencies {
  readonly authorities: readonly Department[];
  readonly since: Day;
  readonly rules: DrawCalendarRules;
  readonly draws: Pick<DrawStore, 'ofPeriod'>;
  readonly lists: Pick<ItemListStore, 'plan'>;
  readonly executions: Pick<DrawExecutions, 'start' | 'status'>;
}

/**
 * Starts a run for each period that has to have a draw and has none that counts, the window that ends first, first. Called late it makes up
 * what was missed; called twice, or twice at once, it starts no more.
 */
export const openDraws =
  ({ authorities, since, rules, draws, lists, executions }: OpenDrawsDependencies) =>
  async (at: Instant, kind?: DrawKind): Promise<{ readonly due: number; readonly started: number }> => {
    const due = await drawsDue(
      authorities,
      at,
      since,
      rules,
      async (authority, period) => ((await lists.plan(authority, period))?.state.kind === 'EXPERT' ? 'EXPERT' : 'SPECIAL'),
      kind,
    );
    let started = 0;
    for (const { authority, kind: of, period } of due) {
      const held = await draws.ofPeriod({ authority, kind: of, period });
      if (held !== undefined && held.draw.stage !== 'void') continue;
      const run = { authority, kind: of, period, attempt: firstAttemptOn(dayOf(at)), at, number: 0, asked: [] };
      if (await startNext(executions, run)) started++;
    }
    return { due: due.length, started };
  };
