/**
 * What people do to draws: two persons enter the numbers that were drawn in public, a department takes a draw back and has it announced
 * again, another replaces an object that cannot be visited. Which draws there are, the county's own calls decide.
 */
import type * as z from 'zod';
import { enterRandomness, listDraws, openDraw, readDraw, replaceObjects, voidDraw } from '../../../functions/serve-draws/api.ts';
import { planInspection } from '../../../functions/serve-inspectors/api.ts';
import { listTasks } from '../../../functions/serve-tasks/api.ts';
import { type Day, dayOf, type Instant, instant } from '../../../shared/domain/calendar.ts';
import { authorityName, type DrawStage, paddedNumber } from '../../../shared/domain/draw.ts';
import { department, drawPeriod, GOVERNMENT } from '../../../shared/domain/ids.ts';
import { AREA_INDUSTRY } from '../../../shared/domain/object.ts';
import { departmentOwner } from '../../../shared/domain/owner.ts';
import { type Act, MONTH, minutesAfter, on, type Scene } from './act.ts';
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

/** The department that takes its first special inspection back before it is drawn. */
const WITHDRAWS = department('WLJ');
const VOIDED = on(2, '09:00');
const withdrawn = ({ authority, kind, announcedAt }: DrawLine): boolean =>
  authority === WITHDRAWS && kind === 'SPECIAL' && announcedAt < VOIDED;

/** The month's special inspection was planned without public areas: it is taken back, planned anew and announced again, with the reason. */
export function planVoid(sample: SampleCounty): Act[] {
  const as = dispatcherOf(sample, WITHDRAWS);
  const period = drawPeriod(MONTH);
  const act = (does: string, at: Instant, run: (scene: Scene, at: Instant) => Promise<unknown>): Act => ({
    ...{ at, track: track(WITHDRAWS), story: 'void-draw', does },
    run: async (scene) => {
      await run(scene, at);
    },
  });
  return [
    act('VoidDraw', VOIDED, async (scene, at) => {
      const draw = (await drawsOf(scene, at)).find(withdrawn);
      if (draw === undefined) throw new Error('there is no special inspection to take back');
      const body = { version: draw.version, reason: '检查计划漏列公共区域，重新公告（样例）' };
      await scene.api(voidDraw, { as, at, key: 'sample-void-1', params: paramsOf(draw), body });
    }),
    act('PlanInspection', on(2, '9:20'), ({ api }, at) => {
      const industries = ['tourism', AREA_INDUSTRY];
      const body = { version: 1, kind: 'SPECIAL' as const, theme: '安全生产月专项检查（样例）', industries };
      return api(planInspection, { as, at, key: 'sample-plan-anew', params: { authority: WITHDRAWS, period }, body });
    }),
    act('OpenDraw', on(2, '9:40'), ({ api }, at) => {
      const body = { authority: WITHDRAWS, kind: 'SPECIAL' as const, period, reason: '前次公告漏列公共区域，已作废' };
      return api(openDraw, { as, at, key: 'sample-open-1', body });
    }),
  ];
}

/** Minutes from the nightly sweep to the hour at which inspectors look into their lists. */
const MORNING = 8 * 60;

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
        // Not one that is visited today: its team may just be there.
        const task = tasks.find(
          (one) => one.draw.number === draw.number && roomy.includes(one.colour) && (one.day ?? '') > dayOf(at),
        );
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
    scene.later(
      authorities.flatMap((authority) => [
        this.visits.send(scene.sample, authority, morning),
        ...this.visits.look(scene.sample, authority, morning),
      ]),
    );
  }
}
