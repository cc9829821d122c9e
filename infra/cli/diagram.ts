/** `npm run diagram`: draws the lifecycles of hazards and of draws, and the machine that exports, anew into the READMEs of their workflows. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DRAW_STAGE_NAMES, DRAW_STAGES } from '../../shared/domain/draw.ts';
import { STAGE_NAMES, STAGES } from '../../shared/domain/hazard.ts';
import { STAGE_OBLIGATION } from '../../shared/domain/hazard-deadlines.ts';
import { stepsOfDraws } from './draw-lifecycle.ts';
import { stepsOfLifecycle } from './lifecycle.ts';
import { block, type Definition, drawMachine, joined, placed, readDefinition, stateFor } from './machine-diagram.ts';

const WORKFLOWS = new URL('../../workflows/', import.meta.url);
export const README = new URL('hazard-rectification/README.md', WORKFLOWS);
export const DRAW_README = new URL('inspection-draw/README.md', WORKFLOWS);
export const EXPORT_README = new URL('audit-export/README.md', WORKFLOWS);

interface Move {
  readonly from: string;
  readonly to: string;
  readonly by: string;
}

const id = (stage: string): string => stage.replaceAll('-', '_');

function drawLifecycle(
  stages: readonly string[],
  names: Readonly<Record<string, string>>,
  begins: string,
  moves: readonly Move[],
): string {
  const arrows = moves.filter(({ from, to }) => from !== to).map(({ from, to, by }) => ({ from, to, says: by }));
  return block('stateDiagram-v2', [
    ...stages.map((stage) => `state "${stage}<br/>${names[stage]}" as ${id(stage)}`),
    `[*] --> ${id(stages[0] ?? '')} : ${begins}`,
    ...joined(arrows).map(({ from, to, says }) => `${id(from)} --> ${id(to)} : ${says.join('<br/>')}`),
  ]);
}

const staysOf = (moves: readonly Move[], stage: string): string =>
  [...new Set(moves.flatMap(({ from, to, by }) => (from === stage && to === stage && by !== '' ? [by] : [])))].join(', ') || '–';

function tellStages(steps: readonly Move[], read: Definition): string {
  const rows = STAGES.map(
    (stage) => `| \`${stage}\` | \`${stateFor(stage, read)}\` | ${STAGE_OBLIGATION[stage] ?? '–'} | ${staysOf(steps, stage)} |`,
  );
  return ['| stage | state of the machine | deadline | what can be done without leaving it |', '|---|---|---|---|', ...rows].join(
    '\n',
  );
}

/** The README with its drawing as the definition and the domain have it now. */
export function drawn(readme: string): string {
  const read = readDefinition(new URL('hazard-rectification/hazard-rectification.asl.json', WORKFLOWS));
  const steps = stepsOfLifecycle();
  const lifecycle = drawLifecycle(STAGES, STAGE_NAMES, 'ReportHazard', steps);
  return placed(readme, [lifecycle, tellStages(steps, read), 'The machine that drives it:', drawMachine(read, 'stage')]);
}

/** The same of draws. */
export function drawnDraws(readme: string): string {
  const read = readDefinition(new URL('inspection-draw/inspection-draw.asl.json', WORKFLOWS));
  const moves = stepsOfDraws();
  const rows = DRAW_STAGES.map((stage) => {
    const owed = [...new Set(moves.flatMap(({ from, step }) => (from === stage ? [step] : [])))];
    const states = owed.map((step) => `\`${stateFor(step, read)}\``).join(', ');
    return `| \`${stage}\` | ${states} | ${staysOf(moves, stage)} |`;
  });
  const table = ['| stage | states of the machine | what is recorded without leaving it |', '|---|---|---|', ...rows].join('\n');
  const lifecycle = drawLifecycle(DRAW_STAGES, DRAW_STAGE_NAMES, 'DrawAnnounced', moves);
  return placed(readme, [lifecycle, table, 'The machine that drives it:', drawMachine(read, 'step')]);
}

/** The machine that exports: an export is being written or closed, so its lifecycle is one arrow. */
export const drawnExports = (readme: string): string =>
  placed(readme, [drawMachine(readDefinition(new URL('audit-export/audit-export.asl.json', WORKFLOWS)), 'step')]);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(README, drawn(readFileSync(README, 'utf8')));
  writeFileSync(DRAW_README, drawnDraws(readFileSync(DRAW_README, 'utf8')));
  writeFileSync(EXPORT_README, drawnExports(readFileSync(EXPORT_README, 'utf8')));
}
