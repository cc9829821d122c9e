/**
 * What a hazard takes from the round that finds it to its end: request units of every call of every function on its way, and the states
 * that its execution enters, counted on the emulator from the execution's history and beside it by walking the definition.
 */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, GetExecutionHistoryCommand, SFNClient } from '@aws-sdk/client-sfn';
import { epochMs, type Instant, instant, plusDays } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { type Hazard, isOpen } from '../../shared/domain/hazard.ts';
import { commandId, evidenceKey, type HazardId, hazardId } from '../../shared/domain/ids.ts';
import type { Outcome } from '../../workflows/hazard-rectification/contract.ts';
import { runName } from '../../workflows/hazard-rectification/contract.ts';
import { type TaskMock, walk } from '../support/asl-runner.ts';
import { definitionOf } from '../support/definitions.ts';
import { type Given, life, pathOf, people } from '../support/hazard-api.ts';
import { enterprise, photo } from '../support/hazard-case.ts';
import { county } from '../support/tokens.ts';
import { noUnits, sumUnits, type Units } from './meter.ts';
import { PRICES } from './prices.ts';
import { registered } from './register.ts';
import { EVIDENCE_BUCKET, type Stand } from './stand.ts';
import { printTable } from './table.ts';

/** A general hazard as it ought to go: graded, given to somebody, cured, accepted by another. */
const STRAIGHT: readonly Given[] = [
  ['wang', '03-02T10:00', 'GradeHazard', { level: 'general' }],
  ['wang', '03-02T10:05', 'AssignRectification', { rectifier: 'li' }],
  ['li', '03-06T10:00', 'SubmitRectification', { account: '已更换', evidence: [photo('new')], spentFen: 5000 }],
  ['zhao', '03-06T16:00', 'AcceptRectification', { note: '现场核查' }],
];

const LIVES = [
  { name: 'a general hazard, straight', found: instant('2026-03-02T09:00:00+08:00'), steps: STRAIGHT },
  { name: 'a major hazard, the whole way', found: instant('2026-03-02T09:30:00+08:00'), steps: life('a major one') },
] as const;

/** Step Functions says of an execution what it is; the bench asks again after so long. */
const POLL_MS = 20;
const DAY_MS = 86_400_000;
const PATIENCE_MS = 30_000;

export interface LifeCosts {
  readonly name: string;
  /** What the report adds to the round that it is part of. */
  readonly reported: Units;
  readonly commands: Units;
  readonly relayed: Units;
  readonly opened: Units;
  readonly all: Units;
  readonly requests: number;
  readonly relays: number;
  readonly waits: number;
  readonly events: number;
  /** Of them, those of which reminders come. */
  readonly reminding: number;
  readonly transitions: number;
  /** From the report to the last command. */
  readonly days: number;
  readonly photographs: number;
  readonly ledgerBytes: number;
  readonly hazardBytes: number;
}

const minus = (a: Units, b: Units): Units => ({
  write: a.write - b.write,
  reported: a.reported - b.reported,
  read: a.read - b.read,
  bytesRead: a.bytesRead - b.bytesRead,
  requests: a.requests - b.requests,
});

const callerOf = (who: Given[0]): Caller => ({ ...people[who], county }) as Caller;

/** What was written in a body as a key of evidence. */
function photographsIn(body: unknown): string[] {
  if (typeof body === 'string') return evidenceKey.is(body) ? [body] : [];
  return typeof body === 'object' && body !== null ? Object.values(body).flatMap(photographsIn) : [];
}

async function standing(stand: Stand, id: HazardId): Promise<{ hazard: Hazard; version: number }> {
  const { dynamoHazardStore } = await import('../../shared/data/hazard-store.ts');
  const stored = await stand.meter.under('(the bench)', () => dynamoHazardStore.load(county, id));
  if (stored === undefined) throw new Error(`${id} is not there`);
  return stored;
}

/** Waits for what other processes bring about. */
export async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !(await isSo()); ) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${PATIENCE_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const sfn = () => new SFNClient({});

async function statesEntered(executionArn: string): Promise<number> {
  let entered = 0;
  let nextToken: string | undefined;
  do {
    const page = await sfn().send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, nextToken }));
    entered += (page.events ?? []).filter(({ type }) => type?.endsWith('StateEntered')).length;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return entered;
}

/** How many states the definition enters for a case that goes through these stages, by the runner of the tests. */
async function statesWalked(id: HazardId, stages: readonly Hazard['stage'][]): Promise<number> {
  const definition = definitionOf('hazard-rectification');
  const [first = 'registered', ...told] = stages;
  const next: TaskMock = (): Outcome => {
    const stage = told.shift();
    if (stage === undefined) throw new Error('the definition waits where the case has ended');
    return { stage, overdue: false };
  };
  const tasks = Object.fromEntries(
    Object.entries(definition.States).flatMap(([name, { Type }]) => (Type === 'Task' ? [[name, next]] : [])),
  );
  const input = { hazard: id, generation: 1, attempt: 0, stage: first, overdue: false };
  return (await walk(definition, input, { tasks })).path.length;
}

async function live(
  stand: Stand,
  name: string,
  found: Instant,
  steps: readonly Given[],
  nos: readonly string[],
): Promise<LifeCosts> {
  const { ask, relay, meter, lastWait, stateMachineArn } = stand;
  const round = (at: Instant, nth: string, hazards: readonly object[]) => {
    const [first, ...others] = nos;
    const normal = (riskNo: string | undefined) => ({ riskNo, result: 'normal', answers: 'yyyy' });
    const items = [
      hazards.length === 0 ? normal(first) : { ...normal(first), result: 'hazard', answers: 'nyyy', hazards },
      ...others.map(normal),
    ];
    const asked = { caller: callerOf('li'), at, id: commandId(`bench-${nth}-${name.replaceAll(/\W/g, '')}`) };
    return ask('round', 'submit-round', 'POST /v1/check-rounds', { ...asked, body: { checkedAt: at, items } });
  };
  await round(plusDays(found, -1), 'before', []);
  const without = meter.take('round');
  meter.putInto('Ledger');
  const before = { ledger: meter.stored('Ledger'), hazards: meter.stored('Hazards') };
  const finding = { name: '报警器失灵', description: '可燃气体报警器失灵', level: 'general', evidence: [photo('found')] };
  const answer = await round(found, 'found', [finding]);
  const reported = minus(meter.take('round'), without);
  const id = (answer.items as { hazards: string[] }[]).flatMap(({ hazards }) => hazards).map(hazardId)[0];
  if (id === undefined) throw new Error('the round opened no case');

  const arn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${runName({ hazard: id, generation: 1, attempt: 0 })}`;
  const stages: Hazard['stage'][] = [];
  let [relays, events, waits, reminding] = [0, 0, 0, 0];
  const tell = async (): Promise<void> => {
    const told = await relay('relay of a case');
    events += told.events;
    reminding += told.reminding;
    relays += 1;
    const { hazard } = await standing(stand, id);
    if (stages.at(-1) !== hazard.stage) {
      stages.push(hazard.stage);
      if (isOpen(hazard)) waits += 1;
    }
    await until(`${hazard.stage} of ${id}`, async () => {
      if (isOpen(hazard)) return lastWait(id)?.stage === hazard.stage;
      return (await sfn().send(new DescribeExecutionCommand({ executionArn: arn }))).status !== 'RUNNING';
    });
  };
  await tell();
  const photographs = photographsIn([finding, ...steps.map(([, , , body]) => body)]);
  for (const Key of photographs)
    await new S3Client({}).send(new PutObjectCommand({ Bucket: EVIDENCE_BUCKET, Key, Body: 'a photograph' }));
  let commands = noUnits;
  let lastAt = found;
  for (const [who, when, type, body = {}] of steps) {
    const { version } = await standing(stand, id);
    lastAt = instant(`2026-${when}:00+08:00`);
    const asked = { caller: callerOf(who), at: lastAt, params: { id } };
    await ask('command', 'serve-hazards', pathOf(type), { ...asked, body: { ...body, version } });
    commands = sumUnits(commands, meter.take('command'));
    await tell();
  }
  const [relayed, opened] = [meter.take('relay of a case'), meter.take('open-stage')];
  const transitions = await statesEntered(arn);
  const walked = await statesWalked(id, stages);
  const all = [reported, commands, relayed, opened].reduce(sumUnits);
  const dollars = ({ write, read }: Units) => (write * PRICES.writeUnit + read * PRICES.readUnit) * 1e6;
  const row = (what: string, times: number, units: Units) =>
    [what, times, units.write, units.read, units.reported, units.requests, dollars(units)] as const;
  printTable(
    `${name[0]?.toUpperCase()}${name.slice(1)}: request units of DynamoDB, indexes included`,
    ['', 'times', 'WRU', 'RRU', 'RRU reported', 'calls', '$ a million'],
    [
      row('its report, beyond the round it is part of', 1, reported),
      row('commands, through the API', steps.length, commands),
      row('relay: case and token read for each commit', relays, relayed),
      row('waits: token kept, case read', waits, opened),
      row('all', 1, all),
    ],
  );
  const agree = walked === transitions ? 'the same' : `BUT ${walked}`;
  console.log(
    `  State transitions: ${transitions} states entered in the execution's history on the emulator, ${agree} by walking the definition; $${(transitions * PRICES.stateTransition).toFixed(6)}.`,
  );
  if (walked !== transitions) process.exitCode = 1;
  return {
    ...{ name, reported, commands, relayed, opened, all, requests: steps.length, relays, waits, events, transitions },
    reminding,
    days: (epochMs(lastAt) - epochMs(found)) / DAY_MS,
    photographs: photographs.length,
    ledgerBytes: meter.stored('Ledger') - before.ledger,
    hazardBytes: meter.stored('Hazards') - before.hazards,
  };
}

export async function benchLifecycles(stand: Stand): Promise<readonly LifeCosts[]> {
  const nos = await registered(enterprise, 20, plusDays(LIVES[0].found, -1));
  const costs: LifeCosts[] = [];
  for (const { name, found, steps } of LIVES) costs.push(await live(stand, name, found, steps, nos));
  return costs;
}
