/** What is of a person never enters the ledger in clear: written now, or written before there were commitments and sealed later. */

import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import fc from 'fast-check';
import { commitmentOf } from '../../shared/archive/commitments.ts';
import { checkCommitments } from '../../shared/archive/salts.ts';
import { commandAnswer, commit, EventEntity, eventItem, eventKey, StaleVersion, sizeOfCommit } from '../../shared/data/commit.ts';
import { commitClear } from '../../shared/data/commit-clear.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { committed, PersonalEntity } from '../../shared/data/personal-values.ts';
import { documentClient } from '../../shared/data/tables.ts';
import { instant } from '../../shared/domain/calendar.ts';
import { type CommittedValue, isCommitment, shownText, textsIn, withValues } from '../../shared/domain/commitment.ts';
import { commandId, countyCode, personId } from '../../shared/domain/ids.ts';
import { type Fact, type LedgerEvent, recordFacts } from '../../shared/domain/ledger-event.ts';
import { itemsOfFacts, personalTexts, standsInClear } from '../../shared/domain/personal-members.ts';
import { sha256 } from '../../shared/draw/bytes.ts';
import type { Json } from '../../shared/draw/canonical-json.ts';
import { memoryTables } from '../support/memory-tables.ts';

const SUBJECT = 'ENT#91533102MA6K1A2B1X';
const occasion = {
  at: instant('2026-03-02T09:00:00+08:00'),
  county: countyCode('533102'),
  actor: { id: personId('p-1'), role: 'head' },
} as const;

const REGISTERED: Fact = {
  type: 'EnterpriseRegistered',
  data: {
    name: '瑞丽市某石料厂',
    township: '533102001',
    industry: 'mine',
    supervisor: 'DEPT:YJJ',
    address: '姐告路 8 号，电话 0692-4123456',
    contacts: [
      { post: '负责人', name: '岩温', phone: '13887654321' },
      { post: '安全员', name: '岩温' },
    ],
    workshops: [{ name: '一车间', teams: [] }],
  },
};
const eventOf = (fact: Fact, last = 0): LedgerEvent => {
  const [event] = recordFacts([fact], SUBJECT, last, 'NONE', occasion);
  if (event === undefined) throw new Error('no event');
  return event;
};

/** Salts that can be told from each other. */
const counted = () => {
  let n = 0;
  return () => (n++).toString(16).padStart(64, '0');
};
const valuesOf = async (sequence = 1): Promise<readonly CommittedValue[] | undefined> => {
  const { Item } = await PersonalEntity.build(GetItemCommand)
    .key(eventKey({ subject: SUBJECT, sequence }))
    .send();
  return Item?.values;
};
const storedEvent = async (sequence = 1): Promise<LedgerEvent> => {
  const event = await dynamoLedgerStore.at({ subject: SUBJECT, sequence });
  if (event === undefined) throw new Error('no such event');
  return event;
};
/** As an older version wrote it. */
const writeInClear = async (event: LedgerEvent): Promise<void> =>
  commit({ events: [], writes: [EventEntity.build(PutTransaction).item(eventItem(event)).options({})] });

test('names, telephone numbers and whatever text holds one stand as commitments, each under a salt of its own', async () => {
  const tables = memoryTables();
  await commit({ events: [eventOf(REGISTERED)], writes: [] }, counted());
  const event = await storedEvent();
  expect(event.data).toMatchObject({
    name: '瑞丽市某石料厂',
    address: expect.stringMatching(/^sxj-pii-1:[0-9a-f]{64}$/),
    contacts: [{ post: '负责人' }, { post: '安全员' }],
  });
  const values = (await valuesOf()) ?? [];
  expect(values.map(({ path, value }) => [path, value])).toEqual([
    ['data.address', '姐告路 8 号，电话 0692-4123456'],
    ['data.contacts.0.name', '岩温'],
    ['data.contacts.0.phone', '13887654321'],
    ['data.contacts.1.name', '岩温'],
  ]);
  const stored = [...textsIn(event.data)].map(({ text }) => text).filter(isCommitment);
  expect(stored).toEqual(values.map(commitmentOf));
  expect(new Set(stored).size).toBe(4); // the same name twice says nothing
  expect(tables.snapshot()).toContain('13887654321');
  const ledger: [string, unknown][] = JSON.parse(tables.snapshot());
  expect(JSON.stringify(ledger.find(([name]) => name === 'LEDGER_TABLE'))).not.toMatch(/岩温|13887654321|4123456/);
  expect(withValues(event, values).data).toEqual(REGISTERED.data);
});

test('a salt belongs to a value that was written, or is written nowhere', async () => {
  const tables = memoryTables();
  const command = {
    by: personId('p-1'),
    id: commandId('command-1'),
    requestHash: 'h',
    answer: {},
    keptUntil: instant('2099-01-01T00:00:00+08:00'),
  };
  await commit({ events: [eventOf(REGISTERED)], writes: [], command }, counted());
  const before = tables.snapshot();
  await expect(commit({ events: [eventOf(REGISTERED)], writes: [] }, counted())).rejects.toThrow(StaleVersion);
  await expect(commit({ events: [eventOf(REGISTERED, 1)], writes: [], command })).rejects.toThrow('command-1');
  expect(tables.snapshot()).toBe(before);
});

test('that a command was carried out stays for ever, what was asked and answered does not', async () => {
  const tables = memoryTables();
  const requestHash = sha256('PUT {"phone":"13887654321"}');
  const again = { caller: { id: personId('p-1') }, commandId: commandId('command-1') };
  const [lastMoment, over] = [instant('2026-04-01T08:59:59+08:00'), instant('2026-04-01T09:00:00+08:00')];
  const command = { by: again.caller.id, id: again.commandId, requestHash, answer: { phone: '13887654321' }, keptUntil: over };
  const work = { events: [], writes: [], command };
  await commit(work);
  expect(tables.snapshot()).not.toContain(requestHash); // a hash alone is found by trying telephone numbers
  expect(await commandAnswer({ ...again, requestHash, at: lastMoment })).toEqual({ isSame: true, answer: command.answer });
  expect(await commandAnswer({ ...again, requestHash: sha256('PUT'), at: lastMoment })).toMatchObject({ isSame: false });
  expect(await commandAnswer({ ...again, requestHash, at: over })).toBe('lapsed'); // though the table has not come to it yet
  tables.expire(over);
  expect(tables.snapshot()).not.toContain('13887654321');
  expect(await commandAnswer({ ...again, requestHash, at: over })).toBe('lapsed');
  await expect(commit(work)).rejects.toThrow('command-1');
  expect(sizeOfCommit(work)).toBe(2);
});

test('what could not be sealed is not written', async () => {
  const tables = memoryTables();
  for (const data of [{ people: 1.5 }, { text: '\ud800' }, { people: 2 ** 53 }]) {
    await expect(commit({ events: [eventOf({ type: 'ProgressReported', data })], writes: [] })).rejects.toThrow(TypeError);
  }
  expect(tables.writes()).toBe(0);
});

test('a transaction takes as many items as were counted before', async () => {
  memoryTables();
  const send = documentClient.send.bind(documentClient);
  let items = 0;
  Object.assign(documentClient, {
    send: (asked: { readonly input: { readonly TransactItems?: readonly unknown[] } }) => {
      items = asked.input.TransactItems?.length ?? items;
      return (send as (asked: unknown) => unknown)(asked);
    },
  });
  const events = [eventOf(REGISTERED), eventOf({ type: 'RiskListSigned', data: { list: 1 } }, 1)];
  await commit({ events, writes: [] });
  expect([items, sizeOfCommit({ events, writes: [] }), itemsOfFacts(events)]).toEqual([3, 3, 3]);
});

test('an event of before is committed to once, before it is sealed, and never again', async () => {
  memoryTables();
  await writeInClear(eventOf(REGISTERED));
  await writeInClear(eventOf({ type: 'RiskListSigned', data: { list: 1 } }, 1));
  await Promise.all([commitClear({ subject: SUBJECT, sequence: 1 }), commitClear({ subject: SUBJECT, sequence: 1 })]);
  const event = await storedEvent();
  expect(standsInClear(event)).toBe(false);
  const values = (await valuesOf()) ?? [];
  expect(withValues(event, values).data).toEqual(REGISTERED.data);
  expect([...textsIn(event.data)].map(({ text }) => text).filter(isCommitment)).toEqual(values.map(commitmentOf));
  await commitClear({ subject: SUBJECT, sequence: 1 });
  await commitClear({ subject: SUBJECT, sequence: 2 });
  expect([await storedEvent(), await valuesOf(2)]).toEqual([event, undefined]);
});

test('ids and hashes are nobody’s numbers, whatever digits they have', () => {
  const data = {
    ...{ round: '00000000-0000-0000-0000-013812345678', hash: '13812345678', owner: 'ENT:12533119198001013X' },
    evidence: [`evidence/91533102MA6K1A2B1X/${'1'.repeat(64)}.jpg`],
    pages: [{ key: 'DUTY#0692-4123456', version: 13812345678 }],
  };
  expect(personalTexts({ type: 'RoundSubmitted', data })).toEqual([]);
  expect(personalTexts({ type: 'RoundSubmitted', data: { ...data, device: '我的手机 138 1234 5678' } })).toHaveLength(1);
});

test('no number that stands in any text of any fact is left in clear, and all of it can be put back', () => {
  const number = fc.constantFrom('13812345678', '+86 138-1234-5678', '０６９２－４１２３４５６', '533102199001011234');
  const text = fc.tuple(fc.string(), number, fc.string()).map(([a, of, b]) => `${a} ${of} ${b}`);
  const leaf = fc.oneof(text, fc.string(), fc.integer(), fc.constant(null), fc.boolean());
  const member = fc.constantFrom('text', 'reason', 'note', 'parts', 'contacts', 'name', 'R.1', '0');
  const { data } = fc.letrec((tie) => ({
    data: fc.dictionary(member, tie('value'), { maxKeys: 4 }),
    value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('value'), { maxLength: 3 }), tie('data')),
  }));
  const type = fc.constantFrom('HazardReported', 'EnterpriseChanged', 'PlanFiled', 'OfAnotherVersion');
  fc.assert(
    fc.property(type, data, (ofType, said) => {
      const event = eventOf({ type: ofType, data: said });
      const { event: written, values } = committed(event, counted());
      const left = [...textsIn(written.data)].filter((one) => /1381234|138-1234|４１２３４５６|5331021990/.test(one.text));
      expect(left).toEqual([]);
      expect(standsInClear(written)).toBe(false);
      expect(withValues(written, values)).toEqual(event);
    }),
    { numRuns: 60 },
  );
});

test('what is handed out opens the commitment also of a member whose name holds points', () => {
  const event = eventOf({ type: 'RoundSubmitted', data: { notApplicable: { 'R.1': '停用，问 13887654321', R: '停用' } } });
  const { event: written, values } = committed(event, counted());
  expect(values).toMatchObject([{ path: 'data.notApplicable.R.1' }]);
  const told: Json = JSON.parse(JSON.stringify(written));
  expect(() => checkCommitments(told, [...values], 'events', 'line 1')).not.toThrow();
  const forged = values.map((value) => ({ ...value, value: '停用' }));
  expect(() => checkCommitments(told, forged, 'events', 'line 1')).toThrow('is not the commitment');
});

test('people read words in the place of a commitment', () => {
  const commitment = commitmentOf({ path: 'data.note', salt: '00', value: 'x' });
  expect([shownText(commitment), shownText('见现场')]).toEqual(['（含个人信息，不在此显示）', '见现场']);
});
