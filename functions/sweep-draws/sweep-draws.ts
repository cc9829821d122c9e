import type { DrawFiles } from '../../shared/data/draw-files.ts';
import type { DrawStore, StoredDraw } from '../../shared/data/draw-store.ts';
import type { DrawToken, DrawTokenStore } from '../../shared/data/draw-token-store.ts';
import type { TaskStore } from '../../shared/data/task-store.ts';
import { dayOf, epochMs, type Instant, plusMs } from '../../shared/domain/calendar.ts';
import type { Draw, DrawFact } from '../../shared/domain/draw.ts';
import { warningsOf } from '../../shared/domain/draw-decide.ts';
import { stepOf } from '../../shared/domain/draw-evolve.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import { awaitsVisit } from '../../shared/domain/task.ts';
import { type DrawRun, type DrawRunInput, firstAttemptOn } from '../../workflows/inspection-draw/contract.ts';
import type { DrawExecutions } from '../../workflows/inspection-draw/executions.ts';
import { recordOnDraw, tellingOf } from '../../workflows/inspection-draw/standing.ts';
import { type FetchRound, randomnessFacts } from './settle-randomness.ts';

export interface SweepDependencies {
  readonly county: CountyCode;
  readonly draws: Pick<DrawStore, 'load' | 'save' | 'openByDue'>;
  readonly tokens: DrawTokenStore;
  readonly files: DrawFiles;
  readonly tasks: Pick<TaskStore, 'hasVisitsLeft' | 'ofDraw'>;
  readonly executions: DrawExecutions;
  readonly fetchRound: FetchRound;
  /** The earlier of what the schedule says and of the clock, where the county's time is the world's: nothing is revealed ahead of its time. */
  readonly until: (at: Instant) => Instant;
  readonly failed: (draw: Pick<Draw, 'authority' | 'number'>, error: unknown) => void;
}

export interface Sweep {
  /** The county's time, by which draws are due. */
  readonly at: Instant;
  /** The real time of the machine's clocks, also where the county's time is simulated: it is held against the executions'. */
  readonly clock: Instant;
}

export interface Swept {
  readonly open: number;
  readonly told: number;
  readonly started: number;
  readonly failed: number;
}

/** A run between two of its states is not stuck before it has not moved for so long: longer than any function of the workflow may take. */
const GRACE_MS = 20 * 60_000;
/** Randomness that was announced may be typed in some time after it was published. */
const RANDOMNESS_GRACE_MS = 2 * 3_600_000;
/** What is not visited by then is revealed all the same, in time: the instant was announced. */
const REVEAL_AHEAD_MS = 2 * 3_600_000;
const PAGE = 200;

/**
 * Brings every open draw as far as it can be by `at`: fetches what was announced, finds visits ended, warns of what is late, tells the run
 * what its draw is owed, and starts the next run where one was lost. All of it is keyed by state, token or name, so twice is once.
 */
export const sweepDraws =
  (deps: SweepDependencies) =>
  async (called: Sweep): Promise<Swept> => {
    const sweep = { ...called, at: deps.until(called.at) };
    const open: StoredDraw[] = [];
    let cursor: string | undefined;
    do {
      const page = await deps.draws.openByDue(PAGE, cursor);
      open.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== undefined);
    const running = new Map<string, DrawRun[]>();
    for await (const run of deps.executions.running()) running.set(keyOf(run), [...(running.get(keyOf(run)) ?? []), run]);

    const held = await attemptsHeld(deps, open);
    const swept = { open: open.length, told: 0, started: 0, failed: 0 };
    for (const { draw } of open) {
      try {
        const now = await advance(deps, draw, sweep.at);
        const others = new Set(held.flatMap((one) => (isRival(one.draw, draw) ? [one.attempt] : [])));
        const own = (running.get(keyOf(draw)) ?? []).filter(({ attempt }) => !others.has(attempt));
        const did = await drive(deps, now, { own, others }, sweep);
        if (did !== undefined) swept[did]++;
      } catch (error) {
        deps.failed(draw, error);
        swept.failed++;
      }
    }
    return swept;
  };

const keyOf = ({ authority, kind, period }: Pick<DrawRun, 'authority' | 'kind' | 'period'>): string =>
  `${authority} ${kind} ${period}`;

/** Of the same period: one that is void and could not be shown yet, and the one that took its place. */
const isRival = (a: Draw, b: Draw): boolean => a.number !== b.number && keyOf(a) === keyOf(b);

/** Which attempt waits for which draw, where a period has two. A run's name says no number, and none must be stopped for another's draw. */
async function attemptsHeld({ tokens }: SweepDependencies, open: readonly StoredDraw[]) {
  const held: { readonly draw: Draw; readonly attempt: number }[] = [];
  for (const { draw } of open) {
    const token = open.some((other) => isRival(other.draw, draw)) ? await tokens.of(draw) : undefined;
    if (token !== undefined) held.push({ draw, attempt: token.attempt });
  }
  return held;
}

/** The runs that may be a draw's own, and the attempts that are not. */
interface Runs {
  readonly own: readonly DrawRun[];
  readonly others: ReadonlySet<number>;
}

/** Records what has come about by itself. */
async function advance(deps: SweepDependencies, seen: Draw, at: Instant): Promise<Draw> {
  const { files, fetchRound } = deps;
  const found = [...(await randomnessFacts(seen, { files, fetchRound, at })), ...(await visitsEnded(deps, seen, at))];
  const draw = await recordOnDraw(deps, seen, (now) => found.filter((fact) => stillNew(now, fact)), at);
  return recordOnDraw(deps, draw, (now) => warningsOf(now, at, RANDOMNESS_GRACE_MS), at);
}

/** What the draw as it stands does not say yet. */
function stillNew(draw: Draw, fact: DrawFact): boolean {
  switch (fact.type) {
    case 'RandomnessEntered':
    case 'RandomnessSettled':
      return draw.stage === 'announced' && draw.randomness === undefined;
    case 'DrawInspected':
      return stepOf(draw, draw.drawAt) === 'await-visits';
    default:
      return false;
  }
}

async function visitsEnded({ tasks, county }: SweepDependencies, draw: Draw, at: Instant): Promise<readonly DrawFact[]> {
  if (stepOf(draw, at) !== 'await-visits') return [];
  const isTime = at >= plusMs(draw.revealBy, -REVEAL_AHEAD_MS);
  if (!isTime && (await tasks.hasVisitsLeft(county, draw.authority, draw.number))) return [];
  const all = await tasks.ofDraw(county, draw.authority, draw.number); // the index may lag
  if (!isTime && all.some(({ task }) => awaitsVisit(task))) return [];
  return [{ type: 'DrawInspected', data: { tasks: all.length } }];
}

async function drive(
  deps: SweepDependencies,
  seen: Draw,
  { own, others }: Runs,
  sweep: Sweep,
): Promise<'told' | 'started' | undefined> {
  const { tokens, draws, executions } = deps;
  const token = await tokens.of(seen);
  const draw = (await draws.load(seen))?.draw ?? seen; // read after the token
  const telling = token && tellingOf(draw, token, sweep.at);
  if (token !== undefined && telling !== undefined && (await executions.answer(token.token, telling)) === 'answered')
    return 'told';
  const step = stepOf(draw, sweep.at);
  if (step === 'revealed' || step === 'void') return undefined;
  const run = own.toSorted((a, b) => a.attempt - b.attempt).at(-1);
  if (run !== undefined) {
    const isWaiting = token?.attempt === run.attempt && telling === undefined;
    if (isWaiting || !(await isStill(deps, run, sweep.clock))) return undefined;
    await executions.stop(run, 'It does not move, and its wait is not known.');
  }
  const diedWaiting = telling === undefined ? token?.attempt : undefined;
  return (await startBehind(deps, draw, { stopped: run, token, diedWaiting, others }, sweep)) ? 'started' : undefined;
}

async function isStill({ executions }: SweepDependencies, run: DrawRun, clock: Instant): Promise<boolean> {
  const last = await executions.lastMove(run);
  return last !== undefined && epochMs(clock) - epochMs(last) >= GRACE_MS;
}

interface Before extends Pick<Runs, 'others'> {
  readonly stopped: DrawRun | undefined;
  readonly token: DrawToken | undefined;
  /** The attempt whose wait is not over: if it has ended, it was ended from outside. */
  readonly diedWaiting: number | undefined;
}

/**
 * The next attempt behind all that there were; not at once behind one that failed just now in what it did, which would only fail again. One
 * that had nothing to do but to wait did not fail by itself.
 */
async function startBehind(
  deps: SweepDependencies,
  draw: Draw,
  { stopped, token, diedWaiting, others }: Before,
  { at, clock }: Sweep,
): Promise<boolean> {
  const { authority, kind, period, number } = draw;
  const first = Math.max(stopped?.attempt ?? 0, token?.attempt ?? 0, firstAttemptOn(dayOf(draw.announcedAt)));
  let input: DrawRunInput = { authority, kind, period, attempt: first, at, number, asked: [] };
  // A run that was forgotten since must not be started again: its waits count as earlier than its token.
  if (token?.attempt === first && (await deps.executions.status(input)) === 'absent') input = { ...input, attempt: first + 1 };
  for (;;) {
    while (others.has(input.attempt)) input = { ...input, attempt: input.attempt + 1 };
    const status = await deps.executions.status(input);
    if (status === 'running') return false;
    if (status === 'absent') return (await deps.executions.start(input)) === 'started';
    const isNewest = (await deps.executions.status({ ...input, attempt: input.attempt + 1 })) === 'absent';
    const mayFailAgain = stopped === undefined && input.attempt !== diedWaiting;
    if (isNewest && mayFailAgain && !(await isStill(deps, input, clock))) return false;
    input = { ...input, attempt: input.attempt + 1 };
  }
}
