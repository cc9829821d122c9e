import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ClosingIncomplete, closePeriods } from '../../functions/close-period/close-period.ts';
import { answerOf, submitRound } from '../../functions/submit-round/submit-round.ts';
import { StaleVersion } from '../../shared/data/commit.ts';
import type { DutyStore, StoredPage } from '../../shared/data/duty-store.ts';
import { roundSubject } from '../../shared/data/round-store.ts';
import { type Instant, instant, periodAt, plusMs } from '../../shared/domain/calendar.ts';
import { COLOURS, type Colour, isGraver } from '../../shared/domain/colour.ts';
import { sealSubject } from '../../shared/domain/duty-name.ts';
import {
  type Cadences,
  type DutyPoint,
  emptyPoint,
  moveDuty,
  pointOf,
  retireDuty,
  type Stop,
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
import { type Check, eachSlot, type Grade, type History, stateAt } from '../support/duty-oracle.ts';
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
/** What the register does to a point. */
type Registered =
  | { readonly kind: 'sign'; readonly point: number; readonly colour: Colour }
  | { readonly kind: 'regrade'; readonly point: number; readonly colour: Colour }
  | { readonly kind: 'retire'; readonly point: number }
  | { readonly kind: 'stop'; readonly point: number; readonly begins: number; readonly lasts: number }
  | { readonly kind: 'lift'; readonly point: number };
type Step = { readonly wait: number } & (
  | Registered
  | { readonly kind: 'together'; readonly what: readonly (Submission | Close)[]; readonly register?: Registered | undefined }
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
const registered: fc.Arbitrary<Registered> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sign' as const), point, colour }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('regrade' as const), point, colour }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('retire' as const), point }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('stop' as const),
      point,
      begins: fc.integer({ min: -48, max: 48 }).map((n) => n * HOUR),
      lasts: fc.nat(20 * 24).map((n) => n * HOUR),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lift' as const), point }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 7, arbitrary: fc.tuple(wait, registered).map(([wait, change]) => ({ wait, ...change })) },
  {
    weight: 8,
    arbitrary: fc.record({
      wait,
      kind: fc.constant('together' as const),
      what: fc.array(fc.oneof({ weight: 3, arbitrary: submission }, { weight: 2, arbitrary: close }), {
        minLength: 1,
        maxLength: 4,
      }),
      register: fc.option(registered, { nil: undefined }),
    }),
  },
);

/** The county as far as one enterprise's checks go: the real rules and use cases over tables in memory. */
class County {
  readonly store: FakeDuties = fakeDuties();
  readonly grades = new Map<string, Grade[]>(PLACES.map(({ no }) => [no, []]));
  readonly stops: { no: string; from: Instant; until: Instant; approvedAt: Instant; id: string }[] = [];
  readonly checks: Check[] = [];
  /** The turn in which each round was decided. */
  readonly decided = new Map<string, number>();
  readonly scheduler: fc.Scheduler;
  at: Instant = start;
  rounds = 0;
  /** How often the register changed anything. */
  turns = 0;

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

  /**
   * What the register does with the duties of a point when its own command is carried out: all of it or nothing, decided anew when
   * somebody wrote meanwhile. Answers the turn in which it was written.
   */
  async change(
    place: (typeof PLACES)[number],
    turn: () => Promise<unknown>,
    decide: (pointOn: (colour: Colour) => DutyPoint | undefined) => Partial<Record<Colour, DutyPoint>>,
  ): Promise<number> {
    let written = 0;
    const save: DutyStore['save'] = (change) => {
      written = ++this.turns;
      return this.store.save(change);
    };
    const store = seenBy({ ...this.store, save }, turn);
    for (;;) {
      const stored = new Map<Colour, StoredPage>();
      for (const colour of COLOURS) {
        const name = { owner, colour, ...(place.workshop !== undefined && { workshop: place.workshop }) } as const;
        stored.set(colour, await store.page(name));
      }
      const points = decide((colour) => {
        const page = stored.get(colour)?.page;
        return page && pointOf(page, place.no);
      });
      const pages = [...stored].flatMap(([colour, { page, version }]) => {
        const after = points[colour];
        return after === undefined ? [] : [{ page: withPoint(page, place.no, after), ifVersion: version }];
      });
      try {
        await store.save({ pages, exceptions: [], events: [] });
        return written;
      } catch (error) {
        if (!(error instanceof StaleVersion)) throw error;
      }
    }
  }

  async perform(step: Step): Promise<void> {
    this.at = plusMs(this.at, step.wait);
    if (step.kind === 'together') return this.together(step.what, step.register);
    return this.register(step, async () => undefined);
  }

  async register(step: Registered, turn: () => Promise<unknown>): Promise<void> {
    const { at } = this;
    const place = PLACES[step.point];
    if (place === undefined) return;
    const standing = this.standing(place);
    const graded = (colour: Colour | undefined, turn: number) => this.grades.get(place.no)?.push({ at, colour, turn });
    switch (step.kind) {
      case 'sign': {
        if (standing !== undefined) return;
        // A point that comes back stands still with what has been approved for it.
        const stops = this.stops.filter(({ no, until }) => no === place.no && at < until);
        const signed = (point: DutyPoint) =>
          stops.reduce(
            (known, { no: _, ...stop }) => withStop(known, stop),
            signDuty({ point, cadence: cadences[step.colour] }, at),
          );
        const written = await this.change(place, turn, (on) => ({ [step.colour]: signed(on(step.colour) ?? emptyPoint) }));
        graded(step.colour, written);
        return;
      }
      case 'retire': {
        if (standing === undefined) return;
        const cadence = cadences[standing];
        const written = await this.change(place, turn, (on) => ({
          [standing]: retireDuty({ point: on(standing) ?? emptyPoint, cadence }, at),
        }));
        graded(undefined, written);
        return;
      }
      case 'regrade': {
        const { colour } = step;
        if (standing === undefined || standing === colour) return;
        const written = await this.change(place, turn, (on) => {
          const from = { point: on(standing) ?? emptyPoint, cadence: cadences[standing] };
          const to = { point: on(colour) ?? emptyPoint, cadence: cadences[colour] };
          const moved = moveDuty(from, to, isGraver(colour, standing), at);
          return { [standing]: moved.from, [colour]: moved.to };
        });
        graded(colour, written);
        return;
      }
      case 'stop': {
        const from = plusMs(at, step.begins);
        const stop = { id: `stop-${this.stops.length}`, from, until: plusMs(from, step.lasts), approvedAt: at };
        await this.stopped(place, turn, stop);
        if (standing !== undefined || (this.grades.get(place.no)?.length ?? 0) > 0) this.stops.push({ no: place.no, ...stop });
        return;
      }
      case 'lift': {
        const index = this.stops.findLastIndex((stop) => stop.no === place.no && stop.until > at);
        const stop = this.stops[index];
        if (stop === undefined) return;
        const lifted = { ...stop, until: at };
        const { no: _, ...onPage } = lifted;
        await this.stopped(place, turn, onPage);
        this.stops[index] = lifted;
      }
    }
  }

  /** A stop lies on the point under every colour that it has or had. */
  stopped(place: (typeof PLACES)[number], turn: () => Promise<unknown>, stop: Stop): Promise<number> {
    return this.change(place, turn, (on) =>
      Object.fromEntries(
        COLOURS.flatMap((colour) => {
          const point = on(colour);
          return point === undefined ? [] : [[colour, withStop(point, stop)] as const];
        }),
      ),
    );
  }

  /** Several people and schedules at the same time, in every order of their steps, some of them dying on the way. */
  async together(what: readonly (Submission | Close)[], register: Registered | undefined): Promise<void> {
    const again: (() => Promise<void>)[] = [];
    const registering = register && this.register(register, this.turn);
    const latest = Math.max(...what.map(({ after }) => after));
    const running = what.map(async (op) => {
      // No request takes as long as a closing waits for it: what the register was asked before a window's end is written by then.
      const isSoon = op.kind === 'close' && register !== undefined;
      const at = plusMs(this.at, isSoon ? Math.min(op.after, MINUTE) : op.after);
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
    await this.scheduler.waitFor(Promise.all([...running, registering]));
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

  /** The store of one round, which remembers what had been written when the round was decided. */
  watched(round: string): DutyStore {
    let read = 0;
    return {
      ...this.store,
      pagesOf: (owner) => {
        read = this.turns;
        return this.store.pagesOf(owner);
      },
      save: async (change) => {
        await this.store.save(change);
        this.decided.set(round, read);
      },
    };
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
        store: seenBy(this.watched(round), this.turn, retry === undefined ? op.diesAt : undefined),
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
        this.checks.push({ no, claimedAt, receivedAt: answer.receivedAt, turn: this.decided.get(round) ?? this.turns });
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
