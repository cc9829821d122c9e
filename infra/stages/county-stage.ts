import { Stage, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type Deployment, stageName } from '../deployments/deployment.ts';
import { ArchiveStack } from '../stacks/archive-stack.ts';
import { MessagingStack } from '../stacks/messaging-stack.ts';
import { ServiceStack } from '../stacks/service-stack.ts';
import { StateStack } from '../stacks/state-stack.ts';

/** One county: what it must never lose, what can be made again, what tells people, and what seals and exports it all. */
export class CountyStage extends Stage {
  readonly state: StateStack;
  readonly service: ServiceStack;
  readonly messaging: MessagingStack;
  readonly archive: ArchiveStack;

  constructor(scope: Construct, deployment: Deployment) {
    const { account, region } = deployment;
    super(scope, stageName(deployment), { env: { ...(account && { account }), ...(region && { region }) } });
    this.state = new StateStack(this, 'State', { deployment });
    this.service = new ServiceStack(this, 'Service', { deployment, state: this.state });
    this.messaging = new MessagingStack(this, 'Messaging', { deployment, state: this.state, service: this.service });
    this.archive = new ArchiveStack(this, 'Archive', { deployment, state: this.state, service: this.service });
    Tags.of(this).add('county', deployment.county);
    Tags.of(this).add('installation', deployment.id);
  }
}
