/** Key units and the grid on the local cloud, each function with its own role's rights. */
import { readSubject } from '../../functions/serve-ledger/api.ts';
import { changeRisk, readRisk } from '../../functions/serve-register/api.ts';
import {
  assignGrid,
  designateKeyUnit,
  endDesignation,
  listGrid,
  listGridGaps,
  readDepartmentGrid,
  readKeyLevel,
  readTownshipGrid,
  setGridCell,
  setGridLine,
} from '../../functions/serve-supervision/api.ts';
import { gridTargetSubject, isGridTarget } from '../../shared/domain/grid-target.ts';
import { department, personId, riskNo } from '../../shared/domain/ids.ts';
import { townshipOwner } from '../../shared/domain/owner.ts';
import {
  at,
  authorities,
  type County,
  freshKey,
  registeredWorks,
  riskContent,
  somebody,
  TOWNSHIP,
  theCounty,
  type Works,
} from '../support/works.ts';

let county: County;
let works: Works;
beforeAll(async () => {
  county = await theCounty();
  works = await registeredWorks(county.api, at('2026-05-04 08:00'), 'RED', 'YELLOW');
}, 60_000);

const { chief, committee } = authorities;
const mayor = somebody('township-head', 'test-mayor', townshipOwner(TOWNSHIP));
const when = at('2026-05-05 09:00');
const asked = (as: typeof chief) => ({ as, at: when, key: freshKey() });

/** All that the caller's list of the grid holds. */
async function listed(route: typeof listGrid | typeof listGridGaps, as: typeof chief) {
  const found: Awaited<ReturnType<typeof county.api<typeof listGrid>>>['items'] = [];
  let cursor: string | undefined;
  do {
    const page = await county.api(route, { as, at: when, query: { limit: 100, cursor } });
    found.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

test('a red risk and a major installation that nobody answers for are gaps, told once and once that they are mended', async () => {
  const targets = ['R1', 'R2'].map((no) => `RISK#${works.uscc}#${no}`).filter(isGridTarget);
  const params = { uscc: works.uscc, no: riskNo('R2') };
  const { version } = await county.api(readRisk, { as: works.manager, at: when, params });
  const content = { ...riskContent('储罐2'), majorInstallation: { level: 4 as const, registration: 'BA-1' } };
  await county.api(changeRisk, { ...asked(works.manager), params, body: { version, content } });

  const isOurs = ({ target }: { readonly target: string }): boolean => targets.some((each) => each === target);
  expect((await listed(listGridGaps, chief)).filter(isOurs).map(({ target, kinds }) => [target, kinds])).toEqual([
    [targets[0], ['major-risk']],
    [targets[1], ['major-installation']],
  ]);
  const look = (time: string) => county.cloud.invoke('check-grid', { at: at(time) });
  await look('2026-05-05 06:00');
  await look('2026-05-05 06:00');

  const townships = { township: TOWNSHIP };
  const grid = await county.api(readTownshipGrid, { as: mayor, at: when, params: townships });
  const responsible = { person: personId('test-mayor'), post: '镇长' };
  const body = { version: grid.version, responsible };
  const cells = await county.api(setGridCell, { ...asked(mayor), params: townships, body });
  await county.api(setGridCell, { ...asked(mayor), params: townships, body: { ...body, version: cells.version, part: '东片' } });
  const ofDepartment = { dept: department('YJJ') };
  const lines = await county.api(readDepartmentGrid, { as: chief, at: when, params: ofDepartment });
  const line = { version: lines.version, industry: '*', responsible: { person: personId('test-chief'), post: '局长' } };
  await county.api(setGridLine, { ...asked(chief), params: ofDepartment, body: line });
  expect((await listed(listGridGaps, chief)).filter(isOurs)).toEqual([]);
  await look('2026-05-06 06:00');

  const [one] = (await listed(listGrid, mayor)).filter(isOurs);
  if (one === undefined || !isGridTarget(one.target)) throw new Error('the grid does not show the red risk');
  const assigned = await county.api(assignGrid, {
    ...asked(mayor),
    body: { target: one.target, version: one.version, cell: { part: '东片' } },
  });
  expect(assigned).toMatchObject({ township: { part: '东片', responsible }, department: { code: 'DEPT:YJJ' } });
  const query = { subject: gridTargetSubject(one.target), limit: 50 };
  const { items } = await county.api(readSubject, { as: committee, at: when, query });
  expect(items.map(({ type, sequence }) => [type, sequence])).toEqual([
    ['GridGapFound', 1],
    ['GridGapFound', 2],
    ['GridGapClosed', 3],
    ['GridGapClosed', 4],
    ['GridAssigned', 5],
  ]);
});

test('a key unit is designated, is refused a second time, and ends', async () => {
  const params = { level: 'county' as const };
  const before = await county.api(readKeyLevel, { as: committee, at: when, params, query: {} });
  const designation = {
    ...{
      level: 'county' as const,
      unit: { kind: 'enterprise' as const, uscc: works.uscc },
      from: '2026-05-05',
      until: '2026-12-31',
    },
    ...{ reason: '重大风险集中', document: '瑞安委〔2026〕8号' },
  };
  const made = await county.api(designateKeyUnit, { ...asked(committee), body: { ...designation, version: before.version } });
  expect(made.units.designated).toBe(before.units.designated + 1);
  const again = county.api(designateKeyUnit, { ...asked(committee), body: { ...designation, version: made.version } });
  await expect(again).rejects.toMatchObject({ code: 'already-designated' });
  const ended = await county.api(endDesignation, {
    ...asked(committee),
    params: { ...params, number: String(made.number) },
    body: { version: made.version, because: '测试结束' },
  });
  expect(ended.units.designated).toBe(before.units.designated);
});
