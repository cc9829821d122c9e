/** Self-checks through their doors: duties, rounds, evidence, and the schedules that open and close periods. */
import { createHash } from 'node:crypto';
import {
  listExceptions,
  listRounds,
  readCoverage,
  readDuties,
  readEvidence,
  readFigures,
  readHazardList,
  readRound,
  requestUpload,
  submitHazardList,
} from '../../functions/serve-checks/api.ts';
import { readSubject } from '../../functions/serve-ledger/api.ts';
import { submitRound } from '../../functions/submit-round/api.ts';
import type { SamplePerson } from '../../infra/local/sample/county.ts';
import { photoOf, sendForm } from '../../infra/local/sample/evidence.ts';
import { commandId, riskNo } from '../../shared/domain/ids.ts';
import { at, authorities, type County, freshKey, registeredWorks, theCounty, type Works } from '../support/works.ts';

let county: County;
beforeAll(async () => {
  county = await theCounty();
});

/** Checks are generated for a works that was signed in the evening before. */
const EVENING = at('2026-04-05 20:00');

const round = (as: SamplePerson, when: string, points: readonly number[], { key = freshKey(), checkedAt = when } = {}) =>
  county.api(submitRound, {
    ...{ as, at: at(when), key },
    body: {
      checkedAt: at(checkedAt),
      items: points.map((no) => ({ riskNo: riskNo(`R${no}`), result: 'normal' as const, answers: 'y' })),
    },
  });

const outcomes = ({ items }: Awaited<ReturnType<typeof round>>) => items.map(({ riskNo, outcome }) => `${riskNo} ${outcome}`);

const dutiesAt = async ({ head }: Works, when: string) => {
  const { items } = await county.api(readDuties, { as: head, at: at(when), query: { limit: 50 } });
  return items.map(({ riskNo, period, state }) => `${riskNo} ${period} ${state}`).sort();
};

/** As the schedule of a cadence calls. */
const close = (cadence: string, when: string) => county.cloud.invoke('close-period', { at: at(when), cadence });

test('a duty says until when and why, a round clears it, and the same round again is one round', async () => {
  const works = await registeredWorks(county.api, EVENING, 'RED', 'ORANGE');
  expect(await dutiesAt(works, '2026-04-06 08:00')).toContain('R1 2026-04-06 open');
  const key = freshKey();
  const first = await round(works.post, '2026-04-06 09:00', [1, 2], { key });
  expect(outcomes(first)).toEqual(['R1 on-time', 'R2 on-time']);
  expect(await round(works.post, '2026-04-06 09:00', [1, 2], { key })).toEqual(first);
  expect(await dutiesAt(works, '2026-04-06 10:00')).toEqual(expect.arrayContaining(['R1 2026-04-06 done', 'R2 2026-W15 done']));
  await expect(round(works.post, '2026-04-06 09:05', [1], { key })).rejects.toMatchObject({ code: 'idempotency-key-reused' });

  const read = await county.api(readRound, { as: works.head, at: EVENING, params: { round: commandId(key) } });
  expect(read).toMatchObject({ checkedAt: at('2026-04-06 09:00'), receivedAt: at('2026-04-06 09:00'), by: works.post.id });
  const { items } = await county.api(listRounds, { as: works.head, at: EVENING, query: { day: '2026-04-06' } });
  expect(items.map(({ round }) => round)).toEqual([key]);
  const { items: events } = await county.api(readSubject, {
    ...{ as: authorities.committee, at: EVENING },
    query: { subject: `ROUND#${key}`, limit: 50 },
  });
  expect(events.map(({ sequence, type }) => [sequence, type])).toEqual([
    [1, 'RoundSubmitted'],
    [2, 'RoundSubmitted'],
  ]);
});

test('people who go round at the same moment each get their round, and each point is cleared once', async () => {
  const works = await registeredWorks(county.api, EVENING, 'RED', 'RED', 'RED', 'RED');
  const both = await Promise.all([
    round(works.post, '2026-04-06 09:00', [1, 2, 3]),
    round(works.leader, '2026-04-06 09:00', [2, 3, 4]),
    round(works.manager, '2026-04-06 09:00', [1, 2, 3, 4]),
  ]);
  const all = both.flatMap(outcomes);
  expect(all).toHaveLength(10);
  for (const no of [1, 2, 3, 4]) expect(all.filter((outcome) => outcome === `R${no} on-time`)).toHaveLength(1);
  expect(all.filter((outcome) => outcome.endsWith('already'))).toHaveLength(6);
});

test('a check that comes after its window is late for ever, whatever time it claims', async () => {
  const works = await registeredWorks(county.api, EVENING, 'RED');
  const late = await round(works.post, '2026-04-07 08:00', [1], { checkedAt: '2026-04-06 17:00' });
  expect(outcomes(late)).toEqual(['R1 late']);
  expect(await dutiesAt(works, '2026-04-07 09:00')).toEqual(['R1 2026-04-05 missed', 'R1 2026-04-06 late', 'R1 2026-04-07 open']);
  await expect(round(works.post, '2026-04-07 08:00', [1], { checkedAt: '2026-04-07 12:00' })).rejects.toMatchObject({
    code: 'claimed-ahead',
  });
});

test('closing seals what was missed, once, however often and however late it is called', async () => {
  const works = await registeredWorks(county.api, EVENING, 'RED', 'RED');
  await round(works.post, '2026-04-06 09:00', [1, 2]);
  await round(works.post, '2026-04-07 09:00', [1]);
  // The schedule was away for two days; then it comes, comes again, and comes twice at once.
  await close('day', '2026-04-09 00:05');
  await close('day', '2026-04-09 00:05');
  await Promise.all([close('day', '2026-04-10 00:05'), close('day', '2026-04-10 00:05')]);
  const { items } = await county.api(listExceptions, {
    ...{ as: works.head, at: at('2026-04-10 08:00') },
    query: { month: '2026-04', limit: 50 },
  });
  const told = items.map(({ period, missed, sealed }) => `${period} ${missed.join(',')} ${sealed}`).sort();
  expect(told).toEqual(['2026-04-05 R1,R2 true', '2026-04-07 R2 true', '2026-04-08 R1,R2 true', '2026-04-09 R1,R2 true']);

  const made = await round(works.post, '2026-04-10 08:30', [2], { checkedAt: '2026-04-09 16:00' });
  expect(outcomes(made)).toEqual(['R2 late']);
  const { total } = await county.api(readFigures, {
    ...{ as: works.head, at: at('2026-04-10 09:00'), params: { month: '2026-04' } },
    query: {},
  });
  // Two points, five days that have ended, twenty-one that have not.
  expect(total).toEqual({ due: 10, onTime: 3, madeUpLate: 1, missed: 6, suspended: 0, running: 42 });
  const { groups } = await county.api(readCoverage, {
    ...{ as: works.head, at: at('2026-04-10 09:00'), params: { month: '2026-04' } },
    query: { by: 'county' },
  });
  expect(groups[0]).toMatchObject({ entered: { percent: '100.0' }, signed: { percent: '100.0' }, checked: { percent: '0.0' } });
});

test('opening a period tells for each enterprise what is still open, and changes nothing', async () => {
  const works = await registeredWorks(county.api, EVENING, 'ORANGE');
  const before = await dutiesAt(works, '2026-04-06 08:00');
  const told = await county.cloud.invoke('open-period', { at: at('2026-04-06 08:00'), cadence: 'week' });
  expect(told).toMatchObject({ told: expect.any(Number) });
  expect((told as { told: number }).told).toBeGreaterThan(0);
  expect(await dutiesAt(works, '2026-04-06 08:00')).toEqual(before);
});

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('evidence is uploaded by a form that the store holds to its type, size and content, and is read by a short-lived address', async () => {
  const { api } = county;
  const works = await registeredWorks(api, EVENING, 'RED');
  const photo = photoOf(works.uscc);
  const ask = (file: Buffer, type = 'image/png') =>
    api(requestUpload, {
      ...{ as: works.post, at: at('2026-04-06 09:00'), key: freshKey() },
      body: { type, bytes: file.length, sha256: sha256(file) },
    });
  await expect(ask(photo, 'application/x-msdownload')).rejects.toMatchObject({ code: 'evidence-type' });

  const form = await ask(photo);
  await expect(sendForm(form, { type: 'image/png', content: Buffer.concat([photo, photo]) })).rejects.toThrow();
  const otherType = { ...form, fields: { ...form.fields, 'Content-Type': 'text/html' } };
  await expect(sendForm(otherType, { type: 'text/html', content: photo })).rejects.toThrow();
  await sendForm(form, { type: 'image/png', content: photo });

  const { url } = await api(readEvidence, { as: works.head, at: at('2026-04-06 10:00'), query: { key: form.key } });
  const answer = await fetch(url);
  expect(sha256(Buffer.from(await answer.arrayBuffer()))).toBe(sha256(photo));
  const other = await registeredWorks(api, EVENING, 'RED');
  await expect(api(readEvidence, { as: other.head, at: EVENING, query: { key: form.key } })).rejects.toMatchObject({
    status: 404,
  });
});

test("a hazard that a round found stands in the month's list, which is submitted before the month ends", async () => {
  const { api } = county;
  const works = await registeredWorks(api, EVENING, 'RED');
  const found = { name: '报警器失灵', description: '可燃气体报警器无读数', level: 'general' as const, evidence: [] };
  const { items } = await api(submitRound, {
    ...{ as: works.post, at: at('2026-04-06 09:00'), key: freshKey() },
    body: {
      checkedAt: at('2026-04-06 08:50'),
      items: [{ riskNo: riskNo('R1'), result: 'hazard', answers: 'n', hazards: [found] }],
    },
  });
  const [id] = items[0]?.hazards ?? [];
  const params = { month: '2026-04' };
  const open = await api(readHazardList, { as: works.manager, at: at('2026-04-28 09:00'), params, query: {} });
  expect(open).toMatchObject({ state: 'open', version: 0, items: [{ id, listed: false }] });
  const submitted = await api(submitHazardList, {
    ...{ as: works.manager, at: at('2026-04-28 09:00'), key: freshKey(), params },
    body: { version: 0 },
  });
  expect(submitted).toMatchObject({ state: 'submitted', complete: true, count: 1 });
  const listed = await api(readHazardList, { as: works.manager, at: at('2026-04-28 10:00'), params, query: {} });
  expect(listed).toMatchObject({
    state: 'submitted',
    version: 1,
    items: [{ id, listed: true, listedAt: at('2026-04-28 09:00') }],
  });
});
