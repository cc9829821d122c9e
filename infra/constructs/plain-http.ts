import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Says why a bucket or a queue of a local cloud lets callers in that do not use TLS. */
export function acknowledgePlainHttp(scope: IConstruct, rule: 'AwsSolutions-S10' | 'AwsSolutions-SQS4'): void {
  Validations.of(scope).acknowledge({
    id: rule,
    reason: 'A local cloud answers on the loopback without a certificate, and holds nothing but synthetic data.',
  });
}
