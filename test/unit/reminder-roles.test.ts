/** Whom each kind can tell at all: by it is refused what would wait for ever. */
import { instant } from '../../shared/domain/calendar.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { REMINDER_KINDS } from '../../shared/domain/reminder.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { rolesOfKinds } from '../../shared/policy/reminder-roles.ts';

const told = rolesOfKinds(policyFor(countyCode('533102'), instant('2026-06-30T06:00:00Z')));

test('every kind tells somebody, but for a test, which tells who asked for it', () => {
  expect(REMINDER_KINDS.filter((kind) => told.get(kind)?.size === 0)).toEqual(['test']);
});

test.each([
  ['checks-due', ['workshop-head'], ['post-holder', 'township-officer', 'committee-officer']],
  ['checks-missed', ['head', 'township-officer', 'department-officer'], ['government-head', 'post-holder']],
  ['order-issued', ['post-holder', 'committee-officer'], ['expert']],
  ['hazard-waiting', ['department-officer', 'workshop-head', 'township-head'], ['committee-officer']],
  ['deadline-missed', ['committee-officer', 'government-head', 'safety-manager'], ['expert']],
  ['task-overdue', ['department-head', 'government-head', 'expert'], ['head']],
  ['grid-gap', ['township-head', 'committee-officer', 'government-head'], ['head', 'expert']],
  ['hazard-assigned', ['team-leader', 'township-officer', 'department-officer'], ['committee-officer']],
] as const)('%s tells these, at some step or in some place, and never those', (kind, some, none) => {
  expect(some.filter((role) => !told.get(kind)?.has(role))).toEqual([]);
  expect(none.filter((role) => told.get(kind)?.has(role))).toEqual([]);
});
