/** A witness cosigns a log that only grows, and nothing else: what the operator rewrites is seen from outside. */
import { sign } from 'node:crypto';
import { checkpointText } from '../../shared/archive/checkpoint.ts';
import { leafHash } from '../../shared/archive/merkle.ts';
import { readNote, signNote, verifyCosignature } from '../../shared/archive/note.ts';
import { cosign } from '../../shared/archive/witness.ts';
import { keyOfSeed, SIGNER, signerOf } from '../support/bundles-of.ts';
import { followedLog } from '../support/followed-log.ts';
import { witnessOf } from '../support/witnesses.ts';

const WITNESS = witnessOf('a notary');
const entries = (count: number, from = 0): readonly string[] => Array.from({ length: count }, (_, at) => `entry ${from + at}`);
const TRUE = entries(700);
/** One entry of the past is another. */
const REWRITTEN = TRUE.with(299, 'something that did not happen');

const offer = (log: Awaited<ReturnType<typeof followedLog>>, seen?: string, seconds = 1_770_000_000) =>
  cosign(Buffer.from(log.note), {
    ...{ vkeys: [SIGNER.vkey], witness: WITNESS, read: log.read, seconds },
    seen: seen === undefined ? undefined : Buffer.from(seen),
  });

test('a log that grows is cosigned each time, at the time that it is', async () => {
  let seen: string | undefined;
  for (const [at, size] of [1, 255, 256, 257, 300, 300, 700].entries()) {
    const { note, before, checkpoint } = await offer(await followedLog(TRUE.slice(0, size)), seen, 1_770_000_000 + at);
    expect([checkpoint.size, before === undefined]).toEqual([size, at === 0]);
    expect(verifyCosignature(readNote(Buffer.from(note), 'note'), WITNESS.vkey, 'note')).toBe(1_770_000_000 + at);
    seen = note;
  }
});

test('what another witness has said stays, what this one has said is said anew', async () => {
  const log = await followedLog(TRUE);
  const once = await offer(log);
  const other = witnessOf('another');
  const both = await cosign(Buffer.from(once.note), {
    ...{ vkeys: [SIGNER.vkey], witness: other, read: log.read, seconds: 5, seen: undefined },
  });
  const again = await offer({ ...log, note: both.note }, once.note, 7);
  const note = readNote(Buffer.from(again.note), 'note');
  expect(note.signatures).toHaveLength(3);
  expect([WITNESS, other].map(({ vkey }) => verifyCosignature(note, vkey, 'note'))).toEqual([7, 5]);
});

describe('a log that was forked is refused, and the sentence says why', () => {
  test.each<[why: string, seen: readonly string[], offered: readonly string[], says: RegExp]>([
    [
      'another past of the same size',
      TRUE,
      REWRITTEN,
      /^the checkpoint offered: has another root than the checkpoint seen before for the same size of 700: the log was forked\.$/,
    ],
    [
      'another past of a larger one',
      TRUE.slice(0, 300),
      REWRITTEN,
      /^the checkpoint seen before: is not the root of the first 300 leaves of the checkpoint offered: the log was forked\.$/,
    ],
    [
      'the newest is taken back',
      TRUE,
      TRUE.slice(0, 699),
      /^the checkpoint offered: has a size of 699, less than 700 of the checkpoint seen before: what is newer is hidden\.$/,
    ],
  ])('%s', async (_, seen, offered, says) => {
    const { note } = await offer(await followedLog(seen));
    await expect(offer(await followedLog(offered), note)).rejects.toThrow(says);
  });

  test('what was seen before may be rewritten too, where nobody saw it', async () => {
    const { note } = await offer(await followedLog(TRUE.slice(0, 299)));
    await expect(offer(await followedLog(REWRITTEN), note)).resolves.toMatchObject({ checkpoint: { size: 700 } });
  });
});

test('nothing is cosigned that the log’s key did not sign, or that its tiles do not lead to', async () => {
  const log = await followedLog(TRUE);
  const forged = await followedLog(TRUE, [signerOf('somebody')]);
  await expect(offer(forged)).rejects.toThrow('is signed by none of the keys');
  const rewritten = await followedLog(REWRITTEN);
  await expect(offer({ ...log, read: rewritten.read })).rejects.toThrow('is not the checkpoint that the tiles lead to');
  const { note } = await offer(await followedLog(TRUE.slice(0, 300)));
  await expect(offer({ ...log, read: rewritten.read }, note)).rejects.toThrow('is not the checkpoint that the tiles lead to');
  const elsewhere = checkpointText({ origin: 'log.example/533103', size: 1, root: leafHash(Buffer.from('entry')) });
  const another = {
    vkey: signerOf('x', 'log.example/533103').vkey,
    sign: async (b: Uint8Array) => sign(null, b, keyOfSeed('x')),
  };
  await expect(offer({ ...log, note: await signNote(elsewhere, [another]) })).rejects.toThrow('of which no key is known');
});
