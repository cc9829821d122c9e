/**
 * What the ledger's stream brings is sealed, all of it that can be, or the batch comes again: told again, what has its place keeps it. What
 * cannot be sealed is kept as a finding, told, and left to the reconciler: a batch that came again for it would hold up all that is behind it.
 */
import { type Sealed, seal } from '../../shared/data/sealing/seal.ts';
import { findingOf, type Sealing } from '../../shared/data/sealing/sealing.ts';
import { epochMs, type Instant, instantAt } from '../../shared/domain/calendar.ts';
import type { EventPlace, Finding } from '../../shared/domain/sealing.ts';
import type { Measure } from '../../shared/runtime/metric-line.ts';

export interface SealLedger extends Sealing {
  readonly measured: (at: Instant, values: Readonly<Record<string, Measure>>) => void;
}

/** What the stream says of an event. */
export interface Streamed extends EventPlace {
  /** Absent where what lies there says nothing of it. */
  readonly at?: Instant | undefined;
}

export interface SealedBatch extends Pick<Sealed, 'sealed' | 'size'> {
  /** What was not known before that it cannot be sealed. */
  readonly found: readonly Finding[];
}

/** Meant for no time that is known. */
const NEVER = instantAt(0);

const secondsBetween = (from: Instant, until: Instant): number => Math.max(0, (epochMs(until) - epochMs(from)) / 1000);

export const sealLedger =
  (deps: SealLedger) =>
  async (events: readonly Streamed[]): Promise<SealedBatch> => {
    const times = events.flatMap(({ at }) => at ?? []).sort();
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
    let found: readonly Finding[] = [];
    if (unsealable.length > 0) {
      const at = deps.now(newest ?? NEVER);
      found = await deps.log.find(unsealable.map((one) => findingOf(one, at)));
      deps.measured(at, { LogFindings: ['Count', unsealable.length] });
    }
    if (isLeft) {
      tellUnsealed(oldest);
      throw new Error('there was no time to seal all of it; the batch comes again');
    }
    return { sealed, size, found };
  };
