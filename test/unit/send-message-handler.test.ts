/** The function as it is deployed, with key and queue in memory: what of a batch comes again, and what its log holds. */
import { type DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { type SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { sealAddress } from '../../shared/data/channel-secret.ts';
import { commit } from '../../shared/data/commit.ts';
import { addressWrite } from '../../shared/data/receiver-store.ts';
import type { Shipment } from '../../shared/domain/message.ts';
import type { RealReceiver } from '../support/receivers/receivers.ts';
import { COUNTY, NOON, PLATFORMS, pasted, SendingWorld } from '../support/sending.ts';

const KEY_ID = 'alias/channels';
/** What the queue of wakes got. */
const woken: unknown[] = [];
/** Opens what it closed, for the same subscription only. */
const encrypt = ({ input }: EncryptCommand) => ({
  CiphertextBlob: Buffer.from(JSON.stringify([input.EncryptionContext, Buffer.from(input.Plaintext ?? '').toString('base64')])),
});
function decrypt({ input }: DecryptCommand) {
  const [context, text] = JSON.parse(Buffer.from(input.CiphertextBlob ?? '').toString()) as [unknown, string];
  if (JSON.stringify(context) !== JSON.stringify(input.EncryptionContext)) throw new Error(`not of ${text}`);
  return { Plaintext: Buffer.from(text, 'base64') };
}
Object.assign(KMSClient.prototype, {
  send: async (command: unknown) => (command instanceof EncryptCommand ? encrypt(command) : decrypt(command as DecryptCommand)),
});
Object.assign(SQSClient.prototype, {
  send: async ({ input }: SendMessageCommand) => void woken.push(JSON.parse(input.MessageBody ?? '')),
});

Object.assign(process.env, {
  COUNTY,
  SIMULATION: 'true',
  CHANNELS_TABLE: 'CHANNELS_TABLE',
  CHANNEL_KEY_ID: KEY_ID,
  WAKES_QUEUE_URL: 'https://queue.example/wakes',
  ALLOWS_LOOPBACK: 'true',
  AWS_REGION: 'local',
});
const world = await SendingWorld.begin();
const { handler } = await import('../../functions/send-message/handler.ts');

const logged: string[] = [];
const write = process.stdout.write.bind(process.stdout);
const error = process.stderr.write.bind(process.stderr);
beforeAll(() => {
  for (const stream of [process.stdout, process.stderr])
    stream.write = (text: string | Uint8Array) => logged.push(String(text)) > 0;
});
afterAll(async () => {
  Object.assign(process.stdout, { write });
  Object.assign(process.stderr, { write: error });
  await world.real.stop();
});

/** Sealed as the API seals it. */
async function sealed(at: RealReceiver, of: Shipment): Promise<void> {
  const ciphertext = await sealAddress(KEY_ID)(pasted(at), of.subscription);
  await commit({ writes: [addressWrite(COUNTY, of.subscription, ciphertext)], events: [] });
}
const record = (messageId: string, body: unknown) => ({
  messageId,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

test('each of a batch by itself: what is none comes again, the others are told, and the log names nothing secret', async () => {
  const robots = PLATFORMS.map((platform) => world.robot(platform));
  const failing = world.robot('webhook');
  failing.fails({ is: 'reset' });
  const shipments: Shipment[] = [];
  for (const at of [...robots, failing]) {
    const shipment = await world.handedOver(at.platform, pasted(at));
    await sealed(at, shipment);
    shipments.push(shipment);
  }
  // Sealed for another subscription: it does not open.
  const stolen = await world.handedOver('wecom', pasted(world.robot('wecom')));
  const [first] = shipments;
  const theirs = first && (await world.receivers.sealedAddress(first.subscription));
  await commit({ writes: [addressWrite(COUNTY, stolen.subscription, theirs)], events: [] });

  const records = [
    record('no-json', '{'),
    record('no-shipment', { ...first, message: 0 }),
    ...[...shipments, stolen].map((shipment, index) => record(`m${index}`, shipment)),
    record('pigeon', { ...first, channel: 'pigeon' }),
  ];
  const context = { functionName: 'send-message', awsRequestId: '1', getRemainingTimeInMillis: () => 30_000 } as Context;
  const answer = await handler({ Records: records }, context);

  expect(answer).toEqual({
    batchItemFailures: ['no-json', 'no-shipment', 'pigeon'].map((itemIdentifier) => ({ itemIdentifier })),
  });
  expect(robots.map(({ got }) => got.map(({ isTaken }) => isTaken))).toEqual(robots.map(() => [true]));
  expect(await world.outcomeOf(stolen)).toEqual({ is: 'failed', says: expect.stringContaining('读不出接收地址') });
  expect(woken).toHaveLength(shipments.length + 1);
  expect(woken).toContainEqual({ county: COUNTY, receiver: first?.receiver, at: NOON });

  const log = logged.join('');
  for (const came of ['delivered', 'failed', 'could not send', 'could not open the address']) expect(log).toContain(came);
  for (const { address, secret } of [...robots, failing]) {
    const { pathname, searchParams } = new URL(address);
    const key = [...searchParams.values()][0] ?? pathname.split('/').at(-1) ?? '';
    for (const text of [key, secret ?? key, '/cgi-bin', '127.0.0.1', 'sign', '漏查']) expect(log).not.toContain(text);
  }
});
