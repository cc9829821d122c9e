import { readdirSync, readFileSync } from 'node:fs';
import type { Definition } from './asl-runner.ts';

const WORKFLOWS = new URL('../../workflows/', import.meta.url);

const read = (file: string): string => readFileSync(new URL(file, WORKFLOWS), 'utf8');

/** One definition by the folder it stands in. */
export const definitionOf = (workflow: string): Definition => JSON.parse(read(`${workflow}/${workflow}.asl.json`)) as Definition;

/** Every workflow there is, with its text. */
export const workflows = readdirSync(WORKFLOWS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({ name, text: read(`${name}/${name}.asl.json`), definition: definitionOf(name) }));
