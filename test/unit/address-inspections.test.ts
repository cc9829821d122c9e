/** Whom tasks, draws, gaps of the grid and failing channels remind, and what still stands of it. */
import { tellSent } from '../../functions/relay-ledger/tell-sent.ts';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoGridStore } from '../../shared/data/grid-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoReceiverStore } from '../../shared/data/receiver-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import { addressed } from '../../shared/domain/addressing.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { DrawFact, SeriesFact } from '../../shared/domain/draw.ts';
import { announcedDraw, evolveDraw } from '../../shared/domain/draw-evolve.ts';
import { checkTarget, evolveTarget, type GridAnswer, newTargetState } from '../../shared/domain/grid-target.ts';
import { department, drawPeriod, GOVERNMENT, personId, taskId } from '../../shared/domain/ids.ts';
import type { OutboxFact } from '../../shared/domain/outbox.ts';
import type { DrawContent, Reminder } from '../../shared/domain/reminder.ts';
import { type Task, taskSubject } from '../../shared/domain/task.ts';
import { decideTask, type TaskCommand } from '../../shared/domain/task-decide.ts';
import { evolveTask } from '../../shared/domain/task-evolve.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { gapRulesOf } from '../../shared/policy/supervision-rules.ts';
import { announcement } from '../support/draw-announced.ts';
import { people, uscc } from '../support/hazard-case.ts';
import { at, county, idOf, RemindedCounty } from '../support/reminded.ts';
import { digest } from '../support/reminder-examples.ts';
import { aTask, inspected, officer, rules, store, unassigned } from '../support/tasks.ts';

const notice = (task: Task, inspectors: readonly string[], id = `NOTICE#${task.id}`) => ({
  ...{ id, type: 'TaskNotice', at: at('02-27T09:10'), county, task: task.id },
  inspectors: inspectors.map((one) => personId(one)),
});

async function record(id: Task['id'], command: TaskCommand, when: Instant, actor = officer('wang')): Promise<Task> {
  const stored = await dynamoTaskStore.load(county, id);
  if (stored === undefined) throw new Error(`${id} is nowhere`);
  const decision = decideTask(stored.task, command, rules, { at: when, actor });
  if (decision.kind === 'denied') throw new Error(decision.reason);
  const occasion = { at: when, actor };
  const sent = command.type === 'AssignTask' ? command.sent : undefined;
  const after = decision.events.reduce((state, fact) => evolveTask(state, { ...fact, ...occasion }, sent), stored.task);
  const change = { before: stored.task, after, facts: decision.events, ifVersion: stored.version };
  await dynamoTaskStore.save({ ...change, occasion: { ...occasion, county } });
  return after;
}

describe('tasks', () => {
  const task = aTask();
  const near = (what: string, when: Instant, id = task.id) => ({
    id: `NEAR#${id}#${what}`,
    type: 'TaskNear',
    at: when,
    county,
    task: id,
    what,
  });

  test('those who are sent hear of it by name, and nobody else; what they are told names no object', async () => {
    const world = await RemindedCounty.open();
    await store(task);
    await world.tell(notice(task, ['wang', 'zhao']));
    expect(await world.told()).toEqual([{ kind: 'task-assigned', urgent: false, who: ['wang', 'zhao'] }]);
    expect(JSON.stringify(await world.of('wang'))).not.toMatch(/91350100M000100Y43|化工/);
    expect(await world.standing('wang', at('02-27T10:00'))).toMatchObject([{ content: { task: task.id, authority: 'YJJ' } }]);
  });

  test('they are told by when and why, of now: the notice says neither, and nobody else hears of the day', async () => {
    const world = await RemindedCounty.open();
    await store(task);
    const told = notice(task, ['wang', 'zhao']);
    expect(JSON.stringify(told)).not.toMatch('03-1');
    await world.tell(told);
    const visit = { what: 'visit', due: at('03-11T00:00') };
    const [delivery] = await world.of('wang');
    expect(delivery?.reminder).toMatchObject({ content: { owed: visit }, why: rules.visit });
    const sent = { team: task.team, day: '2026-03-12' as never, reason: '道路不通' };
    await record(task.id, { type: 'AssignTask', sent, digest: 'e'.repeat(64) }, at('03-01T10:00'), people.yang);
    expect(await world.standing('wang', at('03-01T11:00'))).toMatchObject([{ content: { owed: { due: at('03-13T00:00') } } }]);

    // A policy may have others told of tasks too.
    const [of, committee] = await Promise.all([world.subscribe('wang'), world.subscribe('committee')]);
    const reminder = {
      ...delivery?.reminder,
      audience: { roles: ['committee-officer'], persons: [personId('wang')] },
    } as Reminder;
    expect(addressed(reminder, of)?.content).toMatchObject({ owed: visit });
    expect(addressed(reminder, committee)?.content).toEqual({ ...reminder.content, owed: undefined });
    expect(addressed({ ...reminder, kind: 'task-near' }, committee)?.content).not.toHaveProperty('owed');
    expect(addressed({ ...reminder, kind: 'task-overdue' }, committee)?.content).toHaveProperty('owed');
  });

  test('who is not sent any more is not told, and what was told him does not stand; what is near is told to the team', async () => {
    const world = await RemindedCounty.open();
    await store(task);
    await world.tell(notice(task, ['wang', 'zhao']));
    const digest = 'e'.repeat(64);
    const team = [
      { id: personId('li'), role: 'enforcer' },
      { id: personId('zhao'), role: 'enforcer' },
    ] as const;
    const sent = { team, day: '2026-03-12' as never, reason: '病假' };
    const after = await record(task.id, { type: 'AssignTask', sent, digest }, at('03-01T10:00'), people.yang);
    await world.tell(notice(after, ['li', 'zhao', 'wang'], 'NOTICE#again'));
    expect(await world.standing('wang', at('03-02T10:00'))).toMatchObject([{ kind: 'task-withdrawn' }]);
    expect(await world.standing('zhao', at('03-02T10:00'))).toHaveLength(2);
    await world.tell(near('visit', at('03-12T00:00')));
    expect((await world.told()).slice(1)).toMatchObject([
      { kind: 'task-assigned', who: ['li', 'zhao'] },
      { kind: 'task-withdrawn', urgent: false, who: ['wang'] },
      { kind: 'task-near', urgent: false, who: ['li', 'zhao'] },
    ]);
  });

  test('whose task is replaced or void hears of it once, names no object, and not where he is sent again', async () => {
    const world = await RemindedCounty.open();
    await store(task);
    await world.tell(notice(task, ['wang', 'zhao']));
    await record(task.id, { type: 'VoidTask' }, at('03-01T10:00'), people.system);
    const events = (await dynamoLedgerStore.ofSubject(taskSubject(task.id), 10)).events;
    const tell = tellSent({ tasks: dynamoTaskStore, bus: world.bus });
    for (const event of [...events, ...events]) await tell(event);
    await world.tell(notice(task, ['wang', 'zhao'], 'NOTICE#late'));
    expect((await world.told()).slice(1)).toEqual([{ kind: 'task-withdrawn', urgent: false, who: ['wang', 'zhao'] }]);
    const [left] = await world.standing('wang', at('03-02T10:00'));
    expect(left).toMatchObject({ kind: 'task-withdrawn', content: { task: task.id }, audience: { persons: ['wang'] } });
    expect(JSON.stringify(await world.of('wang'))).not.toMatch(/91350100M000100Y43|化工/);

    const other = await RemindedCounty.open();
    await store(task);
    const send = (team: readonly ('li' | 'wang' | 'zhao')[], when: Instant) => {
      const sent = {
        team: team.map((id) => ({ id: personId(id), role: 'enforcer' as const })),
        day: '2026-03-12' as never,
        reason: '病假',
      };
      return record(task.id, { type: 'AssignTask', sent, digest: 'e'.repeat(64) }, when, people.yang);
    };
    await other.tell(notice(await send(['li', 'zhao'], at('03-01T10:00')), ['li', 'zhao', 'wang'], 'NOTICE#1'));
    await other.tell(notice(await send(['wang', 'zhao'], at('03-01T11:00')), ['wang', 'zhao', 'li'], 'NOTICE#2'));
    expect((await other.standing('wang', at('03-01T12:00'))).map(({ kind }) => kind)).toEqual(['task-assigned']);
    expect((await other.standing('li', at('03-01T12:00'))).map(({ kind }) => kind)).toEqual(['task-withdrawn']);
  });

  test('a visit that was made is no longer near; a team that is missing is near to who sends', async () => {
    const world = await RemindedCounty.open();
    const alone = unassigned({ id: taskId('R.YJJ.000001.1.0002') });
    await store(task, alone);
    await world.tell(near('visit', at('03-10T08:00')), near('assign', at('03-01T00:00'), alone.id));
    expect(await world.told()).toMatchObject([
      { kind: 'task-near', who: ['its chief'] },
      { kind: 'task-near', who: ['wang', 'zhao'] },
    ]);
    expect(await world.standing('wang', at('03-10T08:05'))).toHaveLength(1);
    const found = { ...inspected(), found: [], nothingFound: true };
    await record(task.id, { type: 'ReportInspection', report: found, expected: task.items }, at('03-10T12:00'));
    expect(await world.standing('wang', at('03-10T12:05'))).toEqual([]);
  });

  test('what is overdue is told once by each step, to its roles alone: the first to the team, the next a level up; once it is done, no more', async () => {
    const world = await RemindedCounty.open();
    await store(task);
    await record(task.id, { type: 'MarkOverdue' }, at('03-11T00:10'), people.system);
    await record(task.id, { type: 'MarkOverdue' }, at('03-13T00:10'), people.system);
    await world.tellFrom(taskSubject(task.id));
    expect(await world.told()).toEqual([
      { kind: 'task-overdue', urgent: false, who: ['department', 'wang', 'zhao'] },
      { kind: 'task-overdue', urgent: false, who: ['its chief'] },
    ]);
    expect((await world.of('its chief'))[0]?.reminder.content).toMatchObject({ step: 1, owed: { what: 'visit' } });
    await record(task.id, { type: 'VoidTask' }, at('03-13T12:00'), people.system);
    expect(await world.standing('department', at('03-13T12:00'))).toEqual([]);
  });
});

describe('draws', () => {
  const occasion = (when: Instant) => ({ at: when, county, actor: people.system });

  async function announced(world: RemindedCounty) {
    const { data, ...fact } = announcement();
    const draws = dynamoDrawStore(county);
    const after = await draws.series(data.authority);
    await draws.announce({
      draw: announcedDraw(data),
      fact: { ...fact, data },
      after,
      secret: 's',
      occasion: occasion(data.announcedAt),
    });
    await world.tellFrom('DRAW#YJJ#000001');
    const say = async (said: DrawFact, when: Instant) => {
      const stored = await draws.load({ authority: data.authority, number: 1 });
      if (stored === undefined) throw new Error('it was announced');
      const { draw, version } = stored;
      const next = evolveDraw(draw, { ...said, at: when, actor: people.system });
      await draws.save({ draw: next, facts: [said], ifVersion: version, occasion: occasion(when) });
      await world.tellFrom('DRAW#YJJ#000001', version + 1);
    };
    return { data, say };
  }

  test('an announcement is told to who draws and to the committee, and stands until it is drawn', async () => {
    const world = await RemindedCounty.open();
    const { data } = await announced(world);
    expect(await world.told()).toEqual([
      { kind: 'draw-announced', urgent: false, who: ['department', 'its chief', 'committee'] },
    ]);
    expect(await world.standing('committee', data.announcedAt)).toMatchObject([
      { content: { number: 1, authorityName: '应急管理局' } },
    ]);
    expect(await world.standing('committee', data.drawAt)).toEqual([]);
  });

  test('what is wrong with a draw its head and the committee hear, as long as it is', async () => {
    const world = await RemindedCounty.open();
    const { say } = await announced(world);
    await say({ type: 'RandomnessMissing', data: { since: at('02-28T09:00') } }, at('02-28T21:00'));
    const trouble = { kind: 'draw-trouble', urgent: false, who: ['its chief', 'committee'] };
    expect((await world.told()).slice(1)).toEqual([trouble]);
    expect(await world.standing('its chief', at('02-28T21:00'))).toMatchObject([
      { content: { trouble: { type: 'RandomnessMissing' } } },
    ]);
    await say({ type: 'RandomnessSettled', data: { sha256: 'a'.repeat(64) } }, at('02-28T22:00'));
    expect(await world.standing('its chief', at('02-28T22:00'))).toEqual([]);
    await say({ type: 'DrawVoided', data: { reason: '名录有误', sha256: 'a'.repeat(64) } }, at('02-28T23:00'));
    expect((await world.standing('its chief', at('03-01T09:00'))).map(({ content }) => content)).toMatchObject([
      { trouble: { type: 'DrawVoided', says: '已作废：名录有误' } },
    ]);
  });

  test('that a draw was missed is told to those who had subscribed before its period was over, and to no others', async () => {
    const world = await RemindedCounty.open();
    await world.subscribe('committee', { madeAt: at('03-01T07:10') });
    await world.subscribe('its chief', { madeAt: at('01-02T07:10') });
    const draws = dynamoDrawStore(county);
    const after = await draws.series(department('YJJ'));
    const missed = (['2026-01', '2026-02', '2026-01_02', '2026-03'] as const).map((period): SeriesFact => {
      const data = { kind: 'RANDOM.RED', period: drawPeriod(period), code: 'outage', says: '本期始终未能公告' } as const;
      return { type: 'DrawMissed', data };
    });
    await draws.note({ facts: missed, after, series: after.series, occasion: occasion(at('04-01T09:00')) });
    await world.tellFrom('SERIES#YJJ');
    const periodsOf = async (who: string) =>
      (await world.of(who)).map(({ reminder }) => (reminder.content as DrawContent).period);
    expect((await periodsOf('committee')).sort()).toEqual(['2026-03']);
    expect((await periodsOf('its chief')).sort()).toEqual(['2026-01', '2026-01_02', '2026-02', '2026-03']);
  });

  test('a refusal is told until there is a draw; the government’s own concerns no department', async () => {
    const world = await RemindedCounty.open();
    const draws = dynamoDrawStore(county);
    const refuse = async (authority: typeof GOVERNMENT, kind: 'RANDOM.RED' | 'COMPREHENSIVE', period: string) => {
      const after = await draws.series(authority);
      const data = { kind, period: drawPeriod(period), code: 'too-few-inspectors', says: '检查人员不足' };
      const fact: SeriesFact = { type: 'DrawRefused', data };
      await draws.note({ facts: [fact], after, series: after.series, occasion: occasion(at('02-26T09:00')) });
      await world.tellFrom(`SERIES#${authority}`);
    };
    await refuse(department('YJJ'), 'RANDOM.RED', '2026-03');
    await refuse(GOVERNMENT, 'COMPREHENSIVE', '2026-Q2');
    expect(await world.told()).toMatchObject([
      { kind: 'draw-trouble', who: ['committee'] },
      { kind: 'draw-trouble', who: ['its chief', 'committee'] },
    ]);
    expect(await world.standing('its chief', at('02-26T10:00'))).toHaveLength(1);
    expect((await world.of('committee')).map(({ reminder }) => (reminder.content as DrawContent).authorityName)).toContain(
      '瑞丽市人民政府（安委办）',
    );
    await announced(world);
    expect(await world.standing('its chief', at('02-26T10:00'))).toMatchObject([{ kind: 'draw-announced' }]);
  });
});

test('a gap of the grid is told to its side, then up its ladder; where nobody answers for it, to the committee', async () => {
  const world = await RemindedCounty.open();
  const target = `RISK#${uscc}#R1` as const;
  const answer: GridAnswer = {
    target: { id: target, kinds: ['major-risk'], name: '储罐', owner: `ENT:${uscc}`, industry: 'chemicals' },
    township: { body: '533102001' as never, gap: 'no-cell' },
    department: { gap: 'no-department' },
  };
  const grid = dynamoGridStore(county);
  const rulesOfGaps = gapRulesOf(policyFor(county, at('03-02T08:00')));
  const look = async (when: Instant, now: GridAnswer = answer) => {
    const { record: before, version } = await grid.target(target);
    const facts = checkTarget(before ?? newTargetState(target), now, rulesOfGaps, when);
    const after = facts.reduce((state, fact) => evolveTarget(state, fact, when), before);
    await grid.saveTarget({ record: after, facts, ifVersion: version, occasion: { at: when, county, actor: people.system } });
    await world.tellFrom(`GRID#OF#${target}`, version + 1);
  };
  await look(at('03-02T08:00'));
  expect((await world.told()).map(({ who }) => who)).toEqual([['township'], ['committee']]);
  await look(at('04-20T08:00'), {
    ...answer,
    department: { body: 'DEPT:YJJ', responsible: { person: personId('duan'), post: '科长' } as never },
  });
  expect((await world.told()).at(-1)).toMatchObject({ kind: 'grid-gap', who: ['its mayor', 'committee', 'governor'] });
  expect(await world.standing('township', at('04-20T08:00'))).toHaveLength(1);
  expect((await world.standing('committee', at('04-20T08:00'))).map(({ content }) => content)).toMatchObject([
    { side: 'township' },
  ]);
});

describe('channels', () => {
  const failing = idOf(0); // that of the works
  const say = async (world: RemindedCounty, ...facts: readonly OutboxFact[]) => {
    const before = await world.deliveries.outbox(failing);
    const occasion = { at: at('03-02T10:00'), county, actor: people.system };
    await world.deliveries.save({ occasion, keptDays: 400, outbox: { before, facts } });
    await world.tellFrom(`SENT#${failing}`, before.version + 1);
  };
  const dead = (kind: 'order-issued' | 'hazard-major' | 'channel-failing', attempts: number): OutboxFact => ({
    type: 'MessageDead',
    data: { message: 1, attempts, reminders: [{ id: 'r', kind, about: 'HAZ#1' }], sha256: 'a'.repeat(64), because: '超时' },
  });

  test('a channel that fails is told at once to the others of its scope, to who is over it and to the county, never to itself', async () => {
    const world = await RemindedCounty.open();
    await world.subscribe('the works', { name: '厂区二群' }, 40);
    await say(world, { type: 'ReceiverFailing', data: { since: at('03-02T09:00'), failures: 5, says: 'HTTP 500' } });
    const told = { kind: 'channel-failing', urgent: true, who: ['township', 'department', 'committee'] };
    expect(await world.told()).toEqual([told]);
    expect((await world.of('department'))[0]?.reminder.why).toMatchObject({
      clause: '四(一)',
      says: expect.stringMatching('渠道异常'),
    });
    expect((await world.deliveries.ofSubscription(idOf(40), 10)).items).toMatchObject([
      { reminder: { about: `SUB#${failing}`, content: { name: 'the works', failures: 5 } } },
    ]);
    expect(await world.of('the works')).toEqual([]);
  });

  test('nothing goes round: what became of messages reminds nobody, and a channel that told of another and failed is told of no more', async () => {
    const world = await RemindedCounty.open();
    const told = { message: 1, attempts: 1, reminders: [], sha256: 'a'.repeat(64) };
    await say(world, { type: 'MessageDelivered', data: told }, { type: 'FeedRead', data: { through: 1 } });
    await say(world, { type: 'TestAsked', data: {} }, dead('channel-failing', 10), dead('order-issued', 0));
    expect(await world.told()).toEqual([]);
    await say(world, dead('order-issued', 10));
    expect(await world.told()).toMatchObject([{ kind: 'channel-failing', who: ['township', 'department', 'committee'] }]);
    // Whoever is switched off himself is not told: it would be dead at once, and told of in its turn.
    await world.subscribe('committee', { state: 'disabled' });
    await say(world, { type: 'ReceiverFailing', data: { since: at('03-02T09:00'), failures: 5, says: 'HTTP 500' } });
    expect(await world.of('committee')).toHaveLength(1);
  });

  test('one time that it fails is told once that it does and once what was given up, since when, and what has to be done', async () => {
    const world = await RemindedCounty.open();
    const since = at('02-27T09:00');
    const { receiver } = await world.subscribe('the works');
    if (receiver === undefined) throw new Error('it has one');
    const receivers = dynamoReceiverStore(county);
    const fails = { id: receiver, channel: 'webhook', grants: [], failingSince: since };
    await receivers.put({ ...fails, failures: 3 }, 0);
    const failing: OutboxFact = { type: 'ReceiverFailing', data: { since, failures: 3, says: 'HTTP 500' } };
    await say(world, failing);
    await receivers.put({ ...fails, failures: 10 }, 1);
    await say(world, dead('order-issued', 10));
    await say(world, dead('hazard-major', 10));
    const content = { since, says: expect.any(String) };
    const wordsOf = async () =>
      (await world.of('committee')).map(({ reminder }) => digest([reminder], { at: at('03-02T10:00') }).items[0]?.detail);
    expect((await world.of('committee')).map(({ reminder }) => reminder.content)).toMatchObject([
      { ...content, failures: 10, undelivered: 1 },
      { ...content, failures: 3 },
    ]);
    expect(await wordsOf()).toEqual([
      '2月27日 09:00 起连续失败 10 次，1 条提醒没有送达。修好后可重新投递。原因：超时',
      '2月27日 09:00 起连续失败 3 次，仍在按间隔重试。原因：HTTP 500',
    ]);
    // Refused for good: dead and disabled at once are one, in whichever order they come.
    const disabled = { because: '签名不符', at: at('03-02T10:00') };
    const other = await RemindedCounty.open();
    await other.subscribe('the works', { state: 'disabled', disabled });
    await receivers.put({ ...fails, failures: 1 }, 0);
    await say(other, dead('order-issued', 1));
    await other.tell({
      ...{ id: `SUB#${idOf(0)}#2`, subject: `SUB#${idOf(0)}`, sequence: 2, county, colour: 'NONE', schema: 1 },
      ...{ type: 'SubscriptionDisabled', at: at('03-02T10:00'), actor: people.system, data: { because: '签名不符' } },
    });
    const [told, ...more] = await other.of('committee');
    expect([told?.reminder.content, more]).toEqual([
      {
        of: 'channel',
        subscription: idOf(0),
        name: 'the works',
        since,
        failures: 1,
        says: '超时',
        isDisabled: true,
        undelivered: 1,
      },
      [],
    ]);
    const { items } = digest(told === undefined ? [] : [told.reminder], { at: at('03-02T10:00') });
    expect(items[0]).toMatchObject({
      headline: '【紧急】提醒渠道异常：the works',
      detail: '2月27日 09:00 起发送失败，1 条提醒没有送达。已停用：修好后启用，再重新投递。原因：超时',
    });
    const en = digest(told === undefined ? [] : [told.reminder], { at: at('03-02T10:00'), language: 'en' }).items[0]?.detail;
    expect(en).toBe(
      'Not accepted since 27 February 09:00, 1 reminder not delivered. Disabled: enable it once it is mended, then redrive. Reason: 超时',
    );
  });

  test('it stands as long as it fails, or is switched off', async () => {
    const world = await RemindedCounty.open();
    await say(world, { type: 'ReceiverFailing', data: { since: at('03-02T09:00'), failures: 5, says: 'HTTP 500' } });
    expect(await world.standing('committee', at('03-02T11:00'))).toHaveLength(1);
    await world.subscribe('the works', { state: 'ended' });
    expect(await world.standing('committee', at('03-02T11:00'))).toEqual([]);
  });
});

test('an event that was too long for the bus is read again where it is recorded', async () => {
  const world = await RemindedCounty.open();
  await world.report();
  const [event] = (await dynamoLedgerStore.ofSubject('HAZ#R0123456789ABCDEF', 1)).events;
  if (event === undefined) throw new Error('it was reported');
  const other = await RemindedCounty.open();
  await expect(other.tell({ ...event, data: undefined, actor: undefined, truncated: true } as never)).rejects.toThrow('HAZ#');
  await other.report();
  expect(await other.tell({ ...event, data: undefined, actor: undefined, truncated: true } as never)).toBe(0);
});
