import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { routes } from '../../../functions/serve-exchange/api.ts';
import { environment as serveExchange } from '../../../functions/serve-exchange/environment.ts';
import { route } from '../../constructs/api.ts';
import type { ArchiveShared } from './shared.ts';

/** What platforms and other counties send of the provincial exchange tables, as routes of the county's API. It changes nothing of the register. */
export class ExchangeApi extends Construct {
  constructor(scope: Construct, id: string, { state, functions, settings, http }: ArchiveShared & { readonly http: HttpApi }) {
    super(scope, id);
    const serving = functions
      .add('serve-exchange', {
        does: 'Takes rows of the exchange tables in, and says what is missing between them and the register.',
        reads: serveExchange,
        settings,
        timeout: Duration.seconds(15),
      })
      .mayUse(state.exports, ['GetItem', 'PutItem', 'Query'])
      .mayUse(state.register, ['GetItem', 'Query'])
      .mayUse(state.hazards, [], ['byOwner'])
      .mayRecord(state, ['GetItem']);
    route(this, http, serving, routes);
  }
}
