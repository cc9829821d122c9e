/** The API of tasks over tables in memory: one enterprise and one area, their inspectors and items, and people who ask. */
import { servedTasks } from '../../functions/serve-tasks/served.ts';
import { commandAnswer } from '../../shared/data/commit.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import type { Day } from '../../shared/domain/calendar.ts';
import type { Role } from '../../shared/domain/caller.ts';
import { type PersonId, personId, riskNo, type TaskId, townshipCode } from '../../shared/domain/ids.ts';
import type { InspectionItem } from '../../shared/domain/inspection-item.ts';
import type { Inspector } from '../../shared/domain/inspector.ts';
import type { Owner } from '../../shared/domain/owner.ts';
import { newOwner, type RegisterOwner } from '../../shared/domain/register-owner.ts';
import type { RiskPoint } from '../../shared/domain/register-risk.ts';
import type { Suspension } from '../../shared/domain/register-suspension.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { apiCall } from './api-call.ts';
import { memoryTables } from './memory-tables.ts';
import { at, county, drawn } from './tasks.ts';
import { testIssuer } from './tokens.ts';

process.env.POWERTOOLS_DEV = 'false';
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';

const { authority, owner: ENTERPRISE, township } = drawn();

export const works: RegisterOwner = {
  ...newOwner(ENTERPRISE),
  enterprise: {
    ...{ name: '合成样例厂', township, industry: 'chemicals', supervisor: 'DEPT:YJJ', workshops: [] },
    contacts: [{ post: 'head', name: '张三', phone: '13800000000' }],
  },
  overall: { colour: 'RED', rule: 'RED' },
};

const grade = { colour: 'RED', explanation: '专家评定', method: 'EXPERTS', experts: ['甲'], reason: '储量大' } as const;
const risk = (owner: Owner): RiskPoint => ({
  ...{ owner, no: riskNo('R1'), addedIn: 1, changedIn: 1, version: 1, grades: { inherent: grade, residual: grade } },
  content: {
    ...{ name: '储罐', location: '罐区', dimensions: [], participants: [], mainRisk: '火灾', accidents: [], possibleHazards: '' },
    ...{ consequences: '', emergency: '', reporting: '', responsible: '李四' },
    controls: [{ kind: 'technical', level: 'team', text: '报警器', person: '李四' }],
  },
});
export const area: RiskPoint = { ...risk('TOWN:533102001'), township: townshipCode('533102001'), department: 'DEPT:YJJ' };

const item = (no: string): InspectionItem => ({
  ...{ authority, no: drawn().items[Number(no) - 1] ?? drawn().items[0] ?? neverEmpty() },
  ...{ name: `事项${no}`, basis: '安全生产法', appliesTo: ['*'], kinds: ['RANDOM'], way: '现场检查' },
});
const neverEmpty = (): never => {
  throw new Error('the sample task has items');
};

export const inspector = (id: string, given: Partial<Inspector['content']> = {}, rest: Partial<Inspector> = {}): Inspector => ({
  id: personId(id),
  content: {
    ...{ role: 'enforcer', authority, skills: ['*'], certificate: { no: '1', until: '2027-12-31' as Day } },
    ...given,
  },
  ...{ absences: [], interests: [] },
  ...rest,
});

export interface Asking {
  readonly id: string;
  readonly role: Role;
  readonly owner?: Owner;
}
export const wang: Asking = { id: 'wang', role: 'department-officer', owner: 'DEPT:YJJ' };
export const zhao: Asking = { id: 'zhao', role: 'department-officer', owner: 'DEPT:YJJ' };
export const boss: Asking = { id: 'boss', role: 'department-head', owner: 'DEPT:YJJ' };
export const owner: Asking = { id: 'owner', role: 'head', owner: ENTERPRISE };

const { rules, tokenOf } = await testIssuer();

export function tasksApi() {
  const tables = memoryTables();
  const inspectors = new Map<PersonId, Inspector>();
  for (const one of [inspector('wang'), inspector('zhao')]) inspectors.set(one.id, one);
  /** Keys of evidence that was never uploaded. */
  const lost = new Set<string>();
  /** What became of the enterprise's record, and its stops. */
  const changed: { version?: number } = {};
  const stops: Suspension[] = [];
  const register = {
    owner: async (of: Owner) => (of === ENTERPRISE ? { ...works, ...changed } : undefined),
    suspensionsOf: async () => stops,
    risk: async (key: { no: string; township?: unknown }) =>
      key.no !== 'R1' ? undefined : key.township === undefined ? risk(ENTERPRISE) : area,
    risksOf: async () => [risk(ENTERPRISE)],
  };
  const itemLists = {
    items: async () => ({ state: { authority, items: [item('1'), item('2')] }, version: 1, keptAt: at('01-01T00:00') }),
  };
  const handler = apiHandler({
    service: 'test',
    environment: {
      ...{ COUNTY: county, ISSUER: rules.issuer, AUDIENCE: rules.audience },
      ...{ JWKS_URI: 'https://issuer.test/keys', SIMULATION: 'true' },
    },
    tokens: rules,
    answerOf: commandAnswer,
    routes: servedTasks({
      ...{ county, tasks: dynamoTaskStore, hazards: dynamoHazardStore, register, itemLists },
      inspectors: {
        load: async (id) => {
          const found = inspectors.get(id);
          return found && { inspector: found, version: 1 };
        },
      },
      uploads: {
        upload: async (key, _file, policy, when) => ({ key, url: 'u', fields: {}, expiresAt: when, why: policy.evidence.why }),
      },
      evidence: { arrived: async (keys) => keys.filter((key) => !lost.has(key)) },
      policyAt: (when) => policyFor(county, when),
    }),
  });
  const call = apiCall(handler);
  let keys = 0;
  const ask = async (
    { id, ...who }: Asking,
    when: string,
    route: string,
    { key, task, ...sent }: { task?: TaskId; query?: Record<string, string>; body?: unknown; key?: string } = {},
  ) =>
    call(route, {
      token: await tokenOf({ id: personId(id), ...who }),
      headers: { 'x-simulated-at': at(when), 'idempotency-key': key ?? `command-${++keys}` },
      ...(task !== undefined && { params: { id: task } }),
      ...sent,
    });
  return { ask, tables, inspectors, lost, register, itemLists, changed, stops };
}
