import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpRoute, HttpRouteKey, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Route } from '../../shared/runtime/route.ts';
import type { Alarms } from './alarms.ts';
import type { ServiceFunction } from './service-function.ts';

/** The part of a route that a gateway needs. */
export type Address = Pick<Route, 'method' | 'path'>;

export interface ApiProps {
  readonly says: string;
  readonly served: readonly { readonly by: ServiceFunction; readonly routes: readonly Address[] }[];
  readonly logRetention: RetentionDays;
}

// Far above what a county's people do (about 100,000 checks on its busiest day, in rounds), far below what would hurt its neighbours.
const REQUESTS_PER_SECOND = 200;
const BURST = 400;

/** No body, no token, no person: who called stands in the ledger if it changed anything. */
const LOGGED = JSON.stringify({
  requestId: '$context.requestId',
  at: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  bytes: '$context.responseLength',
  fault: '$context.integrationErrorMessage',
});

/** The HTTP API: exactly the routes that the functions declare, and no catch-all. */
export class Api extends Construct {
  readonly http: HttpApi;

  constructor(scope: Construct, id: string, { says, served, logRetention }: ApiProps) {
    super(scope, id);
    this.http = new HttpApi(this, 'Http', { description: says, createDefaultStage: false });
    const accessLog = new LogGroup(this, 'AccessLog', { retention: logRetention, removalPolicy: RemovalPolicy.RETAIN });
    new HttpStage(this, 'Stage', {
      httpApi: this.http,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: REQUESTS_PER_SECOND, burstLimit: BURST },
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: AccessLogFormat.custom(LOGGED) },
    });
    for (const { by, routes } of served) route(this, this.http, by, routes);
  }

  raise(alarms: Alarms): void {
    alarms.raise('ApiFaults', {
      metric: this.http.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' }),
      says: 'The API has answered with a fault (status 5xx) five times in five minutes.',
      answeredBy: 'The API answers with faults',
      atLeast: 5,
    });
  }
}

/** Gives routes of an API to a function, which may stand in another stack than the API. */
export function route(scope: Construct, http: HttpApi, by: ServiceFunction, routes: readonly Address[]): void {
  const integration = new HttpLambdaIntegration(by.node.id, by.function, { scopePermissionToRoute: false });
  for (const { method, path } of routes) {
    const added = new HttpRoute(scope, `${method} ${path}`.replaceAll('/', ':'), {
      httpApi: http,
      routeKey: HttpRouteKey.with(path, HttpMethod[method]),
      integration,
    });
    Validations.of(added).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'The function verifies the OIDC token itself (shared/runtime/api-handler.ts), since any issuer of a county has to do and aws-cn asks a licence for authorizers. The documentation holds no data, and what lies under /public was published to everybody.',
    });
  }
}
