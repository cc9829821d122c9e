/** Composing by the handler itself, with all its wiring: schedule, wakes, redrive; and what it logs and measures. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { jest } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { METRICS, metricLines, sumMeasured } from '../../functions/compose-messages/metrics.ts';
import { documentClient } from '../../shared/data/tables.ts';
import { plusMs } from '../../shared/domain/calendar.ts';
import { receiverOf } from '../../shared/domain/subscription.ts';
import { Messaging, MORNING, minutes, sub } from '../support/messaging.ts';
import { county } from '../support/tokens.ts';

const context = { getRemainingTimeInMillis: () => 60_000 } as Context;

let said: string[] = [];
beforeEach(() => {
  said = [];
  const hear = (line: unknown): void => void said.push(String(line));
  for (const method of ['info', 'error'] as const) jest.spyOn(console, method).mockImplementation(hear);
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** The real handler over the tables of this world. */
async function handling() {
  const world = new Messaging();
  const queues = { SHIPMENTS_QUEUE_URL: 'https://sqs.invalid/shipments', WAKES_QUEUE_URL: 'https://sqs.invalid/wakes' };
  const settings = { COUNTY: county, ...queues, APP_URL: 'https://app.example/#' };
  Object.assign(process.env, settings, { SIMULATION: 'true', AWS_REGION: 'cn-north-1', POWERTOOLS_DEV: 'true' });
  const { handler } = await import('../../functions/compose-messages/handler.ts');
  return { world, call: (event: Parameters<typeof handler>[0]) => handler(event, context) };
}

test('a schedule, a wake and a redrive each do what they ask for', async () => {
  const { world, call } = await handling();
  const feed = await world.subscribe(1, { channel: 'feed', name: '平台对接' });
  await world.remind(1, ['a']);
  await world.remind(1, ['later'], minutes(30));
  expect(await call({ at: MORNING })).toEqual({ told: 1, dropped: 0, dead: 0, released: 0, next: minutes(30) });

  const body = JSON.stringify({ county, receiver: receiverOf(feed), at: minutes(30) });
  const unknown = JSON.stringify({ county, receiver: '0'.repeat(32), at: minutes(29) });
  const Records = [body, unknown, body].map((text, no) => ({ messageId: String(no), body: text }));
  expect(await call({ Records })).toEqual({ batchItemFailures: [] });
  expect(await world.became(1)).toEqual({ a: 'told 1', later: 'told 2' });

  await world.change(1, { type: 'SubscriptionDisabled', data: { because: '410' } });
  await world.remind(1, ['b'], minutes(31));
  expect(await call({ at: minutes(31) })).toMatchObject({ dead: 1 });
  await world.change(1, { type: 'SubscriptionEnabled', data: {} });
  expect(await call({ redrive: sub(1), at: minutes(32) })).toEqual({ redriven: 1, told: 1, dropped: 0, dead: 0, released: 0 });
  expect(await call({ redrive: 'all', at: minutes(33) })).toMatchObject({ redriven: 0, told: 0 });
  await expect(call({ at: 'soon' })).rejects.toThrow();

  const lines = said.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.find(({ message }) => message === 'measured')).toMatchObject({
    ...{ County: county, Channel: 'feed', Delivered: [1], SecondsFromDue: [0] },
    _aws: { CloudWatchMetrics: [{ Dimensions: [['County'], ['County', 'Channel']] }] },
  });
  expect(said.join()).not.toMatch(/平台对接|LIST#|姐告木业/);
});

test('of a failed wake only its own comes again', async () => {
  const { world, call } = await handling();
  const good = await world.subscribe(1, { channel: 'feed' });
  const bad = await world.subscribe(2, { channel: 'no-such-kind' });
  await world.remind(1, ['a']);
  await world.remind(2, ['a']);
  const Records = [good, bad].map((one, no) => ({
    messageId: String(no),
    body: JSON.stringify({ county, receiver: receiverOf(one), at: MORNING }),
  }));
  const unreadable = [{ messageId: 'none', body: 'wake up' }];
  expect(await call({ Records: [...unreadable, ...Records] })).toEqual({
    batchItemFailures: [{ itemIdentifier: 'none' }, { itemIdentifier: '1' }],
  });
  await expect(call({ at: plusMs(MORNING, 1) })).rejects.toThrow('1 receivers could not be served');
  expect(await world.became(1)).toEqual({ a: 'told 1' });
});

test('whom others write again and again is looked at a second later, and no wake is given back for minutes', async () => {
  const { world, call } = await handling();
  const one = await world.subscribe(1, { channel: 'feed' });
  await world.remind(1, ['a']);
  const asItIs = documentClient.send.bind(documentClient);
  jest.spyOn(documentClient, 'send').mockImplementation((async (command: Parameters<typeof asItIs>[0]) => {
    if (!(command instanceof TransactWriteCommand)) return asItIs(command);
    const CancellationReasons = [{ Code: 'TransactionConflict' }];
    throw new TransactionCanceledException({ message: 'others', $metadata: {}, CancellationReasons });
  }) as typeof documentClient.send);
  const sent = jest.spyOn(SQSClient.prototype, 'send').mockImplementation(async () => ({}));
  const wake = { county, receiver: receiverOf(one), at: MORNING };
  expect(await call({ Records: [{ messageId: '0', body: JSON.stringify(wake) }] })).toEqual({ batchItemFailures: [] });
  expect(sent.mock.calls.map(([command]) => command.input)).toEqual([
    { QueueUrl: 'https://sqs.invalid/wakes', MessageBody: JSON.stringify(wake), DelaySeconds: 1 },
  ]);
  expect(said.join()).not.toContain('ERROR');
});

test('counts are summed, seconds each count, and no line holds more values than the service reads', () => {
  const seconds = Array.from({ length: 150 }, (_, second) => second);
  const measured = sumMeasured([
    { Delivered: [80], SecondsFromDue: seconds },
    { Delivered: [70], Dropped: [0] },
  ]);
  expect(measured).toEqual({ Delivered: [150], SecondsFromDue: seconds });
  const lines = metricLines(county, 'wecom', MORNING, measured);
  expect(lines.map(({ SecondsFromDue }) => (SecondsFromDue as number[]).length)).toEqual([100, 50]);
  expect(lines.flatMap(({ Delivered }) => Delivered ?? [])).toEqual([150]);
  expect(Object.keys(METRICS)).toEqual(['Delivered', 'Dropped', 'Dead', 'Retried', 'SecondsFromDue', 'OldestWaitingSeconds']);
});
