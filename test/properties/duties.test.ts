import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ClosingIncomplete, closePeriods } from '../../functions/close-period/close-period.ts';
import { answerOf, submitRound } from '../../functions/submit-round/submit-round.ts';
import { StaleVersion } from '../../shared/data/commit.ts';
import { sealSubject } from '../../shared/data/duty-store.ts';
import { roundSubject } from '../../shared/data/round-store.ts';
import { type Instant, instant, periodAt, plusMs } from '../../shared/domain/calendar.ts';
import { COLOURS, type Colour, isGraver } from '../../shared/domain/colour.ts';
import {
  type Cadences,
  type DutyPoint,
  emptyPoint,
  moveDuty,
  pointOf,
  retireDuty,
  signDuty,
  stateOn,
  withPoint,
  withStop,
} from '../../shared/domain/duty-page.ts';
import { type Figures, figuresOf, noFigures, periodsOfMonth, sumFigures } from '../../shared/domain/figures.ts';
import { commandId, personId, type RiskNo, riskNo } from '../../shared/domain/ids.ts';
import { isOwner } from '../../shared/domain/owner.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { Died, type FakeDuties, fakeDuties, seenBy } from '../support/duties.ts';
import { eachSlot, type History, stateAt } from '../support/duty-oracle.ts';
import { county } from '../support/tokens.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const start = instant('2026-02-20T09:00:00+08:00');
const cadences: Cadences = cadencesOf(county, start);
const owner = 'ENT:91533102MA6K000002';
if (!isOwner(owner)) throw new Error('the test enterprise has no right credit code');

/** Two points of a workshop, one of none; one has a name that objects have by themselves. */
const PLACES: readonly { readonly no: RiskNo; readonly workshop?: string }[] = [
  { no: riskNo('R1'), workshop: '一车间' },
  { no: riskNo('constructor'), workshop: '一车间' },
  { no: riskNo('R3') },
];

interface Submission {
  readonly kind: 'submit';
  readonly points: readonly number[];
  /** How long before it is received the check claims to have been made. */
  readonly ago: number;
  readonly device: number;
  readonly after: number;
  readonly diesAt?: { readonly call: number; readonly afterwards: boolean } | undefined;
}
interface Close {
  readonly kind: 'close';
  readonly colour: Colour;
  readonly after: number;
  readonly diesAt?: { readonly call: number; readonly afterwards: boolean } | undefined;
}
type Step = { readonly wait: number } & (
  | { readonly kind: 'sign'; readonly point: number; readonly colour: Colour }
  | { readonly kind: 'regrade'; readonly point: number; readonly colour: Colour }
  | { readonly kind: 'retire'; readonly point: number }
  | { readonly kind: 'stop'; readonly point: number; readonly begins: number; readonly lasts: number }
  | { readonly kind: 'lift'; readonly point: number }
  | { readonly kind: 'together'; readonly what: readonly (Submission | Close)[] }
);

const point = fc.nat(PLACES.length - 1);
const colour = fc.constantFrom(...COLOURS);
const death = fc.option(fc.record({ call: fc.nat(5), afterwards: fc.boolean() }), { nil: undefined, freq: 3 });
const minutes = fc.nat(12).map((n) => n * MINUTE);
const submission: fc.Arbitrary<Submission> = fc.record({
  kind: fc.constant('submit' as const),
  points: fc.uniqueArray(point, { minLength: 1 }),
  ago: fc.oneof(
    minutes,
    fc.nat(70).map((hours) => hours * HOUR),
  ),
  device: fc.nat(1000),
  after: minutes,
  diesAt: death,
});
const close: fc.Arbitrary<Close> = fc.record({ kind: fc.constant('close' as const), colour, after: minutes, diesAt: death });
/** Short waits meet the ends of windows; long ones are outages of the schedules and lazy weeks. */
const wait = fc.oneof(
  fc.nat(240).map((n) => n * MINUTE),
  fc.nat(10 * 24).map((n) => n * HOUR),
  fc.constant(15 * HOUR - 5 * MINUTE),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ wait, kind: fc.constant('sign' as const), point, colour }) },
  { weight: 2, arbitrary: fc.record({ wait, kind: fc.constant('regrade' as const), point, colour }) },
  { weight: 1, arbitrary: fc.record({ wait, kind: fc.constant('retire' as const), point }) },
  {
    weight: 1,
    arbitrary: fc.record({
      wait,
      kind: fc.constant('stop' as const),
      point,
      begins: fc.integer({ min: -48, max: 48 }).map((n) => n * HOUR),
      lasts: fc.nat(20 * 24).map((n) => n * HOUR),
    }),
  },
  { weight: 1, arbitrary: fc.record({ wait, kind: fc.constant('lift' as const), point }) },
  {
    weight: 8,
    arbitrary: fc.record({
      wait,
      kind: fc.constant('together' as const),
      what: fc.array(fc.oneof({ weight: 3, arbitrary: submission }, { weight: 2, arbitrary: close }), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
  },
);

/** The county as far as one enterprise's checks go: the real rules and use cases over tables in memory. */
class County {
  readonly store: FakeDuties = fakeDuties();
  readonly grades = new Map<string, { at: Instant; colour: Colour | undefined }[]>(PLACES.map(({ no }) => [no, []]));
  readonly stops: { no: string; from: Instant; until: Instant; approvedAt: Instant; id: string }[] = [];
  readonly checks: { no: string; claimedAt: Instant; receivedAt: Instant }[] = [];
  readonly answers = new Map<string, unknown>();
  readonly scheduler: fc.Scheduler;
  at: Instant = start;
  rounds = 0;

  constructor(scheduler: fc.Scheduler) {
    this.scheduler = scheduler;
  }

  get history(): History {
    return this;
  }

  turn = (): Promise<void> => this.scheduler.schedule(Promise.resolve());

  standing(place: { no: RiskNo }): Colour | undefined {
    return this.grades.get(place.no)?.at(-1)?.colour;
  }

  /** What the register does with a duty when its own command is carried out. */
  async change(place: (typeof PLACES)[number], colour: Colour, with_: (point: DutyPoint) => DutyPoint): Promise<void> {
    const name = { owner, colour, ...(place.workshop !== undefined && { workshop: place.workshop }) } as const;
    const { page, version } = await this.store.page(name);
    const after = withPoint(page, place.no, with_(pointOf(page, place.no) ?? emptyPoint));
    await this.store.save({ pages: [{ page: after, ifVersion: version }], exceptions: [], events: [] });
  }

  async pointOn(place: (typeof PLACES)[number], colour: Colour): Promise<DutyPoint | undefined> {
    const pages = await this.store.pagesOf(owner);
    const page = pages.find(({ page }) => page.colour === colour && page.workshop === place.workshop)?.page;
    return page && pointOf(page, place.no);
  }

  async perform(step: Step): Promise<void> {
    this.at = plusMs(this.at, step.wait);
    const { at } = this;
    if (step.kind === 'together') return this.together(step.what);
    const place = PLACES[step.point];
    if (place === undefined) return;
    const standing = this.standing(place);
    switch (step.kind) {
      case 'sign':
        if (standing !== undefined) return;
        await this.change(place, step.colour, (point) =>
          // A point that comes back stands still with what has been approved for it.
          this.stops
            .filter(({ no, until }) => no === place.no && at < until)
            .reduce(
              (known, { no: _, ...stop }) => withStop(known, stop),
              signDuty({ point, cadence: cadences[step.colour] }, at),
            ),
        );
        this.grades.get(place.no)?.push({ at, colour: step.colour });
        return;
      case 'retire':
        if (standing === undefined) return;
        await this.change(place, standing, (point) => retireDuty({ point, cadence: cadences[standing] }, at));
        this.grades.get(place.no)?.push({ at, colour: undefined });
        return;
      case 'regrade': {
        if (standing === undefined || standing === step.colour) return;
        const from = { point: (await this.pointOn(place, standing)) ?? emptyPoint, cadence: cadences[standing] };
        const to = { point: (await this.pointOn(place, step.colour)) ?? emptyPoint, cadence: cadences[step.colour] };
        const moved = moveDuty(from, to, isGraver(step.colour, standing), at);
        await this.change(place, standing, () => moved.from);
        await this.change(place, step.colour, () => moved.to);
        this.grades.get(place.no)?.push({ at, colour: step.colour });
        return;
      }
      case 'stop': {
        const from = plusMs(at, step.begins);
        const stop = { id: `stop-${this.stops.length}`, from, until: plusMs(from, step.lasts), approvedAt: at };
        for (const colour of COLOURS) {
          if ((await this.pointOn(place, colour)) !== undefined)
            await this.change(place, colour, (point) => withStop(point, stop));
        }
        if (standing !== undefined || (this.grades.get(place.no)?.length ?? 0) > 0) this.stops.push({ no: place.no, ...stop });
        return;
      }
      case 'lift': {
        const index = this.stops.findLastIndex((stop) => stop.no === place.no && stop.until > at);
        const stop = this.stops[index];
        if (stop === undefined) return;
        const lifted = { ...stop, until: at };
        this.stops[index] = lifted;
        const { no: _, ...onPage } = lifted;
        for (const colour of COLOURS) {
          if ((await this.pointOn(place, colour)) !== undefined)
            await this.change(place, colour, (point) => withStop(point, onPage));
        }
      }
    }
  }

  /** Several people and schedules at the same time, in every order of their steps, some of them dying on the way. */
  async together(what: readonly (Submission | Close)[]): Promise<void> {
    const again: (() => Promise<void>)[] = [];
    const latest = Math.max(...what.map(({ after }) => after));
    const running = what.map(async (op) => {
      const at = plusMs(this.at, op.after);
      const work =
        op.kind === 'submit' ? this.submission(op, at) : (retry?: Instant) => this.close(op, retry ?? at, retry === undefined);
      try {
        await work();
      } catch (error) {
        const causes: readonly unknown[] = error instanceof ClosingIncomplete ? error.errors : [error];
        if (!causes.every((cause) => cause instanceof Died || cause instanceof StaleVersion)) throw error;
        again.push(() => work(plusMs(this.at, MINUTE)));
      }
    });
    await this.scheduler.waitFor(Promise.all(running));
    this.at = plusMs(this.at, latest + 2 * MINUTE);
    for (const work of again) await this.scheduler.waitFor(work());
    this.at = plusMs(this.at, 2 * MINUTE);
  }

  close({ colour, diesAt }: Pick<Close, 'colour' | 'diesAt'>, at: Instant, mayDie: boolean): Promise<void> {
    return closePeriods({
      store: seenBy(this.store, this.turn, mayDie ? diesAt : undefined),
      county,
      cadences,
      actor: { id: personId('close-period'), role: 'system' },
      outOfTime: () => false,
    })(cadences[colour], at).then(() => undefined);
  }

  /** One round, sent once more when it died: the second sending has the same key and the same content. */
  submission(op: Submission, sentAt: Instant): (retry?: Instant) => Promise<void> {
    const claimedAt = plusMs(sentAt, -op.ago);
    const round = commandId(`round-${String(++this.rounds).padStart(6, '0')}`);
    const items = op.points
      .flatMap((index) => PLACES[index] ?? [])
      .filter(({ no }) => (this.grades.get(no)?.length ?? 0) > 0)
      .map(({ no }) => ({ riskNo: no, result: 'normal' as const, answers: 'y', checkedAt: undefined }));
    const eventsOf = async (id: string) => this.store.ledger.filter(({ subject }) => subject === roundSubject(id));
    return async (retry) => {
      if (items.length === 0) return;
      const submit = submitRound({
        store: seenBy(this.store, this.turn, retry === undefined ? op.diesAt : undefined),
        county,
        openCases: async () => ({ writes: [], events: [] }),
        checklistsOf: async (places) => new Map(places.map(({ no }) => [no, 1])),
        eventsOf,
        pause: this.turn,
      });
      const answer = await submit({
        params: {},
        query: {},
        body: { checkedAt: claimedAt, device: undefined, items },
        caller: { id: personId(`person-${op.device}`), role: 'post-holder', county, owner: owner },
        at: retry ?? sentAt,
        commandId: round,
        requestHash: 'ab'.repeat(32),
      }).catch(async (error: unknown) => {
        const before = answerOf(round, await eventsOf(round))?.answer;
        if (before === undefined) throw error;
        return before;
      });
      expect(answer).toEqual(answerOf(round, await eventsOf(round))?.answer);
      for (const { no } of items.map(({ riskNo: no }) => ({ no }))) {
        this.checks.push({ no, claimedAt, receivedAt: answer.receivedAt });
      }
    };
  }

  /** What the tables say of a slot. */
  async stateOf(no: RiskNo, colour: Colour, period: number): Promise<string | undefined> {
    const place = PLACES.find((one) => one.no === no);
    const stored = (await this.store.pagesOf(owner)).find(
      ({ page }) => page.colour === colour && page.workshop === place?.workshop,
    );
    if (stored === undefined) return undefined;
    const exceptions = await this.store.exceptions(stored.page, period);
    return stateOn(stored.page, no, cadences[colour], period, this.at, exceptions);
  }

  async figures(colour: Colour, month: string): Promise<Figures> {
    const pages = (await this.store.pagesOf(owner)).filter(({ page }) => page.colour === colour);
    const sealed = this.store.allExceptions().filter((one) => one.colour === colour);
    return pages
      .map(({ page }) =>
        figuresOf(
          page,
          cadences[colour],
          month,
          this.at,
          sealed.filter(({ workshop }) => workshop === page.workshop),
        ),
      )
      .reduce(sumFigures, noFigures);
  }

  expectedFigures(colour: Colour, month: string): Figures {
    const { first, last } = periodsOfMonth(cadences[colour], month);
    const sum = { due: 0, onTime: 0, madeUpLate: 0, missed: 0, suspended: 0, running: 0 };
    for (const slot of eachSlot(this.history, cadences, plusMs(this.at, 100 * 24 * HOUR))) {
      if (slot.colour !== colour || slot.period < first || slot.period > last) continue;
      if (slot.period >= periodAt(cadences[colour], this.at)) {
        sum.running++;
        continue;
      }
      sum.due++;
      const kind = ({ done: 'onTime', 'done-late': 'madeUpLate', missed: 'missed', suspended: 'suspended' } as const)[
        stateAt(this.history, slot, cadences[colour], this.at) as 'done'
      ];
      sum[kind]++;
    }
    return sum;
  }

  async agrees(): Promise<void> {
    const expected = new Set<string>();
    for (const known of eachSlot(this.history, cadences, this.at)) {
      const { no, colour, period } = known;
      expected.add(`${no}/${colour}/${period}`);
      const slot = { no, colour, period, at: this.at };
      expect({ ...slot, state: await this.stateOf(riskNo(no), colour, period) }).toEqual({
        ...slot,
        state: stateAt(this.history, known, cadences[colour], this.at),
      });
    }
    for (const { no } of PLACES) {
      for (const colour of COLOURS) {
        for (let period = periodAt(cadences[colour], start) - 2; period <= periodAt(cadences[colour], this.at); period++) {
          const state = await this.stateOf(no, colour, period);
          expect([no, colour, period, state !== undefined]).toEqual([
            no,
            colour,
            period,
            expected.has(`${no}/${colour}/${period}`),
          ]);
        }
      }
    }
    for (const colour of COLOURS) {
      for (const month of ['2026-02', '2026-03', '2026-04']) {
        expect([colour, month, await this.figures(colour, month)]).toEqual([colour, month, this.expectedFigures(colour, month)]);
      }
    }
  }

  /** What was sealed and amended is what the ledger says of it, without a gap. */
  sealsFollowFromTheLedger(): void {
    for (const sealed of this.store.allExceptions()) {
      const subject = sealSubject(sealed, sealed.period);
      const events = this.store.ledger.filter((event) => event.subject === subject);
      expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: sealed.version }, (_, index) => index + 1));
      const nos = [...sealed.missed, ...sealed.madeUpLate, ...sealed.suspended];
      expect(new Set(nos).size).toBe(nos.length);
    }
  }
}

test('every slot ends as exactly one of done, done late, missed, suspended, whatever happens at the same time or fails (D1–D5, P3–P6)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(step, { minLength: 5, maxLength: 25 }), async (scheduler, steps) => {
      const run = new County(scheduler);
      await run.perform({ wait: 0, kind: 'sign', point: 0, colour: 'RED' });
      for (const one of steps) await run.perform(one);
      await run.agrees();
      run.sealsFollowFromTheLedger();
      for (const colour of COLOURS) await scheduler.waitFor(run.close({ colour }, run.at, false));
      await run.agrees();
      const writes = run.store.writes();
      for (const colour of COLOURS) await scheduler.waitFor(run.close({ colour }, run.at, false));
      expect(run.store.writes()).toBe(writes);
      run.sealsFollowFromTheLedger();
    }),
    { numRuns: 40 },
  );
});
