/**
 * The register under random histories of commands: the records are the fold of their events, each stands in the partition of its
 * colour and nowhere else, what counts is counted, and the duty pages hold exactly the slots and stops that the events call for.
 */
import fc from 'fast-check';
import * as api from '../../functions/serve-register/api.ts';
import { served } from '../../functions/serve-register/served.ts';
import { changeCommit, type RegisterChange } from '../../shared/data/register-store.ts';
import { instant, periodAt, plusMs, windowOf } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { COLOURS, type Colour } from '../../shared/domain/colour.ts';
import { hasSlot, isExcused, pointOf } from '../../shared/domain/duty-page.ts';
import { commandId, type RiskNo, riskNo } from '../../shared/domain/ids.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import { REGISTER_DENIALS } from '../../shared/domain/register-denials.ts';
import { countingOf } from '../../shared/domain/register-list.ts';
import { evolveOwner, newOwner, type OwnerFact, ownerStanding, type RegisterOwner } from '../../shared/domain/register-owner.ts';
import {
  countingColour,
  evolveRisk,
  type RiskFact,
  type RiskPoint,
  riskSubject,
  standingOf,
} from '../../shared/domain/register-risk.ts';
import { covers, endedSuspension, type Suspension } from '../../shared/domain/register-suspension.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Route } from '../../shared/runtime/route.ts';
import { eachSlot, type Grade, type History } from '../support/duty-oracle.ts';
import { fakeRegister } from '../support/fake-register.ts';
import { usccOf } from '../support/lists.ts';
import { assessed, department, enterpriseBody, type Person, riskContent, staff } from '../support/register-api.ts';
import { county } from '../support/tokens.ts';

process.env.REGISTER_TABLE = 'Register';
const uscc = usccOf(1);
const owner = enterpriseOwner(uscc);
const begin = instant('2026-06-01T00:00:00Z');
const HOUR = 3_600_000;
const NUMBERS = ['R-1', 'R-2', 'constructor'];
const WORKSHOPS = ['甲车间', '乙车间'];

const no = fc.constantFrom(...NUMBERS);
const colour = fc.constantFrom(...COLOURS);
const by = fc.constantFrom('head' as const, 'manager' as const);
const actions = fc.array(
  fc.tuple(
    fc.nat(90),
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constant('add'),
          no,
          colour: fc.option(colour, { freq: 8 }),
          workshop: fc.constantFrom(...WORKSHOPS),
        }),
      },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('regrade'), no, colour, by }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('sign') }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('move'), no, workshop: fc.constantFrom(...WORKSHOPS) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('retire'), no, by }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('adjust'), colour }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('return') }) },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constant('suspend'),
          scope: fc.oneof(
            fc.constant({ of: 'enterprise' }),
            fc.constantFrom(...WORKSHOPS).map((workshop) => ({ of: 'workshop', workshop })),
            fc.constantFrom(...NUMBERS).map((each) => ({ of: 'points', points: [each] })),
          ),
          from: fc.integer({ min: -50, max: 200 }),
          hours: fc.integer({ min: -10, max: 1500 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('lift'), which: fc.nat(2) }) },
    ),
  ),
  { minLength: 5, maxLength: 40 },
);
type Action = { readonly do: string; readonly no?: string; readonly by?: 'head' | 'manager'; readonly [more: string]: unknown };

/** A register whose writes are also carried out key by key, as the table would. */
function registerWithKeys() {
  const fake = fakeRegister(county);
  const table = new Map<string, { readonly _et: string; readonly record?: RegisterOwner; readonly risk?: RiskPoint }>();
  const save = async (change: RegisterChange): Promise<void> => {
    await fake.register.save(change);
    for (const write of changeCommit(county, change).writes) {
      const { Put, Delete } = write.params() as {
        Put?: { Item: Record<string, unknown> };
        Delete?: { Key: Record<string, unknown> };
      };
      if (Delete !== undefined) expect(table.delete(`${Delete.Key.pk} ${Delete.Key.sk}`)).toBe(true);
      if (Put !== undefined) table.set(`${Put.Item.pk} ${Put.Item.sk}`, Put.Item as never);
    }
  };
  return { ...fake, register: { ...fake.register, save }, table };
}

async function run(history: readonly (readonly [number, Action])[]) {
  const fake = registerWithKeys();
  const routes = served({ county, register: fake.register, duties: fake.duties, ledger: fake.ledger });
  const { head, manager } = staff();
  const refusals: Problem[] = [];
  let at = begin;
  let commands = 0;
  const ask = async (route: Route, as: Person, params: object, body: object): Promise<void> => {
    const caller: Caller = { ...as, county };
    const command = commandId(`command-${++commands}`);
    try {
      const read = route.body?.parse(body) as Record<string, unknown>;
      const found = routes.find((each) => each.route === route);
      await found?.run({
        params: { uscc, ...params },
        query: {},
        body: read,
        caller,
        at,
        commandId: command,
        requestHash: '',
      } as never);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      refusals.push(error);
    }
  };
  await ask(api.registerEnterprise, department, {}, enterpriseBody(1, { workshops: [] }));
  for (const [hours, action] of history) {
    at = plusMs(at, hours * HOUR);
    const as = action.by === 'head' ? head : manager;
    const named = { no: action.no };
    const risk = action.no === undefined ? undefined : await fake.register.risk({ owner, no: riskNo(action.no) });
    const stands = await fake.register.owner(owner);
    const version = risk?.version ?? 0;
    const content = riskContent({ workshop: action.workshop ?? risk?.content.workshop });
    switch (action.do) {
      case 'add':
        await ask(
          api.addRisk,
          as,
          {},
          {
            no: action.no,
            content,
            ...(action.colour !== null && { assessments: assessed(action.colour as Colour) }),
          },
        );
        break;
      case 'regrade':
        await ask(api.regradeRisk, as, named, { version, assessments: assessed(action.colour as Colour), because: '变化' });
        break;
      case 'move':
        await ask(api.changeRisk, as, named, { version, content });
        break;
      case 'retire':
        await ask(api.retireRisk, as, named, { version, because: '拆除' });
        break;
      case 'adjust':
        await ask(api.adjustOverallGrade, department, {}, { version: stands?.version, colour: action.colour, reason: '评估' });
        break;
      case 'return':
        await ask(api.returnToRule, department, {}, { version: stands?.version, reason: '复核' });
        break;
      case 'sign': {
        const read = routes.find(({ route }) => route === api.readRiskList);
        const state = (await read?.run({ params: { uscc }, query: {}, body: {}, caller: { ...head, county }, at } as never)) as {
          version: number;
          list: number;
          digest: string;
        };
        if (state.list > 0)
          await ask(api.signRiskList, head, {}, { version: state.version, list: state.list, digest: state.digest });
        break;
      }
      case 'suspend': {
        const from = plusMs(at, (action.from as number) * HOUR);
        const until = plusMs(from, (action.hours as number) * HOUR);
        await ask(
          api.approveSuspension,
          head,
          {},
          { kind: 'maintenance', scope: action.scope, from, until, reason: '检修', approver: '赵六' },
        );
        break;
      }
      case 'lift': {
        const stop = (await fake.register.suspensionsOf(owner))[action.which as number];
        if (stop !== undefined)
          await ask(api.liftSuspension, manager, { id: stop.id }, { version: stop.lifted ? 2 : 1, because: '完工' });
        break;
      }
    }
  }
  return { fake, refusals, at };
}

type Ran = Awaited<ReturnType<typeof run>>;

const stored = (record: unknown): unknown => JSON.parse(JSON.stringify(record));

function foldOf({ fake }: Ran) {
  let record = newOwner(owner);
  const risks = new Map<string, RiskPoint>();
  const stops = new Map<string, Suspension>();
  for (const { subject, type, data } of fake.events()) {
    if (subject === `ENT#${uscc}`) {
      const fact = { type, data } as OwnerFact;
      record = evolveOwner(record, fact);
      if (fact.type === 'SuspensionApproved') stops.set(fact.data.id, fact.data);
      const lifted = fact.type === 'SuspensionLifted' ? stops.get(fact.data.id) : undefined;
      if (lifted !== undefined && fact.type === 'SuspensionLifted') stops.set(lifted.id, endedSuspension(lifted, fact.data));
    } else risks.set(subject, evolveRisk(risks.get(subject), { type, data } as RiskFact));
  }
  return { record, risks, stops };
}

/** When each point had which colour by which it counts, read off the events alone. */
function gradesOf({ fake }: Ran): History['grades'] {
  const grades = new Map<string, Grade[]>();
  const risks = new Map<string, RiskPoint>();
  let record = newOwner(owner);
  for (const { subject, type, data, at } of fake.events()) {
    if (subject === `ENT#${uscc}`) record = evolveOwner(record, { type, data } as OwnerFact);
    else risks.set(subject, evolveRisk(risks.get(subject), { type, data } as RiskFact));
    for (const risk of risks.values()) {
      const of = grades.get(risk.no) ?? [];
      const counts = countingColour(risk, record.list);
      if (of.at(-1)?.colour !== counts) grades.set(risk.no, [...of, { at, colour: counts, turn: of.length }]);
    }
  }
  return grades;
}

function checkRecords(ran: Ran): void {
  const { fake } = ran;
  const { record, risks, stops } = foldOf(ran);
  expect(fake.owners()).toEqual([stored(record)]);
  expect(new Map(fake.risks().map((risk) => [riskSubject(risk), risk]))).toEqual(
    new Map([...risks].map(([subject, risk]) => [subject, stored(risk)])),
  );
  expect(record.counting).toEqual(countingOf(fake.risks(), record.list.signedVersion));
  // Sequences without a gap, one after the other.
  const seen = new Map<string, number>();
  expect(
    fake.events().filter(({ subject, sequence }) => {
      seen.set(subject, (seen.get(subject) ?? 0) + 1);
      return sequence !== seen.get(subject);
    }),
  ).toEqual([]);
  // Each record stands once, in the partition of its colour.
  const places = [...fake.table].filter(([, { _et }]) => _et === 'OWNER' || _et === 'RISK');
  expect(places.map(([key]) => key).sort()).toEqual(
    [
      `${county}#${ownerStanding(record)} ENT#${uscc}`,
      ...[...risks.values()].map((risk) => `${county}#${standingOf(risk)} ${riskSubject(risk)}`),
    ].sort(),
  );
  expect([...fake.table].filter(([, { _et }]) => _et === 'STOP')).toHaveLength(stops.size);
}

async function checkDuties(ran: Ran): Promise<void> {
  const horizon = plusMs(ran.at, 70 * 24 * HOUR);
  const cadences = cadencesOf(county, ran.at);
  const { stops } = foldOf(ran);
  const wanted = new Set<string>();
  for (const slot of eachSlot({ grades: gradesOf(ran), checks: [], stops: [] }, cadences, horizon)) {
    wanted.add(`${slot.no} ${slot.colour} ${slot.period}`);
  }
  const found: string[] = [];
  const wrong: string[] = [];
  for (const { page } of await ran.fake.duties.pagesOf(owner)) {
    const cadence = cadences[page.colour];
    for (const number of Object.keys(page.points) as RiskNo[]) {
      const point = pointOf(page, number);
      if (point === undefined) continue;
      if (point.spans.length === 0) wrong.push(`${number} ${page.colour} has no duty`);
      for (let period = periodAt(cadence, begin); period <= periodAt(cadence, horizon); period++) {
        if (!hasSlot(point, period)) continue;
        found.push(`${number} ${page.colour} ${period}`);
        const window = windowOf(cadence, period);
        const excused = [...stops.values()].some(
          (stop) =>
            (stop.lifted === undefined || stop.from < stop.lifted.at) &&
            covers(stop, number, page.workshop) &&
            stop.approvedAt < window.until &&
            stop.from < window.until &&
            window.until <= stop.until,
        );
        if (isExcused(point, window) !== excused) wrong.push(`${number} ${page.colour} ${window.until}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(found.sort()).toEqual([...wanted].sort());
}

const A_SENTENCE = /^\p{Script=Han}.*。$/u;

function checkRefusals({ refusals }: Ran): void {
  const bad = refusals.filter(
    ({ status, code, message }) => status < 400 || status >= 500 || !/^[a-z-]+$/.test(code) || !A_SENTENCE.test(message),
  );
  expect(bad).toEqual([]);
}

test('whatever is done to a register, its records, partitions, counts, duties and stops are what its events say, and each refusal says why', async () => {
  await fc.assert(
    fc.asyncProperty(actions, async (history) => {
      const ran = await run(history);
      checkRecords(ran);
      await checkDuties(ran);
      checkRefusals(ran);
    }),
    { numRuns: 60 },
  );
}, 30_000);

test('every denial has its sentence', () => {
  expect(
    Object.entries(REGISTER_DENIALS).filter(([code, { says }]) => !/^[a-z-]+$/.test(code) || !/\p{Script=Han}.*。$/u.test(says)),
  ).toEqual([]);
});
