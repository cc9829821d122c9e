/** A deployed county as its users, its schedules and its operators reach it. */

import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import type { ExportRunInput } from '../../workflows/audit-export/contract.ts';
import { runOf } from '../../workflows/hazard-rectification/contract.ts';
import { type DrawRun, drawRunOf } from '../../workflows/inspection-draw/contract.ts';
import { deployment } from '../deployments/533102-sample.ts';
import type { Outputs } from './deploy.ts';
import type { Signer } from './issuer.ts';

export interface Whereabouts {
  readonly endpoint: string;
  readonly apiUrl: string;
  readonly outputs: Outputs;
}

export interface RunningCounty extends Whereabouts {
  /** By which an operator's commands find it, and nothing of the user's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** A signed token; the county is this one unless told. */
  token(caller: Omit<Caller, 'county'> & { readonly county?: Caller['county'] }): Promise<string>;
  /** Runs a function by its folder (`close-period`) as its schedule would, and answers what it answered. */
  invoke(folder: string, payload: unknown): Promise<unknown>;
  /** The cases for which an execution of the workflow runs now; one that has several stands here as often. */
  casesRunning(): Promise<string[]>;
  /** The same of draws. */
  drawsRunning(): Promise<DrawRun[]>;
  /** Has every bundle made that is due by then, as its schedule does, and waits for the end of it. */
  makeExports(at: Instant): Promise<void>;
  /** How much waits in the queues of reminders, or is just worked off: events to be addressed, receivers to be looked at. */
  remindersQueued(): Promise<number>;
  /** Those to whom something was sent, and how far each is. */
  receivers(): Promise<ReceiverSeen[]>;
}

const LOOK_MS = 200;

/** Of a receiver, as its table has it. */
const receiverItem = z.object({
  rev: z.number(),
  state: z.object({ underway: z.object({ subscription: z.string(), phase: z.string() }).optional() }),
});
export interface ReceiverSeen {
  /** Grows with each writing. */
  readonly rev: number;
  readonly underway?: { readonly subscription: string; readonly phase: string } | undefined;
}

/** The output that names a function: `serve-ledger` is told as `ServeLedgerFunction`. */
const outputOf = (folder: string): string =>
  `${folder.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())}Function`;

export function runningCounty(where: Whereabouts, environment: Readonly<Record<string, string>>, sign: Signer): RunningCounty {
  const county = countyCode(deployment.county);
  const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  const asOperator = {
    endpoint: where.endpoint,
    ...(region && { region }),
    ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey } }),
  };
  const [lambda, stepFunctions, sqs] = [new LambdaClient(asOperator), new SFNClient(asOperator), new SQSClient(asOperator)];
  const tables = DynamoDBDocumentClient.from(new DynamoDBClient(asOperator));
  const output = (name: string): string => {
    const value = where.outputs[name];
    if (value === undefined) throw new Error(`the county tells no ${name}`);
    return value;
  };
  /** The names of a workflow's executions that run. */
  const running = async (machine: string): Promise<string[]> => {
    const stateMachineArn = output(machine);
    const names: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await stepFunctions.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', nextToken }));
      names.push(...(page.executions ?? []).flatMap(({ name }) => name ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return names;
  };
  /** What waits in a queue, and what was taken from it and not done with. */
  const queued = async (queue: string): Promise<number> => {
    const asked = new GetQueueAttributesCommand({
      QueueUrl: output(queue),
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    });
    const { Attributes = {} } = await sqs.send(asked);
    return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  };
  return {
    ...where,
    environment,
    token: (caller) => sign({ county, ...caller }),
    invoke: async (folder, payload) => {
      const FunctionName = where.outputs[outputOf(folder)];
      if (FunctionName === undefined) throw new Error(`the county has no function ${folder}`);
      const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }));
      const text = answer.Payload?.transformToString() ?? '';
      if (answer.FunctionError !== undefined) throw new Error(`${folder} failed: ${text}`);
      return text === '' ? undefined : JSON.parse(text);
    },
    casesRunning: async () => (await running('StateMachineArn')).map((name) => runOf(name)?.hazard ?? name),
    // Who addresses an event asks that a receiver be looked at before he is done with it: so in this order nothing slips through.
    remindersQueued: async () => (await queued('RemindersUrl')) + (await queued('WakesUrl')),
    receivers: async () => {
      const asked = new QueryCommand({
        TableName: output('ChannelsTable'),
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :receivers AND begins_with(sk, :budget)',
        ExpressionAttributeValues: { ':receivers': `${county}#RECEIVERS`, ':budget': 'BUDGET#' },
      });
      const { Items = [] } = await tables.send(asked);
      return Items.map((item) => {
        const { rev, state } = receiverItem.parse(item);
        return { rev, underway: state.underway };
      });
    },
    makeExports: async (at) => {
      const input: ExportRunInput = { at, asked: [] };
      const started = new StartExecutionCommand({
        stateMachineArn: output('ExportStateMachineArn'),
        input: JSON.stringify(input),
      });
      const { executionArn } = await stepFunctions.send(started);
      for (;;) {
        const { status, cause } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
        if (status === 'SUCCEEDED') return;
        if (status !== 'RUNNING') throw new Error(`making exports ended as ${status}: ${cause}`);
        await pause(LOOK_MS);
      }
    },
    drawsRunning: async () => (await running('DrawStateMachineArn')).flatMap((name) => drawRunOf(name) ?? []),
  };
}
