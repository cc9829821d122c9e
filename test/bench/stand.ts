/**
 * What the bench runs against: an emulator of its own with a county's tables and the real state machine, and the functions' own handlers
 * in this process, so that every call of the tables is counted and every handler's time is taken.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, type Projection } from '@aws-sdk/client-dynamodb';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Context } from 'aws-lambda';
import { deployment } from '../../infra/deployments/533102.ts';
import { freePort, startEmulator } from '../../infra/local/emulator.ts';
import { startIssuer } from '../../infra/local/issuer.ts';
import { python } from '../../infra/local/setup.mjs';
import { randomnessOf } from '../../infra/stacks/service/randomness.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import type { CommandId } from '../../shared/domain/ids.ts';
import { isReminding } from '../../shared/domain/reminding.ts';
import type { OpenStage } from '../../workflows/hazard-rectification/contract.ts';
import { apiCall } from '../support/api-call.ts';
import { county } from '../support/tokens.ts';
import type { Meter } from './meter.ts';

const TABLES = {
  REGISTER_TABLE: 'Register',
  HAZARDS_TABLE: 'Hazards',
  INSPECTIONS_TABLE: 'Inspections',
  LEDGER_TABLE: 'Ledger',
  CHANNELS_TABLE: 'Channels',
  EXPORTS_TABLE: 'Exports',
  PERSONAL_TABLE: 'Personal',
} as const;
/** Indexes that do not hold all of an item, as the state stack has them. */
const HOLDING_LESS: Readonly<Record<string, Projection>> = {
  'Channels byAbout': { ProjectionType: 'KEYS_ONLY' },
  'Channels openByDue': { ProjectionType: 'INCLUDE', NonKeyAttributes: ['receiver'] },
  'Channels waiting': { ProjectionType: 'KEYS_ONLY' },
};
const AUDIENCE = 'bench';
export const EVIDENCE_BUCKET = 'bench';
const ROLE = 'arn:aws:iam::000000000000:role/bench';
const DEFINITION = new URL('../../workflows/hazard-rectification/hazard-rectification.asl.json', import.meta.url);

export interface Asked {
  readonly caller: Caller;
  readonly at: Instant;
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  readonly id?: CommandId;
}

type Api = 'submit-round' | 'serve-checks' | 'serve-hazards';

export interface Stand {
  readonly meter: Meter;
  readonly stateMachineArn: string;
  /** Calls an API function as API Gateway would; what it charges is counted under `name`, and so is its time. */
  ask(name: string, api: Api, routeKey: string, asked: Asked): Promise<Record<string, unknown>>;
  /** Hands the relay what was written to the ledger since; answers how many records and events those were, and how many of them remind. */
  relay(name: string): Promise<{ readonly records: number; readonly events: number; readonly reminding: number }>;
  /** The wait that an execution of the case began last. */
  lastWait(hazard: string): OpenStage | undefined;
  /** Times the work under a name. */
  timed<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Milliseconds of every handler that ran under a name. */
  times(name: string): readonly number[];
}

async function createTables(): Promise<void> {
  const tables = await import('../../shared/data/tables.ts');
  const { channelsTable, exportsTable, hazardsTable, inspectionsTable, ledgerTable, personalTable, registerTable } = tables;
  const client = new DynamoDBClient({});
  const all = [registerTable, hazardsTable, inspectionsTable, ledgerTable, channelsTable, exportsTable, personalTable];
  for (const table of all) {
    const indexes = Object.entries(
      (table.indexes ?? {}) as Record<string, { partitionKey: { name: string }; sortKey: { name: string } }>,
    );
    const names = new Set(['pk', 'sk', ...indexes.flatMap(([, { partitionKey, sortKey }]) => [partitionKey.name, sortKey.name])]);
    const keys = (hash: string, range: string) => [
      { AttributeName: hash, KeyType: 'HASH' as const },
      { AttributeName: range, KeyType: 'RANGE' as const },
    ];
    await client.send(
      new CreateTableCommand({
        TableName: table.getName(),
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [...names].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: keys('pk', 'sk'),
        ...(indexes.length > 0 && {
          GlobalSecondaryIndexes: indexes.map(([IndexName, { partitionKey, sortKey }]) => ({
            IndexName,
            KeySchema: keys(partitionKey.name, sortKey.name),
            Projection: HOLDING_LESS[`${table.getName()} ${IndexName}`] ?? { ProjectionType: 'ALL' },
          })),
        }),
      }),
    );
  }
}

/** A function that hands what it is called with to this process. */
async function createFunction(folder: string, name: string, address: string): Promise<string> {
  const code = join(folder, 'index.mjs');
  const body = "{ method: 'POST', body: JSON.stringify(event) }";
  writeFileSync(
    code,
    `export const handler = async (event) => {\n  const answer = await fetch('${address}/${name}', ${body});\n` +
      '  if (!answer.ok) throw new Error(await answer.text());\n  return answer.json();\n};\n',
  );
  const zip = join(folder, `${name}.zip`);
  const zipped = spawnSync(python, ['-m', 'zipfile', '-c', zip, code], { encoding: 'utf8' });
  if (zipped.status !== 0) throw new Error(`no zip: ${zipped.stderr}`);
  const { FunctionArn } = await new LambdaClient({}).send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: ROLE,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: readFileSync(zip) },
    }),
  );
  if (FunctionArn === undefined) throw new Error(`the emulator made no function ${name}`);
  return FunctionArn;
}

async function createMachine(functions: Readonly<Record<'OpenStage' | 'EscalateHazard', string>>): Promise<string> {
  const definition = readFileSync(DEFINITION, 'utf8')
    .replaceAll('${Partition}', 'aws')
    .replaceAll('${OpenStageFunctionArn}', functions.OpenStage)
    .replaceAll('${EscalateHazardFunctionArn}', functions.EscalateHazard);
  const made = await new SFNClient({}).send(new CreateStateMachineCommand({ name: 'bench', definition, roleArn: ROLE }));
  if (made.stateMachineArn === undefined) throw new Error('the emulator made no state machine');
  return made.stateMachineArn;
}

const context = { getRemainingTimeInMillis: () => 900_000, awsRequestId: 'bench', functionName: 'bench' } as unknown as Context;

type Closing = () => Promise<unknown>;

async function open(folder: string, closings: Closing[]): Promise<Stand> {
  const emulator = await startEmulator({ folder, port: await freePort(), enforceIam: false });
  closings.push(emulator.stop);
  const address = `http://127.0.0.1:${await freePort()}`;
  const issuer = await startIssuer({ address, audience: AUDIENCE, keyFile: join(folder, 'issuer.pem') });
  closings.push(issuer.stop);
  Object.assign(process.env, TABLES, {
    AWS_ENDPOINT_URL: emulator.endpoint,
    AWS_ENDPOINT_URL_S3: emulator.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    COUNTY: county,
    ISSUER: address,
    AUDIENCE,
    JWKS_URI: `${address}/jwks.json`,
    SIMULATION: 'true',
    EVIDENCE_BUCKET,
    DRAWS_BUCKET: EVIDENCE_BUCKET,
    RANDOMNESS: randomnessOf(deployment),
    BUS_NAME: 'default',
    POWERTOOLS_DEV: 'false',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
  await createTables();
  await new S3Client({}).send(new CreateBucketCommand({ Bucket: EVIDENCE_BUCKET }));
  const { QueueUrl } = await new SQSClient({}).send(new CreateQueueCommand({ QueueName: 'bench' }));
  Object.assign(process.env, { RELAY_DEAD_LETTERS_URL: QueueUrl, RECORDED_WITHIN_MINUTES: '1' });
  Object.assign(process.env, { SHIPMENTS_QUEUE_URL: QueueUrl, WAKES_QUEUE_URL: QueueUrl, APP_URL: 'https://app.example.cn' });
  const { documentClient } = await import('../../shared/data/tables.ts');
  const { meter: meterOf } = await import('./meter.ts');
  const meter = meterOf(documentClient);
  const taken = new Map<string, number[]>();
  const timed = <T>(name: string, work: () => Promise<T>): Promise<T> =>
    meter.under(name, async () => {
      const began = performance.now();
      const result = await work();
      taken.set(name, [...(taken.get(name) ?? []), performance.now() - began]);
      return result;
    });

  const { handler: openStage } = await import('../../functions/open-stage/handler.ts');
  const waits = new Map<string, OpenStage>();
  const port = await freePort();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const wait = JSON.parse(Buffer.concat(parts).toString()) as OpenStage;
      timed('open-stage', () => openStage(wait, context)).then(
        (answer) => {
          waits.set(wait.hazard, wait);
          response.end(JSON.stringify(answer));
        },
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  closings.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const here = `http://127.0.0.1:${port}`;
  const stateMachineArn = await createMachine({
    OpenStage: await createFunction(folder, 'open-stage', here),
    EscalateHazard: await createFunction(folder, 'escalate-hazard', here),
  });
  // No draw is opened here, so no run of one is looked for under a name that this machine could have.
  Object.assign(process.env, { STATE_MACHINE_ARN: stateMachineArn, DRAW_STATE_MACHINE_ARN: stateMachineArn });
  const { handler: relayLedger } = await import('../../functions/relay-ledger/handler.ts');
  const apis = {
    'submit-round': (await import('../../functions/submit-round/handler.ts')).handler,
    'serve-checks': (await import('../../functions/serve-checks/handler.ts')).handler,
    'serve-hazards': (await import('../../functions/serve-hazards/handler.ts')).handler,
  } as const;
  const commands = { last: 0 };

  return {
    meter,
    stateMachineArn,
    timed,
    times: (name) => taken.get(name) ?? [],
    lastWait: (hazard) => waits.get(hazard),
    async ask(name, api, routeKey, { caller, at, id, ...call }) {
      const token = await issuer.sign(caller);
      const headers = { 'x-simulated-at': at, 'idempotency-key': id ?? `bench-command-${++commands.last}` };
      const answer = await timed(name, () => apiCall(apis[api])(routeKey, { token, headers, ...call }));
      if (answer.status >= 300) throw new Error(`${routeKey}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body as Record<string, unknown>;
    },
    async relay(name) {
      const items = meter.putInto(TABLES.LEDGER_TABLE);
      const Records = items.map((item, index) => ({
        dynamodb: { SequenceNumber: String(index + 1), NewImage: marshall(item, { removeUndefinedValues: true }) },
      }));
      const { batchItemFailures } = await timed(name, () => relayLedger({ Records }, context));
      if (batchItemFailures.length > 0) throw new Error('the relay could not tell all of it');
      const events = items.filter(({ _et }) => _et === 'EVENT');
      const reminding = events.filter(({ type }) => isReminding(String(type))).length;
      return { records: items.length, events: events.length, reminding };
    },
  };
}

/** Starts all of it, lets it be used, and leaves nothing running, also when it is interrupted. */
export async function withStand(signal: AbortSignal, use: (stand: Stand) => Promise<void>): Promise<void> {
  signal.throwIfAborted();
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const closings: Closing[] = [];
  const interrupted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  try {
    await Promise.race([interrupted, open(folder, closings).then(use)]);
  } finally {
    for (const close of closings.reverse()) await close();
    rmSync(folder, { recursive: true, force: true });
  }
}
