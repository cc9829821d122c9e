/** `npm run reconcile -- 533102 [--republish FROM UNTIL]`: the reconciler of a county, at once; what it answers is printed. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { now } from '../../shared/runtime/clock.ts';
import { stageName } from '../deployments/deployment.ts';
import { deploymentOf, fail } from './deployment-of.ts';

const HOW = 'npm run reconcile -- 533102 --republish 2026-03-01T00:00:00+08:00 2026-03-01T06:00:00+08:00';
const PATIENCE_MS = 16 * 60_000; // a minute more than the function has

const [id, option, from, until] = process.argv.slice(2);
const deployment = deploymentOf('npm run reconcile', id);
if (option !== undefined && (option !== '--republish' || from === undefined || until === undefined)) fail(`As in: ${HOW}.`);

const place = deployment.region === undefined ? {} : { region: deployment.region };
const stack = `${stageName(deployment)}-Service`;
const { Stacks = [] } = await new CloudFormationClient(place).send(new DescribeStacksCommand({ StackName: stack }));
const name = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'ReconcileCasesFunction')?.OutputValue;
if (name === undefined) fail(`${stack} does not tell its reconciler: deploy the county first.`);

const payload = { at: now(), ...(from !== undefined && { republish: { from, until } }) };
// Not tried again by itself: a second reconciler beside the first does no harm, and no good.
const lambda = new LambdaClient({ ...place, maxAttempts: 1, requestHandler: { requestTimeout: PATIENCE_MS } });
const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(payload) }));
console.log(Payload?.transformToString());
process.exitCode = FunctionError === undefined ? 0 : 1;
