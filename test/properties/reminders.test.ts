/** Reminders along random lives of cases, and leads along any calls of the schedule: nobody is told twice, nobody of what is over. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressed } from '../../shared/domain/addressing.ts';
import { type Instant, plusMs } from '../../shared/domain/calendar.ts';
import type { Hazard, HazardCommand } from '../../shared/domain/hazard.ts';
import { decideHazard } from '../../shared/domain/hazard-decide.ts';
import { evolveHazard } from '../../shared/domain/hazard-evolve.ts';
import { personId, subscriptionId } from '../../shared/domain/ids.ts';
import { leadWithin } from '../../shared/domain/lead.ts';
import { limitBefore } from '../../shared/domain/limit.ts';
import type { HazardContent, Reminder } from '../../shared/domain/reminder.ts';
import type { ReminderBackground } from '../../shared/domain/reminder-background.ts';
import { type RemindingTold, remindersOf } from '../../shared/domain/reminders-of.ts';
import { isReminding } from '../../shared/domain/reminding.ts';
import { type StandingSources, stillStands } from '../../shared/domain/still-stands.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { reminderRulesOf } from '../../shared/policy/reminder-rules.ts';
import { at, day, opened, type Person, people, photo, plan, report, rules } from '../support/hazard-case.ts';

const HOUR_MS = 3_600_000;
const PHONE = '13987654321';

test('however the schedule is called, a lead is told once, by the first call in it; and calls that are frequent miss none', () => {
  const hours = fc.integer({ min: 1, max: 200 });
  fc.assert(
    fc.property(
      fc.array(hours, { minLength: 1, maxLength: 4 }),
      fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 2, maxLength: 12 }),
      fc.integer({ min: 0, max: 400 }),
      (leadHours, calls, due) => {
        const when = (hour: number): Instant => plusMs(at('03-02T00:00'), hour * HOUR_MS);
        const deadline = when(due);
        const leads = [...new Set(leadHours)].map((of) => ({ hours: of }));
        const told = (instants: readonly Instant[]) =>
          instants.slice(1).flatMap((to, index) => leadWithin({ after: instants[index] ?? to, at: to }, deadline, leads) ?? []);
        const cuts = [...new Set(calls)].sort((a, b) => a - b).map(when);
        const [from, to] = [cuts[0], cuts.at(-1)];
        if (from === undefined || to === undefined) return;
        const some = told(cuts);
        expect(new Set(some).size).toBe(some.length);
        const every = told(Array.from({ length: 401 }, (_, hour) => when(hour)).filter((each) => from <= each && each <= to));
        expect(every.toSorted()).toEqual(
          leads
            .map((lead) => limitBefore(deadline, lead))
            .filter((each) => from < each && each <= to && each < deadline)
            .sort(),
        );
        expect(some.every((each) => every.includes(each))).toBe(true);
        // The one that runs at the end is told, whatever calls there were.
        const running = to < deadline ? every.at(-1) : undefined;
        if (running !== undefined) expect(some).toContain(running);
      },
    ),
    { numRuns: 60 },
  );
});

const COMMANDS: readonly (readonly [Person, HazardCommand])[] = [
  ['wang', { type: 'GradeHazard', level: 'general' }],
  ['wang', { type: 'GradeHazard', level: 'major', criterion: 'hard-to-cure', basis: '须停产' }],
  ['wang', { type: 'AssignRectification', rectifier: people.li.id }],
  ['wang', { type: 'AssignRectification', rectifier: people.zhao.id }],
  ['li', { type: 'SubmitRectification', account: '', evidence: [photo('a')] }],
  ['duan', { type: 'AcceptRectification' }],
  ['duan', { type: 'ReturnRectification', reason: '' }],
  ['duan', { type: 'UpgradeHazard', criterion: 'hard-to-cure', basis: '须停产' }],
  ['wang', { type: 'ReportToDepartment' }],
  ['wang', { type: 'FilePlan', plan }],
  ['duan', { type: 'ApprovePlan' }],
  ['duan', { type: 'ReturnPlan', reason: '' }],
  ['duan', { type: 'IssueOrder', kind: 'stop-use', scope: `问${PHONE}` }],
  ['duan', { type: 'IssueOrder', kind: 'evacuate', scope: '库区' }],
  ['duan', { type: 'LiftOrder', no: 1, reason: '' }],
  ['wang', { type: 'ApplyForEvacuationHelp', area: `村，${PHONE}`, people: 9 }],
  ['governor', { type: 'AnswerEvacuationHelp', granted: true, note: '' }],
  ['wang', { type: 'ApplyToResume', assessor: '', assessment: photo('b') }],
  ['duan', { type: 'ConsentToResume' }],
  ['li', { type: 'RequestExtension', until: day('2026-03-14'), reason: '' }],
  ['duan', { type: 'DecideExtension', granted: true }],
  ['li', { type: 'RequestWithdrawal', reason: '' }],
  ['duan', { type: 'ConfirmWithdrawal' }],
  ['duan', { type: 'RefuseWithdrawal', reason: '' }],
  ['li', { type: 'ReopenHazard', reason: '', evidence: [photo('again')] }],
  ['system', { type: 'MarkOverdue' }],
  ['system', { type: 'Escalate' }],
];

const known: Omit<ReminderBackground, 'hazard'> = {
  county: report.county,
  rules: reminderRulesOf(policyFor(report.county, at('03-02T08:00'))),
  place: { owner: report.owner, name: '厂', persons: { persons: [], notPersons: [] } },
};

/** All that a life reminds of, each by the case as it was then; and the case in the end. */
function lived(steps: readonly (readonly [number, number])[]): {
  readonly reminders: readonly Reminder[];
  readonly hazard: Hazard;
} {
  const reminders: Reminder[] = [];
  let hazard = opened({ description: `报警器失灵，电话${PHONE}` });
  let [when, sequence] = [at('03-02T09:30'), 1];
  for (const [which, hours] of steps) {
    const [who, command] = COMMANDS[which % COMMANDS.length] ?? ['system', { type: 'MarkOverdue' }];
    when = plusMs(when, hours * HOUR_MS);
    const occasion = { at: when, actor: people[who] };
    const answer = decideHazard(hazard, command, rules, occasion);
    if (answer.kind === 'denied') continue;
    hazard = answer.events.reduce<Hazard>((state, fact) => evolveHazard(state, { ...fact, ...occasion }), hazard);
    for (const fact of answer.events) {
      sequence++;
      const place = { id: `HAZ#${report.id}:${sequence}`, subject: `HAZ#${report.id}`, sequence };
      const event = { ...fact, ...occasion, ...place, county: report.county, colour: report.colour, schema: 1 };
      if (isReminding(event.type)) reminders.push(...remindersOf(event as RemindingTold, { ...known, hazard }));
    }
  }
  return { reminders, hazard };
}
const contentOf = ({ content }: Reminder): HazardContent => {
  if (content.of !== 'hazard') throw new Error('a case reminds of itself');
  return content;
};
const sourcesOf = (hazard: Hazard): StandingSources => {
  const none = async () => undefined;
  const unasked = async () => {
    throw new Error('a case asks for itself alone');
  };
  const others = { exceptions: none, task: none, draw: none, drawOf: none, gridTarget: none, subscription: none, receiver: none };
  return { ...others, page: unasked, isListHandedIn: unasked, hazard: async () => hazard };
};

test('along any life of a case each reminder has its own id, names nobody by number, and each step of a ladder is told once', async () => {
  const step = fc.tuple(fc.nat(COMMANDS.length - 1), fc.constantFrom(0, 1, 3, 30, 80));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const { reminders, hazard } = lived(steps);
      const ids = reminders.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.every((id) => id.length <= 200 && !/\s/.test(id))).toBe(true);
      expect(JSON.stringify(reminders)).not.toContain(PHONE);
      const missed = reminders.filter(({ kind }) => kind === 'deadline-missed').map(contentOf);
      const rungs = missed.map(({ owed, step: rung, generation }) => `${generation} ${owed?.kind} ${owed?.due} ${rung}`);
      // A cure that was handed in late and came back is told of again from where its ladder stood.
      expect(new Set(rungs).size).toBe(rungs.length);
      const ends = hazard.stage === 'closed' || hazard.stage === 'withdrawn';
      for (const reminder of ends ? reminders : []) {
        const stands = await stillStands(reminder, sourcesOf(hazard), at('03-02T09:30'));
        expect(typeof stands === 'string').toBe(reminder.kind !== 'order-lifted');
      }
    }),
    { numRuns: 40 },
  );
});

test('a person is told of what names him and of nothing else', () => {
  const { reminders } = lived([
    [0, 1],
    [2, 1],
    [4, 1],
  ]);
  const own = { id: subscriptionId('0'.repeat(20)), scope: { of: 'inspector', person: personId('li') } } as const;
  const wants = { state: 'active', kinds: reminders.map(({ kind }) => kind), roles: ['head', 'safety-manager'] } as const;
  const told = reminders.flatMap((one) => addressed(one, { ...own, ...wants } as never) ?? []);
  expect(told.map(({ kind, audience }) => [kind, audience.persons])).toEqual([['hazard-assigned', ['li']]]);
});
