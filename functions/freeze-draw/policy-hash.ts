import { sha256 } from '../../shared/draw/bytes.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';
import type { Policy } from '../../shared/policy/load.ts';

const known = new WeakMap<Policy, { readonly bytes: Uint8Array; readonly hash: string }>();

/** The policy in force with the county's overlays, as canonical JSON, and H of it. */
export function frozenPolicy(policy: Policy): { readonly bytes: Uint8Array; readonly hash: string } {
  const before = known.get(policy);
  if (before !== undefined) return before;
  const bytes = canonical(JSON.parse(JSON.stringify(policy)));
  const frozen = { bytes, hash: sha256(bytes) };
  known.set(policy, frozen);
  return frozen;
}
