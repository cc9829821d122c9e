/** A wake or a call that comes late, by the handler of a county whose time is the world's: judged, dated and recorded by when it comes. */
import { jest } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { epochMs, instant } from '../../shared/domain/calendar.ts';
import { outboxSubject } from '../../shared/domain/outbox.ts';
import { receiverOf } from '../../shared/domain/subscription.ts';
import { Messaging, MORNING, minutes, sub } from '../support/messaging.ts';
import { county } from '../support/tokens.ts';

const EVENING = instant('2026-06-03T21:57:00+08:00');
const NIGHT = instant('2026-06-03T22:40:01+08:00');
const TOMORROW = instant('2026-06-04T07:01:00+08:00');

afterEach(() => {
  jest.restoreAllMocks();
});

test('what was to go in the evening does not go in quiet hours, and stands in the ledger on the day on which it went', async () => {
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
  const world = new Messaging();
  const settings = {
    COUNTY: county,
    SHIPMENTS_QUEUE_URL: 'https://sqs.invalid/shipments',
    WAKES_QUEUE_URL: 'https://sqs.invalid/wakes',
    APP_URL: 'https://app.example/#',
  };
  Object.assign(process.env, settings, { SIMULATION: 'false', AWS_REGION: 'cn-north-1' });
  const { handler } = await import('../../functions/compose-messages/handler.ts');
  const clock = jest.spyOn(Date, 'now');
  const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
  const feed = await world.subscribe(1, { channel: 'feed' });
  await world.remind(1, ['soon'], EVENING);
  await world.remind(1, ['order'], EVENING, true);
  const wake = { messageId: '1', body: JSON.stringify({ county, receiver: receiverOf(feed), at: EVENING }) };

  clock.mockReturnValue(epochMs(NIGHT));
  await handler({ Records: [wake] }, context);
  expect(await world.became(1)).toEqual({ order: 'told 1', soon: 'waiting' });
  clock.mockReturnValue(epochMs(TOMORROW));
  await handler({ at: EVENING }, context);
  expect(await world.became(1)).toEqual({ order: 'told 1', soon: 'told 2' });
  const { events } = await dynamoLedgerStore.ofSubject(outboxSubject(sub(1)), 10);
  expect(events.map(({ type, at }) => [type, at])).toEqual([
    ['MessageOffered', NIGHT],
    ['MessageOffered', TOMORROW],
  ]);
  // A call that is ahead of the clock is by what it was meant for.
  clock.mockReturnValue(epochMs(MORNING));
  await expect(handler({ at: minutes(1, TOMORROW) }, context)).resolves.toMatchObject({ told: 0 });
});
