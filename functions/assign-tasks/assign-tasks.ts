import { commit, StaleVersion, TRANSACTION_LIMIT } from '../../shared/data/commit.ts';
import type { DrawFiles } from '../../shared/data/draw-files.ts';
import type { DrawStore } from '../../shared/data/draw-store.ts';
import { type Drawn, drawnFrom, drawnLines, sentOf } from '../../shared/data/drawn-tasks.ts';
import type { InspectorStore } from '../../shared/data/inspector-store.ts';
import type { RegisterStore } from '../../shared/data/register-store.ts';
import { newTaskParts, type TaskStore } from '../../shared/data/task-store.ts';
import type { Day, Instant } from '../../shared/domain/calendar.ts';
import type { Draw, Iteration, Sha256 } from '../../shared/domain/draw.ts';
import { iterationUnderWay, stepOf } from '../../shared/domain/draw-evolve.ts';
import { type CountyCode, type ObjectId, objectId, type PersonId, type TaskId } from '../../shared/domain/ids.ts';
import { partsOfStratum } from '../../shared/domain/inspection-coverage.ts';
import type { Inspector } from '../../shared/domain/inspector.ts';
import type { TaskNotice } from '../../shared/domain/notice.ts';
import { AREA_INDUSTRY, partsOfObject } from '../../shared/domain/object.ts';
import { enterpriseOwner, townshipOwner } from '../../shared/domain/owner.ts';
import { isOpenTask, type Task, type TeamMember } from '../../shared/domain/task.ts';
import { newTask, type TaskRules } from '../../shared/domain/task-decide.ts';
import { evolveTask } from '../../shared/domain/task-evolve.ts';
import { type Unfit, unfitness, type VisitOf } from '../../shared/domain/task-team.ts';
import { substitutionFile } from '../../shared/draw/bundle.ts';
import { sha256 } from '../../shared/draw/bytes.ts';
import { canonical, readJson } from '../../shared/draw/canonical-json.ts';
import { type Selected, substitution } from '../../shared/draw/result.ts';
import { type EventBus, publishAll } from '../../shared/runtime/event-bus.ts';
import type { DrawOutcome, StepOfRun } from '../../workflows/inspection-draw/contract.ts';
import { loadDraw, outcomeOf, recordOnDraw, SYSTEM } from '../../workflows/inspection-draw/standing.ts';

export interface AssignDependencies {
  readonly county: CountyCode;
  readonly draws: Pick<DrawStore, 'load' | 'save'>;
  readonly files: Pick<DrawFiles, 'read'>;
  readonly tasks: Pick<TaskStore, 'ofDraw' | 'save'>;
  readonly register: Pick<RegisterStore, 'owner' | 'risk'>;
  readonly inspectors: Pick<InspectorStore, 'eachFrom'>;
  readonly rulesOf: (draw: Draw, at: Instant) => TaskRules;
  readonly bus: EventBus<TaskNotice>;
  /** Stop: the runtime will. What is left is the next call's. */
  readonly outOfTime: () => boolean;
}

/**
 * Makes a task of everything that an iteration drew, takes back those that it replaces, and tells the inspectors. Each task's id follows from
 * its place in the result, so what was made before a cut is found and not made again.
 */
export const assignTasks =
  (deps: AssignDependencies) =>
  async (run: StepOfRun): Promise<DrawOutcome> => {
    const { draw } = await loadDraw(deps.draws, run);
    const iteration = iterationUnderWay(draw);
    if (stepOf(draw, run.at) !== 'assign' || iteration?.result === undefined) return outcomeOf(draw, run.at);
    try {
      await takeBack(deps, draw, iteration, run.at);
      if (!(await makeAll(deps, draw, { ...iteration, result: iteration.result }, run.at))) return outcomeOf(draw, run.at);
    } catch (error) {
      // Another run does the same, or somebody reports from one of the tasks: the next call looks again at what is there.
      if (error instanceof StaleVersion) return outcomeOf(draw, run.at);
      throw error;
    }
    await tellInspectors(deps, draw, iteration.no, run.at);
    const after = await recordOnDraw(
      deps,
      run,
      (now) =>
        iterationUnderWay(now)?.no === iteration.no && stepOf(now, run.at) === 'assign'
          ? [{ type: 'DrawAssigned', data: { iteration: iteration.no } }]
          : [],
      run.at,
    );
    return outcomeOf(after, run.at);
  };

/** Tasks whose objects this iteration replaces. One that was visited meanwhile stays as it is: what was found there counts. */
async function takeBack(
  { files, tasks, county }: AssignDependencies,
  draw: Draw,
  { no, substitution: by }: Iteration,
  at: Instant,
) {
  if (by === undefined) return;
  const file = substitutionFile(no);
  const { replace } = readJson(substitution, await files.read(by.sha256), file);
  const replaced = new Set(replace.map(({ object }) => object));
  const occasion = { at, county, actor: SYSTEM };
  for (const { task, version } of await tasks.ofDraw(county, draw.authority, draw.number)) {
    const isOfBefore = task.iteration < no && (task.stage === 'assigned' || task.stage === 'unassigned');
    if (!isOfBefore || !replaced.has(task.object)) continue;
    const fact = { type: 'TaskReplaced', data: { iteration: no } } as const;
    const after = evolveTask(task, { ...fact, ...occasion });
    await tasks.save({ before: task, after, facts: [fact], ifVersion: version, occasion });
  }
}

/** Whether all of the iteration's tasks are there. */
async function makeAll(deps: AssignDependencies, draw: Draw, iteration: Drawn, at: Instant): Promise<boolean> {
  const { files, tasks, county, rulesOf, outOfTime } = deps;
  const { lines, roleOf } = await drawnLines(files, draw, iteration);
  const knownAs = new Map<PersonId, Inspector>();
  for await (const { item } of deps.inspectors.eachFrom()) knownAs.set(item.inspector.id, item.inspector);
  const made = new Set((await tasks.ofDraw(county, draw.authority, draw.number)).map(({ task }) => task.id));
  const rules = rulesOf(draw, at);
  const occasion = { at, county, actor: SYSTEM };
  let batch: { readonly task: Task; readonly digest: Sha256 }[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await commit(newTaskParts(batch, occasion));
    batch = [];
    size = 0;
  };
  for (const { line, id, items } of lines) {
    if (made.has(id)) continue;
    // A task, its event, and a pointer for each of its team.
    const parts = 2 + line.team.length;
    if (size + parts > TRANSACTION_LIMIT) await flush();
    if (outOfTime()) {
      await flush();
      return false;
    }
    const theirs = await whose(deps.register, objectId(line.object), id);
    const sent = sentOf(line, roleOf, at, (team, day) => unfitOf(team, knownAs, visitOf(draw, line, theirs.owner, day)));
    const drawn = drawnFrom(deps.county, draw, iteration, line, { id, items, ...theirs, ...sent });
    batch.push({ task: newTask(drawn, rules), digest: sha256(canonical(line)) });
    size += parts;
  }
  await flush();
  return true;
}

/** What is asked of whoever goes: the same as of one who is sent by hand. */
const visitOf = ({ authority }: Draw, { object, stratum }: Selected, owner: Task['owner'], day: Day): VisitOf => {
  const { industry } = partsOfStratum(stratum);
  return { authority, object: objectId(object), owner, day, skill: industry === AREA_INDUSTRY ? undefined : industry };
};

/** Why one of a drawn team may not go by now: an interest declared, an absence entered, a post left since the draw was frozen. */
const unfitOf = (team: readonly TeamMember[], knownAs: ReadonlyMap<PersonId, Inspector>, visit: VisitOf): Unfit | undefined =>
  team.flatMap(({ id }) => unfitness(knownAs.get(id), visit) ?? [])[0];

/** Whose an object is, where it lies and who supervises it. It was in the register when the draw was frozen, and nothing leaves that. */
async function whose(
  register: AssignDependencies['register'],
  object: ObjectId,
  task: TaskId,
): Promise<Pick<Task, 'owner' | 'township' | 'supervisor'>> {
  const parts = partsOfObject(object);
  if (parts.of === 'enterprise') {
    const owner = enterpriseOwner(parts.uscc);
    const enterprise = (await register.owner(owner))?.enterprise;
    if (enterprise === undefined) throw new Error(`the object of ${task} is not in the register`);
    return { owner, township: enterprise.township, supervisor: enterprise.supervisor };
  }
  const { township, no } = parts;
  const risk = await register.risk({ owner: townshipOwner(township), no, township });
  if (risk === undefined) throw new Error(`the object of ${task} is not in the register`);
  return { owner: risk.owner, township, ...(risk.department !== undefined && { supervisor: risk.department }) };
}

/** Told again after a cut, a notice has the same id. */
async function tellInspectors(
  { tasks, county, bus }: AssignDependencies,
  draw: Draw,
  iteration: number,
  at: Instant,
): Promise<void> {
  const notices = (await tasks.ofDraw(county, draw.authority, draw.number)).flatMap(({ task }): TaskNotice[] =>
    task.iteration === iteration && task.team.length > 0 && isOpenTask(task)
      ? [{ id: `NOTICE#${task.id}`, type: 'TaskNotice', at, county, task: task.id, inspectors: task.team.map(({ id }) => id) }]
      : [],
  );
  await publishAll(bus, notices);
}
