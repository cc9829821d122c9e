/**
 * An OIDC issuer of the local cloud's own: what a county's sign-in is in the field. It signs for whom the local programs ask, and
 * serves its discovery document and its public key; nobody can obtain a token from it over the network.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair, importPKCS8, type JWK, SignJWT } from 'jose';
import type { Caller } from '../../shared/domain/caller.ts';
import { Unready } from './setup.mjs';
import type { TimestampAuthority } from './timestamp-authority.ts';

export interface IssuerOptions {
  /** Also the `iss` claim: a loopback address, as the deployment's data names it. */
  readonly address: string;
  readonly audience: string;
  /** Where the private key is kept from one start to the next, so that tokens handed out stay good. */
  readonly keyFile: string;
}

/** Signs for a caller. Whoever may read the key file may. */
export type Signer = (caller: Caller) => Promise<string>;

export interface Issuer {
  readonly sign: Signer;
  stop(): Promise<void>;
}

const ALGORITHM = 'ES256';
/** A day's work with the local cloud; it is signed anew at every start. */
const VALID_FOR = '24h';

async function privateKey(file: string): Promise<CryptoKey> {
  if (!existsSync(file)) {
    const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, await exportPKCS8(privateKey), { mode: 0o600 });
  }
  chmodSync(file, 0o600);
  return importPKCS8(readFileSync(file, 'utf8'), ALGORITHM, { extractable: true });
}

/** The public half, named by its thumbprint as RFC 7638 has it. */
async function publicKey(key: CryptoKey): Promise<JWK & { kid: string }> {
  const { d: _, ...open } = await exportJWK(key);
  return { ...open, alg: ALGORITHM, use: 'sig', kid: await calculateJwkThumbprint(open) };
}

async function open({ address, audience, keyFile }: IssuerOptions): Promise<{ jwk: JWK; sign: Signer }> {
  const key = await privateKey(keyFile);
  const jwk = await publicKey(key);
  const sign: Signer = ({ id, ...claims }) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: ALGORITHM, kid: jwk.kid })
      .setSubject(id)
      .setIssuer(address)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(VALID_FOR)
      .setJti(crypto.randomUUID())
      .sign(key);
  return { jwk, sign };
}

/** Signs in the name of an issuer that another process runs. */
export const signerFor = async (options: IssuerOptions): Promise<Signer> => (await open(options)).sign;

/** Where a time-stamp authority answers beside the issuer, so that the local cloud has one port less to find free. */
export const TIMESTAMP_PATH = '/timestamp';
const MOST_REQUEST = 4 * 1024;

async function stamp(authority: TimestampAuthority, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += Buffer.from(part).length;
    if (bytes > MOST_REQUEST) return void response.writeHead(413).end();
    parts.push(Buffer.from(part));
  }
  response.setHeader('content-type', 'application/timestamp-reply').end(await authority.answer(Buffer.concat(parts)));
}

/** Answers at its address, with a time-stamp authority beside it where there is one. */
export async function startIssuer(options: IssuerOptions, authority?: TimestampAuthority): Promise<Issuer> {
  const { address } = options;
  const { jwk, sign } = await open(options);
  const answers: Record<string, unknown> = {
    '/.well-known/openid-configuration': {
      issuer: address,
      jwks_uri: `${address}/jwks.json`,
      id_token_signing_alg_values_supported: [ALGORITHM],
      subject_types_supported: ['public'],
      response_types_supported: ['id_token'],
    },
    '/jwks.json': { keys: [jwk] },
  };
  const server = createServer((request, response) => {
    const { method, url } = request;
    if (authority !== undefined && method === 'POST' && url === TIMESTAMP_PATH) {
      stamp(authority, request, response).catch(() => response.destroy());
      return;
    }
    const answer = method === 'GET' ? answers[url ?? ''] : undefined;
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? null));
  });
  const { hostname, port } = new URL(address);
  await new Promise<void>((resolve, reject) => {
    const taken = `Port ${port} on ${hostname}, where the local issuer has to answer, is in use: stop what listens there, then start again.`;
    server.once('error', () => reject(new Unready(taken)));
    server.listen(Number(port), hostname, resolve);
  });
  return {
    sign,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
