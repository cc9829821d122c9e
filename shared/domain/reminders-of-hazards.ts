/** What the events of a case remind of: who has to know, and who has to act next. */
import type { Instant } from './calendar.ts';
import type { Role } from './caller.ts';
import { shownText } from './commitment.ts';
import { type Hazard, type HazardFact, levelOf, type Order } from './hazard.ts';
import type { Obligation, ObligationKind } from './hazard-deadlines.ts';
import type { PersonId } from './ids.ts';
import { nextLead } from './lead.ts';
import type { LedgerEvent } from './ledger-event.ts';
import type { DeadlineNear } from './notice.ts';
import type { HazardContent, Reminder, ReminderKind } from './reminder.ts';
import {
  audienceNamed,
  audienceOf,
  cleanText,
  present,
  type ReminderBackground,
  type ReminderPlace,
  reminderOf,
  rolesFor,
} from './reminder-background.ts';

type EventOf<F extends HazardFact> = F extends HazardFact ? LedgerEvent<F['type'], F['data']> : never;
export type HazardTold = EventOf<HazardFact>;
/** Of these, and `DeadlineNear`, something is told. */
type Told = HazardTold | DeadlineNear;

interface Case {
  readonly told: Told;
  readonly background: ReminderBackground;
  readonly hazard: Hazard;
  readonly place: ReminderPlace;
}

interface Said {
  readonly roles: readonly Role[];
  /** The event names the roles, as they are for this case: what the ladder says of the steps up to that one. */
  readonly steps?: readonly (readonly Role[])[];
  readonly persons?: readonly PersonId[];
  readonly owed?: Pick<Obligation, 'kind' | 'due' | 'why'> | undefined;
  readonly also?: Partial<HazardContent>;
  readonly why?: Reminder['why'];
  readonly isAlarm?: boolean;
  readonly part?: string;
  readonly next?: Instant | undefined;
}

/** What endangers people does so wherever in the enterprise they are; the rest is the affair of the risk point's own workshop. */
const TOLD_EVERYWHERE: ReadonlySet<ReminderKind> = new Set([
  'hazard-major',
  'order-issued',
  'order-lifted',
  'evacuation-asked',
  'evacuation-answered',
]);

function said(
  { told, background, hazard, place }: Case,
  kind: ReminderKind,
  { roles, steps, persons, owed, also, why, ...more }: Said,
): Reminder {
  const { id, generation, owner, finding } = hazard;
  const level = levelOf(hazard);
  const { workshop } = background;
  const isOfWorkshop = workshop !== undefined && !TOLD_EVERYWHERE.has(kind);
  const narrowed = { persons, ...(isOfWorkshop && { workshops: [workshop] }) };
  return reminderOf(kind, told, background, {
    audience: steps ? audienceNamed(hazard, roles, { ...narrowed, steps }) : audienceOf(hazard, roles, narrowed),
    about: `HAZ#${id}`,
    content: {
      of: 'hazard',
      ...{ hazard: id, generation, owner, ownerName: place.name },
      place: cleanText(finding.place, place.persons),
      description: cleanText(finding.description, place.persons),
      ...(level !== undefined && { level }),
      ...(owed && { owed: { kind: owed.kind, due: owed.due } }),
      ...also,
    },
    why: why ?? owed?.why,
    ...more,
  });
}

/** Major, or held to be so by somebody while nobody has graded it. */
const isMajor = (hazard: Hazard): boolean =>
  (levelOf(hazard) ?? (hazard.finding.suspectedMajor ? 'major' : 'general')) === 'major';

/**
 * Who has to act. What nobody has graded and somebody holds to be major is judged like one; what an inspection found, its owner does not
 * say by himself to be nothing.
 */
function actingOn({ hazard, background: { rules } }: Case, owed: ObligationKind): readonly Role[] {
  const isForeign = owed === 'withdrawal' && hazard.finding.source === 'inspection';
  const level = isForeign || isMajor(hazard) ? 'major' : 'general';
  return rules.acting[level].byObligation[owed] ?? rules.acting.major.byObligation[owed] ?? [];
}

const rectifierOf = (hazard: Hazard): readonly PersonId[] => (hazard.stage === 'rectifying' ? [hazard.rectifier] : []);

/** Whoever has to act is told what waits for him: by his office, and who cures also by name. */
function waiting(
  of: Case,
  owed: Pick<Obligation, 'kind' | 'due' | 'why'>,
  kind: ReminderKind,
  more: Partial<Said> = {},
): Reminder {
  const persons = owed.kind === 'rectify' ? rectifierOf(of.hazard) : [];
  return said(of, kind, { roles: actingOn(of, owed.kind), persons, owed, ...more });
}

const waitsFor = (of: Case, begins: readonly Obligation[], kind: ObligationKind): Reminder[] =>
  begins.filter((owed) => owed.kind === kind).map((owed) => waiting(of, owed, 'hazard-waiting'));

/** Major, so that all who have to know do at once. The report to the department comes first. */
function major(of: Case, begins: readonly Obligation[]): Reminder[] {
  const owed = begins.find(({ kind }) => kind === 'report') ?? begins[0];
  return [said(of, 'hazard-major', { roles: rolesFor('hazard-major', of.background), owed })];
}

const assigned = (of: Case, rectifier: PersonId, owed: Obligation | undefined): Reminder[] => [
  said(of, 'hazard-assigned', { roles: rolesFor('hazard-assigned', of.background), persons: [rectifier], owed }),
];

/** What is owed as it stands, where the event says nothing of it. */
const owing = ({ obligations }: Hazard, kind: ObligationKind, due?: string): Obligation | undefined =>
  obligations.find((owed) => owed.kind === kind && (due === undefined || owed.due === due));

const orderIn = ({ place, told }: Case, { no, kind, scope }: Pick<Order, 'no' | 'kind' | 'scope'>): Partial<HazardContent> => ({
  order: { no, kind, scope: cleanText(scope, place.persons), at: told.at },
});

/** The policy says when to stop, and who consents that it goes on; that an order is lifted otherwise, no clause of it asks. */
function lifted(of: Case, orders: readonly Order[], why?: Reminder['why']): Reminder[] {
  const roles = rolesFor('order-lifted', of.background);
  return orders.map((order) => said(of, 'order-lifted', { roles, also: orderIn(of, order), why, part: String(order.no) }));
}

/** Those that a consent or a withdrawal lifted. */
const liftedWith = ({ hazard, told }: Case): readonly Order[] => hazard.orders.filter((order) => order.lifted?.at === told.at);

const isAlarm = ({ hazard, background }: Case): boolean => isMajor(hazard) && background.rules.alarm.on.includes('overdue-major');

const stepsTo = ({ hazard, background: { rules } }: Case, step: number): readonly (readonly Role[])[] =>
  rules.ladders[levelOf(hazard) === 'major' ? 'major' : 'general'].levels.slice(0, step).map(({ roles }) => roles);

/** What comes of an event of a case, or of a deadline of it that is near. */
export function ofHazard(told: Told, background: ReminderBackground): readonly Reminder[] {
  const hazard = present(background.hazard, told.id);
  const of: Case = { told, background, hazard, place: present(background.place, hazard.owner) };
  switch (told.type) {
    case 'HazardReported': {
      const departments = rolesFor('hazard-major', background).filter((role) => role.startsWith('department-'));
      const roles = [...rolesFor('hazard-reported', background), ...(hazard.finding.suspectedMajor ? departments : [])];
      // As urgent as a major one that was graded: nobody knows yet that it is none.
      const isAlarming = hazard.finding.suspectedMajor === true && background.rules.urgent.kinds.includes('hazard-major');
      return [said(of, 'hazard-reported', { roles, owed: told.data.begins[0], isAlarm: isAlarming })];
    }
    case 'HazardGraded':
      return told.data.level === 'major' ? major(of, told.data.begins) : [];
    case 'HazardUpgraded':
      return major(of, told.data.begins);
    case 'HazardReopened': {
      const cure = told.data.begins.find(({ kind }) => kind === 'rectify');
      if (levelOf(hazard) === 'major') return major(of, told.data.begins);
      return rectifierOf(hazard).flatMap((rectifier) => assigned(of, rectifier, cure));
    }
    case 'RectificationAssigned':
      return assigned(of, told.data.rectifier, told.data.begins[0] ?? owing(hazard, 'rectify'));
    case 'PlanApproved':
      return rectifierOf(hazard).flatMap((rectifier) => assigned(of, rectifier, told.data.begins[0]));
    case 'HazardFixedOnTheSpot':
    case 'RectificationSubmitted':
      return waitsFor(of, told.data.begins, 'accept');
    case 'RectificationReturned':
      return waitsFor(of, told.data.begins, 'rectify');
    case 'PlanFiled':
      return waitsFor(of, told.data.begins, 'plan-review');
    case 'PlanReturned':
      return waitsFor(of, told.data.begins, 'plan');
    case 'ExtensionRequested':
      return waitsFor(of, told.data.begins, 'extension');
    case 'WithdrawalRequested':
      return waitsFor(of, told.data.begins, 'withdrawal');
    case 'ResumptionApplied':
      return waitsFor(of, told.data.begins, 'resume');
    case 'OrderIssued': {
      const roles = rolesFor('order-issued', background);
      // Of the case, which has its text in clear: the event may hold a commitment.
      const order = hazard.orders.find(({ no }) => no === told.data.no) ?? told.data;
      return [said(of, 'order-issued', { roles, also: orderIn(of, order), why: background.rules.why.order })];
    }
    case 'OrderLifted':
      return lifted(
        of,
        hazard.orders.filter(({ no }) => no === told.data.no),
      );
    case 'ResumptionConsented':
      return lifted(of, liftedWith(of), background.rules.why.resume);
    case 'HazardWithdrawn':
      return lifted(of, liftedWith(of));
    case 'EvacuationHelpApplied': {
      const { area, people } = hazard.evacuations.find((asked) => asked.at === told.at) ?? told.data;
      const evacuation = { area: cleanText(area, of.place.persons), people };
      return [
        said(of, 'evacuation-asked', {
          roles: rolesFor('evacuation-asked', background),
          owed: told.data.begins.find(({ kind }) => kind === 'evacuation'),
          also: { evacuation },
        }),
      ];
    }
    case 'EvacuationHelpAnswered': {
      const roles = rolesFor('evacuation-answered', background);
      return hazard.evacuations.flatMap(({ area, people, answer }) => {
        if (answer?.at !== told.at) return [];
        const { granted, note } = answer;
        const evacuation = { area: cleanText(area, of.place.persons), people };
        const also = { evacuation: { ...evacuation, answer: { granted, note: cleanText(note, of.place.persons) } } };
        return [said(of, 'evacuation-answered', { roles, also })];
      });
    }
    case 'HazardListed': {
      const { document, term, begins } = told.data;
      const owed = begins.find(({ kind }) => kind === 'progress');
      return [
        said(of, 'hazard-listed', {
          roles: rolesFor('hazard-listed', background),
          owed,
          also: { listing: { document: shownText(document), term } },
        }),
      ];
    }
    case 'DeadlineNear': {
      const owed = owing(hazard, told.kind, told.due);
      if (owed === undefined) return [];
      const leads = background.rules.deadlines[isMajor(hazard) ? 'major' : 'general'];
      // What is so short would be over before quiet hours are.
      return [waiting(of, owed, 'deadline-near', { isAlarm: told.isShort === true, next: nextLead(told.at, owed.due, leads) })];
    }
    case 'DeadlineMissed': {
      // Where the first step of the ladder has come with the deadline, those of the step are told, and that is said once.
      const owed = owing(hazard, told.data.kind, told.data.due);
      if (owed === undefined || told.data.next <= told.at) return [];
      return [waiting(of, owed, 'deadline-missed', { isAlarm: isAlarm(of) })];
    }
    case 'HazardEscalated': {
      const { kind, due, step, roles, why } = told.data;
      return [
        said(of, 'deadline-missed', {
          ...{ roles, steps: stepsTo(of, step), isAlarm: isAlarm(of) },
          owed: { kind, due, why },
          also: { step: step - 1 },
        }),
      ];
    }
    default:
      return [];
  }
}
