/**
 * The form and the state by their door, the export: a history of hand, and what the forms of its months have to say cell by cell. What happens
 * between midnight and the closing of a day's bundle is none of that day.
 */
import { gunzipSync } from 'node:zlib';
import { type StatedBundle, verifyStates } from '../../infra/cli/verify-state.ts';
import { filesInMemory } from '../../shared/archive/bundle-files.ts';
import { manifestSchema } from '../../shared/archive/manifest.ts';
import { type Instant, instant } from '../../shared/domain/calendar.ts';
import { type Hazard, type HazardCommand, hazardSubject } from '../../shared/domain/hazard.ts';
import { decideHazard, reportHazard } from '../../shared/domain/hazard-decide.ts';
import { evolveHazard } from '../../shared/domain/hazard-evolve.ts';
import { hazardId } from '../../shared/domain/ids.ts';
import { gzipped } from '../../workflows/audit-export/gzip.ts';
import type { Files } from '../support/bundles-of.ts';
import { ExportCounty } from '../support/export-county.ts';
import { day, enterprise, type Person, people, photo, plan, report, rules, township } from '../support/hazard-case.ts';

const I = (text: string): Instant => instant(`${text}:00+08:00`);
const idOf = (letter: string) => hazardId(`R${letter.repeat(16)}`);
const MAJOR = { criterion: 'hard-to-cure', basis: '须停产' };

class Cases {
  readonly county = new ExportCounty();
  private readonly now = new Map<string, Hazard>();

  async report(letter: string, when: string): Promise<void> {
    const whole = { ...report, id: idOf(letter), finding: { ...report.finding, at: I(when) } };
    const first = reportHazard(whole, rules, I(when));
    await this.county.record(hazardSubject(whole.id), 'RED', I(when), people.li, first);
    this.now.set(letter, evolveHazard(undefined, { ...first, at: I(when), actor: people.li }));
  }

  async step(letter: string, who: Person, when: string, command: HazardCommand): Promise<void> {
    const before = this.now.get(letter);
    if (before === undefined) throw new Error(`${letter} was not reported`);
    const occasion = { at: I(when), actor: people[who] };
    const ruling = decideHazard(before, command, rules, occasion);
    if (ruling.kind === 'denied') throw new Error(`${letter} ${command.type} at ${when}: ${ruling.reason}`);
    await this.county.record(hazardSubject(idOf(letter)), 'RED', I(when), people[who], ...ruling.events);
    this.now.set(
      letter,
      ruling.events.reduce((state, fact) => evolveHazard(state, { ...fact, ...occasion }), before),
    );
  }

  async due(when: string): Promise<void> {
    await this.county.seal();
    await this.county.due(I(when));
    await this.county.seal();
  }
}

const totalOf = (files: Files): readonly string[] =>
  String(files.get('views/form.csv'))
    .split('\r\n')
    .find((line) => line.includes('合计'))
    ?.split(',')
    .slice(5) ?? [];
const statedOf = (files: Files, n: number): StatedBundle => ({
  folder: `bundle-${n + 1}`,
  files: filesInMemory(files),
  manifest: manifestSchema.parse(JSON.parse(String(files.get('manifest.json')))),
});
const stagesIn = (files: Files): Readonly<Record<string, string>> =>
  Object.fromEntries(
    gunzipSync(files.get('state/hazards.jsonl.gz') ?? '')
      .toString()
      .trimEnd()
      .split('\n')
      .map((text) => {
        const { state } = JSON.parse(text) as { readonly state: Hazard };
        return [state.id[1], state.stage];
      }),
  );

test('the forms of two months and of the next year, cell by cell, through the real export', async () => {
  const cases = new Cases();
  const { county } = cases;
  await county.record(enterprise.replace(':', '#'), 'NONE', I('2026-10-29T08:00'), people.duan, {
    type: 'EnterpriseRegistered',
    data: { name: '样例', township, industry: 'hazardous-chemicals', supervisor: 'DEPT:YJJ', contacts: [], workshops: [] },
  });
  for (const letter of ['A', 'B', 'C', 'D', 'E']) await cases.report(letter, '2026-10-29T09:00');
  // A: cured, and opened again after midnight.
  await cases.step('A', 'wang', '2026-10-29T10:00', { type: 'GradeHazard', level: 'general' });
  await cases.step('A', 'wang', '2026-10-29T10:01', { type: 'AssignRectification', rectifier: people.li.id });
  await cases.step('A', 'li', '2026-10-30T09:00', {
    type: 'SubmitRectification',
    account: '已更换',
    evidence: [photo('a')],
    spentFen: 50_000_001,
  });
  await cases.step('A', 'wang', '2026-10-30T10:00', { type: 'AcceptRectification' });
  // B: general, and graded higher after midnight. E: withdrawn in the next month.
  for (const letter of ['B', 'E'])
    await cases.step(letter, 'wang', '2026-10-29T10:00', { type: 'GradeHazard', level: 'general' });
  // C and D: major, listed by the province and by the county; the plan of C comes back after midnight.
  for (const [letter, level] of [
    ['C', 'province'],
    ['D', 'county'],
  ] as const) {
    await cases.step(letter, 'wang', '2026-10-29T10:10', { type: 'GradeHazard', level: 'major', ...MAJOR });
    await cases.step(letter, 'wang', '2026-10-29T10:30', { type: 'ReportToDepartment' });
    await cases.step(letter, 'duan', '2026-10-29T11:00', {
      type: 'ListForSupervision',
      document: '2号',
      term: day('2026-12-20'),
      level,
    });
  }
  await cases.step('C', 'zhao', '2026-10-30T10:00', { type: 'FilePlan', plan: { ...plan, timeLimit: day('2026-12-10') } });
  await cases.step('A', 'duan', '2026-11-01T00:05', { type: 'ReopenHazard', reason: '复发', evidence: [photo('z')] });
  await cases.step('B', 'wang', '2026-11-01T00:06', { type: 'UpgradeHazard', ...MAJOR });
  await cases.report('F', '2026-11-01T00:07');
  await cases.step('C', 'duan', '2026-11-01T00:08', { type: 'ReturnPlan', reason: '不足' });
  await cases.due('2026-11-01T00:20');
  const october = county.month(1);
  expect(totalOf(october)).toEqual(['', '3', '1', '33.3', '2', '', '', '1', '1', '2', '1', '51.250001']);
  expect(stagesIn(october)).toEqual({
    A: 'closed',
    B: 'registered',
    C: 'awaiting-plan-review',
    D: 'awaiting-plan',
    E: 'registered',
  });
  expect(JSON.parse(String(october.get('state/coverage.json')))).toMatchObject({
    at: '2026-10-31T15:59:59.999Z',
    hazards: { closed: 1 },
  });
  expect(
    gunzipSync(october.get('state/carried.jsonl.gz') ?? '')
      .toString()
      .trimEnd()
      .split('\n').length,
  ).toBeGreaterThanOrEqual(4);
  await cases.step('E', 'li', '2026-11-02T09:00', { type: 'RequestWithdrawal', reason: '误报' });
  await cases.step('E', 'wang', '2026-11-02T10:00', { type: 'ConfirmWithdrawal' });
  await cases.due('2026-12-01T00:20');
  const november = county.month(2);
  expect(totalOf(november)).toEqual(['', '1', '', '', '3', '', '', '1', '1', '2', '1', '51.250001']);
  expect(stagesIn(november)).toEqual({
    A: 'rectifying',
    B: 'awaiting-plan',
    C: 'awaiting-plan',
    D: 'awaiting-plan',
    E: 'withdrawn',
    F: 'registered',
  });
  await cases.due('2027-02-01T00:20');
  expect(totalOf(county.month(4))).toEqual(Array.from({ length: 12 }, () => ''));
  expect(Object.keys(stagesIn(county.month(4)))).toHaveLength(6);
  await county.expectTrue(county.month(1), county.month(2));
  // Whoever has the bundles alone comes to the same, and sees where one says something else.
  const days = Array.from({ length: 40 }, (_, n) => county.day(n + 1));
  const stated = [...days, county.month(1)].map(statedOf);
  expect(await verifyStates(stated)).toBe(41);
  const withForged = (at: number, path: string, text: Uint8Array) =>
    stated.map((one, n) =>
      n === at ? { ...one, files: filesInMemory(new Map([...([...days, october][n] ?? [])]).set(path, text)) } : one,
    );
  const forgedState = Buffer.concat([gunzipSync(days[3]?.get('state/hazards.jsonl.gz') ?? '')]);
  forgedState[60] = (forgedState[60] ?? 0) ^ 1;
  await expect(verifyStates(withForged(3, 'state/hazards.jsonl.gz', gzipped(forgedState)))).rejects.toThrow(
    'is not what the events lead to',
  );
  await expect(verifyStates(withForged(40, 'views/form.csv', Buffer.from('0')))).rejects.toThrow(
    'is not what the events lead to',
  );
  for (const path of ['views/form.xlsx', 'views/exchange/gaps.csv', 'views/exchange/losses.csv'])
    await expect(verifyStates(withForged(40, path, Buffer.from('0')))).rejects.toThrow(`${path}: is not what the events lead to`);
  await expect(verifyStates(stated.slice(1))).rejects.toThrow('every day from the first on');
}, 120_000);

test('whoever has the bundles alone comes to their exchange tables, with rounds on both sides of a month’s last midnight', async () => {
  const cases = new Cases();
  const { county } = cases;
  const round = (when: string) =>
    county.record(`ROUND#${when}`, 'NONE', I(when), people.li, {
      type: 'RoundSubmitted',
      data: { pages: [], hash: 'a'.repeat(64), checkedAt: I(when), answers: { 'R-1': 'yyn' } },
    });
  await round('2026-10-30T09:30');
  await round('2026-11-01T00:05');
  await cases.due('2026-11-01T00:20');
  await cases.report('A', '2026-11-30T09:00');
  await round('2026-12-01T00:05');
  await cases.due('2026-12-01T00:20');
  const bundles = [...Array.from({ length: 32 }, (_, n) => county.day(n + 1)), county.month(1), county.month(2)];
  const rounds = bundles.map((files) => String(files.get('views/exchange/6-record.jsonl') ?? '').split('\n').length - 1);
  // The second one is left by the last day of October to the first of November, and by the one month to the other.
  expect(rounds.flatMap((rows, n) => (rows === 0 ? [] : [[n + 1, rows]]))).toEqual([
    [1, 3],
    [3, 3],
    [33, 3],
    [34, 3],
  ]);
  const stated = bundles.map(statedOf);
  expect(await verifyStates(stated)).toBe(bundles.length);
  expect(await verifyStates(stated.filter((_, n) => n !== 32))).toBe(bundles.length - 1);
  for (const path of ['views/exchange/6-record.jsonl', 'views/exchange/6-record.csv', 'views/exchange/7-hazard.jsonl']) {
    const forged = bundles.map((files, n) => statedOf(n === 33 ? new Map([...files]).set(path, Buffer.from('{}')) : files, n));
    await expect(verifyStates(forged)).rejects.toThrow(`bundle-34/${path}: is not what the events lead to`);
  }
}, 120_000);
