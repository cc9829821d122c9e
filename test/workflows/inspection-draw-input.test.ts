/** What is wrong with what a draw is given, and what comes of it: each through the real functions. */
import { type Day, instant, plusMs } from '../../shared/domain/calendar.ts';
import { drawPeriod } from '../../shared/domain/ids.ts';
import { inspectorsIn } from '../../shared/draw/rosters.ts';
import { verifyDraw } from '../../shared/draw/verify-draw.ts';
import { verifySeries } from '../../shared/draw/verify-series.ts';
import { chief, DrawCounty, NUMBERS, OTHER_NUMBERS, officer, YJJ } from '../support/draw-county.ts';
import { ANNOUNCED, assigned, DRAWN, ONE, red } from '../support/red-draw.ts';

const RUN = { kind: 'RANDOM.RED', period: drawPeriod('2026-06'), attempt: 2026052600 } as const;

describe('bad input has a stated outcome', () => {
  const refusals = (world: DrawCounty) =>
    world.ledger().flatMap(({ type, data }) => (type === 'DrawRefused' ? [data as { code: string; says: string }] : []));

  const missed = (world: DrawCounty) =>
    world.ledger().flatMap(({ type, data }) => {
      const { period, code } = data as { period: string; code: string };
      return type === 'DrawMissed' ? [[period, code]] : [];
    });

  test('an outage over whole windows: each period that was lost is said once with its cause, as far back as the county goes', async () => {
    const world = await red('2026-06-26T02:47:00Z', '2026-04-01T00:00:00Z');
    await world.withInspectors(['i2', 'i3'], { skills: ['mine'] });
    await world.open('RANDOM.RED', instant('2026-05-27T02:47:00Z')); // nobody can be sent: said of May and of June
    await world.withInspectors(['i2', 'i3']);
    await world.open('RANDOM.RED', instant('2026-08-02T02:47:00Z'));
    expect(missed(world)).toEqual([
      ['2026-04', 'outage'],
      ['2026-05', 'no-capacity'],
      ['2026-06', 'no-capacity'],
      ['2026-07', 'outage'],
    ]);
    await world.open('RANDOM.RED', instant('2026-08-03T02:47:00Z'));
    expect(missed(world)).toHaveLength(4);
    expect((await world.of(ONE)).draw).toMatchObject({ period: '2026-08', because: '应于2026-07-26公告，届时未能公告，补办' });
  });

  test('a draw that was void and has no successor is a period that was missed', async () => {
    const world = await red();
    await world.open('RANDOM.RED');
    await world.void(ONE);
    await world.deliver();
    await world.open('RANDOM.RED', instant('2026-07-02T02:47:00Z'));
    expect(missed(world)).toEqual([['2026-06', 'void']]);
  });

  test('an object that nobody may visit: refused with its causes, said once a day, and no number is used', async () => {
    const world = new DrawCounty(ANNOUNCED);
    await world.withEnterprises('RED', [1, 2]);
    await world.withInspectors(['i1', 'i2'], {}, { interests: [] });
    await world.withInspectors(
      ['i2'],
      {},
      {
        interests: [{ no: 1, in: world.objectOf(1), kind: 'kinship', reason: '亲属', by: chief.id, at: world.now }],
      },
    );
    await world.open('RANDOM.RED');
    await world.open('RANDOM.RED');
    expect(refusals(world)).toMatchObject([{ code: 'infeasible', says: expect.stringContaining(world.objectOf(1)) }]);
    expect((await world.draws.series(YJJ)).series.number).toBe(0);
    expect(world.machine.ends()).toEqual(['NotDrawn', 'NotDrawn']);
    world.now = instant('2026-05-27T02:47:00Z');
    await world.withInspectors(['i3']);
    expect(await world.open('RANDOM.RED')).toBe(1);
    expect((await world.of(ONE)).draw).toMatchObject({ number: 1, because: '本县（市）启用时已过公告日' });
  });

  test('two causes in turn are each said once a day, and the dispatcher reads both', async () => {
    const world = new DrawCounty(ANNOUNCED);
    await world.withEnterprises('RED', [1, 2]);
    await world.withInspectors(['i1', 'i2']);
    for (const n of [1, 2, 1]) {
      const kin = { no: 1, in: world.objectOf(n), kind: 'kinship', reason: '亲属', by: chief.id, at: world.now } as const;
      await world.withInspectors(['i2'], {}, { interests: [kin] });
      await world.open('RANDOM.RED');
    }
    const said = [2, 1].map((n) => ({ code: 'infeasible', says: expect.stringContaining(world.objectOf(n)) }));
    expect(refusals(world)).toMatchObject(said.toReversed());
    expect((await world.refusals()).items).toMatchObject(said);
  });

  test('an inspector twice: refused with the place, and no number is used', async () => {
    const world = new DrawCounty(ANNOUNCED, {
      tampering: (pooling) => ({
        ...pooling,
        inspectors: pooling.inspectors.flatMap((one) => [one, { ...one, content: { ...one.content, perMonth: 7 } }]),
      }),
    });
    await world.withEnterprises('RED', [1]);
    await world.withInspectors(['i1', 'i2']);
    await world.open('RANDOM.RED');
    expect(refusals(world)).toMatchObject([{ code: 'inspector-twice', says: expect.stringContaining('inspectors.tsv') }]);
    expect((await world.draws.series(YJJ)).series.number).toBe(0);
  });

  test('an object twice: refused with the place', async () => {
    const world = new DrawCounty(ANNOUNCED, {
      tampering: (pooling) => ({ ...pooling, objects: pooling.objects.flatMap((one) => [one, { ...one, industry: 'mine' }]) }),
    });
    await world.withEnterprises('RED', [1]);
    await world.withInspectors(['i1', 'i2']);
    await world.open('RANDOM.RED');
    expect(refusals(world)).toMatchObject([{ code: 'object-twice' }]);
  });

  test('nothing to draw: said once for the period', async () => {
    const world = new DrawCounty(ANNOUNCED);
    await world.withInspectors(['i1', 'i2']);
    await world.open('RANDOM.RED');
    world.now = instant('2026-05-27T02:47:00Z');
    await world.open('RANDOM.RED');
    expect(world.ledger().map(({ type }) => type)).toEqual(['NothingToDraw']);
  });

  test('no day is left in the window: the draw is missed, and that is said', async () => {
    const world = await red('2026-06-30T02:47:00Z');
    await world.open('RANDOM.RED', instant('2026-06-30T02:47:00Z'));
    world.now = instant('2026-07-02T02:47:00Z');
    await world.open('RANDOM.RED');
    await world.open('RANDOM.RED');
    expect(missed(world)).toEqual([['2026-06', 'window-over']]);
  });

  test('inspectors are too few for all: the quota is what they can do, and the gap stays visible', async () => {
    const world = new DrawCounty(ANNOUNCED);
    await world.withEnterprises('RED', [1, 2, 3, 4, 5]);
    await world.withInspectors(['i1', 'i2'], { perMonth: 2 });
    await world.open('RANDOM.RED');
    expect((await world.of(ONE)).draw.strata).toEqual([{ name: 'RED.hazardous-chemicals', objects: 5, quota: 2, wanted: 5 }]);
  });

  test('nobody can be sent to a stratum: the others are drawn, and it stands beside them with what is wanted', async () => {
    const world = new DrawCounty(ANNOUNCED);
    await world.withEnterprises('RED', [1, 2], 'mine');
    await world.withEnterprises('RED', [3], 'hotel');
    await world.withInspectors(['i1', 'i2'], { skills: ['mine'] });
    await world.open('RANDOM.RED');
    expect((await world.of(ONE)).draw.strata).toEqual([
      { name: 'RED.mine', objects: 2, quota: 2, wanted: 2 },
      { name: 'RED.hotel', objects: 1, quota: 0, wanted: 1 },
    ]);
    await keyed(world);
    await world.visitAll(ONE);
    await world.sweepUntilQuiet();
    expect(verifyDraw(world.bundle(ONE))).toMatchObject({ ok: true, summary: { state: 'revealed', drawn: 2 } });
  });

  test('nobody has room for anything: refused, and no number is used', async () => {
    const world = new DrawCounty(ANNOUNCED);
    await world.withEnterprises('RED', [1]);
    await world.withInspectors(['i1']);
    await world.open('RANDOM.RED');
    expect(refusals(world)).toMatchObject([{ code: 'no-capacity' }]);
    expect((await world.draws.series(YJJ)).series.number).toBe(0);
  });

  test('days that other draws have filled are days of absence for the next', async () => {
    const world = await red();
    await world.withInspectors(['i1', 'i2', 'i3'], { perMonth: 30 });
    const more = Array.from({ length: 15 }, (_, n) => n + 11);
    await world.withEnterprises('RED', more);
    await world.open('RANDOM.RED');
    await keyed(world);
    await world.open('SPECIAL');
    const tasks = (await world.tasksOf(ONE)).map(({ task }) => task);
    const { files } = (await world.of({ ...ONE, number: 2 })).draw;
    const absences = inspectorsIn(await world.files.read(files.inspectors)).map(({ inspector, capacity, absent }) => {
      const days = tasks.filter(({ team }) => team.some(({ id }) => id === inspector)).flatMap(({ day }) => day ?? []);
      expect(absent).toEqual([...new Set(days.filter((day, at) => days.indexOf(day) !== at))].sort());
      expect(capacity).toBe(30 - days.length);
      return absent;
    });
    expect(absences.flat()).not.toEqual([]);
  });

  test('who declares an interest, is away or retires behind the freezing is not sent: the dispatcher has to, in sight of why', async () => {
    const kin = { no: 1, kind: 'kinship', reason: '亲属', by: chief.id, at: DRAWN } as const;
    const change = {
      recused: (world: DrawCounty) => ({ interests: [1, 2, 3].map((n) => ({ ...kin, no: n, in: world.objectOf(n) })) }),
      away: () => ({ absences: [{ from: '2026-06-01' as Day, to: '2026-06-30' as Day, reason: '学习' }] }),
      unknown: () => ({ retired: { at: DRAWN, because: '退休' } }),
    };
    for (const because of ['recused', 'away', 'unknown'] as const) {
      const world = await red();
      await world.open('RANDOM.RED');
      await world.withInspectors(['i3'], {}, change[because](world));
      await keyed(world);
      const tasks = (await world.tasksOf(ONE)).map(({ task }) => task);
      const drawn = tasks.filter(({ team, passed }) => [...team, ...(passed?.team ?? [])].some(({ id }) => id === 'i3'));
      expect(drawn.length).toBeGreaterThan(0);
      for (const task of drawn) expect(task).toMatchObject({ stage: 'unassigned', team: [], passed: { because } });
      const unfit = world
        .ledger()
        .flatMap(({ type, data }) => (type === 'TaskAssigned' && (data as { unfit?: string }).unfit !== undefined ? [data] : []));
      expect(unfit).toHaveLength(drawn.length);
      expect(world.notices).toHaveLength(3 - drawn.length);
    }
  });

  test('a roster that was changed is not drawn from: that is recorded, and nothing is drawn', async () => {
    const world = await red();
    await world.open('RANDOM.RED');
    const { files } = (await world.of(ONE)).draw;
    world.files.kept.set(files.inspectors, Buffer.from('i1\tenforcer\t9\t*\t-\n'));
    world.now = DRAWN;
    await world.enter(ONE, officer, NUMBERS);
    await world.enter(ONE, chief, NUMBERS);
    await world.deliver();
    expect((await world.of(ONE)).draw.stage).toBe('announced');
    expect(refusals(world)).toMatchObject([{ code: 'changed-file' }]);
    expect(world.machine.ends()).toEqual(['Interrupted']);
  });

  /** Both have entered their numbers, and the run has gone on. */
  const keyed = async (world: DrawCounty, at = DRAWN): Promise<void> => {
    world.now = at;
    await world.enter(ONE, officer, NUMBERS);
    await world.enter(ONE, chief, NUMBERS);
    await world.deliver();
  };

  const running = async (world: DrawCounty): Promise<readonly number[]> => {
    const attempts: number[] = [];
    for await (const { attempt } of world.machine.running()) attempts.push(attempt);
    return attempts;
  };

  test('a roster that is missing is told as one that was changed; void, the rest is shown, the loss is recorded, and the period has its next number', async () => {
    const world = await red();
    await world.open('RANDOM.RED');
    const { files } = (await world.of(ONE)).draw;
    world.files.kept.delete(files.inspectors);
    await keyed(world);
    expect(refusals(world)).toMatchObject([{ code: 'changed-file', says: expect.stringContaining('请核查后作废') }]);

    world.now = plusMs(DRAWN, 3_600_000);
    await world.void(ONE, '名录文件被改动');
    await world.deliver();
    await world.sweepUntilQuiet();
    const { draw } = await world.of(ONE);
    expect([draw.stage, draw.lost, draw.revealedAt !== undefined]).toEqual(['void', ['inspectors.tsv'], true]);
    const shown = ['announcement.json', 'items.tsv', 'objects.tsv', 'randomness.json', 'recusals.tsv', 'void.json'];
    expect([...world.bundle(ONE).keys()].sort()).toEqual(shown);
    expect(verifyDraw(world.bundle(ONE), '2026-08-01T00:00:00Z')).toMatchObject({ ok: false });
    expect(await running(world)).toEqual([]);

    await world.withInspectors(['i4']); // or the next freezing would lay the same file where it lay
    expect(await world.open('RANDOM.RED')).toBe(1);
    const next = (await world.of({ ...ONE, number: 2 })).draw;
    expect(next).toMatchObject({ stage: 'announced', because: '同期前一次抽查已作废，重新公告' });
  });

  test('a file that is lost after the draw is void and drawn: the rest is shown, and the run ends', async () => {
    const world = await assigned(await red());
    const { files, iterations } = (await world.of(ONE)).draw;
    world.files.kept.set(files.inspectors, Buffer.from('i1\tenforcer\t9\t*\t-\n'));
    world.files.kept.delete(iterations[0]?.result?.sha256 ?? '');
    await world.void(ONE, '名录文件被改动');
    await world.deliver();
    await world.sweepUntilQuiet();
    expect((await world.of(ONE)).draw).toMatchObject({
      lost: ['inspectors.tsv', 'result-1.json'],
      revealedAt: expect.anything(),
    });
    expect(verifyDraw(world.bundle(ONE), '2026-08-01T00:00:00Z')).toMatchObject({ ok: false });
    expect(world.machine.ends().at(-1)).toBe('Void');
  });

  test('a source that never appears: void with its reason, all but the result is shown, and the period has its next number', async () => {
    const world = await red();
    await world.open('RANDOM.RED');
    world.now = plusMs(DRAWN, 26 * 3_600_000);
    await world.sweepUntilQuiet();
    await world.void(ONE, '本期号码未公布');
    await world.deliver();
    expect([...world.bundle(ONE).keys()].filter((file) => /result|randomness/.test(file))).toEqual([]);
    expect(verifyDraw(world.bundle(ONE))).toMatchObject({ ok: true, summary: { state: 'void', drawn: 0 } });
    expect(await world.open('RANDOM.RED')).toBe(1);
    const folders = [ONE, { ...ONE, number: 2 }].map((ref) => [String(ref.number), world.bundle(ref)] as const);
    expect(verifySeries(folders, '2026-05-31T00:00:00Z')).toMatchObject({ ok: true });
  });

  test('randomness so late that drawn days have passed: nobody is sent on them, the dispatcher has to, in sight of what was drawn', async () => {
    const world = await red();
    await world.open('RANDOM.RED');
    await keyed(world, instant('2026-06-20T01:00:00Z'));
    const tasks = (await world.tasksOf(ONE)).map(({ task }) => task);
    const passed = tasks.filter(({ stage }) => stage === 'unassigned');
    expect(tasks.map(({ stage }) => stage)).toContain('unassigned');
    for (const task of passed) {
      expect(task).toMatchObject({ team: [], passed: { team: [{}, {}] }, owed: [{ what: 'assign' }] });
      expect([task.day, task.passed && task.passed.day <= '2026-06-20']).toEqual([undefined, true]);
    }
    const sent = tasks.filter(({ stage }) => stage === 'assigned');
    expect(sent.every(({ day = '' }) => day > '2026-06-20')).toBe(true);
    expect(world.notices.map(({ task }) => task)).toEqual(sent.map(({ id }) => id));
    await world.visitAll(ONE);
    await world.sweepUntilQuiet();
    expect(verifyDraw(world.bundle(ONE))).toMatchObject({ ok: true, summary: { state: 'revealed', drawn: 3 } });
  });

  test('a quota above the pool is the pool', async () => {
    const count = { kinds: ['RANDOM'], count: 10 } as const;
    const world = new DrawCounty(ANNOUNCED, {
      ruling: (policy) => ({
        ...policy,
        drawing: { ...policy.drawing, quotas: { ...policy.drawing.quotas, rules: [{ ...count, kinds: [...count.kinds] }] } },
      }),
    });
    await world.withEnterprises('RED', [1, 2, 3]);
    await world.withInspectors(['i1', 'i2', 'i3']);
    await world.open('RANDOM.RED');
    expect((await world.of(ONE)).draw.strata).toEqual([{ name: 'RED.hazardous-chemicals', objects: 3, quota: 3, wanted: 3 }]);
  });

  test('a stratum of which everything is left out is no stratum; with all of them empty there is nothing to draw', async () => {
    const standing = (industries: readonly string[]) =>
      new DrawCounty(ANNOUNCED, {
        tampering: (pooling) => ({
          ...pooling,
          objects: pooling.objects.map((one) => ({ ...one, suspended: industries.includes(one.industry) })),
        }),
      });
    for (const [empty, says] of [[['mine'], 'DrawAnnounced'] as const, [['mine', 'hotel'], 'NothingToDraw'] as const]) {
      const world = standing(empty);
      await world.withEnterprises('RED', [1, 2], 'mine');
      await world.withEnterprises('RED', [3], 'hotel');
      await world.withInspectors(['i1', 'i2']);
      await world.open('RANDOM.RED');
      expect(world.ledger().map(({ type }) => type)).toEqual([says]);
      if (says === 'DrawAnnounced') expect((await world.of(ONE)).draw.strata.map(({ name }) => name)).toEqual(['RED.hotel']);
    }
  });

  test('values that differ are kept and settle nothing; two that are equal do', async () => {
    const world = await red();
    await world.open('RANDOM.RED');
    world.now = DRAWN;
    await world.enter(ONE, officer, NUMBERS);
    expect(await world.enter(ONE, chief, OTHER_NUMBERS)).toMatchObject({ settled: false });
    expect((await world.of(ONE)).draw.entries).toHaveLength(2);
    await expect(world.enter(ONE, officer, NUMBERS)).rejects.toMatchObject({ code: 'entered-already' });
    expect(await world.enter(ONE, chief, NUMBERS)).toMatchObject({ settled: true });
    expect((await world.of(ONE)).draw.entries).toHaveLength(3);
  });

  test('values before they are published, or not of the source, are refused', async () => {
    const world = await red();
    await world.open('RANDOM.RED');
    await expect(world.enter(ONE, officer, NUMBERS)).rejects.toMatchObject({ code: 'not-yet-published' });
    world.now = DRAWN;
    await expect(world.enter(ONE, officer, { numbers: [[3, 9], [8]] })).rejects.toMatchObject({ code: 'not-of-source' });
  });

  test('randomness that does not come is told once', async () => {
    const world = await red();
    await world.open('RANDOM.RED');
    world.now = instant('2026-05-28T16:00:00Z');
    await world.sweepUntilQuiet();
    await world.sweepUntilQuiet();
    expect(world.ledger().filter(({ type }) => type === 'RandomnessMissing')).toHaveLength(1);
  });

  test('a second draw for a period that has one is refused; one that the calendar left is opened by hand with its reason', async () => {
    const world = await red();
    await world.ask('RANDOM.RED', '2026-06');
    await world.deliver();
    expect((await world.of(ONE)).draw).toMatchObject({ because: '系统中断', stage: 'announced' });
    await expect(world.ask('RANDOM.RED', '2026-06')).rejects.toMatchObject({ code: 'already-drawn' });
    await expect(world.ask('RANDOM.RED', '2026-07', officer)).rejects.toMatchObject({ status: 403 });
  });
});

describe('what is asked too early', () => {
  test('a draw before the day on which the calendar announces it is refused with that day', async () => {
    const world = await red('2026-05-26T00:59:59Z');
    const early = { code: 'not-due-yet', message: expect.stringContaining('2026-05-26') };
    await expect(world.ask('RANDOM.RED', '2026-06')).rejects.toMatchObject(early);
    world.now = instant(ANNOUNCED);
    await world.ask('RANDOM.RED', '2026-06');
  });
});

describe('a clock that jumps', () => {
  test('forward and back at the drawing: without randomness nothing is drawn, and with it the same is drawn, once', async () => {
    const world = await red();
    await world.open('RANDOM.RED');
    world.now = instant('2026-06-10T00:00:00Z');
    await world.sweepUntilQuiet();
    expect((await world.of(ONE)).draw).toMatchObject({ stage: 'announced', warned: ['randomness-missing'] });
    world.now = DRAWN;
    await world.enter(ONE, officer, NUMBERS);
    await world.enter(ONE, chief, NUMBERS);
    world.now = instant('2026-05-27T00:00:00Z');
    await world.sweep();
    await world.settle();
    expect(await world.machine.functions.DrawLots({ ...ONE, ...RUN, at: world.now })).toMatchObject({ step: 'await-drawing' });
    expect((await world.of(ONE)).draw.stage).toBe('announced');
    world.now = DRAWN;
    await world.deliver();
    const drawn = (await world.of(ONE)).draw;
    expect(drawn.stage).toBe('assigned');
    for (const at of ['2026-05-27T00:00:00Z', '2026-07-01T00:00:00Z'])
      await world.machine.functions.DrawLots({ ...ONE, ...RUN, at: instant(at) });
    expect((await world.of(ONE)).draw).toEqual(drawn);
  });

  test('ahead of the world’s in a sweep: nothing is revealed before its time', async () => {
    const world = await assigned(
      await red(ANNOUNCED, '2026-06-01T00:00:00Z', { sweptUntil: (at) => [at, DRAWN].sort()[0] ?? at }),
    );
    world.now = instant('2026-07-15T15:00:00Z');
    await world.sweepUntilQuiet();
    expect((await world.of(ONE)).draw.stage).toBe('assigned');
  });

  test('back in a sweep: what was told, warned of and revealed stays', async () => {
    const world = await assigned(await red());
    await world.visitAll(ONE);
    await world.sweepUntilQuiet();
    const before = [(await world.of(ONE)).draw, world.ledger().length];
    world.now = instant(ANNOUNCED);
    await world.sweepUntilQuiet();
    expect([(await world.of(ONE)).draw, world.ledger().length]).toEqual(before);
  });
});
