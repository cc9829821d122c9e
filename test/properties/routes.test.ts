/**
 * Every route of every function, tried by every role on what is his, on what is another enterprise's, township's or department's, and
 * with a token of another county: through the real handlers, over tables in memory.
 */
import { dynamoAuditStore } from '../../shared/data/audit-store.ts';
import { commit, eventKey } from '../../shared/data/commit.ts';
import { dynamoDeliveryStore } from '../../shared/data/delivery-store.ts';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoExportStore } from '../../shared/data/export-store.ts';
import { valuesWrite } from '../../shared/data/personal-values.ts';
import { ACCESS, type Operation } from '../../shared/domain/access.ts';
import { dayOf, instant, plusDays } from '../../shared/domain/calendar.ts';
import { type Caller, ROLES, type Role } from '../../shared/domain/caller.ts';
import { checkCharacter, creditCode } from '../../shared/domain/credit-code.ts';
import { announcedDraw } from '../../shared/domain/draw-evolve.ts';
import {
  auditId,
  commandId,
  countyCode,
  department,
  exportId,
  objectId,
  personId,
  subscriptionId,
  taskId,
  townshipCode,
} from '../../shared/domain/ids.ts';
import type { Owner } from '../../shared/domain/owner.ts';
import { sha256 } from '../../shared/draw/bytes.ts';
import type { Route } from '../../shared/runtime/route.ts';
import { announcement } from '../support/draw-announced.ts';
import { type Given, sampleRequest } from '../support/sample-request.ts';
import { aTask, at, inspected, store } from '../support/tasks.ts';
import { toldOf } from '../support/told.ts';
import { COUNTY, keyOf, type WholeApi, wholeApi } from '../support/whole-api.ts';

const AT = '2026-03-02T09:00:00+08:00';
const SHA = 'a'.repeat(64);

/** One of two neighbours. Whatever is his has his mark in its texts. */
interface Side {
  readonly mark: string;
  readonly uscc: string;
  readonly enterprise: Owner;
  readonly township: string;
  readonly department: Owner;
  /** What the seeding made: the ids of his hazards, stop, round and import. */
  readonly made: Record<
    | 'hazard'
    | 'areaHazard'
    | 'suspension'
    | 'round'
    | 'import'
    | 'inspector'
    | 'task'
    | 'inspection'
    | 'subscription'
    | 'feed'
    | 'export'
    | 'audit',
    string
  >;
}

const sideOf = (mark: string, first17: string, township: string, department: string): Side => {
  const uscc = creditCode(`${first17}${checkCharacter(first17)}`);
  const made = {
    hazard: '',
    areaHazard: '',
    suspension: '',
    round: `round-of-${mark}`,
    import: '',
    inspector: `inspector-${mark}`,
    task: `R.${department}.000001.1.0001`,
    inspection: `R.${department}.000001.1.0002`,
    subscription: '',
    feed: '',
    export: `enterprise-${sha256(mark).slice(0, 20)}`,
    audit: sha256(mark).slice(0, 20),
  };
  return { mark, uscc, enterprise: `ENT:${uscc}`, township, department: `DEPT:${department}`, made };
};
const OURS = sideOf('AAMARKAA', '91533102MA6K1A2B1', '533102001', 'YJJ');
const THEIRS = sideOf('BBMARKBB', '91533102MA6K1A2B2', '533102102', 'ZJJ');

const STAFF: readonly Role[] = ['head', 'safety-manager', 'workshop-head', 'team-leader', 'post-holder'];
const ownerOf = (role: Role, side: Side): Owner | undefined => {
  if (STAFF.includes(role)) return side.enterprise;
  if (role.startsWith('township-')) return `TOWN:${side.township}`;
  return role.startsWith('department-') ? side.department : undefined;
};

let api: WholeApi;
let routes: readonly Route[];
const tokens = new Map<string, Promise<string>>();
const tokenOf = (role: Role, side: Side, county = COUNTY): Promise<string> => {
  const owner = ownerOf(role, side);
  const id = personId(`${role}-${side.mark}`);
  const caller: Caller = { id, role, county: countyCode(county), ...(owner && { owner }) };
  const known = tokens.get(`${county} ${id}`) ?? api.sign(caller);
  tokens.set(`${county} ${id}`, known);
  return known;
};

let keys = 0;
/** All that is stored before each request. */
let seeded: string;
/** One request; what it wrote is in `after`, and taken back. */
async function tried(route: Route, token: string, given: Given, texts: readonly string[], key = `key-${keys++}-of-test`) {
  const writes = api.tables.writes();
  const answer = await api.call(keyOf(route), {
    token,
    ...sampleRequest(route, given, texts),
    headers: { 'idempotency-key': key, 'x-simulated-at': AT },
  });
  const after = api.tables.writes() === writes ? seeded : api.tables.snapshot();
  if (after !== seeded) api.tables.restore(seeded);
  return { ...answer, text: JSON.stringify(answer.body), after };
}

/** What people paste for a channel: nobody sees it again. */
const SECRETS = { address: 'https://hooks.example.com/a-path-that-is-a-key', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };

/** What an `id` in a path is of. */
const BY_PATH: readonly (readonly [part: string, made: keyof Side['made']])[] = [
  ['/v1/inspectors', 'inspector'],
  ['/v1/tasks', 'task'],
  ['/v1/inspections', 'inspection'],
  ['/v1/hazards', 'hazard'],
  ['suspensions', 'suspension'],
  ['/v1/subscriptions/{id}/messages', 'feed'],
  ['/v1/subscriptions/{id}/read-through', 'feed'],
  ['/v1/subscriptions', 'subscription'],
  ['/v1/exports', 'export'],
  ['/v1/audits', 'audit'],
];

/** The members that say of whom or of what a request is. */
const about = (side: Side, { path }: Route): Given => ({
  uscc: side.uscc,
  enterprise: side.uscc,
  owner: path.startsWith('/v1/area') ? `TOWN:${side.township}` : side.enterprise,
  township: side.township,
  no: 'R1',
  riskNo: 'R1',
  version: 1,
  authority: side.department.slice('DEPT:'.length),
  period: '2026-04',
  quarter: '2026-Q2',
  year: '2026',
  number: 1,
  in: side.enterprise,
  id: side.made[BY_PATH.find(([part]) => path.includes(part))?.[1] ?? 'import'],
  round: side.made.round,
  key: `evidence/${side.uscc}/${SHA}.jpg`,
  subject: `HAZ#${side.made.hazard}`,
  dept: side.department.slice('DEPT:'.length),
  target: `RISK#${side.uscc}#R1`,
  month: '2026-03',
  rule: 'hazards.general.rectify',
  sheet: 'risks',
  day: '2026-03-02',
  channel: 'webhook',
  subscription: side.made.subscription,
  ...SECRETS,
});

/** Texts for the other members, of whatever form they are. */
const textsOf = (side: Side): readonly string[] => [
  `${side.mark}-text`,
  'rules.none',
  AT,
  SHA,
  'c'.repeat(96),
  side.department,
  side.uscc,
  side.township,
  `evidence/${side.uscc}/${SHA}.jpg`,
  'person-1',
  'hazardous-chemicals',
  '12',
  'risk-list.xlsx',
  '330000',
  'R1',
  '1',
  'y',
  side.made.task,
];

/** What is stored of a side: whatever names it or its things. */
const itemsOf = ({ mark, uscc, township, made }: Side, snapshot: string): string[] =>
  (JSON.parse(snapshot) as [string, [string, unknown][]][])
    .flatMap(([, items]) => items.map((item) => JSON.stringify(item)))
    .filter((item) => [mark, uscc, `TOWN:${township}`, made.hazard, made.areaHazard].some((name) => item.includes(name)));

beforeAll(async () => {
  api = await wholeApi();
  routes = api.routes;
  for (const side of [OURS, THEIRS]) await seed(side);
  seeded = api.tables.snapshot();
}, 30_000);
afterAll(() => api.stop());

/** Both neighbours have one of everything. */
async function seed(side: Side): Promise<void> {
  const ask = async (role: Role, routeKey: string, call: { params?: Record<string, string>; body?: unknown; key?: string }) => {
    const { key, ...rest } = call;
    const headers = { 'idempotency-key': key ?? `seed-${keys++}-${side.mark}`, 'x-simulated-at': '2026-03-02T08:00:00+08:00' };
    const answer = await api.call(routeKey, { token: await tokenOf(role, side), ...rest, headers });
    if (answer.status >= 300) throw new Error(`${routeKey} by ${role}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const { mark, uscc, township } = side;
  const content = {
    ...{ name: `${mark} tank`, location: mark, dimensions: ['process'], participants: [{ as: 'post-holder', names: [mark] }] },
    ...{ mainRisk: mark, accidents: [{ edition: 'GB 6441-1986', code: '12' }], possibleHazards: mark, consequences: mark },
    ...{ controls: [{ kind: 'technical', text: mark }], emergency: mark, reporting: mark, responsible: mark },
  };
  const experts = { method: 'EXPERTS', colour: 'RED', experts: [mark], reason: mark };
  const assessments = { inherent: experts, residual: experts };
  await ask('department-officer', 'POST /v1/enterprises', {
    body: {
      uscc,
      name: `${mark} works`,
      township,
      industry: 'hazardous-chemicals',
      supervisor: side.department,
      contacts: [{ post: 'head', name: mark, phone: '13800000000' }],
    },
  });
  await ask('safety-manager', 'POST /v1/enterprises/{uscc}/risks', {
    params: { uscc },
    body: { no: 'R1', content, assessments },
  });
  const list = await ask('head', 'GET /v1/enterprises/{uscc}/risk-list', { params: { uscc } });
  await ask('head', 'POST /v1/enterprises/{uscc}/risk-list/sign', {
    params: { uscc },
    body: { version: list.version, list: list.list, digest: list.digest },
  });
  const stop = await ask('head', 'POST /v1/enterprises/{uscc}/suspensions', {
    params: { uscc },
    body: {
      kind: 'maintenance',
      scope: { of: 'points', points: ['R1'] },
      from: '2026-03-20T00:00:00+08:00',
      until: '2026-03-22T00:00:00+08:00',
      reason: mark,
      approver: mark,
    },
  });
  side.made.suspension = stop.id;
  await ask('township-officer', 'POST /v1/areas', { body: { township, no: 'R1', content, assessments } });
  await ask('post-holder', 'POST /v1/check-rounds', {
    key: side.made.round,
    body: { checkedAt: '2026-03-02T08:00:00+08:00', items: [{ riskNo: 'R1', result: 'normal', answers: 'y' }] },
  });
  const hazard = await ask('post-holder', 'POST /v1/hazards', {
    body: { foundAt: '2026-03-02T08:00:00+08:00', place: mark, description: mark },
  });
  side.made.hazard = hazard.id;
  const inArea = await ask('township-officer', 'POST /v1/hazards', {
    body: { area: { township, no: 'R1' }, foundAt: '2026-03-02T08:00:00+08:00', place: mark, description: mark },
  });
  side.made.areaHazard = inArea.id;
  const job = await ask('safety-manager', 'POST /v1/imports', { body: { fileName: `${mark}.csv`, format: 'csv' } });
  side.made.import = job.id;
  const authority = side.department.slice('DEPT:'.length);
  await ask('department-officer', 'POST /v1/inspectors', {
    body: {
      ...{ id: side.made.inspector, authority, role: 'enforcer', skills: ['*'] },
      certificate: { no: mark, until: '2027-12-31' },
    },
  });
  await ask('department-officer', 'PUT /v1/inspection-items/{authority}', {
    params: { authority },
    body: { version: 0, items: [{ no: '1', name: mark, basis: mark, appliesTo: ['*'], kinds: ['RANDOM'], way: mark }] },
  });
  await ask('department-officer', 'PUT /v1/inspection-plans/{authority}/{period}', {
    params: { authority, period: '2026-04' },
    body: { version: 0, kind: 'SPECIAL', theme: mark },
  });
  await seedTasks(side);
  await seedDraw(authority);
  await seedChannels(side, ask);
  await seedExports(side);
}

/** An export of the enterprise that is on its way, an audit of the side's auditor, and a value that stands as a commitment. */
async function seedExports({ mark, uscc, made }: Side): Promise<void> {
  const county = countyCode(COUNTY);
  const occasion = { at: instant('2026-03-02T08:00:00+08:00'), county, actor: { id: personId(mark), role: 'head' } } as const;
  const { at } = occasion;
  const days = { from: dayOf(at), to: dayOf(at) };
  const request = { kind: 'enterprise', enterprise: creditCode(uscc) } as const;
  const about = { kind: request.kind, request, ...days, first: 0, end: 1, treeSize: 1 };
  await dynamoExportStore(county).begin({
    export: { ...about, id: exportId(made.export), county, stage: 'writing', startedAt: at, slices: 1, version: 1 },
    fact: { type: 'ExportBegun', data: { ...about, reason: mark } },
    ...{ proving: { note: '', vkeys: [] }, plan: [], occasion },
  });
  const auditor = personId(`auditor-${mark}`);
  const content = { auditor, ...days, until: plusDays(at, 30), readsPersonalData: true, reason: mark };
  await dynamoAuditStore(county).save({
    audit: { ...content, id: auditId(made.audit), county, openedAt: at, version: 1 },
    fact: { type: 'AuditOpened', data: content },
    occasion,
    command: {
      by: occasion.actor.id,
      id: commandId(`audit-of-${mark}`),
      requestHash: '',
      answer: {},
      keptUntil: instant('2099-01-01T00:00:00+08:00'),
    },
  });
  const values = [{ path: 'data.text', salt: SHA, value: `${mark}-text` }];
  await commit({ events: [], writes: [valuesWrite(eventKey({ subject: `HAZ#${made.hazard}`, sequence: 99 }), values)] });
}

type Ask = (role: Role, routeKey: string, call: { body?: unknown }) => Promise<{ readonly id: string }>;

/** A robot and a feed of the enterprise. In the feed lies one message, and there is one delivery of each kind that can be asked for. */
async function seedChannels({ mark, uscc, made }: Side, ask: Ask): Promise<void> {
  const scope = { of: 'enterprise', uscc };
  const { address, secret } = SECRETS;
  const webhook = { name: `${mark} app`, scope, channel: 'webhook', address: `${address}/${mark}`, secret };
  made.subscription = (await ask('safety-manager', 'POST /v1/subscriptions', { body: webhook })).id;
  made.feed = (await ask('head', 'POST /v1/subscriptions', { body: { name: `${mark} feed`, scope, channel: 'feed' } })).id;
  for (const id of [made.subscription, made.feed].map(subscriptionId)) {
    const told = toldOf(id, mark, `ENT:${uscc}`);
    const deliveries = dynamoDeliveryStore(countyCode(COUNTY));
    const before = await deliveries.outbox(id);
    await deliveries.save({ ...told, outbox: { before, facts: told.facts } });
  }
}

/** One draw of the side's department, keyed and not drawn. */
async function seedDraw(authority: string): Promise<void> {
  const draws = dynamoDrawStore(countyCode(COUNTY));
  const fact = announcement({ authority: department(authority) });
  const occasion = {
    at: fact.data.announcedAt,
    county: countyCode(COUNTY),
    actor: { id: personId('system'), role: 'system' },
  } as const;
  const draw = { ...announcedDraw(fact.data), randomness: SHA };
  await draws.announce({ draw, fact, after: await draws.series(draw.authority), secret: '', occasion });
}

/** One task to be visited by the side's own officer and expert, and one whose visit was handed in. */
async function seedTasks({ mark, uscc, township, department: owner, made }: Side): Promise<void> {
  const of = {
    authority: department(owner.slice('DEPT:'.length)),
    object: objectId(`ENT:${uscc}`),
    owner: `ENT:${uscc}` as const,
    township: townshipCode(township),
    supervisor: owner,
    team: [
      { id: personId(`department-officer-${mark}`), role: 'enforcer' },
      { id: personId(`expert-${mark}`), role: 'expert' },
    ],
  } as const;
  const handedIn = {
    ...inspected({ account: mark }),
    ...{ hazards: [], by: of.team[0].id, reportedAt: at('03-01T12:00') },
  };
  const visited = { ...aTask({ ...of, id: taskId(made.inspection) }), stage: 'reported', inspection: handedIn } as const;
  await store(aTask({ ...of, id: taskId(made.task) }), visited);
}

test('every operation of the access table has a route, and every route an operation and an address of its own', () => {
  const used = new Set<Operation>(routes.map(({ operation }) => operation));
  // Its two routes serve what is made from all the others; they hold no data and ask for no token.
  expect(Object.keys(ACCESS).filter((operation) => !used.has(operation as Operation))).toEqual(['ReadDocumentation']);
  expect([...used].filter((operation) => !Object.hasOwn(ACCESS, operation))).toEqual([]);
  expect(new Set(routes.map(keyOf)).size).toBe(routes.length);
});

test('a role without a grant is refused by every route, and nothing is read or changed for it', async () => {
  for (const route of routes) {
    for (const role of ROLES.filter((role) => !Object.hasOwn(ACCESS[route.operation], role))) {
      const { status, body, text, after } = await tried(route, await tokenOf(role, OURS), about(OURS, route), textsOf(OURS));
      expect([keyOf(route), role, status, body.code]).toEqual([keyOf(route), role, 403, 'forbidden']);
      expect(text).not.toContain(OURS.mark);
      expect(after === seeded).toBe(true);
    }
  }
}, 60_000);

test('a token of another county opens nothing, whatever its role', async () => {
  for (const route of routes) {
    for (const role of ROLES) {
      const token = await tokenOf(role, OURS, '533103');
      const { status, body, after } = await tried(route, token, about(OURS, route), textsOf(OURS));
      expect([keyOf(route), role, status, body.code]).toEqual([keyOf(route), role, 403, 'other-county']);
      expect(after === seeded).toBe(true);
    }
  }
}, 60_000);

/** Who may, but on what is his alone. */
const narrow = (route: Route) =>
  ROLES.filter((role) => {
    const scope = (ACCESS[route.operation] as Partial<Record<Role, string>>)[role];
    return scope !== undefined && !['county', 'offices-or-team', 'public'].includes(scope);
  });
const isAddressed = ({ path }: Route) => /\{(?:uscc|township|dept|authority|owner|id|round)\}/.test(path);

test("nobody sees or changes what is another enterprise's, township's or department's", async () => {
  const theirs = itemsOf(THEIRS, seeded);
  expect(theirs.length).toBeGreaterThan(10);
  for (const route of routes) {
    for (const role of narrow(route)) {
      const { status, text, after } = await tried(route, await tokenOf(role, OURS), about(THEIRS, route), textsOf(OURS));
      expect([keyOf(route), role, text.includes(THEIRS.mark) && text]).toEqual([keyOf(route), role, false]);
      if (after !== seeded) expect([keyOf(route), role, itemsOf(THEIRS, after)]).toEqual([keyOf(route), role, theirs]);
      if (isAddressed(route))
        expect([keyOf(route), role, String(status)]).toEqual([keyOf(route), role, expect.stringMatching(/^40[34]$/)]);
    }
  }
}, 60_000);

test("nor what is a hazard of another's public area", async () => {
  const theirs = itemsOf(THEIRS, seeded);
  const ofCases = routes.filter(({ path }) => path.startsWith('/v1/hazards/{id}'));
  expect(ofCases.length).toBeGreaterThan(25);
  for (const route of ofCases) {
    for (const role of narrow(route)) {
      const given = { ...about(THEIRS, route), id: THEIRS.made.areaHazard };
      const { status, text, after } = await tried(route, await tokenOf(role, OURS), given, textsOf(OURS));
      expect([keyOf(route), role, status, text.includes(THEIRS.mark)]).toEqual([keyOf(route), role, 404, false]);
      if (after !== seeded) expect([keyOf(route), role, itemsOf(THEIRS, after)]).toEqual([keyOf(route), role, theirs]);
    }
  }
}, 60_000);

test('a list shows to each what is his', async () => {
  const lists = routes.filter((route) => route.method === 'GET' && !isAddressed(route));
  for (const route of lists) {
    for (const role of narrow(route)) {
      const { township: _, enterprise: __, owner: ___, ...unnamed } = about(OURS, route);
      const { text } = await tried(route, await tokenOf(role, OURS), unnamed, textsOf(OURS));
      expect([keyOf(route), role, text.includes(THEIRS.mark) && text]).toEqual([keyOf(route), role, false]);
    }
  }
}, 60_000);

test('what is pasted for a channel is in no answer, no event, no record of a command and nothing else that is kept', async () => {
  const pastedTexts = ['a-path-that-is-a-key', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
  let taken = 0;
  for (const route of routes) {
    const [role] = ROLES.filter((one) => Object.hasOwn(ACCESS[route.operation], one));
    if (role === undefined) continue;
    const key = `key-${keys++}-of-test`;
    const { status, text, after } = await tried(route, await tokenOf(role, OURS), about(OURS, route), textsOf(OURS), key);
    for (const secret of pastedTexts) expect([keyOf(route), `${text}${after}`.includes(secret)]).toEqual([keyOf(route), false]);
    if (status < 300 && /address|rotate-secret|^POST \/v1\/subscriptions$/.test(keyOf(route))) taken++;
  }
  expect(taken).toBe(3);
}, 60_000);

test('each route is reached by those who may: what the tests above refuse is not refused for another reason', async () => {
  for (const route of routes) {
    const granted = ROLES.filter((role) => Object.hasOwn(ACCESS[route.operation], role));
    const statuses = new Map<string, string>();
    for (const role of granted) {
      const { status, body } = await tried(route, await tokenOf(role, OURS), about(OURS, route), textsOf(OURS));
      statuses.set(role, `${status} ${body.code ?? ''} ${body.detail ?? ''} ${JSON.stringify(body.errors ?? '')}`);
    }
    const reached = [...statuses.values()].filter((answer) => /^(?:2\d\d|409|422)/.test(answer));
    expect([keyOf(route), reached.length > 0 || statuses]).toEqual([keyOf(route), true]);
  }
}, 60_000);
