/**
 * The state of a county from the events of its ledger alone: what a snapshot holds, and what a restore begins with. Each subject's events
 * come in their order, and different subjects in any. A day's snapshot is the one of the day before with the events of the day.
 *
 * A snapshot is changed in place: a county has tens of thousands of risks, and it would be copied for each event.
 */
import type { Audit } from './audit.ts';
import { dayOf, type Instant } from './calendar.ts';
import { type Draw, type Series, seriesSubject } from './draw.ts';
import { announcedDraw, evolveDraw } from './draw-evolve.ts';
import { evolveSeries, newSeries, withAnnounced } from './draw-series.ts';
import type { DutyPage } from './duty-page.ts';
import type { ReceivedRow } from './exchange.ts';
import { type DepartmentGrid, evolveDepartmentGrid, evolveTownshipGrid, type TownshipGrid } from './grid.ts';
import { evolveTarget, type GridTargetState, newTargetState } from './grid-target.ts';
import type { Hazard } from './hazard.ts';
import { evolveHazard, HistoryBroken } from './hazard-evolve.ts';
import { type CountyCode, department, personId, subscriptionId } from './ids.ts';
import type { ItemList } from './inspection-item.ts';
import type { InspectionPlan } from './inspection-plan.ts';
import type { Inspector } from './inspector.ts';
import { inspectorAfter } from './inspector-decide.ts';
import { evolveKeyUnits, type KeyUnits, noKeyUnits } from './key-unit.ts';
import type { RecordedEvent } from './ledger-fact.ts';
import { emptyOutbox, type Outbox, outboxAfter } from './outbox.ts';
import { applyToPages, checksOf, listChangeOf, type PageChange, type RebuildRules } from './rebuild-duties.ts';
import { type AwaitingSignature, type ExchangeTimes, noteExchange } from './rebuild-exchange.ts';
import {
  type RebuiltExport,
  type RebuiltKeys,
  type RebuiltRemoval,
  rebuiltAudit,
  rebuiltExport,
  rebuiltKeys,
  rebuiltRemoval,
} from './rebuild-exports.ts';
import { type FormCase, formCaseAfter } from './rebuild-form.ts';
import {
  checkedAt,
  type OwnChecks,
  type RebuiltList,
  type RebuiltOwner,
  type RebuiltSeal,
  rebuiltList,
  rebuiltOwner,
  rebuiltSeal,
} from './rebuild-register.ts';
import { type RebuiltTask, rebuiltTask } from './rebuild-tasks.ts';
import { evolveRisk, type RiskPoint } from './register-risk.ts';
import type { Subscription } from './subscription.ts';
import { subscriptionAfter } from './subscription-decide.ts';

/** What was kept with when it was. */
interface KeptAt<State> {
  readonly kept: State;
  readonly keptAt: Instant;
}

/** What a snapshot holds, by its parts; each is a file of its own. */
export interface States {
  readonly owners: RebuiltOwner;
  readonly risks: RiskPoint;
  readonly duties: DutyPage;
  /** What events did to duty pages whose turn has not come: events before them are not in the log yet. */
  readonly waiting: PageChange;
  readonly seals: RebuiltSeal;
  readonly checks: OwnChecks;
  readonly lists: RebuiltList;
  readonly hazards: Hazard;
  readonly inspectors: Inspector;
  readonly items: KeptAt<ItemList>;
  readonly plans: KeptAt<InspectionPlan>;
  readonly 'key-units': KeyUnits;
  readonly townships: TownshipGrid;
  readonly departments: DepartmentGrid;
  readonly 'grid-targets': GridTargetState;
  readonly series: Series;
  readonly draws: Draw;
  readonly tasks: RebuiltTask;
  readonly subscriptions: Subscription;
  readonly outboxes: Outbox;
  readonly keys: RebuiltKeys;
  readonly exports: RebuiltExport;
  readonly audits: Audit;
  readonly removals: RebuiltRemoval;
  readonly exchange: ReceivedRow;
  /** Of records of ours that are, or were, in the exchange tables. */
  readonly 'exchange-times': ExchangeTimes;
  readonly 'exchange-awaiting': AwaitingSignature;
  readonly form: FormCase;
  /** Events of a bundle that happened after its last day, by their places in the log: the next one begins with them. */
  readonly carried: RecordedEvent;
}

export type Part = keyof States;

/** In the order in which they are written. */
export const PARTS = [
  'owners',
  'risks',
  'duties',
  'waiting',
  'seals',
  'checks',
  'lists',
  'hazards',
  'inspectors',
  'items',
  'plans',
  'key-units',
  'townships',
  'departments',
  'grid-targets',
  'series',
  'draws',
  'tasks',
  'subscriptions',
  'outboxes',
  'keys',
  'exports',
  'audits',
  'removals',
  'exchange',
  'exchange-times',
  'exchange-awaiting',
  'form',
  'carried',
] as const satisfies readonly Part[];

/** Parts of which what has ended leaves a snapshot in time (`rebuild-lines.ts`). */
export const LEAVING = [
  'risks',
  'hazards',
  'tasks',
  'draws',
  'lists',
  'seals',
  'exports',
  'audits',
] as const satisfies readonly Part[];

/** `version`: the sequence of the subject's last event; of a duty page its own, of what has no subject of its own 0. */
export interface Rebuilt<State> {
  readonly version: number;
  readonly state: State;
}

export interface Snapshot {
  readonly county: CountyCode;
  readonly parts: { readonly [P in Part]: Map<string, Rebuilt<States[P]>> };
}

export const emptySnapshot = (county: CountyCode): Snapshot => ({
  county,
  parts: {
    ...{ owners: new Map(), risks: new Map(), duties: new Map(), waiting: new Map(), seals: new Map(), checks: new Map() },
    ...{ lists: new Map(), hazards: new Map(), inspectors: new Map(), items: new Map(), plans: new Map() },
    ...{ 'key-units': new Map(), townships: new Map(), departments: new Map(), 'grid-targets': new Map() },
    ...{ series: new Map(), draws: new Map(), tasks: new Map(), subscriptions: new Map(), outboxes: new Map() },
    ...{ keys: new Map(), exports: new Map(), audits: new Map(), removals: new Map() },
    ...{ exchange: new Map(), 'exchange-times': new Map(), 'exchange-awaiting': new Map() },
    ...{ form: new Map(), carried: new Map() },
  },
});

/** Applies one event. Throws `HistoryBroken` where it cannot follow what came before it. Answers the same snapshot, changed. */
export function foldEvent(snapshot: Snapshot, event: RecordedEvent, rules: RebuildRules): Snapshot {
  return noteExchange(fold(snapshot, event, rules), event);
}

function fold(snapshot: Snapshot, event: RecordedEvent, rules: RebuildRules): Snapshot {
  const { parts } = snapshot;
  const { at, actor, subject, sequence } = event;
  const name = subject.slice(subject.indexOf('#') + 1);
  /** The state of the event's subject, after it. */
  const keep = <State>(records: Map<string, Rebuilt<State>>, next: (before: State | undefined) => State): Snapshot => {
    const before = records.get(subject);
    // It has left: what is told of it after so long stands in the events alone, and must not hold up all that is behind it.
    if (before === undefined && sequence > 1 && LEAVING.some((part) => Object.is(parts[part], records))) return snapshot;
    if ((before?.version ?? 0) + 1 !== sequence) throw new HistoryBroken(`${event.id} cannot follow ${before?.version ?? 0}`);
    records.set(subject, { version: sequence, state: next(before?.state) });
    return snapshot;
  };
  const onPages = (change: PageChange | undefined): Snapshot => {
    if (change !== undefined) applyToPages(parts.duties, parts.waiting, event.id, change, rules);
    return snapshot;
  };
  switch (event.type) {
    case 'EnterpriseRegistered':
    case 'EnterpriseChanged':
    case 'RiskListChanged':
    case 'RiskListSigned':
    case 'OverallGradeFollowed':
    case 'OverallGradeAdjusted':
    case 'SuspensionApproved':
    case 'SuspensionLifted': {
      const stops = parts.owners.get(subject)?.state.stops ?? [];
      keep(parts.owners, (before) => rebuiltOwner(before, subject, event));
      return onPages(listChangeOf(event, stops));
    }
    case 'RiskAdded':
    case 'RiskChanged':
    case 'RiskRegraded':
    case 'RiskRetired':
      return keep(parts.risks, (before) => evolveRisk(before, event));
    case 'RoundSubmitted': {
      if (actor.owner !== undefined) {
        const before = parts.checks.get(actor.owner);
        const state = checkedAt(before?.state, dayOf(at).slice(0, 4), at);
        parts.checks.set(actor.owner, { version: 0, state });
      }
      return onPages(event.data.pages.length > 0 ? checksOf(event.data, at) : undefined);
    }
    case 'PeriodSealed': {
      const { pages, cadence, through } = event.data;
      keep(parts.seals, (before) => rebuiltSeal(before, event));
      return onPages({ did: 'seal', pages, cadence, through });
    }
    case 'SealAmended':
      return keep(parts.seals, (before) => rebuiltSeal(before, event));
    case 'HazardListSubmitted':
      return keep(parts.lists, (before) => rebuiltList(before, event));
    case 'InspectorRegistered':
    case 'InspectorChanged':
    case 'AbsencesDeclared':
    case 'InterestDeclared':
    case 'InterestLifted':
    case 'InspectorRetired':
      return keep(parts.inspectors, (before) => inspectorAfter(personId(name), before, [event], event));
    case 'ItemListKept':
      return keep(parts.items, () => ({ kept: event.data, keptAt: at }));
    case 'InspectionPlanned':
      return keep(parts.plans, () => ({ kept: event.data, keptAt: at }));
    case 'KeyUnitDesignated':
    case 'DesignationEnded':
      return keep(parts['key-units'], (before = noKeyUnits(event.data.level)) => evolveKeyUnits(before, event, at, actor.id));
    case 'GridCellSet': {
      const { township } = event.data;
      return keep(parts.townships, (before = { township, cells: [] }) => evolveTownshipGrid(before, event));
    }
    case 'GridLineSet': {
      const { department } = event.data;
      return keep(parts.departments, (before = { department, lines: [] }) => evolveDepartmentGrid(before, event));
    }
    case 'GridAssigned':
    case 'GridGapFound':
    case 'GridGapEscalated':
    case 'GridGapClosed':
      return keep(parts['grid-targets'], (before = newTargetState(event.data.target)) => evolveTarget(before, event, at));
    case 'DrawRefused':
    case 'DrawAsked':
    case 'DrawMissed':
    case 'NothingToDraw':
      return keep(parts.series, (before = newSeries(department(name))) => evolveSeries(before, event, at));
    case 'DrawAnnounced': {
      const { authority } = event.data;
      const of = seriesSubject(authority);
      const { version, state } = parts.series.get(of) ?? { version: 0, state: newSeries(authority) };
      parts.series.set(of, { version, state: withAnnounced(state, event.data) });
      return keep(parts.draws, () => announcedDraw(event.data));
    }
    case 'RandomnessEntered':
    case 'RandomnessSettled':
    case 'RandomnessMissing':
    case 'ObjectsReplaced':
    case 'DrawDrawn':
    case 'DrawAssigned':
    case 'DrawInspected':
    case 'DrawNotRevealed':
    case 'DrawVoided':
    case 'FilesLost':
    case 'DrawRevealed':
      return keep(parts.draws, (before) => {
        if (before === undefined) throw new HistoryBroken(`${event.type} of ${subject}, which was not announced`);
        return evolveDraw(before, event);
      });
    case 'TaskAssigned':
    case 'TaskAssignedByHand':
    case 'InspectionReported':
    case 'InspectionConfirmed':
    case 'InspectionReturned':
    case 'ConfirmerNamed':
    case 'FollowUpRecorded':
    case 'TaskReplaced':
    case 'TaskVoided':
    case 'TaskOverdue':
    case 'TaskEscalated':
    case 'ResultPublished':
      return keep(parts.tasks, (before) => rebuiltTask(before, event));
    case 'SubscriptionMade':
    case 'SubscriptionChanged':
    case 'AddressReplaced':
    case 'SecretRotated':
    case 'SubscriptionDisabled':
    case 'SubscriptionEnabled':
    case 'SubscriptionEnded':
      return keep(parts.subscriptions, (before) => subscriptionAfter(before, [event], event));
    case 'MessageDelivered':
    case 'MessageOffered':
    case 'MessageDead':
    case 'RemindersDropped':
    case 'ReceiverFailing':
    case 'FeedRead':
    case 'TestAsked':
    case 'ReplayAsked':
    case 'RedriveAsked':
      return keep(parts.outboxes, (before = emptyOutbox(subscriptionId(name))) => outboxAfter(before, [event], at));
    case 'SealingKeyAdopted':
    case 'SealingKeyRetired':
      return keep(parts.keys, (before) => rebuiltKeys(before, event));
    case 'ExportBegun':
    case 'ExportClosed':
    case 'ExportRead':
    case 'SaltsRead':
      return keep(parts.exports, (before) => rebuiltExport(before, event));
    case 'AuditOpened':
    case 'AuditEnded':
      return keep(parts.audits, (before) => rebuiltAudit(before, event));
    case 'ExportSeen':
    case 'ReadRefused':
      return snapshot; // nothing follows from it
    case 'PersonalDataRemoved':
      return keep(parts.removals, (before) => rebuiltRemoval(before, event));
    case 'ExchangeRowReceived':
      return keep(parts.exchange, () => ({ ...event.data, receivedAt: at }));
    default: {
      // All others are a case's; the compiler knows which.
      const counted = formCaseAfter(parts.form.get(subject)?.state, event);
      if (counted !== undefined) parts.form.set(subject, { version: 0, state: counted });
      return keep(parts.hazards, (before) => evolveHazard(before, event));
    }
  }
}

/** The name of a place in the log: in the order of the places. */
const placeNamed = (index: number): string => String(index).padStart(16, '0');

/** Whether an event of a bundle is left to the next one. */
export const isCarried = ({ parts }: Snapshot, index: number): boolean => parts.carried.has(placeNamed(index));

/**
 * Goes on with a snapshot to an instant: what was carried over comes first, all of it, then what is told one by one in the order of the log. What
 * happened at the instant or after it is carried over, and with it all that follows it of its subject; what comes late is applied when it comes.
 */
export function foldUntil(
  snapshot: Snapshot,
  until: Instant,
  rules: RebuildRules,
): (index: number, event: RecordedEvent) => void {
  const { carried } = snapshot.parts;
  const held = new Set<string>();
  const take = (place: string, event: RecordedEvent): void => {
    if (event.at < until && !held.has(event.subject)) return void foldEvent(snapshot, event, rules);
    held.add(event.subject);
    carried.set(place, { version: 0, state: event });
  };
  const before = [...carried];
  carried.clear();
  // Carried once: what a wrong clock has dated far ahead would hold back all that follows it of its subject until then.
  for (const [, { state }] of before) foldEvent(snapshot, state, rules);
  return (index, event) => take(placeNamed(index), event);
}
