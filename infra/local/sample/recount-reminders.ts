/**
 * Who was told what, counted from the ledger alone: what became of each reminder at each subscription, and who had to be told of what was
 * ordered, graded, escalated and missed. Shares no rule with the domain; whom a kind tells it takes from the policy's own lists.
 */
import type { Instant } from '../../../shared/domain/calendar.ts';
import { COLOURS, type Colour } from '../../../shared/domain/colour.ts';
import type { LedgerEvent } from '../../../shared/domain/ledger-event.ts';
import type { Policy } from '../../../shared/policy/load.ts';
import { checksOf, history, windowAt } from './recount.ts';

/** What became of a reminder at a subscription, as the last event about it has it. */
export type Fate = 'told' | 'dropped' | 'dead';

export interface CountedMessage {
  readonly number: number;
  readonly type: 'MessageDelivered' | 'MessageOffered' | 'MessageDead';
  readonly at: Instant;
  readonly attempts: number;
  /** It had been told before, and was sent once more. */
  readonly isAgain: boolean;
  readonly reminders: readonly string[];
}

export interface CountedSubscription {
  readonly id: string;
  readonly name: string;
  readonly channel: string;
  readonly madeAt: Instant;
  readonly endedAt?: Instant;
  readonly isDisabledNow: boolean;
  readonly disabled: number;
  readonly messages: readonly CountedMessage[];
  readonly fates: ReadonlyMap<string, Fate>;
  /** Reminders of which it was told twice. */
  readonly twice: readonly string[];
  /** Dead ones that were made to wait again. */
  readonly redriven: number;
  readonly dropped: number;
  /** What its receiver failed in a row, said once for each time. */
  readonly failing: number;
}

interface Scope {
  readonly of: string;
  readonly uscc?: string;
  readonly workshop?: string;
  readonly township?: string;
  readonly department?: string;
}
interface Made {
  readonly id: string;
  readonly name: string;
  readonly channel: string;
  scope: Scope;
  roles?: readonly string[];
  kinds?: readonly string[];
}
type Data = Readonly<Record<string, unknown>>;
interface Named {
  readonly id: string;
}

type Counting = {
  -readonly [Key in keyof Omit<CountedSubscription, 'messages' | 'fates' | 'twice'>]: CountedSubscription[Key];
} & {
  readonly made: Made;
  readonly messages: CountedMessage[];
  readonly fates: Map<string, Fate>;
  readonly twice: string[];
};

const ofSubject = (prefix: string, subject: string): string | undefined =>
  subject.startsWith(prefix) ? subject.slice(prefix.length) : undefined;

function countMessage(one: Counting, { type, at, data }: LedgerEvent): void {
  const { message, attempts, again, reminders } = data as Data & { message: number; attempts: number; reminders: Named[] };
  const ids = reminders.map(({ id }) => id);
  const isAgain = again !== undefined;
  one.messages.push({ number: message, type: type as CountedMessage['type'], at, attempts, isAgain, reminders: ids });
  if (isAgain) return;
  for (const id of ids) {
    if (one.fates.get(id) === 'told') one.twice.push(id);
    one.fates.set(id, type === 'MessageDead' ? 'dead' : 'told');
  }
}

/** The subscriptions in the order in which they were made. `events` in the order of their time. */
function counting(events: readonly LedgerEvent[]): Counting[] {
  const all = new Map<string, Counting>();
  for (const event of events) {
    const { type, subject, data, at } = event;
    const said = data as Data;
    if (type === 'SubscriptionMade') {
      const made = { ...(said as unknown as Made) };
      const { id, name, channel } = made;
      const none = { isDisabledNow: false, disabled: 0, redriven: 0, dropped: 0, failing: 0 };
      all.set(id, { ...{ id, name, channel, madeAt: at, made, ...none }, messages: [], fates: new Map(), twice: [] });
    }
    const one = all.get(ofSubject('SUB#', subject) ?? ofSubject('SENT#', subject) ?? '');
    if (one === undefined) continue;
    if (type === 'SubscriptionChanged') {
      const { roles: _, ...kept } = one.made;
      Object.assign(one.made, { ...kept, ...said });
    }
    if (type === 'SubscriptionDisabled') Object.assign(one, { isDisabledNow: true, disabled: one.disabled + 1 });
    if (type === 'SubscriptionEnabled') one.isDisabledNow = false;
    if (type === 'SubscriptionEnded') Object.assign(one, { isDisabledNow: false, endedAt: at });
    if (type === 'RedriveAsked') one.redriven += Number(said.reminders);
    if (type === 'ReceiverFailing') one.failing += 1;
    if (type === 'RemindersDropped') {
      for (const { id } of (said as unknown as { reminders: readonly Named[] }).reminders) {
        one.fates.set(id, 'dropped');
        one.dropped += 1;
      }
    }
    if (type === 'MessageDelivered' || type === 'MessageOffered' || type === 'MessageDead') countMessage(one, event);
  }
  return [...all.values()];
}

export const recountReminders = (events: readonly LedgerEvent[]): readonly CountedSubscription[] => counting(events);

/** Whose the place of something is. */
interface Parties {
  readonly owner: string;
  readonly township?: string;
  readonly supervisor?: string;
}
/** Somebody had to be told of an event. */
interface Owed {
  readonly kind: string;
  readonly event: LedgerEvent;
  readonly parties: Parties;
  readonly roles: readonly string[];
  readonly workshop?: string;
}

const STAFF = ['head', 'safety-manager', 'workshop-head', 'team-leader', 'post-holder'];
const OF_WORKSHOP = ['workshop-head', 'team-leader', 'post-holder'];
const OF_TOWNSHIP = ['township-officer', 'township-head'];
const OF_DEPARTMENT = ['department-officer', 'department-head'];
const OF_COUNTY = ['committee-officer', 'government-head', 'prefecture-officer'];

/** Whether those who read there had to be told. Inspectors are told of their own tasks, which is not counted here. */
function isFor({ scope, roles: readers }: Made, { parties, roles, workshop }: Owed): boolean {
  const told = (own: readonly string[]): boolean =>
    roles.some((role) => own.includes(role) && (readers === undefined || readers.includes(role)));
  switch (scope.of) {
    case 'enterprise':
      return parties.owner === `ENT:${scope.uscc}` && told(STAFF);
    case 'workshop':
      return (
        parties.owner === `ENT:${scope.uscc}` && (workshop === undefined || workshop === scope.workshop) && told(OF_WORKSHOP)
      );
    case 'township':
      return parties.township === scope.township && told(OF_TOWNSHIP);
    case 'department':
      return parties.supervisor === `DEPT:${scope.department}` && told(OF_DEPARTMENT);
    case 'county':
      return told(OF_COUNTY);
    default:
      return false;
  }
}

/** Of enterprises alone: in a public area others stand for its staff. */
function owedBy(events: readonly LedgerEvent[], { reminders }: Pick<Policy, 'reminders'>): Owed[] {
  const cases = new Map<string, Parties>();
  const risks = new Map<string, string | undefined>();
  const rolesOf = (kind: string): readonly string[] => new Map(Object.entries(reminders.audience.byKind)).get(kind) ?? [];
  const workshopOf = new Map<string, string | undefined>();
  return events.flatMap((event): Owed[] => {
    const { type, subject, data } = event;
    const said = data as Data;
    if (type === 'RiskAdded') risks.set(`${said.owner} ${said.no}`, (said.content as { workshop?: string }).workshop);
    if (type === 'HazardReported') {
      const { owner, township, supervisor, finding } = said as Data & Parties & { finding: { risk?: string } };
      const { risk } = finding;
      cases.set(subject, { owner, ...(township && { township }), ...(supervisor && { supervisor }) });
      workshopOf.set(subject, risk === undefined ? undefined : risks.get(`${owner} ${risk}`));
    }
    if (type === 'PeriodSealed') {
      const [, colour = '', , owner = '', ...workshop] = subject.split('#');
      const missed = said.missed as readonly string[];
      if (missed.length === 0 || !owner.startsWith('ENT:')) return [];
      const roles = new Map(Object.entries(reminders.missed.byColour)).get(colour) ?? [];
      const parties = { owner }; // its township and department are another event's matter
      return [{ kind: 'checks-missed', event, parties, roles, ...(workshop.length > 0 && { workshop: workshop.join('#') }) }];
    }
    const parties = cases.get(subject);
    if (parties === undefined || !parties.owner.startsWith('ENT:')) return [];
    const workshop = workshopOf.get(subject);
    const owed = (kind: string, roles: readonly string[]): Owed[] => [
      { kind, event, parties, roles, ...(workshop !== undefined && { workshop }) },
    ];
    const everywhere = (kind: string): Owed[] => [{ kind, event, parties, roles: rolesOf(kind) }];
    if (type === 'OrderIssued') return everywhere('order-issued');
    if (type === 'HazardUpgraded' || (type === 'HazardGraded' && said.level === 'major')) return everywhere('hazard-major');
    if (type === 'EvacuationHelpApplied') return everywhere('evacuation-asked');
    if (type === 'EvacuationHelpAnswered') return everywhere('evacuation-answered');
    if (type === 'HazardListed') return owed('hazard-listed', rolesOf('hazard-listed'));
    if (type === 'HazardEscalated') return owed('deadline-missed', said.roles as readonly string[]);
    return [];
  });
}

/** A reminder that a subscription has to have had, and what became of it there: nothing, where it was forgotten. */
export interface Expected {
  readonly subscription: string;
  readonly reminder: string;
  readonly fate: Fate | undefined;
}

/** Everybody who had to be told of what happened until an instant. */
export function expectedReminders(events: readonly LedgerEvent[], policy: Pick<Policy, 'reminders'>, until: Instant): Expected[] {
  const owed = owedBy(events, policy);
  return counting(events).flatMap((one) =>
    owed
      .filter(
        (each) =>
          each.event.at > one.madeAt &&
          each.event.at < until &&
          (one.endedAt === undefined || each.event.at < one.endedAt) &&
          one.made.kinds?.includes(each.kind) !== false &&
          isFor(one.made, each),
      )
      .map(({ kind, event }) => {
        const reminder = `${kind}:${event.id}`.replace(/\s/g, '');
        return { subscription: one.id, reminder, fate: one.fates.get(reminder) };
      }),
  );
}

/** How many periods of a colour an enterprise's group had to be told of as they began, and of how many it was, or was not as all was done. */
export interface Openings {
  readonly subscription: string;
  readonly colour: Colour;
  readonly due: number;
  readonly told: number;
}

/**
 * By every opening that the schedules made, or made up (`openedAt`): where a point was to be checked in a period that none had told yet. Enterprises
 * with a stop are left out: of a point that is stopped for a part of a period this says nothing.
 */
export function recountOpenings(events: readonly LedgerEvent[], openedAt: readonly Instant[]): Openings[] {
  const { points, stopsOf } = history(events);
  const checks = checksOf(events);
  const isOpen = (owner: string, colour: Colour, at: number): boolean => {
    const { from } = windowAt(colour, at);
    return points.some(
      (point) =>
        point.owner === owner &&
        point.duties.some((duty) => duty.colour === colour && duty.known <= at && duty.from <= at && at < duty.until) &&
        !(checks.get(`${owner} ${point.no}`) ?? []).some(({ claimed, received }) => claimed >= from && received < at),
    );
  };
  /** A period is told by the first that tells any: on its first day, or when the lost call for it is made up. */
  const begins = (colour: Colour, at: number): boolean =>
    !openedAt.map((other) => Date.parse(other)).some((other) => windowAt(colour, at).from <= other && other < at);
  return counting(events).flatMap((one): Openings[] => {
    const { scope, kinds } = one.made;
    const owner = `ENT:${scope.uscc}`;
    if (scope.of !== 'enterprise' || kinds?.includes('checks-due') === false || stopsOf.has(owner) || one.endedAt !== undefined)
      return [];
    return COLOURS.map((colour) => ({
      ...{ subscription: one.id, colour },
      due: openedAt.filter((at) => at > one.madeAt && begins(colour, Date.parse(at)) && isOpen(owner, colour, Date.parse(at)))
        .length,
      told: [...one.fates.keys()].filter((id) => id.startsWith('checks-due:') && id.includes(`#${colour}#`)).length,
    }));
  });
}
