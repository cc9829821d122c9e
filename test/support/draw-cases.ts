/** Random draws, small ones in which everything occurs: strata, weights, skills, recusals, absences, scarce inspectors, items, replacements. */
import fc from 'fast-check';
import { ALGORITHM, announcement, NO_PREVIOUS } from '../../shared/draw/announcement.ts';
import { sha256 } from '../../shared/draw/bytes.ts';
import { asSchema, canonical, type Json } from '../../shared/draw/canonical-json.ts';
import { codeOf, commitmentOf } from '../../shared/draw/codes.ts';
import { Fault } from '../../shared/draw/fault.ts';
import { checkPool, type RosterFiles } from '../../shared/draw/pool.ts';
import { drawResult } from '../../shared/draw/replay.ts';
import type { Result } from '../../shared/draw/result.ts';
import { growTree } from '../../shared/draw/root.ts';
import { type InspectorLine, type ObjectLine, type Rosters, writeRosters } from '../../shared/draw/rosters.ts';
import { LOTTERY, named, SECRET } from './draws.ts';

const LENGTH = 6;
const SKILLS = ['gas', 'hotel', 'mine'] as const;
const ROLES = ['enforcer', 'expert'] as const;
const DAYS = ['2026-03-09', '2026-03-10', '2026-03-12', '2026-03-16'] as const;

/** Names that begin alike: in the order of bytes, the shorter is the smaller. */
const STRATA = ['S', 'S-', 'S0'] as const;
const ENDS = ['', '-', '.', '0', ':', 'A', 'a'] as const;

const member = fc.record({ role: fc.constantFrom(...ROLES), count: fc.integer({ min: 1, max: 2 }) });
const stratum = fc.record({
  objects: fc.array(
    fc.record({
      weight: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 5 }) }, fc.constant(100)),
      skill: fc.option(fc.constantFrom(...SKILLS), { freq: 2 }),
    }),
    { minLength: 1, maxLength: 7 },
  ),
  quota: fc.integer({ min: 1, max: 7 }),
  team: fc.uniqueArray(member, { selector: ({ role }) => role, minLength: 1, maxLength: 2 }),
  items: fc.integer({ min: 0, max: 3 }),
  itemLines: fc.integer({ min: 2, max: 5 }),
});
const inspector = fc.record({
  role: fc.constantFrom('enforcer', 'enforcer', 'expert'),
  capacity: fc.integer({ min: 0, max: 4 }),
  skills: fc.oneof(fc.constant('*' as const), fc.subarray([...SKILLS])),
  absent: fc.subarray([...DAYS], { maxLength: 2 }),
});

/** One draw with every choice that can be made of it. */
export const drawCase = fc.record({
  number: fc.integer({ min: 1, max: 30 }),
  strata: fc.array(stratum, { minLength: 1, maxLength: 3 }),
  inspectors: fc.array(inspector, { minLength: 1, maxLength: 6 }),
  /** Two of each role who can do everything: without them most pools could not be inspected at all. */
  helped: fc.integer({ min: 0, max: 9 }).map((dice) => dice > 0),
  /** Whether a quota may be above its stratum. */
  bold: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  recusals: fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { maxLength: 8 }),
  days: fc.subarray([...DAYS]),
  perDay: fc.integer({ min: 1, max: 3 }),
  drand: fc.boolean(),
  balls: fc.tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 33 }), { minLength: 6, maxLength: 6 }),
    fc.integer({ min: 1, max: 16 }),
  ),
  replacements: fc.array(fc.array(fc.nat(50), { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
});
export type DrawCase = typeof drawCase extends fc.Arbitrary<infer Case> ? Case : never;

const stratumName = (at: number): string => STRATA[at] ?? `S${at}`;
const pick = <T>(among: readonly T[], at: number): T | undefined => among[at % Math.max(1, among.length)];

/** The rosters that a case stands for. */
export function rostersOf({ strata, inspectors, helped, recusals }: DrawCase): Rosters {
  const objects: readonly ObjectLine[] = strata.flatMap((one, at) =>
    one.objects.map(({ weight, skill }, place) => ({
      stratum: stratumName(at),
      object: `ENT:${at}${ENDS[place] ?? place}`,
      weight,
      skill,
    })),
  );
  const drawn: readonly InspectorLine[] = inspectors.map((one, at) => ({ ...one, inspector: `I${at}` }));
  const helpers: readonly InspectorLine[] = ROLES.flatMap((role) =>
    named(`H${role}`, 2).map((one) => ({ inspector: one, role, capacity: 3, skills: '*', absent: [] })),
  );
  const pairs = recusals.map(([a, b]) => ({
    inspector: pick(drawn, a)?.inspector ?? '',
    object: pick(objects, b)?.object ?? '',
  }));
  return {
    objects,
    inspectors: helped ? [...drawn, ...helpers] : drawn,
    recusals: [...new Map(pairs.map((pair) => [`${pair.inspector} ${pair.object}`, pair])).values()],
    items: strata.flatMap((one, at) => named('T', one.itemLines).map((item) => ({ stratum: stratumName(at), item }))),
  };
}

const QUICKNET = '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971';
const SIGNATURE = 'ab'.repeat(48);

const lotteryOf = ({ balls: [red, blue] }: DrawCase) => ({ numbers: [red.toSorted((a, b) => a - b), [blue]] });

/** The announcement that a case stands for, with no rule about it asked. */
export function announcementOf(one: DrawCase, files: RosterFiles): Json {
  const linesOf = (bytes: Uint8Array): string[] => Buffer.from(bytes).toString().split('\n').slice(0, -1);
  const said = (bytes: Uint8Array) => ({ lines: linesOf(bytes).length, sha256: sha256(bytes) });
  const tree = growTree();
  linesOf(files.objects).forEach(tree.add);
  const drand = { type: 'drand', chain: QUICKNET, genesis: 1_692_803_367, period: 3, round: 26_564_212 };
  return {
    algorithm: ALGORITHM,
    announcedAt: '2026-03-01T00:00:00Z',
    asOf: 0,
    authority: '533102.YJJ',
    commitment: commitmentOf(SECRET, LENGTH),
    days: one.days,
    drawAt: '2026-03-03T00:00:00Z',
    files: {
      inspectors: said(files.inspectors),
      items: said(files.items),
      objects: { ...said(files.objects), root: tree.root() },
      recusals: said(files.recusals),
    },
    kind: 'RANDOM.RED',
    number: one.number,
    perDay: one.perDay,
    period: '2026-03',
    policy: 'a'.repeat(64),
    previous: one.number === 1 ? NO_PREVIOUS : 'b'.repeat(64),
    revealBy: '2026-04-10T00:00:00Z',
    software: 'd'.repeat(64),
    sources: one.drand ? [drand, LOTTERY] : [LOTTERY],
    strata: one.strata.map(({ objects, quota, team, items }, at) => ({
      items,
      name: stratumName(at),
      quota: one.bold ? quota : Math.min(quota, objects.length),
      team,
    })),
  };
}

/** What the sources gave in a case. */
export const randomnessOf = (one: DrawCase): Json => {
  const beacon = { randomness: sha256(Buffer.from(SIGNATURE, 'hex')), signature: SIGNATURE };
  return { sources: one.drand ? [beacon, lotteryOf(one)] : [lotteryOf(one)] };
};

/** A case with what came of it: results and the substitutions between them, or the fault that refused it. */
export interface Played {
  readonly files: RosterFiles;
  readonly announcement: Json;
  readonly bundle: ReadonlyMap<string, Uint8Array>;
  readonly substitutions: readonly Json[];
  readonly results: readonly { readonly bytes: Uint8Array; readonly result: Result }[];
  readonly fault: Fault | undefined;
}

/** Freezes, draws and replaces. */
export function play(one: DrawCase): Played {
  const files = writeRosters(rostersOf(one));
  const said = announcementOf(one, files);
  const substitutions: Json[] = [];
  const results: { bytes: Uint8Array; result: Result }[] = [];
  const bundle = new Map([
    ['announcement.json', canonical(said)],
    ['objects.tsv', files.objects],
    ['inspectors.tsv', files.inspectors],
    ['recusals.tsv', files.recusals],
    ['items.tsv', files.items],
    ['randomness.json', canonical(randomnessOf(one))],
  ]);
  const next = (iteration: number): void => {
    const drawn = drawResult(bundle, iteration, codeOf(SECRET, LENGTH, iteration));
    results.push(drawn);
    bundle.set(`result-${iteration}.json`, drawn.bytes);
  };
  try {
    checkPool(asSchema(announcement, said, 'announcement.json'), files);
    next(1);
    const standing = new Set(results.flatMap(({ result }) => result.selected.map(({ object }) => object)));
    for (const chosen of one.replacements) {
      const gone = [...new Set(chosen.flatMap((at) => pick([...standing], at) ?? []))].sort();
      if (gone.length === 0) break;
      const iteration = results.length + 1;
      const by = {
        algorithm: ALGORITHM,
        announcement: sha256(bundle.get('announcement.json') ?? ''),
        days: one.days.length === 0 ? [] : iteration % 2 === 0 ? one.days : ['2026-03-20', '2026-03-23'],
        iteration,
        replace: gone.map((object) => ({ object, reason: '关停 “closed”' })),
      };
      substitutions.push(by);
      bundle.set(`substitution-${iteration}.json`, canonical(by));
      next(iteration);
      for (const object of gone) standing.delete(object);
      for (const { object } of results.at(-1)?.result.selected ?? []) standing.add(object);
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { files, announcement: said, bundle, substitutions, results, fault: error };
  }
  return { files, announcement: said, bundle, substitutions, results, fault: undefined };
}
