/** What witnesses hand in of the county's log: believed where it proves itself, kept once for each, and served to everybody. */
import { serveLog } from '../../functions/serve-published/served-log.ts';
import { takeCosignature } from '../../functions/serve-published/taken-cosignature.ts';
import { checkpointText } from '../../shared/archive/checkpoint.ts';
import { newestCosigned } from '../../shared/archive/cosigned.ts';
import { cosignatureLine, lineOf, type NoteSigner, readNote, signNote, verifyCosignature } from '../../shared/archive/note.ts';
import { logFolder } from '../../shared/archive/paths.ts';
import { dynamoCosignedStore } from '../../shared/data/cosigned-store.ts';
import { COUNTY, ORIGIN, SealingCounty, signerOf } from '../support/sealing-county.ts';
import { witnessOf } from '../support/witnesses.ts';

const ARCHIVE = witnessOf('an archive');
const NOTARY = witnessOf('a notary');
const [AT, LATER] = [1_770_000_000, 1_770_000_300];

const cosigned = async (note: string, witness: NoteSigner, seconds = AT): Promise<string> =>
  `${note}${await cosignatureLine(readNote(Buffer.from(note), 'note'), witness, seconds)}`;

async function witnessed(witnesses: readonly string[] = [ARCHIVE.vkey, NOTARY.vkey]) {
  const world = new SealingCounty();
  const { log, archive } = world.outside();
  const store = dynamoCosignedStore(COUNTY);
  const asked: string[] = [];
  const sealed = {
    signed: async () => {
      asked.push('signed');
      return (await log.head()).signed;
    },
    tile: async (path: string) => (await archive.read(`${logFolder(COUNTY)}/${path}`)) ?? Buffer.from('nothing'),
    cosigned: store.newest,
  };
  const take = takeCosignature({ ...sealed, witnesses, keep: store.keep });
  const grow = async (events: number): Promise<string> => {
    await world.run(await world.record(Array.from({ length: events }, (_, n) => `AUDIT#${n}`)));
    return world.checkpoint()?.note ?? '';
  };
  const hand = async (note: string) => {
    const answer = await take(Buffer.from(note));
    return answer.status === 200 ? JSON.parse(Buffer.from(answer.body).toString()) : [answer.status, answer.code];
  };
  const served = async (): Promise<string> => {
    const answer = await serveLog(sealed)('GET /public/log/cosigned', {});
    return answer.status === 200 ? Buffer.from(answer.body).toString() : String(answer.status);
  };
  return { world, store, grow, hand, served, asked };
}

test('the newest that a witness saw is kept and served: once, at the time of its first cosignature, with whoever saw the same', async () => {
  const { grow, hand, served, store, world } = await witnessed();
  const small = await grow(300);
  expect(await served()).toBe('404');
  expect(await hand(await cosigned(small, ARCHIVE))).toEqual({ origin: ORIGIN, size: 300, witnesses: [ARCHIVE.vkey] });
  const once = world.tables.snapshot();
  expect(await hand(await cosigned(small, ARCHIVE, LATER))).toMatchObject({ size: 300 });
  expect(world.tables.snapshot()).toBe(once);
  await hand(await cosigned(small, NOTARY, LATER));
  const both = readNote(Buffer.from(await served()), 'note');
  expect([ARCHIVE, NOTARY].map(({ vkey }) => verifyCosignature(both, vkey, 'note'))).toEqual([AT, LATER]);

  const large = await grow(30);
  const { size } = world.checkpoint() ?? { size: 0 };
  await hand(await cosigned(large, NOTARY));
  await hand(await cosigned(small, NOTARY)); // what is older takes no place
  const newest = readNote(Buffer.from(await served()), 'note');
  expect(newest.text).toBe(readNote(Buffer.from(large), 'note').text);
  expect(() => verifyCosignature(newest, ARCHIVE.vkey, 'note')).toThrow('is not cosigned by');
  expect((await store.newest()).map((head) => [head.witness, head.size]).sort()).toEqual(
    [
      [ARCHIVE.vkey, 300],
      [NOTARY.vkey, size],
    ].sort(),
  );
  expect(newestCosigned(await store.newest(), 0, 300)?.size).toBe(300);
  expect(newestCosigned(await store.newest(), 301, size - 1)).toBeUndefined();
});

test('nothing but the lines of the log and of the witnesses is kept, whatever else stands there', async () => {
  const { grow, hand, served } = await witnessed([ARCHIVE.vkey]);
  const note = await grow(3);
  const more = { name: 'somebody', keyId: '00000006', signature: Buffer.alloc(2420, 6) };
  await hand(`${await cosigned(await cosigned(note, NOTARY), ARCHIVE)}${lineOf(more)}`);
  expect(await served()).toBe(await cosigned(note, ARCHIVE));
});

test('two witnesses at once both have their place', async () => {
  const { grow, hand, served } = await witnessed();
  const note = await grow(3);
  await Promise.all([ARCHIVE, NOTARY].map(async (one) => hand(await cosigned(note, one))));
  expect(readNote(Buffer.from(await served()), 'note').signatures).toHaveLength(3);
});

test('what does not prove itself is refused: nothing is kept, and of a stranger nothing is even looked up', async () => {
  const { grow, hand, world, asked } = await witnessed([ARCHIVE.vkey]);
  const note = await grow(3);
  const before = world.tables.snapshot();
  const text = readNote(Buffer.from(note), 'note').text;
  const otherTime = { ...ARCHIVE, sign: () => ARCHIVE.sign(Buffer.from('else')) };
  expect(await hand('')).toEqual([400, 'note-malformed']);
  expect(await hand(`${note}${'x'.repeat(65_536)}`)).toEqual([400, 'note-malformed']);
  expect(await hand(note)).toEqual([403, 'witness-unknown']);
  expect(await hand(await cosigned(note, NOTARY))).toEqual([403, 'witness-unknown']);
  expect(await hand(await cosigned(note, otherTime))).toEqual([403, 'witness-unknown']);
  expect(asked).toEqual([]);

  const [log, stranger] = [signerOf(1), signerOf(2)];
  const signed = async (origin: string, size: number, by: NoteSigner): Promise<string> =>
    cosigned(await signNote(checkpointText({ origin, size, root: Buffer.alloc(32, 7) }), [by]), ARCHIVE);
  expect(await hand(await cosigned(await signNote(text, [stranger]), ARCHIVE))).toEqual([409, 'checkpoint-unknown']);
  expect(await hand(await signed('log.example.cn/533103', 3, log))).toEqual([409, 'checkpoint-unknown']);
  expect(await hand(await signed(ORIGIN, 400, log))).toEqual([409, 'checkpoint-unknown']);
  // Signed by the county's own key, and not what its tiles lead to: no refusal, somebody has to look.
  await expect(hand(await signed(ORIGIN, world.checkpoint()?.size ?? 0, log))).rejects.toThrow('the log was forked');
  expect(world.tables.snapshot()).toBe(before);
});

test('before anything was signed there is nothing to witness', async () => {
  const { hand } = await witnessed([ARCHIVE.vkey]);
  const text = checkpointText({ origin: ORIGIN, size: 1, root: Buffer.alloc(32) });
  expect(await hand(await cosigned(await signNote(text, [signerOf(1)]), ARCHIVE))).toEqual([409, 'checkpoint-unknown']);
});
