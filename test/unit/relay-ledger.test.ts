import { type RelayDependencies, relayLedger } from '../../functions/relay-ledger/relay-ledger.ts';
import { instant } from '../../shared/domain/calendar.ts';
import { countyCode, type HazardId, hazardId, personId } from '../../shared/domain/ids.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { eventBus, type PutEvents } from '../../shared/runtime/event-bus.ts';
import { type RunInput, SUPERSEDED } from '../../workflows/hazard-rectification/contract.ts';
import type { Standing } from '../../workflows/hazard-rectification/standing.ts';

const ID = hazardId('R0123456789AB');

const eventOf = (subject: string, sequence = 1, data: unknown = {}): LedgerEvent => ({
  id: `${subject}:${sequence}`,
  at: instant('2026-03-02T01:00:00Z'),
  county: countyCode('533102'),
  colour: 'RED',
  subject,
  sequence,
  type: 'Happened',
  data,
  actor: { id: personId('wang'), role: 'head' },
  schema: 1,
});

const recordsOf = (...events: readonly LedgerEvent[]) => events.map((event, index) => ({ place: `place-${index}`, event }));

/** A relay over a bus that takes everything, and one case. */
function relayOf(
  given: { standing?: Partial<Standing>; token?: { generation: number; stage: string }; over?: Partial<RelayDependencies> } = {},
) {
  const published: LedgerEvent[] = [];
  const started: RunInput[] = [];
  const answered: unknown[] = [];
  const failures: string[] = [];
  const token = given.token && { hazard: ID, attempt: 0, turn: 0, token: 'token', ...given.token };
  const standing: Standing = {
    hazard: ID,
    generation: 1,
    open: true,
    outcome: { stage: 'rectifying', overdue: false },
    ...given.standing,
  };
  const relay = relayLedger({
    bus: {
      publish: async (events) => {
        published.push(...events);
        return [];
      },
    },
    tokens: { keep: async () => 'kept', of: async () => token },
    standing: async (id: HazardId) => (id === ID ? standing : undefined),
    driveDraw: async () => {},
    tellSent: async () => {},
    executions: {
      start: async (input) => {
        started.push(input);
        return 'started';
      },
      answer: async (_token, outcome) => {
        answered.push(outcome);
        return 'answered';
      },
    },
    failed: (what, subject) => failures.push(`${what} ${subject}`),
    ...given.over,
  });
  return { relay, published, started, answered, failures };
}

test('every event goes to the bus, whatever it is about', async () => {
  const { relay, published, started } = relayOf();
  const events = [eventOf('ROUND#1'), eventOf('SEAL#2'), eventOf('RISK#3')];
  expect(await relay(recordsOf(...events))).toBeUndefined();
  expect(published).toEqual(events);
  expect(started).toEqual([]);
});

test('what could not be told to those who are sent comes again', async () => {
  const tellSent = () => Promise.reject(new Error('the bus is away'));
  const { relay, failures } = relayOf({ over: { tellSent } });
  expect(await relay(recordsOf(eventOf('TASK#YJJ#000001#1#0001')))).toBe('place-0');
  expect(failures).toEqual(['tell TASK#YJJ#000001#1#0001']);
});

test('a case without a run gets one that begins where the case stands', async () => {
  const { relay, started } = relayOf();
  await relay(recordsOf(eventOf(`HAZ#${ID}`)));
  expect(started).toEqual([{ hazard: ID, generation: 1, attempt: 0, stage: 'rectifying', overdue: false }]);
});

test('several events of one case are one telling', async () => {
  const { relay, answered } = relayOf({ token: { generation: 1, stage: 'registered' } });
  await relay(recordsOf(eventOf(`HAZ#${ID}`, 1), eventOf(`HAZ#${ID}`, 2)));
  expect(answered).toEqual([{ stage: 'rectifying', overdue: false }]);
});

test('a wait in the stage where the case stands is left alone', async () => {
  const { relay, answered, started } = relayOf({ token: { generation: 1, stage: 'rectifying' } });
  await relay(recordsOf(eventOf(`HAZ#${ID}`)));
  expect([answered, started]).toEqual([[], []]);
});

test('a case whose next step of the ladder has come wakes its wait', async () => {
  const overdue = { stage: 'rectifying', overdue: true };
  const { relay, answered } = relayOf({ token: { generation: 1, stage: 'rectifying' }, standing: { outcome: overdue } });
  await relay(recordsOf(eventOf(`HAZ#${ID}`)));
  expect(answered).toEqual([overdue]);
});

test('a case that was opened again gets a run of its next generation, and the old wait ends', async () => {
  const { relay, answered, started } = relayOf({
    token: { generation: 1, stage: 'awaiting-acceptance' },
    standing: { generation: 2 },
  });
  await relay(recordsOf(eventOf(`HAZ#${ID}`)));
  expect(started).toMatchObject([{ generation: 2, attempt: 0 }]);
  expect(answered).toEqual([SUPERSEDED]);
});

test('a case that ended before anything drove it gets no run', async () => {
  const { relay, started } = relayOf({ standing: { open: false, outcome: { stage: 'closed', overdue: false } } });
  await relay(recordsOf(eventOf(`HAZ#${ID}`)));
  expect(started).toEqual([]);
});

test('the earliest record that failed comes again with all that follow, and the cases after it are told meanwhile', async () => {
  const third = eventOf('ROUND#9');
  const { relay, started, failures } = relayOf({
    over: { bus: { publish: async () => [third] } },
  });
  const records = recordsOf(eventOf('ROUND#1'), eventOf('ROUND#2'), third, eventOf(`HAZ#${ID}`));
  expect(await relay(records)).toBe('place-2');
  expect(started).toHaveLength(1);
  expect(failures).toEqual([]);
});

test('a bus that does not answer lets the whole batch come again', async () => {
  const { relay, failures } = relayOf({ over: { bus: { publish: () => Promise.reject(new Error('throttled')) } } });
  expect(await relay(recordsOf(eventOf('ROUND#1'), eventOf('ROUND#2')))).toBe('place-0');
  expect(failures).toEqual(['publish ROUND#1']);
});

test('a case that cannot be told comes again from its first record', async () => {
  const { relay, failures } = relayOf({
    over: { tokens: { keep: async () => 'kept', of: () => Promise.reject(new Error('throttled')) } },
  });
  expect(await relay(recordsOf(eventOf('ROUND#1'), eventOf(`HAZ#${ID}`, 1), eventOf(`HAZ#${ID}`, 2)))).toBe('place-1');
  expect(failures).toEqual([`drive ${ID}`]);
});

describe('the bus', () => {
  const sizes: number[] = [];
  const entries: { Detail?: string | undefined; DetailType?: string | undefined; Source?: string | undefined }[] = [];
  const taking: PutEvents = async (batch) => {
    sizes.push(batch.length);
    entries.push(...batch);
    return { FailedEntryCount: 0 };
  };
  /** As the service: a call of more than 256 KB is refused whole. */
  const limited: PutEvents = async (batch) => {
    const bytes = batch.reduce((sum, { Detail = '' }) => sum + Buffer.byteLength(Detail), 0);
    if (bytes > 262_144) throw new Error('Total size of the entries in the request is over the limit.');
    return taking(batch);
  };
  beforeEach(() => {
    sizes.length = 0;
    entries.length = 0;
  });

  test('takes ten events at a time, in their order, each whole', async () => {
    const events = Array.from({ length: 23 }, (_, index) => eventOf('ROUND#1', index + 1));
    expect(await eventBus('bus', taking).publish(events)).toEqual([]);
    expect(sizes).toEqual([10, 10, 3]);
    expect(entries.map(({ Detail }) => JSON.parse(Detail ?? ''))).toEqual(events);
    expect(entries[0]).toMatchObject({ Source: 'dual-prevention', DetailType: 'Happened' });
  });

  test('takes fewer where they are long', async () => {
    const long = (sequence: number) => eventOf('HAZ#1', sequence, '隐患'.repeat(20_000)); // 120 kB in UTF-8
    await eventBus('bus', taking).publish([long(1), long(2), long(3), eventOf('ROUND#1')]);
    expect(sizes).toEqual([1, 1, 2]);
  });

  test('takes of what is too long for it what it is about, so that it comes neither again nor between the others', async () => {
    const tooLong = eventOf('ROUND#1', 2, { items: '隐患'.repeat(45_000) }); // 270 kB in UTF-8; the ledger takes 400
    const { relay } = relayOf({ over: { bus: eventBus('bus', limited) } });
    expect(await relay(recordsOf(eventOf('ROUND#1'), tooLong, eventOf('ROUND#3')))).toBeUndefined();
    const { id, at, county, colour, subject, sequence, type, schema } = tooLong;
    const brief = { id, at, county, colour, subject, sequence, type, schema, truncated: true };
    expect(entries.map(({ Detail }) => JSON.parse(Detail ?? ''))).toEqual([eventOf('ROUND#1'), brief, eventOf('ROUND#3')]);
    expect(entries[1]).toMatchObject({ DetailType: 'Happened' });
  });

  test('names those that it did not take', async () => {
    const refusing: PutEvents = async (batch) => ({
      FailedEntryCount: 1,
      Entries: batch.map((_, index) => (index === 1 ? { ErrorCode: 'ThrottlingException' } : {})),
    });
    const events = [eventOf('ROUND#1'), eventOf('ROUND#2'), eventOf('ROUND#3')];
    expect(await eventBus('bus', refusing).publish(events)).toEqual([events[1]]);
  });
});
