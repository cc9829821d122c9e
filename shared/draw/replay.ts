/** The draw itself: from the files of a bundle and the code of an iteration to the bytes of its result. */
import { ALGORITHM, drawIdOf } from './announcement.ts';
import { assign } from './assignment.ts';
import {
  type Announced,
  announcementIn,
  type Bundle,
  checkSubstitution,
  type Drawn,
  drawnBefore,
  randomnessIn,
  resultFile,
  rostersIn,
  substitutionIn,
} from './bundle.ts';
import { hexOf, sha256 } from './bytes.ts';
import { canonical } from './canonical-json.ts';
import { leadsTo } from './codes.ts';
import { Fault } from './fault.ts';
import { checkAnnounced, type RosterFiles } from './pool.ts';
import type { Result, Substitution } from './result.ts';
import { inspectorsIn, itemsIn, itemsOfStrata, objectsIn, ROSTERS, recusalsIn, recusedFromObjects } from './rosters.ts';
import { select } from './selection.ts';
import { prkOf, ticketsOf } from './tickets.ts';

/** What every iteration of a draw has in common. */
export interface Drawing extends Announced {
  readonly rosters: RosterFiles;
  readonly ikm: string;
}

/** Whether the code of an iteration is one that was committed to. */
export function checkCode({ announced }: Pick<Drawing, 'announced'>, iteration: number, code: Uint8Array): void {
  if (iteration < announced.commitment.length && leadsTo(code, iteration, announced.commitment)) return;
  const at = { file: resultFile(iteration), place: 'code' };
  throw new Fault('code', at, `hashed ${iteration} times, it is not the commitment of the announcement`);
}

/** The result of an iteration: of the first, or of one that replaces what a substitution says. */
export function replay({ announced, hash, rosters, ikm }: Drawing, code: Uint8Array, drawn: Drawn, by?: Substitution): Result {
  const drawId = drawIdOf(announced);
  const tickets = ticketsOf(drawId, prkOf(code, ikm));
  const replacedNow = new Set(by?.replace.map(({ object }) => object));
  const quotas = new Map(announced.strata.map(({ name, quota }) => [name, by === undefined ? quota : 0]));
  for (const { stratum, object } of drawn.selected)
    if (replacedNow.has(object)) quotas.set(stratum, (quotas.get(stratum) ?? 0) + 1);
  const passedOver = new Set(drawn.selected.map(({ object }) => object));
  const selected = assign(select(objectsIn(rosters.objects), { quotas, tickets, passedOver }), {
    strata: announced.strata,
    days: by?.days ?? announced.days,
    perDay: announced.perDay,
    inspectors: inspectorsIn(rosters.inspectors),
    recusedFrom: recusedFromObjects(recusalsIn(rosters.recusals)),
    items: itemsOfStrata(itemsIn(rosters.items)),
    tickets,
    standing: drawn.selected.filter(({ object }) => !replacedNow.has(object) && !drawn.replaced.has(object)),
  });
  return {
    algorithm: ALGORITHM,
    announcement: hash,
    code: hexOf(code),
    drawId,
    iteration: by?.iteration ?? 1,
    randomness: ikm,
    selected,
    substitution: by === undefined ? null : sha256(canonical(by)),
  };
}

/**
 * Draws an iteration from the announcement, the rosters, the randomness, and for a later one the substitution and everything before it. The
 * same files and the same code give the same bytes, whenever and wherever. A `Fault` where a file is not what it has to be.
 */
export function drawResult(
  bundle: Bundle,
  iteration: number,
  code: Uint8Array,
): { readonly bytes: Uint8Array; readonly result: Result } {
  const announced = announcementIn(bundle);
  const rosters = rostersIn(bundle);
  for (const roster of ROSTERS) checkAnnounced(announced.announced, roster, rosters[roster]);
  const { ikm } = randomnessIn(bundle, announced.announced);
  checkCode(announced, iteration, code);
  const drawn = drawnBefore(bundle, iteration);
  const by = substitutionIn(bundle, iteration);
  if (by !== undefined) checkSubstitution(announced, iteration, by, drawn);
  const result = replay({ ...announced, rosters, ikm }, code, drawn, by);
  return { bytes: canonical(result), result };
}
