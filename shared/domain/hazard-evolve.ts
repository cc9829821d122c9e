import type { CaseFile, Cure, Hazard, HazardEvent, Missed } from './hazard.ts';
import { bounded } from './hazard-bounds.ts';
import type { Obligation, ObligationKind } from './hazard-deadlines.ts';
import type { PersonId } from './ids.ts';

/** The record says something that cannot follow what it said before. */
export class HistoryBroken extends Error {
  override readonly name = 'HistoryBroken';
}

/** What a fact settles: these are no longer owed. The deadlines that a fact begins stand in its data. */
const SETTLES: Partial<Readonly<Record<HazardEvent['type'], readonly ObligationKind[]>>> = {
  HazardFixedOnTheSpot: ['verify'],
  RectificationAssigned: ['verify'],
  RectificationSubmitted: ['rectify', 'extension'],
  RectificationAccepted: ['accept'],
  RectificationReturned: ['accept'],
  HazardUpgraded: ['verify', 'rectify', 'accept', 'extension'],
  HazardReportedToDepartment: ['report'],
  PlanFiled: ['plan'],
  PlanApproved: ['plan-review'],
  PlanReturned: ['plan-review'],
  EvacuationHelpAnswered: ['evacuation'],
  ProgressReported: ['progress'],
  HazardDelisted: ['progress'],
  ResumptionConsented: ['resume'],
  ResumptionRefused: ['resume'],
  ExtensionGranted: ['extension'],
  ExtensionRefused: ['extension'],
  ExtensionLapsed: ['extension'],
  WithdrawalRefused: ['withdrawal'],
};

/** The fields that belong to the case and not to its stage. */
function fileOf(hazard: Hazard): CaseFile {
  const { id, county, colour, owner, township, supervisor, generation, finding, reportedBy, reportedAt } = hazard;
  const { obligations, missed, again, attempts, fixers, orders, extensions, evacuations, listing, withdrawal, closings } = hazard;
  return {
    ...{ id, county, colour, owner, generation, finding, reportedBy, reportedAt },
    ...{ obligations, missed, attempts, fixers, orders, extensions, evacuations, closings },
    ...(township !== undefined && { township }),
    ...(supervisor !== undefined && { supervisor }),
    ...(again !== undefined && { again }),
    ...(listing && { listing }),
    ...(withdrawal && { withdrawal }),
  };
}

/** A case as its report begins it. */
export function reportedCase({ data, at, actor }: Extract<HazardEvent, { type: 'HazardReported' }>): Hazard {
  const { begins, ...report } = data;
  return {
    ...report,
    ...{ stage: 'registered', generation: 1, reportedBy: actor, reportedAt: at, obligations: begins, missed: [] },
    ...{ attempts: [], fixers: [], orders: [], extensions: [], evacuations: [], closings: [] },
  };
}

/** Applies a recorded fact. It judges nothing: a fact that cannot follow means that the record contradicts itself. */
export function evolveHazard(hazard: Hazard | undefined, event: HazardEvent): Hazard {
  if (event.type === 'HazardReported') {
    if (hazard !== undefined) throw new HistoryBroken(`${event.type} cannot follow ${hazard.stage}`);
    return reportedCase(event);
  }
  if (hazard === undefined) throw new HistoryBroken(`${event.type} before the report`);
  return bounded(settled(applied(hazard, event), event));
}

/**
 * Takes off what the fact settles and puts on what it begins; a missed deadline that is settled keeps its mark. One that is put on
 * again as it was, because what was handed in came back, has not been met.
 */
function settled(hazard: Hazard, { at, ...fact }: HazardEvent): Hazard {
  const { type, data } = fact;
  const begins = 'begins' in data ? (data.begins ?? []) : [];
  const ends = type === 'HazardClosed' || type === 'HazardWithdrawn';
  const done: readonly ObligationKind[] = [
    ...(SETTLES[type] ?? []),
    ...(type === 'HazardGraded' && data.level === 'major' ? (['verify'] as const) : []),
    ...begins.map(({ kind }) => kind),
  ];
  const isDone = ({ kind }: Obligation) => ends || done.includes(kind);
  if (!hazard.obligations.some(isDone) && begins.length === 0) return hazard;
  const met = hazard.obligations.filter(isDone);
  return {
    ...hazard,
    obligations: [...hazard.obligations.filter((obligation) => !isDone(obligation)), ...begins],
    missed: hazard.missed.map((miss): Missed => {
      const isSame = ({ kind, due }: Obligation) => kind === miss.kind && due === miss.due;
      if (begins.some((begun) => begun.missed && isSame(begun))) return { kind: miss.kind, due: miss.due, why: miss.why };
      const late = miss.met === undefined ? met.find(isSame) : undefined;
      return late ? { ...miss, met: at, steps: late.missed?.steps ?? 0 } : miss;
    }),
  };
}

function applied(hazard: Hazard, event: Exclude<HazardEvent, { type: 'HazardReported' }>): Hazard {
  const { at, actor } = event;
  const by = actor.id;
  const file = fileOf(hazard);
  const broken = () => new HistoryBroken(`${event.type} cannot follow ${hazard.stage}`);
  switch (event.type) {
    case 'HazardGraded':
      if (hazard.stage !== 'registered') throw broken();
      return event.data.level === 'general'
        ? { ...hazard, grade: { level: 'general', by, at } }
        : { ...file, stage: 'awaiting-plan', grade: majorGrade(event.data, event) };
    case 'HazardFixedOnTheSpot': {
      if (hazard.stage !== 'registered') throw broken();
      const { account, before, after } = event.data;
      return {
        ...file,
        stage: 'awaiting-acceptance',
        grade: hazard.grade ?? { level: 'general', by, at },
        rectifier: by,
        fixers: withFixer(file, by),
        attempts: [...file.attempts, { by, at, account, evidence: [...before, ...after], onTheSpot: true }],
      };
    }
    case 'RectificationAssigned': {
      const { rectifier } = event.data;
      const fixers = withFixer(file, rectifier);
      if (hazard.stage === 'rectifying') return { ...hazard, rectifier, fixers };
      if (hazard.stage !== 'registered' || hazard.grade === undefined) throw broken();
      return { ...file, stage: 'rectifying', grade: hazard.grade, rectifier, fixers };
    }
    case 'RectificationSubmitted': {
      if (hazard.stage !== 'rectifying') throw broken();
      const { account, evidence, spentFen } = event.data;
      const attempt = { by, at, account, evidence, ...(spentFen !== undefined && { spentFen }) };
      const handedIn = hazard.obligations.find(({ kind }) => kind === 'rectify');
      return {
        ...file,
        ...cureOf(hazard),
        stage: 'awaiting-acceptance',
        ...(handedIn && { handedIn }),
        fixers: withFixer(file, by),
        attempts: [...file.attempts, attempt],
        extensions: lapsed(file.extensions),
      };
    }
    case 'RectificationAccepted': {
      if (hazard.stage !== 'awaiting-acceptance') throw broken();
      const judged = judge(file, { accepted: true, by, at, ...(event.data.note !== undefined && { note: event.data.note }) });
      const inForce = file.orders.some(({ lifted }) => lifted === undefined);
      if ('plan' in hazard && inForce) {
        const { grade, rectifier, plan } = hazard;
        return { ...judged, stage: 'awaiting-resumption', grade, rectifier, plan, accepted: { by, at } };
      }
      return { ...hazard, attempts: judged.attempts };
    }
    case 'RectificationReturned': {
      if (hazard.stage !== 'awaiting-acceptance') throw broken();
      const { handedIn } = hazard;
      // What was fixed on the spot had no deadline of its own: its first one is not the one more.
      const isMore = handedIn !== undefined && event.data.begins.some(({ due }) => due > handedIn.due);
      return {
        ...judge(file, { accepted: false, by, at, note: event.data.reason }),
        ...cureOf(hazard),
        ...(isMore && { again: at }),
        stage: 'rectifying',
      };
    }
    case 'HazardUpgraded':
      return {
        ...file,
        stage: 'awaiting-plan',
        grade: majorGrade(event.data, event),
        extensions: lapsed(file.extensions),
      };
    case 'HazardReportedToDepartment': {
      const reported = { at, by };
      switch (hazard.stage) {
        case 'awaiting-plan':
        case 'awaiting-plan-review':
        case 'awaiting-resumption':
          return { ...hazard, grade: { ...hazard.grade, reported } };
        default:
          throw broken();
      }
    }
    case 'PlanFiled': {
      if (hazard.stage !== 'awaiting-plan') throw broken();
      return {
        ...file,
        stage: 'awaiting-plan-review',
        grade: hazard.grade,
        plan: { ...event.data.plan, filedBy: by, filedAt: at },
      };
    }
    case 'PlanApproved': {
      if (hazard.stage !== 'awaiting-plan-review') throw broken();
      const rectifier = hazard.plan.responsible;
      const plan = { ...hazard.plan, approvedBy: by, approvedAt: at };
      return { ...afresh(file), stage: 'rectifying', grade: hazard.grade, plan, rectifier, fixers: withFixer(file, rectifier) };
    }
    case 'PlanReturned': {
      if (hazard.stage !== 'awaiting-plan-review') throw broken();
      const returned = { plan: hazard.plan, by, at, reason: event.data.reason };
      return { ...file, stage: 'awaiting-plan', grade: hazard.grade, returned };
    }
    case 'OrderIssued':
      return { ...hazard, orders: [...hazard.orders, { ...event.data, issuer: actor, at }] };
    case 'OrderLifted': {
      const { no, reason } = event.data;
      return {
        ...hazard,
        orders: hazard.orders.map((order) => (order.no === no ? { ...order, lifted: { by, at, reason } } : order)),
      };
    }
    case 'EvacuationHelpApplied': {
      const { area, people } = event.data;
      return { ...hazard, evacuations: [...hazard.evacuations, { by, at, area, people }] };
    }
    case 'EvacuationHelpAnswered':
      return {
        ...hazard,
        evacuations: hazard.evacuations.map((asked) => (asked.answer ? asked : { ...asked, answer: { ...event.data, by, at } })),
      };
    case 'HazardListed': {
      const { begins: _, ...listed } = event.data;
      return { ...hazard, listing: { ...listed, by, at, progress: [] } };
    }
    case 'ProgressReported':
      if (hazard.listing === undefined) throw broken();
      return {
        ...hazard,
        listing: { ...hazard.listing, progress: [...hazard.listing.progress, { by, at, text: event.data.text }] },
      };
    case 'HazardDelisted':
      if (hazard.listing === undefined) throw broken();
      return { ...hazard, listing: { ...hazard.listing, delisted: { document: event.data.document, by, at } } };
    case 'ResumptionApplied': {
      if (hazard.stage !== 'awaiting-resumption') throw broken();
      const { assessor, assessment } = event.data;
      return { ...hazard, application: { by, at, assessor, assessment } };
    }
    case 'ResumptionConsented':
      if (hazard.stage !== 'awaiting-resumption') throw broken();
      return {
        ...hazard,
        orders: hazard.orders.map((order) => (order.lifted ? order : { ...order, lifted: { by, at, reason: '同意恢复' } })),
      };
    case 'ResumptionRefused': {
      if (hazard.stage !== 'awaiting-resumption') throw broken();
      const { application: _, ...rest } = hazard;
      return { ...rest, refused: { by, at, reason: event.data.reason } };
    }
    case 'ExtensionRequested': {
      const { until, reason } = event.data;
      return { ...hazard, extensions: [...hazard.extensions, { until, reason, by, at, state: 'asked' }] };
    }
    case 'ExtensionGranted': {
      const asked = hazard.extensions.find(({ state }) => state === 'asked');
      const { listing } = hazard;
      const extended = { ...hazard, extensions: decidedAs(hazard, 'granted', event) };
      if (asked === undefined || listing === undefined || listing.term >= asked.until) return extended;
      return { ...extended, listing: { ...listing, term: asked.until } };
    }
    case 'ExtensionRefused':
      return { ...hazard, extensions: decidedAs(hazard, 'refused', event) };
    case 'ExtensionLapsed':
      return { ...hazard, extensions: lapsed(hazard.extensions) };
    case 'WithdrawalRequested':
      return { ...hazard, withdrawal: { by, at, reason: event.data.reason } };
    case 'WithdrawalRefused': {
      const { withdrawal: _, ...rest } = hazard;
      return rest;
    }
    case 'HazardWithdrawn': {
      const { withdrawal, ...rest } = file;
      if (withdrawal === undefined) throw broken();
      return {
        ...rest,
        stage: 'withdrawn',
        ...(hazard.grade && { grade: hazard.grade }),
        reason: withdrawal.reason,
        confirmedBy: by,
        withdrawnAt: at,
        orders: rest.orders.map((order) => (order.lifted ? order : { ...order, lifted: { by, at, reason: '隐患不属实' } })),
      };
    }
    case 'HazardClosed': {
      if (hazard.stage !== 'awaiting-acceptance' && hazard.stage !== 'awaiting-resumption') throw broken();
      const { withdrawal: _, ...rest } = file;
      const acceptedBy = hazard.stage === 'awaiting-resumption' ? hazard.accepted.by : by;
      return {
        ...rest,
        ...cureOf(hazard),
        stage: 'closed',
        acceptedBy,
        closedAt: at,
        closings: [...rest.closings, { generation: rest.generation, by: acceptedBy, at }],
      };
    }
    case 'HazardReopened': {
      if (hazard.stage !== 'closed') throw broken();
      const { generation } = event.data;
      const anew = { ...afresh(file), generation, extensions: [] };
      if (hazard.grade.level === 'general') {
        const { grade, rectifier } = hazard;
        return { ...anew, stage: 'rectifying', grade, rectifier, fixers: [rectifier] };
      }
      const { reported: _, ...grade } = hazard.grade;
      return { ...anew, stage: 'awaiting-plan', grade, fixers: [] };
    }
    case 'DeadlineMissed': {
      const { kind, due, next } = event.data;
      const late = hazard.obligations.find((obligation) => obligation.kind === kind && obligation.due === due);
      if (late === undefined) throw broken();
      return {
        ...hazard,
        obligations: hazard.obligations.map((obligation) =>
          obligation === late ? { ...obligation, missed: { steps: 0, next, pending: next <= at } } : obligation,
        ),
        missed: [...hazard.missed, { kind, due, why: late.why }],
      };
    }
    case 'EscalationCameDue':
      return withMissed(hazard, event.data.kind, (missed) => ({ ...missed, pending: true }));
    case 'HazardEscalated': {
      const { kind, step, next } = event.data;
      return withMissed(hazard, kind, () => ({ steps: step, next, pending: false }));
    }
  }
}

const majorGrade = (
  { criterion, basis }: { criterion: string; basis: string },
  { at, actor }: Pick<HazardEvent, 'at' | 'actor'>,
) => ({ level: 'major', criterion, basis, by: actor.id, at }) as const;

const cureOf = (cure: Cure): Cure =>
  'plan' in cure
    ? { grade: cure.grade, rectifier: cure.rectifier, plan: cure.plan }
    : { grade: cure.grade, rectifier: cure.rectifier };

/** For a cure that begins, what a return gave the last one does not count. */
const afresh = ({ again: _, ...file }: CaseFile): CaseFile => file;

const withFixer = ({ fixers }: CaseFile, person: PersonId): readonly PersonId[] => [...new Set([...fixers, person])];

/** The verdict on the last attempt. */
const judge = (file: CaseFile, verdict: NonNullable<CaseFile['attempts'][number]['verdict']>): CaseFile => ({
  ...file,
  attempts: file.attempts.map((attempt, index) => (index === file.attempts.length - 1 ? { ...attempt, verdict } : attempt)),
});

const lapsed = (extensions: CaseFile['extensions']): CaseFile['extensions'] =>
  extensions.map((request) => (request.state === 'asked' ? { ...request, state: 'lapsed' } : request));

const decidedAs = (
  { extensions }: Hazard,
  state: 'granted' | 'refused',
  { at, actor, data }: Extract<HazardEvent, { type: 'ExtensionGranted' | 'ExtensionRefused' }>,
): CaseFile['extensions'] =>
  extensions.map((request) =>
    request.state === 'asked'
      ? { ...request, state, decided: { by: actor.id, at, ...(data.note !== undefined && { note: data.note }) } }
      : request,
  );

function withMissed(
  hazard: Hazard,
  of: ObligationKind,
  change: (missed: NonNullable<Obligation['missed']>) => NonNullable<Obligation['missed']>,
): Hazard {
  return {
    ...hazard,
    obligations: hazard.obligations.map((obligation) =>
      obligation.kind === of && obligation.missed ? { ...obligation, missed: change(obligation.missed) } : obligation,
    ),
  };
}
