/** Every county's installation in one synthesis. The only place that reads the environment or context; constructs are told. */
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { isRoundPolicyFresh } from '../shared/policy/compile.ts';
import { deployments } from './deployments/all.ts';
import type { Deployment } from './deployments/deployment.ts';
import { CountyStage } from './stages/county-stage.ts';

if (!isRoundPolicyFresh()) {
  throw new Error('shared/policy was changed since shared/policy/round-policy.json was made from it: run npm run policy');
}

const app = new App();

/**
 * The local sign-in may have to move when its port is taken (`--context issuer=…`), and the time-stamp authority beside it; the local witness has a key
 * of its own on each machine (`--context witness=…`). No real county can be told any of it so.
 */
const issuer: unknown = app.node.tryGetContext('issuer');
const witness: unknown = app.node.tryGetContext('witness');
const placed = (deployment: Deployment): Deployment => {
  if (!deployment.simulation) return deployment;
  const { signIn, timestamping } = deployment;
  return {
    ...deployment,
    ...(typeof issuer === 'string' && {
      signIn: { ...signIn, issuer, jwksUri: `${issuer}/jwks.json` },
      ...(timestamping && { timestamping: { ...timestamping, url: `${issuer}/timestamp` } }),
    }),
    ...(typeof witness === 'string' && { witnesses: [witness] }),
  };
};

/** What is done to one county need not wait until all are synthesised and validated (`--context only=…`). */
const only: unknown = app.node.tryGetContext('only');

for (const deployment of deployments.filter(({ id }) => only === undefined || only === id))
  new CountyStage(app, placed(deployment));
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
