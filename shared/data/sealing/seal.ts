/** Seals: events get their places, what has its place enters the tree, the tree's head is signed and published. */
import type { Instant } from '../../domain/calendar.ts';
import type { EventPlace, LogHead } from '../../domain/sealing.ts';
import { StaleVersion } from '../commit.ts';
import type { Batch } from '../log-store.ts';
import { integrate } from './integrate.ts';
import { insist, type Sealing, type Unsealable } from './sealing.ts';
import { sequence } from './sequence.ts';
import { publish, refusePutBack, sign } from './sign.ts';

/** A checkpoint is signed at the latest after so many batches more, so that a backlog is worked off in steps. */
const BATCHES = 40;

/** A checkpoint of this call: how large, and when the oldest event that it sealed was recorded and sealed. */
export interface Checkpointed {
  readonly size: number;
  readonly oldest: Instant;
  readonly at: Instant;
}

export interface Sealed {
  /** Events that this call gave their places. */
  readonly sealed: number;
  readonly size: number;
  readonly checkpoints: readonly Checkpointed[];
  readonly unsealable: readonly Unsealable[];
  /** Something was left, for want of time: the next call goes on. */
  readonly isLeft: boolean;
}

/** Seals some events, and whatever a runner before it left half done. Several runners may do so at once. */
export async function seal(deps: Sealing, events: readonly EventPlace[]): Promise<Sealed> {
  const { log, now, outOfTime } = deps;
  await refusePutBack(deps);
  const { sealed, unsealable, isLeft } = await sequence(deps, events);
  const checkpoints: Checkpointed[] = [];

  /** One checkpoint more; what another signed meanwhile is not signed again. */
  async function step({ signed }: LogHead, batches: readonly Batch[]): Promise<void> {
    const integrated = await integrate(deps, signed, batches);
    const { size } = await sign(deps, signed, integrated);
    checkpoints.push({ size, oldest: integrated.oldest, at: now(integrated.newest) });
  }

  let head = await log.head();
  while (head.size > (head.signed?.size ?? 0) && !outOfTime()) {
    await insist(
      deps,
      (error) => error instanceof StaleVersion,
      async () => {
        head = await log.head();
        if (head.size > (head.signed?.size ?? 0)) await step(head, await log.batches(head.signed?.size ?? 0, BATCHES));
      },
    );
    head = await log.head();
  }
  await publish(deps, checkpoints.length > 0);
  const size = head.signed?.size ?? 0;
  return { sealed, size, checkpoints, unsealable, isLeft: isLeft || head.size > size };
}
