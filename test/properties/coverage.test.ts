/**
 * Coverage of counties with any history: what is worked out of the enterprises' records and of what is not graded is what all risks,
 * read one by one, say.
 */
import fc from 'fast-check';
import { readCoverage } from '../../functions/serve-checks/api.ts';
import { coverageOf, monthFigures, type Standing } from '../../functions/serve-checks/figures.ts';
import { servedChecks } from '../../functions/serve-checks/served.ts';
import * as api from '../../functions/serve-register/api.ts';
import { served } from '../../functions/serve-register/served.ts';
import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { dynamoUngradedStore } from '../../shared/data/ungraded-store.ts';
import { instant, plusMs } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { COLOURS, type Colour } from '../../shared/domain/colour.ts';
import { type Figures, noFigures, sumFigures } from '../../shared/domain/figures.ts';
import { commandId, riskNo } from '../../shared/domain/ids.ts';
import { enterpriseOwner, type Owner } from '../../shared/domain/owner.ts';
import type { RegisterOwner } from '../../shared/domain/register-owner.ts';
import type { RiskPoint } from '../../shared/domain/register-risk.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { enterprisesFor } from '../../shared/runtime/enterprise-in-sight.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Route } from '../../shared/runtime/route.ts';
import { usccOf } from '../support/lists.ts';
import { MemoryCounty } from '../support/memory-county.ts';
import { memoryTables } from '../support/memory-tables.ts';
import {
  assessed,
  committee,
  department,
  enterpriseBody,
  type Person,
  person,
  riskContent,
  staff,
} from '../support/register-api.ts';
import { county } from '../support/tokens.ts';

const begin = instant('2026-06-01T00:00:00Z');
const HOUR = 3_600_000;
const ENTERPRISES = [1, 2, 3];
const head = person('township-head', 'TOWN:533102102');

interface Action {
  readonly n: number;
  readonly no: string;
  readonly colour: Colour | null;
  readonly do: 'add' | 'regrade' | 'sign' | 'retire' | 'area';
}
const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.record({
    n: fc.constantFrom(...ENTERPRISES),
    no: fc.constantFrom('R-1', 'R-2'),
    colour: fc.option(fc.constantFrom(...COLOURS), { freq: 3 }),
    do: fc.constantFrom('add', 'add', 'regrade', 'sign', 'sign', 'retire', 'area'),
  }),
  { minLength: 1, maxLength: 25 },
);

/** One enterprise that has done everything, one with a risk that nobody graded, one whose signed risk is gone. */
const EACH_KIND = [
  { n: 1, no: 'R-1', colour: 'BLUE', do: 'add' },
  { n: 1, no: 'R-1', colour: null, do: 'sign' },
  { n: 2, no: 'R-1', colour: null, do: 'add' },
  { n: 3, no: 'R-1', colour: 'RED', do: 'add' },
  { n: 3, no: 'R-1', colour: null, do: 'sign' },
  { n: 3, no: 'R-1', colour: null, do: 'retire' },
] satisfies Action[];

/** The definition, over every risk of an enterprise. */
const standingByRisks = ({ list }: RegisterOwner, risks: readonly RiskPoint[], figures: Figures): Standing => {
  const kept = risks.filter(({ retired }) => retired === undefined);
  return {
    entered: kept.length > 0,
    standard: kept.length > 0 && kept.every(({ content }) => content.controls.length > 0),
    graded: kept.length > 0 && kept.every(({ grades }) => grades !== undefined),
    signed: kept.length > 0 && list.signedVersion > 0 && list.signedVersion === list.version,
    checked: figures.due + figures.running > 0 && figures.missed === 0,
  };
};

test('coverage reads no list of risks and says what the lists would say', async () => {
  let seen = { entered: 0, graded: 0, signed: 0, ungraded: 0, emptied: 0 };
  await fc.assert(
    fc.asyncProperty(actions, async (history) => {
      memoryTables();
      const [register, store] = [dynamoRegisterStore(county), dynamoDutyStore(county)];
      const changing = served({ county, register, duties: store, ledger: dynamoLedgerStore });
      const memory = new MemoryCounty();
      const reading = servedChecks({
        ...{ county, store, ledger: dynamoLedgerStore, roundEvents: async () => [], hazards: memory.hazards },
        register: { ...register, risksOf: () => Promise.reject(new Error('a list of risks was read')) },
        ungraded: dynamoUngradedStore(county),
        lists: { load: async () => undefined, submit: async () => undefined },
        evidence: { upload: () => Promise.reject(new Error()), download: () => Promise.reject(new Error()) },
        policyAt: (at) => policyFor(county, at),
      });
      let [at, commands] = [begin, 0];
      const run = async (routes: typeof changing, route: Route, as: Person, sent: object): Promise<unknown> => {
        const caller: Caller = { ...as, county };
        const found = routes.find((each) => each.route === route);
        const asked = {
          params: {},
          query: {},
          caller,
          at,
          commandId: commandId(`command-${++commands}`),
          requestHash: '',
          ...sent,
        };
        return found?.run(asked as never);
      };
      const change = async (route: Route, as: Person, params: object, body: object): Promise<void> => {
        try {
          await run(changing, route, as, { params, body: route.body?.parse(body) });
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
        }
      };
      for (const n of ENTERPRISES) await change(api.registerEnterprise, department, {}, enterpriseBody(n));
      for (const { n, no, colour, do: what } of history) {
        at = plusMs(at, 20 * HOUR);
        const [uscc, owner] = [usccOf(n), enterpriseOwner(usccOf(n))];
        const { head: own, manager } = staff(n);
        const version = (await register.risk({ owner, no: riskNo(no) }))?.version ?? 0;
        const graded = colour === null ? {} : { assessments: assessed(colour) };
        if (what === 'add') await change(api.addRisk, manager, { uscc }, { no, content: riskContent(), ...graded });
        else if (what === 'area') {
          await change(api.addArea, head, {}, { township: '533102102', no, content: riskContent(), ...graded });
        } else if (what === 'retire') await change(api.retireRisk, own, { uscc, no }, { version, because: '不再使用' });
        else if (what === 'regrade') {
          await change(api.regradeRisk, own, { uscc, no }, { version, assessments: assessed(colour ?? 'BLUE'), because: '复评' });
        } else {
          const {
            version: seenVersion,
            list,
            digest,
          } = (await run(changing, api.readRiskList, own, { params: { uscc } })) as {
            version: number;
            list: number;
            digest: string;
          };
          if (list > 0) await change(api.signRiskList, own, { uscc }, { version: seenVersion, list, digest });
        }
      }

      const month = '2026-06';
      const figures = new Map<Owner, Figures>();
      for (const owners of (await monthFigures(store, county, month, at)).values())
        for (const [owner, one] of owners) figures.set(owner, sumFigures(figures.get(owner) ?? noFigures, one));
      for (const as of [committee, staff(2).head]) {
        const caller: Caller = { ...as, county };
        const enterprises = await enterprisesFor(register, county, caller, 'ReadFigures');
        const expected = await Promise.all(
          [...enterprises.values()].map(async (one) => {
            const risks = await register.risksOf(one.owner);
            return { ...one, standing: standingByRisks(one, risks, figures.get(one.owner) ?? noFigures) };
          }),
        );
        for (const { standing, list } of as === committee ? expected : []) {
          seen = {
            entered: seen.entered + Number(standing.entered),
            graded: seen.graded + Number(standing.graded),
            signed: seen.signed + Number(standing.signed),
            ungraded: seen.ungraded + Number(standing.entered && !standing.graded),
            emptied: seen.emptied + Number(!standing.entered && list.version > 0),
          };
        }
        const answer = await run(reading, readCoverage, as, { params: { month }, query: { by: 'colour' } });
        expect(answer).toMatchObject({
          month,
          countedAt: at,
          groups: coverageOf(expected, 'colour', county, policyFor(county, at)),
        });
      }
    }),
    { numRuns: 12, examples: [[EACH_KIND]] },
  );
  expect(Object.values(seen).every((times) => times > 0)).toBe(true);
});
