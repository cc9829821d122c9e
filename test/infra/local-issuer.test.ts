import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { freePort } from '../../infra/local/emulator.ts';
import { type IssuerOptions, startIssuer } from '../../infra/local/issuer.ts';
import { instantAt } from '../../shared/domain/calendar.ts';
import { ROLES } from '../../shared/domain/caller.ts';
import { personId, townshipCode } from '../../shared/domain/ids.ts';
import { townshipOwner } from '../../shared/domain/owner.ts';
import { remoteKeys, tokenRules, verifyToken } from '../../shared/runtime/token.ts';
import { county } from '../support/tokens.ts';

let folder: string;
let options: IssuerOptions;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'issuer-'));
  const address = `http://127.0.0.1:${await freePort()}`;
  options = { address, audience: 'dual-prevention', keyFile: join(folder, 'key', 'issuer.pem') };
});
afterEach(() => rmSync(folder, { recursive: true }));

const rules = async () => {
  const discovery = await fetch(`${options.address}/.well-known/openid-configuration`);
  const { issuer, jwks_uri } = (await discovery.json()) as { issuer: string; jwks_uri: string };
  return tokenRules({ issuer, audience: options.audience, county, keys: remoteKeys(jwks_uri) });
};
const owner = townshipOwner(townshipCode('533102001'));

test.each(ROLES)('a token of the local issuer is one that the API accepts: %s', async (role) => {
  const issuer = await startIssuer(options);
  try {
    const caller = { id: personId(`local-${role}`), role, county, owner, workshop: 'A', team: '1', post: 'welder' };
    expect(await verifyToken(`Bearer ${await issuer.sign(caller)}`, await rules(), instantAt(Date.now()))).toEqual(caller);
  } finally {
    await issuer.stop();
  }
});

test('a token outlives a restart of the issuer, whose key nobody else can read', async () => {
  const before = await startIssuer(options);
  const token = await before.sign({ id: personId('somebody'), role: 'auditor', county });
  await before.stop();
  expect(statSync(options.keyFile).mode & 0o777).toBe(0o600);
  const after = await startIssuer(options);
  try {
    expect(await verifyToken(`Bearer ${token}`, await rules(), instantAt(Date.now()))).toMatchObject({ role: 'auditor' });
  } finally {
    await after.stop();
  }
});

test('an issuer whose port is taken says so in one sentence', async () => {
  const issuer = await startIssuer(options);
  try {
    await expect(startIssuer(options)).rejects.toThrow(/^Port \d+ on 127\.0\.0\.1.* is in use: stop what listens there/);
  } finally {
    await issuer.stop();
  }
});
