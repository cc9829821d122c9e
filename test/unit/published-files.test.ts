/** Files that are put once, over a store that speaks as S3 does: whoever comes first has said it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { s3PublishedFiles } from '../../shared/data/published.ts';

let server: Server;
let client: S3Client;
const lies = new Map<string, string>();
/** What comes between a look and the putting. */
let meanwhile: () => void = () => undefined;

const absent = '<Error><Code>NoSuchKey</Code></Error>';

beforeAll(async () => {
  server = createServer((request, response) => {
    const key = (request.url ?? '').split('?')[0] ?? '';
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'GET') {
        const body = lies.get(key);
        response.writeHead(body === undefined ? 404 : 200).end(body ?? absent);
        return;
      }
      meanwhile();
      if (request.headers['if-none-match'] === '*' && lies.has(key)) {
        response.writeHead(412).end('<Error><Code>PreconditionFailed</Code></Error>');
        return;
      }
      lies.set(key, Buffer.concat(chunks).toString());
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new S3Client({
    ...{ forcePathStyle: true, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } },
    ...{ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requestChecksumCalculation: 'WHEN_REQUIRED' },
  });
});
afterAll(() => {
  client.destroy();
  server.closeAllConnections();
  server.close();
});

test('a file that lies there is left as it is, also one that came at the same moment', async () => {
  const files = s3PublishedFiles('draws', client);
  expect(await files.putOnce('published/a.json', '1')).toBe('1');
  expect(await files.putOnce('published/a.json', '2')).toBe('1');
  meanwhile = () => lies.set('/draws/published/b.json', 'another');
  expect(await files.putOnce('published/b.json', 'mine')).toBe('another');
  expect(Object.fromEntries(lies)).toEqual({ '/draws/published/a.json': '1', '/draws/published/b.json': 'another' });
});
