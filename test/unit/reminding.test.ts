/** Of every fact that a county records it is said whether it reminds somebody, and of what. */
import { WANTED } from '../../functions/address-reminders/environment.ts';
import { REMINDER_KINDS } from '../../shared/domain/reminder.ts';
import { isReminding, REMINDING, REMINDING_TYPES } from '../../shared/domain/reminding.ts';
import { COUNTIES, policyFor } from '../../shared/policy/load.ts';
import { at } from '../support/reminded.ts';
import { sourcesOf, withoutComments } from '../support/sources.ts';

/** Facts as rules make them and types name them: what has data and is called in the past. Commands have none. */
const facts = new Set(
  sourcesOf('shared', 'functions', 'workflows').flatMap(({ text }) =>
    Array.from(withoutComments(text).matchAll(/\btype: '([A-Z]\w+)'[;,]\s*(?:readonly )?data\b/g), ([, type = '']) => type),
  ),
);

test('every fact that is recorded anywhere stands in the table', () => {
  expect(facts.size).toBeGreaterThan(60);
  expect([...facts].filter((type) => !Object.hasOwn(REMINDING, type))).toEqual([]);
});

test('the rule of the bus wants those that remind, and no other', () => {
  const remind = Object.entries(REMINDING).filter(([, kinds]) => typeof kinds !== 'string');
  expect([...WANTED].sort()).toEqual(remind.map(([type]) => type).sort());
  expect(REMINDING_TYPES.every(isReminding)).toBe(true);
  expect(['MessageDelivered', 'TestAsked', 'constructor', 'Unheard'].filter(isReminding)).toEqual([]);
});

test('every kind comes of something, but the test, which is made ready where it is asked for', () => {
  const come = new Set(Object.values(REMINDING).flatMap((kinds) => (typeof kinds === 'string' ? [] : kinds)));
  expect(REMINDER_KINDS.filter((kind) => !come.has(kind as never))).toEqual(['test']);
});

test.each(COUNTIES)('the policy of %s says whom each kind tells that no event names', (county) => {
  const { audience, missed, acting } = policyFor(county, at('03-02T08:00')).reminders;
  // These are told by the event itself, by what is owed, or by the colour.
  const named = ['checks-missed', 'hazard-waiting', 'deadline-near', 'deadline-missed', 'task-overdue', 'test'];
  expect(REMINDER_KINDS.filter((kind) => audience.byKind[kind] === undefined).sort()).toEqual(named.sort());
  expect(Object.keys(missed.byColour)).toHaveLength(4);
  const owed = ['verify', 'rectify', 'accept', 'extension', 'withdrawal', 'progress', 'evacuation'] as const;
  for (const level of ['general', 'major'] as const) {
    for (const kind of owed) expect(acting[level].byObligation[kind]?.length).toBeGreaterThan(0);
  }
});
