/**
 * When what the exchange tables say of a record of ours came, last changed and ended, from the ledger alone: tables are kept in step by the time
 * of the last change, and what has ended is told as deleted for ever. The rows themselves follow from the records.
 */
import { type Instant, later, plusMs } from './calendar.ts';
import { hazardSubject } from './hazard.ts';
import { type PersonId, type RiskNo, riskNo } from './ids.ts';
import type { RecordedEvent } from './ledger-fact.ts';
import { enterpriseOf, type Owner } from './owner.ts';
import type { Snapshot } from './rebuild.ts';
import { ownerSubject } from './register-owner.ts';
import { countingColour, type RiskPoint, riskSubject } from './register-risk.ts';

/** A risk as it stood when a case was found there: what becomes of it later changes nothing of the case. */
export interface FoundAt {
  /** Of the installation that it was. */
  readonly registration?: string;
}

/** `undefined` where there is no risk with measures on which a case could hang. */
export function foundAt(risk: RiskPoint | undefined): FoundAt | undefined {
  if (risk === undefined || risk.content.controls.length === 0) return undefined;
  const { registration } = risk.content.majorInstallation ?? {};
  return registration === undefined ? {} : { registration };
}

export interface ExchangeTimes {
  readonly createdAt: Instant;
  readonly createdBy: PersonId;
  readonly changedAt: Instant;
  readonly changedBy: PersonId;
  /** Of a risk: when it first had so many measures, place by place. Those beyond what it has now were taken away. */
  readonly measures: readonly Instant[];
  /** Of a risk that is, or was, a registered installation. */
  readonly object?: Instant;
  /** Of a case: the last deadline of its cure. That it was cured does not take it away. */
  readonly rectifyBy?: Instant;
  /** Of a case that a round found: the place of the first measure that was answered as not in order, where it is not the first of all. */
  readonly measure?: number;
  /** Of a case that was found at a risk. */
  readonly found?: FoundAt;
  readonly isGone?: true;
}

/** What of a record is in the tables; `undefined` where nothing of it is. */
interface InTables {
  readonly measures: number;
  readonly isObject: boolean;
  readonly rectifyBy?: Instant | undefined;
  readonly found?: FoundAt | undefined;
}

/** Times of tables have no milliseconds: two changes within a second would be one to whoever receives them. */
const SECOND = 1_000;

function timesAfter(
  before: ExchangeTimes | undefined,
  now: InTables | undefined,
  { at, actor: { id } }: Pick<RecordedEvent, 'at' | 'actor'>,
): ExchangeTimes | undefined {
  const changedAt = before === undefined ? at : later(at, plusMs(before.changedAt, SECOND));
  if (now === undefined) {
    return before === undefined || before.isGone ? before : { ...before, changedAt, changedBy: id, isGone: true };
  }
  const { isGone: _, ...kept } = before ?? { createdAt: at, createdBy: id, measures: [] };
  const measures = Array.from(
    { length: Math.max(kept.measures.length, now.measures) },
    (__, place) => kept.measures[place] ?? changedAt,
  );
  const { isObject, rectifyBy } = now;
  const found = before?.found ?? now.found;
  return {
    ...{ ...kept, changedAt, changedBy: id, measures },
    ...(isObject && { object: before?.object ?? changedAt }),
    ...(rectifyBy && { rectifyBy }),
    ...(found && { found }),
  };
}

const WHOLE: InTables = { measures: 0, isObject: true };
const CASE: InTables = { measures: 0, isObject: false };

/** A risk of an enterprise is in the tables while it counts, that is once its list is signed. */
export function exchangedRisk({ parts }: Snapshot, risk: RiskPoint | undefined): InTables | undefined {
  if (risk === undefined || risk.township !== undefined || enterpriseOf(risk.owner) === undefined) return undefined;
  const owner = parts.owners.get(ownerSubject(risk.owner))?.state.record;
  if (owner === undefined || countingColour(risk, owner.list) === undefined) return undefined;
  const { controls, majorInstallation } = risk.content;
  return { measures: controls.length, isObject: majorInstallation?.registration !== undefined };
}

/** The numbers that were added to a list and wait for its signature, by owner. */
export interface AwaitingSignature {
  readonly risks: readonly string[];
}

/** Notes what an event, which was just applied, did to the tables. Answers the same snapshot, changed. */
export function noteExchange(snapshot: Snapshot, event: RecordedEvent): Snapshot {
  const { parts } = snapshot;
  const { subject } = event;
  const touch = (of: string, now: InTables | undefined): Snapshot => {
    const before = parts['exchange-times'].get(of)?.state;
    const state = timesAfter(before, now, event);
    if (state !== undefined && state !== before) parts['exchange-times'].set(of, { version: 0, state });
    return snapshot;
  };
  const touchRisk = (of: string): Snapshot => touch(of, exchangedRisk(snapshot, parts.risks.get(of)?.state));
  const foundIn = (owner: Owner, no: RiskNo | undefined): FoundAt | undefined =>
    no && foundAt(parts.risks.get(riskSubject({ owner, no }))?.state);
  switch (event.type) {
    case 'EnterpriseRegistered':
    case 'EnterpriseChanged':
      return touch(subject, WHOLE);
    case 'RiskListChanged': {
      const owner = parts.owners.get(subject)?.state.record.owner;
      if (owner === undefined || enterpriseOf(owner) === undefined) return snapshot;
      const added = event.data.changes.flatMap(({ no, township, change }) =>
        change === 'added' ? [riskSubject({ owner, no, township })] : [],
      );
      if (added.length === 0) return snapshot;
      const risks = [...(parts['exchange-awaiting'].get(subject)?.state.risks ?? []), ...added];
      parts['exchange-awaiting'].set(subject, { version: 0, state: { risks } });
      return snapshot;
    }
    case 'RiskListSigned': {
      const risks = parts['exchange-awaiting'].get(subject)?.state.risks ?? [];
      parts['exchange-awaiting'].delete(subject);
      for (const risk of risks) touchRisk(risk);
      return snapshot;
    }
    case 'RiskAdded':
    case 'RiskChanged':
    case 'RiskRegraded':
    case 'RiskRetired':
      return touchRisk(subject);
    case 'RoundSubmitted': {
      const { owner } = event.actor;
      if (owner === undefined || enterpriseOf(owner) === undefined) return snapshot;
      const { answers = {}, hazards = {} } = event.data;
      // A case comes with its round, before it or after it.
      for (const [no, ids] of Object.entries(hazards)) {
        const measure = answers[no]?.indexOf('n') ?? 0;
        for (const of of measure > 0 ? ids.map(hazardSubject) : []) {
          const times =
            parts['exchange-times'].get(of)?.state ??
            timesAfter(undefined, { ...CASE, found: foundIn(owner, riskNo(no)) }, event);
          if (times !== undefined) parts['exchange-times'].set(of, { version: 0, state: { ...times, measure } });
        }
      }
      return snapshot;
    }
    default: {
      if (!subject.startsWith('HAZ#') || (event.type === 'HazardReported' && parts['exchange-times'].has(subject)))
        return snapshot;
      const hazard = parts.hazards.get(subject)?.state;
      const isIn = hazard !== undefined && enterpriseOf(hazard.owner) !== undefined && hazard.stage !== 'withdrawn';
      const rectifyBy = hazard?.obligations.find(({ kind }) => kind === 'rectify')?.due;
      return touch(subject, isIn ? { ...CASE, rectifyBy, found: foundIn(hazard.owner, hazard.finding.risk) } : undefined);
    }
  }
}

/** Whether nothing follows any more of what ended before an instant. */
export const isLongGone = ({ isGone, changedAt }: ExchangeTimes, before: Instant): boolean =>
  isGone === true && changedAt < before;
