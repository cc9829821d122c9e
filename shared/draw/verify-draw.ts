/** Verifies a bundle: everything that a draw published is what it has to be, or the first thing that is not. */
import { type Announcement, drawIdOf } from './announcement.ts';
import {
  ANNOUNCEMENT_FILE,
  type Announced,
  afterIteration,
  announcementIn,
  type Bundle,
  checkSubstitution,
  NOTHING_DRAWN,
  RANDOMNESS_FILE,
  randomnessIn,
  resultFile,
  resultIn,
  rostersIn,
  substitutionFile,
  substitutionIn,
  VOID_FILE,
} from './bundle.ts';
import { bytesOf, sha256 } from './bytes.ts';
import { canonical, readJson } from './canonical-json.ts';
import { differenceOf } from './difference.ts';
import { proofOf } from './drand.ts';
import { Fault } from './fault.ts';
import { checkAnnounced, checkPool, checkRoot, surveyObjects } from './pool.ts';
import { checkCode, type Drawing, replay } from './replay.ts';
import { type Result, type Substitution, type Voided, voided } from './result.ts';
import { fileOf, ROSTERS } from './rosters.ts';
import type { Randomness } from './sources.ts';
import { secondsOf } from './values.ts';

/** What a verified bundle says. `open`: announced and not revealed yet, so only the announcement could be checked. */
export interface Verified extends Announced {
  readonly state: 'open' | 'revealed' | 'void';
  /** Whether the draw was declared void, which leaves its period to another. It may be open besides, until all of it is shown. */
  readonly isVoid: boolean;
  readonly voidedAt: string | undefined;
  readonly drawId: string;
  readonly iterations: number;
  readonly drawn: number;
  /** Objects that no team was found for by the draw. */
  readonly unassigned: number;
  /** What could not be checked, in sentences. */
  readonly notes: readonly string[];
}

export type Verdict<Summary> = { readonly ok: true; readonly summary: Summary } | { readonly ok: false; readonly fault: Fault };

/** Runs checks that throw; a fault is an answer here. */
export function verdictOf<Summary>(check: () => Summary): Verdict<Summary> {
  try {
    return { ok: true, summary: check() };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, fault: error };
    throw error;
  }
}

const NUMBERED = /^(?:result-([1-9]|[1-5]\d|6[0-3])|substitution-([2-9]|[1-5]\d|6[0-3]))\.json$/;
/** What explains a folder to its reader. Nothing is said by it, so nothing in it is looked at. */
const BESIDE = /^README(?:\.md|\.txt)?$/;
const KNOWN_FILES: ReadonlySet<string> = new Set([ANNOUNCEMENT_FILE, RANDOMNESS_FILE, VOID_FILE, ...ROSTERS.map(fileOf)]);

function checkNames(bundle: Bundle): void {
  for (const file of [...bundle.keys()].sort())
    if (!KNOWN_FILES.has(file) && !NUMBERED.test(file) && !BESIDE.test(file))
      throw new Fault('unknown-file', { file }, 'does not belong into the folder of a draw');
}

/** How many results there are: from 1 without a gap, each but the first with its substitution, and no substitution without one. */
function iterationsIn(bundle: Bundle): number {
  const numbers = (pattern: RegExp): number[] => [...bundle.keys()].flatMap((file) => pattern.exec(file)?.[1] ?? []).map(Number);
  const last = Math.max(0, ...numbers(/^result-(\d+)\.json$/), ...numbers(/^substitution-(\d+)\.json$/));
  for (let i = 1; i <= last; i++)
    for (const file of i === 1 ? [resultFile(1)] : [substitutionFile(i), resultFile(i)])
      if (!bundle.has(file)) throw new Fault('missing-file', { file }, `is missing, while there are files of iteration ${last}`);
  return last;
}

/** What files say of each other, before anything that takes time. */
function checkReferences(
  { announced, hash }: Announced,
  ikm: string,
  results: readonly Result[],
  by: readonly (Substitution | undefined)[],
): void {
  for (const [at, { announcement, drawId, iteration, randomness, substitution }] of results.entries()) {
    const replaces = by[at];
    const said = { announcement, drawId, iteration, randomness, substitution };
    const difference = differenceOf(said, {
      announcement: hash,
      drawId: drawIdOf(announced),
      iteration: at + 1,
      randomness: ikm,
      substitution: replaces === undefined ? null : sha256(canonical(replaces)),
    });
    if (difference !== undefined)
      throw new Fault('result', { file: resultFile(at + 1), place: difference.place }, difference.what);
  }
}

/** Proves the values of chains whose key is known; names those that cannot be proved. */
function proveRandomness({ sources }: Announcement, values: Randomness): readonly string[] {
  return sources.flatMap((source, at) => {
    if (source.type !== 'drand')
      return [
        `The numbers of ${source.name} ${source.issue} are taken from ${RANDOMNESS_FILE}: compare them with what was published.`,
      ];
    const value = values.sources[at];
    if (proofOf(source, value !== undefined && 'signature' in value ? value.signature : '') === 'proven') return [];
    const where = { file: RANDOMNESS_FILE, place: `sources[${at}].signature` };
    throw new Fault('randomness', where, `is not the signature of round ${source.round} under the key of the chain`);
  });
}

/** Steps 1–5: forms, rosters, randomness, codes, and every iteration replayed. */
function verifyRevealed(bundle: Bundle, announced: Announced) {
  const iterations = iterationsIn(bundle);
  const numbers = Array.from({ length: Math.max(1, iterations) }, (_, at) => at + 1);
  const results = numbers.map((i) => resultIn(bundle, i));
  const substitutions = numbers.map((i) => substitutionIn(bundle, i));
  const { values, ikm } = randomnessIn(bundle, announced.announced);
  checkReferences(announced, ikm, results, substitutions);
  const rosters = rostersIn(bundle);
  checkPool(announced.announced, rosters);
  const notes = proveRandomness(announced.announced, values);
  const drawing: Drawing = { ...announced, rosters, ikm };
  for (const [at, { code }] of results.entries()) checkCode(drawing, at + 1, bytesOf(code));
  let drawn = NOTHING_DRAWN;
  for (const [at, result] of results.entries()) {
    const by = substitutions[at];
    if (by !== undefined) checkSubstitution(announced, at + 1, by, drawn);
    const difference = differenceOf(result, replay(drawing, bytesOf(result.code), drawn, by));
    if (difference !== undefined)
      throw new Fault('result', { file: resultFile(at + 1), place: difference.place }, difference.what);
    drawn = afterIteration(drawn, by, result);
  }
  const visited = new Set(announced.announced.strata.filter(({ team }) => team.length > 0).map(({ name }) => name));
  const unassigned = drawn.selected.filter(
    ({ stratum, team, object }) => team.length === 0 && visited.has(stratum) && !drawn.replaced.has(object),
  ).length;
  return { iterations: results.length, drawn: drawn.selected.length, unassigned, notes };
}

function voidIn(bundle: Bundle, { announced, hash }: Announced): Voided | undefined {
  const bytes = bundle.get(VOID_FILE);
  if (bytes === undefined) return undefined;
  const read = readJson(voided, bytes, VOID_FILE);
  const refuse = (place: string, what: string): never => {
    throw new Fault('form', { file: VOID_FILE, place }, what);
  };
  if (read.announcement !== hash) refuse('announcement', `is ${read.announcement}; the hash of ${ANNOUNCEMENT_FILE} is ${hash}`);
  if (secondsOf(read.voidedAt) < secondsOf(announced.announcedAt))
    refuse('voidedAt', `is ${read.voidedAt}, before the draw was announced (${announced.announcedAt})`);
  return read;
}

/** What a draw that is void without a result asks of everybody: whether its numbers were there when it was called off. */
const doubtsOf = ({ sources }: Announcement, { voidedAt, reason }: Voided): readonly string[] =>
  sources.flatMap((source) =>
    source.type === 'numbers' && secondsOf(source.at) <= secondsOf(voidedAt)
      ? [
          `COMPARE: void at ${voidedAt} without a result, though the numbers of ${source.name} ${source.issue} were due at ${source.at}. The reason given is: ${reason}. If they were published all the same, an outcome that was fixed already has been kept back.`,
        ]
      : [],
  );

/** The directory of objects, where it is public before the reveal. */
function checkDirectory(bundle: Bundle, { announced }: Announced): void {
  const objects = bundle.get(fileOf('objects'));
  if (objects === undefined) return;
  checkAnnounced(announced, 'objects', objects);
  checkRoot(announced, surveyObjects(announced.strata, objects, () => {}).root);
}

const NOTHING = { iterations: 0, drawn: 0, unassigned: 0, notes: [] };
const PRIVATE_ROSTERS = ROSTERS.filter((roster) => roster !== 'objects').map(fileOf);

/** A draw without results: void before anything was drawn, or not revealed yet. */
function verifyWithoutResults(bundle: Bundle, announced: Announced, end: Voided | undefined, at: string | undefined) {
  const { drawAt, revealBy, sources } = announced.announced;
  const isLate = end !== undefined && secondsOf(end.voidedAt) > secondsOf(drawAt);
  const asVoid = (one: Voided) => ({ ...NOTHING, state: 'void' as const, notes: doubtsOf(announced.announced, one) });
  if (PRIVATE_ROSTERS.some((file) => bundle.has(file))) {
    // Void after drawAt because numbers did not appear: everything is shown but what there never was. A round of drand is always there.
    if (end === undefined)
      throw new Fault('missing-file', { file: RANDOMNESS_FILE }, 'is missing, while there are files of the reveal');
    if (isLate && sources.every(({ type }) => type === 'drand'))
      throw new Fault(
        'not-revealed',
        { file: RANDOMNESS_FILE },
        `is missing: the draw is void since ${end.voidedAt}, when its drand value was public, so what it drew has to be shown`,
      );
    checkPool(announced.announced, rostersIn(bundle));
    return asVoid(end);
  }
  checkDirectory(bundle, announced);
  if (end !== undefined && !isLate) return asVoid(end);
  if (at !== undefined && secondsOf(at) < secondsOf(revealBy)) return { ...NOTHING, state: 'open' as const };
  const missing = { file: end === undefined ? RANDOMNESS_FILE : fileOf('inspectors') };
  if (at === undefined)
    throw new Fault('not-revealed', missing, `is missing: the draw is not revealed, which is due by ${revealBy}`);
  throw new Fault('not-revealed', missing, `is missing: the draw was not revealed in time, by ${revealBy}`);
}

/**
 * Whether a bundle is the whole truth about its draw: yes with a summary, or the first thing that is wrong. A draw that is not revealed is a
 * fault, unless the instant is given and lies before the announced limit: then it is open.
 */
export const verifyDraw = (bundle: Bundle, at?: string): Verdict<Verified> =>
  verdictOf(() => {
    checkNames(bundle);
    const announced = announcementIn(bundle);
    const end = voidIn(bundle, announced);
    const about = { ...announced, drawId: drawIdOf(announced.announced), isVoid: end !== undefined, voidedAt: end?.voidedAt };
    if (!bundle.has(RANDOMNESS_FILE) && iterationsIn(bundle) === 0)
      return { ...about, ...verifyWithoutResults(bundle, announced, end, at) };
    return { ...about, state: about.isVoid ? 'void' : 'revealed', ...verifyRevealed(bundle, announced) };
  });
