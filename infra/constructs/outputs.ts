import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { ServiceFunction } from './service-function.ts';

/** What operators and the local cloud need to find their way in a stack. */
export function tell(stack: Stack, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) new CfnOutput(stack, `${name}Name`, { key: name, value });
}

/** Queues by their names: `ShipmentsUrl`. */
export const urlsOf = (queues: readonly IQueue[]): Record<string, string> =>
  Object.fromEntries(queues.map(({ node, queueUrl }) => [`${node.id}Url`, queueUrl]));

/** Functions by their names: `SendMessageFunction`. */
export const namesOf = (functions: readonly ServiceFunction[]): Record<string, string> =>
  Object.fromEntries(functions.map(({ node, function: fn }) => [`${node.id}Function`, fn.functionName]));
