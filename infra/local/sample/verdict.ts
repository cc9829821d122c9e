/** Whether the month adds up: what the county says of itself, held against what was counted from its ledger and its executions. */
import { COLOURS, type Colour } from '../../../shared/domain/colour.ts';
import type { Figures } from '../../../shared/domain/figures.ts';
import type { LedgerEvent } from '../../../shared/domain/ledger-event.ts';
import type { Recount } from './recount.ts';
import type { CountedCase } from './recount-hazards.ts';
import { type DrawFindings, ofDrawRuns, ofDraws } from './verdict-draws.ts';
import { ofReminders, type ReminderFindings } from './verdict-reminders.ts';

export interface Findings {
  /** From `GET /v1/figures`. */
  readonly figures: Readonly<Record<Colour, Figures>>;
  readonly total: Figures;
  /** From the ledger. */
  readonly recounted: Readonly<Record<Colour, Recount>>;
  /** From `GET /v1/hazards`. */
  readonly cases: readonly { readonly id: string; readonly stage: string }[];
  readonly recountedCases: readonly CountedCase[];
  /** The cases of the executions that run: one that has two stands here twice. */
  readonly running: readonly string[];
  readonly inspections: DrawFindings;
  readonly reminders: ReminderFindings;
  /** Enterprises in the list, and in the coverage. */
  readonly enterprises: { readonly listed: number; readonly covered: number };
  /** Subjects whose sequences have a gap in the ledger. */
  readonly gaps: readonly string[];
  /** What went wrong while the month was played. */
  readonly faults: readonly string[];
}

const PARTS = ['onTime', 'madeUpLate', 'missed', 'suspended'] as const;
const COUNTS = ['due', ...PARTS] as const;

/** Subjects of which an event is missing: their sequences are 1, 2, 3 … */
export function gapsOf(events: readonly Pick<LedgerEvent, 'subject' | 'sequence'>[]): string[] {
  const seen = new Map<string, { last: number; count: number }>();
  for (const { subject, sequence } of events) {
    const known = seen.get(subject) ?? { last: 0, count: 0 };
    seen.set(subject, { last: Math.max(known.last, sequence), count: known.count + 1 });
  }
  return [...seen].filter(([, { last, count }]) => last !== count).map(([subject]) => subject);
}

function ofFigures({ figures, total, recounted }: Findings): string[] {
  const differences = COLOURS.flatMap((colour) => {
    const [said, counted] = [figures[colour], recounted[colour]];
    const parts = PARTS.reduce((sum, part) => sum + said[part], 0);
    return [
      ...(said.due === 0 ? [`${colour}: nothing was due, so nothing was shown`] : []),
      ...(said.due === parts ? [] : [`${colour}: ${said.due} checks were due, but their outcomes add up to ${parts}`]),
      ...(said.running === 0 ? [] : [`${colour}: ${said.running} checks of the month are still running after its end`]),
      ...COUNTS.filter((count) => said[count] !== counted[count]).map(
        (count) => `${colour}: the figures say ${said[count]} ${count}, the ledger ${counted[count]}`,
      ),
    ];
  });
  const wrong = COUNTS.filter((count) => total[count] !== COLOURS.reduce((sum, colour) => sum + figures[colour][count], 0));
  return [...differences, ...wrong.map((count) => `the total says ${total[count]} ${count}, and the colours add up to another`)];
}

function ofCases({ cases, recountedCases }: Findings): string[] {
  const said = new Map(cases.map(({ id, stage }) => [id, stage]));
  const counted = new Map(recountedCases.map(({ id, stage }) => [id, stage]));
  const ids = [...new Set([...said.keys(), ...counted.keys()])];
  const differences = ids.filter((id) => said.get(id) !== counted.get(id));
  const absent = 'nothing of it';
  return differences.map((id) => `case ${id}: the API says ${said.get(id) ?? absent}, the ledger ${counted.get(id) ?? absent}`);
}

function ofExecutions({ recountedCases, running }: Findings): string[] {
  const differences: string[] = [];
  const times = new Map<string, number>();
  for (const id of running) times.set(id, (times.get(id) ?? 0) + 1);
  for (const { id, stage, isOpen } of recountedCases) {
    const runs = times.get(id) ?? 0;
    times.delete(id);
    if (isOpen && runs !== 1) differences.push(`case ${id} is ${stage}, and ${runs} executions drive it instead of one`);
    if (!isOpen && runs !== 0) differences.push(`case ${id} is ${stage}, and ${runs} executions still run for it`);
  }
  return [...differences, ...[...times.keys()].map((id) => `an execution runs for ${id}, of which the ledger knows nothing`)];
}

/** Everything that does not add up, each in a sentence; nothing where all does. */
export const verdictOn = (findings: Findings): string[] => [
  ...findings.faults,
  ...findings.gaps.map((subject) => `the ledger has a gap in ${subject}`),
  ...ofFigures(findings),
  ...ofCases(findings),
  ...ofExecutions(findings),
  ...ofDraws(findings.inspections),
  ...ofReminders(findings.reminders),
  ...(findings.enterprises.covered === findings.enterprises.listed
    ? []
    : [`the coverage counts ${findings.enterprises.covered} enterprises, and the list has ${findings.enterprises.listed}`]),
];

/** Whether only the executions are behind: they follow the ledger in their own time. */
export const onlyExecutionsDiffer = (findings: Findings): boolean => {
  const lagging = ofExecutions(findings).length + ofDrawRuns(findings.inspections).length;
  return lagging > 0 && verdictOn(findings).length === lagging;
};
