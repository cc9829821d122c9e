/** Roster files: who and what a draw is about, one line each, in the only order that they can have. */
import { Fault } from './fault.ts';
import { ascends, ID_PATTERN, isDay } from './values.ts';

/** An object of a stratum. Without a skill (`null`) any inspector will do. */
export interface ObjectLine {
  readonly stratum: string;
  readonly object: string;
  readonly weight: number;
  readonly skill: string | null;
}

/** An inspector: what he is, how many objects he may have, what he is able to inspect (`*`: everything), when he is away. */
export interface InspectorLine {
  readonly inspector: string;
  readonly role: string;
  readonly capacity: number;
  readonly skills: '*' | readonly string[];
  readonly absent: readonly string[];
}

/** An inspector who must not visit an object (回避). Why is nobody's business but the ledger's. */
export interface RecusalLine {
  readonly inspector: string;
  readonly object: string;
}

/** An item (抽查事项) that may be inspected at the objects of a stratum. */
export interface ItemLine {
  readonly stratum: string;
  readonly item: string;
}

/** The lines of every roster of a draw, in any order. */
export interface Rosters {
  readonly objects: Iterable<ObjectLine>;
  readonly inspectors: Iterable<InspectorLine>;
  readonly recusals: Iterable<RecusalLine>;
  readonly items: Iterable<ItemLine>;
}

export const ROSTERS = ['objects', 'inspectors', 'recusals', 'items'] as const satisfies readonly (keyof Rosters)[];
export type Roster = (typeof ROSTERS)[number];

/** The name of a roster's file. */
export const fileOf = (roster: Roster): string => `${roster}.tsv`;

const ID = `(${ID_PATTERN})`;
/** A list is looked at entry by entry: a pattern that repeats a group overflows the stack on a very long one. */
const LIST = '([!-~]+)';
const ONE_ID = new RegExp(`^${ID}$`);
const PATTERNS: Readonly<Record<Roster, RegExp>> = {
  objects: new RegExp(`^${ID}\\t${ID}\\t(100|[1-9]\\d?)\\t(-|${ID_PATTERN})$`),
  inspectors: new RegExp(`^${ID}\\t${ID}\\t(10000|[1-9]\\d{0,3}|0)\\t${LIST}\\t${LIST}$`),
  recusals: new RegExp(`^${ID}\\t${ID}$`),
  items: new RegExp(`^${ID}\\t${ID}$`),
};

/** A line in a sentence: enough of it to find it by. */
const shown = (text: string): string => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);

const sortedSet = (texts: readonly string[]): string => (texts.length === 0 ? '-' : [...new Set(texts)].sort().join(','));

const TEXTS = {
  objects: ({ stratum, object, weight, skill }: ObjectLine) => `${stratum}\t${object}\t${weight}\t${skill ?? '-'}`,
  inspectors: ({ inspector, role, capacity, skills, absent }: InspectorLine) =>
    `${inspector}\t${role}\t${capacity}\t${skills === '*' ? '*' : sortedSet(skills)}\t${sortedSet(absent)}`,
  recusals: ({ inspector, object }: RecusalLine) => `${inspector}\t${object}`,
  items: ({ stratum, item }: ItemLine) => `${stratum}\t${item}`,
};

function written<Line>(roster: Roster, lines: Iterable<Line>, textOf: (line: Line) => string): Uint8Array {
  const texts = Array.from(lines, (line) => {
    const text = textOf(line);
    if (!PATTERNS[roster].test(text))
      throw new Fault('form', { file: fileOf(roster), place: shown(text) }, 'is not a line of it');
    return text;
  });
  texts.sort(); // ASCII: units of a string order as bytes do
  return Buffer.from(texts.length === 0 ? '' : `${texts.join('\n')}\n`, 'latin1');
}

/** The bytes of every roster's file. A line that cannot stand in its file is a `Fault`; who stands there twice is seen when it is read. */
export const writeRosters = (rosters: Rosters): Readonly<Record<Roster, Uint8Array>> => ({
  objects: written('objects', rosters.objects, TEXTS.objects),
  inspectors: written('inspectors', rosters.inspectors, TEXTS.inspectors),
  recusals: written('recusals', rosters.recusals, TEXTS.recusals),
  items: written('items', rosters.items, TEXTS.items),
});

/** One line: its text, its number from 1, its columns. */
interface Read {
  readonly text: string;
  readonly number: number;
  readonly columns: readonly string[];
}

/** The lines of a file in turn, each with the form and the place that it has to have. */
function* linesOf(roster: Roster, bytes: Uint8Array): Generator<Read> {
  const file = fileOf(roster);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let previous = '';
  let number = 0;
  for (let start = 0; start < buffer.length; ) {
    const place = `line ${++number}`;
    const end = buffer.indexOf(0x0a, start);
    if (end < 0) throw new Fault('form', { file, place }, 'does not end with LF');
    const text = buffer.toString('latin1', start, end); // what is not ASCII fits no pattern
    start = end + 1;
    const found = PATTERNS[roster].exec(text);
    if (found === null) throw new Fault('form', { file, place }, `${shown(text)} is not a line of it`);
    const columns = found.slice(1);
    if (text < previous) throw new Fault('form', { file, place }, 'is not in the order of bytes');
    if (text === previous) throw twice(roster, columns, place);
    previous = text;
    yield { text, number, columns };
  }
}

/** The fault of somebody or something that stands in a roster twice. */
function twice(roster: Roster, [first = '', second = '']: readonly string[], place: string): Fault {
  const at = { file: fileOf(roster), place };
  if (roster === 'objects') return new Fault('object-twice', at, `the object ${second} stands there twice`);
  if (roster === 'inspectors') return new Fault('inspector-twice', at, `the inspector ${first} stands there twice`);
  return new Fault('form', at, 'stands there twice');
}

/** The objects of a file, line by line: a million fit through in little memory. That none stands in two strata is for `checkPool`. */
export function* objectsIn(bytes: Uint8Array): Generator<ObjectLine & { readonly line: number; readonly text: string }> {
  let last = { stratum: '', object: '' };
  for (const { text, number, columns } of linesOf('objects', bytes)) {
    const [stratum = '', object = '', weight, skill = '-'] = columns;
    if (stratum === last.stratum && object === last.object) throw twice('objects', columns, `line ${number}`);
    last = { stratum, object };
    yield { stratum, object, weight: Number(weight), skill: skill === '-' ? null : skill, line: number, text };
  }
}

const listOf = (text: string): readonly string[] => (text === '-' ? [] : text.split(','));

/** The inspectors of a file. */
export function inspectorsIn(bytes: Uint8Array): readonly InspectorLine[] {
  let last = '';
  return Array.from(linesOf('inspectors', bytes), ({ number, columns }) => {
    const [inspector = '', role = '', capacity, skills = '-', days = '-'] = columns;
    const at = { file: fileOf('inspectors'), place: `line ${number}` };
    if (inspector === last) throw twice('inspectors', columns, at.place);
    last = inspector;
    const absent = listOf(days);
    if (!absent.every(isDay)) throw new Fault('form', at, 'has an absence on a day that is none');
    if (!ascends(absent)) throw new Fault('form', at, 'has absences that do not ascend strictly');
    if (skills !== '*' && !listOf(skills).every((skill) => ONE_ID.test(skill)))
      throw new Fault('form', at, 'has a skill that is not an ID');
    if (!ascends(listOf(skills))) throw new Fault('form', at, 'has skills that do not ascend strictly');
    return { inspector, role, capacity: Number(capacity), skills: skills === '*' ? skills : listOf(skills), absent };
  });
}

/** The recusals of a file. That both sides exist is for `checkPool`. */
export const recusalsIn = (bytes: Uint8Array): readonly RecusalLine[] =>
  Array.from(linesOf('recusals', bytes), ({ columns: [inspector = '', object = ''] }) => ({ inspector, object }));

/** The items of a file. */
export const itemsIn = (bytes: Uint8Array): readonly ItemLine[] =>
  Array.from(linesOf('items', bytes), ({ columns: [stratum = '', item = ''] }) => ({ stratum, item }));

/** Lines by what they have in common. */
export function gathered<Line>(lines: Iterable<Line>, keyOf: (line: Line) => string): ReadonlyMap<string, readonly Line[]> {
  const by = new Map<string, Line[]>();
  for (const line of lines) {
    const key = keyOf(line);
    const found = by.get(key);
    if (found === undefined) by.set(key, [line]);
    else found.push(line);
  }
  return by;
}

/** Who is recused from which object. */
export const recusedFromObjects = (recusals: readonly RecusalLine[]): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(
    [...gathered(recusals, ({ object }) => object)].map(([object, lines]) => [
      object,
      new Set(lines.map((one) => one.inspector)),
    ]),
  );

/** The items of each stratum. */
export const itemsOfStrata = (items: readonly ItemLine[]): ReadonlyMap<string, readonly string[]> =>
  new Map([...gathered(items, ({ stratum }) => stratum)].map(([stratum, lines]) => [stratum, lines.map(({ item }) => item)]));
