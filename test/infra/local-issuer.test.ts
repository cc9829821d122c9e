import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { askTimestamp } from '../../functions/close-export/timestamp.ts';
import { freePort } from '../../infra/local/emulator.ts';
import { type IssuerOptions, startIssuer, TIMESTAMP_PATH } from '../../infra/local/issuer.ts';
import { openAuthority } from '../../infra/local/timestamp-authority.ts';
import { MOST_TIMESTAMP, readTimestamp } from '../../shared/archive/timestamp.ts';
import { outboundBytes } from '../../shared/data/outbound.ts';
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

test('the time-stamp authority beside it gives tokens that openssl verifies by its certificate, also after a restart', async () => {
  const files = { key: join(folder, 'tsa.key'), certificate: join(folder, 'tsa.pem') };
  await openAuthority(files);
  expect(statSync(files.key).mode & 0o777).toBe(0o600);
  const issuer = await startIssuer(options, await openAuthority(files));
  const failures: string[] = [];
  try {
    const url = `${options.address}${TIMESTAMP_PATH}`;
    const ask = askTimestamp({
      ...{
        url,
        post: outboundBytes({ allowsLoopback: true, most: MOST_TIMESTAMP }),
        failed: (why: string) => failures.push(why),
      },
      nonce: () => Buffer.alloc(32, 0xf0), // a number that would be negative without a zero before it
    });
    const token = (await ask(Buffer.from('stamped'))) ?? new Uint8Array();
    expect(failures).toEqual([]);
    expect(readTimestamp(token, 'token').time).toMatch(/^20\d{12}Z$/);
    for (const [name, bytes] of Object.entries({ token, stamped: 'stamped', else: 'else' }))
      writeFileSync(join(folder, name), bytes);
    const verify = (data: string) =>
      spawnSync('openssl', ['ts', '-verify', '-in', 'token', '-data', data, '-CAfile', 'tsa.pem'], { cwd: folder }).status;
    expect([verify('stamped'), verify('else')]).toEqual([0, 1]);

    const refused = await fetch(url, { method: 'POST', body: 'words' });
    expect(Buffer.from(await refused.arrayBuffer()).toString('hex')).toBe('30053003020102');
    expect((await fetch(url, { method: 'POST', body: 'x'.repeat(5_000) })).status).toBe(413);
    expect((await fetch(url)).status).toBe(404);
  } finally {
    await issuer.stop();
  }
});
