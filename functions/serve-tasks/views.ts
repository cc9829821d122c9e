/** Tasks and inspections as people see them: names for codes, what is owed and why. */
import type * as z from 'zod';
import type { StoredTask } from '../../shared/data/task-store.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import { DRAW_KIND_NAMES } from '../../shared/domain/draw-kind.ts';
import { type Hazard, levelOf, STAGE_NAMES } from '../../shared/domain/hazard.ts';
import type { InspectionItem } from '../../shared/domain/inspection-item.ts';
import { checklistOf, type RiskPoint, standingOf } from '../../shared/domain/register-risk.ts';
import { dueOf, type Inspection, isOverdueAt, OUTCOME_NAMES, TASK_STAGE_NAMES, type Task } from '../../shared/domain/task.ts';
import { nameOfAuthority } from '../../shared/policy/authority-name.ts';
import type { Policy } from '../../shared/policy/load.ts';
import type { inspectionLine, inspectionOut, taskLine, taskOut, taskRisk } from './tasks-out.ts';

type Line = z.input<typeof taskLine>;
type Whole = z.input<typeof taskOut>;
type Inspected = z.input<typeof inspectionOut>;
type Risk = z.input<typeof taskRisk>;

export const drawView = ({ authority, number, kind, period }: Task, policy: Policy): Line['draw'] => ({
  authority,
  authorityName: nameOfAuthority(authority, policy),
  number,
  kind,
  kindName: DRAW_KIND_NAMES[kind],
  period,
});

/** Where a task stands. */
export function standsOf({ task, version }: StoredTask, objectName: string, at: Instant, policy: Policy): Line {
  const { id, object, township, colour, day, stage, byHand } = task;
  const due = dueOf(task);
  return {
    id,
    draw: drawView(task, policy),
    ...{ object, objectName, township, colour },
    ...(day !== undefined && { day }),
    stage,
    stageName: TASK_STAGE_NAMES[stage],
    ...(due !== undefined && { due }),
    isOverdue: isOverdueAt(task, at),
    byHand: byHand !== undefined,
    version,
  };
}

export const owedView = ({ owed }: Task, at: Instant): Whole['owed'] =>
  [...owed]
    .sort((a, b) => (a.due < b.due ? -1 : 1))
    .map(({ what, due, missed, why }) => ({
      what,
      due,
      isOverdue: missed !== undefined || due <= at,
      stepsTold: missed?.steps ?? 0,
      why,
    }));

/** A risk with the measures that a check goes through. */
export function riskView(risk: RiskPoint): Risk {
  const { name, location, mainRisk, possibleHazards, consequences, emergency, responsible } = risk.content;
  const explanation = risk.grades?.residual.explanation;
  return {
    no: risk.no,
    ...{ name, location },
    colour: standingOf(risk),
    ...(explanation !== undefined && { explanation }),
    ...{ mainRisk, possibleHazards, consequences },
    controls: checklistOf(risk.content).map(({ unit, ...control }) => ({ ...control, ...(unit !== undefined && { unit }) })),
    ...{ emergency, responsible },
  };
}

export const itemView = (no: InspectionItem['no'], item: InspectionItem | undefined): Whole['items'][number] => ({
  no,
  ...(item && { name: item.name, basis: item.basis, way: item.way }),
  ...(item?.subItem !== undefined && { subItem: item.subItem }),
  ...(item?.staff !== undefined && { staff: item.staff }),
});

export function hazardView(hazard: Hazard): Inspected['hazards'][number] {
  const level = levelOf(hazard);
  const { description, place } = hazard.finding;
  return {
    ...{ id: hazard.id, description, place, stage: hazard.stage, stageName: STAGE_NAMES[hazard.stage] },
    ...(level !== undefined && { level }),
  };
}

/** A task whose visit was handed in. */
export type Reported = Task & { readonly inspection: Inspection };
export const isReported = (task: Task): task is Reported => task.inspection !== undefined;

const foundNothing = ({ inspection: { outcome, problems, hazards } }: Reported): boolean =>
  outcome === 'inspected' && problems.length === 0 && hazards.length === 0;

/** What a visit found, as a line of a list. */
export function inspectionLineView(
  task: Reported,
  objectName: string,
  hazards: readonly Hazard[],
  policy: Policy,
): z.input<typeof inspectionLine> {
  const { id, object, township, colour, day, stage, published, inspection } = task;
  return {
    id,
    draw: drawView(task, policy),
    ...{ object, objectName, township, colour },
    ...(day !== undefined && { day }),
    outcome: inspection.outcome,
    outcomeName: OUTCOME_NAMES[inspection.outcome],
    visitedAt: inspection.visitedAt,
    hazards: hazards.map(hazardView),
    nothingFound: foundNothing(task),
    stage,
    stageName: TASK_STAGE_NAMES[stage],
    ...(published && { publishedAt: published.at }),
  };
}

/** A team that a person sent, as the digest in the ledger has it. */
export const handView = ({ byHand, day, team }: Task): Pick<Inspected, 'handAssignment'> => {
  if (byHand === undefined) return {};
  const { by, at, reason } = byHand;
  return { handAssignment: { ...{ by, at, reason }, ...(day !== undefined && { day }), team: team.map(({ id }) => id) } };
};

/** The whole record of a visit. */
export function inspectionView(
  task: Reported,
  objectName: string,
  hazards: readonly Hazard[],
  items: ReadonlyMap<string, InspectionItem>,
  policy: Policy,
): Inspected {
  const { inspection, returned, confirmer, confirmed, followUp, late } = task;
  const { otherDay, reportedAt, by, present, account, problems, evidence, representative } = inspection;
  return {
    ...inspectionLineView(task, objectName, hazards, policy),
    ...handView(task),
    ...(otherDay !== undefined && { otherDay }),
    reportedAt,
    reportedBy: by,
    present: [...present],
    account,
    items: inspection.items.map(({ item, evidence, ...result }) => {
      const name = items.get(item)?.name;
      return { item, ...result, ...(name !== undefined && { name }), evidence: [...evidence] };
    }),
    problems: problems.map((problem) => ({ ...problem })),
    evidence: [...evidence],
    ...(representative && { representative: { ...representative, evidence: [...representative.evidence] } }),
    returned: (returned ?? []).map((one) => ({ ...one })),
    ...(confirmer && { confirmer }),
    ...(confirmed && { confirmed }),
    ...(followUp && { followUp }),
    late: late.map((done) => ({ ...done })),
  };
}
