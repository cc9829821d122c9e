/**
 * What of a person stands in a text that everybody will read: telephone and identity card numbers, and names that are known to be of
 * persons. It is looked for when the text comes in, and once more before it is published.
 */

export const PERSONAL_KINDS = ['telephone', 'identity-card', 'name'] as const;
export type PersonalKind = (typeof PERSONAL_KINDS)[number];

export const PERSONAL_NAMES: Readonly<Record<PersonalKind, string>> = {
  telephone: '电话号码',
  'identity-card': '身份证号码',
  name: '联系人的姓名',
};

/** Where in a text something of a person stands. */
export interface PersonalPassage {
  readonly kind: PersonalKind;
  readonly from: number;
  readonly to: number;
}

/** Persons who are known, and what is called like them and is none: the name of a works may hold that of its owner. */
export interface KnownPersons {
  readonly persons: readonly string[];
  readonly notPersons: readonly string[];
}

const ALONE = { before: '(?<![0-9A-Za-z])', after: '(?![0-9A-Za-z])' };
const number = (pattern: string): RegExp => new RegExp(`${ALONE.before}(?:${pattern})${ALONE.after}`, 'gi');

/** What people put between the groups of a number. */
const GAP = '[ ().-]{0,3}';
const [YEAR, MONTH, DAY] = ['(?:19|20)[0-9]{2}', '(?:0[1-9]|1[0-2])', '(?:0[1-9]|[12][0-9]|3[01])'];
/** Eleven digits, in the groups in which they are written and read out. */
const GROUPS = [
  ...[
    [3, 4, 4],
    [3, 3, 5],
    [3, 3, 3, 2],
  ],
  ...[
    [4, 3, 4],
    [4, 4, 3],
    [5, 6],
  ],
];
const MOBILE = `(?=1[3-9])(?:${GROUPS.map((lengths) => lengths.map((length) => `[0-9]{${length}}`).join(GAP)).join('|')})`;
const CALLED = '(?:wx|vx|wechat|weixin|tel|phone|mobile|[vw])?';
const CHINA = `(?:[+]?86${GAP})?`;
const NUMBERS: readonly (readonly [PersonalKind, RegExp])[] = [
  ['identity-card', number(`[1-8][0-9]{5}${GAP}${YEAR}${GAP}${MONTH}${GAP}${DAY}${GAP}[0-9]{3}${GAP}[0-9X]`)],
  ['identity-card', number(`[1-8][0-9]{7}${MONTH}${DAY}[0-9]{3}`)],
  ['telephone', number(`${CALLED}${CHINA}${MOBILE}`)],
  ['telephone', number(`${CALLED}${CHINA}0(?:10|2[0-9]|[3-9][0-9]{2})${GAP}(?:[0-9]{7,8}|[0-9]{3,4}[ -][0-9]{4})`)],
  ['telephone', number('[+][1-9](?:[ -]?[0-9]){7,14}')], // of another country: the county lies on a border
];

/** As wide as before, so that places stay: digits and signs as keyboards for Chinese write them are the plain ones. */
const plain = (text: string): string =>
  text
    .replace(/[\uFF01-\uFF5E]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u200B-\u200D]/g, ' ')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\u00B7\u2022\u2027\u30FB]/g, '.');

function* placesOf(text: string, word: string): Generator<Omit<PersonalPassage, 'kind'>> {
  for (let from = text.indexOf(word); from >= 0; from = text.indexOf(word, from + word.length)) {
    yield { from, to: from + word.length };
  }
}

/** One character is a word of too many texts. */
const SHORTEST_NAME = 2;

/** Everything of a person in a text, in its order; nothing twice. */
export function personalDataIn(text: string, { persons, notPersons }: KnownPersons): readonly PersonalPassage[] {
  const searched = plain(text);
  const numbers = NUMBERS.flatMap(([kind, pattern]) =>
    [...searched.matchAll(pattern)].map(({ index, 0: match }) => ({ kind, from: index, to: index + match.length })),
  );
  const others = notPersons.filter((word) => word !== '').flatMap((word) => [...placesOf(text, word)]);
  const names = persons
    .filter((name) => name.length >= SHORTEST_NAME)
    .flatMap((name) => [...placesOf(text, name)])
    .filter(({ from, to }) => !others.some((other) => other.from <= from && to <= other.to))
    .map((place) => ({ kind: 'name' as const, ...place }));
  const found: PersonalPassage[] = [];
  for (const one of [...numbers, ...names].sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (one.from >= (found.at(-1)?.to ?? 0)) found.push(one);
  }
  return found;
}

const BLOT = '■';

/** The text with every passage blotted out, and how many there were. */
export function withoutPersonalData(text: string, known: KnownPersons): { readonly text: string; readonly blotted: number } {
  const passages = personalDataIn(text, known);
  let [clean, at] = ['', 0];
  for (const { from, to } of passages) {
    clean += text.slice(at, from) + BLOT.repeat(to - from);
    at = to;
  }
  return { text: clean + text.slice(at), blotted: passages.length };
}
