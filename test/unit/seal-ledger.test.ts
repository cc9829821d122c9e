/** Sealing by its door: batches, holes, pages, large data, keys, forks, and what cannot be sealed. */
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put';
import { sealLedger } from '../../functions/seal-ledger/seal-ledger.ts';
import { entryOf, LAST_INDEX, MOST_ENTRY_BYTES } from '../../shared/archive/entry.ts';
import { logFolder } from '../../shared/archive/paths.ts';
import { LogForked } from '../../shared/data/archive-files.ts';
import { commit, EventEntity, eventItem, StaleVersion } from '../../shared/data/commit.ts';
import { nextPages } from '../../shared/data/log-places.ts';
import type { Sealing } from '../../shared/data/sealing/sealing.ts';
import { KeysRetired } from '../../shared/data/sealing/sign.ts';
import { plusMs } from '../../shared/domain/calendar.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { COUNTY, ORIGIN, SealingCounty, START, signerOf } from '../support/sealing-county.ts';

const PATH = logFolder(COUNTY);
const range = <T>(length: number, of: (index: number) => T): T[] => Array.from({ length }, (_, index) => of(index));

/** The function over a county in memory, and what it measured. */
function sealing(world: SealingCounty, more: Partial<Sealing> = {}) {
  const measured: Record<string, number>[] = [];
  const run = sealLedger({
    ...world.outside(),
    ...{ county: COUNTY, origin: ORIGIN, now: (meant) => meant, rest: async () => undefined, outOfTime: () => false, ...more },
    measured: (_at, values) =>
      measured.push(Object.fromEntries(Object.entries(values).map(([name, [, value]]) => [name, value]))),
  });
  return { run, measured };
}

test('events of many subjects go in as many batches as transactions need; told again, nothing changes', async () => {
  const world = new SealingCounty();
  const events = await world.record(range(250, (index) => `AUDIT#${index}`));
  const { run } = sealing(world);
  expect(await run(events)).toEqual({ sealed: 250, size: 250, found: [] });
  const batches = await world.outside().log.batches(0, 10);
  expect(batches.map(({ first, places }) => [first, places.length])).toEqual([
    [0, 98],
    [98, 98],
    [196, 54],
  ]);
  await world.run(world.streamed());
  await world.expectWhole();
  const [puts, writes] = [world.archive.puts, world.tables.writes()];
  expect(await run(events.toReversed())).toEqual({ sealed: 0, size: 251, found: [] });
  expect([world.archive.puts, world.tables.writes()]).toEqual([puts, writes]);
});

test('a subject with more events than a page holds, and than a batch holds', async () => {
  const world = new SealingCounty();
  const events = await world.record(range(620, () => 'DUTY'));
  await world.run(events.slice(0, 100));
  await world.run(events.slice(100, 101));
  await world.run(events);
  await world.run(world.streamed());
  await world.expectWhole();
  expect(await world.outside().log.placesOf('DUTY')).toHaveLength(620);
});

test('what the stream lost is filled in before what came after it, whatever the order and however often', async () => {
  const world = new SealingCounty();
  const events = await world.record(range(300, (index) => `AUDIT#${index % 2}`));
  expect((await world.run(events.slice(-1))).sealed).toBe(150);
  expect((await world.run([...events.slice(10, 20), ...events.slice(0, 20), ...events.slice(290)])).sealed).toBe(150);
  await world.run(world.streamed());
  await world.expectWhole();
});

test('data too long for an entry lies beside the log by its hash', async () => {
  const world = new SealingCounty();
  await world.run(await world.record(['BIG'], () => ({ text: '很'.repeat(40_000) })));
  const entry = JSON.parse(String(world.entries(1)[0]));
  expect(entry).toMatchObject({ id: 'BIG:1', index: 0, data: { large: { bytes: 120_011 } } });
  expect(JSON.parse(String(world.archive.at(`${PATH}/large/${entry.data.large.sha256}.json`))).text).toHaveLength(40_000);
});

test('nothing new, no checkpoint; a checkpoint that was signed and never put is put by the next call', async () => {
  const world = new SealingCounty();
  await world.run([]);
  expect(world.archive.all().size).toBe(0);
  const events = await world.record(['A']);
  const failing = { ...world.outside(), archive: { ...world.archive.files, putAnew: () => Promise.reject(new Error('503')) } };
  await expect(world.run(events, failing)).rejects.toThrow('503');
  expect(world.checkpoint()).toBeUndefined();
  await world.run([]);
  expect(world.checkpoint()?.size).toBe(1);
  await world.run([]);
  expect(world.archive.versions(`${PATH}/checkpoint`)).toHaveLength(1);
});

test('a slow runner leaves no older checkpoint behind', async () => {
  const world = new SealingCounty();
  const { putAnew } = world.archive.files;
  const slow = {
    ...world.archive.files,
    putAnew: async (path: string, bytes: Uint8Array) => {
      if (world.checkpoint() === undefined) await world.run(await world.record(['B']));
      await putAnew(path, bytes);
    },
  };
  await world.run(await world.record(['A']), { ...world.outside(), archive: slow });
  expect(world.archive.versions(`${PATH}/checkpoint`).length).toBe(3);
  expect(world.checkpoint()?.size).toBe(2);
});

test('a checkpoint that another kept meanwhile is not gone behind', async () => {
  const world = new SealingCounty();
  await world.run(await world.record(['A']));
  const { log, ...outside } = world.outside();
  let isFirst = true;
  const sign: typeof log.sign = async (signing) => {
    if (isFirst) {
      isFirst = false;
      await world.run(await world.record(['B']));
    }
    await log.sign(signing);
  };
  let rests = 0;
  await world.run(await world.record(['A']), { ...outside, log: { ...log, sign } }, { rest: async () => void rests++ });
  await world.run(world.streamed());
  expect(rests).toBe(1);
  await world.expectWhole();
});

test('a backlog is worked off in steps, each of them signed; without time left the batch comes again', async () => {
  const world = new SealingCounty();
  const events = await world.record(range(500, (index) => `AUDIT#${index % 5}`));
  let looks = 0;
  const { run, measured } = sealing(world, { outOfTime: () => looks++ > 0 });
  await expect(run(events)).rejects.toThrow('no time');
  expect(measured).toEqual([{ UnsealedAgeSeconds: 499 }]);
  await world.run(events);
  await world.run(world.streamed());
  await world.expectWhole();
});

test('the size and the age of the oldest event that was not sealed are measured, also where sealing fails', async () => {
  const world = new SealingCounty();
  const events = await world.record(['A', 'B', 'C']);
  const { run, measured } = sealing(world, { now: () => plusMs(START, 30_000) });
  await run(events);
  expect(measured).toEqual([{ LogSize: 3, UnsealedAgeSeconds: 30 }]);
  const more = await world.record(['A']);
  const failing = sealing(world, { keys: { signers: () => Promise.reject(new Error('the key is disabled')) } });
  await expect(failing.run(more)).rejects.toThrow('the key is disabled');
  expect(failing.measured).toEqual([{ UnsealedAgeSeconds: 0 }]);
});

describe('an event that cannot be sealed', () => {
  const poisoned = async () => {
    const world = new SealingCounty();
    const events = await world.record(['A', 'POISON', 'B'], (subject) => (subject === 'POISON' ? { share: 0.5 } : {}));
    return { world, events };
  };

  test('is told once, held up with its subject, and holds up no other: the batch is done', async () => {
    const { world, events } = await poisoned();
    const after = await world.record(['POISON', 'B']);
    const { run, measured } = sealing(world);
    const finding = { what: 'unsealable', subject: 'POISON', sequence: 1, because: 'TypeError: 0.5' };
    const { found } = await run([...events, ...after]);
    expect(found).toMatchObject([{ ...finding, because: expect.stringContaining('0.5 is not a whole number') }]);
    expect(await run(after)).toMatchObject({ found: [] });
    expect(await world.outside().log.findings(10)).toEqual(found);
    expect(world.entries().map((entry) => JSON.parse(String(entry)).id)).toEqual(['A:1', 'B:1', 'B:2']);
    expect(measured.at(-1)).toEqual({ LogFindings: 1 });
  });

  test('is one that verifiers would refuse, or that says that it is another: it would spoil every bundle after it, or the log', async () => {
    const world = new SealingCounty();
    const [good] = await world.record(['A']);
    if (good === undefined) throw new Error('nothing was recorded');
    const odd: LedgerEvent[] = [
      { ...good, subject: 'B', id: 'B:2' },
      { ...good, subject: 'C', id: 'C:1', schema: 0 },
      { ...good, subject: 'D', id: 'D:1', county: countyCode('533103') },
      { ...good, subject: 'x'.repeat(701), id: `${'x'.repeat(701)}:1` },
    ];
    for (const event of odd) await world.keep(event);
    const stray = eventItem({ ...good, subject: 'E', id: 'E:1' });
    await EventEntity.build(PutItemCommand)
      .item({ ...stray, event: good })
      .send();
    const { found, sealed } = await sealing(world).run([...odd, { subject: 'E', sequence: 1 }, good]);
    expect([sealed, found.map(({ subject }) => subject[0]).sort()]).toEqual([1, ['B', 'C', 'D', 'E', 'x']]);
    await world.run(world.streamed().filter(({ subject }) => subject === 'LOG'));
    expect(world.entries()).toHaveLength(2);
  });

  test('is one that would be too long without its data too, at whichever place', async () => {
    const world = new SealingCounty();
    const event = world.event('LONG', 1, START, { text: '很'.repeat(100) });
    const bytes = (length: number): LedgerEvent => ({ ...event, id: 'x'.repeat(length) });
    const short = { ...bytes(0), data: { large: { bytes: 311, sha256: '0'.repeat(64) } } };
    const longest = MOST_ENTRY_BYTES - entryOf(short, 0).bytes.length;
    expect(() => entryOf(bytes(longest + 1), 0)).toThrow(RangeError);
    expect(() => entryOf(bytes(longest), 0)).not.toThrow();
    const fitsOnlyAtFirst = bytes(longest);
    expect(() => entryOf(fitsOnlyAtFirst, LAST_INDEX)).toThrow('an entry holds 65535');
    await expect(commit({ events: [fitsOnlyAtFirst], writes: [] })).rejects.toThrow(RangeError);
    await world.keep(fitsOnlyAtFirst);
    const { sealed, unsealable } = await world.run([fitsOnlyAtFirst, ...(await world.record(['A']))]);
    expect([sealed, unsealable.map(({ place }) => place.subject)]).toEqual([1, ['LONG']]);
    await world.run(world.streamed().filter(({ subject }) => subject !== 'LONG'));
    expect(world.entries()).toHaveLength(2);
  });

  test('is never passed over: what the ledger does not hold is no hole that may be left', async () => {
    const world = new SealingCounty();
    const event = world.event('A', 2, START, {});
    const { run } = sealing(world);
    expect(await run([event])).toMatchObject({
      sealed: 0,
      found: [{ subject: 'A', sequence: 1, because: 'the ledger does not hold it' }],
    });
    expect(world.checkpoint()).toBeUndefined();
  });
});

describe('keys', () => {
  const factsOf = (world: SealingCounty) =>
    [...world.ledger().values()].filter(({ subject }) => subject === 'LOG').map(({ type, data }) => [type, data]);

  test('while one is replaced both sign; each is adopted and retired once, on the ledger and in the log', async () => {
    const world = new SealingCounty();
    const [old, fresh] = [signerOf(1), signerOf(2)];
    const step = async (keys: readonly (typeof old)[]) => {
      world.signers = keys;
      await world.run(await world.record(['A']));
      await world.run(await world.record(['A']));
      await world.run(world.streamed());
      return (await world.outside().log.head()).signed;
    };
    expect(await step([old])).toMatchObject({ keys: [{ vkey: old.vkey, since: 1 }] });
    expect(await step([old, fresh])).toMatchObject({
      keys: [
        { vkey: old.vkey, since: 1 },
        { vkey: fresh.vkey, since: 4 },
      ],
    });
    expect(world.checkpoint()?.signatures).toHaveLength(2);
    const last = await step([fresh]);
    expect(last).toMatchObject({
      keys: [{ vkey: fresh.vkey, since: 4 }],
      retired: [{ vkey: old.vkey, since: 1, until: 6 }],
    });
    expect(factsOf(world)).toEqual([
      ['SealingKeyAdopted', { vkey: old.vkey, since: 1 }],
      ['SealingKeyAdopted', { vkey: fresh.vkey, since: 4 }],
      ['SealingKeyRetired', { vkey: old.vkey, until: 6 }],
    ]);
    await world.expectWhole();
  });

  test('runners of two deployments, call by call in turn: each key is adopted once, and none that was retired comes back', async () => {
    const world = new SealingCounty();
    const turns = [[1], [1, 2], [1], [1, 2], [2], [1, 2], [2], [1, 2]];
    for (const turn of turns) {
      const signers = turn.map(signerOf);
      await world.run(await world.record(['A']), world.outside(signers));
      await world.run(world.streamed(), world.outside(signers));
    }
    const [old, fresh] = [signerOf(1).vkey, signerOf(2).vkey];
    expect(factsOf(world)).toMatchObject([
      ['SealingKeyAdopted', { vkey: old }],
      ['SealingKeyAdopted', { vkey: fresh }],
      ['SealingKeyRetired', { vkey: old }],
    ]);
    expect(world.checkpoint()?.signatures).toHaveLength(1);
    await world.expectWhole();
    const late = world.run(await world.record(['A']), world.outside([signerOf(1)]));
    await expect(late).rejects.toThrow(KeysRetired);
    world.signers = [signerOf(2)];
    await world.run([]);
    expect((await world.outside().log.head()).signed).toMatchObject({ keys: [{ vkey: fresh }], retired: [{ vkey: old }] });
  });

  test('a key of another log signs nothing', async () => {
    const world = new SealingCounty();
    await expect(world.run(await world.record(['A']), world.outside(), { origin: 'log.other.cn/533102' })).rejects.toThrow(
      'is not a key of log.other.cn/533102',
    );
    expect((await world.outside().log.head()).signed).toBeUndefined();
  });

  test('of two runners that adopt one at once, one records it', async () => {
    const world = new SealingCounty();
    const events = await world.record(['A', 'B']);
    await Promise.all([world.run(events.slice(0, 1)), world.run(events.slice(1)), world.run(events)]);
    expect(factsOf(world)).toHaveLength(1);
  });

  test('a signature that does not fit its key is not kept', async () => {
    const world = new SealingCounty();
    world.signers = [{ vkey: signerOf(1).vkey, sign: signerOf(2).sign }];
    await expect(world.run(await world.record(['A']))).rejects.toThrow('does not fit');
    expect((await world.outside().log.head()).signed).toBeUndefined();
  });
});

describe('a log that was tampered with is not signed', () => {
  const sealed = async () => {
    const world = new SealingCounty();
    await world.run(await world.record(range(3, (index) => `AUDIT#${index}`)));
    const signed = world.signed.size;
    const more: LedgerEvent[] = await world.record(['AUDIT#0']);
    return { world, more, signed };
  };
  test.each([
    ['tile/0/000.p/3', Buffer.alloc(96), 'do not have the root'],
    ['tile/0/000.p/3', Buffer.alloc(95), 'does not hold 3 hashes'],
    ['tile/0/000.p/3', undefined, 'is not there'],
    ['tile/entries/000.p/3', Buffer.alloc(9), 'does not hold the 3 entries'],
    ['tile/0/000.p/4', Buffer.alloc(128), 'lies where'],
    ['tile/entries/000.p/4', Buffer.from('other'), 'lies where'],
  ])('%s', async (path, bytes, says) => {
    const { world, more, signed } = await sealed();
    world.archive.forge(`${PATH}/${path}`, bytes);
    await expect(world.run(more)).rejects.toThrow(says);
    await expect(world.run(more)).rejects.toThrow(says.includes('hold 3') ? RangeError : LogForked);
    expect([world.signed.size, world.checkpoint()?.size]).toEqual([signed, 3]);
  });
});

test('a log never goes on under another name: nothing is given a place, and nothing signed', async () => {
  const world = new SealingCounty();
  await world.run(await world.record(['A']));
  const more = await world.record(['A']);
  const renamed = { origin: 'log.other.cn/533102' };
  await expect(world.run(more, world.outside(), renamed)).rejects.toThrow(LogForked);
  expect((await world.outside().log.head()).size).toBe(1);
  world.archive.forge(`${PATH}/checkpoint`, undefined); // known from the table too
  await expect(world.run(more, world.outside(), renamed)).rejects.toThrow('would be signed as log.other.cn/533102');
  await expect(world.run(more, world.outside(), renamed)).rejects.toThrow(LogForked);
  expect((await world.outside().log.head()).signed?.size).toBe(1);
});

test('tables that were put back to an earlier time give no place that is taken, and sign nothing', async () => {
  const world = new SealingCounty();
  const events = await world.record(['A', 'B']);
  const earlier = world.tables.snapshot();
  await world.run(events);
  const later = world.tables.snapshot();
  world.tables.restore(earlier);
  const signed = world.signed.size;
  await expect(world.run(events.toReversed())).rejects.toThrow(LogForked);
  expect(await world.outside().log.head()).toEqual({ size: 0 });
  world.tables.restore(later);
  world.archive.forge(
    `${PATH}/checkpoint`,
    Buffer.from(world.checkpoint()?.note.replace(/\n2\n.*\n/, `\n2\n${'A'.repeat(43)}=\n`) ?? ''),
  );
  await expect(world.run(events)).rejects.toThrow('the table knows of 2');
  expect(world.signed.size).toBe(signed);
});

test('a batch that leaves a hole, or seals again, is refused before it is written', () => {
  const last = new Map([['A', { through: 2, indexes: [0, 1] }]]);
  expect(() => nextPages(last, [{ subject: 'A', sequence: 4 }], 9)).toThrow('A:4 cannot be sealed after A:2');
  expect(() => nextPages(last, [{ subject: 'A', sequence: 2 }], 9)).toThrow(RangeError);
  expect(nextPages(last, [{ subject: 'A', sequence: 3 }], 9)).toEqual([
    { subject: 'A', page: 0, before: 2, after: { through: 3, indexes: [0, 1, 9] } },
  ]);
});

test('a runner that always comes second leaves it to the next call', async () => {
  const world = new SealingCounty();
  const events = await world.record(['A']);
  const { log } = world.outside();
  let rests = 0;
  const second = { ...log, sequence: () => Promise.reject(new StaleVersion('head')) };
  const run = world.run(events, { ...world.outside(), log: second }, { rest: async () => void rests++ });
  await expect(run).rejects.toThrow(StaleVersion);
  expect(rests).toBeGreaterThan(5);
});
