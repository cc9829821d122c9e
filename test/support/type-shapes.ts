import { createHash } from 'node:crypto';
import { sourcesOf, withoutComments } from './sources.ts';

interface Declared {
  readonly path: string;
  readonly name: string;
  readonly isExported: boolean;
  /** Without comments and layout. */
  readonly text: string;
}

/** Every type, and every list of words that a type is made of. */
const declarations: readonly Declared[] = sourcesOf('shared/domain', 'shared/data').flatMap(({ path, text }) => {
  const code = withoutComments(text);
  const found = code.matchAll(/^(export )?(?:(interface|type) |const (?=[A-Z_]+\b))(\w+)/gm);
  return Array.from(found, ({ index, 1: exported, 2: kind, 3: name = '' }): Declared => {
    const declared = untilEnd(code.slice(index), kind === 'interface').replace(/\s+/g, ' ');
    return { path, name, isExported: exported !== undefined, text: declared.replace(/^export /, '') };
  });
});

/** What a name means in a file: its own, or what another file lends it. */
const meant = (name: string, path: string): Declared | undefined =>
  declarations.find((one) => one.name === name && one.path === path) ??
  declarations.find((one) => one.name === name && one.isExported);

/** A declaration up to its last bracket, or up to the semicolon outside of all of them. */
function untilEnd(code: string, isInterface: boolean): string {
  let depth = 0;
  for (let at = 0; at < code.length; at++) {
    const character = code[at] ?? '';
    if ('{[('.includes(character)) depth++;
    if ('}])'.includes(character) && --depth === 0 && isInterface) return code.slice(0, at + 1);
    if (character === ';' && depth === 0) return code.slice(0, at);
  }
  throw new Error(`a declaration does not end: ${code.slice(0, 80)}`);
}

/** A short hash of a type and of everything that it is made of, however deep. */
export function shapeHashes(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.map((name) => {
      const whole = meant(name, '');
      if (whole === undefined) throw new Error(`no file exports a type ${name}`);
      const parts = new Set([whole]);
      for (const { path, text } of parts) {
        for (const [word] of text.matchAll(/\b[A-Z]\w+\b/g)) {
          const part = meant(word, path);
          if (part !== undefined) parts.add(part);
        }
      }
      const texts = [...parts].map(({ text }) => text).sort();
      return [name, createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 12)];
    }),
  );
}

/** The types of the values that entities store whole (`any().castAs<…>()`). */
export const storedWhole = (): readonly string[] => [
  ...new Set(sourcesOf('shared/data').flatMap(({ text }) => Array.from(text.matchAll(/castAs<(\w+)/g), ([, name = '']) => name))),
];

/** The types of the facts that the ledger keeps. */
export const storedFacts = (): readonly string[] =>
  declarations
    .filter(({ name, isExported }) => isExported && /.Fact$|^RoundSubmitted$|^SealAmended$/.test(name))
    .map(({ name }) => name);
