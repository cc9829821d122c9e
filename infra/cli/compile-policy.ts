/** `npm run policy`: writes what is made ready of the policy for the path of check rounds. Run it after every change of the policy. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileRoundPolicies } from '../../shared/policy/compile.ts';

const file = fileURLToPath(new URL('../../shared/policy/round-policy.json', import.meta.url));
writeFileSync(file, `${JSON.stringify(compileRoundPolicies(), null, 2)}\n`);
