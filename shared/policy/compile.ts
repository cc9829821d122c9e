import { COUNTIES, policiesOf } from './load.ts';
import ready from './round-policy.json' with { type: 'json' };
import { type RoundPolicies, type RoundPolicy, roundPolicyOf } from './round-policy.ts';

/** What `round-policy.json` has to say: counties whose policies are the same share them. */
export function compileRoundPolicies(): RoundPolicies {
  const policies: RoundPolicy[] = [];
  const known = new Map<string, number>();
  const numberOf = (policy: RoundPolicy): number => {
    const text = JSON.stringify(policy);
    const number = known.get(text) ?? policies.push(policy) - 1;
    known.set(text, number);
    return number;
  };
  const counties = Object.fromEntries(
    COUNTIES.map((county) => {
      const { days, at } = policiesOf(county);
      return [county, days.map((from) => ({ from, policy: numberOf(roundPolicyOf(at(from))) }))];
    }),
  );
  return { policies, counties };
}

/** Whether what was made ready is what the documents say. */
export const isRoundPolicyFresh = (): boolean => JSON.stringify(ready) === JSON.stringify(compileRoundPolicies());
