/** The beginning of a draw: its inputs become files whose hashes are announced, or are refused with the place that is wrong. */
import { ALGORITHM, type Announcement, announcement } from './announcement.ts';
import { sha256 } from './bytes.ts';
import { asSchema, canonical } from './canonical-json.ts';
import { Fault } from './fault.ts';
import { type RosterFiles, surveyPool } from './pool.ts';
import { type Rosters, writeRosters } from './rosters.ts';
import { secondsOf } from './values.ts';

/** What is frozen: everything that an announcement says but what follows from the rosters. */
export type Freezing = Omit<Announcement, 'algorithm' | 'files'> & { readonly rosters: Rosters };

/** A frozen draw: what is published now, what is kept until the reveal, and the hash that the next announcement names. */
export interface Frozen {
  readonly kind: 'frozen';
  readonly announcement: Announcement;
  readonly bytes: Uint8Array;
  readonly hash: string;
  readonly files: RosterFiles;
}

const NOT_YET = { lines: 0, sha256: '0'.repeat(64) };
const FILES_NOT_YET = { inspectors: NOT_YET, items: NOT_YET, objects: { ...NOT_YET, root: NOT_YET.sha256 }, recusals: NOT_YET };

/** Longer than any period, with room for its reveal. */
const LONGEST_SECRECY_SECONDS = 2 * 366 * 86_400;

/** What no verifier could refuse, since the text allows it, and what is a mistake all the same. */
function checkSense({ announcedAt, drawAt, revealBy, days }: Announcement, file: string): void {
  const today = announcedAt.slice(0, 10);
  const gone = days.findIndex((day) => day < today);
  if (gone >= 0) throw new Fault('form', { file, place: `days[${gone}]` }, 'lies before the announcement');
  if (secondsOf(revealBy) - secondsOf(drawAt) > LONGEST_SECRECY_SECONDS)
    throw new Fault('form', { file, place: 'revealBy' }, 'is more than two years after drawAt');
}

/** Freezes a draw. The same inputs in any order give the same bytes. What a verifier would refuse is refused here, and what makes no sense. */
export function freeze({ rosters, ...given }: Freezing): Frozen | { readonly kind: 'refused'; readonly fault: Fault } {
  const file = 'announcement.json';
  try {
    const values = { ...given, algorithm: ALGORITHM };
    checkSense(asSchema(announcement, { ...values, files: FILES_NOT_YET }, file), file); // what takes no time first
    if (given.strata.length === 0)
      throw new Fault('nothing-to-draw', { file, place: 'strata' }, 'name nothing that could be drawn');
    const files = writeRosters(rosters);
    const frozen = asSchema(announcement, { ...values, files: surveyPool(given.strata, files) }, file);
    const bytes = canonical(frozen);
    return { kind: 'frozen', announcement: frozen, bytes, hash: sha256(bytes), files };
  } catch (error) {
    if (error instanceof Fault) return { kind: 'refused', fault: error };
    throw error;
  }
}
