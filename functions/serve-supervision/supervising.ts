/** What every command on key units and the grid has in common: who acts, at which version, and how a refusal is answered. */
import type { CommandRecord } from '../../shared/data/commit.ts';
import type { GridStore } from '../../shared/data/grid-store.ts';
import type { GridSources } from '../../shared/data/grid-targets.ts';
import type { KeyUnitStore } from '../../shared/data/key-unit-store.ts';
import { actorOf, type Occasion } from '../../shared/domain/ledger-event.ts';
import {
  SUPERVISION_DENIALS,
  type SupervisionDenial,
  type SupervisionDenied,
  type SupervisionRuling,
} from '../../shared/domain/supervision-denials.ts';
import type { Why } from '../../shared/domain/why.ts';
import type { Policy } from '../../shared/policy/load.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request, Route } from '../../shared/runtime/route.ts';

export interface Supervising extends Omit<GridSources, 'covers'> {
  readonly keyUnits: KeyUnitStore;
  readonly grid: GridStore;
}

type Asked = Pick<Request<Route>, 'caller' | 'at' | 'commandId' | 'requestHash'>;

export const occasionOf = ({ caller, at }: Asked): Occasion => ({ at, county: caller.county, actor: actorOf(caller) });

export const commandRecord = ({ caller, commandId: id, requestHash }: Asked, answer: unknown): CommandRecord => ({
  by: caller.id,
  id,
  requestHash,
  answer,
});

const STATUS = { state: 409, person: 403, content: 422 } as const;

/** The rule of the policy that a refusal rests on, where it rests on one. */
function ruleOf(reason: SupervisionDenial, { keyUnits, supervision }: Policy): Why | undefined {
  switch (reason) {
    case 'kind-of-another-level':
      return keyUnits.county.areas.why;
    case 'other-kind-chosen':
      return keyUnits.county.units.why;
    case 'quota-exceeded':
      return keyUnits.quota.why;
    case 'no-such-cell':
      return supervision.grid.why;
    default:
      return undefined;
  }
}

/** The facts of a ruling; a refusal is thrown as the problem that it is. */
export function factsOf<Fact>(ruling: SupervisionRuling<Fact>, policy: Policy): readonly Fact[] {
  if (ruling.kind === 'decided') return ruling.events;
  throw refusal(ruling, policy);
}

export function refusal({ reason, says, field, members }: SupervisionDenied, policy: Policy): Problem {
  const why = ruleOf(reason, policy);
  return new Problem(STATUS[SUPERVISION_DENIALS[reason].about], reason, says, {
    ...members,
    ...(field !== undefined && { field }),
    ...(why && { why }),
  });
}

/** Refuses a change of what stands at another version than the caller saw. */
export function refuseStale(stands: number, seen: number): void {
  if (stands !== seen) throw new Problem(409, 'stale-version', '数据已有新的改动，请刷新后再提交。', { version: stands });
}
