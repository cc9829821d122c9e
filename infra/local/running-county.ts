/** A deployed county as its users, its schedules and its operators reach it. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { Caller } from '../../shared/domain/caller.ts';
import { countyCode } from '../../shared/domain/ids.ts';
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
  /** A signed token; the county is this one unless told. */
  token(caller: Omit<Caller, 'county'> & { readonly county?: Caller['county'] }): Promise<string>;
  /** Runs a function by its folder (`close-period`) as its schedule would, and answers what it answered. */
  invoke(folder: string, payload: unknown): Promise<unknown>;
  /** The cases for which an execution of the workflow runs now; one that has several stands here as often. */
  casesRunning(): Promise<string[]>;
  /** The same of draws. */
  drawsRunning(): Promise<DrawRun[]>;
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
  const [lambda, stepFunctions] = [new LambdaClient(asOperator), new SFNClient(asOperator)];
  /** The names of a workflow's executions that run. */
  const running = async (output: string): Promise<string[]> => {
    const stateMachineArn = where.outputs[output];
    if (stateMachineArn === undefined) throw new Error(`the county has no workflow ${output}`);
    const names: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await stepFunctions.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', nextToken }));
      names.push(...(page.executions ?? []).flatMap(({ name }) => name ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return names;
  };
  return {
    ...where,
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
    drawsRunning: async () => (await running('DrawStateMachineArn')).flatMap((name) => drawRunOf(name) ?? []),
  };
}
