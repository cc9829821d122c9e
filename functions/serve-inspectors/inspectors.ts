/** The directory of inspectors: entering, changing and retiring them; their absences and interests. */
import { commandRecord, occasionOf } from '../../shared/data/asked.ts';
import type { StoredInspector } from '../../shared/data/inspector-store.ts';
import { pageFrom } from '../../shared/data/standings.ts';
import { mayDo, type Operation, subjectOfAuthority } from '../../shared/domain/access.ts';
import { dayOf, type Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import type { PersonId } from '../../shared/domain/ids.ts';
import type { Inspector, InspectorFact, Interest } from '../../shared/domain/inspector.ts';
import * as decide from '../../shared/domain/inspector-decide.ts';
import { partsOfObject } from '../../shared/domain/object.ts';
import { isOwner } from '../../shared/domain/owner.ts';
import { directoryRulesOf } from '../../shared/policy/directory-rules.ts';
import { type Policy, policyFor } from '../../shared/policy/load.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import { refuseStale } from '../../shared/runtime/refusal.ts';
import type { Request, Route } from '../../shared/runtime/route.ts';
import type {
  changeInspector,
  declareAbsences,
  declareInterest,
  liftInterest,
  listInspectors,
  readInspector,
  registerInspector,
  retireInspector,
} from './api.ts';
import { factsOf, type Keeping, refuseOthers } from './keeping.ts';
import { entered, type InspectorView, inspectorView } from './views.ts';
import { workloads } from './workload.ts';

export function serveDirectory(deps: Keeping) {
  const { county, inspectors, register } = deps;

  const notFound = (): Problem => new Problem(404, 'not-found', '没有找到这名检查人员。');

  /** What is his own may be said by himself too, also where the directory is not his department's. */
  const isSeen = (caller: Caller, operation: Operation, { id, content }: Inspector): boolean =>
    mayDo(caller, operation, { ...subjectOfAuthority(county, content.authority), team: [id] }) ||
    (SELF.includes(operation) &&
      caller.id === id &&
      mayDo(caller, operation, { county, ...(caller.owner && { owner: caller.owner }), team: [id] }));

  const found = async (caller: Caller, operation: Operation, id: PersonId): Promise<StoredInspector> => {
    const stored = await inspectors.load(id);
    if (stored === undefined || !isSeen(caller, operation, stored.inspector)) throw notFound();
    return stored;
  };

  const save = async (
    request: Request<Route>,
    id: PersonId,
    before: StoredInspector | undefined,
    facts: readonly InspectorFact[],
    policy: Policy,
  ): Promise<InspectorView> => {
    const occasion = occasionOf(request);
    const inspector = decide.inspectorAfter(id, before?.inspector, facts, occasion);
    const ifVersion = before?.version ?? 0;
    const { authority } = inspector.content;
    const load = await workloads(deps, request.at)(authority, id);
    const answer = inspectorView({ inspector, version: ifVersion + facts.length }, load, policy, dayOf(request.at));
    await inspectors.save({ inspector, facts, ifVersion, occasion, command: commandRecord(request, answer) });
    return answer;
  };

  /** A command on an inspector who stands there at the version that the caller saw. */
  const change = async (
    request: Request<Route>,
    { id, version, operation }: { readonly id: PersonId; readonly version: number; readonly operation: Operation },
    rule: (inspector: Inspector, rules: decide.DirectoryRules) => ReturnType<typeof decide.retireInspector>,
  ): Promise<InspectorView> => {
    const before = await found(request.caller, operation, id);
    refuseStale(before.version, version);
    const policy = policyFor(county, request.at);
    return save(request, id, before, factsOf(rule(before.inspector, directoryRulesOf(policy)), policy), policy);
  };

  /** Whether the register has what an interest is said to be in. */
  const isKnown = async (about: Interest['in'], at: Instant): Promise<boolean> => {
    const { townships, departments } = directoryRulesOf(policyFor(county, at));
    if (about.startsWith('TOWN:')) return [...townships].some((township) => about === `TOWN:${township}`);
    if (about.startsWith('DEPT:')) return [...departments].some((department) => about === `DEPT:${department}`);
    if (isOwner(about)) return (await register.owner(about))?.enterprise !== undefined;
    const parts = partsOfObject(about);
    return parts.of === 'area' && (await register.risk({ owner: `TOWN:${parts.township}`, ...parts })) !== undefined;
  };

  return {
    async registerInspector(request: Request<typeof registerInspector>) {
      const { id, authority, ...content } = request.body;
      const { caller, at } = request;
      refuseOthers(caller, 'RegisterInspector', authority);
      const policy = policyFor(county, at);
      const before = await inspectors.load(id);
      const ruling = decide.registerInspector(
        before?.inspector,
        { authority, ...entered(content) },
        directoryRulesOf(policy),
        at,
      );
      return save(request, id, before, factsOf(ruling, policy), policy);
    },

    async listInspectors({ query, caller, at }: Request<typeof listInspectors>) {
      const { authority, role, skill, retired, limit, cursor } = query;
      const policy = policyFor(county, at);
      if (authority !== undefined && caller.role !== 'expert') refuseOthers(caller, 'ReadInspector', authority);
      const isWanted = ({ inspector }: StoredInspector): boolean => {
        const { content } = inspector;
        return (
          isSeen(caller, 'ReadInspector', inspector) &&
          (authority === undefined || content.authority === authority) &&
          (role === undefined || content.role === role) &&
          (skill === undefined || content.skills.includes('*') || content.skills.includes(skill)) &&
          (retired === undefined || (inspector.retired !== undefined) === (retired === 'true'))
        );
      };
      const { items, ...next } = await pageFrom(inspectors.eachFrom(cursor), limit, isWanted);
      const loadOf = workloads(deps, at);
      const views = items.map(async (stored) => {
        const { id, content } = stored.inspector;
        return inspectorView(stored, await loadOf(content.authority, id), policy, dayOf(at));
      });
      return { items: await Promise.all(views), ...next };
    },

    async readInspector({ params, caller, at }: Request<typeof readInspector>) {
      const stored = await found(caller, 'ReadInspector', params.id);
      const load = await workloads(deps, at)(stored.inspector.content.authority, params.id);
      return inspectorView(stored, load, policyFor(county, at), dayOf(at));
    },

    async changeInspector(request: Request<typeof changeInspector>) {
      const { version, ...content } = request.body;
      return change(request, { id: request.params.id, version, operation: 'ChangeInspector' }, (inspector, rules) =>
        decide.changeInspector(inspector, entered(content), rules, request.at),
      );
    },

    async retireInspector(request: Request<typeof retireInspector>) {
      const { version, because } = request.body;
      return change(request, { id: request.params.id, version, operation: 'RetireInspector' }, (inspector) =>
        decide.retireInspector(inspector, because),
      );
    },

    async declareAbsences(request: Request<typeof declareAbsences>) {
      const { version, absences } = request.body;
      return change(request, { id: request.params.id, version, operation: 'DeclareAbsence' }, (inspector) =>
        decide.declareAbsences(inspector, absences, request.at),
      );
    },

    async declareInterest(request: Request<typeof declareInterest>) {
      const { version, ...declared } = request.body;
      const known = await isKnown(declared.in, request.at);
      return change(request, { id: request.params.id, version, operation: 'DeclareInterest' }, (inspector, rules) =>
        decide.declareInterest(inspector, declared, known, rules, occasionOf(request)),
      );
    },

    async liftInterest(request: Request<typeof liftInterest>) {
      const { version, reason } = request.body;
      const { id, no } = request.params;
      return change(request, { id, version, operation: 'LiftInterest' }, (inspector) =>
        decide.liftInterest(inspector, no, reason, request.caller.id),
      );
    },
  };
}

/** What an inspector says of himself, and what he reads of it. */
const SELF: readonly Operation[] = ['ReadInspector', 'DeclareAbsence', 'DeclareInterest'];
