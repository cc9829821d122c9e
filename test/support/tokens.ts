import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Caller } from '../../shared/domain/caller.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { type TokenRules, tokenRules } from '../../shared/runtime/token.ts';

export const county = countyCode('533102');

/** An issuer of tests: real keys, real signatures, no network. */
export async function testIssuer(): Promise<{
  readonly rules: TokenRules;
  readonly tokenOf: (caller: Omit<Caller, 'county'> & { county?: string }, claims?: Record<string, unknown>) => Promise<string>;
}> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] });
  const rules = tokenRules({ issuer: 'https://issuer.test', audience: 'dual-prevention', county, keys });
  return {
    rules,
    tokenOf: ({ id, ...caller }, claims = {}) => {
      const seconds = Math.floor(Date.now() / 1000);
      return new SignJWT({
        county,
        ...caller,
        sub: id,
        iss: rules.issuer,
        aud: rules.audience,
        iat: seconds,
        exp: seconds + 300,
        ...claims,
      })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .sign(privateKey);
    },
  };
}
