import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { routes } from '../../../functions/serve-channels/api.ts';
import { environment as serveChannels } from '../../../functions/serve-channels/environment.ts';
import { route } from '../../constructs/api.ts';
import type { MessagingShared } from './shared.ts';

/** What people ask of channels, as routes of the county's API. Who pastes an address here cannot have it read back: nobody here may decrypt. */
export class ChannelApi extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { state, functions, settings, queues, http }: MessagingShared & { readonly http: HttpApi },
  ) {
    super(scope, id);
    const { channels, register, channelKey } = state;
    const serving = functions
      .add('serve-channels', {
        does: 'Keeps subscriptions and answers who was told what and when.',
        reads: serveChannels,
        settings,
        timeout: Duration.seconds(15),
      })
      .mayUse(channels, ['GetItem', 'BatchGetItem', 'PutItem', 'DeleteItem', 'Query'], ['byScope', 'byAbout', 'waiting'])
      .mayUse(register, ['GetItem'])
      .mayRecord(state, ['GetItem'])
      .may(['kms:Encrypt'], channelKey.keyArn)
      .may(['sqs:SendMessage'], queues.wakes.queue.queueArn);
    route(this, http, serving, routes);
  }
}
