import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { evidenceBucket } from '../../functions/serve-hazards/evidence-bucket.ts';
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

test('what the store does not have, or may not tell of, has not arrived', async () => {
  answers.set(photo('lost'), 404).set(photo('forbidden'), 403);
  const { arrived } = evidenceBucket('bucket', client);
  expect(await arrived(['there', 'lost', 'forbidden', 'too'].map(photo))).toEqual([photo('there'), photo('too')]);
});

test('a store that is out of order is no answer', async () => {
  answers.set(photo('unknown'), 500);
  await expect(evidenceBucket('bucket', client).arrived([photo('unknown')])).rejects.toThrow();
});
