/** Days of drawn visits: who was sent is told them weeks ahead, and nobody else reads them out of what he is told, by whatever route. */
import fc from 'fast-check';
import { announceDeadlines } from '../../functions/announce-deadlines/announce-deadlines.ts';
import { digestOf } from '../../shared/channels/digest.ts';
import { feed } from '../../shared/channels/feed.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import { type Instant, plusMs } from '../../shared/domain/calendar.ts';
import { type Caller, ROLES, type Role } from '../../shared/domain/caller.ts';
import { department, personId } from '../../shared/domain/ids.ts';
import type { Message } from '../../shared/domain/message.ts';
import type { Owner } from '../../shared/domain/owner.ts';
import { receiverOf, type Subscription } from '../../shared/domain/subscription.ts';
import type { Task } from '../../shared/domain/task.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { fakeDuties } from '../support/duties.ts';
import { day, township, uscc } from '../support/hazard-case.ts';
import { at, county, RemindedCounty } from '../support/reminded.ts';
import { aTask, store } from '../support/tasks.ts';
import { type WholeApi, wholeApi } from '../support/whole-api.ts';

const DAY_MS = 86_400_000;
const policy = policyFor(county, at('03-01T00:00'));

let api: WholeApi;
beforeAll(async () => {
  api = await wholeApi();
}, 30_000);
afterAll(() => api.stop());

const ownerOf = (role: Role): Owner | undefined => {
  if (role.startsWith('township-')) return `TOWN:${township}`;
  if (role.startsWith('department-')) return 'DEPT:YJJ';
  return ['head', 'safety-manager', 'workshop-head', 'team-leader', 'post-holder'].includes(role) ? `ENT:${uscc}` : undefined;
};
const callerOf = (id: string, role: Role): Caller => {
  const owner = ownerOf(role);
  return { id: personId(id), role, county, ...(owner && { owner }) };
};
const WANG = callerOf('wang', 'department-officer');
const OTHERS = ROLES.map((role) => callerOf(`other-${role}`, role));

/** All that is waiting there, told in one message. */
async function offer(world: RemindedCounty, subscription: Subscription, number: number, when: Instant): Promise<void> {
  const { items } = await world.deliveries.ofSubscription(subscription.id, 50);
  const waiting = items.flatMap((delivery) => (delivery.state === 'waiting' ? [delivery] : []));
  const reminders = waiting.map(({ reminder }) => reminder);
  const digest = digestOf(reminders, { subscription, at: when, appUrl: '', number });
  const message: Message = {
    ...{ subscription: subscription.id, number, receiver: receiverOf(subscription) },
    ...{ reminders: reminders.map(({ id }) => id), madeAt: when, state: 'delivered', attempts: 1, endedAt: when },
    body: feed.render(digest, subscription.mentions, false),
  };
  const told = { message: number, attempts: 1, sha256: 'a'.repeat(64) };
  await world.deliveries.save({
    occasion: { at: when, county, actor: { id: personId('system'), role: 'system' } },
    keptDays: 400,
    deliveries: waiting.map((before) => ({ before, after: { ...before, state: 'told', message: number, endedAt: when } })),
    messages: [{ after: message }],
    outbox: {
      before: await world.deliveries.outbox(subscription.id),
      facts: [
        {
          type: 'MessageOffered',
          data: { ...told, reminders: reminders.map(({ id, kind, about }) => ({ id, kind, about })) },
        },
      ],
    },
  });
}

/** What of it comes near from one instant to another. */
const announce = (world: RemindedCounty, task: Task, after: Instant, when: Instant) =>
  announceDeadlines({
    ...{ county, policy, duties: fakeDuties(), bus: world.bus, outOfTime: () => false },
    opened: () => ({ load: async () => undefined }),
    cursor: { load: async () => after, advance: async () => undefined },
    hazards: { openByDeadline: async () => ({ items: [] }) },
    register: { async *eachEnterprise() {} },
    lists: { load: async () => undefined },
    tasks: dynamoTaskStore,
    authorities: async () => [department(task.authority)],
  })(when);

/** All that can be asked of what is told there, and of what the ledger says of it. */
async function readBy(caller: Caller, { id }: Subscription, task: Task, when: Instant): Promise<string> {
  const token = await api.sign(caller);
  const ask = async (route: string, sent: { params?: Record<string, string>; query?: Record<string, string> } = {}) =>
    (await api.call(`GET ${route}`, { token, ...sent, headers: { 'x-simulated-at': when } })).body;
  const today = plusMs(when, DAY_MS / 3).slice(0, 10);
  const subjects = [`SENT#${id}`, `SUB#${id}`, `TASK#${task.id}`];
  const answers = await Promise.all([
    ask('/v1/subscriptions'),
    ask('/v1/subscriptions/{id}', { params: { id } }),
    ask('/v1/subscriptions/{id}/state', { params: { id } }),
    ask('/v1/subscriptions/{id}/messages', { params: { id } }),
    ...['1', '2'].map((message) => ask('/v1/subscriptions/{id}/messages/{message}', { params: { id, message } })),
    ask('/v1/deliveries', { query: { subscription: id } }),
    ask('/v1/deliveries', { query: { about: `TASK#${task.id}` } }),
    ...subjects.map((subject) => ask('/v1/ledger/events', { query: { subject } })),
    ...['2026-02-27', today].map((day) => ask('/v1/ledger/days/{day}', { params: { day }, query: { colour: 'NONE' } })),
  ]);
  return JSON.stringify(answers);
}

test('no text that anybody but the inspector can read before a visit holds its day', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 5, max: 28 }), async (no) => {
      const world = await RemindedCounty.open();
      const date = day(`2026-03-${String(no).padStart(2, '0')}`);
      const task = aTask({ day: date });
      await store(task);
      const due = task.owed.find(({ what }) => what === 'visit')?.due;
      if (due === undefined) throw new Error('nobody has to visit');
      const subscription = await world.subscribe('wang', { channel: 'feed' }, 40);
      const assigned = at('02-27T09:10');
      const inspectors = task.team.map(({ id }) => id);
      const notice = { id: `NOTICE#${task.id}`, type: 'TaskNotice', at: assigned, county, task: task.id, inspectors };
      await world.tell(notice);
      await offer(world, subscription, 1, assigned);
      const isNamed = (text: string): boolean => [date, due, `3月${no}日`, `3月${no + 1}日`].some((name) => text.includes(name));

      expect(isNamed(await readBy(WANG, subscription, task, assigned))).toBe(true);
      for (const caller of OTHERS)
        expect([caller.role, isNamed(await readBy(caller, subscription, task, assigned))]).toEqual([caller.role, false]);

      // On the day itself what is near says its own instant, and still not by when the visit has to be made.
      const begins = plusMs(due, -DAY_MS);
      await announce(world, task, plusMs(begins, -1), plusMs(begins, 60_000));
      await offer(world, subscription, 2, plusMs(begins, 60_000));
      const now = plusMs(begins, 120_000);
      expect(await readBy(WANG, subscription, task, now)).toContain(due);
      for (const caller of OTHERS)
        expect([caller.role, (await readBy(caller, subscription, task, now)).includes(due)]).toEqual([caller.role, false]);

      const committee = await readBy(callerOf('other', 'committee-officer'), subscription, task, now);
      expect(committee).toMatch(/task-near:NEAR#[^"]*#visit#[0-9a-f]{20}/);
      for (const who of ['committee', 'governor', 'department', 'its chief', 'the works', 'township', 'li'])
        expect([who, await world.of(who)]).toEqual([who, []]);
    }),
    { numRuns: 3 },
  );
}, 30_000);
