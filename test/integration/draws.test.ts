/**
 * One whole draw by its doors: directories by the API, the calendar's call, the announcement that anybody reads, numbers that two enter,
 * teams that see their own tasks alone, what they find, the reveal, and a doubter who fetches the bundle and replays it. A county draws a
 * period once, so on services that somebody keeps this runs once.
 */
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { enterRandomness, listDraws, readBundle, readDraw, replaceObjects, voidDraw } from '../../functions/serve-draws/api.ts';
import { readHazard } from '../../functions/serve-hazards/api.ts';
import {
  declareInterest,
  keepItems,
  listInspectors,
  listNotVisited,
  readCapacity,
  readCoverage,
  registerInspector,
} from '../../functions/serve-inspectors/api.ts';
import { addRisk, registerEnterprise } from '../../functions/serve-register/api.ts';
import { confirmInspection, listTasks, readTask, reportInspection, uploadTaskEvidence } from '../../functions/serve-tasks/api.ts';
import type { SamplePerson } from '../../infra/local/sample/county.ts';
import { detailsOf, type EvidenceFile, paper, photo, sendForm } from '../../infra/local/sample/evidence.ts';
import { numbersOf } from '../../infra/local/sample/lottery.ts';
import { type Instant, instant, plusDays, plusMs } from '../../shared/domain/calendar.ts';
import { department, hazardId, itemNo, riskNo, type TaskId } from '../../shared/domain/ids.ts';
import { enterpriseObject } from '../../shared/domain/object.ts';
import { departmentOwner } from '../../shared/domain/owner.ts';
import { announcement } from '../../shared/draw/announcement.ts';
import type { Bundle } from '../../shared/draw/bundle.ts';
import { sha256 } from '../../shared/draw/bytes.ts';
import { verifyDraw } from '../../shared/draw/verify-draw.ts';
import { verifySeries } from '../../shared/draw/verify-series.ts';
import {
  at,
  authorities,
  type County,
  eventually,
  freshKey,
  gradedAs,
  PHONE,
  riskContent,
  SURNAME,
  sign,
  somebody,
  TOWNSHIP,
  theCounty,
  unregistered,
  type Works,
} from '../support/works.ts';

const AUTHORITY = department('WLJ');
const DEPARTMENT = departmentOwner(AUTHORITY);
const OBJECTS = 3;
const MINUTE_MS = 60_000;

const chief = somebody('department-head', 'test-wlj-chief', DEPARTMENT);
const inspectors = ['a', 'b', 'c'].map((name) => somebody('department-officer', `test-wlj-${name}`, DEPARTMENT));
const stranger = somebody('department-officer', 'test-wlj-stranger', DEPARTMENT);

let county: County;
let works: readonly Works[];
beforeAll(async () => {
  county = await theCounty();
}, 60_000);

/** An enterprise with a red risk, signed. */
async function registered(industry: string, supervisor: string): Promise<Works> {
  const { api } = county;
  const one = unregistered();
  const body = {
    ...{ uscc: one.uscc, name: '集成测试景区', township: TOWNSHIP, industry, supervisor: supervisor as typeof DEPARTMENT },
    ...{ contacts: [{ post: '主要负责人', name: SURNAME, phone: PHONE }], workshops: [] },
  };
  await api(registerEnterprise, { as: authorities.committee, at: at('2026-05-20 08:00'), key: freshKey(), body });
  const risk = { no: riskNo('R1'), content: riskContent('玻璃栈道'), assessments: gradedAs('RED') };
  const asked = { as: one.manager, at: at('2026-05-20 08:10'), key: freshKey(), params: { uscc: one.uscc } };
  await api(addRisk, { ...asked, body: risk });
  await sign(api, one, at('2026-05-20 08:20'));
  return one;
}

/** What anybody gets who has no token. */
async function open(path: string): Promise<{ readonly status: number; readonly bytes: Uint8Array }> {
  const answer = await fetch(`${county.cloud.apiUrl}/public${path}`);
  return { status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer()) };
}
const json = ({ bytes }: { readonly bytes: Uint8Array }): unknown => JSON.parse(Buffer.from(bytes).toString('utf8'));

const draw = (number: number, when: Instant) =>
  county.api(readDraw, { as: chief, at: when, params: { authority: AUTHORITY, number } });

const reaches = (number: number, stage: string, when: Instant) =>
  eventually(`draw ${number} is ${stage}`, async () => {
    const now = await draw(number, when);
    return now.stage === stage ? now : undefined;
  });

const tasksOf = async (as: SamplePerson, when: Instant) =>
  (await county.api(listTasks, { as, at: when, query: { limit: 200 } })).items;

async function upload(as: SamplePerson, when: Instant, task: TaskId, file: EvidenceFile) {
  const asked = { as, at: when, key: freshKey(), params: { id: task }, body: detailsOf(file) };
  const form = await county.api(uploadTaskEvidence, asked);
  await sendForm(form, file);
  return form.key;
}

test('the directories of an authority are kept by the API', async () => {
  const { api } = county;
  works = await Promise.all(Array.from({ length: OBJECTS }, () => registered('tourism', DEPARTMENT)));
  const now = at('2026-05-21 09:00');
  for (const { id } of inspectors) {
    const certificate = { no: `云执法-${id}`, until: '2027-12-31' };
    const body = { id, authority: AUTHORITY, role: 'enforcer' as const, skills: ['tourism'], certificate };
    await api(registerInspector, { as: chief, at: now, key: freshKey(), body });
  }
  const [related] = inspectors;
  if (related === undefined) throw new Error('nobody inspects');
  const interest = { version: 1, in: enterpriseObject(works[0]?.uscc ?? ('' as never)), kind: 'kinship', reason: '亲属任职' };
  await api(declareInterest, { as: related, at: now, key: freshKey(), params: { id: related.id }, body: interest });
  const item = {
    no: itemNo('T01'),
    name: '应急预案',
    basis: '安全生产法',
    appliesTo: ['*'],
    kinds: ['RANDOM' as const],
    way: '现场检查',
  };
  const kept = { version: 0, items: [item, { ...item, no: itemNo('T02'), name: '设施维护' }] };
  await api(keepItems, { as: chief, at: now, key: freshKey(), params: { authority: AUTHORITY }, body: kept });
});

const announcedAt = at('2026-05-26 09:00');
type Announced = ReturnType<typeof announcement.parse>;
let number = 0;
let told: Announced;

const numberOf = (period: string) =>
  eventually(`the draw of ${period}`, async () => {
    const query = { authority: AUTHORITY, kind: 'RANDOM.RED' as const, limit: 200 };
    const { items } = await county.api(listDraws, { as: chief, at: announcedAt, query });
    return items.find((one) => one.period === period)?.number;
  });

/** What was announced, as it lies open. */
const announcementOf = (of: number): Promise<{ readonly bytes: Uint8Array; readonly announced: Announced }> =>
  eventually(`the announcement of ${of} lies open`, async () => {
    const { status, bytes } = await open(`/draws/${AUTHORITY}/${of}/announcement.json`);
    return status === 200 ? { bytes, announced: announcement.parse(json({ bytes })) } : undefined;
  });

/** Enters the numbers that the sample's world has for the announced issue. */
async function enter(as: SamplePerson, { number: of, drawAt, sources: [source] }: Announced) {
  if (source?.type !== 'numbers') throw new Error('the sample draws by numbers');
  const { version } = await draw(of, instant(drawAt));
  const body = { version, source: 0, value: { numbers: numbersOf(source) } };
  return county.api(enterRandomness, {
    ...{ as, at: instant(drawAt), key: freshKey(), params: { authority: AUTHORITY, number: of }, body },
  });
}

interface OpenDraw {
  readonly number: number;
  readonly stage: string;
  readonly files: readonly { readonly file: string; readonly sha256: string }[];
}

/** Everything that lies open of a draw, each file held against the hash that the index has of it. */
async function fetched(of: number): Promise<{ readonly stage: string | undefined; readonly bundle: Bundle }> {
  const { draws } = json(await open(`/draws/${AUTHORITY}`)) as { draws: readonly OpenDraw[] };
  const entry = draws.find((one) => one.number === of);
  const bundle = new Map<string, Uint8Array>();
  for (const { file, sha256: hash } of entry?.files ?? []) {
    const { status, bytes } = await open(`/draws/${AUTHORITY}/${of}/${file}`);
    expect([file, status, sha256(bytes)]).toEqual([file, 200, hash]);
    bundle.set(file, bytes);
  }
  return { stage: entry?.stage, bundle };
}

test('the calendar’s call announces the draw of the coming month, and anybody reads the announcement', async () => {
  await county.cloud.invoke('open-draws', { at: announcedAt, kind: 'RANDOM.RED' });
  number = await numberOf('2026-06');
  const { stage, announcement: hash, strata } = await draw(number, announcedAt);
  expect(stage).toBe('announced');
  const { bytes, announced } = await announcementOf(number);
  expect(sha256(bytes)).toBe(hash);
  told = announced;
  expect(told).toMatchObject({ authority: `533102.${AUTHORITY}`, number, kind: 'RANDOM.RED', period: '2026-06' });
  expect(strata.reduce((sum, { objects }) => sum + objects, 0)).toBe(OBJECTS);
  for (const secret of ['inspectors.tsv', 'recusals.tsv', 'randomness.json', 'result-1.json'])
    expect([secret, (await open(`/draws/${AUTHORITY}/${number}/${secret}`)).status]).toEqual([secret, 404]);
});

test('numbers that one alone entered draw nothing; what two entered alike is drawn with', async () => {
  const [one, two] = inspectors;
  if (one === undefined || two === undefined) throw new Error('nobody inspects');
  const drawAt = instant(told.drawAt);
  await enter(one, told);
  await county.cloud.invoke('sweep-draws', { at: drawAt });
  expect(await draw(number, drawAt)).toMatchObject({ stage: 'announced' });
  await expect(enter(one, told)).rejects.toMatchObject({ code: 'entered-already' });
  await enter(two, told);
  await county.cloud.invoke('sweep-draws', { at: plusMs(drawAt, MINUTE_MS) });
  const { iterations } = await reaches(number, 'assigned', drawAt);
  expect(iterations).toMatchObject([{ no: 1, drawn: OBJECTS, unassigned: 0 }]);
});

test('each inspector sees the tasks that he was drawn for, nobody else any, and no door tells the result', async () => {
  const seen = instant(told.drawAt);
  const lists = await Promise.all(inspectors.map((as) => tasksOf(as, seen)));
  const mine = lists.map((tasks) => tasks.filter(({ draw: of }) => of.number === number));
  const ids = [...new Set(mine.flat().map(({ id }) => id))];
  expect(ids).toHaveLength(OBJECTS);
  expect(new Set(mine.flat().map(({ object }) => object))).toEqual(new Set(works.map(({ uscc }) => enterpriseObject(uscc))));
  // Two for each object, and he who has an interest in the first not there.
  expect(mine.flat()).toHaveLength(2 * OBJECTS);
  expect(mine[0]?.map(({ object }) => object)).not.toContain(enterpriseObject(works[0]?.uscc ?? ('' as never)));

  expect(await tasksOf(stranger, seen)).toEqual([]);
  const [id] = ids;
  if (id === undefined) throw new Error('nothing was drawn');
  await expect(county.api(readTask, { as: stranger, at: seen, params: { id } })).rejects.toMatchObject({ status: 404 });
  expect((await open(`/draws/${AUTHORITY}/${number}/result-1.json`)).status).toBe(404);
});

test('what a visit found is a hazard of its own; another of the team signs; the result is published without anybody’s name', async () => {
  const { api, cloud } = county;
  const drawn = instant(told.drawAt);
  const teams = new Map<TaskId, SamplePerson[]>();
  for (const as of inspectors)
    for (const { id, draw: of } of await tasksOf(as, drawn))
      if (of.number === number) teams.set(id, [...(teams.get(id) ?? []), as]);
  const found: string[] = [];
  let last = drawn;
  for (const [id, [by, other]] of teams) {
    if (by === undefined || other === undefined) throw new Error(`${id} has no team`);
    const task = await api(readTask, { as: by, at: drawn, params: { id } });
    const now = instant(`${task.day}T10:00:00+08:00`);
    if (now > last) last = now;
    const isFirst = found.length === 0;
    const hazard = {
      place: '玻璃栈道',
      description: '栏杆松动',
      risk: riskNo('R1'),
      evidence: [await upload(by, now, id, photo(`${id} 隐患`))],
    };
    const signature = await upload(by, now, id, paper(`${id} 签字页`));
    const report = {
      ...{
        outcome: 'inspected' as const,
        visitedAt: plusMs(now, -30 * MINUTE_MS),
        present: [by.id, other.id],
        account: '逐项检查',
      },
      items: task.items.map(({ no }) => ({ item: no, result: 'conforms' as const })),
      ...{ problems: [], hazards: isFirst ? [hazard] : [], ...(!isFirst && { nothingFound: true as const }) },
      representative: { signed: 'signed' as const, evidence: [signature] },
      version: task.version,
    };
    const handed = await api(reportInspection, { as: by, at: now, key: freshKey(), params: { id }, body: report });
    found.push(...handed.hazards);
    const confirm = { at: plusMs(now, MINUTE_MS), params: { id }, body: { version: handed.version } };
    await expect(api(confirmInspection, { as: by, key: freshKey(), ...confirm })).rejects.toMatchObject({ status: 403 });
    await api(confirmInspection, { as: other, key: freshKey(), ...confirm });
  }
  expect(found).toHaveLength(1);
  const hazard = await api(readHazard, { as: chief, at: last, params: { id: hazardId(found[0] ?? '') } });
  expect(hazard.finding).toMatchObject({ source: 'inspection', description: '栏杆松动' });

  await cloud.invoke('sweep-tasks', { at: plusDays(last, 1) });
  const results = json(await open(`/results/${AUTHORITY}/${number}`)) as { results: { task: string; outcome: string }[] };
  expect(results.results.map(({ task }) => task).sort()).toEqual([...teams.keys()].sort());
  for (const id of teams.keys()) {
    const result = await open(`/results/${AUTHORITY}/${number}/${id}`);
    expect(result.status).toBe(200);
    const text = Buffer.from(result.bytes).toString('utf8');
    for (const person of [...inspectors.map((one) => String(one.id)), SURNAME, PHONE]) expect(text).not.toContain(person);
  }
});

test('when all visits have ended the draw is revealed, and a doubter replays it from the public door alone', async () => {
  const late = at('2026-07-02 09:00');
  await county.cloud.invoke('sweep-draws', { at: late });
  await reaches(number, 'revealed', late);
  await county.cloud.invoke('sweep-tasks', { at: late });
  const { stage, bundle } = await fetched(number);
  expect(stage).toBe('revealed');
  expect(verifyDraw(bundle)).toMatchObject({ ok: true });
  const { files } = await county.api(readBundle, { as: chief, at: late, params: { authority: AUTHORITY, number } });
  expect(files.map(({ file }) => file).sort()).toEqual([...bundle.keys()].sort());

  const result = Buffer.from(bundle.get('result-1.json') ?? '');
  result.writeUInt8(result.readUInt8(result.length >> 1) ^ 1, result.length >> 1);
  expect(verifyDraw(new Map([...bundle, ['result-1.json', result]]))).toMatchObject({ ok: false });
});

test('an object that cannot be inspected is replaced by another draw, a void draw is shown all the same, and the series has no gap', async () => {
  const other = await numberOf('2026-05');
  const { announced } = await announcementOf(other);
  for (const as of inspectors.slice(0, 2)) await enter(as, announced);
  const drawAt = instant(announced.drawAt);
  await county.cloud.invoke('sweep-draws', { at: plusMs(drawAt, MINUTE_MS) });
  const drawn = await reaches(other, 'assigned', drawAt);
  const [task] = (await Promise.all(inspectors.map((as) => tasksOf(as, drawAt))))
    .flat()
    .filter(({ draw: of }) => of.number === other);
  if (task === undefined) throw new Error('nothing was drawn');
  const asked = { as: chief, at: plusMs(drawAt, 10 * MINUTE_MS), params: { authority: AUTHORITY, number: other } };
  const body = { version: drawn.version, replace: [{ task: task.id, reason: '道路中断，附照片' }], days: [...announced.days] };
  await county.api(replaceObjects, { ...asked, key: freshKey(), body });
  const again = await eventually('the second iteration is assigned', async () => {
    const now = await draw(other, drawAt);
    return now.iterations[1]?.assignedAt === undefined ? undefined : now;
  });
  expect(again.iterations).toMatchObject([{ no: 1 }, { no: 2, replaced: 1 }]);
  const gone = await county.api(readTask, { as: chief, at: asked.at, params: { id: task.id } });
  expect(gone.stage).toBe('replaced');

  await county.api(voidDraw, { ...asked, key: freshKey(), body: { version: again.version, reason: '名录有误' } });
  await eventually('the void draw is shown', async () => (await draw(other, drawAt)).revealedAt);
  await county.cloud.invoke('sweep-tasks', { at: plusMs(drawAt, 20 * MINUTE_MS) });
  const left = (await Promise.all(inspectors.map((as) => tasksOf(as, asked.at)))).flat();
  expect(left.filter(({ draw: of }) => of.number === other)).toEqual([]);
  const bundles = await Promise.all([other, number].map(async (of) => [`${of}`, (await fetched(of)).bundle] as const));
  expect([...(bundles[0]?.[1].keys() ?? [])]).toEqual(
    expect.arrayContaining(['substitution-2.json', 'result-2.json', 'void.json']),
  );
  expect(verifySeries(bundles, '2026-08-01T00:00:00Z')).toMatchObject({ ok: true });
});

test('whether inspectors are enough, and what they covered, is answered', async () => {
  const { api } = county;
  const later = at('2026-07-02 10:00');
  const { authorities: enough } = await api(readCapacity, { as: chief, at: later, query: { quarter: '2026-Q3' } });
  expect(enough).toMatchObject([{ authority: AUTHORITY, inspectors: inspectors.length, isEnough: true }]);
  const { authorities: covered } = await api(readCoverage, { as: chief, at: later, query: { year: '2026' } });
  expect(covered[0]?.windows.find(({ period }) => period === '2026-06')).toMatchObject({ drawn: OBJECTS, inTime: OBJECTS });
  await api(listNotVisited, { as: chief, at: later, query: { year: '2026', authority: AUTHORITY } });
  const { items } = await api(listInspectors, { as: chief, at: later, query: { authority: AUTHORITY } });
  expect(items.map(({ id }) => id).sort()).toEqual(inspectors.map(({ id }) => String(id)).sort());
});

test('a draw that cannot be announced waits for a person in the queue whose alarm sounds', async () => {
  const sqs = new SQSClient(county.cloud.client);
  const QueueUrl = county.cloud.outputs.DrawsRefusedUrl;
  await registered('special-equipment', 'DEPT:SCJGJ');
  await county.cloud.invoke('open-draws', { at: at('2026-05-27 09:00'), kind: 'RANDOM.RED' });
  const body = await eventually('the refusal of a department without inspectors', async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
    );
    return Messages.map(({ Body = '' }) => Body).find((text) => text.includes('SCJGJ') && text.includes('DrawRefused'));
  });
  expect(JSON.parse(body)).toMatchObject({ 'detail-type': 'DrawRefused', detail: { data: { kind: 'RANDOM.RED' } } });
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(Number(Attributes?.MessageRetentionPeriod)).toBe(14 * 86_400);
});
