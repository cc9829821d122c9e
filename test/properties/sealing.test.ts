/** Runners that seal side by side, in any interleaving of their calls, some dying on the way: one log, without gap, fork or repetition. */
import fc from 'fast-check';
import { integrate } from '../../shared/data/sealing/integrate.ts';
import { KeysRetired } from '../../shared/data/sealing/sign.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { MemoryArchive } from '../support/memory-archive.ts';
import { Cut } from '../support/scissors.ts';
import { COUNTY, type Outside, SealingCounty, signerOf } from '../support/sealing-county.ts';

const SUBJECTS = ['AUDIT#a', 'AUDIT#b', 'AUDIT#c', 'AUDIT#d'];

/** A log that stands shortly before its first full tile. */
const before = new SealingCounty();
await before.run(await before.record(Array.from({ length: 250 }, (_, index) => `AUDIT#${index % 5}`)));
await before.run(before.streamed());
const snapshot = before.tables.snapshot();

/** Each call waits for its turn before it is made and before it is answered; a runner that dies calls nothing any more. */
function interleaved(outside: Outside, turn: () => Promise<unknown>, diesAt: number | undefined): Outside {
  let places = 0;
  const pass = async (): Promise<void> => {
    if (diesAt !== undefined && places >= diesAt) throw new Cut('dead');
    await turn();
    places++;
  };
  const around = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, key) {
        const member: unknown = Reflect.get(object, key, object);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          await pass();
          const answer: unknown = await Reflect.apply(member, object, args);
          await pass();
          return answer;
        };
      },
    });
  const { log, ledger, archive, keys } = outside;
  return { log: around(log), ledger: around(ledger), archive: around(archive), keys: around(keys) };
}

const runner = fc.record({
  /** Which of the recorded events the stream brings it, in which stretch; a shard may come twice. */
  subjects: fc.subarray(SUBJECTS, { minLength: 1 }),
  from: fc.nat(3),
  diesAt: fc.option(fc.nat(60), { nil: undefined }),
  keys: fc.constantFrom([1], [1, 2], [2]),
});

test('of two or three runners, each event once, of each subject in order, one root a size, the same bytes from the batches alone', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.constantFrom(false, false, false, true),
      fc.array(fc.constantFrom(...SUBJECTS), { minLength: 1, maxLength: 14 }),
      fc.array(runner, { minLength: 2, maxLength: 3 }),
      async (scheduler, isLong, recorded, runners) => {
        const world = new SealingCounty(isLong ? before.archive.copy() : new MemoryArchive());
        if (isLong) {
          world.tables.restore(snapshot);
          world.streamed();
        }
        const events = await world.record(recorded);
        world.streamed();
        const feedOf = ({ subjects, from }: (typeof runners)[number]): LedgerEvent[] =>
          events.filter(({ subject }) => subjects.includes(subject)).slice(from);
        const running = runners.map((one) => {
          const turn = () => scheduler.schedule(Promise.resolve());
          const { keys, ...outside } = world.outside(one.keys.map(signerOf));
          return world
            .run(feedOf(one), interleaved({ ...outside, keys }, turn, one.diesAt))
            .catch((error: unknown) => error instanceof Cut || error instanceof KeysRetired || Promise.reject(error));
        });
        await scheduler.waitFor(Promise.all(running));
        world.signers = [signerOf(1), signerOf(2)]; // of which a retired one does not sign
        await world.run(events); // what was not taken comes again
        for (let facts = world.streamed(); facts.length > 0; facts = world.streamed()) await world.run(facts);
        await world.expectWhole();

        const again = new MemoryArchive();
        const { log, ledger } = world.outside();
        await integrate({ county: COUNTY, ledger, archive: again.files }, undefined, await log.batches(0, 1000));
        for (const [path, bytes] of again.all()) expect([path, world.archive.at(path)]).toEqual([path, bytes]);
      },
    ),
    { numRuns: 20 },
  );
}, 60_000);
