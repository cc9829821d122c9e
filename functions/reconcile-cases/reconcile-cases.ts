import type { TokenStore } from '../../shared/data/token-store.ts';
import { epochMs, type Instant } from '../../shared/domain/calendar.ts';
import type { HazardId } from '../../shared/domain/ids.ts';
import { compareRuns, type Run, runName } from '../../workflows/hazard-rectification/contract.ts';
import type { Executions } from '../../workflows/hazard-rectification/executions.ts';
import { type ReadStanding, type Standing, tellingOf } from '../../workflows/hazard-rectification/standing.ts';

export interface ReconcileDependencies {
  /** All open cases; the index may lag, so each is read again before anything is done. */
  readonly openCases: () => AsyncIterable<HazardId>;
  readonly standing: ReadStanding;
  readonly tokens: TokenStore;
  readonly executions: Executions;
  readonly failed: (hazard: HazardId, error: unknown) => void;
}

export interface Reconcile {
  /** The real time of the machine's clocks, also where the county's time is simulated: it is held against the executions'. */
  readonly at: Instant;
  /** A run between two of its states is not stuck before it has not moved for so long. */
  readonly graceMs: number;
}

/** What was found and what was done, by execution name. */
export interface Reconciled {
  readonly cases: number;
  /** Runs that took the place of one that was lost, stuck or handed over, or that never began. */
  readonly started: string[];
  /** Waits that were told again. */
  readonly told: string[];
  /** Runs that drove nothing. */
  readonly stopped: string[];
  readonly failed: HazardId[];
}

/** So many cases at a time: enough to hide the calls' latency, few enough for the service's quotas. */
const AT_ONCE = 16;

/**
 * Compares every open case with its execution and every execution with its case, and repairs what disagrees. Everything it does is
 * keyed by the run's name or the token, so doing it twice, or two of it at once, does no more than once.
 */
export const reconcileCases =
  ({ openCases, standing, tokens, executions, failed }: ReconcileDependencies) =>
  async ({ at, graceMs }: Reconcile): Promise<Reconciled> => {
    const report = {
      cases: 0,
      started: [] as string[],
      told: [] as string[],
      stopped: [] as string[],
      failed: [] as HazardId[],
    };
    const running = new Map<HazardId, Run[]>();
    for await (const run of executions.running()) running.set(run.hazard, [...(running.get(run.hazard) ?? []), run]);

    const seen = new Set<HazardId>();
    let batch: HazardId[] = [];
    const flush = async () => {
      await Promise.all(batch.map(inspect));
      batch = [];
    };
    const look = async (hazard: HazardId) => {
      if (seen.has(hazard)) return;
      seen.add(hazard);
      batch.push(hazard);
      if (batch.length >= AT_ONCE) await flush();
    };
    for await (const hazard of openCases()) await look(hazard);
    for (const hazard of running.keys()) await look(hazard);
    await flush();
    return report;

    /** One case that cannot be repaired leaves the others to be. */
    async function inspect(hazard: HazardId): Promise<void> {
      report.cases++;
      try {
        const token = await tokens.of(hazard);
        const now = await standing(hazard);
        const runs = (running.get(hazard) ?? []).sort(compareRuns);
        if (now?.open) await repairOpen(now, token, runs);
        else await repairEnded(now, token, runs);
      } catch (error) {
        failed(hazard, error);
        report.failed.push(hazard);
      }
    }

    type Token = Awaited<ReturnType<TokenStore['of']>>;

    async function repairOpen(now: Standing, token: Token, runs: readonly Run[]): Promise<void> {
      const current = await currentRun(now, token, runs);
      for (const run of runs) if (compareRuns(run, current.run) < 0) await stop(run, 'A later run drives this case.');
      if (current.status === 'absent') return start(now, current.run);
      if (current.status === 'running') {
        if (token !== undefined && compareRuns(token, current.run) === 0) {
          const telling = tellingOf(now, token);
          if (telling === undefined) return;
          if ((await executions.answer(token.token, telling)) === 'answered') {
            report.told.push(runName(current.run));
            return;
          }
        }
        // It has not come to its wait yet, or the function that opens the wait was lost on the way.
        if (!(await isStuck(current.run))) return;
        await stop(current.run, 'It does not move, and its wait is not known.');
      }
      return start(now, { ...current.run, attempt: current.run.attempt + 1 });
    }

    async function repairEnded(now: Standing | undefined, token: Token, runs: readonly Run[]): Promise<void> {
      for (const run of runs) {
        if (now !== undefined && token !== undefined && compareRuns(token, run) === 0) {
          const telling = tellingOf(now, token);
          if (telling !== undefined && (await executions.answer(token.token, telling)) === 'answered') {
            report.told.push(runName(run));
            continue;
          }
        }
        if (await isStuck(run)) await stop(run, 'Its case has come to its end.');
      }
    }

    /** The latest run of the case's generation, and how it is. The list of what runs may lag, so what is not on it is asked for. */
    async function currentRun({ hazard, generation }: Standing, token: Token, runs: readonly Run[]) {
      const known = runs.findLast((run) => run.generation === generation);
      let run: Run = { hazard, generation, attempt: 0 };
      if (token?.generation === generation) run = { ...run, attempt: token.attempt };
      if (known !== undefined && compareRuns(known, run) >= 0) run = known;
      let status = known === run ? ('running' as const) : await executions.status(run);
      // A run that left its token once and is forgotten since must not be started again: its waits count as earlier than its token.
      if (status === 'absent' && token?.generation === generation) status = 'ended';
      for (let next = run; status === 'ended'; ) {
        next = { ...next, attempt: next.attempt + 1 };
        const itsStatus = await executions.status(next);
        if (itsStatus === 'absent') break;
        run = next;
        status = itsStatus;
      }
      return { run, status };
    }

    async function isStuck(run: Run): Promise<boolean> {
      const last = await executions.lastMove(run);
      return last !== undefined && epochMs(at) - epochMs(last) >= graceMs;
    }

    async function start({ generation, outcome }: Standing, { hazard, attempt }: Run): Promise<void> {
      const input = { hazard, generation, attempt, ...outcome };
      if ((await executions.start(input)) === 'started') report.started.push(runName(input));
    }

    async function stop(run: Run, cause: string): Promise<void> {
      await executions.stop(run, cause);
      report.stopped.push(runName(run));
    }
  };
