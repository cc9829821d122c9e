import { roundOf, roundsOfDay } from '../../functions/serve-checks/rounds.ts';
import { submitRound as route } from '../../functions/submit-round/api.ts';
import { openCasesIn } from '../../functions/submit-round/open-cases.ts';
import { answerAgain, submitRound } from '../../functions/submit-round/submit-round.ts';
import type { LedgerStore } from '../../shared/data/ledger-store.ts';
import { roundSubject } from '../../shared/data/round-store.ts';
import { dayOf, instant } from '../../shared/domain/calendar.ts';
import { type DutyPage, emptyPoint, signDuty } from '../../shared/domain/duty-page.ts';
import type { Hazard, HazardReport } from '../../shared/domain/hazard.ts';
import { personId, riskNo } from '../../shared/domain/ids.ts';
import { departmentOwner } from '../../shared/domain/owner.ts';
import { newOwner } from '../../shared/domain/register-owner.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { serve } from '../../shared/runtime/route.ts';
import { apiCall } from '../support/api-call.ts';
import { fakeDuties } from '../support/duties.ts';
import { enterprise, photo, township, uscc } from '../support/hazard-case.ts';
import { county, testIssuer } from '../support/tokens.ts';

process.env.POWERTOOLS_DEV = 'false';
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';

const signedAt = instant('2026-03-01T09:00:00+08:00');
const tank = riskNo('R1');
/** So many control measures it has. */
const ITEMS = 2;
const page: DutyPage = {
  owner: enterprise,
  colour: 'RED',
  points: { [tank]: signDuty({ point: emptyPoint, cadence: 'day' }, signedAt) },
};

/** `moved`: so often the risk is found neither where it stood nor where it goes. */
async function roundsApi({ moved = 0 } = {}) {
  let isMoving = moved;
  const store = fakeDuties();
  await store.save({ pages: [{ page, ifVersion: 0 }], exceptions: [], events: [] });
  const { rules, tokenOf } = await testIssuer();
  const eventsOf = async (round: string) => store.ledger.filter(({ subject }) => subject === roundSubject(round));
  const register = {
    owner: async () => ({
      ...newOwner(enterprise),
      enterprise: {
        ...{ name: '合成样例厂', township, industry: 'hazardous-chemicals' },
        ...{ supervisor: departmentOwner('YJJ'), contacts: [], workshops: [] },
      },
    }),
    risk: async () => ({
      ...{ owner: enterprise, no: tank, addedIn: 1, changedIn: 1, version: 1 },
      content: {
        ...{ name: '一号储罐', location: '罐区', dimensions: [], participants: [], mainRisk: '', accidents: [] },
        ...{ possibleHazards: '', consequences: '', controls: [], emergency: '', reporting: '', responsible: '李四' },
      },
    }),
  };
  const handler = apiHandler({
    service: 'test',
    environment: {
      ...{ COUNTY: county, ISSUER: rules.issuer, AUDIENCE: rules.audience },
      ...{ JWKS_URI: 'https://issuer.test/keys', SIMULATION: 'true' },
    },
    tokens: rules,
    answerOf: (again) => answerAgain(eventsOf, again),
    routes: [
      serve(
        route,
        submitRound({
          ...{ store, county, eventsOf, openCases: openCasesIn(county, register) },
          checklistsOf: async (places) => {
            const isThere = isMoving-- <= 0;
            return new Map(places.flatMap(({ no, standing }) => (isThere && standing === 'RED' ? [[no, ITEMS]] : [])));
          },
          pause: async () => undefined,
        }),
      ),
    ],
  });
  const call = apiCall(handler);
  const submit = async (item: object, { by = 'li', key = 'round-0001', at = '2026-03-02T09:00:00+08:00' } = {}) =>
    call('POST /v1/check-rounds', {
      token: await tokenOf({ id: personId(by), role: 'team-leader', owner: enterprise }),
      body: { checkedAt: '2026-03-02T08:50:00+08:00', items: [{ riskNo: tank, ...item }] },
      headers: { 'x-simulated-at': at, 'idempotency-key': key },
    });
  return { store, submit };
}

const found = (own: object = {}) => ({
  ...{ result: 'hazard', answers: 'yn' },
  hazards: [{ name: '报警器失灵', description: '无声光报警', evidence: [photo('a')], ...own }],
});

test('a hazard that a round finds is a case from that very moment: place, township, department, deadline and round', async () => {
  const { store, submit } = await roundsApi();
  const { status, body } = await submit(found({ level: 'major' }));
  expect([status, body.items[0].outcome, body.items[0].hazards.length]).toEqual([201, 'on-time', 1]);
  const reported = store.ledger.find(({ type }) => type === 'HazardReported');
  const data = reported?.data as HazardReport & Pick<Hazard, 'obligations'>;
  expect(reported).toMatchObject({ at: '2026-03-02T01:00:00.000Z', subject: `HAZ#${body.items[0].hazards[0]}`, sequence: 1 });
  expect(data).toMatchObject({
    ...{ id: body.items[0].hazards[0], colour: 'RED', owner: enterprise, township, supervisor: 'DEPT:YJJ' },
    finding: {
      ...{
        source: 'self-check',
        place: '罐区（一号储罐）',
        description: '报警器失灵：无声光报警',
        risk: 'R1',
        round: 'round-0001',
      },
      ...{ suspectedMajor: true, at: '2026-03-02T00:50:00.000Z' },
    },
    begins: [{ kind: 'verify', why: { rule: 'hazards.major.verify', clause: '二(五)' } }],
  });
});

test('the same round sent twice is one round and one case; its number in another hand is refused and tells nothing', async () => {
  const { store, submit } = await roundsApi();
  const first = await submit(found());
  const written = store.ledger.length;
  expect(await submit(found(), { at: '2026-03-02T09:05:00+08:00' })).toEqual(first);
  expect(store.ledger).toHaveLength(written);
  const strange = await submit(found(), { by: 'zhou' });
  expect([strange.status, strange.body.code, strange.body.items]).toEqual([422, 'idempotency-key-reused', undefined]);
});

test('evidence of another enterprise, too much of it, and a text that is too long are refused with the rule', async () => {
  const { store, submit } = await roundsApi();
  const code = async (own: object) => (await submit(found(own))).body.code;
  expect(await code({ evidence: [photo('a').replace(uscc, '91350100M000100Y43')] })).toBe('evidence-of-another');
  expect(await code({ evidence: Array.from({ length: 10 }, (_, index) => photo(`${index}`)) })).toBe('too-much-evidence');
  expect(await code({ description: '长'.repeat(501) })).toBe('text-too-long');
  const { body } = await submit({ result: 'normal', answers: 'yy' }, { at: '2026-03-07T09:00:00+08:00' });
  expect(body).toMatchObject({ code: 'claimed-too-old', why: { rule: 'checks.claim', origin: 'ours' } });
  expect(store.ledger).toEqual([]);
});

test('a point that nobody signed is named, and nothing is written', async () => {
  const { store, submit } = await roundsApi();
  const { status, body } = await submit({ riskNo: 'R9', result: 'normal', answers: 'yy' });
  expect([status, body.code, body.points]).toEqual([422, 'unknown-points', ['R9']]);
  expect(store.ledger).toEqual([]);
});

test('a check answers every item of the checklist; what does not conform is a hazard (一企一标准)', async () => {
  const { store, submit } = await roundsApi();
  const faults = async (item: object) => (await submit(item)).body.errors?.map(({ at }: { at: string }) => at);
  expect(await faults({ result: 'normal' })).toEqual(['items.0.answers']);
  expect(await faults({ ...found(), answers: undefined })).toEqual(['items.0.answers']);
  expect(await faults({ result: 'normal', answers: 'yn' })).toEqual(['items.0.answers']);
  for (const item of [
    { result: 'normal', answers: 'y' },
    { result: 'normal', answers: 'yyy' },
    { ...found(), answers: 'n' },
  ]) {
    const { status, body } = await submit(item);
    expect([status, body.code]).toEqual([422, 'checklist-mismatch']);
    expect(body.points).toEqual([{ riskNo: 'R1', expected: ITEMS, given: item.answers.length }]);
  }
  expect(store.ledger).toEqual([]);
  expect((await submit({ result: 'normal', answers: 'yx' })).status).toBe(201);
});

test('a hazard may be of what no item of the checklist asks, and where a check does not apply there is nothing to answer', async () => {
  const { submit } = await roundsApi();
  expect((await submit({ ...found(), answers: 'yy' })).status).toBe(201);
  const { status } = await submit({ result: 'not-applicable', reason: '设备已断电挂牌' }, { key: 'round-0002' });
  expect(status).toBe(201);
});

test('a check that does not apply clears the duty, and whoever reads the round or the rounds of the day sees why', async () => {
  const { store, submit } = await roundsApi();
  const reason = '设备已断电挂牌';
  const { body } = await submit({ result: 'not-applicable', reason });
  expect(body.items).toEqual([{ riskNo: 'R1', outcome: 'on-time', hazards: [] }]);
  const shown = { round: 'round-0001', items: [{ riskNo: 'R1', outcome: 'on-time', notApplicable: reason }] };
  expect(roundOf(store.ledger)).toMatchObject(shown);
  const ledger: LedgerStore = {
    ofDay: async (_county, colour, day) => ({
      events: store.ledger.filter((event) => event.colour === colour && dayOf(event.at) === day),
    }),
    ofSubject: async () => ({ events: [] }),
    lastOf: async () => undefined,
    at: async () => undefined,
  };
  const dayOfIt = dayOf(instant(body.receivedAt));
  expect(await roundsOfDay(ledger, county, enterprise, dayOfIt)).toMatchObject([shown]);
});

test('the checklist of a risk that is being moved to another colour is looked for again', async () => {
  const { submit } = await roundsApi({ moved: 2 });
  expect((await submit({ result: 'normal', answers: 'yy' })).body).toMatchObject({ items: [{ outcome: 'on-time' }] });
});
