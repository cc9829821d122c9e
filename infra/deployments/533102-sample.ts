import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { deployment as real } from './533102.ts';
import type { Deployment } from './deployment.ts';

/** 瑞丽市 with synthetic data, for the local cloud and for trying out: nothing in it is worth keeping, and time is what a request says. */
export const deployment = {
  ...real,
  id: '533102-sample',
  partition: 'aws',
  simulation: true,
  isProtected: false,
  isTlsOnly: false,
  signIn: {
    issuer: 'http://127.0.0.1:4580',
    audience: 'dual-prevention-533102-sample',
    jwksUri: 'http://127.0.0.1:4580/jwks.json',
  },
  retention: { logs: RetentionDays.ONE_WEEK, importedFilesDays: 1 },
} as const satisfies Deployment;
