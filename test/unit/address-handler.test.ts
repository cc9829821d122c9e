/** The queue of reminders as the runtime calls it: one bad message holds up no other, and comes back alone. */
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { people } from '../support/hazard-case.ts';
import { at, county, RemindedCounty } from '../support/reminded.ts';

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';

test('what cannot be read or told comes back by itself, the rest is put, and urgent ones ask for a look', async () => {
  const world = await RemindedCounty.open();
  Object.assign(process.env, { COUNTY: county, SIMULATION: 'true', WAKES_QUEUE_URL: 'https://queue/wakes' });
  const sent: unknown[] = [];
  SQSClient.prototype.send = async (command: { readonly input: { readonly MessageBody?: string } }) => {
    sent.push(JSON.parse(command.input.MessageBody ?? ''));
  };
  const { handler } = await import('../../functions/address-reminders/handler.ts');
  await world.report();
  await world.play([
    'wang',
    at('03-02T10:00'),
    { type: 'GradeHazard', level: 'major', criterion: 'hard-to-cure', basis: '须停用' },
  ]);
  const before = (await world.told()).length;
  const order = {
    ...{
      id: 'HAZ#R0123456789ABCDEF:9',
      type: 'OrderIssued',
      at: at('03-02T11:00'),
      county,
      colour: 'RED',
      schema: 1,
      sequence: 9,
    },
    ...{ subject: 'HAZ#R0123456789ABCDEF', actor: people.duan, data: { no: 1, kind: 'stop-use', scope: '罐区' } },
  };
  const bodyOf = (detail: object) => JSON.stringify({ source: 'dual-prevention', 'detail-type': 'OrderIssued', detail });
  const bodies = [
    '{',
    bodyOf({ ...order, subject: 'HAZ#R0123456789ABCDEX' }),
    bodyOf({ type: 'Unheard' }),
    bodyOf(order),
    bodyOf(order),
  ];
  const Records = bodies.map((body, index) => ({ messageId: String(index), body }));
  const answer = await handler({ Records }, { getRemainingTimeInMillis: () => 60_000 } as Context);
  expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual(['0', '1', '2']);
  expect((await world.told()).slice(before)).toMatchObject([{ kind: 'order-issued', urgent: true }]);
  expect(sent).toContainEqual({ county, receiver: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0', at: at('03-02T11:00') });
});
