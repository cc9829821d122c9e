import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { deployment as real } from './533102.ts';
import type { Deployment } from './deployment.ts';

/**
 * 瑞丽市 with synthetic data, for the local cloud and for trying out: nothing in it is worth keeping, and time is what a request says. What it
 * seals is locked as a real county's is: in an account of AWS its archive could not be deleted for years.
 */
export const deployment = {
  ...real,
  id: '533102-sample',
  partition: 'aws',
  simulation: true,
  isProtected: false,
  isTlsOnly: false,
  receivers: { allowsLoopback: true },
  signIn: {
    issuer: 'http://127.0.0.1:4580',
    audience: 'dual-prevention-533102-sample',
    jwksUri: 'http://127.0.0.1:4580/jwks.json',
  },
  // Made up, and of this machine: its tokens prove nothing but that bundles hold them and openssl reads them.
  timestamping: { name: '本机时间戳（虚构）', url: 'http://127.0.0.1:4580/timestamp' },
  // Like 双色球: six of 33 red balls and one of 16 blue, on Tuesdays, Thursdays and Sundays at 21:15.
  randomness: [
    {
      type: 'numbers',
      name: 'ssq',
      ordered: false,
      shape: [
        [6, 1, 33],
        [1, 1, 16],
      ],
      days: [2, 4, 7],
      time: '21:15',
    },
  ],
  logHost: 'log.533102-sample.example', // the same on every port
  retention: { logs: RetentionDays.ONE_WEEK, importedFilesDays: 1 },
} as const satisfies Deployment;
