/**
 * Ten thousand reminders of one morning, with a receiver that hangs and without: how long after they were due the others have theirs. And
 * what a reminder takes of the tables, alone and merged, counted on the emulator.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Address } from '../../shared/channels/channel.ts';
import { type Instant, instant, periodAt, periodName, plusMs, windowOf } from '../../shared/domain/calendar.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { riskNo, type SubscriptionId } from '../../shared/domain/ids.ts';
import { limitMs } from '../../shared/domain/limit.ts';
import type { Shipment, Wake } from '../../shared/domain/message.ts';
import type { PeriodOpened } from '../../shared/domain/notice.ts';
import type { Owner } from '../../shared/domain/owner.ts';
import { SEND_TIMEOUT_MS } from '../../shared/domain/receiver.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { policyFor, whyCheck } from '../../shared/policy/load.ts';
import { county } from '../support/tokens.ts';
import { ownerNumber } from './county.ts';
import { noUnits, sumUnits, type Units } from './meter.ts';
import { POINTS_PER_PAGE, PRICES } from './prices.ts';
import type { Morning } from './reminder-run.ts';
import type { Stand } from './stand.ts';
import { figure, printTable } from './table.ts';

const RUN = fileURLToPath(new URL('./reminder-run.ts', import.meta.url));
const OPENING = instant('2026-06-01T08:00:00+08:00');
const MINUTE_MS = 60_000;

/** A morning in a process of its own, whose tables are in its memory. */
function morning(signal: AbortSignal, ...words: readonly string[]): Promise<Morning> {
  const child = spawn(process.execPath, ['--no-warnings', '--import', 'tsx', RUN, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  const [parts, faults]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.stderr.on('data', (part: Buffer) => faults.push(part));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve(JSON.parse(Buffer.concat(parts).toString()) as Morning);
      else reject(new Error(`the morning ${words.join(' ')} failed\n${Buffer.concat(faults)}`));
    });
  });
}

/** In seconds: so many of a hundred have theirs by then. */
const by = (waits: readonly number[], percent: number): number => {
  const sorted = [...waits].sort((a, b) => a - b);
  return figure((sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN) / 1000);
};

/** Both mornings side by side, each in its process. */
export async function benchReminders(signal: AbortSignal): Promise<void> {
  const [without, hanging] = await Promise.all([morning(signal), morning(signal, 'hanging')]);
  const bound = limitMs(policyFor(county, OPENING).reminders.sending.within) / 1000;
  const both = (what: string, of: (one: Morning) => number) => [what, of(without), of(hanging)] as const;
  const all = ({ waits }: Morning): readonly number[] => Object.values(waits).flat();
  const kinds = Object.keys(without.waits) as (keyof Morning['waits'])[];
  printTable(
    `${without.reminders.toLocaleString('en')} reminders of one morning, by requests to local robots and apps; the others' reminders, from due to received`,
    ['', 'all answer', 'one hangs'],
    [
      both('subscriptions', ({ subscriptions }) => subscriptions),
      both('receivers', ({ receivers }) => receivers),
      both('reminders received', (one) => all(one).length),
      both('half of them within, s', (one) => by(all(one), 50)),
      both('99 of 100 within, s', (one) => by(all(one), 99)),
      both('all within, s', (one) => by(all(one), 100)),
      ['the policy has them within, s', bound, bound],
      ...kinds.map((kind) => both(`99 of 100 of ${kind} within, s`, ({ waits }) => by(waits[kind], 99))),
      both('messages', ({ messages }) => messages),
      both('reminders merged into others', (one) => all(one).length - one.messages),
      both('attempts', ({ attempts }) => attempts),
      both('messages that came twice', ({ repeated }) => repeated),
      both('robots over their limit', ({ over }) => over),
      both('attempts at the one that hangs', ({ hanging: { attempts } }) => attempts),
      both('reminders that wait for it', ({ hanging: { reminders } }) => reminders),
      both('% of a processor busy', ({ busy }) => Math.round(busy * 100)),
    ],
  );
  const isKept = by(all(hanging), 99) <= bound && by(all(without), 99) <= bound;
  if (!isKept || without.over + hanging.over > 0) throw new Error('reminders were late, or a robot was over its limit');
}

const NOS = Array.from({ length: POINTS_PER_PAGE }, (_, index) => riskNo(`R${String(index + 1).padStart(3, '0')}`));

/** What the bus tells as the periods of an enterprise open. */
const opened = (owner: Owner): PeriodOpened[] => {
  const cadences = cadencesOf(county, OPENING);
  const policy = policyFor(county, OPENING);
  return COLOURS.map((colour) => {
    const cadence = cadences[colour];
    const period = periodAt(cadence, OPENING);
    return {
      ...{ id: `OPEN#${county}#${colour}#${period}#${owner}`, type: 'PeriodOpened', at: OPENING, county, colour, owner, cadence },
      ...{ period: periodName(cadence, period), ...windowOf(cadence, period), due: NOS.length, places: [{ points: NOS }] },
      why: whyCheck(policy, colour),
    };
  });
};

const STEPS = ['addressed', 'composed', 'sent', 'settled'] as const;

/** What one message takes, from the bus to the end of its deliveries and the relay of what was recorded of it. */
export interface MessageCosts {
  readonly reminders: number;
  readonly units: Units;
  /** Calls of functions, and how long they take together. */
  readonly calls: number;
  readonly ms: number;
  /** What of it goes through queues: from the bus, wakes and shipments. */
  readonly queued: number;
  readonly decrypts: number;
  readonly events: number;
  readonly bytes: number;
}

/** The first loads what the others find loaded, and is not counted. */
const SIZES = [1, 1, 2, 4] as const;

/** Request units of reminders that go in one message, step by step. */
export async function benchReminderUnits(stand: Stand): Promise<readonly MessageCosts[]> {
  const { enterpriseWithDuties, subscribed } = await import('./reminder-county.ts');
  const { reminderFlow } = await import('./reminder-flow.ts');
  const { startReceivers } = await import('../support/receivers/receivers.ts');
  const { channelOf } = await import('../../shared/channels/all.ts');
  const { receiverOfAddress } = await import('../../shared/channels/receiver-of-address.ts');
  let now: Instant = OPENING;
  const receivers = await startReceivers({ clock: () => now });
  const rows: (string | number)[][] = [];
  const found: MessageCosts[] = [];
  const stored = (): number => stand.meter.stored('Channels') + stand.meter.stored('Ledger');
  try {
    for (const [index, reminders] of SIZES.entries()) {
      now = OPENING;
      const no = 950_000 + index;
      const owner = ownerNumber(no);
      const real = receivers.wecom(`bench ${no}`);
      const address = channelOf('wecom')?.readAddress(real.address, real.secret, true);
      if (address === undefined || 'says' in address) throw new Error(`not an address: ${real.address}`);
      await enterpriseWithDuties(owner, OPENING);
      const place = { receiver: receiverOfAddress('wecom', address.url), address };
      const { id } = await subscribed({ owner, channel: 'wecom', place }, no, OPENING);
      const shipments: Shipment[] = [];
      const wakes: Wake[] = [];
      let told = 0;
      const flow = reminderFlow({
        ...{
          now: () => now,
          patienceMs: SEND_TIMEOUT_MS,
          addresses: new Map<SubscriptionId, Address>([[id, address]]),
        },
        ...{ shipped: (one) => shipments.push(one), woken: (one) => wakes.push(one), answered: () => undefined },
        saved: ({ deliveries = [] }) => {
          told += deliveries.length;
        },
        failed: (what, error) => {
          throw new Error(`${what}: ${String(error)}`);
        },
      });
      const outOfTime = () => false;
      const work: Readonly<Record<(typeof STEPS)[number], () => Promise<unknown>>> = {
        addressed: () => Promise.all(opened(owner).slice(0, reminders).map(flow.address)),
        composed: () => flow.compose({ at: now, woken: [place.receiver], outOfTime }),
        sent: () => Promise.all(shipments.map(flow.send)),
        settled: () => flow.compose({ at: now, woken: wakes.map(({ receiver }) => receiver), outOfTime }),
      };
      const units: Units[] = [];
      let ms = 0;
      const last = (name: string): number => stand.times(name).at(-1) ?? Number.NaN;
      stand.meter.putInto('Ledger');
      const before = stored();
      for (const step of STEPS) {
        await stand.timed(step, work[step]);
        ms += last(step);
        units.push(stand.meter.take(step));
        now = plusMs(now, step === 'addressed' ? 10 * MINUTE_MS : 1_000);
      }
      if (told !== reminders) throw new Error(`${told} of ${reminders} reminders were told`);
      const sum = units.reduce(sumUnits, noUnits);
      if (index === 0) continue;
      const { records, events } = await stand.relay('relay of a message');
      found.push({
        ...{ reminders, units: sumUnits(sum, stand.meter.take('relay of a message')), events, bytes: stored() - before },
        // An event is a call of addressing; composing before and after the attempt, the attempt, the relay.
        calls: reminders + 1 + shipments.length + wakes.length + (records > 0 ? 1 : 0),
        ms: ms + last('relay of a message'),
        queued: reminders + shipments.length + wakes.length,
        decrypts: shipments.length * (1 + address.secrets.length),
      });
      const dollars = (sum.write * PRICES.writeUnit + sum.read * PRICES.readUnit) / reminders;
      const steps = units.map(({ write, read }) => `${write} + ${read}`);
      rows.push([reminders, ...steps, sum.write / reminders, sum.read / reminders, sum.requests / reminders, dollars * 1e6]);
    }
  } finally {
    await receivers.stop();
  }
  printTable(
    'Reminders in one message to a robot: request units of DynamoDB, written + read, indexes included',
    ['reminders', ...STEPS, 'WRU each', 'RRU each', 'calls each', '$ a million'],
    rows,
  );
  return found;
}
