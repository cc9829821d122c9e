/** Whatever is done in a case, it stays an item that its table takes (400 KB): else nobody could carry it on or escalate it. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Instant, plusMs } from '../../shared/domain/calendar.ts';
import type { HazardCommand } from '../../shared/domain/hazard.ts';
import { decideHazard } from '../../shared/domain/hazard-decide.ts';
import { personId } from '../../shared/domain/ids.ts';
import { apply, at, day, from, opened, type Person, people, photo, plan, rules, type Step } from '../support/hazard-case.ts';

/** As long as the API takes any. */
const TEXT = '长'.repeat(2_000);
const PHOTOS = Array.from({ length: 9 }, (_, no) => photo(`photo ${no}`));
const MOST_BYTES = 300_000;
const HOUR_MS = 3_600_000;

const { parts, ...rest } = plan;
const long = { ...rest, measures: TEXT, parts: Object.fromEntries(Object.keys(parts).map((part) => [part, TEXT])) };
const criterion = { criterion: 'hard-to-cure', basis: TEXT };

const begun: Step[] = [
  ['duan', at('03-02T10:00'), { type: 'GradeHazard', level: 'major', ...criterion }],
  ['wang', at('03-02T11:00'), { type: 'FilePlan', plan: long }],
];

const orders = Array.from({ length: 12 }, (_, no): readonly [Person, HazardCommand] => [
  'duan',
  { type: 'LiftOrder', no: no + 1, reason: TEXT },
]);

const COMMANDS: readonly (readonly [by: Person, command: HazardCommand])[] = [
  ['duan', { type: 'ApprovePlan' }],
  ['duan', { type: 'ReturnPlan', reason: TEXT }],
  ['wang', { type: 'FilePlan', plan: long }],
  ['zhao', { type: 'SubmitRectification', account: TEXT, evidence: PHOTOS }],
  ['duan', { type: 'ReturnRectification', reason: TEXT }],
  ['duan', { type: 'AcceptRectification', note: TEXT }],
  ['duan', { type: 'IssueOrder', kind: 'withdraw', scope: TEXT, document: '文'.repeat(100) }],
  ['zhao', { type: 'IssueOrder', kind: 'evacuate', scope: TEXT }],
  ...orders,
  ['wang', { type: 'ApplyForEvacuationHelp', area: TEXT, people: 1 }],
  ['governor', { type: 'AnswerEvacuationHelp', granted: true, note: TEXT }],
  ['duan', { type: 'ListForSupervision', document: '文'.repeat(100), term: day('2027-12-31') }],
  ['wang', { type: 'ReportProgress', text: TEXT }],
  ['wang', { type: 'RequestExtension', until: day('2026-04-20'), reason: TEXT }],
  ['duan', { type: 'DecideExtension', granted: false, note: TEXT }],
  ['duan', { type: 'DecideExtension', granted: true, note: TEXT }],
  ['wang', { type: 'RequestWithdrawal', reason: TEXT }],
  ['wang', { type: 'ApplyToResume', assessor: TEXT, assessment: photo('assessed') }],
  ['duan', { type: 'RefuseToResume', reason: TEXT }],
  ['li', { type: 'ReopenHazard', reason: TEXT, evidence: PHOTOS }],
  ['system', { type: 'MarkOverdue' }],
];

const finding = { description: TEXT, place: '处'.repeat(200), evidence: PHOTOS };
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

test('a case stays under 300 KB whatever is written into it, and the last of everything stays in it', () => {
  let largest = 0;
  const step = fc.record({ pick: fc.constantFrom(...COMMANDS), hours: fc.constantFrom(0, 0, 0, 1, 24) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 300, maxLength: 400 }), (steps) => {
      let hazard = from(opened(finding), ...begun);
      let now: Instant = at('03-02T12:00');
      let no = 0;
      for (const { pick, hours } of steps) {
        now = plusMs(now, hours * HOUR_MS);
        const [by, command] = pick;
        const occasion = { at: now, actor: people[by] };
        const answer = decideHazard(hazard, command, rules, occasion);
        if (answer.kind === 'denied') continue;
        hazard = apply(hazard, answer.events, occasion);
        largest = Math.max(largest, bytesOf(hazard));
        if (command.type === 'SubmitRectification') expect(hazard.attempts.at(-1)?.at).toBe(now);
        if (command.type === 'IssueOrder') {
          no += 1;
          expect(hazard.orders.at(-1)).toMatchObject({ no, at: now });
        }
      }
    }),
    { numRuns: 10 },
  );
  expect(largest).toBeLessThan(MOST_BYTES);
  expect(largest).toBeGreaterThan(150_000);
});

test('a cure that goes from hand to hand has so many hands, all of them remembered', () => {
  let hazard = from(opened(), ['wang', at('03-02T10:00'), { type: 'GradeHazard', level: 'general' }]);
  const occasion = { at: at('03-02T11:00'), actor: people.wang };
  for (let no = 0; no < 300; no++) {
    const command = { type: 'AssignRectification', rectifier: personId(`p${no}`) } as const;
    const answer = decideHazard(hazard, command, rules, occasion);
    if (answer.kind === 'decided') hazard = apply(hazard, answer.events, occasion);
  }
  expect(hazard.fixers).toHaveLength(100);
  expect(new Set(hazard.fixers).size).toBe(100);
});
