/** What the sweep marks, tells and publishes; and what everybody may read of it. */
import { servePublished } from '../../functions/serve-published/serve-published.ts';
import { indexDraws, publishKept } from '../../functions/sweep-tasks/publish-draws.ts';
import { sweepTasks } from '../../functions/sweep-tasks/sweep-tasks.ts';
import { hashOf } from '../../shared/data/draw-files.ts';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import type { Unpublished } from '../../shared/data/item-list-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import type { Draw } from '../../shared/domain/draw.ts';
import { department, personId, taskId } from '../../shared/domain/ids.ts';
import { type Task, taskSubject } from '../../shared/domain/task.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { memoryTables } from '../support/memory-tables.ts';
import { aTask, at, county, drawn, store, USCC } from '../support/tasks.ts';
import { boss, tasksApi, wang, zhao } from '../support/tasks-api.ts';

const { id, authority } = aTask();
const FILE = 'published/results/533102.YJJ/000001/R.YJJ.000001.1.0001.json';
const INDEX = 'published/results/533102.YJJ/000001/index.json';

/** A bucket that may break after so many files. */
function bucket() {
  const files = new Map<string, string>();
  const state = { left: Number.POSITIVE_INFINITY };
  return {
    files,
    breakAfter: (puts: number) => {
      state.left = puts;
    },
    read: async (key: string) => files.get(key),
    put: async (key: string, text: string) => {
      if (state.left-- <= 0) throw new Error('the bucket is broken');
      files.set(key, text);
    },
    /** `others`: what another sweep does at this moment. */
    others: async () => {},
    async putOnce(key: string, text: string) {
      const before = files.get(key);
      if (before !== undefined) return before;
      await this.others();
      const first = files.get(key);
      if (first !== undefined) return first;
      await this.put(key, text);
      return text;
    },
    open: async (key: string) => {
      const text = files.get(key);
      return text === undefined ? undefined : { bytes: Buffer.from(text) };
    },
    text: async (key: string) => files.get(key),
  };
}

function world() {
  const api = tasksApi();
  const published = bucket();
  const failed: string[] = [];
  const sweep = (when: string) =>
    sweepTasks({
      ...{ county, tasks: dynamoTaskStore, hazards: dynamoHazardStore, register: api.register, itemLists: api.itemLists },
      files: published,
      policyAt: (now) => policyFor(county, now),
      failed: (task) => failed.push(task),
    })([authority], at(when), () => false);
  return { ...api, published, failed, sweep };
}

const record = {
  version: 1,
  outcome: 'inspected',
  visitedAt: '2026-03-10T10:00:00+08:00',
  present: ['wang', 'zhao'],
  account: '由张三陪同检查',
  items: ['1', '2'].map((item) => ({ item, result: 'conforms' })),
  problems: [{ text: '台账不全' }],
  hazards: [{ place: '罐区', description: '报警器失灵' }],
  representative: { signed: 'absent', reason: '张三外出' },
};

async function confirmed(given: object = {}) {
  const it = world();
  await store(aTask());
  const handedIn = await it.ask(wang, '03-10T12:00', 'POST /v1/tasks/{id}/report', { task: id, body: { ...record, ...given } });
  expect(handedIn.status).toBe(200);
  const signed = await it.ask(zhao, '03-10T12:10', 'POST /v1/tasks/{id}/confirm', { task: id, body: { version: 2 } });
  expect(signed.status).toBe(200);
  return it;
}

const stands = async (): Promise<Task | undefined> => (await dynamoTaskStore.load(county, id))?.task;
const facts = async () => (await dynamoLedgerStore.ofSubject(taskSubject(id), 50)).events.map(({ type }) => type);

test('what two have signed is published without a person in it, named by its index, and is nobody’s task any more', async () => {
  const { sweep, published, ask } = await confirmed();
  expect(await sweep('03-10T12:15')).toEqual({ due: 1, marked: 0, published: 1, failed: 0 });
  const text = published.files.get(FILE) ?? '';
  expect(JSON.parse(text)).toMatchObject({
    task: id,
    object: { uscc: USCC, name: '合成样例厂' },
    day: '2026-03-10',
    items: [{ item: '1', name: '事项1', result: 'conforms' }, { item: '2' }],
    problems: [{ text: '台账不全' }],
    hazards: { total: 1, general: 0, major: 0, ungraded: 1 },
    nothingFound: false,
    isLate: false,
  });
  for (const hidden of ['wang', 'zhao', '张三', 'evidence']) expect(text).not.toContain(hidden);
  expect(JSON.parse(published.files.get(INDEX) ?? '')).toEqual({
    authority: 'YJJ',
    number: 1,
    results: [{ task: id, outcome: 'inspected', publishedAt: at('03-10T12:15'), isLate: false }],
  });
  expect(await stands()).toMatchObject({ stage: 'published', owed: [], late: [] });
  expect(await sweep('03-10T12:20')).toEqual({ due: 0, marked: 0, published: 0, failed: 0 });
  expect((await ask(wang, '03-10T13:00', 'GET /v1/tasks')).body.items).toEqual([]);
});

test.each([0, 1, 2])('a crash after %i files leaves it to the next sweep, which comes to the same', async (puts) => {
  const { sweep, published, failed } = await confirmed();
  published.breakAfter(puts);
  const first = await sweep('03-10T12:15');
  published.breakAfter(Number.POSITIVE_INFINITY);
  await sweep('03-10T12:20');
  expect([first.failed, failed]).toEqual([1, [id]]);
  expect(await stands()).toMatchObject({ stage: 'published' });
  expect(await facts()).toEqual(['TaskAssigned', 'InspectionReported', 'InspectionConfirmed', 'ResultPublished']);
  expect(JSON.parse(published.files.get(INDEX) ?? '').results).toHaveLength(1);
});

test('two sweeps at once record the bytes that lie there', async () => {
  const { sweep, published, failed } = await confirmed();
  published.others = async () => {
    published.others = async () => {};
    await sweep('03-10T12:20');
  };
  expect(await sweep('03-10T12:15')).toMatchObject({ failed: 0 });
  const [text = '', task] = [published.files.get(FILE), await stands()];
  expect(task?.published?.sha256).toBe(hashOf(Buffer.from(text)));
  expect(failed).toEqual([]);
  expect((await facts()).filter((type) => type === 'ResultPublished')).toHaveLength(1);
  expect(JSON.parse(published.files.get(INDEX) ?? '').results).toMatchObject([{ task: id, publishedAt: at('03-10T12:20') }]);
});

test('two sweeps of one draw whose indexes cross leave one that names both', async () => {
  const { ask, sweep, published } = await confirmed();
  const other = taskId('R.YJJ.000001.1.0002');
  await store(aTask({ id: other }));
  for (const [who, what, body] of [
    [wang, 'report', record],
    [zhao, 'confirm', { version: 2 }],
  ] as const) {
    expect((await ask(who, '03-10T12:00', `POST /v1/tasks/{id}/${what}`, { task: other, body })).status).toBe(200);
  }
  const isFirst = { value: true };
  const put = published.put;
  published.put = async (key, text) => {
    if (key === INDEX && isFirst.value) {
      isFirst.value = false;
      await sweep('03-10T12:20');
    }
    await put(key, text);
  };
  await sweep('03-10T12:15');
  expect(JSON.parse(published.files.get(INDEX) ?? '').results).toHaveLength(2);
});

test('a result that cannot be published is told of, step by step', async () => {
  const { sweep, published } = await confirmed();
  published.breakAfter(0);
  await sweep('03-10T12:15');
  for (const when of ['04-20T09:00', '04-20T09:05']) expect(await sweep(when)).toMatchObject({ published: 0, failed: 1 });
  const told = await facts();
  expect(told.slice(0, 4)).toEqual(['TaskAssigned', 'InspectionReported', 'InspectionConfirmed', 'TaskOverdue']);
  expect(told.filter((type) => type === 'TaskOverdue')).toHaveLength(1);
  expect(told).toContain('TaskEscalated');
  published.breakAfter(Number.POSITIVE_INFINITY);
  expect(await sweep('04-20T09:10')).toMatchObject({ marked: 0, published: 1, failed: 0 });
});

test('who ever drew is swept, also who is no department of the policy any more', async () => {
  memoryTables();
  const draws = dynamoDrawStore(county);
  const gone = department('OLD');
  const after = await draws.series(gone);
  const fact = { type: 'NothingToDraw', data: { kind: 'RANDOM.RED', period: drawn().period } } as const;
  const occasion = { at: at('03-01T09:00'), county, actor: { id: personId('system'), role: 'system' } } as const;
  await draws.note({ facts: [fact], after, series: after.series, occasion });
  expect(await draws.authorities()).toEqual([gone]);
});

test('what says who somebody is does not come in; what is known of only later is blotted out, and the ledger says so', async () => {
  const { ask, sweep, published, register } = world();
  await store(aTask());
  const hand = (given: object) =>
    ask(wang, '03-10T12:00', 'POST /v1/tasks/{id}/report', { task: id, body: { ...record, ...given } });
  const named = await hand({ problems: [{ text: '台账不全' }, { text: '请张三补全' }] });
  expect(named).toMatchObject({
    status: 422,
    body: {
      code: 'personal-data',
      field: 'problems.1.text',
      kind: 'name',
      at: 1,
      detail: expect.stringContaining('第 2 个问题'),
    },
  });
  expect((await hand({ account: '电话13800000000' })).body).toMatchObject({ field: 'account', kind: 'telephone' });
  expect((await hand({ otherDay: '张三要求改期' })).body).toMatchObject({ field: 'otherDay', kind: 'name' });
  expect((await hand({ problems: [{ text: '请李小四补全台账' }] })).status).toBe(200);
  await ask(zhao, '03-10T12:10', 'POST /v1/tasks/{id}/confirm', { task: id, body: { version: 2 } });
  const owner = await register.owner(aTask().owner);
  const enterprise = owner?.enterprise && { ...owner.enterprise, contacts: [{ post: 'head', name: '李小四' }] };
  register.owner = async () => (owner && enterprise ? { ...owner, enterprise } : undefined);
  await sweep('03-10T12:15');
  expect(JSON.parse(published.files.get(FILE) ?? '')).toMatchObject({ problems: [{ text: '请■■■补全台账' }], blotted: 1 });
  const { events } = await dynamoLedgerStore.ofSubject(taskSubject(id), 50);
  expect(events.find(({ type }) => type === 'ResultPublished')).toMatchObject({ data: { blotted: 1 } });
});

test('a team by hand and another day are published with their reasons', async () => {
  const { ask, sweep, published } = world();
  const body = { version: 1, team: ['wang', 'zhao'], day: '2026-03-12', reason: '当日停电' };
  await store(aTask());
  expect((await ask(boss, '03-02T09:00', 'POST /v1/tasks/{id}/assign', { task: id, body })).status).toBe(200);
  const visited = { ...record, version: 2, visitedAt: '2026-03-13T10:00:00+08:00', otherDay: '道路中断' };
  expect((await ask(wang, '03-13T12:00', 'POST /v1/tasks/{id}/report', { task: id, body: visited })).status).toBe(200);
  await ask(zhao, '03-13T12:10', 'POST /v1/tasks/{id}/confirm', { task: id, body: { version: 3 } });
  await sweep('03-13T12:15');
  expect(JSON.parse(published.files.get(FILE) ?? '')).toMatchObject({
    ...{ day: '2026-03-13', drawnDay: '2026-03-12', otherDay: '道路中断' },
    ...{ isSentByHand: true, sentBecause: '当日停电' },
  });
});

test('a late result says so; what is not signed is never published', async () => {
  const late = await confirmed();
  await late.sweep('04-09T09:00');
  expect(JSON.parse(late.published.files.get(FILE) ?? '')).toMatchObject({ isLate: true });
  expect(await stands()).toMatchObject({ late: [{ what: 'publish' }] });

  const unsigned = world();
  await store(aTask());
  await unsigned.ask(wang, '03-10T12:00', 'POST /v1/tasks/{id}/report', { task: id, body: record });
  await unsigned.sweep('04-09T09:00');
  expect(unsigned.published.files.size).toBe(0);
  expect((await stands())?.owed.filter(({ missed }) => missed !== undefined).map(({ what }) => what)).toEqual([
    'confirm',
    'publish',
  ]);
});

test('what could not be inspected waits for what is done about it', async () => {
  const unable = { outcome: 'refused', items: [], problems: [], hazards: [] };
  const { sweep, published, ask } = await confirmed(unable);
  await sweep('03-10T12:15');
  expect(published.files.size).toBe(0);
  await ask(boss, '03-12T09:00', 'POST /v1/tasks/{id}/follow-up', { task: id, body: { version: 3, text: '已立案处罚' } });
  await sweep('03-12T09:05');
  expect(JSON.parse(published.files.get(FILE) ?? '')).toMatchObject({ outcome: 'refused', followUp: { text: '已立案处罚' } });
});

test('each step of the ladder is told once, however often it is swept', async () => {
  const { sweep } = world();
  await store(aTask());
  expect(await sweep('03-10T23:59')).toMatchObject({ due: 0 });
  for (const when of ['03-11T00:00', '03-11T00:05', '03-12T23:55']) await sweep(when);
  expect(await facts()).toEqual(['TaskAssigned', 'TaskOverdue', 'TaskEscalated']);
  await Promise.all([sweep('03-13T00:00'), sweep('03-13T00:00')]);
  expect((await facts()).filter((type) => type === 'TaskEscalated')).toHaveLength(2);
});

const draw = (given: Partial<Draw> = {}): Draw => ({
  ...{ county, authority, number: 1, kind: 'RANDOM.RED', period: drawn().period, window: drawn().window },
  ...{ announcedAt: at('02-26T09:00'), drawAt: at('02-28T09:00'), revealBy: at('04-16T00:00') },
  ...{
    announcement: 'a'.repeat(64),
    previous: '0'.repeat(64),
    strata: [],
    sources: 1,
    teamSize: 2,
    entries: [],
    iterations: [{ no: 1 }],
  },
  files: { objects: '1'.repeat(64), inspectors: '2'.repeat(64), recusals: '3'.repeat(64), items: '4'.repeat(64) },
  stage: 'announced',
  ...given,
});

/** The indexes of a county in which one draw was announced. */
function indexing(stored: Map<number, Draw>, unpublished: Unpublished[] = []) {
  const published = bucket();
  const looked: number[] = [];
  const deps = {
    ...{ county, files: published, policyAt: (now: Parameters<typeof policyFor>[1]) => policyFor(county, now) },
    draws: {
      load: async ({ number }: { number: number }) => {
        looked.push(number);
        const found = stored.get(number);
        return found && { draw: found, version: 1 };
      },
      series: async () => ({ series: { authority, number: stored.size, head: '' }, version: 1, revision: 1 }),
    },
    itemLists: { unpublished: async () => unpublished, published: async () => undefined },
  };
  return {
    published,
    looked,
    index: () => indexDraws(deps, [authority], at('03-02T09:00')),
    keep: () => publishKept(deps, at('03-02T09:00')),
  };
}
const ask = (published: ReturnType<typeof bucket>) => {
  const nothing = { signed: async () => undefined, tile: async () => new Uint8Array(), cosigned: async () => [] };
  const log = { ...nothing, witnesses: [], keep: async () => undefined };
  const serve = servePublished({ county, bucket: published, log });
  return async (route: string, given: Record<string, string> = {}) => {
    const answer = await serve(`GET /public/${route}`, given);
    return answer.status === 200 ? JSON.parse(Buffer.from(answer.body).toString()) : answer.status;
  };
};

test('everybody finds the draws, what is open of each, and nothing else; what is revealed is not looked up again', async () => {
  const stored = new Map([[1, draw()]]);
  const { published, looked, index } = indexing(stored);
  await index();
  const read = ask(published);
  expect(await read('draws')).toMatchObject({ authorities: [{ authority: 'YJJ', draws: [{ number: 1, stage: 'announced' }] }] });
  const params = { authority: '533102.YJJ', number: '000001' };
  expect((await read('draws/{authority}/{number}', params)).files.map(({ file }: { file: string }) => file)).toEqual([
    'announcement.json',
    'objects.tsv',
  ]);
  stored.set(1, draw({ stage: 'revealed', revealedAt: at('03-20T09:00'), randomness: '5'.repeat(64) }));
  await index();
  expect(await read('draws/{authority}/{number}', { authority: 'YJJ', number: '1' })).toMatchObject({ stage: 'revealed' });
  const before = looked.length;
  await index();
  expect(looked).toHaveLength(before);
});

test.each<[string, Record<string, string>]>([
  ['draws/{authority}/{number}/{file}', { authority: 'YJJ', number: '1', file: '..%2f..%2frosters' }],
  ['draws/{authority}/{number}/{file}', { authority: 'YJJ', number: '1', file: '../../../rosters/x.json' }],
  ['draws/{authority}/{number}/{file}', { authority: '..', number: '1', file: 'announcement.json' }],
  ['draws/{authority}/{number}/{file}', { authority: '533103.YJJ', number: '1', file: 'announcement.json' }],
  ['draws/{authority}/{number}/{file}', { authority: 'YJJ', number: '1/..', file: 'announcement.json' }],
  ['results/{authority}/{number}/{task}', { authority: 'YJJ', number: '1', task: '../x' }],
  ['items/{authority}', { authority: 'yjj/..' }],
  ['nothing', {}],
])('no name leads out of what is published: %s %j', async (route, given) => {
  const { published, index } = indexing(new Map([[1, draw()]]));
  await index();
  for (const key of ['rosters/x.json', 'published/../rosters/x.json']) published.files.set(key, '{}');
  published.files.set('published/533102.YJJ/000001/announcement.json', '{"a":1}');
  const read = ask(published);
  expect(await read('draws/{authority}/{number}/{file}', { authority: 'YJJ', number: '1', file: 'announcement.json' })).toEqual({
    a: 1,
  });
  expect(await read(route, given)).toBe(404);
});

test('lists of items and plans lie open with an index that names the newest', async () => {
  const items = (version: number): Unpublished => ({
    key: `published/items/533102.YJJ/00000${version}.json`,
    body: JSON.stringify({ version, authority, items: [] }),
    kept: { of: 'items', is: { state: { authority, items: [] }, version, keptAt: at('03-01T00:00') } },
  });
  const state = { authority, period: drawn().period, kind: 'SPECIAL', theme: '防火', industries: [], townships: [] } as const;
  const plan = (version: number): Unpublished => ({
    key: `published/plans/533102.YJJ/2026-03/00000${version}.json`,
    body: JSON.stringify({ version, ...state }),
    kept: { of: 'plan', is: { state, version, keptAt: at('03-01T00:00') } },
  });
  const { published, keep } = indexing(new Map(), [items(2), items(1), plan(1), plan(2)]);
  expect(await keep()).toBe(4);
  const read = ask(published);
  expect(await read('items/{authority}', { authority: 'YJJ' })).toMatchObject({ version: 2 });
  expect(await read('plans/{authority}', { authority: 'YJJ' })).toMatchObject({
    plans: [{ period: '2026-03', version: 2, theme: '防火' }],
  });
  expect(published.files.has('published/items/533102.YJJ/000001.json')).toBe(true);
});
