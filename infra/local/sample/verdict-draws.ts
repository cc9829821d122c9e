/** Whether draws and inspections add up: what the county says, publishes and runs, held against what was counted from its ledger. */
import type { DrawRun } from '../../../workflows/inspection-draw/contract.ts';
import type { PublishedSeries } from './bundles.ts';
import type { CountedInspections } from './recount-draws.ts';

export interface DrawFindings {
  /** From `GET /v1/draws`. */
  readonly draws: readonly { readonly drawId: string; readonly stage: string; readonly kind: string; readonly period: string }[];
  /** From the ledger. */
  readonly recounted: CountedInspections;
  /** What lies behind the public door, verified. */
  readonly published: readonly PublishedSeries[];
  /** Draws for which an execution runs; one that has several stands here as often. */
  readonly running: readonly DrawRun[];
  /** Gaps of the grid that are left when the month ends. */
  readonly gridGaps: readonly string[];
}

function ofStages({ draws, recounted }: DrawFindings): string[] {
  const said = new Map(draws.map(({ drawId, stage }) => [drawId, stage]));
  const counted = new Map(recounted.draws.map(({ id, stage }) => [id, stage]));
  const absent = 'nothing of it';
  return [...new Set([...said.keys(), ...counted.keys()])]
    .filter((id) => said.get(id) !== counted.get(id))
    .map((id) => `draw ${id}: the API says ${said.get(id) ?? absent}, the ledger ${counted.get(id) ?? absent}`);
}

function ofBundles({ published, recounted }: DrawFindings): string[] {
  const found = new Map(published.flatMap(({ draws }) => draws.map((draw) => [draw.drawId, draw] as const)));
  const ofSeries = published.flatMap(({ authority, fault }) =>
    fault === undefined ? [] : [`the draws of ${authority}: ${fault}`],
  );
  const ofDraws = recounted.draws.flatMap(({ id, isRevealed, files, drawn }): string[] => {
    const bundle = found.get(id);
    if (bundle === undefined) return [`draw ${id} is on the ledger and not published`];
    const others = Object.entries(files).filter(([file, hash]) => bundle.files[file] !== hash);
    return [
      ...(bundle.fault === undefined ? [] : [`draw ${id}: ${bundle.fault}`]),
      ...(bundle.isRevealed === isRevealed
        ? []
        : [`draw ${id} is ${isRevealed ? '' : 'not '}revealed by the ledger, but not so in public`]),
      ...others.map(([file]) => `draw ${id}: ${file} is not the file of which the ledger has the hash`),
      ...(isRevealed && bundle.drawn !== drawn
        ? [`draw ${id}: the bundle draws ${bundle.drawn} objects, the ledger ${drawn}`]
        : []),
    ];
  });
  const unknown = [...found.keys()].filter((id) => recounted.draws.every((draw) => draw.id !== id));
  return [...ofSeries, ...ofDraws, ...unknown.map((id) => `draw ${id} is published and not on the ledger`)];
}

function ofTasks({ recounted: { draws, tasks }, published }: DrawFindings): string[] {
  const open = published.flatMap(({ results }) => results.map((task) => task.slice(task.indexOf('.') + 1)));
  const results = new Set(open);
  const revealed = new Set(draws.filter(({ isRevealed }) => isRevealed).map(({ id }) => id));
  const ofDraws = draws.flatMap(({ id, drawn, stage }): string[] => {
    const own = tasks.filter(({ draw }) => draw === id).length;
    return own === drawn || stage === 'drawn' || stage === 'void'
      ? []
      : [`draw ${id}: ${drawn} objects were drawn, and ${own} tasks given out`];
  });
  const ofResults = tasks
    .filter(({ id, draw, stage }) => revealed.has(draw) && (stage === 'published') !== results.has(id))
    .map(({ id, stage }) => `task ${id} is ${stage}, and its result is ${results.has(id) ? '' : 'not '}published`);
  return [...ofDraws, ...ofResults];
}

/** What only lags behind: an open draw without its execution, or an ended one with one. */
export function ofDrawRuns({ recounted, running }: DrawFindings): string[] {
  const runsOf = ({ id, kind, period }: CountedInspections['draws'][number]): number =>
    running.filter((run) => id.includes(`.${run.authority}:`) && run.kind === kind && run.period === period).length;
  return recounted.draws.flatMap((draw): string[] => {
    const runs = runsOf(draw);
    const isOpen = draw.stage !== 'revealed' && draw.stage !== 'void';
    if (isOpen) return runs === 1 ? [] : [`draw ${draw.id} is ${draw.stage}, and ${runs} executions drive it instead of one`];
    const hasSuccessor = recounted.draws.some((one) => one !== draw && one.kind === draw.kind && one.period === draw.period);
    return runs === 0 || hasSuccessor ? [] : [`draw ${draw.id} is ${draw.stage}, and ${runs} executions still run for it`];
  });
}

/** Everything about draws that does not add up, each in a sentence. */
export const ofDraws = (findings: DrawFindings): string[] => [
  ...ofStages(findings),
  ...ofBundles(findings),
  ...ofTasks(findings),
  ...ofDrawRuns(findings),
  ...findings.gridGaps.map((target) => `nobody answers for ${target} in the grid`),
];
