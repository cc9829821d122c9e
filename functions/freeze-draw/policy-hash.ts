import { sha256 } from '../../shared/draw/bytes.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';
import type { Policy } from '../../shared/policy/load.ts';

const known = new WeakMap<Policy, string>();

/** H of the policy in force with the county's overlays, as canonical JSON. */
export function policyHash(policy: Policy): string {
  const hash = known.get(policy) ?? sha256(canonical(JSON.parse(JSON.stringify(policy))));
  known.set(policy, hash);
  return hash;
}
