/** The parts that the drawings of workflows have in common: the machine as its definition has it, and where a drawing stands in its README. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const next = z.object({ Next: z.string() });
const state = z.object({
  Type: z.string(),
  Next: z.string().optional(),
  Default: z.string().optional(),
  Choices: z.array(next.extend({ Condition: z.string() })).default([]),
  Catch: z.array(next.extend({ ErrorEquals: z.array(z.string()) })).default([]),
});
/** A map has a machine of its own for each of its items, which holds no other. */
const machine = z.object({ StartAt: z.string(), States: z.record(z.string(), state) });
const definition = z
  .object({ StartAt: z.string(), States: z.record(z.string(), state.extend({ ItemProcessor: machine.optional() })) })
  .transform(({ StartAt, States }) => ({
    start: StartAt,
    states: Object.entries(States).flatMap(([name, { ItemProcessor, ...own }]) => [
      [name, { ...own, each: ItemProcessor?.StartAt }] as const,
      ...Object.entries(ItemProcessor?.States ?? {}).map(([inner, of]) => [inner, { ...of, each: undefined }] as const),
    ]),
  }));
export type Definition = z.output<typeof definition>;

export const readDefinition = (file: URL): Definition => definition.parse(JSON.parse(readFileSync(file, 'utf8')));

/** What the machine asks of a case or a draw, in the words of the drawing. */
export const wordsOf = (condition: string): string =>
  /\$(?:stage|step) = '([\w-]+)'/.exec(condition)?.[1] ?? /^\{% \$(\w+) %\}$/.exec(condition)?.[1] ?? 'near its limits';

export const block = (kind: string, lines: readonly string[]): string =>
  ['```mermaid', kind, ...lines.map((line) => `  ${line}`), '```'].join('\n');

/** Arrows between the same two, as one. */
export function joined(arrows: readonly { readonly from: string; readonly to: string; readonly says: string }[]) {
  const by = new Map<string, { from: string; to: string; says: string[] }>();
  for (const { from, to, says } of arrows) {
    const arrow = by.get(`${from} ${to}`) ?? { from, to, says: [] };
    by.set(`${from} ${to}`, { ...arrow, says: [...new Set([...arrow.says, says])] });
  }
  return [...by.values()];
}

/** Where the machine goes on to for a stage or a step. */
export function stateFor(word: string, { states }: Definition): string {
  const asked = states.flatMap(([, { Choices }]) => Choices).filter(({ Condition }) => wordsOf(Condition) === word);
  const [one] = asked;
  if (one === undefined || asked.length > 1) throw new Error(`the definition knows ${asked.length} ways for ${word}`);
  return one.Next;
}

/** `routed`: what the machine routes by, `stage` or `step`. */
export function drawMachine({ start, states }: Definition, routed: string): string {
  const name = (state: string) => state.replace(/\W/g, '');
  const isEnd = (type: string) => type === 'Succeed' || type === 'Fail';
  const arrows = states.flatMap(([from, { Type, Next, Default, Choices, Catch, each }]) => [
    ...(each === undefined ? [] : [{ from, to: each, says: 'each' }]),
    ...Choices.map(({ Condition, Next: to }) => ({ from, to, says: wordsOf(Condition) })),
    ...(Default === undefined ? [] : [{ from, to: Default, says: `unknown ${routed}` }]),
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

/** A README with its drawing in the place of the one before. */
export function placed(readme: string, parts: readonly string[]): string {
  const [before, after] = [readme.split(BEGIN)[0], readme.split(END)[1]];
  if (before === undefined || after === undefined) throw new Error(`the README has no place between ${BEGIN} and ${END}`);
  return `${before}${[BEGIN, ...parts, END].join('\n\n')}${after}`;
}
