import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import * as z from 'zod';
import { routes as ledgerRoutes } from '../../functions/serve-ledger/api.ts';
import { environment as serveLedger } from '../../functions/serve-ledger/environment.ts';
import type { Route } from '../../shared/runtime/route.ts';
import { Alarms } from '../constructs/alarms.ts';
import { type Address, Api } from '../constructs/api.ts';
import { CountyDashboard } from '../constructs/county-dashboard.ts';
import { ServiceFunction, type ServiceFunctionProps } from '../constructs/service-function.ts';
import type { Deployment } from '../deployments/deployment.ts';
import { openApiDocument } from '../openapi.ts';
import type { StateStack } from './state-stack.ts';

/** Routes that say what the API offers; they belong to no function's `api.ts`, since they serve what is made from all of those. */
const DOCUMENTATION: readonly Address[] = [
  { method: 'GET', path: '/openapi.json' },
  { method: 'GET', path: '/docs' },
];

/** API Gateway gives up after thirty seconds; a function that has not answered by then works for nobody. */
const API_TIMEOUT = Duration.seconds(15);

const noEnvironment = z.object({});

type Own<Name extends string> = Omit<ServiceFunctionProps<Name>, 'logRetention' | 'tracing' | 'folder'>;

/** Everything of a county that can be made again: what it does, when, with which rights, and who hears when it does not. */
export class ServiceStack extends Stack {
  readonly functions: ServiceFunction[] = [];
  private readonly deployment: Deployment;

  constructor(
    scope: Construct,
    id: string,
    { deployment, state }: { readonly deployment: Deployment; readonly state: StateStack },
  ) {
    super(scope, id, {
      terminationProtection: deployment.isProtected,
      description: `${deployment.name} (${deployment.id}): functions, API, schedules, workflow, alarms. Holds no data.`,
    });
    this.deployment = deployment;
    const { register, hazards, ledger, evidence, imports } = state;
    const logRetention = deployment.retention.logs;

    const alarms = new Alarms(this, 'Alarms', {
      ...(deployment.alarmMail && { mail: deployment.alarmMail }),
      isHeard: !deployment.simulation,
    });
    const bus = new EventBus(this, 'Bus', { description: `What happened in ${deployment.name}, after it was recorded` });

    /** What a function may read from its environment. A new variable is a line here, and no function gets one that it does not read. */
    const settings = {
      COUNTY: deployment.county,
      SIMULATION: `${deployment.simulation}`,
      ISSUER: deployment.signIn.issuer,
      AUDIENCE: deployment.signIn.audience,
      JWKS_URI: deployment.signIn.jwksUri,
      REGISTER_TABLE: register.tableName,
      HAZARDS_TABLE: hazards.tableName,
      LEDGER_TABLE: ledger.tableName,
      EVIDENCE_BUCKET: evidence.bucketName,
      IMPORT_BUCKET: imports.bucketName,
      BUS_NAME: bus.eventBusName,
    };

    const ledgerFunction = this.add('serve-ledger', {
      does: 'Answers what the ledger recorded.',
      reads: serveLedger,
      settings,
      timeout: API_TIMEOUT,
    }).mayUse(ledger, ['GetItem', 'Query'], ['byDay']);

    /** What the API is made of: the function, its part of the documentation, its routes. */
    const served: { by: ServiceFunction; tag: string; routes: readonly Route[] }[] = [
      { by: ledgerFunction, tag: '台账', routes: ledgerRoutes },
    ];

    const documentation = this.add('serve-documentation', {
      does: 'Shows the documentation of the API.',
      reads: noEnvironment,
      settings: {},
      timeout: Duration.seconds(5),
      beside: {
        'openapi.json': () =>
          JSON.stringify(
            openApiDocument(
              served.flatMap(({ tag, routes }) => routes.map((route) => ({ tag, route }))),
              `${deployment.name}双重预防机制接口`,
            ),
          ),
      },
    });

    const api = new Api(this, 'Api', {
      says: `${deployment.name} (${deployment.id})`,
      served: [...served, { by: documentation, routes: DOCUMENTATION }],
      logRetention,
    });

    this.watch(alarms, api);
    new CountyDashboard(this, 'Dashboard', {
      alarms,
      http: api.http,
      functions: this.functions,
      tables: { register, hazards, ledger },
      queues: [],
      workflows: [],
    });

    this.tell({
      ApiEndpoint: api.http.apiEndpoint,
      ApiId: api.http.apiId,
      RegisterTable: register.tableName,
      HazardsTable: hazards.tableName,
      LedgerTable: ledger.tableName,
      EvidenceBucket: evidence.bucketName,
      ImportBucket: imports.bucketName,
      BusName: bus.eventBusName,
      ...Object.fromEntries(this.functions.map(({ node, function: fn }) => [`${node.id}Function`, fn.functionName])),
    });
  }

  /** A function by its folder: `serve-ledger` becomes `ServeLedger`. */
  private add<Name extends string>(folder: string, own: Own<Name>): ServiceFunction<Name> {
    const { retention, features } = this.deployment;
    const id = folder.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
    const added = new ServiceFunction(this, id, { folder, logRetention: retention.logs, tracing: features.tracing, ...own });
    this.functions.push(added);
    return added;
  }

  /** The alarms that stand for no single part. */
  private watch(alarms: Alarms, { http }: Api): void {
    const period = Duration.minutes(5);
    alarms.raise('ApiFaults', {
      metric: http.metricServerError({ period, statistic: 'Sum' }),
      says: 'The API has answered with a fault (status 5xx) five times in five minutes.',
      answeredBy: 'The API answers with faults',
      atLeast: 5,
    });
    const sum = { period, statistic: 'Sum' } as const;
    for (const { node, function: fn } of this.functions) {
      alarms.raise(`${node.id}Errors`, {
        metric: fn.metricErrors(sum),
        says: `${node.id} has ended in an error three times in five minutes.`,
        answeredBy: 'A function fails',
        atLeast: 3,
      });
      alarms.raise(`${node.id}Throttles`, {
        metric: fn.metricThrottles(sum),
        says: `Lambda has refused calls of ${node.id}, because too many run at once.`,
        answeredBy: 'Calls are throttled',
        atLeast: 1,
      });
    }
  }

  /** What operators and the local cloud need to find their way. */
  private tell(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, `${name}Name`, { key: name, value });
  }
}
