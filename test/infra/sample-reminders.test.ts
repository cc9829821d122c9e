import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { on } from '../../infra/local/sample/act.ts';
import { sampleCounty } from '../../infra/local/sample/county.ts';
import { seededRandom } from '../../infra/local/sample/random.ts';
import { type Line, readLines, startReceiving } from '../../infra/local/sample/receiving.ts';
import { expectedReminders, recountReminders } from '../../infra/local/sample/recount-reminders.ts';
import { planHazards } from '../../infra/local/sample/stories.ts';
import { planReminders } from '../../infra/local/sample/subscribers.ts';
import { leftOut, ofReminders, type ReminderFindings, reminderCounts } from '../../infra/local/sample/verdict-reminders.ts';
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
const reminder = (id: string) => ({ id, kind: 'hazard-major', about: 'HAZ#A' });
const told = (at: Instant, id: string, message: number, ids: readonly string[], more: object = {}) =>
  event(at, `SENT#${id}`, 'MessageDelivered', { message, attempts: 1, reminders: ids.map(reminder), sha256: '', ...more });
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
  const [counted] = recountReminders(events);
  expect(counted).toMatchObject({ name: '企业群', twice: [], messages: [{ isAgain: false }, { isAgain: true }] });
});

test('receivers live by the time that a request says, and take the next secret when they are told to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'receiving-'));
  const file = join(folder, 'deliveries.jsonl');
  const receiving = await startReceiving(file);
  const robot = receiving.stand('wecom', '群');
  expect(receiving.stand('wecom', '群')).toBe(robot);
  const body = JSON.stringify({ msgtype: 'text', text: { content: '您好' } });
  const at = on(3, '08:05');
  await fetch(robot.address, { method: 'POST', headers: { 'x-simulated-at': at }, body });
  receiving.stand('webhook', '系统');
  const next = receiving.nextSecretOf('系统');
  receiving.takesNext('系统');
  expect(receiving.nextSecretOf('系统')).not.toBe(next);
  await receiving.stop();
  expect(readLines(file)).toMatchObject([{ platform: 'wecom', receiver: '群', at, code: 0, isTaken: true, text: '您好' }]);
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
      recounted: recountReminders(events),
      expected: expectedReminders(events, policy, on(3, '00:00')),
      openings: [{ subscription: 'a', colour: 'RED', due: 1, told: 1 }],
      received: [line()],
      receiverOf: (name) => name,
      names: new Set(['样例岩12']),
      toldUntil: on(3, '00:00'),
      quiet: policy.reminders.quiet,
      ...change,
    };
  };
  const says = (change: Partial<ReminderFindings>) => ofReminders(findings(change));

  test('nothing is said where everybody was told; that so little went wrong is', () => {
    expect(says({})).toEqual([]);
    expect(leftOut(findings())).toContainEqual('the receiver that hangs was tried 0 times, and the schedule has ten');
    expect(reminderCounts(findings())).toMatchObject({ told: 1, messages: 1, merged: 0, received: 1 });
  });

  const recountedOf = (...more: readonly LedgerEvent[]) => {
    sequences.clear();
    return recountReminders(ledger(told(on(2, '11:01'), 'a', 1, [MAJOR]), ...more));
  };
  test.each([
    ['the API counts another number', { said: [{ ...findings().said[0], told: 2 }, findings().said[1]] }, '2 told, the ledger 1'],
    ['one was forgotten', { expected: [{ subscription: 'b', reminder: MAJOR, fate: undefined }] }, '乡镇群 had to be told of'],
    [
      'a period was opened in silence',
      { openings: [{ subscription: 'a', colour: 'RED', due: 2, told: 1 }] },
      '2 periods of RED were opened with something to be checked, and 1 told',
    ],
    ['a message was lost on its way', { received: [] }, '企业群 got 0 messages, and the ledger tells of 1'],
    ['a message came twice', { received: [line(), line()] }, '企业群 got 2 messages'],
    ['a robot was sent too much', { received: [line({ code: 45009, isTaken: false }), line()] }, 'was sent too much'],
    [
      'more than twenty came in a minute',
      { received: Array.from({ length: 21 }, () => line({ receiver: '别的群' })) },
      'more than 20 messages in the minute',
    ],
    ['a person is named', { received: [line({ text: '负责人样例岩12' })] }, 'names 样例岩12'],
    ['a telephone number is there', { received: [line({ text: '0692-0000001' })] }, 'has a telephone number'],
    ['a secret is there', { received: [line({ text: 'whsec_abc' })] }, 'has a secret or an address'],
    ['somebody was disturbed in the night', { received: [line({ at: on(2, '23:00') })] }, 'in the night'],
  ] as const)('%s', (_, change, expected) => {
    expect(says(change as Partial<ReminderFindings>)).toContainEqual(expect.stringContaining(expected));
  });

  test('told twice is told twice', () => {
    const recounted = recountedOf(told(on(2, '12:00'), 'a', 2, [MAJOR]));
    expect(says({ recounted, received: [line(), line()] })).toEqual([`企业群 was told twice of ${MAJOR}`]);
  });
});
