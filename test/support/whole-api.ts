/** The whole API of a county in one process: every function that has routes, by its real handler, over tables in memory. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort } from '../../infra/local/emulator.ts';
import { type Signer, startIssuer } from '../../infra/local/issuer.ts';
import type { apiHandler } from '../../shared/runtime/api-handler.ts';
import type { Route } from '../../shared/runtime/route.ts';
import { apiCall, type Call } from './api-call.ts';
import { type MemoryTables, memoryTables } from './memory-tables.ts';

const FUNCTIONS = new URL('../../functions/', import.meta.url);
export const COUNTY = '533102';

/** What a key would answer: nobody finds the text in it again. */
function encrypted(request: string): string {
  const { Plaintext } = JSON.parse(request) as { Plaintext: string };
  const CiphertextBlob = Buffer.from(Plaintext, 'base64').map((byte) => byte ^ 0x5a);
  return JSON.stringify({ CiphertextBlob: Buffer.from(CiphertextBlob).toString('base64') });
}

/** Every function that declares routes, found by its folder, so that none is forgotten. */
const apiFolders = readdirSync(FUNCTIONS, { recursive: true, encoding: 'utf8' })
  .filter((name) => /^[^/]+\/api\.ts$/.test(name))
  .map((name) => name.replace('/api.ts', ''))
  .sort();

export const keyOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

type Answer = Awaited<ReturnType<ReturnType<typeof apiCall>>>;

export interface WholeApi {
  readonly routes: readonly Route[];
  readonly tables: MemoryTables;
  readonly sign: Signer;
  readonly call: (routeKey: string, call: Call) => Promise<Answer>;
  stop(): Promise<void>;
}

export async function wholeApi(): Promise<WholeApi> {
  const tables = memoryTables();
  const folder = mkdtempSync(join(tmpdir(), 'whole-api-'));
  const address = `http://127.0.0.1:${await freePort()}`;
  const issuer = await startIssuer({ address, audience: 'dual-prevention', keyFile: join(folder, 'key.pem') });
  // A store of files that takes all and says of each that it is there, but has nothing: what is in the files is of no interest here.
  // A queue that takes all, a key that encrypts, and a workflow of which nothing runs.
  const elsewhere = createServer(async (request, response) => {
    const target = request.headers['x-amz-target'];
    if (target === 'AWSStepFunctions.DescribeExecution') {
      const absent = { __type: 'com.amazonaws.states#ExecutionDoesNotExist' };
      return void response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(absent));
    }
    if (target !== 'TrentService.Encrypt') {
      return void response.writeHead(request.method === 'GET' ? 404 : 200).end();
    }
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(encrypted(await text(request)));
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  const bound = elsewhere.address();
  if (bound === null || typeof bound === 'string') throw new Error('the stand-in for other services has no port');
  Object.assign(process.env, {
    COUNTY,
    SIMULATION: 'true',
    ISSUER: address,
    AUDIENCE: 'dual-prevention',
    JWKS_URI: `${address}/jwks.json`,
    EVIDENCE_BUCKET: 'evidence',
    DRAWS_BUCKET: 'draws',
    IMPORT_BUCKET: 'imports',
    ARCHIVE_BUCKET: 'archive',
    REQUESTS_BUCKET: 'requests',
    EXPORT_STATE_MACHINE_ARN: 'arn:test:states:us-east-1:000000000000:stateMachine:exports',
    CHANNEL_KEY_ID: 'channels',
    WAKES_QUEUE_URL: `http://127.0.0.1:${bound.port}/000000000000/wakes`,
    ALLOWS_LOOPBACK: 'false',
    IMPORT_QUEUE_URL: `http://127.0.0.1:${bound.port}/000000000000/imports`,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${bound.port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    POWERTOOLS_DEV: 'false',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
  const handlers = new Map<string, ReturnType<typeof apiCall>>();
  const all: Route[] = [];
  for (const name of apiFolders) {
    const { routes } = (await import(`../../functions/${name}/api.ts`)) as { routes: readonly Route[] };
    const { handler } = (await import(`../../functions/${name}/handler.ts`)) as { handler: ReturnType<typeof apiHandler> };
    for (const route of routes) handlers.set(keyOf(route), apiCall(handler));
    all.push(...routes);
  }
  return {
    routes: all,
    tables,
    sign: issuer.sign,
    call: (routeKey, call) => {
      const handler = handlers.get(routeKey);
      if (handler === undefined) throw new Error(`no function serves ${routeKey}`);
      return handler(routeKey, call);
    },
    stop: async () => {
      elsewhere.closeAllConnections();
      await new Promise((resolve) => elsewhere.close(resolve));
      await issuer.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
