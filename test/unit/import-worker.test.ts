import { expect, test } from '@jest/globals';
import { groupRows } from '../../functions/import-list/group-rows.ts';
import { GROUPS_PER_CHUNK, type ImportTarget, importList, ROWS_PER_GROUP } from '../../functions/import-list/import-list.ts';
import { instant } from '../../shared/domain/calendar.ts';
import { importId, personId, riskNo } from '../../shared/domain/ids.ts';
import { afterReading, chunkName, type ImportJob, isSettled, newImport, startImport } from '../../shared/domain/import-job.ts';
import { readList } from '../../shared/domain/import-rows.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import { readSheets } from '../../shared/runtime/list-file/read.ts';
import { writeRiskListFile } from '../../shared/runtime/list-file/write.ts';
import { BrokeOff, fakeImports } from '../support/fake-imports.ts';
import { enterpriseCells, fileLimits, listRules, riskCells, usccOf } from '../support/lists.ts';
import { county } from '../support/tokens.ts';

const at = instant('2026-03-01T02:00:00Z');
const id = importId('0123456789abcdef01234567');
const MOST = 5;

type Asked = Partial<Pick<ImportJob, 'mode' | 'dryRun'>>;

const job = (asked: Asked = {}, as = id): ImportJob =>
  startImport(
    newImport({
      id: as,
      by: { id: personId('clerk'), role: 'committee-officer', county },
      fileName: '清单.xlsx',
      format: 'xlsx',
      mode: 'valid-rows',
      dryRun: false,
      createdAt: at,
      ...asked,
    }),
    at,
  );

/** Twelve enterprises, one of them with more risks than a group holds; one row unreadable, one refused by the register. */
const file = await writeRiskListFile(
  {
    enterprises: Array.from({ length: 12 }, (_, n) => enterpriseCells(n)),
    risks: [
      ...Array.from({ length: ROWS_PER_GROUP + 5 }, (_, n) => riskCells(0, `R-${n}`)),
      { ...riskCells(1), name: '拒绝' },
      { ...riskCells(2), inherentL: '4' },
      riskCells(3),
    ],
  },
  listRules.words,
);
const TOTAL = 12 + ROWS_PER_GROUP + 8;

async function begin(asked: Asked = {}, bytes = file) {
  const fake = fakeImports();
  await fake.store.save({ ...job(asked), version: 1 });
  fake.objects.set(`${id}/source`, bytes);
  return fake;
}

const counts = async (fake: ReturnType<typeof fakeImports>, as = id) => {
  const now = await fake.store.load(as);
  return { status: now?.status, ...now?.counts };
};

test('valid rows are imported, the others are told, and every row has one outcome', async () => {
  const fake = await begin();
  await importList(fake.deps)(id, () => 900_000);
  expect(await counts(fake)).toEqual({
    status: 'done',
    total: TOTAL,
    parsed: TOTAL - 1,
    written: TOTAL - 2,
    unchanged: 0,
    refused: 2,
  });
  expect(await fake.files.get(id, 'errors/read')).toContain('"code":"unlisted-value"');
  expect((await fake.store.load(id))?.errors.map(({ part }) => part)).toEqual(['read', expect.stringMatching(/^writing-/)]);
});

test('the same file again changes nothing', async () => {
  const fake = await begin();
  await importList(fake.deps)(id, () => 900_000);
  const again = importId('f'.repeat(24));
  await fake.store.save({ ...job({}, again), version: 1 });
  fake.objects.set(`${again}/source`, file);
  const before = fake.puts();
  await importList(fake.deps)(again, () => 900_000);
  expect(await counts(fake, again)).toMatchObject({ status: 'done', written: 0, unchanged: TOTAL - 2, refused: 2 });
  expect(fake.puts()).toBe(before);
});

test('a dry run decides about every row and writes none', async () => {
  const fake = await begin({ dryRun: true });
  await importList(fake.deps)(id, () => 900_000);
  expect(await counts(fake)).toMatchObject({ status: 'done', written: TOTAL - 2, refused: 2 });
  expect(fake.register.size).toBe(0);
});

test('all or nothing: one wrong row keeps the file out', async () => {
  const fake = await begin({ mode: 'all-or-nothing' });
  await importList(fake.deps)(id, () => 900_000);
  expect(await counts(fake)).toMatchObject({ status: 'refused', written: 0, refused: 1 });
  expect(fake.register.size).toBe(0);
});

test('all or nothing: a row that the register refuses keeps the file out before the first is written', async () => {
  const bytes = await writeRiskListFile(
    { enterprises: [enterpriseCells(1)], risks: [riskCells(1), { ...riskCells(1, 'R-2'), name: '拒绝' }] },
    listRules.words,
  );
  const fake = await begin({ mode: 'all-or-nothing' }, bytes);
  await importList(fake.deps)(id, () => 900_000);
  expect(await counts(fake)).toMatchObject({ status: 'refused', total: 3, written: 0, refused: 1 });
  expect(fake.register.size).toBe(0);
});

test('all or nothing: a file without a mistake is written after it was tried', async () => {
  const bytes = await writeRiskListFile({ enterprises: [enterpriseCells(1)], risks: [riskCells(1)] }, listRules.words);
  const fake = await begin({ mode: 'all-or-nothing' }, bytes);
  await importList(fake.deps)(id, () => 900_000);
  expect(await counts(fake)).toEqual({ status: 'done', total: 2, parsed: 2, written: 2, unchanged: 0, refused: 0 });
});

test.each([
  [5, { status: 'failed', total: 12, written: 5, refused: 1 }, '已写入 5 行'],
  [0, { status: 'refused', total: 12, written: 0, refused: 1 }, undefined],
  [11, { status: 'failed', total: 12, written: 11, refused: 1 }, '已写入 11 行'],
])(
  'all or nothing: a list that another changes after the trial, at enterprise %i, ends there and says how far it came',
  async (n, ends, says) => {
    const bytes = await writeRiskListFile(
      { enterprises: Array.from({ length: 12 }, (_, each) => enterpriseCells(each)) },
      listRules.words,
    );
    const fake = await begin({ mode: 'all-or-nothing' }, bytes);
    const { register } = fake.deps;
    const changedMeanwhile: ImportTarget = {
      apply: async (group, asked) => {
        if (asked.isTrial || group.owner !== enterpriseOwner(usccOf(n))) return register.apply(group, asked);
        const error = { sheet: '企业', row: n + 3, found: usccOf(n), code: 'registrar-needed', message: '不行' };
        return { written: 0, unchanged: 0, refused: 1, errors: [error] };
      },
    };
    await importList({ ...fake.deps, register: changedMeanwhile })(id, () => 900_000);
    expect(await counts(fake)).toMatchObject(ends);
    expect(fake.register.size).toBe(ends.written);
    const ended = await fake.store.load(id);
    expect(ended?.errors).toMatchObject([{ part: expect.stringMatching(/^writing-/), count: 1 }]);
    if (says === undefined) expect(ended?.failure).toBeUndefined();
    else expect(ended?.failure).toMatchObject({ code: 'partly-written', message: expect.stringContaining(says) });
  },
);

test('when little time is left the rest is handed on, and nothing is done twice', async () => {
  const fake = await begin();
  const work = importList(fake.deps);
  let invocations = 0;
  for (let message: string | undefined = id; message !== undefined; message = fake.messages.pop()) {
    let steps = 0;
    invocations += 1;
    await work(id, () => (steps++ === 0 ? 900_000 : 1_000));
  }
  expect(invocations).toBeGreaterThan(2);
  expect(await counts(fake)).toMatchObject({ status: 'done', written: TOTAL - 2, refused: 2 });
  expect(fake.puts()).toBe(TOTAL - 2);
});

test('20,000 rows go in within the time of a few runs, none of which is cut off', async () => {
  const [ENTERPRISES, EACH] = [2000, 10];
  /** Of a run, and what a group takes of it where every answer of the table takes its time. */
  const [RUN_MS, GROUP_MS] = [300_000, 400];
  const fake = fakeImports();
  const [read] = readList(readSheets(file, fileLimits), listRules).risks;
  if (read === undefined) throw new Error('the file has no risks');
  const risks = Array.from({ length: ENTERPRISES * EACH }, (_, n) => ({
    ...read,
    uscc: usccOf(Math.floor(n / EACH)),
    no: riskNo(`R-${n % EACH}`),
  }));
  const groups = groupRows({ enterprises: [], risks, areas: [] }, ROWS_PER_GROUP);
  const chunks = Math.ceil(groups.length / GROUPS_PER_CHUNK);
  for (let chunk = 0; chunk < chunks; chunk++) {
    const lines = groups.slice(chunk * GROUPS_PER_CHUNK, (chunk + 1) * GROUPS_PER_CHUNK).map((group) => JSON.stringify(group));
    fake.objects.set(`${id}/chunks/${chunkName(chunk)}`, Buffer.from(lines.join('\n')));
  }
  const total = risks.length;
  await fake.store.save({ ...afterReading(job(), { total, refused: 0, errors: 0, chunks }), version: 1 });

  let clock = 0;
  const register: ImportTarget = {
    apply: async (group, asked) => {
      clock += GROUP_MS;
      return fake.deps.register.apply(group, asked);
    },
  };
  const runs: number[] = [];
  for (let message: string | undefined = id; message !== undefined; message = fake.messages.pop()) {
    clock = 0;
    await importList({ ...fake.deps, register })(id, () => RUN_MS - clock);
    runs.push(clock);
  }
  expect(await counts(fake)).toMatchObject({ status: 'done', total, written: total, unchanged: 0, refused: 0 });
  expect(fake.puts()).toBe(total);
  expect(Math.max(...runs)).toBeLessThan(RUN_MS);
  expect(runs.length).toBeLessThan(16); // as many messages in a chain are taken for a loop
});

test('killed before or after any of its writes, an import loses nothing and doubles nothing', async () => {
  const whole = await begin();
  await importList(whole.deps)(id, () => 900_000);
  const marks = whole.marks() - 1; // the first was the asking
  expect(marks).toBeGreaterThan(10);
  const outcome = await counts(whole);
  for (const when of ['before', 'after'] as const) {
    for (let mark = 1; mark <= marks; mark++) {
      const fake = await begin();
      fake.breakOff(mark, when);
      await expect(importList(fake.deps)(id, () => 900_000)).rejects.toThrow(BrokeOff);
      await importList(fake.deps)(id, () => 900_000); // the message comes again
      expect({ mark, when, ...(await counts(fake)) }).toEqual({ mark, when, ...outcome });
      expect(fake.puts()).toBe(TOTAL - 2);
      expect(new Set(fake.register.keys())).toEqual(new Set(whole.register.keys()));
      await importList(fake.deps)(id, () => 900_000); // and once more, too late
      expect({ mark, ...(await counts(fake)) }).toEqual({ mark, ...outcome });
    }
  }
});

test('the same message to two workers at once is the work of one', async () => {
  const fake = await begin();
  await Promise.all([importList(fake.deps)(id, () => 900_000), importList(fake.deps)(id, () => 900_000)]);
  await importList(fake.deps)(id, () => 900_000);
  expect(await counts(fake)).toMatchObject({ status: 'done', written: TOTAL - 2, refused: 2 });
  expect(fake.puts()).toBe(TOTAL - 2);
});

test('a file that breaks the worker every time ends as failed, with a sentence', async () => {
  const fake = await begin();
  const poisoned = { ...fake.deps, files: { ...fake.files, source: () => Promise.reject(new BrokeOff()) } };
  for (let received = 0; received < MOST; received++) {
    await importList(poisoned)(id, () => 900_000).catch(() => undefined);
  }
  const ended = await fake.store.load(id);
  expect(ended).toMatchObject({
    status: 'failed',
    failure: { code: 'processing-broke-off', message: expect.stringContaining('读取文件') },
  });
  expect(ended && isSettled(ended)).toBe(true);
});

test('what is no list at all ends as failed, with the reason', async () => {
  const fake = await begin({}, Buffer.from('PK not a workbook at all, but long enough to be one'));
  await importList(fake.deps)(id, () => 900_000);
  expect(await fake.store.load(id)).toMatchObject({
    status: 'failed',
    failure: { code: 'not-a-workbook', message: expect.stringMatching(/另存为/) },
  });
});

test('an empty list ends as refused, and says why', async () => {
  const fake = await begin({}, Buffer.from('随便,什么\n1,2\n'));
  await importList(fake.deps)(id, () => 900_000);
  expect(await counts(fake)).toMatchObject({ status: 'refused', total: 0 });
  expect(await fake.files.get(id, 'errors/read')).toContain('unknown-sheet');
});
