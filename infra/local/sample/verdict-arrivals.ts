/** Whether what the ledger says was told came where it had to, as it was, in time, and in nobody's night: message by message. */
import { epochMs, type Instant, later, plusMs } from '../../../shared/domain/calendar.ts';
import type { CountedMessage, CountedSubscription } from './counted-subscriptions.ts';
import type { Line } from './receiving.ts';
import type { ReminderFindings, SaidDelivery, SaidSubscription } from './verdict-reminders.ts';

export interface QuietTimes {
  readonly from: string;
  readonly until: string;
}
const ZONE_MS = 28_800_000;
const MINUTE_MS = 60_000;

const timeOf = (at: Instant): string => plusMs(at, ZONE_MS).slice(11, 16);
export const isQuiet = (at: Instant, { from, until }: QuietTimes): boolean => {
  const time = timeOf(at);
  return from <= until ? from <= time && time < until : time >= from || time < until;
};
const endOfQuiet = (at: Instant, quiet: QuietTimes): Instant => {
  let end = at;
  for (let minute = 0; minute < 1440 && isQuiet(end, quiet); minute++) end = plusMs(end, MINUTE_MS);
  return end;
};

/** A message that the ledger says was told, and what its receiver got of it. */
interface Arrival {
  readonly one: CountedSubscription;
  readonly message: CountedMessage;
  readonly line: Line | undefined;
}

/** The feed that only tests go through is heard, not kept. */
export const isPulse = ({ messages }: Pick<CountedSubscription, 'messages'>): boolean =>
  messages.every(({ reminders }) => reminders.every((reminder) => reminder.startsWith('test:')));

const isOf = (line: Line, { id }: CountedSubscription, { number, sha256, isAgain }: CountedMessage): boolean =>
  line.sha256 === sha256 &&
  (line.webhookId === undefined || line.webhookId === `msg_${id}_${number}`) &&
  (line.isRepeated ?? false) === isAgain;

/** Each message with the line that has its very body, each line once; and the lines that nobody told. */
function arrivalsOf({ recounted, received, receiverOf }: ReminderFindings): { arrivals: Arrival[]; strays: Line[] } {
  const left = new Set(received.filter(({ isTaken }) => isTaken));
  const arrivals = recounted
    .filter((one) => !isPulse(one))
    .flatMap((one) =>
      one.messages
        .filter(({ type }) => type !== 'MessageDead')
        .map((message): Arrival => {
          const line = [...left].find((each) => each.receiver === receiverOf(one.name) && isOf(each, one, message));
          if (line !== undefined) left.delete(line);
          return { one, message, line };
        }),
    );
  return { arrivals, strays: [...left] };
}

type Said = ReadonlyMap<string, SaidSubscription & { readonly each: ReadonlyMap<string, SaidDelivery> }>;

/** Standard Webhooks: how long after the attempt before each comes, in seconds; and up to a quarter more, so that not all come at once. */
const RESTS = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
const JITTER = 1.25;
/** So long nobody knows what became of one that was handed over. */
const LEASE_S = 120;

/** Until when what its receiver did not take excuses a message: by the rest that its attempts ask, or one lease for another's. */
function refusedUntil(lines: readonly Line[], { attempts }: CountedMessage, due: Instant, arrived: Instant): Instant | undefined {
  const last = lines
    .filter(({ isTaken, at }) => !isTaken && at >= due && at <= arrived)
    .map(({ at }) => at)
    .sort()
    .at(-1);
  const rest = attempts > 1 ? (RESTS[attempts - 1] ?? 0) * JITTER : LEASE_S;
  return last && plusMs(last, rest * 1000);
}

/** The latest instant at which it is in time: from when it was due, or could be sent, until the next call composes what is due then. */
function latestOf(
  { one, message }: Arrival,
  { due, isUrgent }: Pick<SaidDelivery, 'due' | 'isUrgent'>,
  arrived: Instant,
  quiet: QuietTimes,
  { received, receiverOf, composedBy, within }: ReminderFindings,
): Instant {
  const lines = received.filter(({ receiver }) => receiver === receiverOf(one.name));
  const refused = refusedUntil(lines, message, due, arrived);
  const anew = one.anew.filter((at) => at <= arrived);
  const from = [...anew, ...(refused === undefined ? [] : [refused])].reduce(later, due);
  const free = (at: Instant): Instant => (isUrgent ? at : endOfQuiet(at, quiet));
  const until = plusMs(composedBy(free(from)), within);
  const held = free(until);
  return held === until ? until : plusMs(composedBy(held), within);
}

const minutesOf = (from: Instant, until: Instant): number => Math.round((epochMs(until) - epochMs(from)) / MINUTE_MS);

function ofArrival(arrival: Arrival, said: Said, findings: ReminderFindings): string[] {
  const { one, message, line } = arrival;
  const where = findings.receiverOf(one.name);
  if (line === undefined)
    return [`${one.name}: the ledger tells of message ${message.number} at ${message.at}, and ${where} has nothing of it`];
  if (message.isAgain) return [];
  const arrived = line.platform === 'feed' ? message.at : later(line.at, message.at);
  const known = said.get(one.id);
  const quiet = known?.quiet ?? findings.quiet;
  const deliveries = message.reminders.flatMap((id) => known?.each.get(id) ?? []);
  const late = deliveries.filter((delivery) => arrived > latestOf(arrival, delivery, arrived, quiet, findings));
  const isCalm = deliveries.some(({ isUrgent }) => !isUrgent);
  const isDisturbing = line.platform !== 'feed' && isCalm && isQuiet(line.at, quiet);
  return [
    ...late.map(
      ({ reminder, due }) =>
        `${one.name} was told of ${reminder} at ${arrived}, ${minutesOf(due, arrived)} minutes after it was due`,
    ),
    ...(isDisturbing ? [`${where} was sent “${line.title ?? ''}” at ${line.at}, in the night`] : []),
    ...(line.links.length === 0 ? [`${where} was sent “${line.title ?? ''}” at ${line.at}, which leads nowhere`] : []),
  ];
}

/** Each message that was told has arrived once, as it was told and in time, and nothing else has arrived. */
export function ofArrivals(findings: ReminderFindings): string[] {
  const said: Said = new Map(
    findings.said.map((one) => [one.id, { ...one, each: new Map(one.deliveries.map((each) => [each.reminder, each])) }]),
  );
  const { arrivals, strays } = arrivalsOf(findings);
  return [
    ...arrivals.flatMap((arrival) => ofArrival(arrival, said, findings)),
    ...strays.map(
      ({ receiver, title = '', at, isRepeated }) =>
        `${receiver} got “${title}” at ${at}${isRepeated ? ' again' : ''}, of which the ledger tells nothing`,
    ),
  ];
}

/** What each platform allows in a minute, by its documents. */
const A_MINUTE: Partial<Readonly<Record<Line['platform'], number>>> = { wecom: 20, dingtalk: 20, feishu: 100 };
/** What they answer to who sends too much. */
const TOO_FAST = [45009, 130101, 11232];

export function ofRates({ received }: Pick<ReminderFindings, 'received'>): string[] {
  const refused = received
    .filter(({ code, status }) => status === 429 || (code !== undefined && TOO_FAST.includes(code)))
    .map(({ receiver, at }) => `${receiver} was sent too much at ${at}`);
  return [
    ...refused,
    ...[...new Set(received.map(({ receiver }) => receiver))].flatMap((receiver): string[] => {
      const lines = received.filter((line) => line.receiver === receiver);
      const most = A_MINUTE[lines[0]?.platform ?? 'feed'];
      const times = lines.map(({ at }) => at).sort();
      const over = times.find((at, index) => most !== undefined && (times[index + most] ?? '~') < plusMs(at, 60_000));
      return over === undefined ? [] : [`${receiver} was sent more than ${most} messages in the minute from ${over} on`];
    }),
  ];
}
