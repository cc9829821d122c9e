/**
 * Processes in a time that is simulated: whatever one waits for takes a while that a seed decides, others run meanwhile, and any of them may
 * stop for minutes or for ever wherever it waits. The same seed is the same run.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { epochMs, type Instant, instantAt } from '../../shared/domain/calendar.ts';

/** Chance by a seed (mulberry32). */
export function chanceBy(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LONGEST_MS = 30 * 86_400_000;

interface Process {
  readonly startedAt: number;
  /** It waits so many times more, and then never comes back. */
  left: number;
}

export type Ended = 'done' | 'failed' | 'died';

export interface SimulatedTime {
  now(): Instant;
  /** Since the process began that asks. */
  sinceStart(): number;
  chance(): number;
  /** Comes back after so long; never in a process that dies meanwhile. */
  wait(ms: number): Promise<void>;
  /** Does something then. */
  at(when: Instant, work: () => void): void;
  /** Runs a process, which dies when it has waited so many times. Who has not come back after `knownAfterMs` is taken for dead. */
  run(work: () => Promise<unknown>, waits: number, knownAfterMs: number, ended: (how: Ended) => void): void;
  /** Until nothing is to happen any more. Rejects where that takes longer than any schedule. */
  toItsEnd(): Promise<void>;
}

export function simulatedTime(start: Instant, seed: number): SimulatedTime {
  let now = epochMs(start);
  let order = 0;
  const due: { readonly when: number; readonly order: number; readonly work: () => void }[] = [];
  const processes = new AsyncLocalStorage<Process>();
  const at = (when: number, work: () => void): void => {
    const event = { when: Math.max(now, when), order: order++, work };
    const place = due.findLastIndex((other) => other.when <= event.when) + 1;
    due.splice(place, 0, event);
  };
  const nobody: Process = { startedAt: now, left: Number.POSITIVE_INFINITY };
  return {
    now: () => instantAt(now),
    sinceStart: () => now - (processes.getStore() ?? nobody).startedAt,
    chance: chanceBy(seed),
    wait(ms) {
      const process = processes.getStore() ?? nobody;
      process.left -= 1;
      return new Promise((resolve) => {
        if (process.left >= 0) at(now + ms, resolve);
      });
    },
    at: (when, work) => at(epochMs(when), work),
    run(work, waits, knownAfterMs, ended) {
      const process: Process = { startedAt: now, left: waits };
      let isOver = false;
      const end = (how: Ended): void => {
        if (!isOver) ended(how);
        isOver = true;
      };
      processes.run(process, () => {
        work().then(
          () => end('done'),
          () => end('failed'),
        );
      });
      at(now + knownAfterMs, () => end('died'));
    },
    async toItsEnd() {
      for (let next = due.shift(); next !== undefined; next = due.shift()) {
        now = next.when;
        if (now - epochMs(start) > LONGEST_MS) throw new Error('it goes on for ever');
        next.work();
        // All that follows from it without waiting has happened once the event loop turns.
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}
