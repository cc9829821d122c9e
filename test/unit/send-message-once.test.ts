/** An attempt is made once, whatever comes twice, is lost or hangs: races, budgets, and a sender that is killed at any await. */
import { type Sending, sendMessage } from '../../functions/send-message/send-message.ts';
import { StaleVersion } from '../../shared/data/commit.ts';
import type { ReceiverStore } from '../../shared/data/receiver-store.ts';
import { type Instant, plusMs } from '../../shared/domain/calendar.ts';
import type { Shipment } from '../../shared/domain/message.ts';
import { LEASE_MS, release, SCHEDULE_MS } from '../../shared/domain/receiver.ts';
import { settle } from '../../shared/domain/receiver-settle.ts';
import { NOON, PLATFORMS, pasted, receiverNo, SendingWorld } from '../support/sending.ts';

const world = await SendingWorld.begin();
afterAll(() => world.real.stop());
beforeEach(() => {
  world.wakes.length = 0;
  world.faults.length = 0;
});

test('a shipment that comes twice is sent once, also twice at the same time', async () => {
  const at = world.robot('wecom');
  const shipment = await world.handedOver('wecom', pasted(at));
  const both = await Promise.all([world.send(shipment), world.send(shipment)]);
  expect(both.sort()).toEqual(['delivered', 'stale']);
  expect(await world.send(shipment)).toBe('stale');
  expect([at.got.length, world.wakes.length]).toEqual([1, 1]);
});

test('nothing is sent of another attempt, of another message, or where nothing is known', async () => {
  const at = world.robot('wecom');
  const shipment = await world.handedOver('wecom', pasted(at));
  expect(await world.send({ ...shipment, attempt: 2 })).toBe('stale');
  expect(await world.send({ ...shipment, message: 2 })).toBe('stale');
  expect(await world.send({ ...shipment, receiver: receiverNo(999_999) })).toBe('stale');
  await expect(world.send({ ...shipment, channel: 'pigeon' })).rejects.toThrow('pigeon');
  expect([at.got, world.wakes]).toEqual([[], []]);
});

test('over the budget, or while it is blocked, nothing is sent, and it is said from when on there is room', async () => {
  const at = world.robot('wecom');
  const cases = [
    [{ grants: Array<Instant>(20).fill(NOON) }, plusMs(NOON, 60_001)],
    [{ blockedUntil: plusMs(NOON, 60_000) }, plusMs(NOON, 60_000)],
  ] as const;
  for (const [change, freeAt] of cases) {
    const shipment = await world.handedOver('wecom', pasted(at));
    const { receiver, rev } = await world.stored(shipment.receiver);
    await world.receivers.put({ ...receiver, ...change }, rev);
    expect(await world.send(shipment)).toBe('over-budget');
    expect(await world.outcomeOf(shipment)).toEqual({ is: 'over-budget', freeAt });
  }
  expect([at.got, world.wakes.length]).toEqual([[], 2]);
});

test('room is taken in the write that begins, so the sixth within a second is not sent', async () => {
  const at = world.robot('feishu');
  const shipment = await world.handedOver('feishu', pasted(at));
  const sent: string[] = [];
  for (let message = 1; message <= 7; message++) {
    const { receiver, rev } = await world.stored(shipment.receiver);
    const { underway: _, ...idle } = receiver;
    const next = release(idle, { ...shipment, message, turn: 'other' }, [], NOON);
    if (next === undefined) throw new Error('not released');
    await world.receivers.put(next, rev);
    sent.push(await world.send({ ...shipment, message }));
  }
  expect(sent).toEqual([...Array(5).fill('delivered'), 'over-budget', 'over-budget']);
  expect(at.got.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
});

test('whoever loses a race to write decides anew, and gives up where he always loses', async () => {
  const at = world.robot('wecom');
  const losing = (isLost: (puts: number) => boolean): ReceiverStore => {
    let puts = 0;
    return {
      ...world.receivers,
      async put(receiver, rev) {
        if (isLost(puts++)) throw new StaleVersion('raced');
        return world.receivers.put(receiver, rev);
      },
    };
  };
  const shipment = await world.handedOver('wecom', pasted(at));
  expect(await world.send(shipment, { receivers: losing((puts) => puts % 2 === 0) })).toBe('delivered');
  const other = await world.handedOver('wecom', pasted(at));
  await expect(world.send(other, { receivers: losing(() => true) })).rejects.toThrow(StaleVersion);
  expect(at.got).toHaveLength(1);
});

test('that nobody could be woken does not undo what was sent', async () => {
  const shipment = await world.handedOver('wecom', pasted(world.robot('wecom')));
  const wake = async () => {
    throw new Error('queue');
  };
  expect(await world.send(shipment, { wake })).toBe('delivered');
  expect(world.faults).toEqual(['wake: Error: queue']);
});

/** Everything that is waited for, in its order. */
const STEPS = ['load', 'put', 'sealedAddress', 'openAddress', 'post', 'load', 'put', 'wake'] as const;
const [BEGINS, SENDS, ANSWERS] = [STEPS.indexOf('put'), STEPS.indexOf('post'), STEPS.lastIndexOf('put')];
/** So many steps are done, and the sender dies: before the next, or within it, when what it does is done and not known. */
const CUTS = STEPS.flatMap((name, step) => [
  [`before ${step} ${name}`, step, false] as const,
  [`within ${step} ${name}`, step, true] as const,
]);

/** Runs until it is killed: nothing of it goes on from there. Answers what was done. */
async function killed(shipment: Shipment, cut: number, isWithin: boolean): Promise<string[]> {
  const done: string[] = [];
  let step = 0;
  let die = (): void => {};
  const death = new Promise<void>((tell) => {
    die = tell;
  });
  const dead = <Result>(): Promise<Result> => {
    die();
    return new Promise(() => {});
  };
  const cutting =
    <Args extends readonly unknown[], Result>(name: string, call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      const isLast = step++ === cut;
      if (isLast && !isWithin) return dead();
      const result = await call(...args);
      if (isLast) return dead();
      done.push(name);
      return result;
    };
  const { receivers, openAddress, post, wake, ...rest } = world.sending();
  const mortal: Sending = {
    ...rest,
    receivers: {
      load: cutting('load', receivers.load),
      put: cutting('put', receivers.put),
      sealedAddress: cutting('sealedAddress', receivers.sealedAddress),
    },
    openAddress: cutting('openAddress', openAddress),
    post: cutting('post', post),
    wake: cutting('wake', wake),
  };
  await Promise.race([sendMessage(mortal)(shipment), death]);
  return done;
}

test('nothing is waited for but these', async () => {
  const shipment = await world.handedOver('wecom', pasted(world.robot('wecom')));
  expect(await killed(shipment, STEPS.length, false)).toEqual(STEPS);
});

test.each(CUTS)('killed %s: the same again sends nothing twice, and what it left is settled', async (_, cut, isWithin) => {
  const at = world.robot('wecom');
  const shipment = await world.handedOver('wecom', pasted(at));
  await killed(shipment, cut, isWithin);
  const [hasBegun, hasSent, hasAnswered] = [BEGINS, SENDS, ANSWERS].map((step) => cut > step || (cut === step && isWithin));
  expect(at.got).toHaveLength(hasSent ? 1 : 0);
  expect(await world.send(shipment)).toBe(hasBegun ? 'stale' : 'delivered');
  expect(at.got).toHaveLength(hasSent || !hasBegun ? 1 : 0);
  const { receiver } = await world.stored(shipment.receiver);
  const over = plusMs(NOON, LEASE_MS);
  const settled = settle(receiver, over, 0);
  if (hasAnswered || !hasBegun) expect(settled).toMatchObject({ is: 'delivered', attempts: 1 });
  else expect(settled).toMatchObject({ is: 'again', due: plusMs(over, SCHEDULE_MS[1] ?? 0), receiver: { failures: 1 } });
});

test('side by side, one that hangs does not hold up the others', async () => {
  const hanging = world.robot('wecom');
  hanging.fails({ is: 'hang' });
  const others = PLATFORMS.map((platform) => world.robot(platform));
  const shipments: Shipment[] = [];
  for (const at of [hanging, ...others]) shipments.push(await world.handedOver(at.platform, pasted(at)));
  let tell = (): void => {};
  const othersAreTold = new Promise<void>((told) => {
    tell = told;
  });
  const wake: Sending['wake'] = async (woken) => {
    if (world.wakes.push(woken) === others.length) tell();
  };
  const sent = Promise.all(shipments.map((shipment) => world.send(shipment, { wake })));
  await othersAreTold;
  expect(others.map(({ got }) => got.filter(({ isTaken }) => isTaken).length)).toEqual(others.map(() => 1));
  expect(hanging.got).toHaveLength(1);
  hanging.heals();
  expect(await sent).toEqual(['failed', ...others.map(() => 'delivered')]);
});
