import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A file of the project by its path from the project's folder. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript file under the folders. */
export const sourcesOf = (...folders: readonly string[]): readonly Source[] =>
  folders
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** A text without its comments; lines stay where they are. */
export const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/(?<![:'"`])\/\/.*$/gm, '');

/** What a file imports, with or without a name, statically or not; a relative path is made one from the project's folder. */
export function importsOf({ path, text }: Source): readonly string[] {
  const found = withoutComments(text).matchAll(/(?:\bfrom\s+|^import\s+|\bimport\(\s*)(['"])([^'"]+)\1/gm);
  return Array.from(found, ([, , from = '']) => (from.startsWith('.') ? join(path, '..', from) : from));
}
