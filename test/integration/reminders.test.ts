/**
 * Reminders on their whole way: a subscription made by the API, a fact told to the bus, a delivery, a message, a receiver that behaves as the
 * platform does; with the rights of each function's own role and nothing more.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  confirmRead,
  listDeliveries,
  makeSubscription,
  readFeed,
  readSubscription,
  testSubscription,
} from '../../functions/serve-channels/api.ts';
import type { SamplePerson } from '../../infra/local/sample/county.ts';
import { type Instant, instant, plusMs } from '../../shared/domain/calendar.ts';
import { countyCode, type SubscriptionId, subscriptionId } from '../../shared/domain/ids.ts';
import type { ReminderKind } from '../../shared/domain/reminder.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { now } from '../../shared/runtime/clock.ts';
import { casesOf } from '../support/cases.ts';
import { type RealReceiver, type Receivers, startReceivers } from '../support/receivers/receivers.ts';
import { at, type County, eventually, freshKey, registeredWorks, theCounty, type Works } from '../support/works.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const root = fileURLToPath(new URL('../../', import.meta.url));

let county: County;
let receivers: Receivers;
/** What the receivers' clocks say: these tests happen at simulated instants. */
let clock: Instant = at('2026-05-04 09:00');

beforeAll(async () => {
  county = await theCounty();
  receivers = await startReceivers({ clock: () => clock });
}, 60_000);
afterAll(() => receivers.stop());

/** Of every receiver that was connected. */
const secrets = new Set<string>();

/** What the minute's call would do. */
const compose = (when: Instant) => county.cloud.invoke('compose-messages', { at: when });

/** The enterprise's safety manager connects a receiver, as its platform shows it. */
async function connected(works: Works, receiver: RealReceiver | 'feed', kinds: readonly ReminderKind[]): Promise<SubscriptionId> {
  if (receiver !== 'feed') {
    const { pathname, searchParams } = new URL(receiver.address);
    for (const part of [pathname.split('/').at(-1), ...searchParams.values(), receiver.secret]) {
      if (part !== undefined && part.length > 10) secrets.add(part);
    }
  }
  const shown = receiver === 'feed' ? {} : { address: receiver.address, ...(receiver.secret && { secret: receiver.secret }) };
  const body = {
    ...{ name: '安全员群', channel: receiver === 'feed' ? ('feed' as const) : receiver.platform },
    ...{ scope: { of: 'enterprise' as const, uscc: works.uscc }, kinds: [...kinds], ...shown },
  };
  const made = await county.api(makeSubscription, { as: works.manager, at: clock, key: freshKey(), body });
  if (receiver !== 'feed') {
    expect(made.host).toBe(new URL(receiver.address).host);
    for (const secret of secrets) expect(JSON.stringify(made)).not.toContain(secret);
  }
  return subscriptionId(made.id);
}

/** What became of each reminder to a subscription. */
async function deliveriesOf(as: SamplePerson, subscription: SubscriptionId) {
  const { items } = await county.api(listDeliveries, { as, at: clock, query: { subscription, limit: 100 } });
  return items;
}

const ended = (as: SamplePerson, subscription: SubscriptionId, state: string, count: number) =>
  eventually(`${count} ${state} at ${subscription}`, async () => {
    const items = (await deliveriesOf(as, subscription)).filter((one) => one.state === state);
    return items.length >= count ? items : undefined;
  });

/** A hazard that is graded as major at this instant: urgent. */
async function majorHazard(works: Works, when: Instant) {
  const cases = casesOf(county);
  const [criterion] = Object.keys(policyFor(countyCode('533102'), when).hazards.major.criteria.values);
  const id = await cases.report(works, when);
  const grade = { level: 'major', criterion, basis: '储量超过临界量' };
  await cases.give(id, { by: works.manager, at: plusMs(when, MINUTE_MS), type: 'GradeHazard', body: grade });
  return id;
}

describe('a major hazard', () => {
  const when = at('2026-05-04 09:10');
  let works: Works;
  let group: RealReceiver;
  let app: RealReceiver;
  let [ofGroup, ofApp, ofFeed]: [SubscriptionId?, SubscriptionId?, SubscriptionId?] = [];
  let hazard: string;

  beforeAll(async () => {
    clock = when;
    works = await registeredWorks(county.api, at('2026-05-03 09:10'), 'RED');
    group = receivers.wecom(`group of ${works.uscc}`);
    app = receivers.webhook(`app of ${works.uscc}`);
    ofGroup = await connected(works, group, ['hazard-major']);
    ofApp = await connected(works, app, ['hazard-major']);
    ofFeed = await connected(works, 'feed', ['hazard-major']);
    hazard = await majorHazard(works, when);
  }, 60_000);

  test('reaches group, app and feed at once, as one message each, with a link that opens it', async () => {
    await Promise.all([group.hasGot(1), app.hasGot(1)]);
    for (const receiver of [group, app]) {
      expect(receiver.got).toMatchObject([{ isTaken: true, status: 200 }]);
      expect(receiver.got[0]?.text).toContain(`/open#/hazards/${hazard}`);
    }
    for (const one of [ofGroup, ofApp, ofFeed]) {
      const [told] = await ended(works.manager, one ?? subscriptionId(''), 'told', 1);
      expect(told).toMatchObject({ kind: 'hazard-major', about: `HAZ#${hazard}`, isUrgent: true, message: 1 });
    }
    const asked = { as: works.manager, at: clock, params: { id: ofFeed ?? subscriptionId('') } };
    const { messages, isMore } = await county.api(readFeed, { ...asked, query: { after: 0, limit: 50 } });
    expect([messages.map(({ number }) => number), isMore]).toEqual([[1], false]);
    expect(JSON.stringify(messages[0]?.body)).toContain(hazard);
    const read = await county.api(confirmRead, { ...asked, key: freshKey(), body: { message: 1 } });
    expect(read).toEqual({ readThrough: 1, lastMessage: 1 });
  });

  test('is told nobody again, however often the bus tells it', async () => {
    await county.cloud.invoke('reconcile-cases', {
      at: plusMs(when, HOUR_MS),
      republish: { from: plusMs(when, -MINUTE_MS), until: plusMs(when, HOUR_MS) },
    });
    // What comes after it on the same way shows that it has passed.
    clock = plusMs(when, 5 * MINUTE_MS);
    for (const [one, receiver] of [
      [ofGroup, group],
      [ofApp, app],
    ] as const) {
      const params = { id: one ?? subscriptionId('') };
      await county.api(testSubscription, { as: works.manager, at: clock, key: freshKey(), params, body: {} });
      await receiver.hasGot(2);
    }
    await compose(plusMs(clock, MINUTE_MS));
    expect([group.got.length, app.got.length]).toEqual([2, 2]);
    for (const one of [ofGroup, ofApp, ofFeed]) {
      const items = await deliveriesOf(works.manager, one ?? subscriptionId(''));
      expect(items.filter(({ kind }) => kind === 'hazard-major')).toHaveLength(1);
    }
  });

  test('can be asked by what it was about: who was told, when and where', async () => {
    const query = { about: `HAZ#${hazard}`, limit: 100 };
    const { items } = await county.api(listDeliveries, { as: works.manager, at: clock, query });
    expect(items.map(({ subscription }) => subscription).sort()).toEqual([ofGroup, ofApp, ofFeed].map(String).sort());
    for (const { state, endedAt, says } of items) {
      expect(state).toBe('told');
      expect(endedAt).toBeDefined();
      expect(says).not.toBe('');
    }
  });
});

test('the opening of a period comes as one message for all that it asks, and at the policy’s time', async () => {
  clock = at('2026-05-11 08:03');
  const works = await registeredWorks(county.api, at('2026-05-10 09:10'), 'RED', 'RED', 'ORANGE');
  const group = receivers.feishu(`group of ${works.uscc}`);
  const subscription = await connected(works, group, ['checks-due']);
  for (const cadence of ['day', 'week']) await county.cloud.invoke('open-period', { at: clock, cadence });
  await ended(works.manager, subscription, 'waiting', 2);
  expect(group.got).toEqual([]); // spread over the minutes after it
  clock = plusMs(clock, 4 * MINUTE_MS);
  await compose(clock);
  await group.hasGot(1);
  const told = await ended(works.manager, subscription, 'told', 2);
  expect(told.map(({ kind, message }) => [kind, message])).toEqual([
    ['checks-due', 1],
    ['checks-due', 1],
  ]);
  expect(group.got).toMatchObject([{ isTaken: true }]);
});

test('a robot that refuses in an answer of status 200 is let alone for as long as its platform blocks it, and told then', async () => {
  clock = at('2026-05-12 10:11');
  const works = await registeredWorks(county.api, at('2026-05-10 09:10'), 'RED');
  const group = receivers.wecom(`group of ${works.uscc}`);
  const subscription = await connected(works, group, ['hazard-major']);
  // Another program uses the same robot: it has used up the minute, and we cannot know.
  const body = JSON.stringify({ msgtype: 'text', text: { content: '别的系统的消息' } });
  const headers = { 'content-type': 'application/json' };
  for (let sent = 0; sent < 20; sent++) await fetch(group.address, { method: 'POST', headers, body });
  await majorHazard(works, plusMs(clock, -MINUTE_MS));
  await group.hasGot(21);
  expect(group.got.at(-1)).toMatchObject({ status: 200, code: 45009, isTaken: false });
  const params = { id: subscription };
  const insight = await eventually('the penalty', async () => {
    const { insight } = await county.api(readSubscription, { as: works.manager, at: clock, params });
    return insight.receiver?.blockedUntil === undefined ? undefined : insight;
  });
  expect(instant(insight.receiver?.blockedUntil ?? '') > clock).toBe(true);
  await compose(plusMs(clock, 10_000));
  expect(group.got).toHaveLength(21);
  clock = plusMs(clock, 3 * MINUTE_MS);
  await compose(clock);
  await group.hasGot(22);
  expect(group.got.at(-1)).toMatchObject({ code: 0, isTaken: true });
  await ended(works.manager, subscription, 'told', 1);
});

describe('a receiver that fails for three days', () => {
  let works: Works;
  let app: RealReceiver;
  let subscription: SubscriptionId;
  const attempts = 10;

  test('is tried by the schedule, and what it never took waits for a person in the queue whose alarm sounds', async () => {
    clock = at('2026-05-13 10:11');
    works = await registeredWorks(county.api, at('2026-05-10 09:10'), 'RED');
    app = receivers.webhook(`app of ${works.uscc}`);
    subscription = await connected(works, app, ['hazard-major']);
    app.fails({ is: 'status', status: 503 });
    await majorHazard(works, plusMs(clock, -MINUTE_MS));
    for (let attempt = 1; attempt <= attempts; attempt++) {
      await app.hasGot(attempt);
      const params = { id: subscription };
      await eventually(`attempt ${attempt} is settled`, async () => {
        const { insight } = await county.api(readSubscription, { as: works.manager, at: clock, params });
        return (insight.receiver?.failures ?? 0) >= attempt || insight.dead > 0 ? true : undefined;
      });
      clock = plusMs(clock, 30 * HOUR_MS);
      await compose(clock);
    }
    const [dead] = await ended(works.manager, subscription, 'dead', 1);
    expect(dead).toMatchObject({ kind: 'hazard-major', message: 1 });
    expect(app.got).toHaveLength(attempts);
    expect(new Set(app.got.map(({ webhookId }) => webhookId)).size).toBe(1);
    const told = await county.cloud.outputs;
    const sqs = new SQSClient(county.cloud.client);
    for (const [url, type] of [
      [told.MessagesDeadUrl, 'MessageDead'],
      [told.ReceiversFailingUrl, 'ReceiverFailing'],
    ]) {
      await eventually(`${type} in its queue`, async () => {
        const asked = { QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(asked));
        return Messages.some(({ Body = '' }) => Body.includes(type ?? '') && Body.includes(subscription)) ? true : undefined;
      });
    }
  }, 120_000);

  test('gets it after all when an operator sends it again', async () => {
    const { cloud } = county;
    app.heals();
    clock = now(); // the command's
    const env = {
      ...{ PATH: process.env.PATH, AWS_ENDPOINT_URL: cloud.endpoint, AWS_REGION: cloud.client.region },
      ...{ AWS_ACCESS_KEY_ID: cloud.client.credentials.accessKeyId, AWS_CONFIG_FILE: '/dev/null' },
      ...{ AWS_SECRET_ACCESS_KEY: cloud.client.credentials.secretAccessKey },
    };
    const words = ['--import', 'tsx', 'infra/cli/redrive.ts', '533102-sample', subscription];
    const command = spawn(process.execPath, words, { cwd: root, env });
    const code = await new Promise((resolve) => command.on('close', resolve));
    expect(code).toBe(0);
    await compose(plusMs(clock, MINUTE_MS));
    await app.hasGot(attempts + 1);
    expect(app.got.at(-1)).toMatchObject({ status: 200, isTaken: true });
    await ended(works.manager, subscription, 'told', 1);
  });
});

test('what sends messages can touch the receivers and nothing else of the county, whatever it tries', async () => {
  const { cloud } = county;
  if (!cloud.isOurs) return; // whose roles nobody else may assume
  const { Role = '' } = await new LambdaClient(cloud.client).send(
    new GetFunctionConfigurationCommand({ FunctionName: cloud.outputs.SendMessageFunction }),
  );
  const tables = new DynamoDBClient({ ...cloud.client, credentials: await cloud.assume(Role), maxAttempts: 1 });
  const { ChannelsTable, RegisterTable, HazardsTable, InspectionsTable, LedgerTable } = cloud.outputs;
  const key = (pk: string) => ({ pk: { S: pk }, sk: { S: 'BUDGET#nobody' } });
  const read = (TableName: string | undefined, pk: string) => tables.send(new GetItemCommand({ TableName, Key: key(pk) }));
  const write = (TableName: string | undefined, pk: string) => tables.send(new PutItemCommand({ TableName, Item: key(pk) }));
  const denied = { name: 'AccessDeniedException' };

  expect((await read(ChannelsTable, '533102#RECEIVERS')).Item).toBeUndefined();
  for (const pk of ['533102', '533103#RECEIVERS', '533102#0123456789abcdef0123']) {
    await expect(read(ChannelsTable, pk)).rejects.toMatchObject(denied);
    await expect(write(ChannelsTable, pk)).rejects.toMatchObject(denied);
  }
  const every = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: '533102' } } };
  await expect(tables.send(new QueryCommand({ TableName: ChannelsTable, ...every }))).rejects.toMatchObject(denied);
  for (const table of [RegisterTable, HazardsTable, InspectionsTable, LedgerTable]) {
    await expect(read(table, '533102#RECEIVERS')).rejects.toMatchObject(denied);
    await expect(write(table, '533102#RECEIVERS')).rejects.toMatchObject(denied);
  }
});

test('no log of the county holds an address, a key or a secret of a receiver', async () => {
  if (!county.cloud.isOurs) return; // whose logs we may not read
  const text = (await county.cloud.logLines()).join('\n');
  for (const told of ['send-message', 'compose-messages', 'address-reminders']) expect(text).toContain(told);
  expect(secrets.size).toBeGreaterThanOrEqual(5);
  for (const secret of secrets) expect([secret, text.includes(secret)]).toEqual([secret, false]);
  expect(text).not.toMatch(/whsec_|access_token=|[?&]key=|\/hook\//);
});
