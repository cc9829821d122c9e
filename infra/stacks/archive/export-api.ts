import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { routes } from '../../../functions/serve-exports/api.ts';
import { environment as serveExports } from '../../../functions/serve-exports/environment.ts';
import { route } from '../../constructs/api.ts';
import type { Workflow } from '../../constructs/workflow.ts';
import { type ArchiveShared, LOCKED_BUNDLES, REQUESTED_BUNDLES } from './shared.ts';

/**
 * What auditors and the county's offices ask of exports, as routes of the county's API. It alone reads what stands as commitments, and takes
 * it away; it puts nothing into the archive.
 */
export class ExportApi extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { state, functions, settings, http, workflow }: ArchiveShared & { readonly http: HttpApi; readonly workflow: Workflow },
  ) {
    super(scope, id);
    const { archive, requests } = state;
    const serving = functions
      .add('serve-exports', {
        does: 'Keeps audits, hands out exports and salts, and takes personal data away.',
        reads: serveExports,
        settings: { ...settings, EXPORT_STATE_MACHINE_ARN: workflow.stateMachine.stateMachineArn },
        timeout: Duration.seconds(15),
      })
      .mayUse(state.exports, ['GetItem', 'PutItem', 'Query'])
      .mayRecord(state, ['GetItem', 'Query'])
      .mayUse(state.personal, ['BatchGetItem', 'Query'])
      .mayUse(state.register, ['GetItem', 'PutItem', 'Query'])
      .mayUse(state.hazards, ['GetItem', 'PutItem'])
      .mayUse(state.inspections, ['GetItem', 'PutItem'])
      .mayUse(state.channels, ['GetItem', 'PutItem'])
      .mayKeep(requests, ['GetObject'], REQUESTED_BUNDLES)
      .maySeeWhatIsMissing(archive)
      .maySeeWhatIsMissing(requests);
    for (const kind of [...LOCKED_BUNDLES, REQUESTED_BUNDLES]) serving.mayKeep(archive, ['GetObject'], kind);
    workflow.mayBeStartedBy(serving).mayBeDescribedBy(serving);
    route(this, http, serving, routes);
  }
}
