import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Deployment } from './deployment.ts';
import { quicknet } from './quicknet.ts';

export const deployment = {
  id: '533103',
  county: '533103',
  name: '芒市',
  partition: 'aws-cn',
  simulation: false,
  isProtected: true,
  isTlsOnly: true,
  receivers: { allowsLoopback: false },
  // A reserved name until the county names its sign-in: nobody gets in before that.
  signIn: {
    issuer: 'https://sign-in.533103.example',
    audience: 'dual-prevention-533103',
    jwksUri: 'https://sign-in.533103.example/jwks.json',
  },
  retention: { logs: RetentionDays.ONE_YEAR, importedFilesDays: 30 },
  randomness: [quicknet('aws-cn')],
  sealing: [{ signer: 'kms', generation: 1 }],
  features: { tracing: false },
} as const satisfies Deployment;
