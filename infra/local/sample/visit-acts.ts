/**
 * What the drawn inspectors do. Whom they visit when, nobody knows before the draw: they see it in the list of their own tasks, go on the
 * day, and hand in what they found; another of the team signs, and what was found goes its way.
 */
import type * as z from 'zod';
import { changeEnterprise, readEnterprise } from '../../../functions/serve-register/api.ts';
import {
  assignTask,
  confirmInspection,
  followUp,
  listTasks,
  readTask,
  reportInspection,
  uploadTaskEvidence,
} from '../../../functions/serve-tasks/api.ts';
import { dayOf, type Instant, instant, plusDays } from '../../../shared/domain/calendar.ts';
import { familyOf } from '../../../shared/domain/draw-kind.ts';
import { type Department, department, type EvidenceKey, GOVERNMENT, type TaskId } from '../../../shared/domain/ids.ts';
import { departmentOwner } from '../../../shared/domain/owner.ts';
import { type Act, DAYS, minutesAfter, on, type Place, type Scene, trackOf } from './act.ts';
import { everyItem, Refused } from './api-client.ts';
import { caseActs } from './cases.ts';
import type { SampleCounty, SampleEnterprise, SamplePerson } from './county.ts';
import { curesOf } from './cures.ts';
import { dispatcherOf } from './directory-acts.ts';
import { detailsOf, type EvidenceFile, paper, photo, sendForm } from './evidence.ts';
import { type Found, foundAt, placeOf } from './findings.ts';

type TaskLine = z.output<typeof listTasks.output>['items'][number];
type Task = z.output<typeof readTask.output>;
type Report = z.input<NonNullable<typeof reportInspection.body>>;

/** On its day, but one that is forgotten: it comes so many days late, and people are told meanwhile. */
const FORGOTTEN = { from: on(8, '00:00'), until: on(20, '00:00'), days: 4 };
/** A team that is sent by hand on one weekday goes on the same of the next week, or else on the next day. */
const DAYS_BY_HAND = [7, 8];
/** Why another team is tried. */
const NEXT_CHOICE: ReadonlySet<string> = new Set(['team-unfit', 'drawn-can-go']);
/** What people still do on the month's last day. */
const LAST = on(DAYS, '19:00');

/** Everybody's tasks of the month, each taken up once. */
export class Visits {
  private readonly taken = new Set<TaskId>();
  private readonly left = new Set<TaskId>();
  private forgotten: TaskId | undefined;

  /** The inspectors of an authority look into the lists of their own tasks. */
  look({ inspectors }: SampleCounty, authority: Department, at: Instant): Act[] {
    const own = authority === GOVERNMENT ? inspectors : inspectors.filter((one) => one.authority === authority);
    return own.map(({ person }) => this.lookBy(person, authority, at));
  }

  private lookBy(person: SamplePerson, authority: Department, at: Instant): Act {
    return {
      ...{ at, track: `draws of ${authority}`, story: 'inspections', does: 'ListTasks' },
      run: async (now) => {
        const query = { stage: 'assigned' as const };
        const tasks = await everyItem((from) => now.api(listTasks, { as: person, at, query: { ...query, ...from } }));
        for (const task of tasks) this.take(now, person, task);
      },
    };
  }

  /** Where chance found no team, the dispatcher sends one by hand, and says why. */
  send(sample: SampleCounty, authority: Department, at: Instant): Act {
    const as = dispatcherOf(sample, authority);
    const ready = sample.inspectors.filter((one) => one.authority === authority && one.absence === undefined);
    const officers = ready.filter(({ role }) => role === 'enforcer');
    const experts = ready.filter(({ role, skills }) => role === 'expert' && skills.includes('*')).slice(-1);
    const days = DAYS_BY_HAND.map((days) => dayOf(plusDays(at, days)));
    /**
     * Whom chance has given another visit on the day is refused: then the next two go, or another day is taken. So are two others where somebody of
     * the team that chance named, and that could not go on its day, could go now.
     */
    const choicesFor = (named: readonly string[]) => {
      const drawn = officers.filter(({ person }) => named.includes(person.id));
      const others = officers.filter((one) => !drawn.includes(one));
      const pairs = [drawn, ...drawn.flatMap((one) => others.map((other) => [one, other]))].filter(({ length }) => length === 2);
      return days.flatMap((day) => [
        ...pairs.map((pair) => ({ day, pair })),
        ...officers.slice(1).map((second, index) => ({ day, pair: [officers[index] ?? second, second] })),
      ]);
    };
    return {
      ...{ at, track: `draws of ${authority}`, story: 'inspections', does: 'AssignTask' },
      run: async (now) => {
        const query = { stage: 'unassigned' as const };
        const tasks = await everyItem((from) => now.api(listTasks, { as, at, query: { ...query, ...from } }));
        const sent = new Set<SamplePerson>();
        for (const { id, version, draw } of tasks) {
          const { passed } = await now.api(readTask, { as, at, params: { id } });
          const choices = choicesFor(passed?.team.map((member) => member.id) ?? []);
          const asked = async ({ day, pair }: (typeof choices)[number], attempt: number): Promise<boolean> => {
            const team = [...pair, ...(draw.kind === 'EXPERT' ? experts : [])].map(({ person }) => person.id);
            const body = { team, day, reason: '抽取时没有可用的检查组，人工派员（样例）', version };
            try {
              await now.api(assignTask, { as, at, key: `sample-assign-${id}-${attempt}`, params: { id }, body });
            } catch (error) {
              if (error instanceof Refused && NEXT_CHOICE.has(error.code) && attempt + 1 < choices.length) return false;
              throw error;
            }
            for (const { person } of pair) sent.add(person);
            return true;
          };
          for (const [attempt, choice] of choices.entries()) if (await asked(choice, attempt)) break;
        }
        now.later([...sent].map((person) => this.lookBy(person, authority, minutesAfter(at, 60))));
      },
    };
  }

  /** A task that another object takes the place of is nobody's to visit. */
  leave(id: TaskId): void {
    this.left.add(id);
  }

  private take(scene: Scene, by: SamplePerson, { id, day, object, draw }: TaskLine): void {
    if (day === undefined || this.taken.has(id)) return;
    this.taken.add(id);
    const place = placeOf(scene.sample, object);
    const ofDay = minutesAfter(instant(`${day}T09:30:00+08:00`), 7 * (this.taken.size % 50));
    const mayBeForgotten = familyOf(draw.kind) === 'RANDOM' && FORGOTTEN.from <= ofDay && ofDay < FORGOTTEN.until;
    if (mayBeForgotten) this.forgotten ??= id;
    const at = this.forgotten === id ? plusDays(ofDay, FORGOTTEN.days) : ofDay;
    scene.later([
      {
        ...{ at, track: trackOf(place), story: 'inspections', does: 'ReportInspection' },
        run: (now) => (this.left.has(id) ? Promise.resolve() : visit(now, by, id, place, at)),
      },
    ]);
  }
}

const ADDRESSES: Readonly<Record<Exclude<Found['outcome'], 'inspected'>, string>> = {
  'not-found': '按登记地址未找到该单位，周边无人知其去向',
  refused: '门卫拒绝检查人员进入，已当场告知法律责任',
  'closed-down': '大门上锁，已停业，贴有停业告示',
};

/** What is answered of a visit: every drawn item, the list of problems and hazards, also when it is empty. */
async function visit(scene: Scene, by: SamplePerson, id: TaskId, place: Place, at: Instant): Promise<void> {
  const { api, sample } = scene;
  const params = { id };
  const task = await api(readTask, { as: by, at: minutesAfter(at, -60), params });
  const found = foundAt(sample, task.object, familyOf(task.draw.kind));
  const upload = async (file: EvidenceFile): Promise<EvidenceKey> => {
    const details = detailsOf(file);
    const key = `evidence-${id}-${details.sha256.slice(0, 16)}`;
    const form = await api(uploadTaskEvidence, { as: by, at, key, params, body: details });
    await sendForm(form, file);
    return form.key;
  };
  const report = await reportOf(scene, task, found, at, upload);
  const { version, hazards } = await api(reportInspection, {
    ...{ as: by, at, key: `sample-report-${id}`, params, body: { ...report, version: task.version } },
  });
  const other = sample.people.find((person) => person.id !== by.id && task.team.some((member) => member.id === person.id));
  if (other === undefined) throw new Error(`${id} has nobody to sign it`);
  const signed = minutesAfter(at, 150);
  const track = trackOf(place);
  scene.later([
    {
      ...{ at: signed, track, story: 'inspections', does: 'ConfirmInspection' },
      run: async (now) => {
        await now.api(confirmInspection, { as: other, at: signed, key: `sample-confirm-${id}`, params, body: { version } });
        if (found.outcome !== 'inspected') now.later([followedUp(now, task, track, found.outcome, signed)]);
      },
    },
    ...hazards.flatMap((hazard) =>
      caseActs('from-inspection', place, curesOf(sample, place, found.hazard === 'major', at), id, hazard),
    ),
  ]);
}

async function reportOf(
  { sample }: Scene,
  { id, object, day, team, items, risks }: Task,
  { outcome, problem, hazard }: Found,
  at: Instant,
  upload: (file: EvidenceFile) => Promise<EvidenceKey>,
): Promise<Omit<Report, 'version'>> {
  const visitedAt = minutesAfter(at, -45);
  const isOtherDay = dayOf(visitedAt) !== day;
  const went = {
    ...{ outcome, visitedAt, present: team.map((member) => member.id) },
    ...(isOtherDay && { otherDay: '当日临时出勤，顺延检查（样例）' }),
  };
  if (outcome !== 'inspected') {
    const evidence = [await upload(photo(`${id} 门前`))];
    return { ...went, account: `${ADDRESSES[outcome]}（样例）`, items: [], problems: [], hazards: [], evidence };
  }
  const first = items[0]?.no;
  const isClean = !problem && hazard === 'none';
  const at1 = first !== undefined && { item: first };
  const place = placeOf(sample, object);
  const [risk] = risks;
  const what = `${risk?.name ?? place.name}：${risk?.possibleHazards.split('、')[0] ?? '设施缺损'}（检查发现，样例）`;
  const hazards =
    hazard === 'none'
      ? []
      : [
          {
            ...{ place: risk?.location ?? place.name, description: what, level: hazard, ...at1 },
            ...('uscc' in place && risk !== undefined && { risk: risk.no as never }),
            evidence: [await upload(photo(`${id} 隐患`))],
          },
        ];
  return {
    ...went,
    account: `检查${items.length}项，${isClean ? '未发现问题和隐患' : '发现的问题和隐患见清单'}（样例）`,
    items: items.map(({ no }, index) => ({
      item: no,
      result: index === 0 && hazard !== 'none' ? ('does-not' as const) : ('conforms' as const),
    })),
    problems: problem ? [{ text: '培训档案缺少考核记录（样例）', ...at1 }] : [],
    hazards,
    ...(isClean && { nothingFound: true as const }),
    evidence: [],
    representative: { signed: 'signed', evidence: [await upload(paper(`${id} 检查记录签字页`))] },
  };
}

/** What is closed down has to stand so in the register before that is said to be done. */
async function closed(api: Scene['api'], as: SamplePerson, at: Instant, enterprise: SampleEnterprise): Promise<void> {
  const { uscc, name, township, industry } = enterprise;
  const params = { uscc };
  const { version, contacts, supervisor: by } = await api(readEnterprise, { as, at, params });
  const supervisor = departmentOwner(department(by.slice('DEPT:'.length)));
  const address = `${enterprise.address}（已停业）`;
  const body = { version, name, township, industry, supervisor, address, contacts };
  await api(changeEnterprise, { as, at, key: `sample-closed-${uscc}`, params, body });
}

/** What is done about an object that could not be inspected: the dispatcher sees to it two days later. */
function followedUp(scene: Scene, task: Task, track: string, outcome: Found['outcome'], after: Instant): Act {
  const inTwoDays = plusDays(after, 2);
  const at = inTwoDays < LAST ? inTwoDays : minutesAfter(after, 60);
  const as = dispatcherOf(scene.sample, task.draw.authority as Department);
  return {
    ...{ at, track, story: 'inspections', does: 'FollowUp' },
    run: async ({ api }) => {
      const params = { id: task.id };
      const { version } = await api(readTask, { as, at, params });
      const place = placeOf(scene.sample, task.object);
      if (outcome === 'closed-down' && 'uscc' in place) await closed(api, as, at, place);
      const body = {
        text: outcome === 'refused' ? '已约谈主要负责人，责令接受检查' : '经核实登记情况，已通知属地乡镇',
        document: '瑞应急函〔2026〕6号',
        ...(outcome === 'closed-down' && { register: '已在登记册的企业地址处载明停业' }),
        version,
      };
      await api(followUp, { as, at, key: `sample-follow-up-${task.id}`, params, body });
    },
  };
}
