/** The part of the page `/open` that is written in TypeScript, as one script for the browsers of telephones. */
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const ENTRY = fileURLToPath(new URL('../functions/serve-documentation/open/client.ts', import.meta.url));

let script: string | undefined;

/** Declares `opened`. Browsers inside messaging apps are older than others. */
export function openScript(): string {
  if (script !== undefined) return script;
  const { outputFiles } = buildSync({
    ...{ entryPoints: [ENTRY], bundle: true, format: 'iife', globalName: 'opened', minify: true, write: false },
    ...{ target: 'es2019', charset: 'utf8', platform: 'browser', logLevel: 'warning' },
  });
  script = outputFiles.map(({ text }) => text).join('');
  return script;
}
