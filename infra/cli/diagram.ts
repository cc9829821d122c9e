/** `npm run diagram`: draws the lifecycle of a hazard anew into the README of its workflow, from the definition and the domain. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { STAGE_NAMES, STAGES, type Stage } from '../../shared/domain/hazard.ts';
import { STAGE_OBLIGATION } from '../../shared/domain/hazard-deadlines.ts';
import { type Step, stepsOfLifecycle } from './lifecycle.ts';

const FOLDER = new URL('../../workflows/hazard-rectification/', import.meta.url);
export const README = new URL('README.md', FOLDER);
const DEFINITION = new URL('hazard-rectification.asl.json', FOLDER);

const next = z.object({ Next: z.string() });
const definition = z
  .object({
    StartAt: z.string(),
    States: z.record(
      z.string(),
      z.object({
        Type: z.string(),
        Next: z.string().optional(),
        Default: z.string().optional(),
        Choices: z.array(next.extend({ Condition: z.string() })).default([]),
        Catch: z.array(next.extend({ ErrorEquals: z.array(z.string()) })).default([]),
      }),
    ),
  })
  .transform(({ StartAt, States }) => ({ start: StartAt, states: Object.entries(States) }));
type Definition = z.output<typeof definition>;

/** What the machine asks of a case, in the words of the drawing. */
const wordsOf = (condition: string): string =>
  /\$stage = '([\w-]+)'/.exec(condition)?.[1] ?? /^\{% \$(\w+) %\}$/.exec(condition)?.[1] ?? 'near its limits';

const block = (kind: string, lines: readonly string[]): string =>
  ['```mermaid', kind, ...lines.map((line) => `  ${line}`), '```'].join('\n');

/** Arrows between the same two, as one. */
function joined(arrows: readonly { readonly from: string; readonly to: string; readonly says: string }[]) {
  const by = new Map<string, { from: string; to: string; says: string[] }>();
  for (const { from, to, says } of arrows) {
    const arrow = by.get(`${from} ${to}`) ?? { from, to, says: [] };
    by.set(`${from} ${to}`, { ...arrow, says: [...new Set([...arrow.says, says])] });
  }
  return [...by.values()];
}

const id = (stage: string): string => stage.replaceAll('-', '_');

function drawLifecycle(steps: readonly Step[]): string {
  const moves = steps.filter(({ from, to }) => from !== to).map(({ from, to, by }) => ({ from, to, says: by }));
  return block('stateDiagram-v2', [
    ...STAGES.map((stage) => `state "${stage}<br/>${STAGE_NAMES[stage]}" as ${id(stage)}`),
    '[*] --> registered : ReportHazard',
    ...joined(moves).map(({ from, to, says }) => `${id(from)} --> ${id(to)} : ${says.join('<br/>')}`),
  ]);
}

/** Where the machine waits while a case is in a stage. */
function waitOf(stage: Stage, { states }: Definition): string {
  const asked = states.flatMap(([, { Choices }]) => Choices).filter(({ Condition }) => wordsOf(Condition) === stage);
  const [one] = asked;
  if (one === undefined || asked.length > 1) throw new Error(`the definition knows ${asked.length} ways for the stage ${stage}`);
  return one.Next;
}

function tellStages(steps: readonly Step[], read: Definition): string {
  const rows = STAGES.map((stage) => {
    const stays = steps.filter(({ from, to }) => from === stage && to === stage).map(({ by }) => by);
    const owed = STAGE_OBLIGATION[stage] ?? '–';
    return `| \`${stage}\` | \`${waitOf(stage, read)}\` | ${owed} | ${stays.join(', ') || '–'} |`;
  });
  return ['| stage | state of the machine | deadline | what can be done without leaving it |', '|---|---|---|---|', ...rows].join(
    '\n',
  );
}

function drawMachine({ start, states }: Definition): string {
  const name = (state: string) => state.replace(/\W/g, '');
  const isEnd = (type: string) => type === 'Succeed' || type === 'Fail';
  const arrows = states.flatMap(([from, { Type, Next, Default, Choices, Catch }]) => [
    ...Choices.map(({ Condition, Next: to }) => ({ from, to, says: wordsOf(Condition) })),
    ...(Default === undefined ? [] : [{ from, to: Default, says: 'unknown stage' }]),
    ...(Next === undefined ? [] : [{ from, to: Next, says: Type === 'Task' ? 'told' : '' }]),
    ...Catch.map(({ ErrorEquals: [error = ''], Next: to }) => ({
      from,
      to,
      says: error === 'States.ALL' ? 'failed' : 'timeout',
    })),
  ]);
  return block('flowchart LR', [
    ...states.map(([state, { Type }]) => {
      if (Type === 'Choice') return `${name(state)}{${state}}`;
      return isEnd(Type) ? `${name(state)}([${state}])` : `${name(state)}[${state}]`;
    }),
    `begin((start)) --> ${name(start)}`,
    ...joined(arrows).map(({ from, to, says }) => {
      const label = says.filter((text) => text !== '').join(', ');
      return `${name(from)} -->${label && `|${label}|`} ${name(to)}`;
    }),
  ]);
}

const BEGIN = '<!-- drawn by npm run diagram -->';
const END = '<!-- end of the drawing -->';

/** The README with its drawing as the definition and the domain have it now. */
export function drawn(readme: string): string {
  const read = definition.parse(JSON.parse(readFileSync(DEFINITION, 'utf8')));
  const steps = stepsOfLifecycle();
  const [before, after] = [readme.split(BEGIN)[0], readme.split(END)[1]];
  if (before === undefined || after === undefined) throw new Error(`the README has no place between ${BEGIN} and ${END}`);
  const parts = [BEGIN, drawLifecycle(steps), tellStages(steps, read), 'The machine that drives it:', drawMachine(read), END];
  return `${before}${parts.join('\n\n')}${after}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(README, drawn(readFileSync(README, 'utf8')));
