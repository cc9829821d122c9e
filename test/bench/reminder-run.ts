/**
 * A morning in a process of its own: at eight the periods of every colour open, and ten thousand reminders go to subscriptions of all kinds,
 * by real requests to local servers that behave as the platforms do. Time runs faster than by the clock, for the robots' minutes too: so
 * what this machine takes counts that many times. Prints what it found as one line of JSON.
 */
import { openPeriods } from '../../functions/open-period/open-period.ts';
import { WORK as ADDRESSING } from '../../infra/stacks/messaging/addressing.ts';
import { WORK as COMPOSING } from '../../infra/stacks/messaging/composing.ts';
import { WORK as SENDING } from '../../infra/stacks/messaging/sending.ts';
import { channelOf } from '../../shared/channels/all.ts';
import type { Address } from '../../shared/channels/channel.ts';
import { receiverOfAddress } from '../../shared/channels/receiver-of-address.ts';
import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { CADENCES, epochMs, type Instant, instant, plusMs } from '../../shared/domain/calendar.ts';
import type { SubscriptionId } from '../../shared/domain/ids.ts';
import { messageId, type Shipment, type Wake } from '../../shared/domain/message.ts';
import { SEND_TIMEOUT_MS } from '../../shared/domain/receiver.ts';
import type { RemindingTold } from '../../shared/domain/reminders-of.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { policyFor, whyCheck } from '../../shared/policy/load.ts';
import { memoryTables } from '../support/memory-tables.ts';
import { type RealReceiver, startReceivers } from '../support/receivers/receivers.ts';
import { county } from '../support/tokens.ts';
import { ownerNumber } from './county.ts';
import { enterpriseWithDuties, subscribed, type Told } from './reminder-county.ts';
import { reminderFlow } from './reminder-flow.ts';
import { workQueue } from './work-queue.ts';

/** Each has checks under four colours, and two subscriptions: ten thousand reminders. */
const ENTERPRISES = 1_250;
const ROBOTS = ['wecom', 'dingtalk', 'feishu'] as const;
const KINDS = [...ROBOTS, 'webhook', 'feed'] as const;
type Kind = (typeof KINDS)[number];
/** One subscription in so many goes to a group that others have too: more than its robot takes in a minute. */
const SHARED_EVERY = 10;
const SHARED_BY = 30;
/** All calls of all functions share one processor here: more of them at once would only wait for each other. */
const MOST_ABREAST = 8;
const here = ({ batch, abreast }: typeof SENDING) => ({ batch, abreast: Math.min(abreast, MOST_ABREAST) });
const SPEED = 3;
const MINUTE_MS = 60_000;
/** A call of the schedule ends before its function's time does. */
const CALL_MS = 50_000;
const LONGEST_MS = 30 * MINUTE_MS;
const POLL_MS = 20;
const OPENING = instant('2026-06-01T08:00:00+08:00');

export interface Morning {
  readonly reminders: number;
  readonly subscriptions: number;
  readonly receivers: number;
  /** Of all but the one that hangs, by kind: how long each reminder took from when it was due until its receiver had answered, in ms. */
  readonly waits: Readonly<Record<Kind, readonly number[]>>;
  readonly messages: number;
  readonly attempts: number;
  /** How often a platform said that it was too many. */
  readonly over: number;
  /** How often a message arrived that had arrived before. */
  readonly repeated: number;
  readonly hanging: { readonly reminders: number; readonly attempts: number };
  /** Of one core, the share that was busy. */
  readonly busy: number;
}

async function morning(hangs: boolean): Promise<Morning> {
  memoryTables();
  const began = performance.now();
  let started = Number.POSITIVE_INFINITY;
  /** Stands still until all is set up. */
  const now = (): Instant => plusMs(OPENING, Math.floor(Math.max(0, performance.now() - started) * SPEED));
  const receivers = await startReceivers({ clock: now });

  const places = new Map<string, Required<Told>['place'] & { readonly real: RealReceiver }>();
  const placeOf = (kind: Exclude<Kind, 'feed'>, name: string) => {
    const known = places.get(`${kind} ${name}`);
    if (known !== undefined) return known;
    const real = receivers[kind](name);
    const address = channelOf(kind)?.readAddress(real.address, real.secret, true);
    if (address === undefined || 'says' in address) throw new Error(`not an address of ${kind}: ${real.address}`);
    const place = { receiver: receiverOfAddress(kind, address.url), address, real };
    places.set(`${kind} ${name}`, place);
    return place;
  };

  const addresses = new Map<SubscriptionId, Address>();
  const kinds = new Map<SubscriptionId, Kind>();
  let [made, shared] = [0, 0];
  let hanging: SubscriptionId | undefined;
  for (let number = 0; number < ENTERPRISES; number++) {
    const owner = ownerNumber(number);
    await enterpriseWithDuties(owner, OPENING);
    for (let each = 0; each < 2; each++) {
      const isShared = made % SHARED_EVERY === SHARED_EVERY - 1;
      const group = Math.floor(shared / SHARED_BY);
      const channel = isShared ? (ROBOTS[group % ROBOTS.length] ?? 'wecom') : (KINDS[made % KINDS.length] ?? 'feed');
      const place = channel === 'feed' ? undefined : placeOf(channel, isShared ? `shared ${group}` : `own ${made}`);
      if (isShared) shared += 1;
      const { id } = await subscribed({ owner, channel, ...(place && { place }) }, made++, OPENING);
      kinds.set(id, channel);
      if (place !== undefined) addresses.set(id, place.address);
      if (hangs && hanging === undefined && channel === 'webhook') {
        place?.real.fails({ is: 'hang' });
        hanging = id;
      }
    }
  }
  const expected = made * 4 - (hanging === undefined ? 0 : 4);

  const answered = new Map<string, number>();
  const waits: Record<Kind, number[]> = { wecom: [], dingtalk: [], feishu: [], webhook: [], feed: [] };
  const counts = { told: 0, messages: 0, offered: 0, attempts: 0, hanging: 0 };
  const failed = (what: string, error: unknown): void => console.error(what, error);
  const flow = reminderFlow({
    ...{ now, addresses, failed, patienceMs: SEND_TIMEOUT_MS / SPEED },
    shipped: (shipment) => shipments.add(shipment),
    woken: (wake) => wakes.add(wake),
    answered: (message) => answered.set(message, epochMs(now())),
    saved: ({ deliveries = [] }) => {
      for (const { after } of deliveries) {
        if (after.state !== 'told') throw new Error(`${after.reminder.id} is ${after.state}`);
        const name = messageId({ subscription: after.subscription, number: after.message });
        const kind = kinds.get(after.subscription) ?? 'feed';
        waits[kind].push((answered.get(name) ?? epochMs(now())) - epochMs(after.due));
        counts.told += 1;
      }
      const [first] = deliveries;
      if (first === undefined) return;
      counts.messages += 1;
      if (kinds.get(first.after.subscription) === 'feed') counts.offered += 1;
    },
  });
  const reminders = workQueue<RemindingTold>(here(ADDRESSING), (some) => Promise.all(some.map(flow.address)), failed);
  const shipments = workQueue<Shipment>(
    here(SENDING),
    (some) =>
      Promise.all(
        some.map((one) => {
          if (one.subscription === hanging) counts.hanging += 1;
          else counts.attempts += 1;
          return flow.send(one);
        }),
      ),
    failed,
  );
  const compose = async (at: Instant, some?: readonly Wake[]): Promise<void> => {
    const from = epochMs(now());
    const woken = some && [...new Set(some.map(({ receiver }) => receiver))];
    await flow.compose({ at, outOfTime: () => epochMs(now()) - from > CALL_MS, ...(woken && { woken }) });
  };
  const wakes = workQueue<Wake>(
    here(COMPOSING),
    (some) =>
      compose(
        some
          .map(({ at }) => at)
          .sort()
          .at(-1) ?? now(),
        some,
      ),
    failed,
  );

  console.error(`set up in ${Math.round((performance.now() - began) / 1000)} s`);
  started = performance.now();
  const cpu = process.cpuUsage();
  let minute = 0;
  const schedule = setInterval(() => {
    minute += 1;
    compose(plusMs(OPENING, minute * MINUTE_MS)).catch((error: unknown) => failed('compose', error));
  }, MINUTE_MS / SPEED);
  const opening = openPeriods({
    ...{ store: dynamoDutyStore(county), county, cadences: cadencesOf(county, OPENING) },
    whyOf: (colour) => whyCheck(policyFor(county, OPENING), colour),
    opened: () => ({ advance: async () => undefined }),
    bus: {
      publish: async (told) => {
        for (const one of told) reminders.add(one);
        return [];
      },
    },
  });
  for (const cadence of CADENCES) await opening(cadence, OPENING);
  while (counts.told < expected) {
    if (epochMs(now()) - epochMs(OPENING) > LONGEST_MS) throw new Error(`${counts.told} of ${expected} were told`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  clearInterval(schedule);
  const { user, system } = process.cpuUsage(cpu);
  const busy = (user + system) / 1000 / (performance.now() - started);
  const repeated = receivers.got.filter(({ isTaken }) => isTaken).length - (counts.messages - counts.offered);
  const over = receivers.got.filter(({ code }) => code === 45009 || code === 130101 || code === 11232).length;
  return {
    ...{ reminders: made * 4, subscriptions: made, receivers: places.size, waits, over, repeated, busy },
    ...{ messages: counts.messages, attempts: counts.attempts },
    hanging: { reminders: hanging === undefined ? 0 : 4, attempts: counts.hanging },
  };
}

const found = await morning(process.argv.includes('hanging'));
process.stdout.write(`${JSON.stringify(found)}\n`, () => process.exit(0));
