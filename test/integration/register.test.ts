/** The register through its doors: files in and out, signatures, regrades that move a risk, stops. Every function with its own grants. */
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { readDuties } from '../../functions/serve-checks/api.ts';
import { createImport, readImport, readImportErrors, readTemplate, startImport } from '../../functions/serve-imports/api.ts';
import {
  adjustOverallGrade,
  approveSuspension,
  listRisks,
  readEnterprise,
  readGradings,
  readRisk,
  readRiskList,
  regradeRisk,
  returnToRule,
  signRiskList,
} from '../../functions/serve-register/api.ts';
import { sendForm } from '../../infra/local/sample/evidence.ts';
import { gb18030 } from '../../infra/local/sample/gb18030.ts';
import type { Colour } from '../../shared/domain/colour.ts';
import { importId, riskNo } from '../../shared/domain/ids.ts';
import { writeCsvList, writeRiskListFile } from '../../shared/runtime/list-file/write.ts';
import { enterpriseCells, listRules, riskCells } from '../support/lists.ts';
import {
  at,
  authorities,
  type County,
  eventually,
  freshKey,
  gradedAs,
  registeredWorks,
  sign,
  theCounty,
  unregistered,
  type Works,
} from '../support/works.ts';

let county: County;
beforeAll(async () => {
  county = await theCounty();
});

const MORNING = at('2026-03-02 08:00');
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const { words } = listRules;

const listed = ({ uscc }: Works) => ({ ...enterpriseCells(), uscc });
const point = ({ uscc }: Works, no: string, changed: object = {}) => ({ ...riskCells(1, no), uscc, ...changed });

/** Imports a file as the office does, and waits until it is in. */
async function importFile(
  bytes: Buffer,
  asked: { fileName: string; format: 'xlsx' | 'csv'; dryRun?: boolean; mode?: 'all-or-nothing' },
) {
  const { api } = county;
  const as = authorities.committee;
  const job = await api(createImport, { as, at: MORNING, key: freshKey(), body: asked });
  if (job.upload === undefined) throw new Error('there is no form to upload by');
  await sendForm(job.upload, { type: job.upload.contentType, content: bytes });
  const params = { id: importId(job.id) };
  await api(startImport, { as, at: MORNING, key: freshKey(), params });
  const settled = await eventually(`the import of ${asked.fileName}`, async () => {
    const now = await api(readImport, { as, at: MORNING, params });
    return now.isSettled ? now : undefined;
  });
  const { items: errors } = await api(readImportErrors, { as, at: MORNING, params, query: { limit: 50 } });
  return { ...settled, errors };
}

test('a workbook is tried first, then imported, then changes nothing; its wrong row is told and does not cost the right ones', async () => {
  const { api } = county;
  const works = unregistered();
  const rows = {
    enterprises: [listed(works)],
    risks: [point(works, 'R-1'), point(works, 'R-2', { inherentL: '4' }), point(works, 'R-3')],
  };
  const file = await writeRiskListFile(rows, words);
  const asked = { fileName: '清单.xlsx', format: 'xlsx' as const };

  const tried = await importFile(file, { ...asked, dryRun: true });
  expect(tried).toMatchObject({ status: 'done', total: 4, written: 3, refused: 1 });
  expect(tried.errors).toMatchObject([
    { sheet: '风险点', row: 4, found: '4', message: expect.stringMatching(/\p{Script=Han}/u) },
  ]);
  await expect(
    api(readEnterprise, { as: authorities.committee, at: MORNING, params: { uscc: works.uscc } }),
  ).rejects.toMatchObject({ status: 404 });

  const all = await importFile(file, { ...asked, mode: 'all-or-nothing' });
  expect(all).toMatchObject({ written: 0, refused: expect.any(Number), errors: [{ row: 4 }] });

  expect(await importFile(file, asked)).toMatchObject({ status: 'done', written: 3, refused: 1, unchanged: 0 });
  expect(await importFile(file, asked)).toMatchObject({ status: 'done', written: 0, refused: 1, unchanged: 3 });

  const { items } = await api(listRisks, { as: works.head, at: MORNING, params: { uscc: works.uscc }, query: { limit: 10 } });
  expect(items.map(({ no, colour, counts }) => [no, colour, counts])).toEqual([
    ['R-1', 'YELLOW', false],
    ['R-3', 'YELLOW', false],
  ]);
});

test('a list in CSV, as an older office saves it in GB 18030, comes in as it is', async () => {
  const { api } = county;
  const works = unregistered();
  const enterprise = writeCsvList('enterprises', [listed(works)], words);
  const risks = writeCsvList('risks', [point(works, 'R-1', { name: '液氨储罐区' })], words);
  const older = (csv: Buffer) => gb18030(csv.toString('utf8').replace(/^\uFEFF/, ''));
  expect(await importFile(older(enterprise), { fileName: '企业.csv', format: 'csv' })).toMatchObject({ written: 1, errors: [] });
  expect(await importFile(older(risks), { fileName: '风险.csv', format: 'csv' })).toMatchObject({ written: 1, errors: [] });
  const read = await api(readRisk, { as: works.head, at: MORNING, params: { uscc: works.uscc, no: riskNo('R-1') } });
  expect(read.content.name).toBe('液氨储罐区');
});

test('a file that is no list is refused as a whole, with what to send instead', async () => {
  const job = await importFile(Buffer.from('not a workbook'), { fileName: '清单.xlsx', format: 'xlsx' });
  expect(job).toMatchObject({ status: 'refused', written: 0 });
  expect(job.errors).toMatchObject([{ row: 0, message: expect.stringMatching(/\p{Script=Han}/u) }]);
});

test('the template can be downloaded', async () => {
  const { url, contentType } = await county.api(readTemplate, {
    as: authorities.committee,
    at: MORNING,
    params: { format: 'xlsx' },
  });
  const answer = await fetch(url);
  expect([answer.status, contentType]).toEqual([200, XLSX]);
  expect(
    Buffer.from(await answer.arrayBuffer())
      .subarray(0, 2)
      .toString(),
  ).toBe('PK');
});

/** In which partition of the table a risk lies. */
async function partitionsOf({ uscc }: Works, no: string): Promise<string[]> {
  const { cloud } = county;
  const client = new DynamoDBClient(cloud.client);
  const found: string[] = [];
  for (const colour of ['RED', 'ORANGE', 'YELLOW', 'BLUE', 'NONE']) {
    const { Count } = await client.send(
      new QueryCommand({
        TableName: cloud.outputs.RegisterTable,
        KeyConditionExpression: 'pk = :pk AND sk = :sk',
        ExpressionAttributeValues: { ':pk': { S: `533102#${colour}` }, ':sk': { S: `RISK#${uscc}#${no}` } },
      }),
    );
    if (Count === 1) found.push(colour);
  }
  return found;
}

test('nothing counts before the head has signed the list that he saw; a regrade moves the risk and asks for another signature', async () => {
  const { api } = county;
  const works = await registeredWorks(api, MORNING, 'YELLOW');
  const { uscc, head, manager } = works;
  const params = { uscc, no: riskNo('R1') };
  expect(await partitionsOf(works, 'R1')).toEqual(['YELLOW']);
  const before = await api(readRisk, { as: head, at: MORNING, params });
  expect(before).toMatchObject({ colour: 'YELLOW', counts: true, isSigned: true });

  const seen = await api(readRiskList, { as: head, at: MORNING, params: { uscc } });
  const grade = (colour: Colour, version: number) => ({ version, assessments: gradedAs(colour), because: '新增原料' });
  const regraded = await api(regradeRisk, {
    ...{ as: manager, at: at('2026-03-03 09:00'), key: freshKey(), params },
    body: grade('RED', before.version),
  });
  expect(regraded).toMatchObject({ colour: 'RED', counts: true, isSigned: false });
  expect(await partitionsOf(works, 'R1')).toEqual(['RED']);
  await expect(
    api(signRiskList, {
      ...{ as: head, at: at('2026-03-03 09:01'), key: freshKey(), params: { uscc } },
      body: { list: seen.list, digest: seen.digest, version: seen.version },
    }),
  ).rejects.toMatchObject({ status: 409 });
  await sign(api, works, at('2026-03-03 09:02'));

  await expect(
    api(regradeRisk, {
      ...{ as: manager, at: at('2026-03-04 09:00'), key: freshKey(), params },
      body: grade('BLUE', regraded.version + 1),
    }),
  ).rejects.toMatchObject({ status: expect.any(Number) });
  const { items } = await api(readGradings, { as: head, at: MORNING, params, query: {} });
  expect(items.map(({ from, to }) => [from, to])).toEqual([
    ['NONE', 'YELLOW'],
    ['YELLOW', 'RED'],
  ]);
  const { items: duties } = await api(readDuties, { as: head, at: at('2026-03-05 10:00'), query: { limit: 10 } });
  expect(duties.map(({ colour, cadence, why }) => [colour, cadence, why.clause])).toContainEqual(['RED', 'day', '二(五)']);
});

test('the overall grade follows from the points, is raised by the department with a reason, and returns to its rule', async () => {
  const { api } = county;
  const { uscc } = await registeredWorks(api, MORNING, 'BLUE');
  const as = authorities.chief;
  const read = () => api(readEnterprise, { as, at: MORNING, params: { uscc } });
  const { overall, version } = await read();
  expect(overall).toMatchObject({ colour: 'BLUE' });
  const reason = '近三年有事故';
  const raised = await api(adjustOverallGrade, {
    ...{ as, at: MORNING, key: freshKey(), params: { uscc } },
    body: { version, colour: 'ORANGE', reason },
  });
  expect(raised.overall).toMatchObject({ colour: 'ORANGE', adjustment: { rule: 'BLUE', reason } });
  const back = await api(returnToRule, {
    ...{ as, at: MORNING, key: freshKey(), params: { uscc } },
    body: { version: raised.version, reason: '整改到位' },
  });
  expect(back.overall).toMatchObject({ colour: 'BLUE' });
});

test('what falls due inside an approved stop is not due', async () => {
  const { api } = county;
  const works = await registeredWorks(api, MORNING, 'RED', 'RED');
  const { uscc, head } = works;
  await api(approveSuspension, {
    ...{ as: head, at: at('2026-03-03 08:00'), key: freshKey(), params: { uscc } },
    body: {
      kind: 'maintenance',
      scope: { of: 'points', points: [riskNo('R1')] },
      from: '2026-03-04T00:00:00+08:00',
      until: '2026-03-06T00:00:00+08:00',
      reason: '年度检修',
      approver: '主要负责人',
    },
  });
  const { items } = await api(readDuties, { as: head, at: at('2026-03-04 10:00'), query: { limit: 10 } });
  const today = items.filter(({ period }) => period === '2026-03-04').map(({ riskNo, state }) => [riskNo, state]);
  expect(today.sort()).toEqual([
    ['R1', 'suspended'],
    ['R2', 'open'],
  ]);
});
