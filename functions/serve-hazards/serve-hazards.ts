/** Cases of hazards: finding them, reading them, and every command that people give. */
import { type Asked, commandRecord } from '../../shared/data/asked.ts';
import { type Evidence, refuseEvidence } from '../../shared/data/evidence-files.ts';
import type { HazardStore } from '../../shared/data/hazard-store.ts';
import type { LedgerStore } from '../../shared/data/ledger-store.ts';
import { mayDo } from '../../shared/domain/access.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { type Hazard, hazardSubject, objectOfHazard } from '../../shared/domain/hazard.ts';
import { decideHazard } from '../../shared/domain/hazard-decide.ts';
import { evolveHazard } from '../../shared/domain/hazard-evolve.ts';
import type { PersonCommand } from '../../shared/domain/hazard-offers.ts';
import type { CountyCode, HazardId } from '../../shared/domain/ids.ts';
import { actorOf } from '../../shared/domain/ledger-event.ts';
import type { Policy } from '../../shared/policy/load.ts';
import type { AreaRegister } from '../../shared/runtime/area-in-sight.ts';
import type { Register } from '../../shared/runtime/enterprise-in-sight.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { readHazard, readHazardEvents } from './api.ts';
import { evidenceIn, refuseMissing } from './evidence.ts';
import { refusalOf } from './refusals.ts';
import { subjectsFor } from './subjects.ts';
import { type Seen, standsOf, wholeOf } from './views.ts';

export interface ServeHazards {
  readonly county: CountyCode;
  readonly hazards: HazardStore;
  readonly ledger: Pick<LedgerStore, 'ofSubject'>;
  readonly register: Pick<Register, 'owner'> & AreaRegister;
  readonly evidence: Evidence;
  /** The policy in force at an instant. */
  readonly policyAt: (at: Instant) => Policy;
}

/** A case that the caller may see; what he may not see is not there. */
async function inSight({ hazards, register, county }: ServeHazards, caller: Caller, id: HazardId): Promise<Seen> {
  const stored = await hazards.load(county, id);
  const subject = stored && (await subjectsFor(register, caller)([stored.hazard]))(stored.hazard);
  if (stored === undefined || subject === undefined || !mayDo(caller, 'ReadHazard', subject)) {
    throw new Problem(404, 'not-found', '没有找到这项隐患。');
  }
  return { ...stored, subject };
}

export const readCase =
  (deps: ServeHazards) =>
  async ({ params, caller, at }: Request<typeof readHazard>) => {
    return wholeOf(await inSight(deps, caller, params.id), caller, at, deps.policyAt);
  };

export const readEvents =
  (deps: ServeHazards) =>
  async ({ params, query: { limit, cursor }, caller }: Request<typeof readHazardEvents>) => {
    await inSight(deps, caller, params.id);
    const { events, ...rest } = await deps.ledger.ofSubject(hazardSubject(params.id), limit, cursor);
    return { items: [...events], ...rest };
  };

/** Carries out a command on the case as the caller saw it: decided on that version or not at all. */
export async function carryOut(deps: ServeHazards, id: HazardId, command: PersonCommand, seen: number, asked: Asked) {
  const { caller, at } = asked;
  const { hazard: standing, version, subject } = await inSight(deps, caller, id);
  if (!mayDo(caller, command.type, subject)) {
    throw new Problem(403, 'forbidden', '您的角色没有这项权限，如确有需要请联系单位负责人。', { operation: command.type });
  }
  if (seen !== version) throw new Problem(409, 'stale-version', '这项隐患已有新的变化，请刷新后再操作。', { version });
  const policy = deps.policyAt(at);
  refuseEvidence(policy, objectOfHazard(standing), evidenceIn(command));
  const occasion = { at, actor: actorOf(caller) };
  const decision = decideHazard(standing, command, policy.hazards, occasion);
  if (decision.kind === 'denied') throw refusalOf(decision.reason, standing, command, policy);
  await refuseMissing(deps.evidence, command);
  const facts = decision.events;
  const hazard = facts.reduce<Hazard>((state, fact) => evolveHazard(state, { ...fact, ...occasion }), standing);
  const answer = standsOf(hazard, version + facts.length, at);
  await deps.hazards.save({
    hazard,
    facts,
    ifVersion: version,
    occasion: { ...occasion, county: deps.county },
    command: commandRecord(asked, answer),
  });
  return answer;
}
