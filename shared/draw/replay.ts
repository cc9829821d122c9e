/** The draw itself: from the files of a bundle and the code of an iteration to the bytes of its result. */
import { ALGORITHM, type Announcement, announcement, drawIdOf } from './announcement.ts';
import { assign } from './assignment.ts';
import { hexOf, sha256 } from './bytes.ts';
import { canonical, readJson } from './canonical-json.ts';
import { leadsTo } from './codes.ts';
import { Fault } from './fault.ts';
import { checkAnnounced, type RosterFiles } from './pool.ts';
import { type Result, result, type Selected, type Substitution, substitution } from './result.ts';
import {
  fileOf,
  inspectorsIn,
  itemsIn,
  itemsOfStrata,
  objectsIn,
  ROSTERS,
  type Roster,
  recusalsIn,
  recusedFromObjects,
} from './rosters.ts';
import { select } from './selection.ts';
import { ikmOf, randomness } from './sources.ts';
import { prkOf, ticketsOf } from './tickets.ts';

/** The files of a draw by their names. */
export type Bundle = ReadonlyMap<string, Uint8Array>;

export const resultFile = (iteration: number): string => `result-${iteration}.json`;
export const substitutionFile = (iteration: number): string => `substitution-${iteration}.json`;

/** A file that has to be there. */
export function bytesIn(bundle: Bundle, file: string): Uint8Array {
  const bytes = bundle.get(file);
  if (bytes === undefined) throw new Fault('missing-file', { file }, 'is missing');
  return bytes;
}

/** The announcement of a bundle, and the hash that other files know it by. */
export function announcementIn(bundle: Bundle): { readonly announced: Announcement; readonly hash: string } {
  const bytes = bytesIn(bundle, 'announcement.json');
  return { announced: readJson(announcement, bytes, 'announcement.json'), hash: sha256(bytes) };
}

/** The roster files of a bundle. */
export function rostersIn(bundle: Bundle): RosterFiles {
  const of = (roster: Roster): Uint8Array => bytesIn(bundle, fileOf(roster));
  return { objects: of('objects'), inspectors: of('inspectors'), recusals: of('recusals'), items: of('items') };
}

/** What every iteration of a draw has in common. */
export interface Drawing {
  readonly announced: Announcement;
  readonly hash: string;
  readonly rosters: RosterFiles;
  readonly ikm: string;
}

/** What was drawn in earlier iterations, and what of it was replaced before now. */
export interface Drawn {
  readonly selected: readonly Selected[];
  readonly replaced: ReadonlySet<string>;
}
export const NOTHING_DRAWN: Drawn = { selected: [], replaced: new Set() };

/** What was drawn once an iteration is over. */
export const afterIteration = (drawn: Drawn, by: Substitution | undefined, { selected }: Result): Drawn => ({
  selected: [...drawn.selected, ...selected],
  replaced: new Set([...drawn.replaced, ...(by?.replace.map(({ object }) => object) ?? [])]),
});

/** Whether a substitution is one of this draw, now: of what was drawn and not replaced yet. */
export function checkSubstitution(
  { announced, hash }: Pick<Drawing, 'announced' | 'hash'>,
  iteration: number,
  by: Substitution,
  drawn: Drawn,
): void {
  const file = substitutionFile(iteration);
  const refuse = (place: string, what: string): never => {
    throw new Fault('substitution', { file, place }, what);
  };
  if (by.announcement !== hash) refuse('announcement', `is ${by.announcement}; the hash of announcement.json is ${hash}`);
  if (by.iteration !== iteration) refuse('iteration', `is ${by.iteration} in the file of iteration ${iteration}`);
  if ((by.days.length === 0) !== (announced.days.length === 0))
    refuse('days', 'is empty exactly if the announcement has no days');
  const there = new Set(drawn.selected.map(({ object }) => object));
  for (const [at, { object }] of by.replace.entries()) {
    if (!there.has(object)) refuse(`replace[${at}].object`, `${object} was not drawn before`);
    if (drawn.replaced.has(object)) refuse(`replace[${at}].object`, `${object} was replaced already`);
  }
}

/** The result of an iteration: of the first, or of one that replaces. */
export function replay(drawing: Drawing, code: Uint8Array, drawn: Drawn, by?: Substitution): Result {
  const { announced, hash, rosters, ikm } = drawing;
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

/** Whether the code of an iteration is one that was committed to. */
export function checkCode({ announced }: Pick<Drawing, 'announced'>, iteration: number, code: Uint8Array): void {
  if (iteration < announced.commitment.length && leadsTo(code, iteration, announced.commitment)) return;
  const at = { file: resultFile(iteration), place: 'code' };
  throw new Fault('code', at, `hashed ${iteration} times, it is not the commitment of the announcement`);
}

/** The randomness of a bundle as the text that keys it. */
export const ikmIn = (bundle: Bundle, { sources }: Announcement): string =>
  ikmOf(sources, readJson(randomness, bytesIn(bundle, 'randomness.json'), 'randomness.json'));

/**
 * Draws an iteration from the announcement, the rosters, the randomness, and for a later one the substitution and everything before it. The
 * same files and the same code give the same bytes, whenever and wherever. A `Fault` where a file is not what it has to be.
 */
export function drawResult(
  bundle: Bundle,
  iteration: number,
  code: Uint8Array,
): { readonly bytes: Uint8Array; readonly result: Result } {
  const { announced, hash } = announcementIn(bundle);
  const rosters = rostersIn(bundle);
  for (const roster of ROSTERS) checkAnnounced(announced, roster, rosters[roster]);
  const drawing = { announced, hash, rosters, ikm: ikmIn(bundle, announced) };
  checkCode(drawing, iteration, code);
  const substitutionOf = (i: number, drawn: Drawn): Substitution | undefined => {
    if (i === 1) return undefined;
    const by = readJson(substitution, bytesIn(bundle, substitutionFile(i)), substitutionFile(i));
    checkSubstitution(drawing, i, by, drawn);
    return by;
  };
  let drawn = NOTHING_DRAWN;
  for (let i = 1; i < iteration; i++) {
    const before = readJson(result, bytesIn(bundle, resultFile(i)), resultFile(i));
    drawn = afterIteration(drawn, substitutionOf(i, drawn), before);
  }
  const drawnNow = replay(drawing, code, drawn, substitutionOf(iteration, drawn));
  return { bytes: canonical(drawnNow), result: drawnNow };
}
