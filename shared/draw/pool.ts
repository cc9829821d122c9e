/** The pool of a draw as a whole: whether its rosters agree with each other and with the strata, and what they are known by. */
import type { Announcement, Stratum } from './announcement.ts';
import { sha256 } from './bytes.ts';
import { Fault } from './fault.ts';
import { feasibilityOf, type Shortage, shortageText } from './feasibility.ts';
import { growTree } from './root.ts';
import {
  fileOf,
  type InspectorLine,
  type ItemLine,
  inspectorsIn,
  itemsIn,
  itemsOfStrata,
  objectsIn,
  type RecusalLine,
  ROSTERS,
  type Roster,
  recusalsIn,
  recusedFromObjects,
} from './rosters.ts';

/** The bytes of every roster file. */
export type RosterFiles = Readonly<Record<Roster, Uint8Array>>;

function linesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines += 1;
  return lines;
}

function checkItems(strata: readonly Stratum[], items: readonly ItemLine[]): void {
  const file = fileOf('items');
  const known = new Set(strata.map(({ name }) => name));
  const stray = items.findIndex(({ stratum }) => !known.has(stratum));
  if (stray >= 0)
    throw new Fault(
      'unknown-stratum',
      { file, place: `line ${stray + 1}` },
      `the stratum ${items[stray]?.stratum} is not announced`,
    );
  const by = itemsOfStrata(items);
  for (const { name, items: wanted } of strata) {
    const there = by.get(name)?.length ?? 0;
    if (wanted > there)
      throw new Fault('few-items', { file, place: `stratum ${name}` }, `has ${there} items where ${wanted} are drawn`);
  }
}

/** The objects in one pass: form, strata, quotas; each is shown to `see`. Gives their number and the root of their tree. */
export function surveyObjects(
  strata: readonly Stratum[],
  bytes: Uint8Array,
  see: (object: { readonly object: string; readonly skill: string | null }, stratum: Stratum) => void,
) {
  const file = fileOf('objects');
  const known = new Map(strata.map((one) => [one.name, one]));
  const sizes = new Map<string, number>();
  const seen = new Set<string>();
  const tree = growTree();
  let lines = 0;
  for (const { stratum: name, object, skill, line, text } of objectsIn(bytes)) {
    const place = `line ${line}`;
    const stratum = known.get(name);
    if (stratum === undefined) throw new Fault('unknown-stratum', { file, place }, `the stratum ${name} is not announced`);
    if (seen.size === seen.add(object).size)
      throw new Fault('object-twice', { file, place }, `the object ${object} stands there twice`);
    sizes.set(name, (sizes.get(name) ?? 0) + 1);
    see({ object, skill }, stratum);
    tree.add(text);
    lines = line;
  }
  for (const { name, quota } of strata) {
    const size = sizes.get(name) ?? 0;
    const at = { file, place: `stratum ${name}` };
    if (size === 0) throw new Fault('empty-stratum', at, 'is announced and has no objects');
    if (quota > size) throw new Fault('quota-above-stratum', at, `has ${size} objects where ${quota} are to be drawn`);
  }
  return { lines, root: tree.root() };
}

function knownInspectors(inspectors: readonly InspectorLine[], recusals: readonly RecusalLine[]): void {
  const known = new Set(inspectors.map(({ inspector }) => inspector));
  const stray = recusals.findIndex(({ inspector }) => !known.has(inspector));
  if (stray < 0) return;
  const at = { file: fileOf('recusals'), place: `line ${stray + 1}` };
  throw new Fault('recusal-unknown', at, `the inspector ${recusals[stray]?.inspector} is not in ${fileOf('inspectors')}`);
}

/** Whether everything in the rosters agrees and every object can get its team; what an announcement says of the files. */
export function surveyPool(strata: readonly Stratum[], files: RosterFiles): Announcement['files'] {
  const [inspectors, recusals, items] = [inspectorsIn(files.inspectors), recusalsIn(files.recusals), itemsIn(files.items)];
  knownInspectors(inspectors, recusals);
  checkItems(strata, items);
  const recusedFrom = recusedFromObjects(recusals);
  const feasibility = feasibilityOf(inspectors, recusedFrom);
  const unseen = new Set(recusedFrom.keys());
  let short: { readonly object: string; readonly shortages: readonly Shortage[] } | undefined;
  let more = 0;
  const { lines, root } = surveyObjects(strata, files.objects, (object, stratum) => {
    unseen.delete(object.object);
    const shortages = feasibility.shortages(stratum, object);
    if (shortages.length === 0) return;
    if (short === undefined) short = { object: object.object, shortages };
    else more += 1;
  });
  const stray = recusals.findIndex(({ object }) => unseen.has(object));
  if (stray >= 0) {
    const at = { file: fileOf('recusals'), place: `line ${stray + 1}` };
    throw new Fault('recusal-unknown', at, `the object ${recusals[stray]?.object} is not in ${fileOf('objects')}`);
  }
  if (short !== undefined) throw infeasible(short, more);
  return {
    inspectors: { lines: inspectors.length, sha256: sha256(files.inspectors) },
    items: { lines: items.length, sha256: sha256(files.items) },
    objects: { lines, root, sha256: sha256(files.objects) },
    recusals: { lines: recusals.length, sha256: sha256(files.recusals) },
  };
}

function infeasible(
  { object, shortages }: { readonly object: string; readonly shortages: readonly Shortage[] },
  more: number,
): Fault {
  const others = more === 0 ? '' : `; the same holds for ${more} more`;
  const at = { file: fileOf('objects'), place: `object ${object}` };
  return new Fault('infeasible', at, `could never get its team: ${shortages.map(shortageText).join('; ')}${others}`);
}

/** Whether a roster file is the one that was announced. */
export function checkAnnounced(announcement: Announcement, roster: Roster, bytes: Uint8Array): void {
  const { sha256: hash, lines } = announcement.files[roster];
  const file = fileOf(roster);
  const found = sha256(bytes);
  if (found !== hash)
    throw new Fault('changed-file', { file }, `is not the file that was announced: its hash is ${found}, announced is ${hash}`);
  const there = linesIn(bytes);
  if (there !== lines) throw new Fault('changed-file', { file }, `has ${there} lines where ${lines} are announced`);
}

/** Whether a tree has the root that was announced. */
export function checkRoot(announcement: Announcement, root: string): void {
  const announced = announcement.files.objects.root;
  if (root === announced) return;
  throw new Fault('changed-file', { file: fileOf('objects') }, `the root of its tree is ${root}, announced is ${announced}`);
}

/** Whether rosters are those of the announcement and keep every rule. */
export function checkPool(announcement: Announcement, files: RosterFiles): void {
  for (const roster of ROSTERS) checkAnnounced(announcement, roster, files[roster]);
  checkRoot(announcement, surveyPool(announcement.strata, files).objects.root);
}
