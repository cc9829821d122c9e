/** Whatever people and sweeps do with a task, in whatever order: who may, what is owed, and what the ledger says before the visit. */
import fc from 'fast-check';
import { type Day, epochMs, instantAt } from '../../shared/domain/calendar.ts';
import { itemNo, personId } from '../../shared/domain/ids.ts';
import type { Actor } from '../../shared/domain/ledger-event.ts';
import { attentionAt, isOpenTask, OUTCOMES, type Task, type TaskFact } from '../../shared/domain/task.ts';
import { decideTask, type TaskCommand } from '../../shared/domain/task-decide.ts';
import { evolveTask } from '../../shared/domain/task-evolve.ts';
import { aTask, at, drawn, head, inspected, officer, rules, unassigned } from '../support/tasks.ts';

const SYSTEM: Actor = { id: personId('system'), role: 'system' };
const sha256 = 'a'.repeat(64);
const HIDDEN = [drawn().object, 'person-1', 'person-2', 'person-3', drawn().ticket];
const people = ['person-1', 'person-2', 'person-3'].map(officer);
const team = people.slice(0, 2).map(({ id }) => ({ id, role: 'enforcer' }) as const);

interface Step {
  readonly what: TaskCommand['type'];
  readonly by: Actor;
  readonly hours: number;
  readonly outcome: (typeof OUTCOMES)[number];
  readonly day: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  what: fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom<TaskCommand['type'][]>('ReportInspection', 'ConfirmInspection') },
    { weight: 30, arbitrary: fc.constantFrom<TaskCommand['type'][]>('PublishResult', 'FollowUp', 'MarkOverdue') },
    { weight: 8, arbitrary: fc.constantFrom<TaskCommand['type'][]>('ReturnInspection', 'NameConfirmer') },
    { weight: 10, arbitrary: fc.constant<TaskCommand['type']>('AssignTask') },
    { weight: 2, arbitrary: fc.constantFrom<TaskCommand['type'][]>('ReplaceTask', 'VoidTask') },
  ),
  by: fc.constantFrom(...people, ...people.slice(0, 2)),
  hours: fc.integer({ min: 0, max: 120 }),
  outcome: fc.constantFrom('inspected', ...OUTCOMES),
  day: fc.integer({ min: 1, max: 31 }),
});

function commandOf({ what, outcome, day }: Step, task: Task, now: ReturnType<typeof at>): TaskCommand {
  const present = task.team.map(({ id }) => id);
  switch (what) {
    case 'AssignTask':
      return {
        type: what,
        digest: sha256,
        sent: { team, day: `2026-03-${String(day).padStart(2, '0')}` as Day, reason: 'person-3' },
      };
    case 'ReportInspection': {
      const base = { ...inspected(), visitedAt: now, otherDay: '改期', outcome, present, found: [] };
      const isSeen = outcome === 'inspected';
      return {
        type: what,
        report: { ...base, ...(!isSeen && { items: [] }), nothingFound: isSeen },
        expected: [itemNo('1'), itemNo('2')],
      };
    }
    case 'FollowUp':
      return { type: what, followUp: { text: 'x', register: 'y' } };
    case 'PublishResult':
      return { type: what, sha256 };
    case 'ReplaceTask':
      return { type: what, iteration: 2 };
    case 'ReturnInspection':
      return { type: what, reason: 'x' };
    case 'NameConfirmer':
      return { type: what, person: personId('person-3'), reason: 'x' };
    case 'ConfirmInspection':
    case 'MarkOverdue':
    case 'VoidTask':
      return { type: what };
  }
}

const BY_TEAM: readonly TaskCommand['type'][] = ['ReportInspection', 'ConfirmInspection', 'ReturnInspection'];
const BY_HEAD: readonly TaskCommand['type'][] = ['AssignTask', 'FollowUp', 'NameConfirmer'];
const actorOf = ({ what, by }: Step): Actor => (BY_TEAM.includes(what) ? by : BY_HEAD.includes(what) ? head : SYSTEM);

const isSilent = ({ type, data }: TaskFact): boolean =>
  type === 'InspectionReported' || HIDDEN.every((text) => !JSON.stringify(data).includes(text));

const reached = new Set<Task['stage']>();

test('what comes of any order of commands', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(step, { minLength: 20, maxLength: 40 }), (hasTeam, steps) => {
      let task = hasTeam ? aTask({ team }) : unassigned();
      let now = epochMs(at('02-27T10:00'));
      const told = new Map<string, number>();
      for (const one of steps) {
        now += one.hours * 3_600_000;
        const occasion = { at: instantAt(now), actor: actorOf(one) };
        const command = commandOf(one, task, occasion.at);
        const decision = decideTask(task, command, rules, occasion);
        const before = task;
        if (decision.kind === 'denied') continue;
        const sent = command.type === 'AssignTask' ? command.sent : undefined;
        for (const fact of decision.events) {
          if (before.inspection === undefined) expect(isSilent(fact)).toBe(true);
          if (fact.type === 'TaskEscalated') {
            const key = `${fact.data.what} ${fact.data.due}`;
            expect(fact.data.step).toBeGreaterThan(told.get(key) ?? 0);
            told.set(key, fact.data.step);
          }
          task = evolveTask(task, { ...fact, ...occasion }, sent);
        }
        expect(isOpenTask(before)).toBe(true);
        expect([task.id, isOpenTask(task), attentionAt(task) !== undefined]).toEqual([
          task.id,
          isOpenTask(task),
          isOpenTask(task),
        ]);
        expect(task.owed.length > 0).toBe(isOpenTask(task));
        if (task.confirmed !== undefined) {
          expect(task.confirmed.by).not.toBe(task.inspection?.by);
          expect([...(task.inspection?.present ?? []), task.confirmer?.id]).toContain(task.confirmed.by);
        }
        if (task.stage === 'published') {
          expect(task.confirmed).toBeDefined();
          expect(task.inspection?.outcome === 'inspected' || task.followUp !== undefined).toBe(true);
        }
      }
      reached.add(task.stage);
    }),
    { numRuns: 60 },
  );
  expect(reached).toContain('published');
});
