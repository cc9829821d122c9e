/** Major installations (重大危险源): entered, kept, found without a scan, and made less of by the head alone. */
import * as api from '../../functions/serve-register/api.ts';
import { commit } from '../../shared/data/commit.ts';
import { eachInstallationFrom, installationWrites } from '../../shared/data/installation-store.ts';
import { instant } from '../../shared/domain/calendar.ts';
import { riskNo, type TownshipCode, townshipCode } from '../../shared/domain/ids.ts';
import { isInstallationLess, type MajorInstallation, type RiskPoint, riskSubject } from '../../shared/domain/register-risk.ts';
import { memoryTables } from '../support/memory-tables.ts';
import { type RegisterApi, registerApi, riskContent, staff } from '../support/register-api.ts';
import { county as code } from '../support/tokens.ts';

const { head, manager } = staff();
const marked = { level: 3, registration: 'BA5331020001' } as const;
const content = (majorInstallation?: object) =>
  riskContent({ workshop: '储运车间', ...(majorInstallation && { majorInstallation }) });

describe('in the register', () => {
  let county: RegisterApi;
  const change = (as: typeof manager, at: string, majorInstallation?: object) =>
    county.change(api.changeRisk, as, 'R-1', at, { content: content(majorInstallation) });
  beforeEach(async () => {
    county = await registerApi();
    await county.enterprise('2026-06-01 08:00', { 'R-1': 'YELLOW' });
  });

  test('a risk point is marked, with its level and its registration, and the list is another than before', async () => {
    const params = { uscc: county.risks()[0]?.owner.slice(4) ?? '' };
    const before = await county.done(api.readRiskList, head, '2026-06-01 08:10', { params });
    expect((await change(manager, '2026-06-01 08:20', marked)).body.content).toMatchObject({ majorInstallation: marked });
    expect((await county.risk('R-1', '2026-06-01 08:30')).content.majorInstallation).toEqual(marked);
    const after = await county.done(api.readRiskList, head, '2026-06-01 08:40', { params });
    expect(after.digest).not.toBe(before.digest);
    expect(after.unsigned).toEqual(['R-1']);
  });

  test.each([{ level: 5 }, { level: 0 }, { level: '3' }, { registration: '' }, { level: 3, since: '2026' }])(
    '%j says nothing of an installation',
    async (wrong) => {
      expect(await change(manager, '2026-06-01 08:20', wrong)).toMatchObject({ status: 400, body: { code: 'malformed' } });
    },
  );

  test('before the list is signed anybody who keeps it may take the mark away; of what counts only the head makes less', async () => {
    expect((await change(manager, '2026-06-01 08:20', marked)).status).toBe(200);
    expect((await change(manager, '2026-06-01 08:30')).status).toBe(200);
    expect((await change(manager, '2026-06-01 08:40', marked)).status).toBe(200);
    await county.sign('2026-06-02 08:00');
    for (const less of [undefined, { level: 4 }, { registration: marked.registration }]) {
      expect(await change(manager, '2026-06-03 08:00', less)).toMatchObject({
        status: 403,
        body: { code: 'installation-needs-head', field: 'majorInstallation', from: marked, why: { clause: '一(三)' } },
      });
    }
    expect((await change(manager, '2026-06-03 09:00', { level: 2 })).status).toBe(200);
    const gone = await change(head, '2026-06-03 10:00');
    expect([gone.status, gone.body.content]).toEqual([
      200,
      expect.not.objectContaining({ majorInstallation: expect.anything() }),
    ]);
  });
});

test.each([
  [undefined, { level: 1 }, false],
  [{}, { level: 4 }, false],
  [{ level: 3 }, { level: 2 }, false],
  [{ level: 3 }, { level: 3, registration: '1' }, false],
  [{ level: 2 }, { level: 3 }, true],
  [{ level: 2 }, {}, true],
  [{}, undefined, true],
] as const)('from %j to %j: less is %s', (before, after, less) => {
  expect(isInstallationLess(before, after)).toBe(less);
});

test('installations are found by their markers, which come and go with the mark', async () => {
  memoryTables();
  const [ours, theirs] = ['533102001', '533102102'].map(townshipCode);
  const area = (township: TownshipCode | undefined, of?: MajorInstallation): RiskPoint => ({
    owner: 'TOWN:533102001',
    ...{ no: riskNo('A1'), township, addedIn: 1, changedIn: 1, version: 1 },
    content: {
      ...{ name: '储罐区', location: '', dimensions: [], participants: [], mainRisk: '', accidents: [], possibleHazards: '' },
      ...{ consequences: '', controls: [], emergency: '', reporting: '', responsible: '' },
      ...(of && { majorInstallation: of }),
    },
  });
  const write = (before: RiskPoint | undefined, after: RiskPoint) =>
    commit({ writes: installationWrites(code, { before, after }), events: [] });
  const found = async () => {
    const keys: string[] = [];
    for await (const { item } of eachInstallationFrom(code)) keys.push(riskSubject(item));
    return keys;
  };
  await write(undefined, area(ours, marked));
  await write(area(theirs), area(theirs, {}));
  expect(await found()).toEqual(['AREA#533102001#A1', 'AREA#533102102#A1']);
  expect(installationWrites(code, { before: area(ours, marked), after: area(ours, { level: 1 }) })).toEqual([]);
  await write(area(ours, marked), area(ours));
  expect(await found()).toEqual(['AREA#533102102#A1']);
  await write(area(theirs, {}), { ...area(theirs, {}), retired: { at: instant('2026-06-01T00:00:00Z'), because: '拆除' } });
  expect(await found()).toEqual([]);
});
