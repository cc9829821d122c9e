/** Where every draw and every task stands, counted from the ledger alone: which event was the last that moves it. Shares no rule with the domain. */
import type { LedgerEvent } from '../../../shared/domain/ledger-event.ts';

export interface CountedDraw {
  /** `533102.YJJ:000017` */
  readonly id: string;
  readonly kind: string;
  readonly period: string;
  readonly stage: string;
  readonly isRevealed: boolean;
  readonly madeUp: boolean;
  /** Objects that were drawn, in all iterations, and the times that objects were replaced. */
  readonly drawn: number;
  readonly replaced: number;
  /** Hashes of its files, as its announcement and its reveal have them. */
  readonly files: Readonly<Record<string, string>>;
}

export interface CountedTask {
  /** `YJJ.000017.1.0003`: without the colour, which the ledger's subject does not tell. */
  readonly id: string;
  readonly draw: string;
  readonly stage: string;
  readonly outcome: string | undefined;
  readonly hazards: number;
  readonly problems: number;
  readonly missed: number;
  readonly escalations: number;
}

export interface CountedInspections {
  readonly draws: readonly CountedDraw[];
  readonly tasks: readonly CountedTask[];
  readonly refused: number;
}

const DRAW_MOVES: Readonly<Record<string, string>> = {
  DrawAnnounced: 'announced',
  DrawDrawn: 'drawn',
  DrawAssigned: 'assigned',
  DrawInspected: 'inspected',
  DrawRevealed: 'revealed',
  DrawVoided: 'void',
};
const TASK_MOVES: Readonly<Record<string, string>> = {
  TaskAssigned: 'assigned',
  TaskAssignedByHand: 'assigned',
  InspectionReported: 'reported',
  InspectionConfirmed: 'confirmed',
  ResultPublished: 'published',
  TaskReplaced: 'replaced',
  TaskVoided: 'void',
};

type Open<T> = { -readonly [Key in keyof T]: T[Key] };
type Said = Readonly<Record<string, unknown>>;

const listed = (said: Said, name: string): number => (Array.isArray(said[name]) ? said[name].length : 0);

function countDraw(known: Open<CountedDraw>, type: string, said: Said): void {
  if (type === 'DrawAnnounced') {
    known.kind = String(said.kind);
    known.period = String(said.period);
    known.madeUp = said.because !== undefined;
    known.files = { 'announcement.json': String(said.announcement) };
  }
  if (type === 'DrawDrawn') known.drawn += Number(said.selected);
  if (type === 'ObjectsReplaced') known.replaced += 1;
  if (type === 'DrawRevealed') {
    known.isRevealed = true;
    known.files = said.files as Record<string, string>;
  }
  const isVoid = known.stage === 'void';
  known.stage = isVoid ? known.stage : (DRAW_MOVES[type] ?? known.stage);
}

function countTask(known: Open<CountedTask>, type: string, said: Said): void {
  if (type === 'InspectionReported') {
    known.outcome = String(said.outcome);
    known.hazards = listed(said, 'hazards');
    known.problems = listed(said, 'problems');
  }
  if (type === 'TaskOverdue') known.missed += 1;
  if (type === 'TaskEscalated') known.escalations += 1;
  known.stage = TASK_MOVES[type] ?? known.stage;
}

/** `events` in the order of their time. */
export function recountInspections(events: readonly LedgerEvent[]): CountedInspections {
  const draws = new Map<string, Open<CountedDraw>>();
  const tasks = new Map<string, Open<CountedTask>>();
  for (const { type, subject, county, data } of events) {
    const [what, authority = '', number = '', iteration = '', place = ''] = subject.split('#');
    const said = data as Said;
    const draw = `${county}.${authority}:${number}`;
    if (what === 'DRAW') {
      const known = draws.get(subject) ?? {
        ...{ id: draw, kind: '', period: '', stage: '', isRevealed: false, madeUp: false, drawn: 0, replaced: 0, files: {} },
      };
      draws.set(subject, known);
      countDraw(known, type, said);
    }
    if (what === 'TASK') {
      const id = [authority, number, iteration, place].join('.');
      const known = tasks.get(id) ?? {
        ...{ id, draw, stage: '', outcome: undefined, hazards: 0, problems: 0, missed: 0, escalations: 0 },
      };
      tasks.set(id, known);
      countTask(known, type, said);
    }
  }
  const refused = events.filter(({ type }) => type === 'DrawRefused').length;
  return { draws: [...draws.values()], tasks: [...tasks.values()], refused };
}
