/** A visit is handed in: its record and the cases of the hazards that it found, all or nothing. */
import { refuseEvidence, refuseNotArrived } from '../../shared/data/evidence-files.ts';
import { hazardIdFrom, openCase } from '../../shared/data/hazard-store.ts';
import { type Instant, plusMs } from '../../shared/domain/calendar.ts';
import { colourFor, type HazardReport } from '../../shared/domain/hazard.ts';
import { partiesOfArea, partiesOfEnterprise } from '../../shared/domain/hazard-parties.ts';
import type { EvidenceKey } from '../../shared/domain/ids.ts';
import { actorOf } from '../../shared/domain/ledger-event.ts';
import { limitMs } from '../../shared/domain/limit.ts';
import { isRecused } from '../../shared/domain/recusal.ts';
import { standingOf } from '../../shared/domain/register-risk.ts';
import type { Task } from '../../shared/domain/task.ts';
import type { Report } from '../../shared/domain/task-decide.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { reportInspection } from './api.ts';
import { type TaskObject, theObject } from './objects.ts';
import { refusePersonalData, textsOfReport } from './personal.ts';
import { carryOut, type ServeTasks, taskToActOn } from './serve-tasks.ts';
import { itemsOf, itemsToAnswer } from './tasks.ts';

type Asked = Request<typeof reportInspection>;
type Body = Asked['body'];

/** One record holds them all. */
const MOST_EVIDENCE = 200;

/** A clock that runs a little ahead of ours claims the moment of receipt. */
function claimedAt(claimed: Instant, at: Instant, { checks: { claim } }: Policy): Instant {
  if (claimed > plusMs(at, limitMs(claim.ahead))) {
    throw new Problem(422, 'claimed-ahead', '检查时间晚于服务器时间，请校准设备时钟后重试。', {
      serverTime: at,
      why: claim.why,
    });
  }
  return claimed > at ? at : claimed;
}

/** The lists of evidence that a record names, each for one thing. */
const evidenceIn = ({ items, hazards, evidence, representative }: Body): readonly (readonly EvidenceKey[])[] => [
  evidence,
  ...items.map((item) => item.evidence),
  ...hazards.map((hazard) => hazard.evidence),
  ...(representative === undefined ? [] : [representative.evidence]),
];

function refuseWhatIsTooMuch(body: Body, task: Task, policy: Policy): void {
  const { texts } = policy.checks;
  if (body.hazards.some(({ description }) => description.length > texts.description)) {
    throw new Problem(422, 'text-too-long', `隐患描述最多 ${texts.description} 字。`, { why: texts.why });
  }
  const lists = evidenceIn(body);
  for (const keys of lists) refuseEvidence(policy, task.object, keys);
  if (lists.flat().length > MOST_EVIDENCE) {
    throw new Problem(422, 'too-much-evidence', `一次检查最多附 ${MOST_EVIDENCE} 件证据，请选择最能说明问题的。`);
  }
}

/** An interest may be declared after a team was sent: who has one may not be there, nor say what was found. */
async function refuseRecused({ inspectors }: ServeTasks, task: Task, { present }: Body, { drawing }: Policy): Promise<void> {
  const those = await Promise.all(present.map(async (id) => (await inspectors.load(id))?.inspector));
  const recused = those.flatMap((one) => (one !== undefined && isRecused(one, task) ? [one.id] : []));
  if (recused.length > 0)
    throw new Problem(409, 'recused', `${recused.join('、')} 须回避该对象，不能参加这次检查，请由派员的人另行派员。`, {
      recused,
      why: drawing.interests.why,
    });
}

/** Whose the cases are: as the register has the object today; what it does not know any more stays as it was drawn. */
function partiesOf({ enterprise, area }: TaskObject, task: Task): Pick<HazardReport, 'owner' | 'township' | 'supervisor'> {
  if (enterprise !== undefined) return partiesOfEnterprise(enterprise);
  if (area !== undefined) return partiesOfArea(area);
  const { owner, township, supervisor } = task;
  return { owner, township, ...(supervisor !== undefined && { supervisor }) };
}

/** The reports of what was found, in the order in which it was listed. */
async function reportsOf(deps: ServeTasks, task: Task, { hazards }: Body, visitedAt: Instant): Promise<readonly HazardReport[]> {
  const object = await theObject(deps, task);
  const parties = partiesOf(object, task);
  const before = task.inspection?.hazards.length ?? 0;
  return Promise.all(
    hazards.map(async ({ place, description, level, risk: no, evidence }, index): Promise<HazardReport> => {
      if (object.area !== undefined && no !== undefined) {
        throw new Problem(422, 'enterprise-or-area', '公共区域的隐患不写风险点编号。');
      }
      const risk = no === undefined ? object.area : await deps.register.risk({ owner: parties.owner, no });
      if (no !== undefined && risk === undefined) {
        throw new Problem(422, 'unknown-risk', '该企业的风险清单中没有这个风险点，请核对编号；不在清单中的隐患可不写风险点。', {
          risk: no,
        });
      }
      const colour = colourFor(risk && standingOf(risk), object.enterprise?.overall.colour, task.colour);
      return {
        id: hazardIdFrom(colour, 'inspection', task.id, before + index),
        county: deps.county,
        colour,
        ...parties,
        finding: {
          at: visitedAt,
          source: 'inspection',
          place,
          description,
          evidence,
          ...(risk !== undefined && { risk: risk.no }),
          inspection: task.id,
          ...(level === 'major' && { suspectedMajor: true }),
        },
      };
    }),
  );
}

/** Answers where the task stands, with the cases that were opened. */
export const handIn = (deps: ServeTasks) => async (request: Asked) => {
  const { params, body, caller, at } = request;
  const stored = await taskToActOn(deps, request, 'ReportInspection', params.id, body.version);
  const { task } = stored;
  const policy = deps.policyAt(at);
  await refuseRecused(deps, task, body, policy);
  const visitedAt = claimedAt(body.visitedAt, at, policy);
  refuseWhatIsTooMuch(body, task, policy);
  await refusePersonalData(deps, task, textsOfReport(body), policy);
  await refuseNotArrived(deps.evidence, evidenceIn(body).flat());
  const reports = await reportsOf(deps, task, body, visitedAt);
  const occasion = { at, county: deps.county, actor: actorOf(caller) };
  const opened = reports.map((report) => openCase(report, policy.hazards, occasion));
  const also = { writes: opened.flatMap(({ writes }) => writes), events: opened.flatMap(({ events }) => events) };
  const object = await theObject(deps, task);
  const expected = itemsToAnswer(task, await itemsOf(deps, task), object);
  const registered = body.outcome === 'closed-down' ? object.enterprise?.version : undefined;
  const report = { ...reportOf(body, reports, visitedAt), ...(registered !== undefined && { registered }) };
  return carryOut(deps, stored, { type: 'ReportInspection', report, expected }, request, { also });
};

function reportOf(
  { outcome, otherDay, present, account, items, problems, hazards, nothingFound, evidence, representative }: Body,
  reports: readonly HazardReport[],
  visitedAt: Instant,
): Report {
  return {
    ...{ outcome, visitedAt, present, account, evidence },
    ...(otherDay !== undefined && { otherDay }),
    items: items.map(({ item, result, note, evidence }) => ({ item, result, ...(note !== undefined && { note }), evidence })),
    problems: problems.map(({ text, item }) => ({ text, ...(item !== undefined && { item }) })),
    found: reports.map(({ id }, index) => {
      const item = hazards[index]?.item;
      return { hazard: id, ...(item !== undefined && { item }) };
    }),
    nothingFound: nothingFound === true,
    ...(representative && { representative: representativeOf(representative) }),
  };
}

const representativeOf = ({ signed, reason, evidence }: NonNullable<Body['representative']>) => ({
  signed,
  ...(reason !== undefined && { reason }),
  evidence,
});
