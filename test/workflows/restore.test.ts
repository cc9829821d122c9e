/**
 * The drill: a county is played by its real functions, sealed and exported day by day; its tables are lost, and what is put back from the bundles
 * and the log is item by item what was there. What is not put back is listed in infra/README.md, and here.
 */
import { readFileSync } from 'node:fs';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, expect, test } from '@jest/globals';
import * as api from '../../functions/serve-register/api.ts';
import { type Restored, type Restoring, restoreCounty } from '../../infra/cli/restore-county.ts';
import { filesInMemory } from '../../shared/archive/bundle-files.ts';
import { readSalts } from '../../shared/archive/salts.ts';
import { commit } from '../../shared/data/commit.ts';
import { outboxParts } from '../../shared/data/delivery-items.ts';
import { dynamoExchangeStore } from '../../shared/data/exchange-store.ts';
import { dynamoGridStore } from '../../shared/data/grid-store.ts';
import { dynamoHazardListStore } from '../../shared/data/hazard-list-store.ts';
import { dynamoInspectorStore } from '../../shared/data/inspector-store.ts';
import { dynamoItemListStore } from '../../shared/data/item-list-store.ts';
import { dynamoKeyUnitStore } from '../../shared/data/key-unit-store.ts';
import { dynamoSubscriptionStore } from '../../shared/data/subscription-store.ts';
import { documentClient } from '../../shared/data/tables.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import { dayOf, type Instant, instant, plusMs, startOfDay } from '../../shared/domain/calendar.ts';
import type { CommittedValue } from '../../shared/domain/commitment.ts';
import { evolveDepartmentGrid, evolveTownshipGrid, type GridFact } from '../../shared/domain/grid.ts';
import {
  commandId,
  exportId,
  hazardId,
  itemNo,
  personId,
  receiverId,
  subscriptionId,
  townshipCode,
} from '../../shared/domain/ids.ts';
import type { InspectorFact } from '../../shared/domain/inspector.ts';
import { inspectorAfter } from '../../shared/domain/inspector-decide.ts';
import { evolveKeyUnits, type KeyUnitFact, noKeyUnits } from '../../shared/domain/key-unit.ts';
import type { Actor } from '../../shared/domain/ledger-event.ts';
import { emptyOutbox, type OutboxFact } from '../../shared/domain/outbox.ts';
import { departmentOwner } from '../../shared/domain/owner.ts';
import type { SubscriptionFact } from '../../shared/domain/subscription.ts';
import { subscriptionAfter } from '../../shared/domain/subscription-decide.ts';
import type { Task, TaskFact } from '../../shared/domain/task.ts';
import { evolveTask } from '../../shared/domain/task-evolve.ts';
import { chief, DrawCounty, NUMBERS, officer, YJJ } from '../support/draw-county.ts';
import { ExportCounty } from '../support/export-county.ts';
import { people, photo } from '../support/hazard-case.ts';
import { usccOf } from '../support/lists.ts';
import { COUNTY, itemsIn, PlayedCounty, type StoredItem } from '../support/played-county.ts';
import { staff } from '../support/register-api.ts';

const HOUR = 3_600_000;
const TABLES = [
  'REGISTER_TABLE',
  'HAZARDS_TABLE',
  'INSPECTIONS_TABLE',
  'CHANNELS_TABLE',
  'LEDGER_TABLE',
  'EXPORTS_TABLE',
  'PERSONAL_TABLE',
];
const boss: Actor = { id: personId('boss'), role: 'department-head', owner: 'DEPT:YJJ' };
let commands = 0;
const command = () => ({
  by: boss.id,
  id: commandId(`restored-${++commands}`),
  requestHash: '',
  answer: null,
  keptUntil: instant('2099-01-01T00:00:00+08:00'),
});
const occasion = (at: Instant, actor = boss) => ({ at, county: COUNTY, actor });

/** What the people of its offices write, beside the register and the draws. */
async function playOffices(at: Instant): Promise<void> {
  const inspectors = dynamoInspectorStore(COUNTY);
  for (const id of ['i1', 'i2', 'i3']) {
    const certificate = { no: `证-${id}`, until: '2030-01-01' as ReturnType<typeof dayOf> };
    const facts: InspectorFact[] = [
      { type: 'InspectorRegistered', data: { role: 'enforcer', authority: YJJ, skills: ['*'], certificate } },
      ...(id === 'i3'
        ? [
            {
              type: 'AbsencesDeclared',
              data: { absences: [{ from: certificate.until, to: certificate.until, reason: '休假' }] },
            } as const,
          ]
        : []),
    ];
    const inspector = inspectorAfter(personId(id), undefined, facts, occasion(at));
    await inspectors.save({ inspector, facts, ifVersion: 0, occasion: occasion(at), command: command() });
  }
  const lists = dynamoItemListStore(COUNTY);
  const list = {
    authority: YJJ,
    items: [
      {
        authority: YJJ,
        no: itemNo('I1'),
        name: '安全管理',
        basis: '安全生产法',
        way: '现场检查',
        appliesTo: ['*'],
        kinds: ['RANDOM' as const],
      },
    ],
  };
  await lists.saveItems({
    state: list,
    facts: [{ type: 'ItemListKept', data: list }],
    ifVersion: 0,
    occasion: occasion(at),
    command: command(),
  });
  const keyUnits = dynamoKeyUnitStore(COUNTY);
  const township = townshipCode('533102102');
  const designated: KeyUnitFact = {
    type: 'KeyUnitDesignated',
    data: {
      level: 'county',
      no: 1,
      unit: { kind: 'township', township },
      from: dayOf(at),
      until: dayOf(plusMs(at, 9000 * HOUR)),
      reason: '事故多发',
      document: '1号',
    },
  };
  await keyUnits.save({
    units: evolveKeyUnits(noKeyUnits('county'), designated, at, boss.id),
    facts: [designated],
    ifVersion: 0,
    occasion: occasion(at),
    command: command(),
  });
  const grid = dynamoGridStore(COUNTY);
  const cell: GridFact = { type: 'GridCellSet', data: { township, responsible: { person: personId('dao'), post: '安全员' } } };
  const line: GridFact = { type: 'GridLineSet', data: { department: departmentOwner(YJJ), industry: '*' } };
  await grid.saveTownship({
    record: evolveTownshipGrid({ township, cells: [] }, cell),
    facts: [cell],
    ifVersion: 0,
    occasion: occasion(at),
  });
  await grid.saveDepartment({
    record: evolveDepartmentGrid({ department: departmentOwner(YJJ), lines: [] }, line),
    facts: [line],
    ifVersion: 0,
    occasion: occasion(at),
  });
  await playChannels(at);
}

async function playChannels(at: Instant): Promise<void> {
  const subscriptions = dynamoSubscriptionStore(COUNTY);
  const [robot, feed] = [subscriptionId('a'.repeat(20)), subscriptionId('b'.repeat(20))];
  const rest = { language: 'zh-CN', mentions: { users: ['user-7'], everybody: false } } as const;
  const made: readonly Extract<SubscriptionFact, { type: 'SubscriptionMade' }>[] = [
    {
      type: 'SubscriptionMade',
      data: {
        id: robot,
        name: '一车间群',
        channel: 'wecom',
        scope: { of: 'county' },
        receiver: receiverId('c'.repeat(32)),
        host: 'example.com',
        ...rest,
      },
    },
    { type: 'SubscriptionMade', data: { id: feed, name: '订阅源', channel: 'feed', scope: { of: 'county' }, ...rest } },
  ];
  for (const fact of made) {
    const after = subscriptionAfter(undefined, [fact], occasion(at));
    const address = fact.data.id === robot ? { address: 'sealed' } : {};
    await subscriptions.save({ after, facts: [fact], ifVersion: 0, occasion: occasion(at), command: command(), ...address });
  }
  const told: OutboxFact = {
    type: 'MessageOffered',
    data: { message: 1, attempts: 1, reminders: [{ id: 'r', kind: 'test', about: 'HAZ#x' }], sha256: 'a'.repeat(64) },
  };
  await commit({ ...outboxParts({ outbox: emptyOutbox(feed), version: 0 }, [told], occasion(at)) });
}

async function onTask(
  task: Task,
  version: number,
  at: Instant,
  actor: Actor,
  fact: TaskFact,
  sent?: Parameters<typeof evolveTask>[2],
): Promise<{ task: Task; version: number }> {
  const after = evolveTask(task, { ...fact, at, actor }, sent);
  await dynamoTaskStore.save({ before: task, after, facts: [fact], ifVersion: version, occasion: occasion(at, actor) });
  return { task: after, version: version + 1 };
}

const inspected = (task: Task, visitedAt: Instant, more: object = {}): TaskFact => ({
  type: 'InspectionReported',
  data: {
    ...{
      outcome: 'inspected',
      visitedAt,
      present: task.team.map(({ id }) => id),
      account: '检查完毕',
      items: [],
      problems: [],
      hazards: [],
    },
    ...{ evidence: [], object: task.object, handInDue: plusMs(visitedAt, 24 * HOUR), owed: [] },
    ...more,
  },
});

/** One visit is made and published, one is made by whom a person sent, and one is to be made by whom a person sent. */
async function playVisits(tasks: readonly { readonly task: Task; readonly version: number }[], at: Instant): Promise<void> {
  const [first, second, third] = tasks;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three were drawn');
  const actor: Actor = { id: personId('i1'), role: 'department-officer', owner: 'DEPT:YJJ' };
  let one = await onTask(first.task, first.version, at, actor, inspected(first.task, plusMs(at, -HOUR)));
  one = await onTask(one.task, one.version, at, boss, { type: 'InspectionConfirmed', data: {} });
  await onTask(one.task, one.version, at, boss, { type: 'ResultPublished', data: { sha256: 'b'.repeat(64), isLate: false } });
  const sent = {
    team: [
      { id: personId('i2'), role: 'enforcer' as const },
      { id: personId('i3'), role: 'enforcer' as const },
    ],
    day: dayOf(at),
    reason: '另行派员',
  };
  const byHand: TaskFact = { type: 'TaskAssignedByHand', data: { digest: 'c'.repeat(64) } };
  const two = await onTask(second.task, second.version, plusMs(at, -2 * HOUR), boss, byHand, sent);
  await onTask(two.task, two.version, at, actor, inspected(two.task, plusMs(at, -HOUR), { sent }));
  await onTask(third.task, third.version, at, boss, byHand, sent);
}

/** Some weeks of a county. */
async function played() {
  const exports = new ExportCounty();
  const { tables } = exports.sealing;
  const county = new PlayedCounty(tables);
  county.at = instant('2026-05-22T01:00:00Z');
  await playOffices(county.at);
  for (const n of [1, 2, 3]) await county.enterprise(n, { 'R-1': 'RED', 'R-2': 'BLUE' });
  await county.round(1, ['R-1', 'R-2'], 0, 'R-1');
  await county.ask(
    api.approveSuspension,
    staff(2).head,
    { uscc: usccOf(2) },
    {
      ...{ kind: 'maintenance', scope: { of: 'points', points: ['R-2'] }, from: county.at },
      ...{ until: plusMs(county.at, 400 * HOUR), reason: '检修，电话 13800000000', approver: '赵六' },
    },
  );
  const cured = hazardId(`R${'0'.repeat(19)}1`);
  await county.report(1, cured, 'RED');
  const staffOf = (id: string, role: Actor['role']): Actor => ({ id: personId(id), role, owner: 'DEPT:YJJ' });
  await county.step(cured, staffOf('duan', 'department-officer'), { type: 'GradeHazard', level: 'general' });
  await county.step(cured, staffOf('duan', 'department-officer'), { type: 'AssignRectification', rectifier: personId('li') });
  await county.step(
    cured,
    { id: personId('li'), role: 'team-leader' },
    { type: 'SubmitRectification', account: '已修复', evidence: [photo('a')] },
  );
  await county.step(cured, people.duan, { type: 'AcceptRectification' });
  await dynamoHazardListStore(COUNTY).submit(
    usccOf(1),
    '2026-05',
    {
      version: 1,
      hazards: [{ id: cured, listedAt: county.at }],
      submittedAt: county.at,
      submittedBy: boss.id,
      firstAt: county.at,
    },
    undefined,
    occasion(county.at),
    command(),
  );
  const head = { id: 'a'.repeat(32), creditCode: usccOf(1), deleted: '0', createBy: '赵六', updateBy: '赵六' };
  const row = {
    ...{ ...head, createDate: '2026-05-20 08:00:00', updateDate: '2026-05-20 08:00:00' },
    ...{ hazardCode: usccOf(1), hazardDep: '储运车间', hazardLiablePerson: '赵六', riskUnitName: '储罐区' },
  };
  await dynamoExchangeStore(COUNTY).save({
    received: { enterprise: usccOf(1), table: 'unit', row, receivedAt: county.at },
    ...{ before: undefined, parents: [], occasion: occasion(county.at) },
  });
  const draws = new DrawCounty('2026-05-26T01:00:00Z', { tables, since: dayOf(instant('2026-06-01T00:00:00Z')) });
  await draws.open('RANDOM.RED');
  await draws.void({ authority: YJJ, number: 1 }); // its period is the next one's
  await draws.deliver();
  await draws.open('RANDOM.RED');
  draws.now = instant('2026-05-28T13:15:00Z');
  await draws.enter({ authority: YJJ, number: 2 }, officer, NUMBERS);
  await draws.enter({ authority: YJJ, number: 2 }, chief, NUMBERS);
  await draws.deliver();
  await draws.sweepUntilQuiet();
  await exports.seal();
  county.at = instant('2026-06-02T02:00:00Z');
  await county.close('RED');
  await county.round(1, ['R-1'], 60 * HOUR, undefined);
  await exports.seal();
  await exports.due(plusMs(county.at, -20 * HOUR));
  await playVisits(await draws.tasksOf({ authority: YJJ, number: 2 }), county.at);
  await exports.seal();
  await exports.seal();
  return { exports, tables, county, draws };
}

type Played = Awaited<ReturnType<typeof played>>;
type Dump = ReadonlyMap<string, ReadonlyMap<string, StoredItem>>;
const dumpOf = ({ tables }: Pick<Played, 'tables'>): Dump => new Map(TABLES.map((name) => [name, itemsIn(tables, name)]));

/** The salts and values as an entitled auditor has them. */
async function valuesOf({ tables }: Played): Promise<Restoring['values']> {
  const lines = [...itemsIn(tables, 'PERSONAL_TABLE').values()].map(({ pk, sk, values }) =>
    JSON.stringify({
      sequence: Number(sk),
      subject: pk,
      values: (values as readonly CommittedValue[]).map(({ path, salt, value }) => ({ path, salt, value })),
    }),
  );
  return readSalts(
    (async function* () {
      yield Buffer.from(lines.map((line) => `${line}\n`).join(''));
    })(),
  );
}

function restoringOf(
  { exports, draws }: Played,
  values: Restoring['values'],
  at: Instant = instant('2026-06-03T00:00:00Z'),
): Restoring {
  const days = [...Array(40).keys()].map((n) => exports.day(n + 1)).filter((files) => files.size > 0);
  const named = [...days, exports.month(1)];
  return {
    bundles: named.map((files, n) => [`bundle-${n + 1}`, filesInMemory(files)] as const),
    log: { read: (path) => exports.archive.files.read(`log/${COUNTY}/${path}`) },
    vkeys: exports.vkeys,
    values,
    draws: draws.files,
    at,
  };
}

/** Kinds of items that stand in no event, and are not put back: infra/README.md says of each what becomes of it. */
const NOT_PUT_BACK = new Set([
  ...[
    'COMMAND',
    'ANSWER',
    'CURSOR',
    'DRAW_SECRET',
    'DRAW_TOKEN',
    'TOKEN',
    'ADDRESS',
    'RECEIVER',
    'DELIVERY',
    'MESSAGE',
    'REMINDER-CURSOR',
    'IMPORT',
  ],
  ...['LOG-BATCH', 'LOG-RECONCILED', 'EXPORT_SLICE', 'EXPORT_FILES', 'EXPORT_PLAN'],
]);

let world: Played;
let lost: Dump;
let found: Dump;
let restored: Restored;
/** Salts and values as they were. */
let clear: Restoring['values'];

beforeAll(async () => {
  world = await played();
  lost = dumpOf(world);
  clear = await valuesOf(world);
  const restoring = restoringOf(world, clear);
  await expect(restoreCounty(restoring)).rejects.toThrow('has another');
  world.tables.restore('[]');
  restored = await restoreCounty(restoring);
  found = dumpOf(world);
}, 120_000);

const kept = (items: ReadonlyMap<string, StoredItem> | undefined) =>
  new Map([...(items ?? [])].filter(([, { _et }]) => !NOT_PUT_BACK.has(_et)));

const never = (): never => {
  throw new Error('there is no such bundle');
};

const ofAllKinds = (name: string): readonly string[] => [...(lost.get(name)?.values() ?? [])].map(({ _et }) => _et);

test('the ledger is there again, event by event, and its root is the signed one', () => {
  expect(restored.events).toBe([...(lost.get('LEDGER_TABLE') ?? [])].filter(([, { _et }]) => _et === 'EVENT').length);
  expect(restored.fromLog).toBeGreaterThan(0);
  expect(restored.root).toBe(Buffer.from(world.exports.sealing.checkpoint()?.root ?? '').toString('hex'));
  const fresh = [...kept(found.get('LEDGER_TABLE'))].filter(([key]) => !lost.get('LEDGER_TABLE')?.has(key));
  expect(fresh.map(([, { event }]) => (event as { type: string }).type)).toEqual(['SubscriptionDisabled']);
  for (const [key, item] of kept(lost.get('LEDGER_TABLE'))) expect(found.get('LEDGER_TABLE')?.get(key)).toEqual(item);
});

test('the register that is compared has one of everything', () => {
  expect(new Set(ofAllKinds('REGISTER_TABLE'))).toEqual(
    new Set(['OWNER', 'RISK', 'DUTY', 'EXC', 'STOP', 'HAZARD-LIST', 'CURSOR']),
  );
});

test.each(['REGISTER_TABLE', 'HAZARDS_TABLE', 'EXPORTS_TABLE', 'PERSONAL_TABLE'])('%s is item by item what it was', (name) => {
  expect(kept(lost.get(name)).size).toBeGreaterThan(0);
  expect(kept(found.get(name))).toEqual(kept(lost.get(name)));
});

test('a row of others is whole again with its salts: who is responsible in it, and who wrote it', () => {
  expect(ofAllKinds('EXPORTS_TABLE')).toContain('EXCHANGE_ROW');
  const rows = [...(found.get('EXPORTS_TABLE')?.values() ?? [])].filter(({ _et }) => _et === 'EXCHANGE_ROW');
  expect(rows).toMatchObject([{ received: { row: { hazardLiablePerson: '赵六', createBy: '赵六', updateBy: '赵六' } } }]);
  expect(JSON.stringify([...(found.get('LEDGER_TABLE') ?? [])])).not.toContain('赵六');
});

/** What an item says beside its own rules of when somebody looks at it. */
const ofKind = (name: string, kind: string, of: Dump): readonly StoredItem[] =>
  [...(of.get(name)?.values() ?? [])].filter(({ _et }) => _et === kind);

test('inspections are what they were, but for whom a person sent, and what only a run needs', () => {
  const [before, after] = [kept(lost.get('INSPECTIONS_TABLE')), kept(found.get('INSPECTIONS_TABLE'))];
  const awaiting = ofKind('INSPECTIONS_TABLE', 'TASK', lost).find(({ stage }) => stage === 'assigned');
  const id = (awaiting?.state as Task | undefined)?.id ?? '';
  const isOther = ({ _et, pk, sk }: StoredItem): boolean =>
    _et === 'SERIES' || `${pk} ${sk}` === `${awaiting?.pk} ${awaiting?.sk}` || sk.startsWith(`TEAM#${id}`);
  const rest = (items: ReadonlyMap<string, StoredItem>) => new Map([...items].filter(([, item]) => !isOther(item)));
  expect(rest(after)).toEqual(rest(before));
  expect(new Set([...before.values()].map(({ _et }) => _et))).toEqual(
    new Set([
      'INSPECTOR',
      'ITEM-LIST',
      'KEY-UNITS',
      'GRID-TOWNSHIP',
      'GRID-DEPARTMENT',
      'DRAW',
      'DRAW_PERIOD',
      'SERIES',
      'TASK',
      'TEAM',
      'VISIT',
    ]),
  );
  // Nobody is sent there until somebody is sent again.
  const again = after.get(`${awaiting?.pk} ${awaiting?.sk}`);
  expect(again).toMatchObject({
    stage: 'unassigned',
    version: awaiting?.version,
    state: { team: [], owed: [{ what: 'assign' }] },
  });
  expect([...after.keys()].filter((key) => key.includes(`TEAM#${id}`))).toEqual([]);
  // The head that the next announcement follows.
  const [series, then] = [ofKind('INSPECTIONS_TABLE', 'SERIES', found)[0], ofKind('INSPECTIONS_TABLE', 'SERIES', lost)[0]];
  const { accounted: _, ...state } = { accounted: 0, ...(then?.state as object) };
  expect(series).toMatchObject({ version: then?.version, state });
});

test('subscriptions are what they were, but that nothing is sent where the address is lost', () => {
  const [before, after] = [kept(lost.get('CHANNELS_TABLE')), kept(found.get('CHANNELS_TABLE'))];
  expect([...after.keys()]).toEqual(expect.arrayContaining([...before.keys()]));
  for (const [key, item] of before) {
    const state = item.state as { readonly receiver?: string };
    if (state.receiver === undefined) expect(after.get(key)).toEqual(item);
    else expect(after.get(key)).toMatchObject({ version: Number(item.version) + 1, state: { state: 'disabled' } });
  }
});

test('nothing else is missing than what is said, and infra/README.md says it', () => {
  const readme = readFileSync(new URL('../../infra/README.md', import.meta.url), 'utf8');
  for (const kind of NOT_PUT_BACK) expect(readme).toContain(`\`${kind}\``);
  const missing = new Set<string>();
  for (const [name, items] of lost) {
    for (const [key, { _et, sk }] of items) if (!found.get(name)?.has(key) && !sk.startsWith('TEAM#')) missing.add(_et);
  }
  for (const kind of missing) expect(NOT_PUT_BACK).toContain(kind);
});

test('sealing and exporting go on where they stood', async () => {
  const { exports } = world;
  await exports.seal();
  await exports.due(instant('2026-06-03T16:20:00Z'));
  await exports.seal();
  await exports.sealing.expectWhole();
  const days = [...Array(40).keys()].map((n) => exports.day(n + 1)).filter((files) => files.size > 0);
  await exports.expectTrue(...days);
}, 60_000);

test('what is not the whole is refused before anything is written', async () => {
  const restoring = restoringOf(world, new Map());
  world.tables.restore('[]');
  await expect(restoreCounty({ ...restoring, bundles: restoring.bundles.slice(1) })).rejects.toThrow('from the first on');
  await expect(restoreCounty({ ...restoring, bundles: restoring.bundles.toSpliced(2, 1) })).rejects.toThrow();
  expect([...dumpOf(world).values()].every(({ size }) => size === 0)).toBe(true);
});

test('a value that its event does not commit to, and one of no event, are refused before anything is written', async () => {
  world.tables.restore('[]');
  const true_ = clear;
  const [[id, [first, ...more]] = ['', []]] = true_;
  const forged = new Map(true_).set(id, [{ ...(first as CommittedValue), value: '伪造的电话' }, ...more]);
  await expect(restoreCounty(restoringOf(world, forged))).rejects.toThrow('is not the commitment of');
  const foreign = new Map(true_).set('ENT#nobody:1', [first as CommittedValue]);
  await expect(restoreCounty(restoringOf(world, foreign))).rejects.toThrow('ENT#nobody:1 is no event');
  expect([...dumpOf(world).values()].every(({ size }) => size === 0)).toBe(true);
});

test('a bundle under way is gone on with by the note that lies in it', async () => {
  const { exports } = world;
  world.tables.restore('[]');
  const restoring = restoringOf(world, clear);
  const days = restoring.bundles.length - 1;
  const [name, files] = restoring.bundles[days - 1] ?? never();
  const notes = new Map([...exports.day(days)].filter(([path]) => path === 'log/checkpoint'));
  const underWay = new Map([[`day-${String(days).padStart(6, '0')}`, filesInMemory(notes)]]);
  expect([name, files]).toBeDefined();
  const bundles = restoring.bundles.toSpliced(days - 1, 1);
  await restoreCounty({ ...restoring, bundles, underWay });
  const stored = await exports.of(exportId([...underWay.keys()][0] ?? ''));
  expect(stored.proving.note).toBe(String(notes.get('log/checkpoint')));
});

test('what no event has is counted, and the newest event is named', () => {
  expect(restored).toMatchObject({ lost: { teams: 1, secrets: expect.any(Number), requested: 0 } });
  expect(restored.opened).toBe(restored.commitments);
  const times = [...(lost.get('LEDGER_TABLE')?.values() ?? [])].flatMap(({ event }) => (event as { at?: string })?.at ?? []);
  expect(restored.newest).toBe(times.sort().at(-1));
});

/** Closes the days that follow, in one run, and loses the tables before any of it is sealed. Answers when that was. */
async function closeAndLose(days: number): Promise<Instant> {
  const { exports, tables } = world;
  const { to } = (await exports.outside().store.series('day')) ?? never();
  const at = plusMs(startOfDay(to), (days + 1) * 24 * HOUR + HOUR);
  await exports.due(at);
  tables.restore('[]');
  return at;
}

/** The next day is closed after all that lies there, which stays to the byte, and each bundle stands once in the sealed log. */
async function expectGoingOn(at: Instant): Promise<void> {
  const { exports } = world;
  const before = exports.periodic();
  await exports.due(plusMs(at, 24 * HOUR));
  await exports.seal();
  for (const [path, bytes] of before) expect([path, exports.periodic().get(path)]).toEqual([path, bytes]);
  expect(exports.periodic().size).toBeGreaterThan(before.size);
  await exports.sealing.expectWhole();
  const days = [...Array(40).keys()].map((n) => exports.day(n + 1)).filter((files) => files.size > 0);
  await exports.expectTrue(...days);
  const closed = [...exports.sealing.ledger().values()].filter(
    ({ type, subject }) => type === 'ExportClosed' && /day-/.test(subject),
  );
  expect(closed.map(({ subject }) => subject).sort()).toEqual(days.map((_, n) => `EXPORT#day-${String(n + 1).padStart(6, '0')}`));
}

test.each([1, 3])(
  'after the loss of what said that %i days are closed, the series goes on behind them',
  async (days) => {
    world.tables.restore('[]');
    await restoreCounty(restoringOf(world, clear));
    const lostAt = await closeAndLose(days);
    const { snapshot } = await restoreCounty(restoringOf(world, clear, plusMs(lostAt, HOUR)));
    const own = [...snapshot.parts.exports.values()].filter(({ state }) => state.startedAt === plusMs(lostAt, HOUR));
    expect(own.map(({ state }) => state.closed?.sequence)).toHaveLength(days);
    await expectGoingOn(lostAt);
  },
  60_000,
);

test('after the loss of what said that a day was begun, it is gone on with from the checkpoint that lies in its folder', async () => {
  world.tables.restore('[]');
  await restoreCounty(restoringOf(world, clear));
  const lostAt = await closeAndLose(2);
  // More is sealed than was when it was begun, and it was cut off before its sums.
  const restoring = restoringOf(world, clear, plusMs(lostAt, HOUR));
  const days = restoring.bundles.length - 1;
  const files = new Map([...world.exports.day(days)].filter(([path]) => path !== 'SHA256SUMS'));
  const id = `day-${String(days).padStart(6, '0')}`;
  await restoreCounty({
    ...restoring,
    bundles: restoring.bundles.toSpliced(days - 1, 1),
    underWay: new Map([[id, filesInMemory(files)]]),
  });
  await world.exports.seal();
  expect((await world.exports.of(exportId(id))).export).toMatchObject({ stage: 'writing', startedAt: restoring.at });
  await expectGoingOn(lostAt);
}, 60_000);

test.each([3, 300])(
  'what had its place and lay in the archive, %i events, when the tables were lost before it was signed is there again and is signed next',
  async (count) => {
    const { exports } = world;
    world.tables.restore('[]');
    const { events } = await restoreCounty(restoringOf(world, clear));
    const at = plusMs(restoringOf(world, clear).at, -HOUR);
    const subjects = Array.from({ length: count }, (_, n) => `AUDIT#${String(count * 1000 + n).padStart(20, '0')}`);
    const opened = {
      auditor: personId('auditor-1'),
      from: dayOf(at),
      to: dayOf(at),
      until: plusMs(at, HOUR),
      readsPersonalData: false,
    };
    for (const subject of subjects) {
      await exports.record(subject, 'NONE', at, people.committee, { type: 'AuditOpened', data: { ...opened, reason: '' } });
    }
    const outside = exports.sealing.outside();
    const cut = async (): Promise<never> => {
      throw new Error('cut');
    };
    const recorded = [...exports.sealing.ledger().values()];
    await expect(exports.sealing.run(recorded, { ...outside, log: { ...outside.log, sign: cut } })).rejects.toThrow('cut');
    world.tables.restore('[]');

    const again = await restoreCounty(restoringOf(world, clear));
    expect(again.events).toBeGreaterThanOrEqual(events + count);
    for (const subject of subjects) expect(exports.sealing.ledger().has(`${subject}:1`)).toBe(true);
    await exports.seal();
    await exports.sealing.expectWhole();
  },
  60_000,
);

/** Lets so many transactions through; then the process is gone. Answers how many there were. */
async function cutAfter(most: number, work: () => Promise<unknown>): Promise<number> {
  const { send } = documentClient;
  let count = 0;
  const counting = async (command: unknown): Promise<unknown> => {
    if (command instanceof TransactWriteCommand && count++ >= most) throw new Error('cut');
    return Reflect.apply(send, documentClient, [command]);
  };
  Object.assign(documentClient, { send: counting });
  try {
    await work();
  } finally {
    Object.assign(documentClient, { send });
  }
  return count;
}

test('a restore that was cut off anywhere is run again, and once more, and comes to the same tables', async () => {
  const { tables } = world;
  tables.restore('[]');
  await restoreCounty(restoringOf(world, clear));
  const lostAt = await closeAndLose(1);
  const restoring = restoringOf(world, clear, plusMs(lostAt, HOUR));
  const all = await cutAfter(Number.POSITIVE_INFINITY, () => restoreCounty(restoring));
  const whole = dumpOf(world);
  for (const most of [1, Math.floor(all / 2), all - 2, all - 1]) {
    tables.restore('[]');
    await expect(cutAfter(most, () => restoreCounty(restoring))).rejects.toThrow('cut');
    await restoreCounty(restoring);
    expect(dumpOf(world)).toEqual(whole);
  }
  await restoreCounty({ ...restoring, at: plusMs(restoring.at, HOUR) });
  expect(dumpOf(world)).toEqual(whole);
}, 60_000);

test('one table that was lost is filled while the others stand as they are, and nothing is put beside what differs', async () => {
  const { tables } = world;
  const restoring = restoringOf(world, clear);
  tables.restore('[]');
  await restoreCounty(restoring);
  const whole = dumpOf(world);
  const stored = JSON.parse(tables.snapshot()) as [string, [string, StoredItem][]][];
  const living = stored.map(([name, items]) => [
    name,
    name === 'REGISTER_TABLE'
      ? []
      : items.map(([key, item]) => [key, item._et === 'INSPECTOR' ? { ...item, version: 99, secret: '赵六' } : item]),
  ]);
  tables.restore(JSON.stringify(living));
  const before = dumpOf(world);
  const refused = await restoreCounty(restoring).catch((error: Error) => error.message);
  expect(refused).toMatch(/INSPECTIONS_TABLE.* has another .*INSP#i1/);
  expect(refused).not.toContain('赵六');
  expect(dumpOf(world)).toEqual(before);
  await restoreCounty({ ...restoring, tables: ['REGISTER_TABLE'] });
  expect(dumpOf(world)).toEqual(new Map(before).set('REGISTER_TABLE', whole.get('REGISTER_TABLE') ?? new Map()));
});
