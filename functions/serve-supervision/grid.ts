/** The grid: who answers in its cells and lines, for what, and where nobody does. */
import { commandRecord, occasionOf } from '../../shared/data/asked.ts';
import type { Versioned } from '../../shared/data/grid-store.ts';
import { eachGridTarget, type GridSources, gridTargetOf } from '../../shared/data/grid-targets.ts';
import { pageFrom } from '../../shared/data/standings.ts';
import { mayDo, type Operation, type Subject } from '../../shared/domain/access.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import * as domain from '../../shared/domain/grid.ts';
import * as of from '../../shared/domain/grid-target.ts';
import { departmentOwner, type Owner, townshipOwner } from '../../shared/domain/owner.ts';
import { townshipsOf } from '../../shared/policy/divisions.ts';
import { type Policy, policyFor } from '../../shared/policy/load.ts';
import { gapRulesOf, gridRulesOf } from '../../shared/policy/supervision-rules.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import { refuseStale } from '../../shared/runtime/refusal.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { assignGrid, listGrid, readDepartmentGrid, readTownshipGrid, setGridCell, setGridLine } from './api.ts';
import { factsOf, type Supervising } from './supervising.ts';

const nameOfIndustry = (industry: string, { industries }: Policy): string => {
  if (industry === domain.ALL_LINES) return '其余全部';
  return industry === domain.AREA_LINE ? '公共区域' : (industries.values[industry]?.name ?? industry);
};
const nameOfDepartment = (department: Owner, { departments }: Policy): string =>
  departments.values[department.slice('DEPT:'.length)] ?? department;

const townshipView = ({ record: { township, cells }, version }: Versioned<domain.TownshipGrid>, { county }: Policy) => ({
  township,
  townshipName: townshipsOf(county).get(township) ?? township,
  cells: cells.map((cell) => ({ ...cell })),
  version,
});

const departmentView = ({ record: { department, lines }, version }: Versioned<domain.DepartmentGrid>, policy: Policy) => ({
  department,
  departmentName: nameOfDepartment(department, policy),
  lines: lines.map((line) => ({ ...line, industryName: nameOfIndustry(line.industry, policy) })),
  version,
});

function answerView(answer: of.GridAnswer, { record, version }: Versioned<of.GridTargetState>, policy: Policy, at: Instant) {
  const { target, township, department } = answer;
  const knownOf = (side: of.GridSide): { readonly since?: Instant; readonly due?: Instant; readonly isOverdue?: boolean } => {
    const known = record.gaps.find((gap) => gap.side === side);
    if (known === undefined) return {};
    const due = of.gapDue(known, gapRulesOf(policy));
    return { since: known.since, due, isOverdue: due <= at };
  };
  const { body: code, ...cell } = township;
  const { body: by, ...line } = department;
  return {
    target: target.id,
    kinds: [...target.kinds],
    name: target.name,
    owner: target.owner,
    township: {
      ...(code !== undefined && { code, name: townshipsOf(policy.county).get(code) ?? code }),
      ...cell,
      ...(cell.gap && knownOf('township')),
    },
    department: {
      ...(by !== undefined && { code: by, name: nameOfDepartment(by, policy) }),
      ...line,
      ...(line.gap && knownOf('department')),
    },
    why: policy.supervision.grid.why,
    version,
  };
}

type Listing = Request<typeof listGrid>;

export function serveGrid(deps: Supervising) {
  const { county, grid } = deps;
  const notFound = (): Problem => new Problem(404, 'not-found', '没有找到，请核对代码。');
  const refuseOthers = (caller: Caller, operation: Operation, subject: Omit<Subject, 'county'>): void => {
    if (!mayDo(caller, operation, { county, ...subject })) throw notFound();
  };
  const sourcesAt = (policy: Policy): GridSources => ({ ...deps, covers: policy.supervision.grid.covers });

  /** Whose a target is, for those who look: its owner's, its township's, its department's, and theirs whose line it was assigned to. */
  const isSeen = (caller: Caller, { target: { owner, township, department }, department: { body } }: of.GridAnswer): boolean =>
    [department, body].some((supervisor) =>
      mayDo(caller, 'ReadGrid', {
        county,
        owner,
        ...(township !== undefined && { township }),
        ...(supervisor !== undefined && { supervisor }),
      }),
    );

  const list = async ({ caller, at, query }: Listing, isWanted: (answer: of.GridAnswer) => boolean) => {
    const policy = policyFor(county, at);
    const [standing, states] = await Promise.all([grid.grid(), grid.targets()]);
    const stateOf = (id: of.GridTargetId) => states.get(id) ?? { record: of.newTargetState(id), version: 0 };
    const answerTo = (target: of.GridTarget) => of.answerOf(target, stateOf(target.id).record.assignment, standing);
    const isShown = (target: of.GridTarget | undefined): boolean => {
      if (target === undefined) return false;
      const answer = answerTo(target);
      if (!isSeen(caller, answer)) return false;
      if (query.township !== undefined && answer.township.body !== query.township) return false;
      if (query.department !== undefined && answer.department.body !== query.department) return false;
      return (query.kind === undefined || target.kinds.includes(query.kind)) && isWanted(answer);
    };
    const { items, ...next } = await pageFrom(eachGridTarget(sourcesAt(policy), query.cursor), query.limit, isShown);
    return {
      items: items.flatMap((target) =>
        target === undefined ? [] : [answerView(answerTo(target), stateOf(target.id), policy, at)],
      ),
      ...next,
    };
  };

  return {
    async readTownship({ caller, at, params: { township } }: Request<typeof readTownshipGrid>) {
      refuseOthers(caller, 'ReadGrid', { owner: townshipOwner(township), township });
      return townshipView(await grid.township(township), policyFor(county, at));
    },

    async setCell(request: Request<typeof setGridCell>) {
      const { caller, at, params, body } = request;
      const { version, part, responsible } = body;
      refuseOthers(caller, 'SetGridCell', { owner: townshipOwner(params.township), township: params.township });
      const policy = policyFor(county, at);
      const stored = await grid.township(params.township);
      refuseStale(stored.version, version);
      const cell = { ...(part !== undefined && { part }), ...(responsible && { responsible }) };
      const facts = factsOf(domain.setGridCell(stored.record, cell, gridRulesOf(policy)), policy);
      const record = facts.reduce(domain.evolveTownshipGrid, stored.record);
      const answer = townshipView({ record, version: version + facts.length }, policy);
      const occasion = occasionOf(request);
      await grid.saveTownship({ record, facts, ifVersion: version, occasion, command: commandRecord(request, answer) });
      return answer;
    },

    async readDepartment({ caller, at, params: { dept } }: Request<typeof readDepartmentGrid>) {
      const department = departmentOwner(dept);
      refuseOthers(caller, 'ReadGrid', { owner: department });
      return departmentView(await grid.department(department), policyFor(county, at));
    },

    async setLine(request: Request<typeof setGridLine>) {
      const { caller, at, params, body } = request;
      const { version, industry, responsible } = body;
      const department = departmentOwner(params.dept);
      refuseOthers(caller, 'SetGridLine', { owner: department });
      const policy = policyFor(county, at);
      const stored = await grid.department(department);
      refuseStale(stored.version, version);
      const line = { industry, ...(responsible && { responsible }) };
      const facts = factsOf(domain.setGridLine(stored.record, line, gridRulesOf(policy)), policy);
      const record = facts.reduce(domain.evolveDepartmentGrid, stored.record);
      const answer = departmentView({ record, version: version + facts.length }, policy);
      const occasion = occasionOf(request);
      await grid.saveDepartment({ record, facts, ifVersion: version, occasion, command: commandRecord(request, answer) });
      return answer;
    },

    list: (request: Listing) => list(request, () => true),
    gaps: (request: Listing) => list(request, (answer) => of.gapsOf(answer).size > 0),

    /** A township says which of its cells, a department which of its lines; the committee says both. */
    async assign(request: Request<typeof assignGrid>) {
      const { caller, at, body } = request;
      const { target: id, version, cell, line } = body;
      const policy = policyFor(county, at);
      const target = await gridTargetOf(sourcesAt(policy), id);
      if (target === undefined) throw notFound();
      const [stored, standing] = await Promise.all([grid.target(id), grid.grid()]);
      const before = of.answerOf(target, stored.record.assignment, standing);
      if (!isSeen(caller, before)) throw notFound();
      refuseStale(stored.version, version);
      const refuse = (owner: Owner | undefined): void => {
        if (mayDo(caller, 'AssignGrid', { county, ...(owner && { owner }) })) return;
        throw new Problem(403, 'forbidden', '只能指定本乡镇的网格或本部门的条线，其他的请由其负责人或安委办指定。');
      };
      if (cell !== undefined) refuse(target.township && townshipOwner(target.township));
      if (line !== undefined) refuse(line.department ?? before.department.body);
      const facts = factsOf(of.assignGrid(stored.record, target, { cell, line }, standing, gridRulesOf(policy)), policy);
      const record = facts.reduce((state, fact) => of.evolveTarget(state, fact, at), stored.record);
      const after = { record, version: version + facts.length };
      const answer = answerView(of.answerOf(target, record.assignment, standing), after, policy, at);
      const occasion = occasionOf(request);
      await grid.saveTarget({ record, facts, ifVersion: version, occasion, command: commandRecord(request, answer) });
      return answer;
    },
  };
}
