/** What the ledger says of each subscription: the messages it was sent, and what became of each of its reminders. */
import type { Instant } from '../../../shared/domain/calendar.ts';
import type { LedgerEvent } from '../../../shared/domain/ledger-event.ts';

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
  /** Of its body. */
  readonly sha256: string;
}

/** One that was not to be told any more. */
export interface CountedDrop {
  readonly reminder: string;
  readonly at: Instant;
  readonly because: string;
  /** Why the ledger does not bear that out; absent where it does, or says nothing of it. */
  readonly against?: string;
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
  readonly drops: readonly CountedDrop[];
  /** When it was switched on again, or what was dead was to be sent anew. */
  readonly anew: readonly Instant[];
  /** Reminders of what is another's. */
  readonly strangers: readonly string[];
  /** What its receiver failed in a row, said once for each time. */
  readonly failing: number;
}

/** For whom it is, as it was said when it was made or changed. */
export interface Scope {
  readonly of: string;
  readonly uscc?: string;
  readonly workshop?: string;
  readonly township?: string;
  readonly department?: string;
}
/** A subscription as its events have it. */
export interface Made {
  readonly id: string;
  readonly name: string;
  readonly channel: string;
  scope: Scope;
  roles?: readonly string[];
  kinds?: readonly string[];
}
/** What an event says. */
export type Data = Readonly<Record<string, unknown>>;
/** A reminder as the ledger names it. */
export interface Named {
  readonly id: string;
  readonly kind: string;
  readonly about: string;
}

/** A subscription while it is counted. */
export type Counting = {
  -readonly [Key in keyof Omit<
    CountedSubscription,
    'messages' | 'fates' | 'twice' | 'drops' | 'anew' | 'strangers'
  >]: CountedSubscription[Key];
} & {
  readonly made: Made;
  readonly drops: (CountedDrop & Named)[];
  readonly anew: Instant[];
  /** All that was told, or was to be. */
  readonly named: Map<string, Named>;
  readonly messages: CountedMessage[];
  readonly fates: Map<string, Fate>;
  readonly twice: string[];
};

const ofSubject = (prefix: string, subject: string): string | undefined =>
  subject.startsWith(prefix) ? subject.slice(prefix.length) : undefined;

function countMessage(one: Counting, { type, at, data }: LedgerEvent): void {
  const said = data as Data & { message: number; attempts: number; reminders: Named[]; sha256: string };
  const { message: number, attempts, again, reminders, sha256 } = said;
  const ids = reminders.map(({ id }) => id);
  const isAgain = again !== undefined;
  one.messages.push({ ...{ number, type: type as CountedMessage['type'], at, attempts, isAgain, sha256 }, reminders: ids });
  for (const each of reminders) one.named.set(each.id, each);
  if (isAgain) return;
  for (const id of ids) {
    if (one.fates.get(id) === 'told') one.twice.push(id);
    one.fates.set(id, type === 'MessageDead' ? 'dead' : 'told');
  }
}

/** The subscriptions in the order in which they were made. `events` in the order of their time. */
export function counting(events: readonly LedgerEvent[]): Counting[] {
  const all = new Map<string, Counting>();
  for (const event of events) {
    const { type, subject, data, at } = event;
    const said = data as Data;
    if (type === 'SubscriptionMade') {
      const made = { ...(said as unknown as Made) };
      const { id, name, channel } = made;
      const none = { isDisabledNow: false, disabled: 0, redriven: 0, dropped: 0, failing: 0 };
      const lists = { messages: [], fates: new Map(), twice: [], drops: [], anew: [], named: new Map() };
      all.set(id, { id, name, channel, madeAt: at, made, ...none, ...lists });
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
    if (type === 'SubscriptionEnabled' || type === 'RedriveAsked') one.anew.push(at);
    if (type === 'RedriveAsked') one.redriven += Number(said.reminders);
    if (type === 'ReceiverFailing') one.failing += 1;
    if (type === 'RemindersDropped') {
      for (const each of (said as unknown as { reminders: readonly (Named & { because: string })[] }).reminders) {
        one.fates.set(each.id, 'dropped');
        one.drops.push({ ...each, reminder: each.id, at });
        one.named.set(each.id, each);
        one.dropped += 1;
      }
    }
    if (type === 'MessageDelivered' || type === 'MessageOffered' || type === 'MessageDead') countMessage(one, event);
  }
  return [...all.values()];
}
