import { StaleVersion } from '../../shared/data/commit.ts';
import type { DrawFiles } from '../../shared/data/draw-files.ts';
import type { DrawStore, StoredDraw, StoredSeries } from '../../shared/data/draw-store.ts';
import type { Day, Instant } from '../../shared/domain/calendar.ts';
import { authorityName, type Draw, type DrawFact, drawIdOf, type Series, type Sha256 } from '../../shared/domain/draw.ts';
import { type Due, madeUpBecause, periodNamed, type Schedule, scheduleOf } from '../../shared/domain/draw-calendar.ts';
import { announcedDraw } from '../../shared/domain/draw-evolve.ts';
import { isDrawnBy } from '../../shared/domain/draw-kind.ts';
import { type Pool, poolOf } from '../../shared/domain/draw-pool.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import type { Actor } from '../../shared/domain/ledger-event.ts';
import { commitmentOf } from '../../shared/draw/codes.ts';
import { freeze } from '../../shared/draw/freeze.ts';
import { fileOf } from '../../shared/draw/rosters.ts';
import type { Policy } from '../../shared/policy/load.ts';
import type { RandomnessSource } from '../../shared/runtime/randomness.ts';
import { type Freeze, type FrozenOutcome, NOT_DRAWN } from '../../workflows/inspection-draw/contract.ts';
import { refusalSays } from '../../workflows/inspection-draw/refusals.ts';
import { recordLost, sayOnce } from '../../workflows/inspection-draw/said.ts';
import { loadDraw, outcomeOf, SYSTEM } from '../../workflows/inspection-draw/standing.ts';
import type { GatherPool } from './gather-pool.ts';
import { frozenPolicy } from './policy-hash.ts';
import { announcedSources } from './sources.ts';

export interface FreezeDependencies {
  readonly county: CountyCode;
  readonly since: Day;
  readonly draws: Pick<DrawStore, 'load' | 'ofPeriod' | 'series' | 'announce' | 'note'>;
  readonly files: DrawFiles;
  readonly gather: GatherPool;
  readonly policyAt: (at: Instant) => Policy;
  readonly randomness: readonly RandomnessSource[];
  /** H of the release that draws. */
  readonly software: Sha256;
  /** 32 bytes that nobody can foresee. */
  readonly newSecret: () => Uint8Array;
  /** Encrypts a secret for its draw. */
  readonly seal: (secret: Uint8Array, drawId: string) => Promise<string>;
  /** The later of what the run says and of the clock, where the county's time is the world's: nothing is announced for a time that has passed. */
  readonly announcedFrom: (at: Instant) => Instant;
}

/** All of an authority's draws may be announced at once, seven kinds and some in two periods, and each time one gets the next number. */
const TRIES = 12;
/** As announcements write it. */
const seconds = (at: Instant): string => at.replace('.000Z', 'Z');

/**
 * Announces the draw of a period, or finds the one that has it: called twice, or twice at once, there is one draw and one number. What cannot
 * be announced is recorded with its cause, once a day, and leaves no trace in the series.
 */
export const freezeDraw =
  (deps: FreezeDependencies) =>
  async (run: Freeze): Promise<FrozenOutcome> => {
    const { draws } = deps;
    for (let attempt = 1; ; attempt++) {
      const held = run.number > 0 ? await loadDraw(draws, { ...run, number: run.number }) : await draws.ofPeriod(run);
      if (held !== undefined && (run.number > 0 || held.draw.stage !== 'void'))
        return held.draw.kind === run.kind ? opened(deps, held.draw, run.at) : refusing(deps, run, run.at, 'already-drawn');
      try {
        return await announceNext(deps, run, held);
      } catch (error) {
        if (!(error instanceof StaleVersion) || attempt >= TRIES) throw error;
      }
    }
  };

async function opened(deps: FreezeDependencies, draw: Draw, at: Instant): Promise<FrozenOutcome> {
  if (draw.stage === 'announced') await publishOpening(deps, draw);
  return { number: draw.number, ...outcomeOf(draw, at) };
}

/** What everybody may read from now on. Written from what is kept, so written again it is the same. */
async function publishOpening({ files, policyAt }: FreezeDependencies, draw: Draw): Promise<void> {
  const policy = policyAt(draw.announcedAt);
  await files.publishPolicy(frozenPolicy(policy).bytes);
  await files.publish(draw, 'announcement.json', await files.read(draw.announcement));
  if (policy.drawing.directory.publish === 'objects')
    await files.publish(draw, fileOf('objects'), await files.read(draw.files.objects));
}

async function announceNext(deps: FreezeDependencies, run: Freeze, held: StoredDraw | undefined): Promise<FrozenOutcome> {
  const at = deps.announcedFrom(run.at);
  const policy = deps.policyAt(at);
  const planned = periodNamed(run.kind, run.period, at, policy);
  const refuse = (code: string, detail?: string): Promise<FrozenOutcome> => refusing(deps, run, at, code, detail);
  if (planned === undefined || !isDrawnBy(run.kind, run.authority)) return refuse('no-such-period');
  const due: Due = { ...planned, authority: run.authority };
  const numbers = deps.randomness.flatMap((source) => (source.type === 'numbers' ? source : []));
  const given = await pooled(deps, due, run.at, (from) => scheduleOf(planned, from, numbers, policy), policy);
  if (given === undefined) {
    const code = held === undefined ? 'window-over' : 'void';
    await recordLost(deps, run.authority, run.kind, { lost: [{ period: run.period, code }] }, at);
    return notDrawn(at);
  }
  const { schedule, pool } = given;
  if (pool.strata.length === 0 && pool.unserved.length > 0) return refuse('no-capacity');
  if (pool.strata.length === 0)
    return saying(deps, run, at, { type: 'NothingToDraw', data: { kind: run.kind, period: run.period } });
  const after = await deps.draws.series(run.authority);
  await refuseToGoBack(deps, after.series, schedule);
  const secret = deps.newSecret();
  const frozen = freezing(deps, { due, schedule, pool, after, policy, secret });
  if (frozen.kind === 'refused') return refuse(frozen.fault.code, frozen.fault.message);

  const { files } = deps;
  const [objects, inspectors, recusals, items] = await Promise.all([
    files.keep(frozen.files.objects),
    files.keep(frozen.files.inspectors),
    files.keep(frozen.files.recusals),
    files.keep(frozen.files.items),
    files.keep(frozen.bytes),
  ]);
  const [asked] = run.asked;
  const because = asked?.reason ?? madeUpBecause(planned, at, deps.since, held === undefined ? 'nothing' : 'void');
  const { announcedAt, drawAt, revealBy } = schedule;
  const fact: Extract<DrawFact, { type: 'DrawAnnounced' }> = {
    type: 'DrawAnnounced',
    data: {
      county: deps.county,
      authority: run.authority,
      number: frozen.announcement.number,
      kind: run.kind,
      period: run.period,
      window: planned.window,
      announcedAt,
      drawAt,
      revealBy,
      ...(because !== undefined && { because }),
      announcement: frozen.hash,
      previous: after.series.head,
      files: { objects, inspectors, recusals, items },
      strata: [...pool.strata, ...pool.unserved].map(({ name, objects, quota, wanted }) => ({ name, objects, quota, wanted })),
      leftOut: pool.leftOut,
      teamSize: Math.max(...pool.strata.map(({ team }) => team.reduce((sum, { count }) => sum + count, 0))),
      sources: deps.randomness.length,
    },
  };
  const draw = announcedDraw(fact.data);
  await deps.draws.announce({
    draw,
    fact,
    after,
    secret: await deps.seal(secret, drawIdOf(draw)),
    ...(held !== undefined && { instead: held.draw.number }),
    occasion: { at, county: deps.county, actor: actorOf(asked?.by) },
  });
  return opened(deps, draw, at);
}

/**
 * Instants ascend with the numbers, or nobody could believe the series: where another draw was announced meanwhile for a later instant, it is
 * begun anew; under a clock that was set back, nothing is announced until it has caught up.
 */
async function refuseToGoBack(
  { draws }: FreezeDependencies,
  { authority, number }: Series,
  { announcedAt }: Schedule,
): Promise<void> {
  const last = number === 0 ? undefined : await draws.load({ authority, number });
  if (last !== undefined && last.draw.announcedAt > announcedAt)
    throw new StaleVersion(`${authority} has announced its draw ${number} for a later instant`);
}

/**
 * When the draw is announced and what it draws from. Gathering takes its time, and the announcement may not lie before its end; where that
 * moves the days of visits, it is gathered anew. `undefined`: no day is left.
 */
async function pooled(
  { gather, announcedFrom }: FreezeDependencies,
  due: Due,
  at: Instant,
  scheduleFrom: (at: Instant) => ReturnType<typeof scheduleOf>,
  policy: Policy,
): Promise<{ readonly schedule: Schedule; readonly pool: Pool } | undefined> {
  let begun = announcedFrom(at);
  for (;;) {
    const before = scheduleFrom(begun);
    if (before.kind === 'late') return undefined;
    const { days } = before.schedule;
    const pool = poolOf(await gather(due, days, begun), policy.drawing);
    begun = announcedFrom(at);
    const after = scheduleFrom(begun);
    if (after.kind === 'late') return undefined;
    if (after.schedule.days.join() === days.join()) return { schedule: after.schedule, pool };
  }
}

const actorOf = (by: Freeze['asked'][number]['by'] | undefined): Actor => {
  if (by === undefined) return SYSTEM;
  const { id, role, owner } = by;
  return { id, role, ...(owner !== undefined && { owner }) };
};

interface Given {
  readonly due: Due;
  readonly schedule: Schedule;
  readonly pool: Pool;
  readonly after: StoredSeries;
  readonly policy: Policy;
  readonly secret: Uint8Array;
}

function freezing({ county, randomness, software }: FreezeDependencies, { due, schedule, pool, after, policy, secret }: Given) {
  const { drawing } = policy;
  return freeze({
    authority: authorityName(county, due.authority),
    number: after.series.number + 1,
    previous: after.series.head,
    kind: due.kind,
    period: due.period,
    announcedAt: seconds(schedule.announcedAt),
    drawAt: seconds(schedule.drawAt),
    revealBy: seconds(schedule.revealBy),
    asOf: 0, // until the ledger is sealed
    policy: frozenPolicy(policy).hash,
    software,
    strata: pool.strata.map(({ name, quota, items, team }) => ({ name, quota, items, team: [...team] })),
    days: [...schedule.days],
    perDay: drawing.visits.perDay,
    sources: announcedSources(randomness, schedule),
    // One link for each iteration that the policy allows, and the secret itself, which is never one.
    commitment: commitmentOf(secret, drawing.substitutions.most + 2),
    rosters: pool,
  });
}

const refusing = (deps: FreezeDependencies, run: Freeze, at: Instant, code: string, detail?: string): Promise<FrozenOutcome> =>
  saying(deps, run, at, {
    type: 'DrawRefused',
    data: { kind: run.kind, period: run.period, code, says: refusalSays(code, detail) },
  });

const notDrawn = (at: Instant): FrozenOutcome => ({ number: 0, step: NOT_DRAWN, at });

type Saying = Parameters<typeof sayOnce>[2];

async function saying(deps: FreezeDependencies, run: Freeze, at: Instant, fact: Saying): Promise<FrozenOutcome> {
  await sayOnce(deps, run.authority, fact, at);
  return notDrawn(at);
}
