/**
 * The state of a county is in its ledger: what is rebuilt from the events alone, in whatever order the log has the subjects, is item by item
 * what the tables hold; and a day's snapshot goes on from the lines of the one before as if there had been no night between.
 */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as api from '../../functions/serve-register/api.ts';
import { stateWrites } from '../../shared/data/restore/state-writes.ts';
import { plusMs } from '../../shared/domain/calendar.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import type { RecordedEvent } from '../../shared/domain/ledger-fact.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import { emptySnapshot, foldEvent, type Snapshot } from '../../shared/domain/rebuild.ts';
import { coverageOf } from '../../shared/domain/rebuild-coverage.ts';
import { linesOf, snapshotFrom } from '../../shared/domain/rebuild-lines.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';
import { rebuildRulesOf } from '../../shared/policy/rebuild-rules.ts';
import { usccOf } from '../support/lists.ts';
import { BEGIN, COUNTY, eventsIn, itemsIn, PlayedCounty, type StoredItem } from '../support/played-county.ts';
import { assessed, department, riskContent, staff } from '../support/register-api.ts';

const HOUR = 3_600_000;
const NUMBERS = ['R-1', 'R-2', 'R-3', 'constructor', '12'];
const WORKSHOPS = ['甲车间', '乙车间'];
const rules = rebuildRulesOf(COUNTY);

const no = fc.constantFrom(...NUMBERS);
const colour = fc.constantFrom(...COLOURS);
const workshop = fc.constantFrom(...WORKSHOPS);
const enterprise = fc.constantFrom(1, 2);
const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('add' as const), n: enterprise, no, colour, workshop }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('regrade' as const), n: enterprise, no, colour }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move' as const), n: enterprise, no, workshop }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('retire' as const), n: enterprise, no }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('sign' as const), n: enterprise }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('adjust' as const), n: enterprise, colour }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('suspend' as const),
      n: enterprise,
      workshop: fc.option(workshop),
      hours: fc.integer({ min: 24, max: 900 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lift' as const), n: enterprise }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('round' as const),
      n: enterprise,
      nos: fc.uniqueArray(no, { minLength: 1, maxLength: 5 }),
      hoursAgo: fc.integer({ min: 0, max: 60 }),
      finds: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('close' as const), colour }) },
);
const hours = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 12, max: 80 }));
const history = fc.array(fc.tuple(hours, action), { minLength: 15, maxLength: 45 });
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

async function play(county: PlayedCounty, act: Action): Promise<void> {
  if (act.do === 'close') return county.close(act.colour);
  const { n } = act;
  const params = { uscc: usccOf(n) };
  const { head, manager, holder: _ } = staff(n);
  const owner = enterpriseOwner(usccOf(n));
  const risk = 'no' in act ? (await county.register.listOf(owner)).find((each) => each.no === act.no) : undefined;
  const version = risk?.version ?? 0;
  switch (act.do) {
    case 'add':
      return void (await county.add(n, act.no, act.colour, act.workshop));
    case 'regrade':
      return void (await county.ask(
        api.regradeRisk,
        head,
        { ...params, no: act.no },
        { version, assessments: assessed(act.colour), because: '变化' },
      ));
    case 'move':
      return void (await county.ask(
        api.changeRisk,
        head,
        { ...params, no: act.no },
        { version, content: riskContent({ workshop: act.workshop }) },
      ));
    case 'retire':
      return void (await county.ask(api.retireRisk, head, { ...params, no: act.no }, { version, because: '拆除' }));
    case 'sign':
      return county.sign(n);
    case 'adjust': {
      const stands = await county.register.owner(owner);
      return void (await county.ask(api.adjustOverallGrade, department, params, {
        version: stands?.version,
        colour: act.colour,
        reason: '评估',
      }));
    }
    case 'suspend': {
      const scope = act.workshop === null ? { of: 'enterprise' } : { of: 'workshop', workshop: act.workshop };
      const until = plusMs(county.at, act.hours * HOUR);
      const body = { kind: 'maintenance', scope, from: county.at, until, reason: '检修', approver: '赵六' };
      return void (await county.ask(api.approveSuspension, head, params, body));
    }
    case 'lift': {
      const [stop] = (await county.register.suspensionsOf(owner)).filter(({ lifted }) => lifted === undefined);
      if (stop !== undefined)
        await county.ask(api.liftSuspension, manager, { ...params, id: stop.id }, { version: 1, because: '完工' });
      return;
    }
    case 'round': {
      // Most of the points that there are: one that nobody has signed for would have the whole round refused.
      const signed = (await county.duties.pagesOf(owner)).flatMap(({ page }) => Object.keys(page.points));
      const nos = act.nos.filter((each) => signed.includes(each));
      if (nos.length > 0) await county.round(n, nos, act.hoursAgo * HOUR, act.finds ? nos[0] : undefined);
    }
  }
}

/** Another order of the log: each subject's events stay in theirs. */
function shuffled(events: readonly RecordedEvent[], picks: Iterator<number>): RecordedEvent[] {
  const of = new Map<string, RecordedEvent[]>();
  for (const event of events) of.set(event.subject, [...(of.get(event.subject) ?? []), event]);
  const queues = [...of.values()];
  const order: RecordedEvent[] = [];
  while (queues.length > 0) {
    const at = (picks.next().value ?? 0) % queues.length;
    const next = queues[at]?.shift();
    if (next !== undefined) order.push(next);
    if (queues[at]?.length === 0) queues.splice(at, 1);
  }
  return order;
}

const foldOf = (events: readonly RecordedEvent[], from = emptySnapshot(COUNTY)): Snapshot =>
  events.reduce((snapshot, event) => foldEvent(snapshot, event, rules), from);

const stored = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

/** As the tables would hold it. */
function itemsOf(snapshot: Snapshot, table: string, at = BEGIN): ReadonlyMap<string, unknown> {
  const writes = [...stateWrites(snapshot, [], at)].flatMap((write) => {
    const { Put } = write.params() as { Put?: { TableName: string; Item: StoredItem } };
    return Put?.TableName === table ? [Put.Item] : [];
  });
  return new Map(writes.map((item) => [`${item.pk} ${item.sk}`, stored(item)]));
}

/** The closing's cursors are no state: they say how far it has come, and the next closing writes them. */
const comparable = (items: ReadonlyMap<string, StoredItem>) => new Map([...items].filter(([, { _et }]) => _et !== 'CURSOR'));

/** In the only way of its members: what two folds have to agree on, byte for byte. */
const bytesOf = (snapshot: Snapshot, at: PlayedCounty['at']): readonly string[] =>
  [...linesOf(snapshot, at)].map(([part, line]) => `${part} ${Buffer.from(canonical(stored(line) as never)).toString()}`);

/** Of everything that writes a duty page, and what is sealed of it. */
const SEEN = [
  'RiskListChanged',
  'RiskListSigned',
  'SuspensionApproved',
  'SuspensionLifted',
  'RoundSubmitted',
  'PeriodSealed',
  'SealAmended',
] as const;

test('the register, its duty pages and its cases are rebuilt item by item from their events, in whatever order the log has them', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(history, fc.infiniteStream(fc.nat()), async (acts, picks) => {
      const county = new PlayedCounty();
      for (const n of [1, 2]) await county.enterprise(n, { 'R-1': 'RED', 'R-2': n === 1 ? 'RED' : 'BLUE' }, '甲车间');
      for (const [hours, act] of acts) {
        county.at = plusMs(county.at, hours * HOUR);
        await play(county, act);
      }
      const events = eventsIn(county.tables);
      const order = shuffled(events, picks);
      const snapshot = foldOf(order);
      for (const { type } of events) seen.add(type);
      expect(snapshot.parts.waiting.size).toBe(0);
      for (const table of ['REGISTER_TABLE', 'HAZARDS_TABLE']) {
        expect(itemsOf(snapshot, table)).toEqual(comparable(itemsIn(county.tables, table)));
      }
      // In two pieces, with a night between them.
      const cut = (picks.next().value ?? 0) % (order.length + 1);
      const evening = foldOf(order.slice(0, cut));
      const morning = snapshotFrom(COUNTY, stored([...linesOf(evening, county.at)]));
      expect(bytesOf(foldOf(order.slice(cut), morning), county.at)).toEqual(bytesOf(snapshot, county.at));
      // The month as it is told to people.
      const month = new Date(Date.parse(county.at) + 8 * HOUR).toISOString().slice(0, 7);
      const told = await county.figures(month);
      const checks = coverageOf(snapshot, county.at, rules).checks.find((one) => one.month === month)?.byColour;
      for (const one of COLOURS) {
        const of = [...(told.get(one)?.values() ?? [])];
        const total = (what: 'due' | 'onTime' | 'missed') => of.reduce((sum, figures) => sum + figures[what], 0);
        expect([checks?.[one].due, checks?.[one].onTime, checks?.[one].missed]).toEqual([
          total('due'),
          total('onTime'),
          total('missed'),
        ]);
      }
    }),
    { numRuns: 8, seed: 20261125 },
  );
  // What has to be seen is seen by a seed that is fixed.
  expect([...seen].sort()).toEqual(expect.arrayContaining([...SEEN]));
}, 60_000);
