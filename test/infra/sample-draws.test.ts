import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { on } from '../../infra/local/sample/act.ts';
import { fetchPublished } from '../../infra/local/sample/bundles.ts';
import { sampleCounty } from '../../infra/local/sample/county.ts';
import { foundAt, objectOf } from '../../infra/local/sample/findings.ts';
import { sampleItems } from '../../infra/local/sample/inspection-items.ts';
import { EXPERT_DEPARTMENT } from '../../infra/local/sample/inspectorate.ts';
import { numbersOf } from '../../infra/local/sample/lottery.ts';
import { planMonth } from '../../infra/local/sample/month.ts';
import { seededRandom } from '../../infra/local/sample/random.ts';
import { recountInspections } from '../../infra/local/sample/recount-draws.ts';
import { planCalls } from '../../infra/local/sample/schedules.ts';
import { type DrawFindings, ofDraws } from '../../infra/local/sample/verdict-draws.ts';
import { dayOf, instant } from '../../shared/domain/calendar.ts';
import { countyCode, department, GOVERNMENT } from '../../shared/domain/ids.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { LOTTERY, revealed } from '../support/draws.ts';

const ruili = countyCode('533102');
const policy = policyFor(ruili, on(1, '00:00'));
const sample = sampleCounty(ruili, policy, seededRandom(533102));
const { inspectors, enterprises } = sample;

describe('the directories', () => {
  test('every department has two officers who go to every industry, and more than are ever away at once', () => {
    for (const code of Object.keys(policy.departments.values)) {
      const officers = inspectors.filter(({ authority, role }) => authority === code && role === 'enforcer');
      expect([code, officers.filter(({ absence }) => absence === undefined).length >= 2]).toEqual([code, true]);
    }
    expect(inspectors.some(({ authority }) => authority === GOVERNMENT)).toBe(true);
    expect(new Set(inspectors.map(({ person }) => person.id)).size).toBe(inspectors.length);
  });

  test('some are away, one has an interest, one expert works for an enterprise of the department', () => {
    expect(inspectors.filter(({ absence }) => absence !== undefined).length).toBeGreaterThan(1);
    expect(inspectors.filter(({ interest }) => interest !== undefined)).toHaveLength(1);
    const employed = inspectors.filter(({ employer }) => employer !== undefined);
    expect(employed.map(({ role }) => role)).toEqual(['expert']);
    expect(enterprises.find(({ uscc }) => uscc === employed[0]?.employer)?.supervisor).toBe(EXPERT_DEPARTMENT);
  });

  test('every industry has items of its own beside those of everybody, each with its legal basis', () => {
    for (const { industry } of enterprises) {
      const items = sampleItems([industry]);
      expect([industry, items.some(({ appliesTo }) => appliesTo.includes(industry))]).toEqual([industry, true]);
      expect(items.every(({ basis, name, way }) => basis !== '' && name !== '' && way !== '')).toBe(true);
      expect(new Set(items.map(({ no }) => no)).size).toBe(items.length);
    }
  });
});

describe('the month', () => {
  test('draws are called for in the beginning and for July, and the call that is lost is made up on the day after', () => {
    const calls = planCalls(ruili).filter(({ calls }) => calls === 'open-draws');
    expect(calls.map(({ at, payload }) => [dayOf(at), payload.kind ?? 'all'])).toEqual([
      ...['RED', 'ORANGE', 'YELLOW'].map((colour) => ['2026-06-01', `RANDOM.${colour}`]),
      ...['SPECIAL', 'EXPERT', 'COMPREHENSIVE', 'RANDOM.BLUE'].map((kind) => ['2026-06-01', kind]),
      ...['RANDOM.RED', 'RANDOM.ORANGE', 'RANDOM.YELLOW', 'EXPERT', 'COMPREHENSIVE'].map((kind) => ['2026-06-26', kind]),
      ['2026-06-27', 'all'],
    ]);
  });

  test('before the first call everything is there that a draw needs; one draw is taken back, one object replaced', () => {
    const { acts, calls } = planMonth(sample, seededRandom(533104));
    const first = calls.find(({ calls: folder }) => folder === 'open-draws');
    const ofStory = (story: string) => acts.filter((act) => act.story === story);
    const behind = ofStory('directories').filter(({ at }) => first === undefined || at >= first.at);
    expect(new Set(behind.map(({ at, does }) => [dayOf(at), does].join(' ')))).toEqual(new Set(['2026-06-25 PlanInspection']));
    expect(ofStory('directories').filter(({ does }) => does === 'RegisterInspector')).toHaveLength(inspectors.length);
    expect(ofStory('void-draw').map(({ does }) => does)).toContain('VoidDraw');
    expect(ofStory('substitution').map(({ does }) => does)).toEqual(['ReplaceObjects']);
    expect(ofStory('key-units').length * ofStory('grid').length).toBeGreaterThan(0);
  });

  test('balls fall as their source has them, the same for everybody who reads them and other ones in every issue', () => {
    const [red = [], blue = []] = numbersOf(LOTTERY);
    expect([red.length, blue.length]).toEqual([6, 1]);
    expect(red.every((ball, at) => ball >= 1 && ball <= 33 && ball > (red[at - 1] ?? 0))).toBe(true);
    expect(numbersOf(LOTTERY)).toEqual(numbersOf({ ...LOTTERY }));
    expect(numbersOf({ ...LOTTERY, issue: '2026-06-04' })).not.toEqual(numbersOf(LOTTERY));
    const digits = numbersOf({ name: 'dice', issue: '1', ordered: true, shape: [[64, 1, 6]] });
    expect(digits[0]?.every((one) => one >= 1 && one <= 6)).toBe(true);
  });

  test('of what is visited, one is not found, one refuses, one is closed down, one is suspected of a major hazard', () => {
    const found = enterprises.map((enterprise) => foundAt(sample, objectOf(enterprise), 'RANDOM'));
    for (const outcome of ['not-found', 'refused', 'closed-down'])
      expect([outcome, found.filter((one) => one.outcome === outcome).length]).toEqual([outcome, 1]);
    expect(found.filter(({ hazard }) => hazard === 'major')).toHaveLength(1);
    expect(found.some(({ hazard }) => hazard === 'general') && found.some(({ problem }) => problem)).toBe(true);
    expect(found.some(({ outcome, hazard, problem }) => outcome === 'inspected' && hazard === 'none' && !problem)).toBe(true);
  });
});

const event = (sequence: number, type: string, subject: string, data: unknown): LedgerEvent => ({
  ...{ id: `${subject}:${sequence}`, at: instant(`2026-03-0${sequence}T00:00:00Z`), county: ruili, colour: 'RED', subject },
  ...{ sequence, type, data, actor: { id: 'system', role: 'system' } as LedgerEvent['actor'], schema: 1 },
});
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const bundle = revealed();
const hashes = Object.fromEntries([...bundle].map(([file, bytes]) => [file, hashOf(bytes)]));
const DRAW = 'DRAW#YJJ#000001';
const task = (place: number) => `TASK#YJJ#000001#1#000${place}`;
const EVENTS: LedgerEvent[] = [
  event(1, 'DrawAnnounced', DRAW, { kind: 'RANDOM.RED', period: '2026-03', announcement: hashes['announcement.json'] }),
  event(2, 'DrawDrawn', DRAW, { iteration: 1, selected: 4, unassigned: 0 }),
  ...[1, 2, 3, 4].map((place) => event(1, 'TaskAssigned', task(place), {})),
  event(3, 'DrawAssigned', DRAW, { iteration: 1 }),
  event(2, 'TaskOverdue', task(1), { what: 'visit' }),
  event(3, 'TaskEscalated', task(1), { step: 1 }),
  event(4, 'InspectionReported', task(1), { outcome: 'inspected', hazards: ['R1'], problems: [{}, {}] }),
  event(5, 'InspectionConfirmed', task(1), {}),
  event(6, 'ResultPublished', task(1), {}),
  event(4, 'DrawInspected', DRAW, { tasks: 4 }),
  event(5, 'DrawRevealed', DRAW, { files: hashes }),
];

test('draws and tasks are recounted from the ledger', () => {
  const { draws, tasks } = recountInspections(EVENTS);
  expect(draws).toEqual([
    expect.objectContaining({ id: '533102.YJJ:000001', kind: 'RANDOM.RED', stage: 'revealed', isRevealed: true, drawn: 4 }),
  ]);
  expect(tasks).toHaveLength(4);
  expect(tasks[0]).toEqual({
    ...{ id: 'YJJ.000001.1.0001', draw: '533102.YJJ:000001', stage: 'published', outcome: 'inspected' },
    ...{ hazards: 1, problems: 2, missed: 1, escalations: 1 },
  });
  const isVoid = recountInspections([
    ...EVENTS.slice(0, 2),
    event(3, 'DrawVoided', DRAW, {}),
    event(4, 'DrawRevealed', DRAW, { files: {} }),
  ]);
  expect(isVoid.draws).toEqual([expect.objectContaining({ stage: 'void', isRevealed: true })]);
});

describe('what is published', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sample-draws-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const index = {
    authority: 'YJJ',
    authorityName: '应急管理局',
    draws: [
      {
        ...{ number: 1, drawId: '533102.YJJ:000001', kind: 'RANDOM.RED', kindName: '', period: '2026-03', stage: 'revealed' },
        ...{ stageName: '', announcedAt: '2026-03-01T00:00:00.000Z', drawAt: '2026-03-03T00:00:00.000Z' },
        ...{ revealBy: '2026-04-10T00:00:00.000Z', revealedAt: '2026-03-20T00:00:00.000Z' },
        files: Object.entries(hashes).map(([file, sha256]) => ({ file, sha256 })),
      },
    ],
  };
  const results = {
    authority: 'YJJ',
    number: 1,
    results: [{ task: 'R.YJJ.000001.1.0001', outcome: 'inspected', publishedAt: index.draws[0]?.revealedAt, isLate: false }],
  };
  /** A public door before these files. */
  const doorTo =
    (files: ReadonlyMap<string, Uint8Array>) =>
    async (path: string): Promise<Buffer> => {
      const json = (value: unknown) => Buffer.from(JSON.stringify(value));
      if (path === '/public/draws') return json({ authorities: [{ authority: 'YJJ', authorityName: '', draws: [] }] });
      if (path === '/public/draws/533102.YJJ') return json(index);
      if (path === '/public/results/533102.YJJ/000001') return json(results);
      if (path.startsWith('/public/results/')) return json({});
      const bytes = files.get(path.slice('/public/draws/533102.YJJ/000001/'.length));
      if (bytes === undefined) throw new Error(`${path} is not there`);
      return Buffer.from(bytes);
    };
  const findingsFor = async (files: ReadonlyMap<string, Uint8Array>, name: string): Promise<DrawFindings> => ({
    draws: [{ drawId: '533102.YJJ:000001', stage: 'revealed', kind: 'RANDOM.RED', period: '2026-03' }],
    recounted: recountInspections(EVENTS),
    published: await fetchPublished({
      ...{ published: doorTo(files), county: ruili, folder: join(folder, name), at: instant('2026-03-21T00:00:00Z') },
      ...{ signal: new AbortController().signal, tell: () => undefined },
    }),
    running: [],
    gridGaps: [],
  });

  test('a bundle that is whole adds up', async () => {
    const findings = await findingsFor(bundle, 'whole');
    expect(findings.published[0]?.draws[0]).toMatchObject({ drawn: 4, isRevealed: true });
    expect(ofDraws(findings)).toEqual([]);
  });

  test('a changed byte is named, and so is a file that is another than the ledger says', async () => {
    const roster = Buffer.from(bundle.get('inspectors.tsv') ?? []);
    roster[0] = 0x4a;
    const findings = await findingsFor(new Map([...bundle, ['inspectors.tsv', roster]]), 'changed');
    expect(ofDraws(findings)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^the draws of 533102\.YJJ: .*inspectors\.tsv/),
        expect.stringMatching(/^draw 533102\.YJJ:000001: inspectors\.tsv/),
        expect.stringContaining('inspectors.tsv is not the file of which the ledger has the hash'),
      ]),
    );
  });

  test('everything else that does not add up is named too', async () => {
    const good = await findingsFor(bundle, 'good');
    const [series] = good.published;
    const { draws, tasks } = good.recounted;
    const run = {
      authority: department('YJJ'),
      kind: 'RANDOM.RED',
      period: '2026-03',
      attempt: 1,
    } as DrawFindings['running'][number];
    const wrong: readonly (readonly [Partial<DrawFindings>, string])[] = [
      [{ draws: [] }, 'the API says nothing of it'],
      [{ published: [] }, 'is on the ledger and not published'],
      [{ recounted: { ...good.recounted, draws: [] } }, 'is published and not on the ledger'],
      [{ recounted: { ...good.recounted, tasks: tasks.slice(1) } }, '4 objects were drawn, and 3 tasks given out'],
      [
        { published: series === undefined ? [] : [{ ...series, results: [] }] },
        'task YJJ.000001.1.0001 is published, and its result is not published',
      ],
      [{ running: [run] }, '1 executions still run for it'],
      [
        { recounted: { ...good.recounted, draws: draws.map((draw) => ({ ...draw, stage: 'assigned' })) } },
        '0 executions drive it instead of one',
      ],
      [
        { recounted: { ...good.recounted, draws: draws.map((draw) => ({ ...draw, drawn: 5 })) } },
        'the bundle draws 4 objects, the ledger 5',
      ],
      [{ gridGaps: ['RISK#a#b'] }, 'nobody answers for RISK#a#b in the grid'],
    ];
    for (const [change, says] of wrong) expect(ofDraws({ ...good, ...change })).toContainEqual(expect.stringContaining(says));
  });
});
