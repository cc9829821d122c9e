import { Duration, Fn, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { NAMESPACE } from '../../../shared/runtime/metric-line.ts';
import type { ServiceFunction } from '../../constructs/service-function.ts';
import { acknowledgeWildcard } from '../../constructs/wildcard.ts';
import type { Deployment } from '../../deployments/deployment.ts';
import { type Shared, settingsOf } from '../service/shared.ts';
import type { ServiceStack } from '../service-stack.ts';
import type { StateStack } from '../state-stack.ts';

/** A key of KMS by its ARN, a provided one by the name of its secret. */
const signingKeys = ({ sealing }: Deployment, { sealKeys }: StateStack): readonly string[] =>
  sealing.map((key) => (key.signer === 'kms' ? (sealKeys.get(key.generation)?.keyArn ?? '') : `secret:${key.secret}`));

/** What functions of the archive may read from their environment beside what every function may. */
export const archiveSettings = (deployment: Deployment, state: StateStack, { bus, api }: ServiceStack) => ({
  ...settingsOf(deployment, state, bus),
  EXPORTS_TABLE: state.exports.tableName,
  ARCHIVE_BUCKET: state.archive.bucketName,
  REQUESTS_BUCKET: state.requests.bucketName,
  TIMESTAMPING: JSON.stringify(deployment.timestamping ?? null),
  SIGNING_KEYS: JSON.stringify(signingKeys(deployment, state)),
  LOG_ORIGIN: `${deployment.logHost ?? Fn.select(2, Fn.split('/', api.http.apiEndpoint))}/${deployment.county}`,
});

/** What the parts of the archive have in common. */
export interface ArchiveShared extends Omit<Shared, 'settings'> {
  readonly settings: ReturnType<typeof archiveSettings>;
}

/** A metric of the county's log and its bundles. */
export const measuredOf =
  ({ county }: Deployment) =>
  (metricName: string, statistic: string): Metric =>
    new Metric({
      ...{ namespace: NAMESPACE, metricName, statistic, period: Duration.minutes(5) },
      dimensionsMap: { County: county },
    });

/** Where bundles lie: under lock what the calendar makes, in the other bucket what somebody asked for, and under lock its manifest alone. */
export const LOCKED_BUNDLES = ['day', 'month'] as const;
export const REQUESTED_BUNDLES = 'requested';
/** Parts of a bundle that is being written, in the other bucket too. */
export const UNDER_WORK = 'working';

/** Lets a function sign the log: nobody else may. */
export function maySeal<Name extends string>(
  fn: ServiceFunction<Name>,
  { sealing }: Deployment,
  { sealKeys }: StateStack,
): ServiceFunction<Name> {
  const keys = [...sealKeys.values()].map(({ keyArn }) => keyArn);
  if (keys.length > 0) fn.may(['kms:GetPublicKey', 'kms:Sign'], ...keys);
  for (const key of sealing.filter(({ signer }) => signer === 'provided')) {
    if (key.signer === 'kms') continue;
    const secret = Stack.of(fn).formatArn({ service: 'secretsmanager', resource: `secret:${key.secret}-??????` });
    acknowledgeWildcard(fn, secret, 'The service ends the name of every secret in six characters of its own.');
    fn.may(['secretsmanager:GetSecretValue'], secret);
  }
  return fn;
}
