/** What the ledger's stream brings is sealed, all of it or the batch comes again: told again, what has its place keeps it. */
import { type Sealed, seal } from '../../shared/data/sealing/seal.ts';
import { idOf, type Sealing } from '../../shared/data/sealing/sealing.ts';
import { epochMs, type Instant } from '../../shared/domain/calendar.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import type { Measure } from '../../shared/runtime/metric-line.ts';

export interface SealLedger extends Sealing {
  readonly measured: (at: Instant, values: Readonly<Record<string, Measure>>) => void;
}

/** An event that was recorded has no entry in the log. `commit` lets none in, so somebody has to look, and nothing is passed over. */
export class NotSealed extends Error {
  override readonly name = 'NotSealed';
}

const secondsBetween = (from: Instant, until: Instant): number => Math.max(0, (epochMs(until) - epochMs(from)) / 1000);

export const sealLedger =
  (deps: SealLedger) =>
  async (events: readonly LedgerEvent[]): Promise<Pick<Sealed, 'sealed' | 'size'>> => {
    const times = events.map(({ at }) => at).sort();
    const [oldest, newest] = [times[0], times.at(-1)];
    /** While it stands unsealed its age is told, so that it is seen to grow. */
    const tellUnsealed = (since: Instant | undefined): void => {
      if (since === undefined || newest === undefined) return;
      const at = deps.now(newest);
      deps.measured(at, { UnsealedAgeSeconds: ['Seconds', secondsBetween(since, at)] });
    };
    const outcome = await seal(deps, events).catch((error: unknown) => {
      tellUnsealed(oldest);
      throw error;
    });
    for (const { size, oldest: since, at } of outcome.checkpoints) {
      deps.measured(at, { LogSize: ['Count', size], UnsealedAgeSeconds: ['Seconds', secondsBetween(since, at)] });
    }
    const { sealed, size, unsealable, isLeft } = outcome;
    if (unsealable.length > 0) {
      tellUnsealed(oldest);
      throw new NotSealed(unsealable.map(({ place, because }) => `${idOf(place)}: ${because}`).join('; '));
    }
    if (isLeft) {
      tellUnsealed(oldest);
      throw new Error('there was no time to seal all of it; the batch comes again');
    }
    return { sealed, size };
  };
