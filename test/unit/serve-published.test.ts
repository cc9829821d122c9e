/** The public handler over a store of files that speaks as S3 does: bytes as they are, large ones by an address, everything else absent. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { witnessOf } from '../support/witnesses.ts';

const FILES: Readonly<Record<string, { readonly bytes: number; readonly body: string }>> = {
  '/draws/published/533102.YJJ/000001/announcement.json': { bytes: 7, body: '{"a":1}' },
  [`/draws/published/policy/${'a'.repeat(64)}.json`]: { bytes: 7, body: '{"p":1}' },
  '/draws/published/533102.YJJ/000001/objects.tsv': { bytes: 60_000_000, body: '' },
};
let files: Server;
let handler: typeof import('../../functions/serve-published/handler.ts')['handler'];
const asked: string[] = [];

beforeAll(async () => {
  files = createServer(({ url = '', method = '' }, response) => {
    const path = url.split('?')[0] ?? '';
    asked.push(`${method} ${path}`);
    const file = FILES[path];
    if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-length': file.bytes }).end(method === 'GET' ? file.body : undefined);
  });
  await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    ...{ COUNTY: '533102', DRAWS_BUCKET: 'draws', ARCHIVE_BUCKET: 'archive', EXPORTS_TABLE: 'exports', AWS_REGION: 'us-east-1' },
    WITNESSES: JSON.stringify([witnessOf('an archive').vkey]),
    ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', POWERTOOLS_LOG_LEVEL: 'SILENT' },
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(files.address() as AddressInfo).port}`,
  });
  ({ handler } = await import('../../functions/serve-published/handler.ts'));
});
afterAll(() => {
  files.closeAllConnections();
  files.close();
});

const FILE = 'GET /public/draws/{authority}/{number}/{file}';
const fetchFile = (file: string) => handler({ routeKey: FILE, pathParameters: { authority: 'YJJ', number: '1', file } });

test('a file is answered byte for byte, and may be kept a little while', async () => {
  const { statusCode, headers, body, isBase64Encoded } = await fetchFile('announcement.json');
  expect([statusCode, isBase64Encoded, Buffer.from(body ?? '', 'base64').toString()]).toEqual([200, true, '{"a":1}']);
  expect(headers).toMatchObject({ 'cache-control': 'public, max-age=60', 'x-content-type-options': 'nosniff' });
});

test('the policy that a draw was announced by is answered by its hash', async () => {
  const policy = (sha256: string) => handler({ routeKey: 'GET /public/policies/{sha256}', pathParameters: { sha256 } });
  const { statusCode, body } = await policy('a'.repeat(64));
  expect([statusCode, Buffer.from(body ?? '', 'base64').toString()]).toEqual([200, '{"p":1}']);
  expect((await policy('b'.repeat(64))).statusCode).toBe(404);
  expect((await policy('../index')).statusCode).toBe(404);
});

test('what is too large for an answer is fetched where it lies, for some minutes', async () => {
  const { statusCode, headers } = await fetchFile('objects.tsv');
  const location = String(headers?.location);
  expect(statusCode).toBe(302);
  expect(location).toContain('/draws/published/533102.YJJ/000001/objects.tsv?');
  expect(new URL(location).searchParams.get('X-Amz-Expires')).toBe('300');
});

test('what is not there is not there; nothing but what was published is ever asked for', async () => {
  expect((await fetchFile('result-1.json')).statusCode).toBe(404);
  expect((await fetchFile('../../rosters/x.json')).statusCode).toBe(404);
  expect((await handler({ routeKey: 'GET /public/draws' })).statusCode).toBe(200);
  expect(asked.filter((each) => !/ \/draws\/published\//.test(each))).toEqual([]);
});

test('what is no cosigned checkpoint is refused with what to hand in, and neither table nor archive is asked for it', async () => {
  asked.length = 0;
  const hand = async (body?: string, isBase64Encoded = false) => {
    const answer = await handler({ routeKey: 'POST /public/log/cosignatures', ...(body && { body }), isBase64Encoded });
    return [answer.statusCode, JSON.parse(answer.body ?? '').code, answer.headers?.['cache-control']];
  };
  const stranger = 'log.example/533102\n1\nAAAA\n\n— somebody AAAAAAAA\n';
  expect(await hand()).toEqual([400, 'note-malformed', 'no-store']);
  expect(await hand('words')).toEqual([400, 'note-malformed', 'no-store']);
  expect(await hand('x'.repeat(70_000))).toEqual([400, 'note-malformed', 'no-store']);
  expect(await hand(stranger)).toEqual([403, 'witness-unknown', 'no-store']);
  expect(await hand(Buffer.from(stranger).toString('base64'), true)).toEqual([403, 'witness-unknown', 'no-store']);
  expect(asked).toEqual([]);
});
