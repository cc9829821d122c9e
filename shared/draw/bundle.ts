/** The files of a draw, and what they say: an announcement, rosters, randomness, iterations. */
import { type Announcement, announcement } from './announcement.ts';
import { sha256 } from './bytes.ts';
import { readJson } from './canonical-json.ts';
import { Fault } from './fault.ts';
import type { RosterFiles } from './pool.ts';
import { type Result, result, type Selected, type Substitution, substitution } from './result.ts';
import { fileOf, type Roster } from './rosters.ts';
import { ikmOf, type Randomness, randomness } from './sources.ts';

/** The files of a draw by their names. */
export type Bundle = ReadonlyMap<string, Uint8Array>;

export const ANNOUNCEMENT_FILE = 'announcement.json';
export const RANDOMNESS_FILE = 'randomness.json';
export const VOID_FILE = 'void.json';
export const resultFile = (iteration: number): string => `result-${iteration}.json`;
export const substitutionFile = (iteration: number): string => `substitution-${iteration}.json`;

function bytesIn(bundle: Bundle, file: string): Uint8Array {
  const bytes = bundle.get(file);
  if (bytes === undefined) throw new Fault('missing-file', { file }, 'is missing');
  return bytes;
}

/** The announcement of a bundle, and the hash that the other files know it by. */
export interface Announced {
  readonly announced: Announcement;
  readonly hash: string;
}

export function announcementIn(bundle: Bundle): Announced {
  const bytes = bytesIn(bundle, ANNOUNCEMENT_FILE);
  return { announced: readJson(announcement, bytes, ANNOUNCEMENT_FILE), hash: sha256(bytes) };
}

/** The roster files of a bundle, unread. */
export function rostersIn(bundle: Bundle): RosterFiles {
  const of = (roster: Roster): Uint8Array => bytesIn(bundle, fileOf(roster));
  return { objects: of('objects'), inspectors: of('inspectors'), recusals: of('recusals'), items: of('items') };
}

/** What the sources gave, and the text (IKM) that it makes. */
export function randomnessIn(bundle: Bundle, { sources }: Announcement): { readonly values: Randomness; readonly ikm: string } {
  const values = readJson(randomness, bytesIn(bundle, RANDOMNESS_FILE), RANDOMNESS_FILE);
  return { values, ikm: ikmOf(sources, values) };
}

export const resultIn = (bundle: Bundle, iteration: number): Result => {
  const file = resultFile(iteration);
  return readJson(result, bytesIn(bundle, file), file);
};

/** The substitution that began an iteration; the first began with none. */
export const substitutionIn = (bundle: Bundle, iteration: number): Substitution | undefined => {
  const file = substitutionFile(iteration);
  return iteration === 1 ? undefined : readJson(substitution, bytesIn(bundle, file), file);
};

/** What was drawn in the iterations so far, and what of it was replaced. */
export interface Drawn {
  readonly selected: readonly Selected[];
  readonly replaced: ReadonlySet<string>;
}
export const NOTHING_DRAWN: Drawn = { selected: [], replaced: new Set() };

/** What was drawn once one more iteration is over. */
export const afterIteration = (drawn: Drawn, by: Substitution | undefined, { selected }: Result): Drawn => ({
  selected: [...drawn.selected, ...selected],
  replaced: new Set([...drawn.replaced, ...(by?.replace.map(({ object }) => object) ?? [])]),
});

/** What was drawn in a bundle before an iteration. */
export function drawnBefore(bundle: Bundle, iteration: number): Drawn {
  let drawn = NOTHING_DRAWN;
  for (let i = 1; i < iteration; i++) drawn = afterIteration(drawn, substitutionIn(bundle, i), resultIn(bundle, i));
  return drawn;
}

/** Whether a substitution is one of this draw, now: of what was drawn and not replaced yet. */
export function checkSubstitution({ announced, hash }: Announced, iteration: number, by: Substitution, drawn: Drawn): void {
  const refuse = (place: string, what: string): never => {
    throw new Fault('substitution', { file: substitutionFile(iteration), place }, what);
  };
  if (by.announcement !== hash) refuse('announcement', `is ${by.announcement}; the hash of ${ANNOUNCEMENT_FILE} is ${hash}`);
  if (by.iteration !== iteration) refuse('iteration', `is ${by.iteration} in the file of iteration ${iteration}`);
  if ((by.days.length === 0) !== (announced.days.length === 0)) refuse('days', 'are given exactly if the announcement has days');
  const there = new Set(drawn.selected.map(({ object }) => object));
  for (const [at, { object }] of by.replace.entries()) {
    if (!there.has(object)) refuse(`replace[${at}].object`, `${object} was not drawn before`);
    if (drawn.replaced.has(object)) refuse(`replace[${at}].object`, `${object} was replaced already`);
  }
}
