import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Deployment, stageName } from '../deployments/deployment.ts';
import { fail } from './deployment-of.ts';

export interface FunctionCall {
  /** The stack that tells its name, without the county's: `Service`. */
  readonly stack: string;
  /** As that stack tells it: `ReconcileCasesFunction`. */
  readonly output: string;
  readonly payload: object;
  /** A minute more than the function has. */
  readonly patienceMs: number;
}

/** Calls a function of a deployed county once and prints what it answered; whether it failed is the exit code. */
export async function callFunction(deployment: Deployment, { stack, output, payload, patienceMs }: FunctionCall): Promise<void> {
  const place = deployment.region === undefined ? {} : { region: deployment.region };
  const StackName = `${stageName(deployment)}-${stack}`;
  const { Stacks = [] } = await new CloudFormationClient(place).send(new DescribeStacksCommand({ StackName }));
  const FunctionName = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === output)?.OutputValue;
  if (FunctionName === undefined) fail(`${StackName} does not tell its ${output}: deploy the county first.`);
  // Not tried again by itself: who called sees why it failed, and may call again.
  const lambda = new LambdaClient({ ...place, maxAttempts: 1, requestHandler: { requestTimeout: patienceMs } });
  const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }));
  console.log(Payload?.transformToString());
  process.exitCode = FunctionError === undefined ? 0 : 1;
}
