import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { evidenceBucket } from '../../shared/data/evidence-files.ts';
import { photo } from '../support/hazard-case.ts';

/** What the store answers of each file. */
const answers = new Map<string, number>();
let store: Server;
let client: S3Client;
beforeAll(async () => {
  store = createServer(({ url = '' }, response) => response.writeHead(answers.get(url.slice('/bucket/'.length)) ?? 200).end());
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
  client = new S3Client({
    endpoint: `http://127.0.0.1:${(store.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  store.closeAllConnections();
  await new Promise((resolve) => store.close(resolve));
});

test('what the store does not have has not arrived', async () => {
  answers.set(photo('lost'), 404);
  const { arrived } = evidenceBucket('bucket', client);
  expect(await arrived(['there', 'lost', 'too'].map(photo))).toEqual([photo('there'), photo('too')]);
});

test.each([403, 500])('a store that may not tell, or is out of order (%i), is no answer', async (status) => {
  answers.set(photo('unknown'), status);
  await expect(evidenceBucket('bucket', client).arrived([photo('unknown')])).rejects.toThrow();
});
