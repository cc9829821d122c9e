/** Deadlines along random lives of cases: nobody wins time but by what the policy gives time for, and what was late stays so. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Instant, plusMs } from '../../shared/domain/calendar.ts';
import { type Hazard, type HazardCommand, type HazardFact, isOpen } from '../../shared/domain/hazard.ts';
import { overdueAt } from '../../shared/domain/hazard-deadlines.ts';
import { decideHazard } from '../../shared/domain/hazard-decide.ts';
import { apply, at, day, from, opened, type Person, people, photo, plan, rules, type Step } from '../support/hazard-case.ts';

const HOUR_MS = 3_600_000;
const major = { criterion: 'hard-to-cure', basis: '须停产' };
const DAYS = ['2026-03-05', '2026-03-10', '2026-03-14', '2026-04-10', '2026-05-20'].map(day);

const curing: Step[] = [
  ['wang', at('03-02T10:00'), { type: 'GradeHazard', level: 'general' }],
  ['wang', at('03-02T10:05'), { type: 'AssignRectification', rectifier: people.li.id }],
];

/** What moves cures: handing in and back most of all. */
const COMMANDS: readonly (readonly [weight: number, by: Person, command: HazardCommand])[] = [
  [9, 'li', { type: 'SubmitRectification', account: '', evidence: [photo('a')] }],
  [7, 'duan', { type: 'ReturnRectification', reason: '' }],
  [1, 'duan', { type: 'AcceptRectification' }],
  ...DAYS.map((until) => [1, 'wang', { type: 'AssignRectification', rectifier: people.li.id, until }] as const),
  ...DAYS.map((until) => [1, 'li', { type: 'RequestExtension', until, reason: '' }] as const),
  [2, 'duan', { type: 'DecideExtension', granted: true }],
  [1, 'duan', { type: 'UpgradeHazard', ...major }],
  [2, 'wang', { type: 'FilePlan', plan }],
  [2, 'duan', { type: 'ApprovePlan' }],
  [1, 'duan', { type: 'ListForSupervision', document: '1', term: day('2026-04-10') }],
  [2, 'li', { type: 'ReopenHazard', reason: '', evidence: [photo('again')] }],
  [3, 'system', { type: 'MarkOverdue' }],
  [3, 'system', { type: 'Escalate' }],
];

const MAY_MOVE: readonly HazardFact['type'][] = ['ExtensionGranted', 'PlanApproved', 'HazardReopened'];

/** The deadline of the cure, also while what was handed in waits for its verdict. */
const cureOf = (hazard: Hazard) =>
  hazard.obligations.find(({ kind }) => kind === 'rectify') ??
  (hazard.stage === 'awaiting-acceptance' ? hazard.handedIn : undefined);

test('the time of a cure grows by an extension, a plan, a reopening or one return; what was late shows until the end', () => {
  const step = fc.record({
    pick: fc.oneof(...COMMANDS.map(([weight, by, command]) => ({ weight, arbitrary: fc.constant({ by, command }) }))),
    hours: fc.constantFrom(0, 1, 5, 30, 80),
  });
  const seen = { returned: 0, more: 0, late: 0, lateAndBack: 0 };
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 30 }), (steps) => {
      let hazard = from(opened(), ...curing);
      let now: Instant = at('03-02T11:00');
      let returnsThatGave = 0;
      let isLate = false;
      for (const { pick, hours } of steps) {
        now = plusMs(now, hours * HOUR_MS);
        const occasion = { at: now, actor: people[pick.by] };
        const answer = decideHazard(hazard, pick.command, rules, occasion);
        if (answer.kind === 'denied') continue;
        for (const fact of answer.events) {
          const before = cureOf(hazard);
          hazard = apply(hazard, [fact], occasion);
          const after = cureOf(hazard);
          if (MAY_MOVE.includes(fact.type)) {
            if (fact.type !== 'ExtensionGranted') returnsThatGave = 0;
          } else if (before && after && after.due > before.due) {
            expect(fact.type).toBe('RectificationReturned');
            returnsThatGave += 1;
            seen.more += 1;
            expect(before.missed).toBeUndefined();
          }
          expect(returnsThatGave).toBeLessThan(2);
          if (fact.type === 'RectificationReturned') {
            seen.returned += 1;
            if (before?.missed) {
              seen.lateAndBack += 1;
              expect(after).toEqual(before);
            }
          }
          if (fact.type === 'HazardReopened') isLate = false;
          if (fact.type === 'DeadlineMissed') isLate = true;
        }
        if (isLate) seen.late += 1;
        if (isOpen(hazard) && isLate) expect(overdueAt(hazard, now)).toBeDefined();
      }
    }),
    { numRuns: 150 },
  );
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(10);
});
