/** What a county costs in a month: the counts of the other benches, times the prices. */

import { HOURLY } from '../../functions/reconcile-ledger/compare-log.ts';
import type { Times } from '../../infra/constructs/scheduled-function.ts';
import { MEMORY_MB } from '../../infra/constructs/service-function.ts';
import { deployment } from '../../infra/deployments/533102.ts';
import { GATHERED_SHARE, RECONCILIATION_TIMES as LOG_TIMES } from '../../infra/stacks/archive/sealing.ts';
import { ANNOUNCEMENT_TIMES } from '../../infra/stacks/messaging/addressing.ts';
import { COMPOSE_TIMES } from '../../infra/stacks/messaging/composing.ts';
import { RECONCILIATION_TIMES, SWEEP_TIMES } from '../../infra/stacks/service/case-times.ts';
import { DRAW_SWEEP_TIMES, GRID_TIMES, TASK_SWEEP_TIMES } from '../../infra/stacks/service/draw-times.ts';
import { closingTimes, openingTimes } from '../../infra/stacks/service/period-times.ts';
import { TILE } from '../../shared/archive/paths.ts';
import { CADENCES, type Cadence, instant, periodAt } from '../../shared/domain/calendar.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { ofType, synthesise } from '../support/synthesised.ts';
import { county } from '../support/tokens.ts';
import { callsPerMonth } from './calls-per-month.ts';
import type { LifeCosts } from './lifecycle.ts';
import type { PeriodCosts } from './periods.ts';
import {
  AIMS,
  CHECKS_PER_MESSAGE,
  COUNTY_POINTS,
  DAYS_PER_MONTH,
  HAZARDS_PER_CHECK,
  MAJOR_SHARE,
  MIX,
  NEAR_PER_HAZARD,
  PAGES_PER_MISS,
  PHOTO_BYTES,
  POINTS_PER_PAGE,
  PRICES,
  PROVINCE_POINTS,
  QUEUE_POLL_SECONDS,
  QUEUE_POLLERS,
  ROUND_POINTS,
  STILL_OPEN_SHARE,
  STREAM_SHARDS,
  SUBSCRIPTIONS_PER_OWNER,
  WORKING_SECONDS,
} from './prices.ts';
import type { MessageCosts } from './reminders.ts';
import type { RoundCosts } from './rounds.ts';
import type { SealingCosts, SealUse } from './sealing.ts';
import type { Stand } from './stand.ts';
import { middle, printTable } from './table.ts';
import type { WatchCosts } from './watch.ts';

/** What is charged for, by whom, at which price. */
const CHARGED = {
  writes: { service: 'DynamoDB', what: 'write units', price: PRICES.writeUnit },
  reads: { service: 'DynamoDB', what: 'read units', price: PRICES.readUnit },
  tableGb: { service: 'DynamoDB', what: 'GB stored, with recovery', price: PRICES.tableGbMonth },
  calls: { service: 'Lambda', what: 'requests', price: PRICES.lambdaRequest },
  gbSeconds: { service: 'Lambda', what: 'GB-seconds', price: PRICES.lambdaGbSecond },
  requests: { service: 'HTTP API', what: 'requests', price: PRICES.httpApiRequest },
  transitions: { service: 'Step Functions', what: 'state transitions', price: PRICES.stateTransition },
  schedules: { service: 'Scheduler', what: 'invocations', price: PRICES.schedule },
  busEvents: { service: 'EventBridge bus', what: 'events', price: PRICES.busEvent },
  queueRequests: { service: 'SQS', what: 'requests', price: PRICES.queueRequest },
  keyRequests: { service: 'KMS', what: 'requests', price: PRICES.keyRequest },
  signatures: { service: 'KMS', what: 'signatures', price: PRICES.signature },
  puts: { service: 'S3', what: 'PUT', price: PRICES.put },
  gets: { service: 'S3', what: 'GET', price: PRICES.get },
  bucketGb: { service: 'S3', what: 'GB stored', price: PRICES.bucketGbMonth },
} as const;
type Resource = keyof typeof CHARGED;
type Use = Readonly<Partial<Record<Resource, number>>>;
const RESOURCES = Object.keys(CHARGED) as Resource[];

const sum = (...uses: readonly Use[]): Use =>
  Object.fromEntries(RESOURCES.map((resource) => [resource, uses.reduce((total, use) => total + (use[resource] ?? 0), 0)]));
const times = (use: Use, factor: number): Use =>
  Object.fromEntries(RESOURCES.map((resource) => [resource, (use[resource] ?? 0) * factor]));
const dollars = (use: Use): number =>
  RESOURCES.reduce((total, resource) => total + (use[resource] ?? 0) * CHARGED[resource].price, 0);

const GB = 1e9;
/** Every item of these tables that grows stands in one index as a whole too. */
const WITH_INDEX = 2;

/** What goes through a queue is sent, received and deleted; that several come in one request is not reckoned with. */
const REQUESTS_PER_QUEUED = 3;
/** Reminders, wakes and shipments. */
const QUEUES = 3;

/** Periods of a cadence in a month, over a year. */
const perMonth = (cadence: Cadence): number =>
  (periodAt(cadence, instant('2027-06-17T00:00:00+08:00')) - periodAt(cadence, instant('2026-06-17T00:00:00+08:00'))) / 12;

export interface Counted {
  readonly round: RoundCosts;
  readonly periods: readonly PeriodCosts[];
  readonly lives: readonly LifeCosts[];
  readonly watch: WatchCosts;
  readonly messages: readonly MessageCosts[];
  readonly sealing: SealingCosts;
}

/** Batches of the stream in a month: of each shard those in which there is something. Rare events come one by one. */
function sealingCalls(events: number, windowSeconds: number): number {
  const windows = WORKING_SECONDS / windowSeconds;
  return windows * STREAM_SHARDS * (1 - Math.exp(-events / windows / STREAM_SHARDS));
}

/** A month of a county of `COUNTY_POINTS`, by what it is spent on. */
function monthOf({ round, periods, lives, watch, messages, sealing }: Counted, stand: Stand) {
  const at = instant('2026-06-17T08:00:00+08:00');
  const cadences = cadencesOf(county, at);
  const compute = (name: string): Use => lambda(middle(stand.times(name)));
  const lambda = (ms: number): Use => ({ calls: 1, gbSeconds: ((ms / 1000) * MEMORY_MB) / 1024 });

  const largest = periods.at(-1);
  const [general, major] = lives;
  if (largest === undefined || general === undefined || major === undefined) throw new Error('nothing was counted');
  const every = CADENCES.filter((cadence) => COLOURS.some((colour) => cadences[colour] === cadence));
  const share = (cadence: Cadence): number =>
    (COLOURS.filter((colour) => cadences[colour] === cadence).reduce((all, colour) => all + MIX[colour], 0) * COUNTY_POINTS) /
    largest.points;
  const calls = (of: ReturnType<typeof openingTimes>, cadence: Cadence): number =>
    of.filter(({ payload }) => payload?.cadence === cadence).reduce((all, { expression }) => all + callsPerMonth(expression), 0);
  const opens = openingTimes(every, policyFor(county, at).reminders.checks.at);
  const closes = closingTimes(every);
  const scheduling = every.flatMap((cadence) => {
    const of = share(cadence);
    const [opened, closed] = [calls(opens, cadence), calls(closes, cadence)];
    return [
      times({ ...lambda(largest.openingMs * of), reads: largest.opening.read * of, schedules: 1 }, opened),
      times({ ...lambda(largest.closingMs * of), reads: largest.closing.read * of, schedules: 1 }, closed),
      times({ writes: largest.closing.write * of }, perMonth(cadence)),
    ];
  });
  const { beforeEnd } = policyFor(county, at).reminders.checks;
  const opened = every.reduce((all, cadence) => all + largest.notices * share(cadence) * calls(opens, cadence), 0);
  const ending = every.filter((cadence) => beforeEnd[cadence] !== undefined);
  /** Whoever is told of an ending is found by a look at all that is open. */
  const looks = ending.map((cadence) => {
    const of = share(cadence);
    return times(
      { reads: largest.opening.read * of, gbSeconds: lambda(largest.openingMs * of).gbSeconds ?? 0 },
      perMonth(cadence),
    );
  });

  const checks = COLOURS.reduce((all, colour) => all + MIX[colour] * COUNTY_POINTS * perMonth(cadences[colour]), 0);
  const rounds = checks / ROUND_POINTS;
  const checking = [
    { reads: round.read.read, requests: 1, ...compute('read duties') },
    { writes: round.submitted.write, reads: round.submitted.read, requests: 1, ...compute('round') },
    { reads: round.relayed.read, busEvents: round.events, ...compute('relay of a round') },
    { tableGb: (round.ledgerBytes * WITH_INDEX) / GB },
  ].map((use) => times(use, rounds));

  const hazards = checks * HAZARDS_PER_CHECK;
  const kinds = [
    { life: general, number: hazards * (1 - MAJOR_SHARE) },
    { life: major, number: hazards * MAJOR_SHARE },
  ];
  /** The round that reports it is counted with the checks, its relay and its event too. */
  const curing = kinds.map(({ life, number }) =>
    times(
      sum(
        { writes: life.all.write, reads: life.all.read, transitions: life.transitions, busEvents: life.events - 1 },
        { requests: life.requests },
        times(compute('command'), life.requests),
        times(compute('relay of a case'), life.relays - 1),
        times(compute('open-stage'), life.waits),
        times({ ...compute('slot'), requests: 1, puts: 1, bucketGb: PHOTO_BYTES / GB }, life.photographs),
        { tableGb: ((life.ledgerBytes + life.hazardBytes) * WITH_INDEX) / GB },
      ),
      number,
    ),
  );
  const openAtOnce = kinds.reduce((all, { life, number }) => all + (number * life.days) / DAYS_PER_MONTH, 0) / watch.cases;
  const monthly = (of: Times): number => of.reduce((all, { expression }) => all + callsPerMonth(expression), 0);
  const [sweeps, reconciliations] = [monthly(SWEEP_TIMES), monthly(RECONCILIATION_TIMES)];
  const reconciled = lambda(middle(stand.times('reconciliation')) * openAtOnce);
  const watching = [
    times({ reads: watch.sweep.read, schedules: 1, ...compute('sweep') }, sweeps),
    times({ reads: watch.reconciliation.read * openAtOnce, schedules: 1, queueRequests: 1, ...reconciled }, reconciliations),
  ];
  const { draws } = watch;
  const drawing = [
    times({ reads: draws.sweep.read, schedules: 1, ...compute('sweep of draws') }, monthly(DRAW_SWEEP_TIMES)),
    times({ reads: draws.tasks.read, schedules: 1, ...compute('sweep of tasks') }, monthly(TASK_SWEEP_TIMES)),
    times({ reads: draws.grid.read, schedules: 1, ...compute('look at the grid') }, monthly(GRID_TIMES)),
  ];
  const pages = checks / POINTS_PER_PAGE;
  /** An enterprise has points of the most frequent colour at least. */
  const enterprises = (Math.max(...COLOURS.map((colour) => MIX[colour])) * COUNTY_POINTS) / POINTS_PER_PAGE;
  const ended = ending.reduce((all, cadence) => all + largest.notices * share(cadence) * perMonth(cadence), 0) * STILL_OPEN_SHARE;
  const listed = enterprises * policyFor(county, at).reminders.monthlyList.before.length * STILL_OPEN_SHARE;
  const near = hazards * NEAR_PER_HAZARD;
  const cases = kinds.reduce((all, { life, number }) => all + number * life.reminding, 0);
  const told = { checks: opened + ended, others: listed + near + cases + pages / PAGES_PER_MISS };
  const reminders = {
    merged: told.checks * SUBSCRIPTIONS_PER_OWNER,
    alone: told.others * SUBSCRIPTIONS_PER_OWNER,
  };
  const message = (of: number): MessageCosts => {
    const costs = messages.find((one) => one.reminders === of);
    if (costs === undefined) throw new Error(`no message of ${of} was counted`);
    return costs;
  };
  const delivering = [
    { one: message(CHECKS_PER_MESSAGE), number: reminders.merged / CHECKS_PER_MESSAGE },
    { one: message(1), number: reminders.alone },
  ].map(({ one, number }) => {
    const { units, calls: called, ms, queued, decrypts, events, bytes } = one;
    const compute = { calls: called, gbSeconds: lambda(ms).gbSeconds ?? 0 };
    const messaging = { queueRequests: queued * REQUESTS_PER_QUEUED, keyRequests: decrypts, busEvents: events };
    return times(
      { writes: units.write, reads: units.read, ...compute, ...messaging, tableGb: (bytes * WITH_INDEX) / GB },
      number,
    );
  });
  const openCases = openAtOnce * watch.cases;
  const { none, cases: withCases } = watch.announcement;
  const announcement = none.read + ((withCases.read - none.read) * openCases) / watch.cases;
  const waking = [
    times(
      { reads: announcement, writes: withCases.write, schedules: 1, ...compute('announcement') },
      monthly(ANNOUNCEMENT_TIMES),
    ),
    times({ reads: watch.composition.read, schedules: 1, ...compute('composition') }, monthly(COMPOSE_TIMES)),
    ...looks,
  ];
  const events = sum(...checking, ...curing, ...delivering).busEvents ?? 0;
  const { within } = policyFor(county, at).exports.seal;
  const sealed = sealingCalls(events, within.minutes * 60 * GATHERED_SHARE);
  const ofSealing = ({ units, puts, gets, ms }: SealUse): Use => ({
    ...{ writes: units.write, reads: units.read, puts, gets, gbSeconds: lambda(ms).gbSeconds ?? 0 },
  });
  const kept = { tableGb: sealing.tableBytes / GB, bucketGb: sealing.archiveBytes / GB };
  const sealingAll = [
    times({ ...ofSealing(sealing.call), calls: 1, signatures: 1 }, sealed),
    times({ ...sum(ofSealing(sealing.event), kept, { reads: sealing.compared.read }) }, events),
    times({ reads: sealing.again.read }, events * 24), // each day in its fortnight, every fourteen hours
    times({ reads: sealing.entry.read }, (HOURLY.newest + HOURLY.round) * TILE * monthly(LOG_TIMES)),
    { schedules: monthly(LOG_TIMES), calls: monthly(LOG_TIMES) },
  ];
  const polls = (QUEUES * QUEUE_POLLERS * DAYS_PER_MONTH * 86_400) / QUEUE_POLL_SECONDS;
  const keeping = { tableGb: (round.registerBytes * COUNTY_POINTS * WITH_INDEX) / GB };
  return {
    checks,
    hazards,
    reminders: reminders.merged + reminders.alone,
    messages: reminders.merged / CHECKS_PER_MESSAGE + reminders.alone,
    events,
    checkpoints: sealed,
    uses: {
      'scheduling: opening and closing periods': sum(...scheduling),
      'reminders: notices on the bus': { busEvents: opened + ended + listed + near } as Use,
      'reminders: from the bus to their receivers': sum(...delivering),
      'reminders: looks each five minutes and each minute': sum(...waking),
      'reminders: polls of queues that are empty': { queueRequests: polls } as Use,
      'checks: what is due, rounds, their relay': sum(...checking),
      'hazards: cases, executions, photographs': sum(...curing),
      'watching: deadlines, reconciliation': sum(...watching),
      'inspections: sweeps while no draw is open, the grid': sum(...drawing),
      'sealing what was recorded, the hourly comparison': sum(...sealingAll),
      'keeping the register': keeping as Use,
    },
  };
}

export function printCosts(counted: Counted, stand: Stand): void {
  const { checks, hazards, reminders, messages, events, checkpoints, uses } = monthOf(counted, stand);
  const province = PROVINCE_POINTS / COUNTY_POINTS;
  const all = sum(...Object.values(uses));
  const whole = (value: number) => Math.round(value).toLocaleString('en');
  const money = (value: number) => (value * 1).toFixed(value < 0.1 ? 4 : 2);
  const rows = RESOURCES.map((resource) => {
    const { service, what, price } = CHARGED[resource];
    const used = all[resource] ?? 0;
    const number = used < 100 ? used.toFixed(2) : whole(used);
    return [service, what, number, money(used * price), money(used * price * province)];
  });
  const total = dollars(all);
  printTable(
    `A month of a county of ${whole(COUNTY_POINTS)} risk points (${whole(checks)} checks, ${whole(hazards)} hazards) and of ${whole(province)} such counties, in US dollars`,
    ['service', 'what', 'a month', `$ / ${whole(COUNTY_POINTS)}`, `$ / ${whole(PROVINCE_POINTS)}`],
    [...rows, ['all', '', '', money(total), money(total * province)]],
  );
  const aimOf = (aim: number, cost: number) => `≤ ${aim}: ${cost <= aim ? 'met' : 'missed'}`;
  const first = Object.keys(uses)[0];
  printTable(
    'The same by what it is spent on',
    ['', `$ / ${whole(COUNTY_POINTS)}`, `$ / ${whole(PROVINCE_POINTS)}`, 'aim'],
    [
      ...Object.entries(uses).map(([name, use]) => {
        const cost = dollars(use) * province;
        return [name, money(cost / province), money(cost), name === first ? aimOf(AIMS.scheduling, cost) : ''];
      }),
      ['everything', money(total), money(total * province), aimOf(AIMS.everything, total * province)],
    ],
  );
  const reminding = Object.entries(uses).filter(([name]) => name.startsWith('reminders'));
  const spent = reminding.reduce((cost, [, use]) => cost + dollars(use), 0);
  const { dollars: aim, number } = AIMS.reminders;
  const perMore = ((dollars(uses['reminders: from the bus to their receivers']) / reminders) * number).toFixed(2);
  console.log(
    `  Reminders: ${whole(reminders * province)} in ${whole(messages * province)} messages a month per ${whole(PROVINCE_POINTS)} points, $${money(spent * province)}, and $${perMore} for ${whole(number)} more of them (${aimOf(aim, spent * province)}). Of it, in dollars:`,
  );
  for (const [name, use] of reminding) {
    const parts = RESOURCES.map((resource) => ({ resource, cost: (use[resource] ?? 0) * CHARGED[resource].price * province }));
    const largest = parts.filter(({ cost }) => cost >= 0.005).sort((a, b) => b.cost - a.cost);
    const said = largest.map(({ resource, cost }) => `${CHARGED[resource].service} ${CHARGED[resource].what} $${money(cost)}`);
    console.log(`    ${name.replace('reminders: ', '')}: ${said.join(', ')}`);
  }
  const sealingCost = dollars(uses['sealing what was recorded, the hourly comparison']) * province;
  console.log(
    `  Sealing: ${whole(events * province)} events in ${whole(checkpoints * province)} checkpoints a month per ${whole(PROVINCE_POINTS)} points, $${money(sealingCost)}, $${money((sealingCost / events / province) * 1e6)} a million events.`,
  );
  const growth = times(
    { tableGb: (all.tableGb ?? 0) - (uses['keeping the register'].tableGb ?? 0), bucketGb: all.bucketGb ?? 0 },
    province,
  );
  console.log(
    `  Stored is what one month adds, beside the register: kept for good, each further month adds $${money(dollars(growth))} a month per ${whole(PROVINCE_POINTS)} points.`,
  );
  const { service } = synthesise(deployment);
  const [alarms, dashboards] = ['Alarm', 'Dashboard'].map((of) => ofType(service, `AWS::CloudWatch::${of}`).length);
  console.log(
    `  Compute: each handler's median, of a message one run, on this machine against the emulator, at ${MEMORY_MB} MB. Not counted: cold starts, logs, a county's ${alarms} alarms and ${dashboards} dashboard (each is charged by the month, whatever the county does), the key of draws (charged by the month too), draws and inspections themselves, whose writes, files and state transitions are some dozens for each of a few hundred visits a month, data transfer, readers in offices, corrections.`,
  );
}
