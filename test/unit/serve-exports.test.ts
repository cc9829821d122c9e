/** Who gets which files, salts and audits, over real bundles; and that nothing is handed out that is not on the ledger first. */
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import * as api from '../../functions/serve-exports/api.ts';
import { filesInMemory } from '../../shared/archive/bundle-files.ts';
import { commitmentOf } from '../../shared/archive/commitments.ts';
import { verifyBundle } from '../../shared/archive/verify-bundle.ts';
import { commit } from '../../shared/data/commit.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { ownerWrites } from '../../shared/data/owner-store.ts';
import { instant } from '../../shared/domain/calendar.ts';
import { ROLES } from '../../shared/domain/caller.ts';
import { checkCharacter, creditCode } from '../../shared/domain/credit-code.ts';
import { exportSubject } from '../../shared/domain/export.ts';
import { hazardSubject } from '../../shared/domain/hazard.ts';
import { reportHazard } from '../../shared/domain/hazard-decide.ts';
import { exportId, hazardId, personId } from '../../shared/domain/ids.ts';
import type { LedgerFact } from '../../shared/domain/ledger-fact.ts';
import { enterpriseOwner, type Owner } from '../../shared/domain/owner.ts';
import { type EnterpriseContent, newOwner } from '../../shared/domain/register-owner.ts';
import { beginInput } from '../../workflows/audit-export/contract.ts';
import { COUNTY, ExportCounty, eventsIn } from '../support/export-county.ts';
import { exportsApi } from '../support/exports-api.ts';
import { enterprise, people, report, rules, township, uscc } from '../support/hazard-case.ts';
import { type Person, person } from '../support/register-api.ts';

const at = (text: string) => instant(`2026-${text}:00+08:00`);
const NOW = '2026-04-02 09:00';
const DAY = { first: 'day-000001', second: 'day-000002' } as const;
const PHONE = '13887654321';

const other17 = '91533102MA6K1A2B2';
const another: Owner = enterpriseOwner(creditCode(`${other17}${checkCharacter(other17)}`));
const committee: Person = { ...person('committee-officer'), id: personId('committee') };
const governor: Person = { ...person('government-head'), id: personId('governor') };
const auditor: Person = { ...person('auditor'), id: personId('auditor-1') };
const head: Person = { ...person('head', enterprise), id: personId('zhao') };

const CONTENT: EnterpriseContent = {
  ...{ name: '瑞丽市某石料厂', township, industry: 'mine', supervisor: 'DEPT:YJJ', workshops: [] },
  contacts: [{ post: '负责人', name: '岩温', phone: PHONE }],
};
const registered: LedgerFact = { type: 'EnterpriseRegistered', data: CONTENT };
const changed: LedgerFact = { type: 'EnterpriseChanged', data: { ...CONTENT, contacts: [] } };

/** Two days: an enterprise is registered, and a hazard of it is reported whose text holds a number. */
async function twoDays() {
  const county = new ExportCounty();
  await county.record(`ENT#${uscc}`, 'NONE', at('03-30T10:00'), people.duan, registered);
  const finding = { ...report.finding, description: `找 ${PHONE} 处理` };
  const facts = reportHazard({ ...report, finding }, rules, at('03-31T10:00'));
  await county.record(hazardSubject(report.id), report.colour, at('03-31T10:00'), people.li, facts);
  // A department's group was told of two enterprises in one message.
  const reminders = [enterprise, another].map((owner, n) => ({ id: `r${n}`, kind: 'hazard-reported', about: owner }) as const);
  const told = { type: 'MessageDelivered', data: { message: 1, attempts: 1, reminders, sha256: 'a'.repeat(64) } } as const;
  await county.record(`SENT#${'b'.repeat(20)}`, 'NONE', at('03-31T11:00'), people.system, told);
  await county.seal();
  await county.due(at('04-01T00:20'));
  return { county, ...(await exportsApi(county)) };
}
type World = Awaited<ReturnType<typeof twoDays>>;

let world: World;
let whole: string;
beforeAll(async () => {
  world = await twoDays();
  whole = world.county.sealing.tables.snapshot();
}, 30_000);
beforeEach(() => {
  world.county.sealing.tables.restore(whole);
  world.started.length = 0;
  world.handedOut.length = 0;
});

const auditing = (more: Readonly<Record<string, unknown>> = {}) => ({
  body: {
    ...{ auditor: 'auditor-1', from: '2026-03-30', to: '2026-03-30', until: '2026-04-10T00:00:00+08:00' },
    ...{ readsPersonalData: true, reason: '年度检查', ...more },
  },
});
const open = ({ ask }: World, more: Readonly<Record<string, unknown>> = {}) => ask(api.openAudit, committee, NOW, auditing(more));
const of = (id: string) => ({ params: { id } });
const linksOf = ({ ask }: World, who: Person, id: string, body: unknown = {}, when = NOW) =>
  ask(api.handOutLinks, who, when, { ...of(id), body });
const saltsOf = ({ ask }: World, who: Person, id: string, body: unknown = {}) =>
  ask(api.readSalts, who, NOW, { ...of(id), body });

test('an auditor reads what an open audit of his is about, as long as it is open, and nothing else', async () => {
  const { ask } = world;
  const seen = async (when = NOW) => (await ask(api.listExports, auditor, when)).body.items.map(({ id }: { id: string }) => id);
  expect([await seen(), (await linksOf(world, auditor, DAY.first)).status]).toEqual([[], 404]);
  await open(world, { auditor: 'auditor-2' });
  expect(await seen()).toEqual([]);
  const { body: audit } = await open(world);
  expect(await seen()).toEqual([DAY.first]);
  expect((await ask(api.readExport, auditor, NOW, of(DAY.first))).body).toMatchObject({
    ...{ kind: 'day', from: '2026-03-30', stage: 'closed', slices: { written: 1, of: 1 } },
    closed: { sequence: 1, events: 1 },
  });
  for (const route of [api.readExport, api.listFiles, api.listReads]) {
    expect((await ask(route, auditor, NOW, of(DAY.second))).body.code).toBe('no-such-export');
  }
  expect((await linksOf(world, auditor, DAY.second)).body.code).toBe('no-such-export');
  expect(await seen('2026-04-10 00:00')).toEqual([]); // it ends by itself
  await ask(api.endAudit, governor, NOW, { ...of(audit.id), body: { because: '检查结束' } });
  expect([await seen(), (await linksOf(world, auditor, DAY.first)).status]).toEqual([[], 404]);
  expect((await ask(api.endAudit, governor, NOW, { ...of(audit.id), body: { because: '再次' } })).body.code).toBe('audit-over');
  expect((await ask(api.listAudits, auditor, NOW)).body.items).toMatchObject([{ id: audit.id, isOpen: false }]);
  expect((await ask(api.listAudits, committee, NOW)).body.items).toHaveLength(2);
});

test('an address is of a file of the bundle, for five minutes, to be kept as a file; page by page all of them', async () => {
  await open(world);
  const urls: string[] = [];
  const paths: string[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await linksOf(world, auditor, DAY.first, { limit: 7, ...(cursor !== undefined && { cursor }) });
    expect(body.until).toBe(instant('2026-04-02T09:05:00+08:00'));
    for (const { path, url, sha256, bytes } of body.items) {
      const file = world.county.day(1).get(path);
      expect([path, file?.length]).toEqual([path, bytes]);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      paths.push(path);
      urls.push(url);
    }
    cursor = body.cursor;
  } while (cursor !== undefined);
  expect(paths).toEqual([...world.county.day(1).keys()].sort());
  for (const [index, url] of urls.entries()) {
    const { pathname, searchParams } = new URL(url);
    expect(decodeURIComponent(pathname)).toBe(`/archive/day/bundle=000001/${paths[index]}`);
    expect([searchParams.get('X-Amz-Expires'), searchParams.get('response-content-disposition')]).toEqual([
      '300',
      `attachment; filename="day-000001_${paths[index]?.replaceAll('/', '_')}"`,
    ]);
  }
  const chosen = await linksOf(world, auditor, DAY.first, { paths: ['manifest.json'] });
  expect(chosen.body.items).toMatchObject([{ path: 'manifest.json' }]);
  expect((await linksOf(world, auditor, DAY.first, { paths: ['../second/manifest.json'] })).body).toMatchObject({
    ...{ code: 'no-such-file', missing: ['../second/manifest.json'] },
  });
  expect((await linksOf(world, auditor, DAY.first, { cursor: 'nothing' })).body.code).toBe('cursor-malformed');
});

test('what is handed out is on the ledger before it is answered, each time, with the audit; and who read what can be asked', async () => {
  const { body: audit } = await open(world);
  const sent = { ...of(DAY.first), body: { paths: ['manifest.json', 'SHA256SUMS'] }, key: 'the-same-key' };
  await world.ask(api.handOutLinks, auditor, NOW, sent);
  await world.ask(api.handOutLinks, auditor, NOW, sent); // asked again it is handed out again
  await saltsOf(world, auditor, DAY.first);
  expect(world.handedOut.map(({ isRecorded }) => isRecorded)).toEqual([true, true, true, true]);
  const { body } = await world.ask(api.listReads, committee, NOW, of(DAY.first));
  const files = {
    what: 'files',
    files: ['manifest.json', 'SHA256SUMS'],
    audit: audit.id,
    by: { id: 'auditor-1', role: 'auditor' },
  };
  expect(body.items).toMatchObject([files, files, { what: 'salts', values: 2, audit: audit.id }]);
  const ledger = world.county.sealing.tables.snapshot();
  expect(ledger).not.toContain('X-Amz-Signature');
});

test('no link is answered whose handing out could not be recorded', async () => {
  await open(world);
  // Its next place is taken, as if the record of it had been lost: it is refused as long as that is so.
  const subject = exportSubject(exportId(DAY.first));
  const last = await dynamoLedgerStore.lastOf(subject);
  await world.county.sealing.keep({ ...last, id: `${subject}:3`, subject, sequence: 3 } as NonNullable<typeof last>);
  expect((await linksOf(world, auditor, DAY.first)).body.code).toBe('stale-version');
  expect(world.handedOut).toEqual([]);
});

test('salts are of the bundle’s own events, open their commitments, and are for those who may read personal data', async () => {
  const all = await saltsOf(world, committee, DAY.first);
  expect(all.body.items).toMatchObject([
    { subject: `ENT#${uscc}`, sequence: 1, values: [{ path: 'data.contacts.0.name', value: '岩温' }, { value: PHONE }] },
  ]);
  const [line] = eventsIn(world.county.day(1));
  const event = JSON.stringify(line);
  expect(event).not.toMatch(/岩温|13887654321/);
  for (const value of all.body.items[0].values) expect(event).toContain(commitmentOf(value));
  const second = await saltsOf(world, committee, DAY.second, { limit: 1 });
  expect(second.body.items).toMatchObject([
    { subject: hazardSubject(report.id), values: [{ path: 'data.finding.description' }] },
  ]);
  await open(world, { readsPersonalData: false });
  expect((await saltsOf(world, auditor, DAY.first)).body.code).toBe('no-such-export');
  await open(world);
  expect((await saltsOf(world, auditor, DAY.first)).body.items).toEqual(all.body.items);
  expect((await saltsOf(world, auditor, DAY.second)).status).toBe(404);
  expect((await saltsOf(world, governor, DAY.first)).body.code).toBe('forbidden');
  expect(world.county.sealing.tables.snapshot().split('LEDGER_TABLE')[1]?.split('_TABLE')[0]).not.toMatch(/岩温/);
});

test('a person’s data is taken away once the register holds it no more; every proof stays, and nothing opens what stands', async () => {
  const remove = (more: Readonly<Record<string, unknown>>) =>
    world.ask(api.removePersonalData, committee, NOW, { body: { subject: `ENT#${uscc}`, reason: '本人要求', ...more } });
  const owner = { ...newOwner(enterprise), enterprise: CONTENT, version: 1 };
  await commit({ events: [], writes: ownerWrites(COUNTY, undefined, owner) });
  expect((await remove({ of: { by: 'value', value: PHONE } })).body).toMatchObject({
    ...{ code: 'still-registered', members: ['data.contacts.0.phone'] },
  });
  expect((await remove({ of: { by: 'path', path: 'data.contacts.*.name' } })).body.code).toBe('still-registered');
  await commit({
    events: [],
    writes: ownerWrites(COUNTY, owner, { ...owner, enterprise: { ...CONTENT, contacts: [] }, version: 2 }),
  });
  expect((await remove({ of: { by: 'value', value: PHONE } })).body).toMatchObject({ values: 1, events: 1 });
  expect((await saltsOf(world, committee, DAY.first)).body.items).toMatchObject([{ values: [{ path: 'data.contacts.0.name' }] }]);
  expect((await remove({ of: { by: 'path', path: 'data.contacts.*.*' } })).body).toMatchObject({ values: 1, events: 1 });
  expect((await saltsOf(world, committee, DAY.first)).body.items).toEqual([]);
  expect((await remove({ of: { by: 'value', value: PHONE } })).body.code).toBe('nothing-to-remove');
  const { ok } = await verifyBundle(filesInMemory(world.county.day(1)), { vkeys: world.county.vkeys });
  expect(ok).toBe(true);
  const facts = (await dynamoLedgerStore.ofSubject(`PERSONAL#ENT#${uscc}`, 10)).events;
  expect(facts.map(({ type, data }) => [type, data])).toEqual(
    [1, 2].map(() => [
      'PersonalDataRemoved',
      { of: `ENT#${uscc}`, values: 1, events: 1, reason: expect.stringMatching(/^sxj-pii-1:/) },
    ]),
  );
  expect(world.county.sealing.tables.snapshot().split('PERSONAL_TABLE')[1]).not.toMatch(/岩温|"value":"13887654321"/);
});

test('what a command that was under way brings back into a state is blotted out too', async () => {
  let [text, blots] = [`找 ${PHONE} 处理`, 0];
  const { ask } = await exportsApi(world.county, {
    of: async () => [{ table: 'HAZARDS_TABLE', item: { description: text }, inUse: undefined }],
    // Somebody had loaded the state before, and writes it now.
    blot: async () => {
      if (++blots > 1) text = '';
    },
  });
  const body = { subject: hazardSubject(report.id), of: { by: 'path', path: 'data.finding.description' }, reason: '本人要求' };
  expect((await ask(api.removePersonalData, committee, NOW, { body })).body).toMatchObject({ values: 1 });
  expect([text, blots]).toEqual(['', 2]);
});

test('an enterprise asks for its own as a whole, a hazard or a record of it, and gets that alone', async () => {
  const { ask, started, county } = world;
  const request = (who: Person, wanted: unknown, key?: string) =>
    ask(api.requestExport, who, NOW, { body: { request: wanted, reason: '自查' }, ...(key !== undefined && { key }) });
  const whole = await request(head, { kind: 'enterprise', enterprise: uscc }, 'ask-for-the-whole');
  expect([whole.status, started.length]).toEqual([202, 1]);
  expect((await request(head, { kind: 'enterprise', enterprise: uscc }, 'ask-for-the-whole')).body).toEqual(whole.body);
  expect((await request(head, { kind: 'hazard', hazard: report.id }, 'ask-for-the-whole')).body.code).toBe(
    'idempotency-key-reused',
  );
  await request(head, { kind: 'hazard', hazard: report.id });
  await request(head, { kind: 'record', subject: hazardSubject(report.id), sequence: 1 });
  const ids = started.filter(({ id }, index) => started.findIndex((run) => run.id === id) === index);
  for (const { at: when, asked } of ids) await county.run({ at: when, asked });
  const theirs: Person = { ...person('head', another), id: personId('another') };
  for (const { id } of ids) {
    expect((await ask(api.readExport, head, NOW, of(id))).body).toMatchObject({ stage: 'closed' });
    const { body } = await linksOf(world, head, id, { paths: ['manifest.json'] });
    expect(new URL(body.items[0].url).pathname).toBe(`/requests/requested/${id}/manifest.json`);
    expect((await linksOf(world, theirs, id)).status).toBe(404);
  }
  const texts = ids.map(({ id }) => JSON.stringify(eventsIn(county.files(exportId(id), 'enterprise'))));
  for (const text of texts)
    expect([text.includes(report.id) || text.includes(uscc), text.includes(another.slice(4))]).toEqual([true, false]);
  const shown = async (who: Person, kind: string) =>
    (await ask(api.listExports, who, NOW, { query: { kind } })).body.items.length;
  expect([await shown(head, 'hazard'), await shown(theirs, 'hazard'), await shown(head, 'day')]).toEqual([1, 0, 0]);

  expect((await request(theirs, { kind: 'hazard', hazard: report.id })).body.code).toBe('nothing-to-export');
  expect((await request(theirs, { kind: 'enterprise', enterprise: uscc })).body.code).toBe('nothing-to-export');
  expect((await request(theirs, { kind: 'record', subject: `ENT#${uscc}`, sequence: 1 })).body.code).toBe('nothing-to-export');
  expect((await request(head, { kind: 'range', from: '2026-03-30', to: '2026-03-30' })).body.code).toBe('export-of-own-only');
  expect((await request(head, { kind: 'record', subject: `ENT#${uscc}`, sequence: 9 })).body.code).toBe('nothing-to-export');
  expect((await request(committee, { kind: 'range', from: '2026-03-30', to: '2026-04-03' })).body.code).toBe('range-ahead');
  expect((await request(auditor, { kind: 'range', from: '2026-03-30', to: '2026-03-30' })).body.code).toBe('outside-audit');
  await open(world);
  expect((await request(auditor, { kind: 'range', from: '2026-03-30', to: '2026-03-30' })).status).toBe(202);
  expect((await request(auditor, { kind: 'range', from: '2026-03-30', to: '2026-03-31' })).body.code).toBe('outside-audit');
  // Whether there is such a record outside his days he does not learn either.
  for (const subject of [hazardSubject(report.id), hazardSubject(hazardId(`R${'0'.repeat(14)}`))]) {
    expect((await request(auditor, { kind: 'record', subject, sequence: 1 })).body.code).toBe('outside-audit');
  }
});

test('an auditor asks for an enterprise or a hazard in the days of his audit, and reads what comes of it', async () => {
  const { ask, started, county } = world;
  const request = (who: Person, wanted: unknown) =>
    ask(api.requestExport, who, NOW, { body: { request: wanted, reason: '年度检查' } });
  const of = (from: string, to: string) => ({ kind: 'enterprise', enterprise: uscc, days: { from, to } });
  expect((await request(auditor, of('2026-03-30', '2026-03-30'))).body.code).toBe('outside-audit');
  await open(world);
  expect((await request(auditor, { kind: 'enterprise', enterprise: uscc })).body).toMatchObject({
    ...{ code: 'days-missing', audits: [{ from: '2026-03-30', to: '2026-03-30' }] },
  });
  expect((await request(auditor, { kind: 'hazard', hazard: report.id })).body.code).toBe('days-missing');
  expect((await request(auditor, of('2026-03-30', '2026-03-31'))).body.code).toBe('outside-audit');
  expect((await request(committee, of('2026-03-31', '2026-03-30'))).body.code).toBe('range-backwards');
  expect((await request(committee, of('2026-03-31', '2026-04-03'))).body.code).toBe('range-ahead');
  const { status, body } = await request(auditor, of('2026-03-30', '2026-03-30'));
  const [run] = started;
  if (run === undefined) throw new Error('nothing was started');
  await county.run({ at: run.at, asked: run.asked });
  expect([status, (await ask(api.readExport, auditor, NOW, { params: { id: body.id } })).body]).toMatchObject([
    202,
    { from: '2026-03-30', to: '2026-03-30', request: of('2026-03-30', '2026-03-30'), closed: { events: 1 } },
  ]);
  expect((await linksOf(world, auditor, body.id)).status).toBe(200);
  expect(eventsIn(county.files(exportId(body.id), 'enterprise'))).toMatchObject([{ subject: `ENT#${uscc}` }]);
});

test('who looks, and who is refused, stands on the ledger: once a day for each thing, however often he comes', async () => {
  const { ask, county } = world;
  const look = async (who: Person, when: string): Promise<void> => {
    for (let times = 0; times < 3; times++) {
      await ask(api.listExports, who, when);
      for (const id of [DAY.first, DAY.second]) await ask(api.readExport, who, when, of(id));
      await ask(api.listFiles, who, when, of(DAY.first));
      await saltsOf(world, who, DAY.second);
    }
  };
  const recorded = () =>
    [...county.sealing.ledger().values()]
      .filter(({ type }) => type === 'ExportSeen' || type === 'ReadRefused')
      .map(({ type, data, actor }) => [actor.id, type, data]);
  await look(auditor, NOW);
  const refused = (id: string, code: string, who: string = auditor.id) => [who, 'ReadRefused', { export: id, code }];
  const wanted = { body: { request: { kind: 'range', from: '2026-03-30', to: '2026-03-30' }, reason: '检查' } };
  for (const key of ['ask-once', 'ask-twice']) await ask(api.requestExport, auditor, NOW, { ...wanted, key });
  const noAudit = [
    [auditor.id, 'ReadRefused', { code: 'no-audit' }],
    ...[DAY.first, DAY.second].map((id) => refused(id, 'no-audit')),
  ];
  expect(recorded()).toEqual(noAudit);
  const { body: audit } = await open(world);
  await look(auditor, NOW);
  const seen = [
    [auditor.id, 'ExportSeen', { audit: audit.id }],
    [auditor.id, 'ExportSeen', { export: DAY.first, audit: audit.id }],
  ];
  expect(recorded().slice(3)).toEqual(expect.arrayContaining([...seen, refused(DAY.second, 'other-days')]));
  expect(recorded()).toHaveLength(6);
  await look(auditor, '2026-04-03 09:00');
  await look(head, NOW);
  await ask(api.readExport, committee, NOW, of(DAY.first));
  await open(world, { to: '2026-03-31', readsPersonalData: false });
  await saltsOf(world, auditor, DAY.second);
  await ask(api.readExport, auditor, NOW, of('day-000009')); // there is none: nothing was asked after
  expect(recorded().slice(6)).toEqual(
    expect.arrayContaining([
      ...[...seen, refused(DAY.second, 'other-days')],
      ...[DAY.first, DAY.second].map((id) => refused(id, 'not-own', head.id)),
      [committee.id, 'ExportSeen', { export: DAY.first }],
      refused(DAY.second, 'no-personal-data'),
    ]),
  );
  expect(recorded()).toHaveLength(6 + 7);
});

test('an address lives no longer than the audit that it was given for, of several the longest', async () => {
  await open(world, { until: '2026-04-02T09:02:00+08:00' });
  const lived = async () => {
    const { body } = await linksOf(world, auditor, DAY.first, { paths: ['manifest.json'] });
    return [body.until, new URL(body.items[0].url).searchParams.get('X-Amz-Expires')];
  };
  expect(await lived()).toEqual([instant('2026-04-02T09:02:00+08:00'), '120']);
  await open(world, { until: '2026-04-02T09:04:00+08:00' });
  expect(await lived()).toEqual([instant('2026-04-02T09:04:00+08:00'), '240']);
  await open(world);
  expect(await lived()).toEqual([instant('2026-04-02T09:05:00+08:00'), '300']);
});

test('when the files of what was asked for have gone, what they were can still be told', async () => {
  const { ask, started, county } = world;
  await ask(api.requestExport, committee, NOW, { body: { request: { kind: 'hazard', hazard: report.id }, reason: '督办' } });
  const [run] = started;
  if (run === undefined) throw new Error('nothing was started');
  await county.run({ at: run.at, asked: run.asked });
  const later = await exportsApi(county); // another process, which remembers nothing
  const filesOf = async () =>
    (await later.ask(api.listFiles, committee, NOW, { ...of(run.id), query: { limit: '200' } })).body.items.map(
      ({ path }: { path: string }) => path,
    );
  const paths = [...county.files(exportId(run.id), 'hazard').keys()].sort();
  for (const Key of county.requests.all().keys()) {
    await county.requests.client.send(new DeleteObjectCommand({ Bucket: 'requests', Key }));
  }
  expect(await filesOf()).toEqual(paths.filter((path) => path !== 'SHA256SUMS'));
  expect((await later.ask(api.handOutLinks, committee, NOW, { ...of(run.id), body: {} })).body.code).toBe('export-expired');
  expect((await later.ask(api.readSalts, committee, NOW, { ...of(run.id), body: {} })).body.code).toBe('export-expired');
});

test('an export that is not ready yet has no files', async () => {
  const { ask, started, county } = world;
  await ask(api.requestExport, committee, NOW, { body: { request: { kind: 'hazard', hazard: report.id }, reason: '督办' } });
  const [run] = started;
  if (run === undefined) throw new Error('nothing was started');
  expect((await ask(api.readExport, committee, NOW, of(run.id))).body.code).toBe('no-such-export');
  await county.begin(county.outside())(beginInput.parse({ at: run.at, asked: run.asked }));
  expect((await ask(api.readExport, committee, NOW, of(run.id))).body).toMatchObject({
    stage: 'writing',
    slices: { written: 0, of: 1 },
  });
  expect((await linksOf(world, committee, run.id)).body.code).toBe('export-not-closed');
});

test('nobody opens an audit for himself, or one that is over', async () => {
  expect((await open(world, { auditor: 'committee' })).body.code).toBe('audit-of-oneself');
  expect((await open(world, { until: '2026-04-02T09:00:00+08:00' })).body.code).toBe('audit-over');
  expect((await open(world, { until: '2027-04-03T09:00:01+08:00' })).body).toMatchObject({
    code: 'audit-too-long',
    mostDays: 366,
  });
  expect((await open(world, { from: '2026-03-31', to: '2026-03-30' })).body.code).toBe('range-backwards');
  const sent = { ...auditing(), key: 'open-one-audit' };
  const first = await world.ask(api.openAudit, committee, NOW, sent);
  expect([first.status, (await world.ask(api.openAudit, committee, NOW, sent)).body]).toEqual([201, first.body]);
});

test('no principal gets an address or a salt outside his scope', async () => {
  const { ask, started, county } = world;
  await ask(api.requestExport, head, NOW, { body: { request: { kind: 'enterprise', enterprise: uscc }, reason: '自查' } });
  const [run] = started;
  if (run === undefined) throw new Error('nothing was started');
  await county.run({ at: run.at, asked: run.asked });
  await open(world);
  const offices = ['committee-officer', 'government-head', 'prefecture-officer'];
  for (const role of ROLES) {
    for (const owner of [undefined, enterprise, another]) {
      const who: Person = {
        ...person(role, owner),
        id: role === 'auditor' ? auditor.id : personId(`${role}-${owner ?? 'none'}`.replace(':', '.')),
      };
      const keeps = ['head', 'safety-manager'].includes(role) && owner === enterprise;
      for (const id of [DAY.first, DAY.second, run.id]) {
        const isAudited = role === 'auditor' && id === DAY.first;
        const mayHave = offices.includes(role) || isAudited || (keeps && id === run.id);
        const links = await linksOf(world, who, id, { limit: 1 });
        expect([role, owner, id, links.status]).toEqual([role, owner, id, mayHave ? 200 : expect.any(Number)]);
        expect([role, owner, id, JSON.stringify(links.body).includes('X-Amz-')]).toEqual([role, owner, id, mayHave]);
        const salts = await saltsOf(world, who, id);
        const maySalts = role === 'committee-officer' || isAudited;
        expect([role, owner, id, JSON.stringify(salts.body).includes(PHONE)]).toEqual([role, owner, id, maySalts]);
      }
    }
  }
});

test('salts are of the days of the audit, also where the bundle holds what was sealed late', async () => {
  const county = new ExportCounty();
  await county.record(`ENT#${uscc}`, 'NONE', at('03-30T10:00'), people.duan, registered);
  await county.seal();
  await county.due(at('03-31T00:20'));
  await county.record(`ENT#${uscc}`, 'NONE', at('03-30T23:59'), people.duan, registered); // known too late for its day
  await county.record(`ENT#${uscc}`, 'NONE', at('03-31T10:00'), people.duan, registered);
  await county.seal();
  await county.due(at('04-01T00:20'));
  const late = { county, ...(await exportsApi(county)) };
  const read = async (who: Person) =>
    (await saltsOf(late, who, DAY.second)).body.items.map(({ sequence }: { sequence: number }) => sequence);
  await open(late, { from: '2026-03-31', to: '2026-03-31' });
  expect([await read(auditor), await read(committee)]).toEqual([[3], [2, 3]]);
});

test('salts come page by page, each event once', async () => {
  const county = new ExportCounty();
  for (let n = 0; n < 5; n++)
    await county.record(`ENT#${uscc}`, 'NONE', at('03-30T10:00'), people.duan, n === 2 ? changed : registered);
  await county.seal();
  await county.due(at('03-31T00:20'));
  const several = { county, ...(await exportsApi(county)) };
  const sequences: number[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await saltsOf(several, committee, DAY.first, { limit: 2, ...(cursor !== undefined && { cursor }) });
    sequences.push(...body.items.map(({ sequence }: { sequence: number }) => sequence));
    cursor = body.cursor;
  } while (cursor !== undefined);
  expect(sequences).toEqual([1, 2, 4, 5]);
});
