import { StaleVersion } from '../../shared/data/commit.ts';
import type { GridStore, Versioned } from '../../shared/data/grid-store.ts';
import { eachGridTarget, type GridSources } from '../../shared/data/grid-targets.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import {
  answerOf,
  checkTarget,
  evolveTarget,
  type GapRules,
  type GridAnswer,
  type GridTargetId,
  type GridTargetState,
  newTargetState,
} from '../../shared/domain/grid-target.ts';
import { personId } from '../../shared/domain/ids.ts';
import type { Actor } from '../../shared/domain/ledger-event.ts';

export interface CheckGrid {
  readonly sources: GridSources;
  readonly grid: Pick<GridStore, 'grid' | 'targets' | 'saveTarget'>;
  readonly rules: GapRules;
  readonly failed: (target: GridTargetId, error: unknown) => void;
}

export interface Checked {
  /** What the grid has to cover. */
  readonly targets: number;
  readonly found: number;
  readonly closed: number;
  /** Not mended in time, and told of. */
  readonly escalated: number;
  readonly failed: number;
}

/** Whom the ledger names for what schedules do. */
const SYSTEM: Actor = { id: personId('system'), role: 'system' };

const AT_ONCE = 16;

/**
 * Records every gap of the grid once, each step of the ladder once that it is not mended in time, and once that it is none any more. What stands recorded is what it is compared with, so a look
 * that broke off, or that is taken twice, goes on where the last one ended. The bus tells what was recorded.
 */
export const checkGrid =
  ({ sources, grid, rules, failed }: CheckGrid) =>
  async (at: Instant): Promise<Checked> => {
    const [standing, known] = await Promise.all([grid.grid(), grid.targets()]);
    const answers = new Map<GridTargetId, GridAnswer>();
    for await (const { item: target } of eachGridTarget(sources)) {
      if (target === undefined) continue;
      answers.set(target.id, answerOf(target, known.get(target.id)?.record.assignment ?? {}, standing));
    }
    const checked = { targets: answers.size, found: 0, closed: 0, escalated: 0, failed: 0 };
    const check = async (id: GridTargetId): Promise<void> => {
      const { record, version }: Versioned<GridTargetState> = known.get(id) ?? { record: newTargetState(id), version: 0 };
      const facts = checkTarget(record, answers.get(id), rules, at);
      if (facts.length === 0) return;
      const after = facts.reduce((state, fact) => evolveTarget(state, fact, at), record);
      try {
        const occasion = { at, county: sources.county, actor: SYSTEM };
        await grid.saveTarget({ record: after, facts, ifVersion: version, occasion });
        checked.found += facts.filter(({ type }) => type === 'GridGapFound').length;
        checked.escalated += facts.filter(({ type }) => type === 'GridGapEscalated').length;
        checked.closed += facts.filter(({ type }) => type === 'GridGapClosed').length;
      } catch (error) {
        // Somebody assigned it at this moment: what is so then, the next look finds.
        if (error instanceof StaleVersion) return;
        failed(id, error);
        checked.failed += 1;
      }
    };
    const all = [...new Set([...answers.keys(), ...known.keys()])];
    for (let from = 0; from < all.length; from += AT_ONCE) await Promise.all(all.slice(from, from + AT_ONCE).map(check));
    return checked;
  };
