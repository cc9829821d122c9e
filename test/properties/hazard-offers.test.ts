import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plusMs } from '../../shared/domain/calendar.ts';
import type { Hazard } from '../../shared/domain/hazard.ts';
import { decideHazard } from '../../shared/domain/hazard-decide.ts';
import { HAZARD_DENIALS } from '../../shared/domain/hazard-denials.ts';
import { commandsOffered, PERSON_COMMANDS, type PersonCommand } from '../../shared/domain/hazard-offers.ts';
import {
  anArea,
  apply,
  began,
  day,
  department,
  opened,
  openedIn,
  type Person,
  people,
  photo,
  plan,
  rules,
} from '../support/hazard-case.ts';

const HOUR_MS = 3_600_000;
const major = { criterion: 'hard-to-cure', basis: '须停产' };
const DAYS = ['2026-03-01', '2026-03-05', '2026-03-10', '2026-04-10', '2027-12-31'].map(day);
const PEOPLE: readonly Person[] = ['li', 'wang', 'zhao', 'duan', 'yang', 'dao', 'mayor', 'committee', 'governor'];
/** Of an enterprise, of a township's area, and of a department's own. */
const cases = fc.constantFrom(opened(), opened(), openedIn(anArea), openedIn({ ...anArea, owner: department }));

/** Every command with contents that are right, wrong, too late or incomplete. */
const COMMANDS: readonly PersonCommand[] = [
  { type: 'GradeHazard', level: 'general' },
  { type: 'GradeHazard', level: 'major', ...major },
  { type: 'FixOnTheSpot', account: '已复位', before: [photo('a')], after: [photo('b')] },
  { type: 'FixOnTheSpot', account: '已复位', before: [], after: [] },
  { type: 'AssignRectification', rectifier: people.li.id },
  ...DAYS.map((until): PersonCommand => ({ type: 'AssignRectification', rectifier: people.li.id, until })),
  { type: 'SubmitRectification', account: '已更换', evidence: [photo('a')] },
  { type: 'SubmitRectification', account: '已更换', evidence: [] },
  { type: 'AcceptRectification' },
  { type: 'ReturnRectification', reason: '未接线' },
  { type: 'UpgradeHazard', ...major },
  { type: 'UpgradeHazard', criterion: 'unheard-of', basis: '' },
  { type: 'ReportToDepartment' },
  { type: 'FilePlan', plan },
  { type: 'FilePlan', plan: { parts: {} } },
  { type: 'ApprovePlan' },
  { type: 'ReturnPlan', reason: '不具体' },
  { type: 'IssueOrder', kind: 'stop-use', scope: '一号储罐' },
  { type: 'IssueOrder', kind: 'withdraw', scope: '罐区' },
  { type: 'LiftOrder', no: 1, reason: '已隔离' },
  { type: 'LiftOrder', no: 2, reason: '已隔离' },
  { type: 'ApplyForEvacuationHelp', area: '罐区外', people: 60 },
  { type: 'AnswerEvacuationHelp', granted: true, note: '已通知' },
  ...DAYS.map((term): PersonCommand => ({ type: 'ListForSupervision', document: '2号', term })),
  { type: 'ReportProgress', text: '到货' },
  { type: 'DelistFromSupervision', document: '9号' },
  { type: 'ApplyToResume', assessor: '省安科院', assessment: photo('assessment') },
  { type: 'ConsentToResume' },
  { type: 'RefuseToResume', reason: '缺页' },
  ...DAYS.map((until): PersonCommand => ({ type: 'RequestExtension', until, reason: '配件未到' })),
  { type: 'DecideExtension', granted: true },
  { type: 'DecideExtension', granted: false },
  { type: 'RequestWithdrawal', reason: '误报' },
  { type: 'ConfirmWithdrawal' },
  { type: 'RefuseWithdrawal', reason: '请再核实' },
  { type: 'ReopenHazard', reason: '再次失灵', evidence: [photo('again')] },
  { type: 'ReopenHazard', reason: '再次失灵', evidence: [] },
];

test('whatever is taken from a person was offered to him, and what was offered is refused for its content alone', () => {
  expect(new Set(COMMANDS.map(({ type }) => type))).toEqual(new Set(PERSON_COMMANDS));
  const step = fc.record({
    by: fc.constantFrom(...PEOPLE),
    pick: fc.nat(),
    isAmongOffered: fc.boolean(),
    hours: fc.constantFrom(0, 0, 1, 5, 30, 200),
  });
  let [taken, refused] = [0, 0];
  const ended = new Set<string>();
  fc.assert(
    fc.property(cases, fc.array(step, { minLength: 20, maxLength: 40 }), (found, steps) => {
      let hazard: Hazard = found;
      let at = began;
      for (const { by, pick, isAmongOffered, hours } of steps) {
        at = plusMs(at, hours * HOUR_MS);
        const occasion = { at, actor: people[by] };
        const offered = commandsOffered(hazard, rules, occasion);
        const some = COMMANDS.filter(({ type }) => !isAmongOffered || offered.includes(type));
        const command = some[pick % some.length];
        if (command === undefined) continue;
        const answer = decideHazard(hazard, command, rules, occasion);
        if (answer.kind === 'denied') {
          refused += 1;
          // That an order may be lifted says nothing of the others.
          if (offered.includes(command.type) && command.type !== 'LiftOrder')
            expect(HAZARD_DENIALS[answer.reason].about).toBe('content');
          continue;
        }
        taken += 1;
        expect(offered).toContain(command.type);
        hazard = apply(hazard, answer.events, occasion);
        ended.add(hazard.stage);
      }
    }),
    { numRuns: 50 },
  );
  expect(Math.min(taken, refused)).toBeGreaterThan(150);
  expect(ended.size).toBeGreaterThan(5);
});
