/** What a token is refused for: forged, for somebody else, not yet or no more valid, signed by a key that the issuer has or had. */
import { createServer, type Server } from 'node:http';
import { jest } from '@jest/globals';
import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';
import { instantAt } from '../../shared/domain/calendar.ts';
import { remoteKeys, type TokenRules, tokenRules, verifyToken } from '../../shared/runtime/token.ts';
import { county } from '../support/tokens.ts';

const ISSUER = 'https://issuer.test';
const AUDIENCE = 'dual-prevention';
const NOW = Date.parse('2026-03-02T01:00:00Z');
const seconds = NOW / 1000;

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
interface Key {
  readonly kid: string;
  readonly pair: Pair;
  readonly jwk: JWK;
}
async function makeKey(kid: string, alg = 'ES256'): Promise<Key> {
  const pair = await generateKeyPair(alg, { extractable: true });
  return { kid, pair, jwk: { ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' } };
}

let server: Server;
let published: readonly JWK[] = [];
let answering = 200;
let fetches = 0;
let clock = NOW;
let rules: TokenRules;
let first: Key;

beforeEach(async () => {
  jest.spyOn(Date, 'now').mockImplementation(() => clock);
  clock = NOW;
  fetches = 0;
  answering = 200;
  first = await makeKey('first');
  published = [first.jwk];
  server = createServer((_, response) => {
    fetches++;
    response.writeHead(answering, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  rules = tokenRules({ issuer: ISSUER, audience: AUDIENCE, county, keys: remoteKeys(`http://127.0.0.1:${address.port}`) });
});
afterEach(() => {
  jest.restoreAllMocks();
  server.closeAllConnections();
  server.close();
});

const CLAIMS = { sub: 'p-1', role: 'auditor', county: '533102', iss: ISSUER, aud: AUDIENCE, iat: seconds, exp: seconds + 300 };
const signed = (claims: object = {}, { kid, pair }: Key = first) =>
  new SignJWT({ ...CLAIMS, ...claims }).setProtectedHeader({ alg: 'ES256', kid }).sign(pair.privateKey);

/** What the token opens: the role that it was verified for, or the code of its refusal. */
const opens = (token: string): Promise<string> =>
  verifyToken(`Bearer ${token}`, rules, instantAt(clock)).then(
    ({ role }) => role,
    ({ code }: { code: string }) => code,
  );

test('a whole token opens, also one that comes a few seconds early or late', async () => {
  expect(await opens(await signed())).toBe('auditor');
  expect(await opens(await signed({ exp: seconds - 20 }))).toBe('auditor');
  expect(await opens(await signed({ nbf: seconds + 20 }))).toBe('auditor');
});

test.each<[string, object, string]>([
  ['expired', { exp: seconds - 31 }, 'token-expired'],
  ['not yet valid', { nbf: seconds + 31 }, 'token-refused'],
  ['of another issuer', { iss: 'https://elsewhere.test' }, 'token-refused'],
  ['for another audience', { aud: ['somebody', 'else'] }, 'token-refused'],
  ['without an end', { exp: undefined }, 'token-refused'],
  ['without a beginning', { iat: undefined }, 'token-refused'],
  ['without a person', { sub: undefined }, 'token-refused'],
  ['with a role that nobody has', { role: 'emperor' }, 'token-incomplete'],
  ['of a role that acts for somebody, without saying for whom', { role: 'head' }, 'token-incomplete'],
  ['whose credit code has a wrong check character', { role: 'head', owner: 'ENT:91350100M000100Y44' }, 'token-incomplete'],
  ['of another county', { county: '533103' }, 'other-county'],
])('a token that is %s is refused', async (_, claims, code) => {
  expect(await opens(await signed(claims))).toBe(code);
});

test("a token of a key that calls itself like the issuer's is refused", async () => {
  expect(await opens(await signed({}, await makeKey('first')))).toBe('token-refused');
});

test('a token whose claims were changed after it was signed is refused', async () => {
  const [header, , signature] = (await signed()).split('.');
  const payload = Buffer.from(JSON.stringify({ ...CLAIMS, role: 'government-head' })).toString('base64url');
  expect(await opens(`${header}.${payload}.${signature}`)).toBe('token-refused');
});

test('a token that says itself that it needs no signature, or takes the public key for a password, is refused', async () => {
  const [, payload] = (await signed()).split('.');
  const none = Buffer.from(JSON.stringify({ alg: 'none', kid: 'first' })).toString('base64url');
  expect(await opens(`${none}.${payload}.x`)).toBe('token-refused');
  const password = new TextEncoder().encode(await exportSPKI(first.pair.publicKey));
  expect(await opens(await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(password))).toBe(
    'token-refused',
  );
});

test('a new key of the issuer is found when its first token comes; an old one that was taken back opens no more', async () => {
  expect(await opens(await signed())).toBe('auditor');
  expect(fetches).toBe(1);
  const second = await makeKey('second');
  published = [second.jwk];
  clock += 31_000;
  expect(await opens(await signed({}, second))).toBe('auditor');
  expect(fetches).toBe(2);
  expect(await opens(await signed())).toBe('token-refused');
});

test('keys that nobody knows do not make us ask the issuer again and again', async () => {
  for (let nth = 0; nth < 20; nth++) expect(await opens(await signed({}, await makeKey(`unknown-${nth}`)))).toBe('token-refused');
  expect(fetches).toBe(1);
});

test("an issuer that is down is our trouble, not the caller's", async () => {
  answering = 500;
  expect(await opens(await signed())).toBe('issuer-unreachable');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  clock += 31_000;
  expect(await opens(await signed())).toBe('issuer-unreachable');
});
