/** What every command on key units and the grid has in common: who acts, at which version, and how a refusal is answered. */
import type { GridStore } from '../../shared/data/grid-store.ts';
import type { GridSources } from '../../shared/data/grid-targets.ts';
import type { KeyUnitStore } from '../../shared/data/key-unit-store.ts';
import {
  SUPERVISION_DENIALS,
  type SupervisionDenial,
  type SupervisionDenied,
  type SupervisionRuling,
} from '../../shared/domain/supervision-denials.ts';
import type { Why } from '../../shared/domain/why.ts';
import type { Policy } from '../../shared/policy/load.ts';
import type { Problem } from '../../shared/runtime/problem.ts';
import { problemOf } from '../../shared/runtime/refusal.ts';

export interface Supervising extends Omit<GridSources, 'covers'> {
  readonly keyUnits: KeyUnitStore;
  readonly grid: GridStore;
}

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

export const refusal = (denied: SupervisionDenied, policy: Policy): Problem =>
  problemOf(denied, SUPERVISION_DENIALS[denied.reason].about, ruleOf(denied.reason, policy));
