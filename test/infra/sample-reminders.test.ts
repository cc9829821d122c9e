import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Of } from '../../functions/compose-messages/endings.ts';
import { on } from '../../infra/local/sample/act.ts';
import { sampleCounty } from '../../infra/local/sample/county.ts';
import { seededRandom } from '../../infra/local/sample/random.ts';
import { type Line, readLines, startReceiving } from '../../infra/local/sample/receiving.ts';
import { expectedReminders, recountOpenings, recountReminders } from '../../infra/local/sample/recount-reminders.ts';
import { planHazards } from '../../infra/local/sample/stories.ts';
import { planReminders } from '../../infra/local/sample/subscribers.ts';
import {
  heldOf,
  leftOut,
  ofReminders,
  type ReminderFindings,
  reminderCounts,
  type SaidDelivery,
} from '../../infra/local/sample/verdict-reminders.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import { countyCode, personId } from '../../shared/domain/ids.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { policyFor } from '../../shared/policy/load.ts';

const ruili = countyCode('533102');
const policy = policyFor(ruili, on(1, '00:00'));
const sample = sampleCounty(ruili, policy, seededRandom(533102));

const sequences = new Map<string, number>();
const event = (at: Instant, subject: string, type: string, data: unknown): LedgerEvent => {
  const sequence = (sequences.get(subject) ?? 0) + 1;
  sequences.set(subject, sequence);
  return {
    ...{ id: `${subject}:${sequence}`, at, county: ruili, colour: 'NONE', subject, sequence, type, data, schema: 1 },
    actor: { id: personId('system'), role: 'system' },
  };
};
const reminder = (id: string) => ({ id, kind: id.slice(0, id.indexOf(':')), about: 'HAZ#A' });
const told = (at: Instant, id: string, message: number, ids: readonly string[], more: object = {}) =>
  event(at, `SENT#${id}`, 'MessageDelivered', {
    message,
    attempts: 1,
    reminders: ids.map(reminder),
    sha256: `body ${message}`,
    ...more,
  });
const made = (id: string, name: string, scope: object, kinds: readonly string[]) =>
  event(on(1, '07:10'), `SUB#${id}`, 'SubscriptionMade', { id, name, channel: 'wecom', scope, kinds });

const parties = { owner: 'ENT:91533102MAXX000014', township: '533102001', supervisor: 'DEPT:YJJ' };
const MAJOR = 'hazard-major:HAZ#A:2';
const ledger = (...more: readonly LedgerEvent[]): LedgerEvent[] => [
  made('a', '企业群', { of: 'enterprise', uscc: '91533102MAXX000014' }, ['hazard-major']),
  made('b', '乡镇群', { of: 'township', township: '533102002' }, ['hazard-major']),
  event(on(2, '09:00'), 'HAZ#A', 'HazardReported', { ...parties, finding: {} }),
  event(on(2, '11:00'), 'HAZ#A', 'HazardGraded', { level: 'major' }),
  ...more,
];

test('of what had to be told is counted who had to be told of it, and whether he was', () => {
  sequences.clear();
  const forgotten = ledger();
  expect(expectedReminders(forgotten, policy, on(3, '00:00'))).toEqual([{ subscription: 'a', reminder: MAJOR, fate: undefined }]);
  sequences.clear();
  const events = ledger(told(on(2, '11:01'), 'a', 1, [MAJOR]), told(on(2, '12:00'), 'a', 1, [MAJOR], { again: 1 }));
  expect(expectedReminders(events, policy, on(3, '00:00'))).toEqual([{ subscription: 'a', reminder: MAJOR, fate: 'told' }]);
  const [counted] = recountReminders(events, policy);
  expect(counted).toMatchObject({ name: '企业群', twice: [], messages: [{ isAgain: false }, { isAgain: true }] });
});

test('receivers live by the time that a request says, and take the next secret when they are told to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'receiving-'));
  const file = join(folder, 'deliveries.jsonl');
  const receiving = await startReceiving(file);
  const robot = receiving.stand('wecom', '群');
  expect(receiving.stand('wecom', '群')).toBe(robot);
  const content = '您好，<@wang>：[打开](http://localhost/open#/tasks/1)';
  const body = JSON.stringify({ msgtype: 'markdown', markdown: { content } });
  const at = on(3, '08:05');
  const send = (address: string, sent: string) => {
    const headers = { 'x-simulated-at': at, 'content-type': 'application/json' };
    return fetch(address, { method: 'POST', headers, body: sent });
  };
  await send(robot.address, body);
  const card = { msg_type: 'interactive', card: { elements: [{ url: 'http://localhost/a' }] } };
  // The ledger knows nothing of the time and the signature that this platform has in the body.
  const signed = JSON.stringify({ timestamp: '1780000000', sign: 'c2lnbg==', ...card });
  await send(receiving.stand('feishu', '飞书群').address, signed);
  receiving.stand('webhook', '系统');
  const next = receiving.nextSecretOf('系统');
  receiving.takesNext('系统');
  expect(receiving.nextSecretOf('系统')).not.toBe(next);
  await receiving.stop();
  expect(readLines(file)).toMatchObject([
    {
      ...{ platform: 'wecom', receiver: '群', at, code: 0, isTaken: true, text: content },
      ...{ mentions: ['wang'], links: ['http://localhost/open#/tasks/1'], sha256: sha256Of(body) },
    },
    { receiver: '飞书群', links: ['http://localhost/a'], sha256: sha256Of(JSON.stringify(card)) },
  ]);
  expect(readFileSync(file, 'utf8')).not.toMatch('c2lnbg');
  rmSync(folder, { recursive: true });
});

test('everybody who is reminded is in the county, and what goes wrong comes after he subscribed', () => {
  const { acts } = planReminders(sample, planHazards(sample, seededRandom(1)));
  const times = (does: string) => acts.filter((act) => act.does === does).map(({ at }) => at);
  expect(times('MakeSubscription').length).toBeGreaterThan(30);
  const [subscribed = ''] = times('MakeSubscription');
  for (const { at } of acts) expect(at >= subscribed).toBe(true);
  for (const does of ['RotateSecret', 'RedriveDeliveries', 'ReplayMessages', 'its receiver: hang']) {
    expect([does, times(does).length > 0]).toEqual([does, true]);
  }
});

describe('the verdict', () => {
  const line = (change: Partial<Line> = {}): Line => ({
    ...{
      platform: 'wecom',
      receiver: '企业群',
      at: on(2, '11:01'),
      status: 200,
      code: 0,
      isTaken: true,
      bytes: 9,
      text: '重大隐患',
      links: ['http://localhost/open#/hazards/A'],
      sha256: 'body 1',
    },
    ...change,
  });
  const findings = (change: Partial<ReminderFindings> = {}): ReminderFindings => {
    sequences.clear();
    const events = ledger(told(on(2, '11:01'), 'a', 1, [MAJOR]));
    const said = { quiet: policy.reminders.quiet, dropped: 0, dead: 0 };
    const delivery = { reminder: MAJOR, isUrgent: true, cameAbout: on(2, '11:00'), due: on(2, '11:00') };
    return {
      said: [
        { ...said, id: 'a', name: '企业群', told: 1, deliveries: [{ ...delivery, state: 'told' }] },
        { ...said, id: 'b', name: '乡镇群', told: 0, deliveries: [] },
      ],
      recounted: recountReminders(events, policy),
      expected: expectedReminders(events, policy, on(3, '00:00')),
      openings: [{ subscription: 'a', colour: 'RED', due: 1, told: 1 }],
      received: [line()],
      receiverOf: (name) => name,
      names: new Set(['样例岩12']),
      toldUntil: on(3, '00:00'),
      composedBy: (at) => at,
      within: 300_000,
      urgent: policy.reminders.urgent.kinds,
      quiet: policy.reminders.quiet,
      ...change,
    };
  };
  const says = (change: Partial<ReminderFindings>) => ofReminders(findings(change));
  /** What the API has of the one delivery that there is; nothing: none. */
  const saying = (change?: Partial<SaidDelivery>): ReminderFindings['said'] =>
    findings().said.map((one) => ({
      ...one,
      deliveries: change === undefined ? [] : one.deliveries.map((delivery) => ({ ...delivery, ...change })),
    }));
  const calmly = { said: saying({ isUrgent: false }), urgent: [] };

  test('nothing is said where everybody was told; that so little went wrong is', () => {
    expect(says({})).toEqual([]);
    expect(leftOut(findings())).toContainEqual('the receiver that hangs was tried 0 times, and the schedule has ten');
    expect(reminderCounts(findings())).toMatchObject({ told: 1, messages: 1, merged: 0, received: 1 });
  });

  const recountedOf = (...more: readonly LedgerEvent[]) => {
    sequences.clear();
    return recountReminders(ledger(told(on(2, '11:01'), 'a', 1, [MAJOR]), ...more), policy);
  };
  test.each([
    ['the API counts another number', { said: [{ ...findings().said[0], told: 2 }, findings().said[1]] }, '2 told, the ledger 1'],
    ['one was forgotten', { expected: [{ subscription: 'b', reminder: MAJOR, fate: undefined }] }, '乡镇群 had to be told of'],
    [
      'a period was opened in silence',
      { openings: [{ subscription: 'a', colour: 'RED', due: 2, told: 1 }] },
      '2 periods of RED were opened with something to be checked, and 1 told',
    ],
    ['a message was lost on its way', { received: [] }, '企业群 has nothing of it'],
    ['a message came twice', { received: [line(), line()] }, '企业群 got “” at'],
    ['another text came', { received: [line({ sha256: 'another' })] }, '企业群 has nothing of it'],
    ['it came under another id', { received: [line({ webhookId: 'msg_a_2' })] }, '企业群 has nothing of it'],
    ['it came again, and nobody asked', { received: [line({ isRepeated: true })] }, ' again, of which the ledger tells nothing'],
    ['it came a day late', { received: [line({ at: on(3, '11:01') })] }, '1441 minutes after it was due'],
    ['it leads nowhere', { received: [line({ links: [] })] }, 'which leads nowhere'],
    ['a platform was in a hurry', { received: [line({ status: 429, isTaken: false }), line()] }, 'was sent too much'],
    ['it waits', { said: saying({ state: 'waiting' }) }, `企业群: ${MAJOR} was due at ${on(2, '11:00')}, and waits`],
    ['the API says another fate', { said: saying({ state: 'dropped' }) }, `${MAJOR} is dropped, the ledger told`],
    ['the API has lost it', { said: saying() }, `the ledger tells of ${MAJOR}, and the API does not`],
    ['what is urgent always is not', { said: saying({ state: 'told', isUrgent: false }) }, `says that ${MAJOR} is not urgent`],
    ['a robot was sent too much', { received: [line({ code: 45009, isTaken: false }), line()] }, 'was sent too much'],
    [
      'more than twenty came in a minute',
      { received: Array.from({ length: 21 }, () => line({ receiver: '别的群' })) },
      'more than 20 messages in the minute',
    ],
    ['a person is named', { received: [line({ text: '负责人样例岩12' })] }, 'names 样例岩12'],
    ['a telephone number is there', { received: [line({ text: '0692-0000001' })] }, 'has a telephone number'],
    ['a secret is there', { received: [line({ text: 'whsec_abc' })] }, 'has a secret or an address'],
    [
      'somebody was disturbed in the night',
      { ...calmly, received: [line({ at: on(2, '23:00'), text: '紧急' })] },
      'in the night',
    ],
  ] as const)('%s', (_, change, expected) => {
    expect(says(change as Partial<ReminderFindings>)).toContainEqual(expect.stringContaining(expected));
  });

  test('a hash is no telephone number', () => {
    expect(says({ received: [line({ sha256: 'ab13987654321cd' })] }).join()).not.toMatch('telephone');
  });

  test('told twice is told twice', () => {
    const recounted = recountedOf(told(on(2, '11:02'), 'a', 2, [MAJOR]));
    expect(says({ recounted, received: [line(), line({ sha256: 'body 2' })] })).toEqual([`企业群 was told twice of ${MAJOR}`]);
  });

  test('one that was lost is not made up by another that came twice', () => {
    const other = 'hazard-listed:HAZ#A:9';
    const recounted = recountedOf(told(on(2, '11:02'), 'a', 2, [other]));
    expect(says({ recounted, received: [line(), line()] })).toEqual(
      expect.arrayContaining([
        `企业群: the ledger tells of message 2 at ${on(2, '11:02')}, and 企业群 has nothing of it`,
        expect.stringContaining('of which the ledger tells nothing'),
      ]),
    );
  });

  test('what is repeated is what was asked for again', () => {
    const recounted = recountedOf(told(on(2, '12:00'), 'a', 1, [MAJOR], { again: 1 }));
    expect(says({ recounted, received: [line(), line({ isRepeated: true, at: on(2, '12:00') })] })).toEqual([]);
    expect(says({ recounted, received: [line()] })).toEqual([expect.stringContaining(' has nothing of it')]);
  });

  test('nobody is told of another township’s hazard, of another’s enterprise, or of another department’s draw', () => {
    const strange = (id: string, ...more: readonly LedgerEvent[]) => recountedOf(told(on(2, '11:01'), id, 1, [MAJOR]), ...more);
    expect(strange('b').map(({ strangers }) => strangers)).toEqual([[], [MAJOR]]);
    expect(says({ recounted: strange('b') })).toContain(`乡镇群 was told of ${MAJOR}, which is not for it`);
    // What no rule of the ledger names exactly is held against the place.
    expect(recountedOf(told(on(2, '11:01'), 'b', 1, ['hazard-waiting:HAZ#A:2']))[1]?.strangers).toHaveLength(1);
    const draw = { id: 'draw-announced:DRAW#YJJ#000001:1', kind: 'draw-announced', about: 'DRAW#YJJ#000001' };
    const ofDraw = event(on(2, '11:02'), 'SENT#b', 'MessageDelivered', {
      message: 2,
      attempts: 1,
      reminders: [draw],
      sha256: '',
    });
    expect(recountedOf(ofDraw)[1]?.strangers).toEqual([draw.id]);
    const other = event(on(2, '09:00'), 'HAZ#A', 'HazardReported', { ...parties, owner: 'ENT:91533102MAXX000022', finding: {} });
    sequences.clear();
    expect(recountReminders([...ledger(told(on(2, '11:01'), 'a', 1, [MAJOR])), other], policy)[0]?.strangers).toEqual([MAJOR]);
  });

  test('what is dropped as done was done', () => {
    const drop = (because: string) => {
      const reminders = [{ ...reminder(MAJOR), because }];
      return event(on(2, '11:01'), 'SENT#a', 'RemindersDropped', { reminders });
    };
    const dropped = (because: string, ...before: readonly LedgerEvent[]) => {
      sequences.clear();
      return recountReminders([...ledger(), ...before, drop(because)], policy);
    };
    const sentence = `企业群: ${MAJOR} was dropped as done at ${on(2, '11:01')}, and none of HazardClosed had happened`;
    expect(says({ recounted: dropped('done') })).toContain(sentence);
    const closed = { ...event(on(2, '11:00'), 'HAZ#A', 'HazardClosed', {}), sequence: 3 };
    expect(says({ recounted: dropped('done', closed) }).join()).not.toMatch('was dropped as');
    expect(says({ recounted: dropped('done', { ...closed, at: on(2, '11:02') }) })).toContain(sentence);
    expect(says({ recounted: dropped('done', { ...closed, sequence: 1 }) })).toContain(sentence);
    for (const because of ['ended', 'unwanted', 'void']) {
      expect(says({ recounted: dropped(because) }).join()).toMatch(`was dropped as ${because}`);
    }
  });

  test('what is dead was tried ten times, or was refused for good', () => {
    const dead = (attempts: number, ...more: readonly LedgerEvent[]) => {
      sequences.clear();
      const data = { message: 1, attempts, reminders: [reminder(MAJOR)], sha256: '', because: '' };
      const events = ledger(event(on(2, '11:01'), 'SENT#a', 'MessageDead', data), ...more);
      const [recounted, expected] = [recountReminders(events, policy), expectedReminders(events, policy, on(3, '00:00'))];
      return says({ recounted, expected, received: [] }).filter((one) => one.includes('given up'));
    };
    expect(dead(9)).toEqual([`企业群: ${MAJOR} was given up too soon`]);
    expect(dead(10)).toEqual([]);
    expect(dead(1, event(on(2, '11:01'), 'SUB#a', 'SubscriptionDisabled', { because: '' }))).toEqual([]);
  });

  test('late is excused by a refusal as long as its rest, by a redrive, by the night where it may wait, and by nothing else', () => {
    const at = on(2, '11:45');
    const late = (attempts: number, refused: Partial<Line>[], ...more: readonly LedgerEvent[]) => {
      sequences.clear();
      const recounted = recountReminders(ledger(...more, told(at, 'a', 1, [MAJOR], { attempts })), policy);
      const received = [...refused.map((each) => line({ isTaken: false, code: -1, ...each })), line({ at })];
      return says({ recounted, received });
    };
    const tooLate = [`企业群 was told of ${MAJOR} at ${at}, 45 minutes after it was due`];
    expect(late(1, [])).toEqual(tooLate);
    expect(late(4, [{ at: on(2, '11:08') }])).toEqual([]);
    expect(late(3, [{ at: on(2, '11:08') }])).toEqual(tooLate);
    expect(late(1, [{ at: on(2, '11:08') }])).toEqual(tooLate);
    expect(late(4, [{ at: on(2, '11:08'), receiver: '别的群' }])).toEqual(tooLate);
    expect(late(1, [], event(on(2, '11:41'), 'SENT#a', 'RedriveAsked', { reminders: 1 }))).toEqual([]);

    const night = (isUrgent: boolean) => {
      sequences.clear();
      const morning = on(3, '07:04');
      const recounted = recountReminders(ledger(told(morning, 'a', 1, [MAJOR])), policy);
      return says({ said: saying({ isUrgent, due: on(2, '22:10') }), urgent: [], recounted, received: [line({ at: morning })] });
    };
    expect(night(false)).toEqual([]);
    expect(night(true)).toEqual([expect.stringContaining('534 minutes after it was due')]);
  });

  test('the ledger itself shows whom it disturbed', () => {
    sequences.clear();
    const recounted = recountReminders(ledger(told(on(2, '23:00'), 'a', 1, [MAJOR])), policy);
    const ofLedger = `企业群 was sent message 1 at ${on(2, '23:00')}, in its quiet hours, and not all of it is urgent`;
    expect(says({ ...calmly, recounted })).toContain(ofLedger);
    expect(says({ recounted })).not.toContain(ofLedger);
    const early = findings().said.map((one) => ({ ...one, quiet: { from: '10:00', until: '12:00' } }));
    const said = early.map((one) => ({ ...one, deliveries: one.deliveries.map((each) => ({ ...each, isUrgent: false })) }));
    expect(says({ said, urgent: [] })).toContainEqual(expect.stringContaining('in its quiet hours'));
  });

  test('what the month shows is counted', () => {
    const other = 'hazard-listed:HAZ#A:9';
    const dead = { message: 2, attempts: 10, reminders: [reminder(other)], sha256: '', because: '' };
    const drop = { reminders: [{ ...reminder('hazard-reported:HAZ#A:1'), because: 'done' }] };
    const recounted = recountedOf(
      event(on(2, '11:03'), 'SENT#a', 'MessageDead', dead),
      event(on(2, '11:04'), 'SENT#a', 'RedriveAsked', { reminders: 4 }),
      told(on(2, '11:05'), 'a', 3, ['x:1', 'x:2', 'x:3'], { attempts: 6 }),
      told(on(2, '11:06'), 'a', 3, ['x:1', 'x:2', 'x:3'], { again: 1 }),
      event(on(2, '11:07'), 'SENT#a', 'RemindersDropped', drop),
      event(on(2, '11:08'), 'SUB#a', 'SubscriptionDisabled', { because: '' }),
      event(on(2, '11:09'), 'SENT#a', 'ReceiverFailing', { since: on(2, '11:00'), failures: 3, says: '' }),
    );
    const received = [line({ mentions: ['wang'] }), line({ isTaken: false }), line({ isTaken: false, mentions: ['wang'] })];
    expect(reminderCounts(findings({ recounted, received }))).toEqual({
      ...{ subscriptions: 2, told: 4, messages: 2, merged: 1, largest: 3, dropped: 1, held: 0, retried: 5 + 9, deadMessages: 1 },
      ...{ dead: 1, redriven: 4, again: 1, disabled: 1, failing: 1, received: 1, refused: 2, called: 1 },
    });
    const { quiet } = findings();
    expect(heldOf({ said: saying({ isUrgent: false, cameAbout: on(2, '22:30') }), quiet })).toBe(1);
    expect(heldOf({ said: saying({ cameAbout: on(2, '22:30') }), quiet })).toBe(0);
    expect(heldOf({ said: saying({ isUrgent: false }), quiet })).toBe(0);
    const held = { said: saying({ isUrgent: false, cameAbout: on(2, '22:30') }) };
    expect(reminderCounts(findings(held)).held).toBe(1);
  });
});

describe('what the ledger says is owed', () => {
  const USCC = '91533102MAXX000014';
  const owner = `ENT:${USCC}`;
  const kinds = ['deadline-missed', 'checks-missed', 'order-issued', 'hazard-major', 'checks-due'];
  const all = [
    made('e', '企业群', { of: 'enterprise', uscc: USCC }, kinds),
    made('w', '车间群', { of: 'workshop', uscc: USCC, workshop: '一车间' }, kinds),
    made('t', '乡镇群', { of: 'township', township: '533102001' }, kinds),
    made('d', '部门群', { of: 'department', department: 'YJJ' }, kinds),
    made('x', '别的部门', { of: 'department', department: 'JTJ' }, kinds),
    made('c', '安委办群', { of: 'county' }, kinds),
    event(on(1, '08:00'), `ENT#${USCC}`, 'EnterpriseRegistered', { township: '533102001', supervisor: 'DEPT:YJJ' }),
    event(on(2, '09:00'), 'HAZ#A', 'HazardReported', { ...parties, finding: {} }),
  ];
  const owed = (happened: LedgerEvent) =>
    expectedReminders([...all, happened], policy, on(9, '00:00')).map((one) => one.subscription);

  test.each([
    ['a step of the ladder, to its roles', 'HAZ#A', 'HazardEscalated', { roles: ['head', 'township-head'] }, ['e', 't']],
    ['an order, to everybody who has to do with it', 'HAZ#A', 'OrderIssued', {}, ['e', 'w', 't', 'd', 'c']],
    ['a major hazard', 'HAZ#A', 'HazardGraded', { level: 'major' }, ['e', 'w', 't', 'd', 'c']],
    ['one that is general', 'HAZ#A', 'HazardGraded', { level: 'general' }, []],
    ['a red point that was missed', `SEAL#RED#1#${owner}#一车间`, 'PeriodSealed', { missed: ['R-1'] }, ['e', 't', 'd']],
    ['a blue one', `SEAL#BLUE#1#${owner}`, 'PeriodSealed', { missed: ['R-1'] }, ['e']],
    ['none that was missed', `SEAL#RED#1#${owner}`, 'PeriodSealed', { missed: [] }, []],
  ] as const)('%s', (_, subject, type, data, expected) => {
    expect(owed(event(on(3, '09:00'), subject, type, data))).toEqual(expected);
  });

  test('of each opening with a point to be checked, the group is told once', () => {
    sequences.clear();
    const graded = { owner, no: 'R1', list: 1, grades: { residual: { colour: 'RED' } }, content: { workshop: '一车间' } };
    const events = [
      event(on(1, '06:00'), `RISK#${USCC}#R1`, 'RiskAdded', graded),
      event(on(1, '06:10'), `ENT#${USCC}`, 'RiskListSigned', { list: 1 }),
      made('e', '企业群', { of: 'enterprise', uscc: USCC }, kinds),
      told(on(2, '08:00'), 'e', 1, ['checks-due:OPEN#533102#RED#20605#E']),
      event(on(3, '07:00'), 'ROUND#1', 'RoundSubmitted', { onTime: ['R1'], checkedAt: on(3, '07:00') }),
    ].map((one) => ({ ...one, actor: { id: personId('p-1'), role: 'head' as const, owner: owner as never } }));
    const openedAt = [on(2, '08:00'), on(3, '08:00'), on(4, '08:00')];
    const red = recountOpenings(events, openedAt).filter(({ colour }) => colour === 'RED');
    expect(red).toEqual([{ subscription: 'e', colour: 'RED', due: 2, told: 1 }]);
    expect(recountOpenings(events, [on(2, '08:00'), on(2, '09:00')])).toContainEqual(
      expect.objectContaining({ due: 1, told: 1 }),
    );
    expect(recountOpenings(events, openedAt).filter(({ colour, due }) => colour !== 'RED' && due > 0)).toEqual([]);
  });
});
