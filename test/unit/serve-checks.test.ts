import { pageOfSorted } from '../../functions/serve-checks/paging.ts';
import { servedChecks } from '../../functions/serve-checks/served.ts';
import type { SubmittedList } from '../../shared/data/hazard-list-store.ts';
import { instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import type { Colour } from '../../shared/domain/colour.ts';
import { checkCharacter, creditCode } from '../../shared/domain/credit-code.ts';
import { type DutyPage, emptyPoint, signDuty } from '../../shared/domain/duty-page.ts';
import { hazardId, personId, type RiskNo, riskNo } from '../../shared/domain/ids.ts';
import { departmentOwner, enterpriseOwner, type Owner, townshipOwner } from '../../shared/domain/owner.ts';
import { newOwner, type RegisterOwner } from '../../shared/domain/register-owner.ts';
import type { RiskPoint } from '../../shared/domain/register-risk.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { apiCall } from '../support/api-call.ts';
import { fakeDuties } from '../support/duties.ts';
import { people as hazardPeople, opened, township } from '../support/hazard-case.ts';
import { MemoryCounty } from '../support/memory-county.ts';
import { county, testIssuer } from '../support/tokens.ts';

process.env.POWERTOOLS_DEV = 'false';
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';

const codeOf = (first17: string) => creditCode(`${first17}${checkCharacter(first17)}`);
const [mine, theirs] = [codeOf('91533102MA6K1A2B1'), codeOf('91533102MA6K1A2B2')];
const signedAt = instant('2026-02-20T09:00:00+08:00');
const cadences = cadencesOf(county, signedAt);

const enterpriseRecord = (uscc: typeof mine, supervisor: string): RegisterOwner => ({
  ...newOwner(enterpriseOwner(uscc)),
  enterprise: {
    ...{ name: '合成样例厂', township, industry: 'hazardous-chemicals' },
    ...{ supervisor: departmentOwner(supervisor), contacts: [], workshops: [] },
  },
  list: { version: 1, signedVersion: 1 },
  counting: { RED: 1, ORANGE: 0, YELLOW: 0, BLUE: 0 },
  overall: { colour: 'RED', rule: 'RED' },
});
const records = new Map<Owner, RegisterOwner>(
  [enterpriseRecord(mine, 'YJJ'), enterpriseRecord(theirs, 'ZJJ')].map((record) => [record.owner, record]),
);

const pageFor = (owner: Owner, colour: Colour, ...nos: string[]): DutyPage => ({
  owner,
  colour,
  points: Object.fromEntries(nos.map((no) => [no, signDuty({ point: emptyPoint, cadence: cadences[colour] }, signedAt)])),
});

const riskOf = (owner: Owner, no: RiskNo, workshop: string): RiskPoint => ({
  ...{ owner, no, addedIn: 1, changedIn: 1, version: 1 },
  content: {
    ...{ name: `风险点${no}`, location: '罐区', workshop, dimensions: [], participants: [], mainRisk: '', accidents: [] },
    ...{ possibleHazards: '', consequences: '', emergency: '', reporting: '', responsible: '李四' },
    controls: [{ kind: 'technical', level: 'team', text: '每班检查液位', person: '王五' }],
  },
});

const people = {
  li: { id: personId('li'), role: 'team-leader', owner: enterpriseOwner(mine) },
  wang: { id: personId('wang'), role: 'safety-manager', owner: enterpriseOwner(mine) },
  stranger: { id: personId('stranger'), role: 'head', owner: enterpriseOwner(theirs) },
  duan: { id: personId('duan'), role: 'department-officer', owner: departmentOwner('YJJ') },
  dao: { id: personId('dao'), role: 'township-officer', owner: townshipOwner(township) },
  committee: { id: personId('committee'), role: 'committee-officer' },
} as const satisfies Record<string, Omit<Caller, 'county'>>;
type Who = keyof typeof people;

async function checksApi(memory = new MemoryCounty()) {
  const store = fakeDuties();
  for (const page of [
    pageFor(enterpriseOwner(mine), 'RED', 'R1', 'R2', 'R3'),
    pageFor(enterpriseOwner(mine), 'ORANGE', 'O1'),
    pageFor(enterpriseOwner(theirs), 'RED', 'X1'),
    pageFor(townshipOwner(township), 'YELLOW', 'A1'),
  ])
    await store.save({ pages: [{ page, ifVersion: 0 }], exceptions: [], events: [] });
  const lists = new Map<string, SubmittedList>();
  const answers = new Map<string, { requestHash: string; answer: unknown }>();
  const { rules, tokenOf } = await testIssuer();
  const handler = apiHandler({
    service: 'test',
    environment: {
      ...{ COUNTY: county, ISSUER: rules.issuer, AUDIENCE: rules.audience },
      ...{ JWKS_URI: 'https://issuer.test/keys', SIMULATION: 'true' },
    },
    tokens: rules,
    answerOf: async ({ caller, commandId, requestHash }) => {
      const before = answers.get(`${caller.id}#${commandId}`);
      return before && { isSame: before.requestHash === requestHash, answer: before.answer };
    },
    routes: servedChecks({
      county,
      store,
      register: {
        owner: async (owner) => records.get(owner),
        risksOf: async (owner) => {
          const pages = await store.pagesOf(owner);
          return pages.flatMap(({ page }) => Object.keys(page.points).map((no) => riskOf(owner, riskNo(no), page.colour)));
        },
        risk: async ({ township: of, no }) =>
          of === township && no === 'A1' ? { ...riskOf(townshipOwner(of), no, 'RED'), township: of } : undefined,
        async *eachEnterprise() {
          yield* records.values();
        },
      },
      ungraded: { ungradedOwners: async () => new Set([...records.keys()]), hasGraded: async () => true },
      ledger: {
        ...memory.events,
        ofDay: async () => ({ events: [] }),
        lastOf: async () => undefined,
        at: async () => undefined,
      },
      roundEvents: async () => [],
      lists: {
        load: async (uscc, month) => lists.get(`${uscc}#${month}`),
        submit: async (uscc, month, submitted, _note, _occasion, command) => {
          lists.set(`${uscc}#${month}`, submitted);
          answers.set(`${command.by}#${command.id}`, command);
        },
      },
      hazards: memory.hazards,
      evidence: {
        upload: async (key, _file, { evidence }, at) => ({
          key,
          url: 'https://bucket.test',
          fields: {},
          expiresAt: at,
          why: evidence.why,
        }),
        download: async (key, _policy, at) => ({ url: `https://bucket.test/${key}`, expiresAt: at }),
      },
      policyAt: (at) => policyFor(county, at),
    }),
  });
  const call = apiCall(handler);
  return async (
    who: Who,
    routeKey: string,
    { query, params, body, key = 'command-1' }: { query?: object; params?: object; body?: object; key?: string } = {},
    at = '2026-03-02T09:00:00+08:00',
  ) =>
    call(routeKey, {
      token: await tokenOf(people[who]),
      ...(query && { query: query as Record<string, string> }),
      ...(params && { params: params as Record<string, string> }),
      ...(body && { body }),
      headers: { 'x-simulated-at': at, 'idempotency-key': key },
    });
}

const DUTIES = 'GET /v1/duties';

test('what is due for one’s own enterprise, most urgent first, each with its rule and its checklist', async () => {
  const ask = await checksApi();
  const { status, body } = await ask('li', DUTIES, { query: { state: 'open' } });
  expect([status, body.items.map(({ riskNo }: { riskNo: string }) => riskNo)]).toEqual([200, ['R1', 'R2', 'R3', 'O1']]);
  expect(body.items[0]).toMatchObject({
    ...{ colour: 'RED', cadence: 'day', period: '2026-03-02', until: '2026-03-02T16:00:00.000Z' },
    why: { rule: 'selfChecks.RED', clause: '二(五)', origin: 'policy' },
    checklist: [{ item: 1, text: '每班检查液位', person: '王五' }],
  });
});

test('duties page through to the end, each once, and a cursor of another list is refused', async () => {
  const ask = await checksApi();
  const whole = (await ask('li', DUTIES, { query: { limit: '200' } })).body.items.length;
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await ask('li', DUTIES, { query: { limit: '3', ...(cursor && { cursor }) } });
    seen.push(...body.items.map(({ riskNo, period }: { riskNo: string; period: string }) => `${riskNo} ${period}`));
    cursor = body.cursor;
  } while (cursor !== undefined);
  expect([seen.length, new Set(seen).size]).toEqual([whole, whole]);
  const strange = Buffer.from(JSON.stringify({ pk: 'x' })).toString('base64url');
  expect((await ask('li', DUTIES, { query: { cursor: strange } })).body.code).toBe('cursor-malformed');
});

test('narrowed to a workshop, a person, a state', async () => {
  const ask = await checksApi();
  const of = async (query: object) => (await ask('li', DUTIES, { query: { state: 'open', ...query } })).body.items.length;
  expect([await of({ workshop: 'ORANGE' }), await of({ person: '王五' }), await of({ person: '无' })]).toEqual([1, 4, 0]);
});

test('another’s enterprise is not there; those who supervise it or govern its township see it', async () => {
  const ask = await checksApi();
  for (const [routeKey, params] of [
    [DUTIES, {}],
    ['GET /v1/exceptions', {}],
    ['GET /v1/check-rounds', {}],
    ['GET /v1/hazard-lists/{month}', { month: '2026-03' }],
    ['GET /v1/figures/{month}', { month: '2026-03' }],
  ] as const) {
    const query = {
      enterprise: mine,
      ...(routeKey.endsWith('exceptions') && { month: '2026-03' }),
      ...(routeKey.endsWith('rounds') && { day: '2026-03-01' }),
    };
    const statuses = await Promise.all(
      (['stranger', 'duan', 'dao', 'committee', 'li'] as const).map(
        async (who) => (await ask(who, routeKey, { query, params })).status,
      ),
    );
    expect([routeKey, ...statuses]).toEqual([routeKey, 404, 200, 200, 200, 200]);
  }
  expect((await ask('duan', DUTIES, { query: { enterprise: theirs } })).status).toBe(404);
  expect((await ask('duan', DUTIES)).body.code).toBe('enterprise-missing');
});

test('a month’s exceptions are told per page and period, with a cursor', async () => {
  const ask = await checksApi();
  const query = { month: '2026-02', limit: '5' };
  const first = await ask('li', 'GET /v1/exceptions', { query });
  expect(first.body.items[0]).toMatchObject({
    enterprise: mine,
    colour: 'RED',
    period: '2026-02-20',
    missed: ['R1', 'R2', 'R3'],
    why: { rule: 'selfChecks.RED', clause: '二(五)' },
    sealed: false,
  });
  const second = await ask('li', 'GET /v1/exceptions', { query: { ...query, cursor: first.body.cursor } });
  expect([first.body.items.length, second.body.items.length, second.body.cursor]).toEqual([5, 5, undefined]);
});

test('figures add up and are those of the enterprises that the caller may see', async () => {
  const ask = await checksApi();
  const total = async (who: Who, query?: object) =>
    (await ask(who, 'GET /v1/figures/{month}', { params: { month: '2026-02' }, ...(query && { query }) })).body.total;
  const own = await total('li');
  expect(own).toEqual({ due: 28, onTime: 0, madeUpLate: 0, missed: 28, suspended: 0, running: 0 });
  expect(await total('duan')).toEqual(own);
  expect(await total('duan', { enterprise: mine })).toEqual(own);
  // Public areas have no duties, so a page under a government's name would be nobody's month: enterprises alone are counted.
  expect((await total('stranger')).due).toBe(9);
  expect((await total('committee')).due).toBe(28 + 9);
  expect((await total('dao')).due).toBe(28 + 9);
});

test('coverage counts the enterprises in sight, names the missing, and says by which rule', async () => {
  const ask = await checksApi();
  const params = { month: '2026-02' };
  const { body } = await ask('committee', 'GET /v1/coverage/{month}', { params, query: { by: 'colour' } });
  expect(body.countedAt).toBe('2026-03-02T01:00:00.000Z');
  expect(body.groups).toMatchObject([
    {
      of: 'RED',
      entered: {
        numerator: 2,
        denominator: 2,
        percent: '100.0',
        missing: [],
        why: { rule: 'coverage.entered', clause: '二(五)' },
      },
      graded: { numerator: 0, missing: [mine, theirs].sort(), why: { rule: 'coverage.graded' } },
      checked: { numerator: 0, percent: '0.0' },
    },
  ]);
  expect((await ask('duan', 'GET /v1/coverage/{month}', { params })).body.groups[0].entered.denominator).toBe(1);
  expect((await ask('li', 'GET /v1/coverage/{month}', { params })).body.groups[0].entered.denominator).toBe(1);
});

test('evidence of a public area is uploaded by those who own or inspect it, into its own folder, and read by those who may see it', async () => {
  const ask = await checksApi();
  const file = { type: 'image/jpeg', bytes: 1000, sha256: 'ab'.repeat(32), area: { township, no: 'A1' } };
  const upload = (who: Who, body: object = file) => ask(who, 'POST /v1/evidence', { body });
  const key = `evidence/AREA-${township}-A1/${'ab'.repeat(32)}.jpg`;
  expect(await upload('dao')).toMatchObject({ status: 201, body: { key } });
  expect((await upload('stranger')).status).toBe(404);
  expect((await upload('dao', { ...file, area: { township, no: 'A2' } })).status).toBe(404);
  expect((await upload('dao', { ...file, enterprise: mine })).body.code).toBe('enterprise-or-area');
  const read = async (who: Who) => (await ask(who, 'GET /v1/evidence', { query: { key } })).status;
  expect([await read('dao'), await read('committee'), await read('stranger')]).toEqual([200, 200, 404]);
});

test('evidence is uploaded into the enterprise’s own folder and read by those who may see the enterprise', async () => {
  const ask = await checksApi();
  const file = { type: 'image/jpeg', bytes: 1000, sha256: 'ab'.repeat(32) };
  const { status, body } = await ask('li', 'POST /v1/evidence', { body: file });
  expect([status, body.key]).toEqual([201, `evidence/${mine}/${'ab'.repeat(32)}.jpg`]);
  expect((await ask('li', 'POST /v1/evidence', { body: { ...file, type: 'text/html' } })).body.code).toBe('evidence-type');
  expect((await ask('li', 'POST /v1/evidence', { body: { ...file, bytes: 99_000_000 } })).body.code).toBe('evidence-too-large');
  const read = async (who: Who, key = body.key) => (await ask(who, 'GET /v1/evidence', { query: { key } })).status;
  expect([await read('li'), await read('duan'), await read('stranger')]).toEqual([200, 200, 404]);
  expect(await read('li', `evidence/${'0'.repeat(18)}/${'ab'.repeat(32)}.jpg`)).toBe(404);
});

test('a monthly list is submitted once, again only on the version that stands, and late when the month is over', async () => {
  const ask = await checksApi();
  const submit = (who: Who, version: number, key: string, at?: string) =>
    ask(who, 'POST /v1/hazard-lists/{month}', { params: { month: '2026-03' }, body: { version }, key }, at);
  const first = await submit('wang', 0, 'list-0001');
  expect(first).toMatchObject({
    status: 201,
    body: { month: '2026-03', state: 'submitted', version: 1, complete: true, count: 0 },
  });
  expect(await submit('wang', 0, 'list-0001')).toEqual(first);
  const read = await ask('li', 'GET /v1/hazard-lists/{month}', { params: { month: '2026-03' } });
  expect(read.body).toMatchObject({ state: 'submitted', version: 1, items: [], why: { rule: 'monthlyList' } });
  expect((await submit('wang', 0, 'list-0002')).body.code).toBe('stale-version');
  expect((await submit('li', 1, 'list-0003')).status).toBe(403);
  const late = await ask('wang', 'GET /v1/hazard-lists/{month}', { params: { month: '2026-02' } });
  expect(late.body).toMatchObject({ state: 'overdue', version: 0, complete: false });
});

const MARCH = { params: { month: '2026-03' } };
const [inTime, afterwards] = ['2026-03-30T09:00:00+08:00', '2026-04-02T09:00:00+08:00'];

test('a list that is first submitted after its month is late, and stays so', async () => {
  const ask = await checksApi();
  const submit = async (version: number, key: string) =>
    (await ask('wang', 'POST /v1/hazard-lists/{month}', { ...MARCH, body: { version }, key }, afterwards)).body;
  expect((await submit(0, 'list-0001')).state).toBe('submitted-late');
  expect((await submit(1, 'list-0002')).state).toBe('submitted-late');
});

test('a list that was submitted in time and completed after its month is late; what was listed once keeps when', async () => {
  const memory = new MemoryCounty();
  const ask = await checksApi(memory);
  const keep = (id: string) =>
    memory.hazards.save({
      ...{ hazard: { ...opened(), id: hazardId(id) }, facts: [], ifVersion: 0 },
      occasion: { at: instant(inTime), county, actor: hazardPeople.li },
    });
  const submit = async (version: number, at: string) =>
    (await ask('wang', 'POST /v1/hazard-lists/{month}', { ...MARCH, body: { version }, key: `list-of-${version}` }, at)).body;
  const read = async () => (await ask('wang', 'GET /v1/hazard-lists/{month}', MARCH, afterwards)).body;

  await keep('R0123456789ABCDE1');
  expect(await submit(0, inTime)).toEqual({
    ...{ month: '2026-03', state: 'submitted', version: 1, submittedAt: '2026-03-30T01:00:00.000Z' },
    ...{ complete: true, count: 1 },
  });
  // Submitting it again afterwards with nothing new takes nothing away from it.
  expect(await submit(1, afterwards)).toMatchObject({ state: 'submitted', version: 2, count: 1 });
  await keep('R0123456789ABCDE2');
  expect(await read()).toMatchObject({ state: 'submitted', complete: false });
  expect(await submit(2, afterwards)).toMatchObject({ state: 'submitted-late', version: 3, complete: true, count: 2 });
  const listed = (await read()).items.map(({ listedAt }: { listedAt: string }) => listedAt);
  expect(listed.sort()).toEqual(['2026-03-30T01:00:00.000Z', '2026-04-02T01:00:00.000Z']);
});

test('a round that was never recorded is not there', async () => {
  const ask = await checksApi();
  expect((await ask('li', 'GET /v1/check-rounds/{round}', { params: { round: 'round-0001' } })).status).toBe(404);
});

test('a page of a sorted list goes on behind its last item, also when items came before it meanwhile', () => {
  const key = (text: string) => text;
  const first = pageOfSorted(['b', 'd', 'f'], key, { limit: 2 });
  expect(first.items).toEqual(['b', 'd']);
  expect(pageOfSorted(['a', 'b', 'c', 'd', 'e', 'f'], key, { limit: 2, cursor: first.cursor })).toEqual({ items: ['e', 'f'] });
  expect(pageOfSorted([], key, { limit: 2 })).toEqual({ items: [] });
});

test('paging shows every item once, in whatever order the list was made and though two have the same key', () => {
  const items = ['R1 RED', 'R1 ORANGE', 'R2 RED', 'R1 RED', 'R0 RED', 'R1 RED'].map((key, place) => ({ key, place }));
  for (const limit of [1, 2, 3, 4, 6]) {
    const seen: { key: string; place: number }[] = [];
    let cursor: string | undefined;
    do {
      const page = pageOfSorted(items, ({ key }) => key, { limit, cursor });
      seen.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen.map(({ key }) => key)).toEqual(['R0 RED', 'R1 ORANGE', 'R1 RED', 'R1 RED', 'R1 RED', 'R2 RED']);
    expect(new Set(seen.map(({ place }) => place)).size).toBe(items.length);
  }
  const strange = Buffer.from(JSON.stringify({ last: 'R1 RED', seen: 'x' })).toString('base64url');
  expect(() => pageOfSorted(items, ({ key }) => key, { limit: 1, cursor: strange })).toThrow('of another list');
});
