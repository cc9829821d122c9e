/** Where every case stands, counted from the ledger alone: which event was the last that moves a case. Shares no rule with the domain. */
import type { LedgerEvent } from '../../../shared/domain/ledger-event.ts';

export interface CountedCase {
  readonly id: string;
  readonly stage: string;
  readonly isOpen: boolean;
  /** How often it was opened. */
  readonly openings: number;
  readonly isMajor: boolean;
  /** Of how many missed deadlines and of how many steps of the ladder the ledger tells. */
  readonly missed: number;
  readonly escalations: number;
}

/** Events that move a case, and where to. A grading as general and an acceptance that closes the case move it by what follows. */
const MOVES: Readonly<Record<string, string>> = {
  HazardReported: 'registered',
  HazardFixedOnTheSpot: 'awaiting-acceptance',
  RectificationAssigned: 'rectifying',
  RectificationSubmitted: 'awaiting-acceptance',
  RectificationAccepted: 'awaiting-resumption',
  RectificationReturned: 'rectifying',
  HazardUpgraded: 'awaiting-plan',
  PlanFiled: 'awaiting-plan-review',
  PlanApproved: 'rectifying',
  PlanReturned: 'awaiting-plan',
  HazardClosed: 'closed',
  HazardWithdrawn: 'withdrawn',
};

/** `events` in the order of their time. */
export function recountHazards(events: readonly LedgerEvent[]): CountedCase[] {
  const cases = new Map<string, { -readonly [Key in keyof CountedCase]: CountedCase[Key] }>();
  for (const { type, subject, data } of events) {
    if (!subject.startsWith('HAZ#')) continue;
    const id = subject.slice('HAZ#'.length);
    const known = cases.get(id) ?? {
      ...{ id, stage: '', isOpen: true, openings: 0, isMajor: false, missed: 0, escalations: 0 },
    };
    cases.set(id, known);
    if (type === 'HazardUpgraded' || (type === 'HazardGraded' && (data as { level: string }).level === 'major')) {
      known.isMajor = true;
      known.stage = 'awaiting-plan';
    }
    if (type === 'HazardReopened') known.stage = known.isMajor ? 'awaiting-plan' : 'rectifying';
    if (type === 'HazardReported' || type === 'HazardReopened') known.openings += 1;
    if (type === 'DeadlineMissed') known.missed += 1;
    if (type === 'HazardEscalated') known.escalations += 1;
    known.stage = MOVES[type] ?? known.stage;
    known.isOpen = known.stage !== 'closed' && known.stage !== 'withdrawn';
  }
  return [...cases.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
