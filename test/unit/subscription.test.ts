import { expect, test } from '@jest/globals';
import { type Instant, instant, plusMs } from '../../shared/domain/calendar.ts';
import { countyCode, personId, receiverId, subscriptionId, townshipCode } from '../../shared/domain/ids.ts';
import { emptyOutbox, type MessageTold, outboxAfter } from '../../shared/domain/outbox.ts';
import { REMINDER_KINDS } from '../../shared/domain/reminder.ts';
import { type Subscription, type SubscriptionFact, wants } from '../../shared/domain/subscription.ts';
import {
  type ChannelTraits,
  changeSubscription,
  disableSubscription,
  type EnteredContent,
  enableSubscription,
  endSubscription,
  makeSubscription,
  replaceAddress,
  replayFault,
  rotateSecret,
  type SubscriptionRules,
  subscriptionAfter,
  testFault,
} from '../../shared/domain/subscription-decide.ts';
import type { SubscriptionRuling } from '../../shared/domain/subscription-denials.ts';

const AT = instant('2026-06-01T09:00:00+08:00');
const county = countyCode('533102');
const id = subscriptionId('a'.repeat(20));
const robot: ChannelTraits = { isPulled: false, secret: 'none', knowsIds: false };
const rules: SubscriptionRules = {
  channels: new Map<string, ChannelTraits>([
    ['wecom', robot],
    ['dingtalk', { ...robot, secret: 'possible' }],
    ['webhook', { isPulled: false, secret: 'needed', knowsIds: true }],
    ['feed', { isPulled: true, secret: 'none', knowsIds: true }],
  ]),
  townships: new Set([townshipCode('533102102')]),
  departments: new Set(['YJJ']),
};
const place = { receiver: receiverId('1'.repeat(32)), host: 'qyapi.weixin.qq.com' };
const township: EnteredContent = {
  name: '勐卯镇应急群',
  scope: { of: 'township', township: townshipCode('533102102') },
  language: 'zh-CN',
  mentions: { users: [], everybody: false },
};

const factsOf = (ruling: SubscriptionRuling<SubscriptionFact>): readonly SubscriptionFact[] => {
  if (ruling.kind === 'denied') throw new Error(ruling.reason);
  return ruling.events;
};
const apply = (before: Subscription | undefined, ruling: SubscriptionRuling<SubscriptionFact>, at: Instant = AT): Subscription =>
  subscriptionAfter(before, factsOf(ruling), { at, county, actor: { id: personId('li'), role: 'township-officer' } });
const made = (entered: Partial<EnteredContent> = {}, channel = 'wecom'): Subscription =>
  apply(undefined, makeSubscription(id, channel, { ...township, ...entered }, channel === 'feed' ? undefined : place, rules));

test('what is made says who made it and when, and asks for every kind there will be where none is named', () => {
  expect(made()).toEqual({
    ...township,
    ...{ id, county, channel: 'wecom', ...place },
    ...{ state: 'active', madeBy: 'li', madeAt: AT },
  });
  expect(REMINDER_KINDS.every((kind) => wants(made(), kind))).toBe(true);
  expect(made({ kinds: ['order-issued', 'hazard-major', 'order-issued'] }).kinds).toEqual(['hazard-major', 'order-issued']);
  expect(made({}, 'feed').receiver).toBeUndefined();
});

test.each<[string, string | undefined, Partial<EnteredContent>]>([
  ['role-not-of-scope', 'roles', { roles: ['township-head', 'head'] }],
  ['unknown-township', 'scope.township', { scope: { of: 'township', township: townshipCode('533102999') } }],
  ['unknown-department', 'scope.department', { scope: { of: 'department', department: 'XXX' } }],
  ['unknown-kind', 'kinds', { kinds: ['gossip' as 'test'] }],
  ['quiet-malformed', 'quiet', { quiet: { from: '24:00', until: '07:00' } }],
  ['quiet-malformed', 'quiet', { quiet: { from: '22:00', until: '7:00' } }],
  ['mention-is-telephone', 'mentions.users', { mentions: { users: ['wang', '13800138000'], everybody: false } }],
])('%s is refused, when it is made and when it is changed', (reason, field, entered) => {
  const wanted = { ...township, ...entered };
  expect(makeSubscription(id, 'wecom', wanted, place, rules)).toMatchObject({ kind: 'denied', reason, field });
  expect(changeSubscription(made(), wanted, rules)).toMatchObject({ kind: 'denied', reason, field });
});

test('an address is needed where something is sent, and has no use where it is pulled', () => {
  expect(makeSubscription(id, 'pigeon', township, place, rules)).toMatchObject({ reason: 'unknown-channel' });
  expect(makeSubscription(id, 'wecom', township, undefined, rules)).toMatchObject({ reason: 'address-missing' });
  expect(makeSubscription(id, 'feed', township, place, rules)).toMatchObject({ reason: 'address-of-feed' });
  expect(replaceAddress(made({}, 'feed'), place, rules)).toMatchObject({ reason: 'address-of-feed' });
});

test('a change replaces what was said, and says nothing where nothing changes', () => {
  const before = made({ quiet: { from: '21:00', until: '08:00' }, roles: ['township-head'] });
  const same = { ...township, quiet: { from: '21:00', until: '08:00' }, roles: ['township-head', 'township-head'] as const };
  expect(factsOf(changeSubscription(before, same, rules))).toEqual([]);
  const after = apply(before, changeSubscription(before, { ...township, name: '值班群' }, rules));
  expect(after).toEqual({ ...made(), name: '值班群' });
});

test('a secret is rotated with an overlap where there is one; another address has no secret before it', () => {
  const HOURS = { hours: 24 };
  expect(rotateSecret(made(), rules, HOURS, AT)).toMatchObject({ reason: 'channel-has-no-secret' });
  expect(rotateSecret(made({}, 'feed'), rules, HOURS, AT)).toMatchObject({ reason: 'feed-has-no-secret' });
  const webhook = made({}, 'webhook');
  const rotated = apply(webhook, rotateSecret(webhook, rules, HOURS, AT));
  expect(rotated.rotated).toEqual({ at: AT, until: plusMs(AT, 86_400_000) });
  const elsewhere = { receiver: receiverId('2'.repeat(32)), host: 'example.cn' };
  expect(apply(rotated, replaceAddress(rotated, elsewhere, rules))).toEqual({ ...webhook, ...elsewhere });
});

test('it is disabled once, enabled where it was disabled, and ended for good', () => {
  const before = made({}, 'webhook');
  expect(enableSubscription(before)).toMatchObject({ reason: 'not-disabled' });
  const disabled = apply(before, disableSubscription(before, '410'));
  expect(disabled).toEqual({ ...before, state: 'disabled', disabled: { because: '410', at: AT } });
  expect(factsOf(disableSubscription(disabled, 'again'))).toEqual([]);
  expect(testFault(disabled)).toMatchObject({ reason: 'subscription-disabled' });
  expect(apply(disabled, enableSubscription(disabled))).toEqual(before);
  const ended = apply(disabled, endSubscription(disabled));
  expect(ended.state).toBe('ended');
  expect(ended.disabled).toBeUndefined();
  expect(factsOf(disableSubscription(ended, '410'))).toEqual([]);
  for (const ruling of [
    changeSubscription(ended, township, rules),
    replaceAddress(ended, place, rules),
    rotateSecret(ended, rules, { hours: 24 }, AT),
    enableSubscription(ended),
    endSubscription(ended),
    testFault(ended),
    replayFault(ended, rules),
  ]) {
    expect(ruling).toMatchObject({ kind: 'denied', reason: 'subscription-ended' });
  }
});

test('only who knows messages by their ids is sent them once more', () => {
  expect(replayFault(made(), rules)).toMatchObject({ reason: 'no-ids' });
  expect(replayFault(made({}, 'webhook'), rules)).toBeUndefined();
});

test('a test reaches it whatever it wants, as long as it has not ended', () => {
  const before = made({ kinds: ['hazard-major'] });
  expect([wants(before, 'test'), wants(before, 'hazard-major'), wants(before, 'checks-due')]).toEqual([true, true, false]);
  expect(wants(apply(before, endSubscription(before)), 'hazard-major')).toBe(false);
});

test('an outbox counts what became of reminders; what is sent once more tells nobody anything new', () => {
  const told = (message: number, reminders: number, again?: number): MessageTold => ({
    ...{ message, attempts: 1, sha256: 'f'.repeat(64) },
    reminders: Array.from({ length: reminders }, (_, no) => ({ id: `r${no}`, kind: 'checks-due', about: 'ENT:x' })),
    ...(again !== undefined && { again }),
  });
  const facts = [
    { type: 'MessageDelivered', data: told(1, 3) },
    { type: 'MessageDead', data: { ...told(2, 2), because: '500' } },
    { type: 'RemindersDropped', data: { reminders: [{ id: 'r9', kind: 'checks-due', about: 'ENT:x', because: 'done' }] } },
    { type: 'ReplayAsked', data: { from: AT, until: AT, messages: 1 } },
    { type: 'MessageDelivered', data: told(1, 3, 1) },
    { type: 'RedriveAsked', data: { reminders: 2 } },
    { type: 'MessageOffered', data: told(3, 2) },
    { type: 'FeedRead', data: { through: 3 } },
    { type: 'FeedRead', data: { through: 1 } },
    { type: 'TestAsked', data: {} },
    { type: 'ReceiverFailing', data: { since: AT, failures: 3, says: '500' } },
  ] as const;
  expect(outboxAfter(emptyOutbox(id), facts, AT)).toEqual({
    ...{ subscription: id, last: 3, told: 5, dropped: 1, dead: 0, lastTold: AT, readThrough: 3 },
  });
});
