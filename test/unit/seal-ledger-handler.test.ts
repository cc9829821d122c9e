/** Both functions as they are deployed, with bucket and key in memory: what the stream brings, what is answered, measured and logged. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, type SignCommand } from '@aws-sdk/client-kms';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Context } from 'aws-lambda';
import { CommandEntity, eventItem } from '../../shared/data/commit.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { COUNTY, ORIGIN, SealingCounty } from '../support/sealing-county.ts';

const key = generateKeyPairSync('ed25519');
Object.assign(KMSClient.prototype, {
  send: async (command: GetPublicKeyCommand | SignCommand) =>
    command instanceof GetPublicKeyCommand
      ? { PublicKey: key.publicKey.export({ format: 'der', type: 'spki' }) }
      : { Signature: sign(null, command.input.Message ?? new Uint8Array(), key.privateKey) },
});
const world = new SealingCounty();
world.archive.asEveryClient();
Object.assign(process.env, {
  ...{ COUNTY, SIMULATION: 'true', ARCHIVE_BUCKET: 'archive', LOG_ORIGIN: ORIGIN, AWS_REGION: 'local' },
  SIGNING_KEYS: JSON.stringify(['alias/seal']),
});
const { handler: sealLedger } = await import('../../functions/seal-ledger/handler.ts');
const { handler: reconcileLedger } = await import('../../functions/reconcile-ledger/handler.ts');

const logged: string[] = [];
const write = process.stdout.write.bind(process.stdout);
const error = process.stderr.write.bind(process.stderr);
beforeAll(() => {
  for (const stream of [process.stdout, process.stderr])
    stream.write = (text: string | Uint8Array) => logged.push(String(text)) > 0;
});
beforeEach(() => logged.splice(0));
afterAll(() => {
  Object.assign(process.stdout, { write });
  Object.assign(process.stderr, { write: error });
});

const context = {
  getRemainingTimeInMillis: () => 60_000,
  awsRequestId: 'call',
  functionName: 'seal-ledger',
} as unknown as Context;
const imageOf = (item: object) => ({ dynamodb: { NewImage: marshall(item, { removeUndefinedValues: true }) } });
const recordOf = (event: LedgerEvent) => {
  const { subject, sequence, ...rest } = eventItem(event);
  return imageOf({ pk: subject, sk: sequence, ...rest, _et: 'EVENT' });
};
const measured = () => logged.flatMap((line) => (line.includes('"_aws"') ? [JSON.parse(line)] : []));

test('a batch of the stream is sealed; a command that was carried out is no event', async () => {
  const events = await world.record(['A', 'B', 'A'], () => ({ because: '张三的电话' }));
  const command = imageOf({ command: 'CMD#x', part: '0', _et: CommandEntity.entityName });
  const batch = { Records: [...events.map(recordOf), command] };
  expect(await sealLedger(batch, context)).toEqual({ batchItemFailures: [] });
  expect(await sealLedger(batch, context)).toEqual({ batchItemFailures: [] });
  expect(world.checkpoint()).toMatchObject({ origin: ORIGIN, size: 3 });
  expect(measured()).toMatchObject([{ County: COUNTY, LogSize: 3, UnsealedAgeSeconds: 2 }]);
  expect(logged.join('')).not.toContain('张三');
});

test('what cannot be sealed is told by subject and sequence, once, and the batch goes on', async () => {
  const [poison, after] = await world.record(['POISON', 'B'], (subject) => (subject === 'POISON' ? { share: 0.5 } : {}));
  if (poison === undefined || after === undefined) throw new Error('nothing was recorded');
  const batch = { Records: [poison, after].map(recordOf) };
  const told = () => logged.filter((line) => line.includes('an event cannot be sealed')).map((line) => JSON.parse(line));
  expect(await sealLedger(batch, context)).toEqual({ batchItemFailures: [] });
  expect(told()).toMatchObject([{ level: 'ERROR', subject: 'POISON', sequence: 1 }]);
  expect(measured()).toMatchObject([{ LogSize: 4 }, { LogFindings: 1 }]);
  expect(await sealLedger(batch, context)).toEqual({ batchItemFailures: [] });
  expect(told()).toHaveLength(1);
});

test('a record of the stream that nothing can read holds up none beside it', async () => {
  const [good] = await world.record(['G']);
  if (good === undefined) throw new Error('nothing was recorded');
  const odd = [
    { pk: 'ODD', sk: 'abc', at: '?', _et: 'EVENT' },
    { pk: 'ODDER', sk: '0000000001', at: 7, _et: 'EVENT' },
    { _et: 'EVENT' },
  ];
  const huge = {
    dynamodb: { NewImage: { _et: { S: 'EVENT' }, pk: { S: 'HUGE' }, sk: { S: '0000000001' }, n: { N: '9'.repeat(30) } } },
  };
  const before = world.checkpoint()?.size ?? 0;
  expect(await sealLedger({ Records: [...odd.map(imageOf), huge, recordOf(good)] }, context)).toEqual({ batchItemFailures: [] });
  expect(world.checkpoint()?.size).toBe(before + 1);
  const told = logged.filter((line) => line.includes('an event cannot be sealed')).map((line) => JSON.parse(line).subject);
  expect(told.sort()).toEqual(['HUGE', 'ODD', 'ODDER']);
});

test('every hour it is said how much was sealed, and how much is open that nothing here can mend', async () => {
  await world.record(['C']);
  const answer = await reconcileLedger({ at: '2026-03-02T03:12:00+08:00' }, context);
  expect(answer).toMatchObject({ sealed: 2, open: [{ what: 'unsealable', subject: 'POISON', sequence: 1 }] }); // of the odd ones nothing lies there
  expect(measured()).toMatchObject([{ County: COUNTY, Unsealed: 2, LogFindings: 1 }]); // C, and the fact of the key
  await reconcileLedger({ at: '2026-03-02T04:12:00+08:00' }, context);
  expect(measured().at(-1)).toMatchObject({ Unsealed: 0, LogFindings: 1 });
});
