/** What reminders pass on their way, over tables in memory: composing by its own door, a sender that does what the real one writes, receivers. */
import { type Outcome as Composed, composeMessages } from '../../functions/compose-messages/compose-messages.ts';
import { redrive } from '../../functions/compose-messages/redrive.ts';
import { channelOf } from '../../shared/channels/all.ts';
import { StaleVersion } from '../../shared/data/commit.ts';
import { type DeliveryStore, dynamoDeliveryStore } from '../../shared/data/delivery-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoReceiverStore, type ReceiverStore } from '../../shared/data/receiver-store.ts';
import { dynamoSubscriptionStore, type SubscriptionStore } from '../../shared/data/subscription-store.ts';
import { type Instant, instant, plusMs } from '../../shared/domain/calendar.ts';
import { creditCode } from '../../shared/domain/credit-code.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import { personId, type ReceiverId, receiverId, type SubscriptionId, subscriptionId } from '../../shared/domain/ids.ts';
import type { Actor } from '../../shared/domain/ledger-event.ts';
import { type Message, messageId, type Shipment } from '../../shared/domain/message.ts';
import { outboxSubject } from '../../shared/domain/outbox.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import { answer, begin, type Outcome } from '../../shared/domain/receiver.ts';
import { REMINDER_KINDS, type Reminder } from '../../shared/domain/reminder.ts';
import type { StandingSources } from '../../shared/domain/still-stands.ts';
import { receiverOf, type Subscription, type SubscriptionFact, subscriptionSubject } from '../../shared/domain/subscription.ts';
import { subscriptionAfter } from '../../shared/domain/subscription-decide.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { memoryTables } from './memory-tables.ts';
import { Cut, Scissors } from './scissors.ts';
import { county } from './tokens.ts';

/** A working morning, on a minute that nobody avoids. */
export const MORNING = instant('2026-06-03T09:07:00+08:00');
export const minutes = (count: number, from = MORNING): Instant => plusMs(from, count * 60_000);
const USCC = creditCode('91350100M000100Y43');
const OWNER = enterpriseOwner(USCC);
const MANAGER: Actor = { id: personId('wang'), role: 'safety-manager' };

export const sub = (no: number): SubscriptionId => subscriptionId(String(no).padStart(20, '0'));
export const robot = (no: number): ReceiverId => receiverId(String(no).padStart(32, 'f'));

/** Of the monthly list of a month that is named as nobody else's: it is done once that list is handed in. */
export const reminderOf = (name: string, isUrgent = false): Reminder => ({
  ...{ id: `LIST#${name}`, kind: 'list-ending', county, at: MORNING, about: `LIST#${name}`, isUrgent },
  audience: { roles: ['safety-manager'], owner: OWNER },
  content: { of: 'list', owner: OWNER, ownerName: '姐告木业', month: name, until: minutes(60 * 24 * 200) },
});

export interface Arrival {
  readonly receiver: ReceiverId;
  readonly id: string;
  readonly at: Instant;
  readonly body: string;
}

type Answering = (shipment: Shipment, times: number) => Outcome | 'lost';

const none = async (): Promise<undefined> => undefined;

/** Who waits for his turn before each call, so that several processes are mixed as chance has it. */
export type Turns = () => Promise<void>;

export interface MessagingOptions {
  readonly scissors?: Scissors;
  readonly turns?: Turns;
}

const inTurn = <Store extends object>(store: Store, turns: Turns): Store =>
  new Proxy(store, {
    get(object, key) {
      const member: unknown = Reflect.get(object, key, object);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        await turns();
        return Reflect.apply(member, object, args);
      };
    },
  });

export class Messaging {
  readonly tables = memoryTables();
  readonly subscriptions: SubscriptionStore = dynamoSubscriptionStore(county);
  readonly receivers: ReceiverStore = dynamoReceiverStore(county);
  readonly deliveries: DeliveryStore = dynamoDeliveryStore(county);
  /** What is done. */
  readonly done = new Set<string>();
  readonly shipments: Shipment[] = [];
  readonly arrivals: Arrival[] = [];
  readonly failed: unknown[] = [];
  readonly woken = new Set<ReceiverId>();
  private readonly answering = new Map<ReceiverId, Answering>();
  private readonly scissors: Scissors;
  private readonly turns: Turns;

  constructor({ scissors = new Scissors(), turns = async () => {} }: MessagingOptions = {}) {
    this.scissors = scissors;
    this.turns = turns;
    scissors.writes = this.tables.writes;
  }

  async subscribe(no: number, of: Partial<Subscription> = {}): Promise<Subscription> {
    const made: Subscription = {
      ...{ id: sub(no), county, name: `班组群 ${no}`, channel: 'wecom', scope: { of: 'enterprise', uscc: USCC } },
      ...{ kinds: REMINDER_KINDS, language: 'zh-CN', mentions: { users: [], everybody: false } },
      ...(of.channel === 'feed' ? {} : { receiver: robot(no), host: 'qyapi.weixin.qq.com' }),
      ...{ state: 'active', madeBy: MANAGER.id, madeAt: MORNING },
      ...of,
    };
    const { county: _, state: __, madeBy: ___, madeAt: ____, ...data } = made;
    const occasion = { at: MORNING, county, actor: MANAGER };
    await this.subscriptions.save({ after: made, facts: [{ type: 'SubscriptionMade', data }], ifVersion: 0, occasion });
    return made;
  }

  /** What somebody does to a subscription. */
  async change(no: number, ...facts: readonly SubscriptionFact[]): Promise<void> {
    const stored = await this.subscriptions.load(sub(no));
    if (stored === undefined) throw new Error('no such subscription');
    const occasion = { at: MORNING, county, actor: MANAGER };
    const after = subscriptionAfter(stored.subscription, facts, occasion);
    await this.subscriptions.save({ after, facts, ifVersion: stored.version, occasion });
  }

  /** Reminders of these names wait, from an instant on. */
  async remind(no: number, names: readonly string[], due = MORNING, isUrgent = false): Promise<void> {
    const stored = await this.subscriptions.load(sub(no));
    if (stored === undefined) throw new Error('no such subscription');
    for (const name of names) {
      const receiver = receiverOf(stored.subscription);
      await this.deliveries.add({ subscription: sub(no), reminder: reminderOf(name, isUrgent), receiver, due, state: 'waiting' });
    }
  }

  /** How a receiver answers from now on; `times` counts what came before of the same message. */
  answers(no: number, answering: Answering | Outcome | 'lost'): void {
    this.answering.set(robot(no), typeof answering === 'function' ? answering : () => answering);
  }

  private readonly sources = (): StandingSources => ({
    ...{ page: async (of) => ({ ...of, points: {} }), exceptions: none, hazard: none, task: none, draw: none, drawOf: none },
    ...{ gridTarget: none, subscription: none, receiver: none },
    isListHandedIn: async (_owner, month) => this.done.has(month),
  });

  private outside() {
    const [subscriptions, receivers, deliveries] = [
      inTurn(this.subscriptions, this.turns),
      inTurn(this.receivers, this.turns),
      inTurn(this.deliveries, this.turns),
    ];
    const shipments = {
      send: async (shipment: Shipment): Promise<void> => {
        this.shipments.push(shipment);
      },
    };
    return { subscriptions, receivers, deliveries, shipments };
  }

  private readonly beside = {
    ...{ county, channelOf, policyAt: (at: Instant) => policyFor(county, at), appUrl: 'https://app.example/#' },
    sources: this.sources,
    failed: (_receiver: ReceiverId, error: unknown): void => {
      this.failed.push(error);
    },
  };

  compose(at: Instant, woken?: readonly ReceiverId[]): Promise<Composed> {
    return this.scissors.process(this.outside(), (outside) =>
      composeMessages({ ...this.beside, ...outside })({ at, outOfTime: () => false, ...(woken && { woken }) }),
    );
  }

  redrive(no: number | 'all', at: Instant): Promise<number> {
    return this.scissors.process(this.outside(), (outside) =>
      redrive({ ...this.beside, ...outside }, no === 'all' ? 'all' : sub(no), at),
    );
  }

  /** Somebody asks for a message once more. */
  async replay(message: Message, at: Instant): Promise<void> {
    await this.deliveries.save({
      ...{ occasion: { at, county, actor: MANAGER }, keptDays: 400 },
      messages: [{ before: message, after: { ...message, state: 'again' } }],
      outbox: {
        before: await this.deliveries.outbox(message.subscription),
        facts: [{ type: 'ReplayAsked', data: { from: MORNING, until: at, messages: 1 } }],
      },
    });
  }

  /** The sender takes all that lies in its queue: it begins each, the receiver answers, the outcome is written. What it dies of comes again. */
  async send(at: Instant): Promise<void> {
    for (const shipment of this.shipments.splice(0)) {
      try {
        const { receivers } = this.outside();
        await this.scissors.process({ receivers }, (outside) => this.sendOne(outside.receivers, shipment, at));
      } catch (error) {
        if (!(error instanceof Cut || error instanceof StaleVersion)) throw error;
        this.shipments.push(shipment);
      }
    }
  }

  private async sendOne(receivers: ReceiverStore, shipment: Shipment, at: Instant): Promise<void> {
    const stored = await receivers.load(shipment.receiver);
    const limits = channelOf(shipment.channel)?.limits ?? [];
    const begun = stored && begin(stored.receiver, shipment, limits, at);
    if (stored === undefined || begun === undefined || begun.is === 'stale') return;
    const { rev, receiver } = await receivers.put(begun.receiver, stored.rev);
    this.woken.add(shipment.receiver);
    if (begun.is === 'no-room') return;
    const id = messageId({ subscription: shipment.subscription, number: shipment.message });
    const times = this.arrivals.filter((one) => one.id === id).length;
    const outcome = this.answering.get(shipment.receiver)?.(shipment, times) ?? { is: 'delivered' };
    if (outcome === 'lost' || outcome.is === 'delivered') {
      this.arrivals.push({ receiver: shipment.receiver, id, at, body: shipment.body });
    }
    if (outcome === 'lost') return;
    const answered = answer(receiver, shipment, outcome, at);
    if (answered !== undefined) await receivers.put(answered, rev);
  }

  /** Composing and sending in turn at one instant, until nothing moves any more. */
  async settle(at: Instant): Promise<Composed> {
    let came = await this.compose(at);
    while (this.shipments.length > 0) {
      await this.send(at);
      came = await this.compose(at);
    }
    return came;
  }

  /** From one instant at which something is to be done to the next, as far as `until`. What died is called again a minute later. */
  async live(from: Instant, until: Instant): Promise<void> {
    for (let at: Instant | undefined = from; at !== undefined && at <= until; ) {
      const now: Instant = at;
      at = await this.settle(now).then(
        ({ next }) => next,
        (error: unknown) => {
          if (!(error instanceof Cut)) throw error;
          return minutes(1, now);
        },
      );
    }
  }

  async deliveriesOf(no: number): Promise<readonly Delivery[]> {
    return (await this.deliveries.ofSubscription(sub(no), 200)).items;
  }

  /** What became of each reminder: `told 1`, `dropped done`, `waiting`. */
  async became(no: number): Promise<Record<string, string>> {
    const all = await this.deliveriesOf(no);
    return Object.fromEntries(
      all.map((one) => [
        one.reminder.about.slice('LIST#'.length),
        one.state === 'waiting' ? 'waiting' : `${one.state} ${one.state === 'dropped' ? one.because : one.message}`,
      ]),
    );
  }

  /** The facts of an outbox and its subscription, in their order. */
  async ledger(no: number) {
    const ledger = dynamoLedgerStore;
    const [sent, kept] = await Promise.all([
      ledger.ofSubject(outboxSubject(sub(no)), 200),
      ledger.ofSubject(subscriptionSubject(sub(no)), 200),
    ]);
    return [...sent.events, ...kept.events.slice(1)];
  }

  messages(no: number) {
    return this.deliveries.messages(sub(no), 200);
  }
}
