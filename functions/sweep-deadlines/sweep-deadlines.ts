import type { HazardStore } from '../../shared/data/hazard-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { CountyCode, HazardId } from '../../shared/domain/ids.ts';
import type { systemCommand } from '../../workflows/hazard-rectification/system-command.ts';

export interface SweepDependencies {
  readonly county: CountyCode;
  readonly hazards: Pick<HazardStore, 'openByDeadline'>;
  readonly run: ReturnType<typeof systemCommand>;
  readonly failed: (hazard: HazardId, error: unknown) => void;
}

export interface Swept {
  /** Cases that the index showed as due. */
  readonly due: number;
  /** Of these, in which something was recorded. */
  readonly marked: number;
  readonly failed: number;
}

const AT_ONCE = 16;

/**
 * Records in every open case what has come due by `at`: a missed deadline, the next step of the ladder. It tells nobody; the stream
 * does, of what was recorded. A case marked by another sweep meanwhile denies the second mark.
 */
export const sweepDeadlines =
  ({ county, hazards, run, failed }: SweepDependencies) =>
  async (at: Instant): Promise<Swept> => {
    // The whole list first: a mark moves the case within the index that is being read.
    const due: HazardId[] = [];
    let cursor: string | undefined;
    do {
      const page = await hazards.openByDeadline(county, 200, cursor, at);
      due.push(...page.items.map(({ hazard }) => hazard.id));
      cursor = page.cursor;
    } while (cursor !== undefined);

    const swept = { due: due.length, marked: 0, failed: 0 };
    for (let from = 0; from < due.length; from += AT_ONCE) {
      await Promise.all(
        due.slice(from, from + AT_ONCE).map(async (hazard) => {
          try {
            const { done } = await run(hazard, { type: 'MarkOverdue' }, at);
            if (done) swept.marked++;
          } catch (error) {
            failed(hazard, error);
            swept.failed++;
          }
        }),
      );
    }
    return swept;
  };
