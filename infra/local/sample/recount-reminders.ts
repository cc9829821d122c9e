/**
 * Who was told what, counted from the ledger alone: what became of each reminder at each subscription, and who had to be told of what was
 * ordered, graded, escalated and missed. Shares no rule with the domain; whom a kind tells it takes from the policy's own lists.
 */
import type { Instant } from '../../../shared/domain/calendar.ts';
import { COLOURS, type Colour } from '../../../shared/domain/colour.ts';
import type { LedgerEvent } from '../../../shared/domain/ledger-event.ts';
import type { Policy } from '../../../shared/policy/load.ts';
import {
  type CountedDrop,
  type CountedSubscription,
  type Counting,
  counting,
  type Data,
  type Fate,
  type Made,
  type Named,
  type Scope,
} from './counted-subscriptions.ts';
import { checksOf, history, windowAt } from './recount.ts';

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

/** Whether a place has to do with whom a scope stands for. Inspectors are told of their own tasks, which is not counted here. */
function isOf({ of, uscc, township, department }: Scope, { owner, township: lies, supervisor }: Parties): boolean {
  switch (of) {
    case 'enterprise':
    case 'workshop':
      return owner === `ENT:${uscc}`;
    case 'township':
      return lies === township || owner === `TOWN:${township}`;
    case 'department':
      return [supervisor, owner].includes(`DEPT:${department}`);
    default:
      return true;
  }
}

const READERS: Readonly<Record<string, readonly string[]>> = {
  enterprise: STAFF,
  workshop: OF_WORKSHOP,
  township: OF_TOWNSHIP,
  department: OF_DEPARTMENT,
  county: OF_COUNTY,
};

/** Whether those who read there had to be told. */
function isFor({ scope, roles: readers }: Made, { parties, roles, workshop }: Owed): boolean {
  const own = READERS[scope.of] ?? [];
  const isElsewhere = scope.of === 'workshop' && workshop !== undefined && workshop !== scope.workshop;
  return (
    !isElsewhere &&
    isOf(scope, parties) &&
    roles.some((role) => own.includes(role) && (readers === undefined || readers.includes(role)))
  );
}

/** Where each enterprise lies and who supervises it, and the same of each case. */
function partiesIn(events: readonly LedgerEvent[]): ReadonlyMap<string, Parties> {
  const all = new Map<string, Parties>();
  for (const { type, subject, data } of events) {
    const { owner = subject.replace('#', ':'), township, supervisor } = data as Data & Partial<Parties>;
    const isNew = type === 'HazardReported' || type === 'EnterpriseRegistered' || type === 'EnterpriseChanged';
    const known = all.get(owner);
    const parties = { owner, ...known, ...(township && { township }), ...(supervisor && { supervisor }) };
    if (isNew) all.set(type === 'HazardReported' ? subject : owner, parties);
  }
  return all;
}

const idOf = ({ kind, event }: Owed): string => `${kind}:${event.id}`.replace(/\s/g, '');

/** Of enterprises alone: in a public area others stand for its staff. */
function owedBy(events: readonly LedgerEvent[], { reminders }: Pick<Policy, 'reminders'>): Owed[] {
  const places = partiesIn(events);
  const risks = new Map<string, string | undefined>();
  const rolesOf = (kind: string): readonly string[] => new Map(Object.entries(reminders.audience.byKind)).get(kind) ?? [];
  const workshopOf = new Map<string, string | undefined>();
  return events.flatMap((event): Owed[] => {
    const { type, subject, data } = event;
    const said = data as Data;
    if (type === 'RiskAdded') risks.set(`${said.owner} ${said.no}`, (said.content as { workshop?: string }).workshop);
    if (type === 'HazardReported') {
      const { owner, finding } = said as Data & Parties & { finding: { risk?: string } };
      const { risk } = finding;
      workshopOf.set(subject, risk === undefined ? undefined : risks.get(`${owner} ${risk}`));
    }
    if (type === 'PeriodSealed') {
      const [, colour = '', , owner = '', ...workshop] = subject.split('#');
      const missed = said.missed as readonly string[];
      if (missed.length === 0 || !owner.startsWith('ENT:')) return [];
      const roles = new Map(Object.entries(reminders.missed.byColour)).get(colour) ?? [];
      const parties = places.get(owner) ?? { owner };
      return [{ kind: 'checks-missed', event, parties, roles, ...(workshop.length > 0 && { workshop: workshop.join('#') }) }];
    }
    const parties = subject.startsWith('HAZ#') ? places.get(subject) : undefined;
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

/** Whom an authority's draws and tasks concern: nobody in an enterprise or a township, and no other department. */
const isOfAuthority = ({ of, department }: Scope, authority: string | undefined): boolean =>
  of === 'department' ? department === authority : of === 'county' || of === 'inspector';

/** Whether somebody could be told of it, by what it is about; `owed`: where the ledger says exactly whom it concerns. */
function concerns({ made }: Counting, { about }: Named, owed: Owed | undefined, places: ReadonlyMap<string, Parties>): boolean {
  if (owed !== undefined) return isFor(made, owed);
  const [what = '', authority] = about.split('#');
  if (['TASK', 'DRAW', 'SERIES'].includes(what)) return isOfAuthority(made.scope, authority);
  const parties = places.get(about);
  return parties === undefined || isOf(made.scope, parties);
}

/** By what each kind about a hazard is done: one of these has to have happened, after what it tells of. */
const DONE_BY: Readonly<Record<string, readonly string[]>> = {
  'hazard-major': ['HazardClosed'],
  'order-issued': ['OrderLifted', 'HazardClosed'],
  'evacuation-asked': ['EvacuationHelpAnswered', 'HazardClosed'],
  'evacuation-answered': ['HazardClosed'],
  'hazard-listed': ['HazardDelisted', 'HazardClosed'],
  'hazard-reported': ['HazardGraded', 'HazardFixedOnTheSpot', 'HazardUpgraded', 'HazardClosed'],
};

/** By when what was done at an instant stands: in the simulated month people are ahead of the schedules, as far as the next call. */
type Settled = (at: Instant) => Instant;

/** Why the ledger does not bear out that nothing was left of it; `undefined`: it does, or it is not counted from it. */
function againstDrop(
  one: Counting,
  { reminder, kind, about, because, at }: CountedDrop & Named,
  events: readonly LedgerEvent[],
  settledBy: Settled,
): string | undefined {
  const isEnded = one.endedAt !== undefined && one.endedAt <= at;
  if (because === 'ended') return isEnded ? undefined : 'its subscription was not ended';
  if (because === 'unwanted') return one.made.kinds?.includes(kind) === false ? undefined : 'its kind is wanted';
  const after = Number(/:(\d+)$/.exec(reminder)?.[1] ?? 0);
  const happened = (types: readonly string[]): boolean =>
    events.some(
      ({ subject, type, sequence, at: when }) =>
        subject === about && types.includes(type) && sequence > after && when <= settledBy(at),
    );
  if (because === 'void')
    return happened(['HazardWithdrawn']) || kind === 'hazard-assigned' ? undefined : 'nothing was withdrawn';
  const types = DONE_BY[kind];
  return types === undefined || happened(types) ? undefined : `none of ${types.join(', ')} had happened`;
}

/** All subscriptions, with what the ledger has against what became of their reminders. */
export function recountReminders(
  events: readonly LedgerEvent[],
  policy: Pick<Policy, 'reminders'>,
  settledBy: Settled = (at) => at,
): readonly CountedSubscription[] {
  const owed = new Map(owedBy(events, policy).map((each) => [idOf(each), each]));
  const places = partiesIn(events);
  const ofCases = events.filter(({ subject }) => subject.startsWith('HAZ#'));
  return counting(events).map((one) => {
    const { drops, named } = one;
    return {
      ...one,
      drops: drops.map((drop) => {
        const against =
          drop.about.startsWith('HAZ#') || drop.because === 'ended' ? againstDrop(one, drop, ofCases, settledBy) : undefined;
        return { ...drop, ...(against !== undefined && { against }) };
      }),
      strangers: [...named.values()].filter((each) => !concerns(one, each, owed.get(each.id), places)).map(({ id }) => id),
    };
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
      .map((each) => {
        const reminder = idOf(each);
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
