/** A secret is rotated here and at the platform, never at once: held against the receivers that have one secret and take one signature. */
import { expect } from '@jest/globals';
import fc from 'fast-check';
import { channelOf } from '../../shared/channels/all.ts';
import type { Address } from '../../shared/channels/channel.ts';
import { plusMs } from '../../shared/domain/calendar.ts';
import { release } from '../../shared/domain/receiver.ts';
import { settle } from '../../shared/domain/receiver-settle.ts';
import { NOON, pasted, SendingWorld } from '../support/sending.ts';

let world: SendingWorld;
beforeAll(async () => {
  world = await SendingWorld.begin();
});
afterAll(() => world.real.stop());

const WRONG = { dingtalk: (no: number) => `SEC${String(no).repeat(64)}`, feishu: (no: number) => String(no).repeat(22) } as const;

/** One message with all attempts that come at once: what became of it, and how often it was sent. */
async function sentWith(platform: keyof typeof WRONG, secretsOf: (own: string) => Address['secrets']) {
  const at = world.robot(platform);
  let shipment = await world.handedOver(platform, { ...pasted(at), secrets: secretsOf(at.secret ?? '') });
  for (;;) {
    await world.send(shipment);
    const { receiver, rev } = await world.stored(shipment.receiver);
    const settled = settle(receiver, NOON, 0);
    if (settled?.is !== 'again')
      return { is: settled?.is, requests: at.got.length, taken: at.got.filter(({ isTaken }) => isTaken).length };
    const of = { ...shipment, turn: 'urgent' as const };
    const released = release(settled.receiver, of, channelOf(platform)?.limits ?? [], NOON);
    if (released?.underway === undefined) throw new Error('not at once');
    await world.receivers.put(released, rev);
    shipment = { ...shipment, attempt: released.underway.attempt };
  }
}

test.each(['dingtalk', 'feishu'] as const)(
  '%s takes it in the overlap, whichever of the secrets it has, and once',
  async (platform) => {
    const cases = fc
      .integer({ min: 1, max: 4 })
      .chain((secrets) => fc.record({ secrets: fc.constant(secrets), its: fc.nat(secrets - 1) }));
    await fc.assert(
      fc.asyncProperty(cases, async ({ secrets, its }) => {
        const sent = await sentWith(platform, (own) =>
          Array.from({ length: secrets }, (_, no) => ({
            secret: no === its ? own : WRONG[platform](no),
            ...(no > 0 && { until: plusMs(NOON, no) }),
          })),
        );
        expect(sent).toEqual({ is: 'delivered', requests: its + 1, taken: 1 });
      }),
      { numRuns: 12 },
    );
  },
);

test.each(['dingtalk', 'feishu'] as const)(
  '%s is disabled where the new secret is wrong and the time of the old one is over',
  async (platform) => {
    const sent = await sentWith(platform, (own) => [{ secret: WRONG[platform](1) }, { secret: own, until: NOON }]);
    expect(sent).toEqual({ is: 'disable', requests: 2, taken: 0 });
    const none = await sentWith(platform, () => [
      { secret: WRONG[platform](1) },
      { secret: WRONG[platform](2), until: plusMs(NOON, 1) },
    ]);
    expect(none).toEqual({ is: 'disable', requests: 3, taken: 0 });
  },
);
