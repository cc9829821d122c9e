/** What may be done with a task, by whom, until when, and what of it the ledger says. */
import { type Day, plusMs } from '../../shared/domain/calendar.ts';
import { GOVERNMENT, hazardId, itemNo, personId } from '../../shared/domain/ids.ts';
import { attentionAt, dueOf, isReadyToPublish, type Task, type TaskFact } from '../../shared/domain/task.ts';
import { decideTask, type TaskCommand, type TaskOccasion } from '../../shared/domain/task-decide.ts';
import { evolveTask } from '../../shared/domain/task-evolve.ts';
import { taskRulesOf } from '../../shared/policy/task-rules.ts';
import { aTask, at, head, inspected, officer, policy, rules, USCC, unassigned } from '../support/tasks.ts';

const wang = officer('wang');
const zhao = officer('zhao');
const SYSTEM = { id: personId('system'), role: 'system' } as const;
const sha256 = 'a'.repeat(64);

const decide = (task: Task, command: TaskCommand, occasion: TaskOccasion) => decideTask(task, command, rules, occasion);

/** What a command makes of a task; or why it is refused. */
function after(task: Task, command: TaskCommand, occasion: TaskOccasion): Task {
  const decision = decide(task, command, occasion);
  if (decision.kind === 'denied') throw new Error(decision.reason);
  const sent = command.type === 'AssignTask' ? command.sent : undefined;
  return decision.events.reduce((state, fact) => evolveTask(state, { ...fact, ...occasion }, sent), task);
}
const reasonOf = (task: Task, command: TaskCommand, occasion: TaskOccasion): string | undefined => {
  const decision = decide(task, command, occasion);
  return decision.kind === 'denied' ? decision.reason : undefined;
};

type ReportCommand = Extract<TaskCommand, { type: 'ReportInspection' }>;
const report = (given: Partial<ReportCommand['report']> = {}): ReportCommand => ({
  type: 'ReportInspection',
  report: { ...inspected(), found: [], nothingFound: true, ...given },
  expected: [itemNo('1'), itemNo('2')],
});
const notFound = { items: [], problems: [], nothingFound: false } as const;
const visit = { at: at('03-10T12:00'), actor: wang };
const reported = after(aTask(), report(), visit);
const confirmed = after(reported, { type: 'ConfirmInspection' }, { at: at('03-11T09:00'), actor: zhao });

test('a visit is due with the end of its day; where no team was found, one is sent before the window begins, or at once', () => {
  expect(dueOf(aTask())).toBe(at('03-11T00:00'));
  expect(unassigned().stage).toBe('unassigned');
  expect(dueOf(unassigned())).toBe(at('03-01T00:00'));
  expect(dueOf(unassigned({ drawnAt: at('03-05T09:00') }))).toBe(at('03-05T09:00'));
});

test('handed in by one, signed by another, published: nothing is owed any more', () => {
  expect(reported.owed.map(({ what, due }) => [what, due])).toEqual([
    ['confirm', at('03-14T00:00')],
    ['publish', at('04-08T00:00')],
  ]);
  expect(isReadyToPublish(reported)).toBe(false);
  expect(isReadyToPublish(confirmed)).toBe(true);
  expect(attentionAt(confirmed)).toBe(at('03-11T09:00'));
  const published = after(confirmed, { type: 'PublishResult', sha256 }, { at: at('03-11T09:05'), actor: SYSTEM });
  expect([published.stage, published.owed, published.late, attentionAt(published)]).toEqual(['published', [], [], undefined]);
});

test('what is published late says so', () => {
  const late = after(confirmed, { type: 'PublishResult', sha256 }, { at: at('04-08T00:00'), actor: SYSTEM });
  expect(late.late).toEqual([{ what: 'publish', due: at('04-08T00:00'), doneAt: at('04-08T00:00') }]);
});

test.each<[string, Partial<ReportCommand['report']>]>([
  ['items-not-all', { items: [{ item: itemNo('1'), result: 'conforms', evidence: [] }] }],
  ['items-not-all', { items: [...inspected().items, { item: itemNo('3'), result: 'conforms', evidence: [] }] }],
  ['items-not-all', { items: [1, 2].map(() => ({ item: itemNo('1'), result: 'conforms', evidence: [] })) }],
  ['note-missing', { items: inspected().items.map(({ note: _, ...item }) => item) }],
  ['finding-missing', { items: inspected().items.map((item) => ({ ...item, result: 'does-not' })) }],
  ['list-not-said', { nothingFound: false }],
  ['list-contradicts', { problems: [{ text: '台账不全' }] }],
  ['signed-sheet-missing', { representative: { signed: 'signed', evidence: [] } }],
  ['reason-missing', { representative: { signed: 'refused', evidence: [] } }],
  ['too-few-present', { present: [personId('wang')] }],
  ['present-not-of-team', { present: [personId('wang'), personId('li')] }],
  ['present-not-of-team', { present: [personId('wang'), personId('wang')] }],
  ['reporter-not-present', { present: [personId('zhao')] }],
  ['visited-before-drawn', { visitedAt: at('02-27T08:59') }],
  ['visited-before-window', { visitedAt: at('02-28T23:59') }],
  ['other-day-unexplained', { visitedAt: at('03-09T23:59') }],
  ['nothing-was-inspected', { outcome: 'refused' }],
])('a record is refused: %s', (reason, given) => {
  expect(reasonOf(aTask(), report(given), visit)).toBe(reason);
});

test('whether the representative signed is always said', () => {
  const { representative: _, ...unsigned } = report().report;
  expect(reasonOf(aTask(), { ...report(), report: unsigned }, visit)).toBe('representative-missing');
});

test('an item that does not conform has its hazard, and one that conforms has none', () => {
  const items = inspected().items.map((item) => ({ ...item, result: 'does-not' as const }));
  const found = ['1', '2'].map((no) => ({ hazard: hazardId(`R0123456789ABCDE${no}`), item: itemNo(no) }));
  const given = { items, found, nothingFound: false };
  expect(after(aTask(), report(given), visit).inspection?.hazards).toEqual(['R0123456789ABCDE1', 'R0123456789ABCDE2']);
  const problems = [{ text: '台账不全', item: itemNo('2') }];
  expect(reasonOf(aTask(), report({ ...given, problems, found: found.slice(0, 1) }), visit)).toBe('finding-missing');
  for (const result of ['conforms', 'not-applicable'] as const) {
    const other = items.map((item) => (item.item === '2' ? { ...item, result, note: '无' } : item));
    expect(reasonOf(aTask(), report({ ...given, items: other }), visit)).toBe('finding-contradicts');
  }
  const fine = inspected().items;
  expect(reasonOf(aTask(), report({ items: fine, problems, nothingFound: false }), visit)).toBeUndefined();
});

test('nobody was there before he was sent; another day is explained, and shown; what is handed in late is taken, and says so', () => {
  const sent = { team: aTask().team, day: '2026-03-12' as Day, reason: '没有抽到人员' };
  const task = after(unassigned(), { type: 'AssignTask', sent, digest: sha256 }, { at: at('03-12T09:00'), actor: head });
  const noon = { at: at('03-12T12:00'), actor: wang };
  expect(reasonOf(task, report({ visitedAt: at('03-12T08:59'), otherDay: '停电' }), noon)).toBe('visited-before-sent');
  expect(after(task, report({ visitedAt: at('03-12T09:00'), otherDay: '停电' }), noon).inspection?.otherDay).toBeUndefined();

  const days = (when: string) => after(aTask(), report(), { at: at(when), actor: wang }).late.map(({ what, due }) => [what, due]);
  expect(days('03-10T23:59')).toEqual([]);
  expect(days('03-13T23:59')).toEqual([['visit', at('03-11T00:00')]]);
  expect(days('03-25T09:00')).toEqual([
    ['visit', at('03-11T00:00')],
    ['hand-in', at('03-14T00:00')],
  ]);
  const before = after(aTask(), report({ visitedAt: at('03-03T10:00'), otherDay: '停电' }), {
    at: at('03-09T09:00'),
    actor: wang,
  });
  expect([before.inspection?.otherDay, before.late.map(({ what }) => what)]).toEqual(['停电', ['hand-in']]);
});

test('only those who were drawn hand in and sign, and nobody his own', () => {
  expect(reasonOf(aTask(), report(), { ...visit, actor: officer('li') })).toBe('not-of-team');
  expect(reasonOf(unassigned(), report(), visit)).toBe('wrong-stage');
  expect(reasonOf(reported, report(), visit)).toBe('wrong-stage');
  const confirm = { type: 'ConfirmInspection' } as const;
  expect(reasonOf(reported, confirm, { ...visit, actor: wang })).toBe('reporter-may-not-confirm');
  expect(reasonOf(reported, confirm, { ...visit, actor: officer('li') })).toBe('not-of-team');
  const three = aTask({ team: [...aTask().team, { id: personId('li'), role: 'enforcer' }] });
  expect(reasonOf(after(three, report(), visit), confirm, { ...visit, actor: officer('li') })).toBe('was-not-there');
  expect(reasonOf(confirmed, confirm, { ...visit, actor: zhao })).toBe('wrong-stage');
});

test('those who went are of each role as many as are drawn, and one of the two who sign enforces the law', () => {
  const [enforcer, expert] = aTask().team;
  if (enforcer === undefined || expert === undefined) throw new Error('the sample task has a team');
  const mixed = aTask({ team: [enforcer, { ...expert, role: 'expert' }] });
  expect(reasonOf(mixed, report(), visit)).toBe('too-few-present');

  const [lei, meng] = ['lei', 'meng'].map(personId);
  if (lei === undefined || meng === undefined) throw new Error('two were named');
  const experts = [lei, meng].map((id) => ({ id, role: 'expert' as const }));
  const task = aTask({ kind: 'EXPERT', team: [...aTask().team, ...experts] });
  const ofExperts = taskRulesOf(policy, 'EXPERT');
  const present = task.team.map(({ id }) => id);
  const by = { ...visit, actor: { ...wang, id: lei, role: 'expert' as const } };
  const few = decideTask(task, report({ present: present.slice(0, 2) }), ofExperts, visit);
  expect(few).toMatchObject({ kind: 'denied', reason: 'too-few-present' });
  const byExpert = decideTask(task, report({ present }), ofExperts, by);
  const handedIn = byExpert.kind === 'decided' ? byExpert.events : [];
  const state = handedIn.reduce((now, fact) => evolveTask(now, { ...fact, ...by }), task);
  const confirm = { type: 'ConfirmInspection' } as const;
  expect(reasonOf(state, confirm, { ...by, actor: { ...by.actor, id: meng } })).toBe('no-enforcer-signs');
  expect(after(state, confirm, { ...visit, actor: zhao }).stage).toBe('confirmed');
});

test('who does not agree gives the record back; what was opened stays a case, and the record is handed in again', () => {
  const items = inspected().items.map((item) => (item.item === '1' ? { ...item, result: 'does-not' as const } : item));
  const hazard = hazardId('R0123456789ABCDE1');
  const found = [{ hazard, item: itemNo('1') }];
  const first = after(aTask(), report({ items, found, nothingFound: false }), visit);
  const giveBack = { type: 'ReturnInspection', reason: '漏记一项' } as const;
  const by = { at: at('03-12T09:00'), actor: zhao };
  expect(reasonOf(first, giveBack, { ...by, actor: wang })).toBe('reporter-may-not-confirm');
  expect(reasonOf(first, giveBack, { ...by, actor: officer('li') })).toBe('not-of-team');
  const returned = after(first, giveBack, by);
  expect([returned.stage, returned.returned, returned.owed.map(({ what, due }) => [what, due])]).toEqual([
    'returned',
    [{ by: 'zhao', at: by.at, reason: '漏记一项' }],
    [
      ['publish', at('04-08T00:00')],
      ['hand-in', at('03-16T00:00')],
    ],
  ]);
  expect(reasonOf(returned, { type: 'ConfirmInspection' }, by)).toBe('wrong-stage');
  expect(reasonOf(returned, { type: 'ReplaceTask', iteration: 2 }, by)).toBe('wrong-stage');
  const second = { at: at('03-13T09:00'), actor: wang };
  for (const list of [items, inspected().items]) {
    const again = after(returned, report({ items: list, nothingFound: false }), second);
    expect([again.stage, again.inspection?.hazards, again.late]).toEqual(['reported', [hazard], []]);
    expect(again.owed.map(({ what }) => what)).toEqual(['confirm', 'publish']);
  }
  expect(reasonOf(returned, report(), second)).toBe('list-contradicts');
});

test('where the other can not or will not sign, one whom the dispatcher names does, visibly', () => {
  const by = { at: at('03-12T09:00'), actor: head };
  const name = (person: string) => ({ type: 'NameConfirmer', person: personId(person), reason: '调离' }) as const;
  expect(reasonOf(aTask(), name('li'), by)).toBe('wrong-stage');
  expect(reasonOf(reported, name('wang'), by)).toBe('confirmer-reported');
  const returned = after(reported, { type: 'ReturnInspection', reason: '不同意' }, { ...by, actor: zhao });
  for (const task of [reported, returned]) {
    const named = after(task, name('li'), by);
    expect([named.stage, named.confirmer?.reason, named.owed.map(({ what }) => what).sort()]).toEqual([
      'reported',
      '调离',
      ['confirm', 'publish'],
    ]);
    const signed = after(named, { type: 'ConfirmInspection' }, { ...by, actor: officer('li') });
    expect([signed.stage, signed.confirmed?.by]).toEqual(['confirmed', 'li']);
  }
  const late = after(reported, { type: 'MarkOverdue' }, { at: at('03-14T00:00'), actor: SYSTEM });
  const owedOf = ({ owed }: Task) => owed.find(({ what }) => what === 'confirm');
  expect(owedOf(after(late, name('li'), { ...by, at: at('03-15T09:00') }))).toEqual(owedOf(late));
});

test('what could not be inspected is followed up before it is published', () => {
  const closed = after(aTask(), report({ ...notFound, outcome: 'closed-down' }), visit);
  expect(closed.owed.map(({ what }) => what)).toEqual(['confirm', 'publish', 'follow-up']);
  const signed = after(closed, { type: 'ConfirmInspection' }, { at: at('03-11T09:00'), actor: zhao });
  expect(isReadyToPublish(signed)).toBe(false);
  const followUp = { text: '已核实' };
  const by = { at: at('03-12T09:00'), actor: head };
  expect(reasonOf(signed, { type: 'FollowUp', followUp }, by)).toBe('register-missing');
  const done = after(signed, { type: 'FollowUp', followUp: { ...followUp, register: '已停用全部风险点' } }, by);
  expect([isReadyToPublish(done), attentionAt(done)]).toEqual([true, by.at]);
  expect(reasonOf(done, { type: 'FollowUp', followUp }, by)).toBe('already-followed-up');
  expect(reasonOf(confirmed, { type: 'FollowUp', followUp }, by)).toBe('no-follow-up-needed');
});

test('a team by hand: within the window, from today on; visible, and the ledger names none of it', () => {
  const sent = { team: aTask().team, day: '2026-03-12' as Day, reason: '没有抽到人员' };
  const command = { type: 'AssignTask', sent, digest: sha256 } as const;
  const by = { at: at('03-02T09:00'), actor: head };
  const task = after(unassigned(), command, by);
  expect([task.stage, task.byHand?.by, dueOf(task), task.late]).toEqual([
    'assigned',
    'boss',
    at('03-13T00:00'),
    [{ what: 'assign', due: at('03-01T00:00'), doneAt: by.at }],
  ]);
  const decision = decide(unassigned(), command, by);
  const told = JSON.stringify(decision.kind === 'decided' && decision.events);
  for (const hidden of ['wang', 'zhao', USCC, '没有抽到人员', '03-12', '03-13']) expect(told).not.toContain(hidden);
  expect(reasonOf(unassigned(), { ...command, sent: { ...sent, day: '2026-03-01' as Day } }, by)).toBe('day-passed');
  expect(reasonOf(unassigned(), { ...command, sent: { ...sent, day: '2026-04-01' as Day } }, by)).toBe('day-outside-window');
  expect(reasonOf(reported, command, by)).toBe('wrong-stage');
  expect(() => evolveTask(unassigned(), { type: 'TaskAssignedByHand', data: { digest: sha256 }, ...by })).toThrow('is not said');
});

test('who sends anew after a visit was missed neither quiets the ladder nor hides that it was missed', () => {
  const marked = after(aTask(), { type: 'MarkOverdue' }, { at: at('03-13T00:00'), actor: SYSTEM });
  const sent = { team: aTask().team, day: '2026-03-20' as Day, reason: '当日停电' };
  const anew = { type: 'AssignTask', sent, digest: sha256 } as const;
  const again = after(marked, anew, { at: at('03-14T09:00'), actor: head });
  expect([again.day, again.owed, again.late]).toEqual(['2026-03-20', marked.owed, []]);
  const unmarked = after(aTask(), anew, { at: at('03-14T09:00'), actor: head });
  expect(dueOf(unmarked)).toBe(at('03-11T00:00'));
  const done = after(again, report({ visitedAt: at('03-20T10:00') }), { at: at('03-20T12:00'), actor: wang });
  expect(done.late).toEqual([{ what: 'visit', due: at('03-11T00:00'), doneAt: at('03-20T12:00') }]);
});

test('after the window a day is taken that is near, and none in years', () => {
  const by = { at: at('04-02T09:00'), actor: head };
  const on = (day: string) => {
    const sent = { team: aTask().team, day: day as Day, reason: '补检' };
    return reasonOf(unassigned(), { type: 'AssignTask', sent, digest: sha256 }, by);
  };
  expect(['2026-04-03', '2026-04-17', '2026-04-18', '2029-04-03'].map(on)).toEqual([
    undefined,
    undefined,
    'day-too-late',
    'day-too-late',
  ]);
});

test('each step of the ladder is told once; after an outage all that have come, at once', () => {
  const mark = { type: 'MarkOverdue' } as const;
  const facts = (task: Task, when: string): readonly TaskFact[] => {
    const decision = decide(task, mark, { at: at(when), actor: SYSTEM });
    return decision.kind === 'decided' ? decision.events : [];
  };
  const rolesOf = (told: readonly TaskFact[]) => told.flatMap((fact) => (fact.type === 'TaskEscalated' ? fact.data.roles : []));
  expect(facts(aTask(), '03-10T23:59')).toEqual([]);
  const first = facts(aTask(), '03-11T00:00');
  expect(first.map(({ type }) => type)).toEqual(['TaskOverdue', 'TaskEscalated']);
  expect(rolesOf(first)).toEqual(['department-officer', 'expert']);
  const marked = after(aTask(), mark, { at: at('03-11T00:00'), actor: SYSTEM });
  expect(attentionAt(marked)).toBe(at('03-13T00:00'));
  expect(facts(marked, '03-12T23:59')).toEqual([]);
  expect(rolesOf(facts(marked, '03-16T00:00'))).toEqual(['department-head', 'committee-officer']);
  const governments = aTask({ authority: GOVERNMENT });
  expect(rolesOf(facts(governments, '03-13T00:00'))).toEqual(['department-officer', 'expert', 'committee-officer']);
  const late = after(marked, report({ visitedAt: at('03-12T10:00'), otherDay: '停电' }), { at: at('03-12T12:00'), actor: wang });
  expect(late.late).toEqual([{ what: 'visit', due: at('03-11T00:00'), doneAt: at('03-12T12:00') }]);
});

test('what is replaced or void ends, and owes nothing; what was visited stays', () => {
  const by = { at: at('03-05T09:00'), actor: SYSTEM };
  const ended = after(aTask(), { type: 'ReplaceTask', iteration: 2 }, by);
  expect([ended.stage, ended.owed, ended.endedAt]).toEqual(['replaced', [], by.at]);
  expect(after(unassigned(), { type: 'VoidTask' }, by).stage).toBe('void');
  expect(reasonOf(reported, { type: 'ReplaceTask', iteration: 2 }, by)).toBe('wrong-stage');
  expect(reasonOf(reported, { type: 'VoidTask' }, by)).toBe('wrong-stage');
  expect(reasonOf(ended, report(), { at: plusMs(by.at, 1), actor: wang })).toBe('wrong-stage');
});
