/** Whether everybody was told: what the API says of each subscription, held against the ledger, and against what the receivers got. */
import type { Instant } from '../../../shared/domain/calendar.ts';
import type { CountedSubscription } from './counted-subscriptions.ts';
import type { Line } from './receiving.ts';
import type { Expected, Openings } from './recount-reminders.ts';
import { isPulse, isQuiet, ofArrivals, ofRates, type QuietTimes } from './verdict-arrivals.ts';

/** A delivery as the API has it. */
export interface SaidDelivery {
  readonly reminder: string;
  readonly state: string;
  readonly isUrgent: boolean;
  readonly cameAbout: Instant;
  readonly due: Instant;
}
/** A subscription as the API has it. */
export interface SaidSubscription {
  readonly id: string;
  readonly name: string;
  readonly quiet: QuietTimes;
  readonly told: number;
  readonly dropped: number;
  readonly dead: number;
  readonly deliveries: readonly SaidDelivery[];
}

export interface ReminderFindings {
  readonly said: readonly SaidSubscription[];
  /** From the ledger. */
  readonly recounted: readonly CountedSubscription[];
  readonly expected: readonly Expected[];
  readonly openings: readonly Openings[];
  /** What robots and endpoints got, and what was fetched. */
  readonly received: readonly Line[];
  /** By the name of a subscription. */
  readonly receiverOf: (subscription: string) => string;
  /** Of everybody in the county, none of which may have been sent anywhere. */
  readonly names: ReadonlySet<string>;
  /** What was due by then has been sent. */
  readonly toldUntil: Instant;
  /** By which call at the latest something is composed that may be sent from an instant on. */
  readonly composedBy: (at: Instant) => Instant;
  /** So long after that call it is there (`sending.within`), in milliseconds. */
  readonly within: number;
  /** Kinds that wait for nothing. */
  readonly urgent: readonly string[];
  /** From when on nobody is disturbed, where a subscription says nothing else. */
  readonly quiet: QuietTimes;
}

/** Reminders that were about to be sent in the night, and were held. */
export const heldOf = ({ said, quiet }: Pick<ReminderFindings, 'said' | 'quiet'>): number =>
  said.flatMap(({ deliveries }) => deliveries).filter(({ isUrgent, cameAbout }) => !isUrgent && isQuiet(cameAbout, quiet)).length;

const countOf = ({ fates }: CountedSubscription, wanted: string): number =>
  [...fates.values()].filter((fate) => fate === wanted).length;

function ofSubscriptions({ said, recounted, toldUntil }: ReminderFindings): string[] {
  const known = new Map(said.map((one) => [one.id, one]));
  return recounted.flatMap((counted): string[] => {
    const one = known.get(counted.id);
    if (one === undefined) return [`the API has no subscription ${counted.name}, and the ledger has`];
    const numbers = (['told', 'dropped', 'dead'] as const)
      .filter((fate) => one[fate] !== countOf(counted, fate))
      .map((fate) => `${counted.name}: the API says ${one[fate]} ${fate}, the ledger ${countOf(counted, fate)}`);
    const each = one.deliveries.flatMap(({ reminder, state, due }): string[] => {
      if (state === 'waiting') return due < toldUntil ? [`${counted.name}: ${reminder} was due at ${due}, and waits`] : [];
      const fate = counted.fates.get(reminder);
      return fate === state ? [] : [`${counted.name}: the API says that ${reminder} is ${state}, the ledger ${fate}`];
    });
    const listed = new Set(one.deliveries.map(({ reminder }) => reminder));
    const lost = [...counted.fates.keys()].filter((reminder) => !listed.has(reminder));
    return [
      ...numbers,
      ...each,
      ...lost.map((reminder) => `${counted.name}: the ledger tells of ${reminder}, and the API does not`),
      ...counted.twice.map((reminder) => `${counted.name} was told twice of ${reminder}`),
    ];
  });
}

/** What had to be told was told, or was done; what is dead was tried as often as it is to be, or was refused for good. */
function ofExpected({ said, recounted, expected }: ReminderFindings): string[] {
  const known = new Map(said.map((one) => [one.id, one]));
  const counted = new Map(recounted.map((one) => [one.id, one]));
  return expected.flatMap(({ subscription, reminder, fate }): string[] => {
    const one = known.get(subscription);
    const name = one?.name ?? subscription;
    if (fate === 'dead')
      return isGivenUp(counted.get(subscription), reminder) ? [] : [`${name}: ${reminder} was given up too soon`];
    const isWaiting = one?.deliveries.some((delivery) => delivery.reminder === reminder && delivery.state === 'waiting');
    return fate !== undefined || isWaiting ? [] : [`${name} had to be told of ${reminder}, and was not`];
  });
}
const ATTEMPTS = 10;
const isGivenUp = (one: CountedSubscription | undefined, reminder: string): boolean =>
  one !== undefined &&
  (one.disabled > 0 || one.messages.some(({ attempts, reminders }) => attempts >= ATTEMPTS && reminders.includes(reminder)));

/** Nobody is told of what is another's, and nothing is dropped that still stands. */
const ofFates = ({ recounted }: ReminderFindings): string[] =>
  recounted.flatMap(({ name, strangers, drops }) => [
    ...strangers.map((reminder) => `${name} was told of ${reminder}, which is not for it`),
    ...drops.flatMap(({ reminder, because, at, against }) =>
      against === undefined ? [] : [`${name}: ${reminder} was dropped as ${because} at ${at}, and ${against}`],
    ),
  ]);

/** Of each period that was opened, once. */
function ofOpenings({ said, openings }: ReminderFindings): string[] {
  const known = new Map(said.map(({ id, name }) => [id, name]));
  return openings
    .filter(({ due, told }) => due !== told)
    .map(({ subscription, colour, due, told }) => {
      const name = known.get(subscription) ?? subscription;
      return `${name}: ${due} periods of ${colour} were opened with something to be checked, and ${told} told`;
    });
}

/** Where the ledger says that nobody was disturbed: what is urgent always is no other, and is not held. */
function ofQuietHours({ said, recounted, quiet, urgent }: ReminderFindings): string[] {
  const known = new Map(said.map((one) => [one.id, one]));
  const mild = said.flatMap(({ name, deliveries }) =>
    deliveries
      .filter(({ reminder, isUrgent }) => !isUrgent && urgent.includes(reminder.slice(0, reminder.indexOf(':'))))
      .map(({ reminder }) => `${name}: the API says that ${reminder} is not urgent`),
  );
  const ofLedger = recounted.flatMap(({ id, name, messages }): string[] => {
    const one = known.get(id);
    const calm = new Set(one?.deliveries.filter(({ isUrgent }) => !isUrgent).map(({ reminder }) => reminder));
    return messages
      .filter(({ type, isAgain, at }) => type === 'MessageDelivered' && !isAgain && isQuiet(at, one?.quiet ?? quiet))
      .filter(({ reminders }) => reminders.some((reminder) => calm.has(reminder)))
      .map(({ number, at }) => `${name} was sent message ${number} at ${at}, in its quiet hours, and not all of it is urgent`);
  });
  return [...mild, ...ofLedger];
}

const TELEPHONE = /(?<!\d)(?:1[3-9]\d{9}|0692-?\d{7})(?!\d)/;
const SECRET = /whsec_|SEC[0-9a-f]{16}|access_token|[?&]key=|\/bot\/v2\/hook\//;
const NAME = /样例\p{Script=Han}\d+/gu;

function ofSecrecy({ received, names }: ReminderFindings): string[] {
  return received.flatMap((line): string[] => {
    // Among so many digits of a hash there is a telephone number now and then.
    const text = JSON.stringify({ ...line, sha256: undefined });
    const where = `what ${line.receiver} got at ${line.at}`;
    const named = [...text.matchAll(NAME)].map(([name]) => name).filter((name) => names.has(name));
    return [
      ...named.map((name) => `${where} names ${name}`),
      ...(TELEPHONE.test(text) ? [`${where} has a telephone number`] : []),
      ...(SECRET.test(text) ? [`${where} has a secret or an address`] : []),
    ];
  });
}

/** What the month shows; the feed that only tests go through is no part of it. */
export function reminderCounts({ said, recounted: all, received, quiet }: ReminderFindings) {
  const recounted = all.filter((one) => one.messages.length === 0 || !isPulse(one));
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const messages = recounted.flatMap((one) => one.messages);
  const first = messages.filter(({ isAgain }) => !isAgain);
  const delivered = first.filter(({ type }) => type !== 'MessageDead');
  const sizes = delivered.map(({ reminders }) => reminders.length);
  return {
    subscriptions: recounted.length,
    told: sum(recounted.map((one) => countOf(one, 'told'))),
    messages: delivered.length,
    merged: sizes.filter((size) => size > 1).length,
    largest: Math.max(0, ...sizes),
    dropped: sum(recounted.map(({ dropped }) => dropped)),
    held: heldOf({ said, quiet }),
    retried: sum(first.map(({ attempts }) => Math.max(0, attempts - 1))),
    deadMessages: first.length - delivered.length,
    dead: sum(recounted.map((one) => countOf(one, 'dead'))),
    redriven: sum(recounted.map(({ redriven }) => redriven)),
    again: messages.length - first.length,
    disabled: sum(recounted.map(({ disabled }) => disabled)),
    failing: sum(recounted.map(({ failing }) => failing)),
    received: received.filter(({ isTaken }) => isTaken).length,
    refused: received.filter(({ isTaken }) => !isTaken).length,
    called: received.filter(({ isTaken, mentions = [] }) => isTaken && mentions.length > 0).length,
  };
}
export type ReminderCounts = ReturnType<typeof reminderCounts>;

/** What was to go wrong in the month and to be got over, and has not: then it shows nothing of it. */
export function leftOut(findings: ReminderFindings): string[] {
  const counts = reminderCounts(findings);
  const wanted = [
    'merged',
    'dropped',
    'held',
    'retried',
    'deadMessages',
    'redriven',
    'again',
    'failing',
    'refused',
    'called',
  ] as const;
  const hung = findings.received.filter(({ fault }) => fault === 'hang').length;
  return [
    ...wanted.filter((count) => counts[count] === 0).map((count) => `of reminders nothing is ${count} in the month`),
    ...(counts.disabled >= 2 ? [] : [`${counts.disabled} subscriptions were disabled, and two receivers refused for good`]),
    ...(hung >= 10 ? [] : [`the receiver that hangs was tried ${hung} times, and the schedule has ten`]),
  ];
}

/** Everything about reminders that does not add up, each in a sentence. */
export const ofReminders = (findings: ReminderFindings): string[] => [
  ...ofSubscriptions(findings),
  ...ofExpected(findings),
  ...ofFates(findings),
  ...ofOpenings(findings),
  ...ofQuietHours(findings),
  ...ofArrivals(findings),
  ...ofRates(findings),
  ...ofSecrecy(findings),
];
