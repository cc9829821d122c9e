/** A size of the log is signed, kept and published. Two roots are never signed for one size: what is signed was in the head. */
import { checkpointText, readCheckpoint } from '../../archive/checkpoint.ts';
import { readNote, signNote, verifyNote } from '../../archive/note.ts';
import { logFolder } from '../../archive/paths.ts';
import { readVkey } from '../../archive/vkey.ts';
import { personId } from '../../domain/ids.ts';
import type { Actor } from '../../domain/ledger-event.ts';
import { LOG_SUBJECT, type SealingFact, type SignedHead } from '../../domain/sealing.ts';
import { LogForked } from '../archive-files.ts';
import type { Integrated } from './integrate.ts';
import type { Sealing } from './sealing.ts';

const SYSTEM: Actor = { id: personId('system'), role: 'system' };
const CHECKPOINT = 'checkpoint';

/** Throws `LogForked` where the log would go on under another name than the one under which it was signed so far. */
function refuseRenamed(origin: string, named: string): void {
  if (named !== origin) throw new LogForked(`the log is ${named}, and would be signed as ${origin}`);
}

/**
 * Throws `LogForked` where everybody can read a checkpoint that the table does not know: it was put back to an earlier time, as by a recovery
 * to a point in time, and whatever got a place now would stand where something else is sealed already.
 */
export async function refusePutBack({
  county,
  origin,
  log,
  archive,
}: Pick<Sealing, 'county' | 'origin' | 'log' | 'archive'>): Promise<void> {
  const path = `${logFolder(county)}/${CHECKPOINT}`;
  const lies = await archive.read(path);
  if (lies === undefined) return;
  const { size, root, origin: named } = readCheckpoint(readNote(lies, CHECKPOINT).text, CHECKPOINT);
  refuseRenamed(origin, named);
  const { signed } = await log.head(); // read after it, since a checkpoint is kept before it is put
  const known = signed?.size ?? 0;
  const isOther = size === known && signed?.root !== Buffer.from(root).toString('hex');
  if (size > known || isOther)
    throw new LogForked(`${path} is of ${size} events, and the table knows of ${known} that were signed`);
}

/** This runner is of an earlier deployment: all keys that it has have been retired since. */
export class KeysRetired extends Error {
  override readonly name = 'KeysRetired';
}

/** Which of some keys may sign: one that has been retired never does again. */
export const standingKeys = (before: SignedHead | undefined, vkeys: readonly string[]): readonly string[] =>
  vkeys.filter((vkey) => !(before?.retired ?? []).some((retired) => retired.vkey === vkey));

/**
 * The keys after a checkpoint that these signed, and what the ledger says of it. A key is retired by one that was adopted after it, and by no
 * other: so a runner that was deployed before a key was adopted does not end it.
 */
export function keysAfter(
  before: SignedHead | undefined,
  vkeys: readonly string[],
  size: number,
): { readonly keys: Pick<SignedHead, 'keys' | 'retired'>; readonly facts: readonly SealingFact[] } {
  const known = before?.keys ?? [];
  const adopted = vkeys.filter((vkey) => !known.some((key) => key.vkey === vkey)).map((vkey) => ({ vkey, since: size }));
  const all = [...known, ...adopted];
  const newest = all.findLastIndex(({ vkey }) => vkeys.includes(vkey));
  const isGone = (vkey: string, at: number): boolean => at < newest && !vkeys.includes(vkey);
  const until = before?.size ?? 0;
  const gone = known.filter(({ vkey }, at) => isGone(vkey, at));
  const retired = [...(before?.retired ?? []), ...gone.map((key) => ({ ...key, until }))];
  return {
    keys: { keys: all.filter(({ vkey }, at) => !isGone(vkey, at)), ...(retired.length > 0 && { retired }) },
    facts: [
      ...adopted.map((key): SealingFact => ({ type: 'SealingKeyAdopted', data: key })),
      ...gone.map(({ vkey }): SealingFact => ({ type: 'SealingKeyRetired', data: { vkey, until } })),
    ],
  };
}

const originOf = (note: string): string => readCheckpoint(readNote(Buffer.from(note), CHECKPOINT).text, CHECKPOINT).origin;

/** Signs what was integrated and keeps it. Rejects with `StaleVersion` where another was kept since `before` was read. */
export async function sign(
  { county, origin, log, ledger, keys, now }: Sealing,
  before: SignedHead | undefined,
  { size, root, newest }: Integrated,
): Promise<SignedHead> {
  if (before !== undefined) refuseRenamed(origin, originOf(before.note));
  const all = await keys.signers();
  const vkeys = standingKeys(
    before,
    all.map(({ vkey }) => vkey),
  );
  if (vkeys.length === 0) throw new KeysRetired('all keys that this runner has have been retired');
  const other = vkeys.find((vkey) => readVkey(vkey).name !== origin);
  if (other !== undefined) throw new Error(`${other} is not a key of ${origin}`);
  const note = await signNote(
    checkpointText({ origin, size, root }),
    all.filter(({ vkey }) => vkeys.includes(vkey)),
  );
  verifyNote(readNote(Buffer.from(note), CHECKPOINT), vkeys, CHECKPOINT);
  const { keys: standing, facts } = keysAfter(before, vkeys, size);
  const after: SignedHead = { size, root: Buffer.from(root).toString('hex'), note, ...standing };
  const last = facts.length === 0 ? 0 : ((await ledger.lastOf(LOG_SUBJECT))?.sequence ?? 0);
  await log.sign({ before, after, facts, last, occasion: { at: now(newest), county, actor: SYSTEM } });
  return after;
}

/** So often another may have signed meanwhile. */
const MOST_LOOKS = 20;

/**
 * Puts the newest note where everybody reads it, and looks again: whoever puts last sees whether it was the newest, so a slow runner leaves
 * no older one behind. `isNew`: it was signed just now; else it is put only if it is not there, as where a runner died before it did.
 */
export async function publish(
  { county, log, archive }: Pick<Sealing, 'county' | 'log' | 'archive'>,
  isNew: boolean,
): Promise<void> {
  const path = `${logFolder(county)}/${CHECKPOINT}`;
  let lies = isNew ? undefined : await archive.read(path);
  for (let look = 1; look <= MOST_LOOKS; look++) {
    const { signed } = await log.head();
    if (signed === undefined) return;
    const note = Buffer.from(signed.note);
    if (lies !== undefined && Buffer.compare(lies, note) === 0) return;
    await archive.putAnew(path, note);
    lies = note;
  }
  throw new Error(`${path} is being put by others again and again`);
}
