/** What has to be known beside what was told, to say what it reminds of and whom: the policy, and the records that it is about. */
import type { Instant } from './calendar.ts';
import type { Role } from './caller.ts';
import type { Colour } from './colour.ts';
import { shownText } from './commitment.ts';
import type { Draw } from './draw.ts';
import type { Hazard } from './hazard.ts';
import type { Ladder, ObligationKind } from './hazard-deadlines.ts';
import { toldIn } from './hazard-parties.ts';
import type { CountyCode, PersonId, TownshipCode } from './ids.ts';
import type { Limit } from './limit.ts';
import type { Outbox } from './outbox.ts';
import { enterpriseOf, type Owner } from './owner.ts';
import { type KnownPersons, withoutPersonalData } from './personal-data.ts';
import type { Receiver } from './receiver.ts';
import type { Audience, Content, Reminder, ReminderKind } from './reminder.ts';
import type { Subscription } from './subscription.ts';
import type { Task } from './task.ts';
import type { Why } from './why.ts';

interface Acting {
  readonly byObligation: Readonly<Partial<Record<ObligationKind, readonly Role[] | undefined>>>;
}

/** What the policy says of reminders (`Policy['reminders']`), and why what they are about is so. */
export interface ReminderRules {
  readonly urgent: { readonly kinds: readonly ReminderKind[] };
  readonly alarm: { readonly on: readonly ('missed-red' | 'overdue-major')[] };
  readonly audience: { readonly byKind: Readonly<Partial<Record<ReminderKind, readonly Role[] | undefined>>> };
  /** How long before a deadline it is told that it is near. */
  readonly deadlines: Readonly<Record<'general' | 'major', readonly Limit[]>>;
  readonly monthlyList: { readonly before: readonly Limit[] };
  readonly form: { readonly before: readonly Limit[] };
  readonly tasks: { readonly before: readonly Limit[] };
  readonly missed: { readonly byColour: Readonly<Record<Colour, readonly Role[]>> };
  readonly acting: Readonly<Record<'general' | 'major', Acting>>;
  readonly ladders: Readonly<Record<'general' | 'major', Ladder>>;
  readonly why: {
    readonly check: Readonly<Record<Colour, Why>>;
    readonly order: Why;
    readonly resume: Why;
    readonly draw: Why;
    readonly gridGap: Why;
    readonly channel: Why;
  };
}

/** Whose place it is: what people call him, and who else has to do with it. */
export interface ReminderPlace {
  readonly owner: Owner;
  readonly name: string;
  readonly township?: TownshipCode | undefined;
  readonly supervisor?: Owner | undefined;
  /** Of whom nothing is told. */
  readonly persons: KnownPersons;
}

/** As far as what was told is about it; read when it is addressed, so it may be further than what was told. */
export interface ReminderBackground {
  readonly county: CountyCode;
  readonly rules: ReminderRules;
  readonly place?: ReminderPlace | undefined;
  readonly hazard?: Hazard | undefined;
  /** Of the risk point that the hazard was found at. */
  readonly workshop?: string | undefined;
  readonly task?: Task | undefined;
  readonly draw?: Draw | undefined;
  /** What people call who draws. */
  readonly authorityName?: string | undefined;
  /** What people call what the grid has to cover. */
  readonly targetName?: string | undefined;
  readonly subscription?: Subscription | undefined;
  readonly receiver?: Receiver | undefined;
  readonly outbox?: Outbox | undefined;
}

/** What was told is about something that is nowhere. */
export class BackgroundMissing extends Error {
  override readonly name = 'BackgroundMissing';
}

export function present<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new BackgroundMissing(what);
  return value;
}

interface Told {
  readonly id: string;
  readonly at: Instant;
}

interface Said {
  readonly audience: Audience;
  readonly about: string;
  readonly content: Content;
  readonly why?: Why | undefined;
  /** Beside the kinds that are always urgent. */
  readonly isAlarm?: boolean;
  /** Where several come of one event. */
  readonly part?: string;
  readonly next?: Instant | undefined;
}

/** Names of workshops stand in what is told, and an id has no blank. */
const withoutBlanks = (text: string): string => text.replace(/[%\s]/gu, (one) => (one === '%' ? '%25' : encodeURIComponent(one)));

/** A reminder of what was told. */
export const reminderOf = (
  kind: ReminderKind,
  told: Told,
  { county, rules }: ReminderBackground,
  { audience, about, content, why, isAlarm = false, part, next }: Said,
): Reminder => ({
  id: withoutBlanks([kind, told.id, ...(part === undefined ? [] : [part])].join(':')),
  kind,
  county,
  at: told.at,
  audience,
  about,
  isUrgent: isAlarm || rules.urgent.kinds.includes(kind),
  ...(next !== undefined && { next }),
  content,
  ...(why && { why }),
});

/** Whom the policy has a kind tell. */
export const rolesFor = (kind: ReminderKind, { rules }: ReminderBackground): readonly Role[] => rules.audience.byKind[kind] ?? [];

/** A text for messages: nobody can be called by it. */
export const cleanText = (text: string, persons: KnownPersons): string => withoutPersonalData(shownText(text), persons).text;

type Parties = Pick<ReminderPlace, 'owner' | 'township' | 'supervisor'>;

const STAFF: readonly Role[] = ['head', 'safety-manager', 'workshop-head', 'team-leader', 'post-holder'];
const OF_TOWNSHIP: readonly Role[] = ['township-officer', 'township-head'];
const OF_DEPARTMENT: readonly Role[] = ['department-officer', 'department-head'];

const isAmong = (roles: readonly Role[], of: readonly Role[]): boolean => roles.some((role) => of.includes(role));

interface Narrowed {
  readonly workshops?: readonly string[] | undefined;
  readonly persons?: readonly PersonId[] | undefined;
}

/**
 * Those of the roles who stand in their relation to a place: staff to its owner, the others to where it lies and who supervises it. In a
 * public area the owner's people stand for its staff, and nobody else of the same office is told in their place.
 */
export function audienceOf(
  { owner, township, supervisor }: Parties,
  roles: readonly Role[],
  { workshops, persons }: Narrowed = {},
): Audience {
  const others = supervisor === owner ? undefined : supervisor;
  return {
    roles: toldIn({ owner, ...(others !== undefined && { supervisor: others }) }, roles),
    ...(isAmong(roles, STAFF) && { owner }),
    ...(isAmong(roles, OF_TOWNSHIP) && township !== undefined && { township }),
    ...(isAmong(roles, OF_DEPARTMENT) && others !== undefined && { department: others }),
    ...(workshops !== undefined && { workshops }),
    ...(persons !== undefined && persons.length > 0 && { persons }),
  };
}

/**
 * The same for roles that an event of the ladder names. Those of a public area stand for staff already: the steps that come to the named
 * roles say which they stood for. Where none does, all who may be meant are told.
 */
export function audienceNamed(
  parties: Parties,
  roles: readonly Role[],
  { steps, ...narrowed }: Narrowed & { readonly steps: readonly (readonly Role[])[] },
): Audience {
  if (enterpriseOf(parties.owner) !== undefined) return audienceOf(parties, roles, narrowed);
  const meant = steps.filter((step) => audienceOf(parties, step).roles.every((role) => roles.includes(role))).flat();
  return { ...audienceOf(parties, meant.length > 0 ? meant : [...STAFF, ...OF_TOWNSHIP, ...OF_DEPARTMENT], narrowed), roles };
}
