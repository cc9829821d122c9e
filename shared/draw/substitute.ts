/** The beginning of a later iteration: what is replaced and why, as a file whose hash is recorded before anything is drawn by it. */
import { ALGORITHM } from './announcement.ts';
import { announcementIn, type Bundle, checkSubstitution, drawnBefore, substitutionFile } from './bundle.ts';
import { asSchema, canonical } from './canonical-json.ts';
import { Fault } from './fault.ts';
import { type Substitution, substitution } from './result.ts';

/** What a substitution asks for: objects that were drawn, each with its reason, and the days that are left. */
export type Replacing = Pick<Substitution, 'iteration' | 'days' | 'replace'>;

/** The bytes of `substitution-<i>.json`, or what is wrong with it. */
export function substitute(
  bundle: Bundle,
  { iteration, days, replace }: Replacing,
): { readonly kind: 'substituted'; readonly bytes: Uint8Array } | { readonly kind: 'refused'; readonly fault: Fault } {
  const file = substitutionFile(iteration);
  try {
    const announced = announcementIn(bundle);
    const value = { algorithm: ALGORITHM, announcement: announced.hash, days, iteration, replace };
    const by = asSchema(substitution, value, file);
    if (iteration >= announced.announced.commitment.length)
      throw new Fault('code', { file, place: 'iteration' }, 'has no code left: the chain of the announcement is at its end');
    checkSubstitution(announced, iteration, by, drawnBefore(bundle, iteration));
    return { kind: 'substituted', bytes: canonical(by) };
  } catch (error) {
    if (error instanceof Fault) return { kind: 'refused', fault: error };
    throw error;
  }
}
