/**
 * What people do to draws: two persons enter the numbers that were drawn in public, the government takes a draw back and has it announced
 * again, a department replaces an object that cannot be visited. Which draws there are, the county's own calls decide.
 */
import type * as z from 'zod';
import { enterRandomness, listDraws, openDraw, readDraw, replaceObjects, voidDraw } from '../../../functions/serve-draws/api.ts';
import { planInspection } from '../../../functions/serve-inspectors/api.ts';
import { listTasks } from '../../../functions/serve-tasks/api.ts';
import { type Day, type Instant, instant } from '../../../shared/domain/calendar.ts';
import { authorityName, type DrawStage, paddedNumber } from '../../../shared/domain/draw.ts';
import { department, drawPeriod, GOVERNMENT } from '../../../shared/domain/ids.ts';
import { departmentOwner } from '../../../shared/domain/owner.ts';
import { type Act, minutesAfter, on, type Scene } from './act.ts';
import { everyItem } from './api-client.ts';
import type { SampleCounty, SamplePerson } from './county.ts';
import { dispatcherOf } from './directory-acts.ts';
import { EXPERT_DEPARTMENT } from './inspectorate.ts';
import { type NumbersSource, numbersOf } from './lottery.ts';
import { somebody } from './staff.ts';
import type { Visits } from './visit-acts.ts';

export type DrawLine = z.output<typeof listDraws.output>['items'][number];

/** Where anybody reads what was published of a draw. */
export const publicFolder = (
  { county }: Pick<SampleCounty, 'county'>,
  { authority, number }: Pick<DrawLine, 'authority' | 'number'>,
) => `/public/draws/${authorityName(county, department(authority))}/${paddedNumber(number)}`;

/** All draws, or those of a stage, as anybody in the county sees them. */
export const drawsOf = ({ api, sample }: Pick<Scene, 'api' | 'sample'>, at: Instant, stage?: DrawStage): Promise<DrawLine[]> => {
  const as = somebody(sample, 'committee-officer');
  return everyItem((from) => api(listDraws, { as, at, query: { ...(stage && { stage }), ...from } }));
};

const paramsOf = ({ authority, number }: Pick<DrawLine, 'authority' | 'number'>) => ({
  authority: department(authority),
  number,
});

const track = (authority: string): string => `draws of ${authority}`;

/** Who reads the numbers off, each by himself: one of the authority and one of the county. */
const readersOf = (sample: SampleCounty, authority: string): readonly [SamplePerson, SamplePerson] =>
  authority === GOVERNMENT
    ? [somebody(sample, 'committee-officer'), somebody(sample, 'government-head')]
    : [somebody(sample, 'department-officer', departmentOwner(authority)), somebody(sample, 'committee-officer')];

/** The one who misreads a ball at the government's draws, and corrects himself when the two do not agree. */
const misread = (numbers: readonly number[][]): number[][] =>
  numbers.map((group, index) =>
    index === numbers.length - 1 ? group.map((number) => (number === 1 ? 2 : number - 1)) : [...group],
  );

/** As soon as the balls have fallen, the announced numbers are entered twice. */
async function enterNumbers({ api, sample }: Scene, draw: DrawLine, source: NumbersSource, at: Instant): Promise<void> {
  const params = paramsOf(draw);
  const [first, second] = readersOf(sample, draw.authority);
  const numbers = numbersOf(source);
  const said: (readonly [SamplePerson, number[][]])[] = [
    [first, numbers],
    ...(draw.authority === GOVERNMENT ? [[second, misread(numbers)] as const] : []),
    [second, numbers],
  ];
  let { version } = draw;
  for (const [index, [as, value]] of said.entries()) {
    const key = `sample-numbers-${draw.authority}-${draw.number}.${index}`;
    const body = { version, source: 0, value: { numbers: value } };
    ({ version } = await api(enterRandomness, { as, at: minutesAfter(at, 10 * index), key, params, body }));
  }
}

/** What every announced draw gives rise to. What it says of its source, people read in the public announcement. */
export async function announcedActs(scene: Scene, draw: DrawLine): Promise<Act[]> {
  const bytes = await scene.published(`${publicFolder(scene.sample, draw)}/announcement.json`);
  const announcement = JSON.parse(bytes.toString('utf8')) as {
    readonly sources: readonly (NumbersSource & { readonly at: string })[];
  };
  return announcement.sources.map((source): Act => {
    const at = minutesAfter(instant(source.at), 20);
    return {
      ...{ at, track: track(draw.authority), story: 'randomness', does: 'EnterRandomness' },
      run: (now) => (withdrawn(draw) ? Promise.resolve() : enterNumbers(now, draw, source, at)),
    };
  });
}

/** Minutes from the nightly sweep to the hour at which inspectors look into their lists. */
const MORNING = 8 * 60;

const VOIDED = on(2, '09:00');

/** The government's first supervision is taken back before it is drawn. */
const withdrawn = ({ kind, announcedAt }: DrawLine): boolean => kind === 'COMPREHENSIVE' && announcedAt < VOIDED;

/** The quarter's supervision was planned without public areas: it is taken back, planned anew and announced again, with the reason. */
export function planVoid(sample: SampleCounty): Act[] {
  const as = somebody(sample, 'committee-officer');
  const head = somebody(sample, 'government-head');
  const period = drawPeriod('2026-Q2');
  const plan = (at: Instant, industries: string[], version: number): Act => ({
    ...{ at, track: track(GOVERNMENT), story: 'void-draw', does: 'PlanInspection' },
    async run({ api }) {
      const theme = '重点行业综合督查（样例）';
      const body = { version, kind: 'COMPREHENSIVE' as const, theme, industries };
      await api(planInspection, { as, at, key: `sample-plan-GOV-${version}`, params: { authority: GOVERNMENT, period }, body });
    },
  });
  return [
    plan(on(1, '9:50'), ['construction', 'fire-safety'], 0),
    {
      ...{ at: VOIDED, track: track(GOVERNMENT), story: 'void-draw', does: 'VoidDraw' },
      async run(scene) {
        const { api } = scene;
        const first = (await drawsOf(scene, VOIDED)).find(withdrawn);
        if (first === undefined) throw new Error('the supervision of the quarter was not announced');
        const params = paramsOf(first);
        const { version } = await api(readDraw, { as: head, at: VOIDED, params });
        const body = { version, reason: '督查计划漏列公共区域，重新公告（样例）' };
        await api(voidDraw, { as: head, at: VOIDED, key: 'sample-void-1', params, body });
      },
    },
    plan(on(2, '9:20'), ['construction', 'fire-safety', 'area'], 1),
    {
      ...{ at: on(2, '9:40'), track: track(GOVERNMENT), story: 'void-draw', does: 'OpenDraw' },
      async run({ api }) {
        const body = { authority: GOVERNMENT, kind: 'COMPREHENSIVE' as const, period, reason: '前次公告漏列公共区域，已作废' };
        await api(openDraw, { as, at: on(2, '9:40'), key: 'sample-open-1', body });
      },
    },
  ];
}

const REPLACED = on(3, '14:00');
/** When those who are drawn instead are visited. */
const OTHER_DAYS = [10, 11, 12, 15, 16, 17, 18].map((day) => `2026-06-${day}` as Day);

/** The expert inspection meets an object that cannot be visited in the month, and draws another of its stratum. */
export function planSubstitution(sample: SampleCounty, visits: Visits): Act[] {
  const as = dispatcherOf(sample, EXPERT_DEPARTMENT);
  return [
    {
      ...{ at: REPLACED, track: track(EXPERT_DEPARTMENT), story: 'substitution', does: 'ReplaceObjects' },
      async run(scene) {
        const { api } = scene;
        const at = REPLACED;
        const draw = (await drawsOf(scene, at)).find(
          ({ authority, kind, stage }) => authority === EXPERT_DEPARTMENT && kind === 'EXPERT' && stage === 'assigned',
        );
        if (draw === undefined) throw new Error('the expert inspection was not drawn');
        const { strata, version } = await api(readDraw, { as, at, params: paramsOf(draw) });
        const roomy = strata.filter(({ objects, quota }) => objects > quota).map(({ name }) => name.split('.')[0]);
        const tasks = await everyItem((from) => api(listTasks, { as, at, query: { stage: 'assigned', ...from } }));
        const task = tasks.find((one) => one.draw.number === draw.number && roomy.includes(one.colour));
        if (task === undefined) throw new Error('no stratum of the expert inspection has another object');
        const replace = [{ task: task.id, reason: '全线停车大修至七月，现场无法检查，停车报告已附（样例）' }];
        visits.leave(task.id);
        const body = { version, replace, days: [...OTHER_DAYS] };
        await api(replaceObjects, { as, at, key: 'sample-substitution-1', params: paramsOf(draw), body });
      },
    },
    ...visits.look(sample, EXPERT_DEPARTMENT, on(5, '8:00')),
  ];
}

/** July's are for July's people. */
const NEXT_MONTHS = on(26, '00:00');

/** Those who look whether there is something for them: the ones who enter numbers, and the inspectors. */
export class DrawWatch {
  private readonly announced = new Set<string>();
  private readonly assigned = new Set<string>();
  private readonly visits: Visits;
  constructor(visits: Visits) {
    this.visits = visits;
  }

  /** What came to be since the last look: announcements that wait for numbers, and tasks that inspectors find in their lists in the morning. */
  async look(scene: Scene, at: Instant, draws: readonly DrawLine[]): Promise<void> {
    for (const draw of draws) {
      if (draw.stage !== 'announced' || this.announced.has(draw.drawId)) continue;
      this.announced.add(draw.drawId);
      scene.later(await announcedActs(scene, draw));
    }
    const fresh = draws.filter(
      ({ drawId, stage, announcedAt }) => stage === 'assigned' && announcedAt < NEXT_MONTHS && !this.assigned.has(drawId),
    );
    for (const { drawId } of fresh) this.assigned.add(drawId);
    const authorities = [...new Set(fresh.map(({ authority }) => department(authority)))];
    const morning = minutesAfter(at, MORNING);
    scene.later(authorities.flatMap((authority) => this.visits.look(scene.sample, authority, morning)));
  }
}
