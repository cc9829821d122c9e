import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as z from 'zod';
import { routes as channelRoutes } from '../../../functions/serve-channels/api.ts';
import { routes as checkRoutes } from '../../../functions/serve-checks/api.ts';
import { environment as serveChecks } from '../../../functions/serve-checks/environment.ts';
import { routes as drawRoutes } from '../../../functions/serve-draws/api.ts';
import { environment as serveDraws } from '../../../functions/serve-draws/environment.ts';
import { routes as exchangeRoutes } from '../../../functions/serve-exchange/api.ts';
import { routes as exportRoutes } from '../../../functions/serve-exports/api.ts';
import { routes as hazardRoutes } from '../../../functions/serve-hazards/api.ts';
import { environment as serveHazards } from '../../../functions/serve-hazards/environment.ts';
import { routes as importRoutes } from '../../../functions/serve-imports/api.ts';
import { environment as serveImports } from '../../../functions/serve-imports/environment.ts';
import { routes as inspectorRoutes } from '../../../functions/serve-inspectors/api.ts';
import { environment as serveInspectors } from '../../../functions/serve-inspectors/environment.ts';
import { routes as ledgerRoutes } from '../../../functions/serve-ledger/api.ts';
import { environment as serveLedger } from '../../../functions/serve-ledger/environment.ts';
import { routes as policyRoutes } from '../../../functions/serve-policy/api.ts';
import { environment as servePolicy } from '../../../functions/serve-policy/environment.ts';
import { PUBLIC_ADDRESSES, environment as servePublished, TILE_LEVELS } from '../../../functions/serve-published/environment.ts';
import { routes as registerRoutes } from '../../../functions/serve-register/api.ts';
import { environment as serveRegister } from '../../../functions/serve-register/environment.ts';
import { routes as supervisionRoutes } from '../../../functions/serve-supervision/api.ts';
import { environment as serveSupervision } from '../../../functions/serve-supervision/environment.ts';
import { routes as taskRoutes } from '../../../functions/serve-tasks/api.ts';
import { environment as serveTasks } from '../../../functions/serve-tasks/environment.ts';
import { routes as roundRoutes } from '../../../functions/submit-round/api.ts';
import { environment as submitRound } from '../../../functions/submit-round/environment.ts';
import { logFolder } from '../../../shared/archive/paths.ts';
import { countyCode } from '../../../shared/domain/ids.ts';
import type { Route } from '../../../shared/runtime/route.ts';
import { type Address, Api } from '../../constructs/api.ts';
import type { ServiceFunction } from '../../constructs/service-function.ts';
import { openScript } from '../../open-script.ts';
import { openApiDocument } from '../../openapi.ts';
import type { ListImports } from './list-imports.ts';
import type { Shared } from './shared.ts';

/**
 * Routes that say what the API offers; they belong to no function's `api.ts`, since they serve what is made from all of those. `/open` is
 * the page that asks it, for the links of messages.
 */
export const DOCUMENTATION: readonly Address[] = [
  { method: 'GET', path: '/openapi.json' },
  { method: 'GET', path: '/docs' },
  { method: 'GET', path: '/open' },
];

/** Served by the stack that sends and by the one that exports; it is one API to those who read its documentation. */
const ELSEWHERE: readonly { readonly tag: string; readonly routes: readonly Route[] }[] = [
  { tag: '提醒渠道', routes: channelRoutes },
  { tag: '导出和审计', routes: exportRoutes },
  { tag: '交换表', routes: exchangeRoutes },
];

/** API Gateway gives up after thirty seconds; a function that has not answered by then works for nobody. */
const timeout = Duration.seconds(15);

const noEnvironment = z.object({});

/** A key that no witness can have is found out when the county is deployed. */
const witnessesOf = (vkeys: readonly string[] = []): string =>
  JSON.stringify(servePublished.shape.WITNESSES.parse(JSON.stringify(vkeys)));

/** What people and apps ask of a county: a function by concern, each with the rights of its own routes. */
export class CountyApi extends Construct {
  readonly api: Api;

  constructor(scope: Construct, id: string, shared: Shared & { readonly imports: ListImports }) {
    super(scope, id);
    const { deployment, state, functions, imports } = shared;
    const { register, hazards, inspections, ledger } = state;
    const settings = { ...shared.settings, IMPORT_QUEUE_URL: imports.queue.queueUrl };

    /** What the API is made of: the function, its part of the documentation, its routes. */
    const served: readonly { by: ServiceFunction; tag: string; routes: readonly Route[] }[] = [
      {
        by: functions
          .add('serve-register', {
            does: 'Keeps enterprises, their risks and the lists that heads sign.',
            reads: serveRegister,
            settings,
            timeout,
          })
          .mayUse(register, ['GetItem', 'PutItem', 'DeleteItem', 'Query'])
          .mayRecord(state, ['GetItem', 'Query']),
        tag: '风险清单',
        routes: registerRoutes,
      },
      {
        by: functions
          .add('serve-imports', {
            does: 'Takes risk lists in and tells how their import goes.',
            reads: serveImports,
            settings,
            timeout,
          })
          .mayUse(register, ['GetItem', 'PutItem'])
          .mayRecord(state, ['GetItem'])
          .mayKeep(state.imports, ['GetObject', 'PutObject'], 'imports')
          .mayKeep(state.imports, ['GetObject', 'PutObject'], 'templates')
          .maySeeWhatIsMissing(state.imports)
          .may(['sqs:SendMessage'], imports.queue.queueArn),
        tag: '清单导入',
        routes: importRoutes,
      },
      {
        by: functions
          .add('serve-checks', {
            does: 'Answers what is due, what was done and what it comes to.',
            reads: serveChecks,
            settings,
            timeout,
          })
          .mayUse(register, ['GetItem', 'PutItem', 'Query'], ['byOwner'])
          .mayUse(hazards, [], ['byOwner'])
          .mayRecord(state, ['GetItem', 'Query'], ['byDay'])
          .mayKeep(state.evidence, ['GetObject', 'PutObject'], 'evidence'),
        tag: '排查',
        routes: checkRoutes,
      },
      {
        by: functions
          .add('submit-round', { does: 'Records a round of checks.', reads: submitRound, settings, timeout })
          .mayUse(register, ['GetItem', 'BatchGetItem', 'PutItem', 'Query'])
          .mayUse(hazards, ['PutItem'])
          .mayRecord(state, ['Query']),
        tag: '排查',
        routes: roundRoutes,
      },
      {
        by: functions
          .add('serve-hazards', { does: 'Takes hazards and what is done about them.', reads: serveHazards, settings, timeout })
          .mayUse(register, ['GetItem'])
          .mayUse(hazards, ['GetItem', 'PutItem', 'Query'], ['byOwner', 'openByDeadline'])
          .mayRecord(state, ['GetItem', 'Query'])
          .mayKeep(state.evidence, ['GetObject'], 'evidence')
          .maySeeWhatIsMissing(state.evidence),
        tag: '隐患',
        routes: hazardRoutes,
      },
      {
        by: functions
          .add('serve-inspectors', {
            does: 'Keeps the directory of inspectors, items and plans, and says what they are enough for.',
            reads: serveInspectors,
            settings,
            timeout,
          })
          .mayUse(inspections, ['GetItem', 'PutItem', 'Query'], ['openByDue'])
          .mayUse(register, ['GetItem', 'Query'])
          .mayRecord(state, ['GetItem']),
        tag: '检查人员和事项',
        routes: inspectorRoutes,
      },
      {
        by: functions
          .add('serve-draws', {
            does: 'Shows draws and takes what persons decide of them.',
            reads: serveDraws,
            settings,
            timeout,
          })
          .mayUse(inspections, ['GetItem', 'PutItem', 'Query'])
          .mayRecord(state, ['GetItem'])
          .mayKeep(state.draws, ['GetObject', 'PutObject'], 'rosters')
          .maySeeWhatIsMissing(state.draws),
        tag: '双随机抽查',
        routes: drawRoutes,
      },
      {
        by: functions
          .add('serve-tasks', {
            does: 'Shows inspectors their tasks and takes what they found.',
            reads: serveTasks,
            settings,
            timeout,
          })
          .mayUse(inspections, ['GetItem', 'PutItem', 'DeleteItem', 'Query'], ['byInspector', 'byOwner', 'openByDue'])
          .mayUse(register, ['GetItem', 'Query'], ['byOwner'])
          .mayUse(hazards, ['GetItem', 'PutItem'], ['byOwner'])
          .mayRecord(state, ['GetItem'])
          .mayKeep(state.evidence, ['GetObject', 'PutObject'], 'evidence')
          .maySeeWhatIsMissing(state.evidence),
        tag: '检查任务',
        routes: taskRoutes,
      },
      {
        by: functions
          .add('serve-supervision', {
            does: 'Designates key units and says who answers for which cell of the grid.',
            reads: serveSupervision,
            settings,
            timeout,
          })
          .mayUse(inspections, ['GetItem', 'PutItem', 'Query'])
          .mayUse(register, ['GetItem', 'Query'])
          .mayUse(hazards, ['GetItem'], ['openByDeadline'])
          .mayRecord(state, ['GetItem']),
        tag: '差异化监管',
        routes: supervisionRoutes,
      },
      {
        by: functions.add('serve-policy', {
          does: 'Answers which rules are in force and why.',
          reads: servePolicy,
          settings,
          timeout,
        }),
        tag: '政策',
        routes: policyRoutes,
      },
      {
        by: functions
          .add('serve-ledger', { does: 'Answers what the ledger recorded.', reads: serveLedger, settings, timeout })
          .mayUse(ledger, ['Query'], ['byDay']),
        tag: '台账',
        routes: ledgerRoutes,
      },
    ];

    const documentation = functions.add('serve-documentation', {
      does: 'Shows the documentation of the API, and the page that links of messages open.',
      reads: noEnvironment,
      settings: {},
      timeout: Duration.seconds(5),
      beside: {
        'open.js': openScript,
        'openapi.json': () =>
          JSON.stringify(
            openApiDocument(
              [...served, ...ELSEWHERE].flatMap(({ tag, routes }) => routes.map((route) => ({ tag, route }))),
              `${deployment.name}双重预防机制接口`,
              PUBLIC_ADDRESSES,
            ),
          ),
      },
    });

    const published = functions
      .add('serve-published', {
        does: 'Shows everybody, without a token, what was published of draws, and the hashes of the log; takes what witnesses cosigned.',
        reads: servePublished,
        settings: {
          ...settings,
          ARCHIVE_BUCKET: state.archive.bucketName,
          EXPORTS_TABLE: state.exports.tableName,
          WITNESSES: witnessesOf(deployment.witnesses),
        },
        timeout,
      })
      .mayKeep(state.draws, ['GetObject'], 'published')
      .maySeeWhatIsMissing(state.draws) // the names under `rosters/` are hashes, and say nothing
      .mayUsePartition(state.exports, ['GetItem'], `${deployment.county}#LOG`)
      .mayUsePartition(state.exports, ['GetItem', 'PutItem'], `${deployment.county}#COSIGNED`);
    const log = logFolder(countyCode(deployment.county));
    for (const level of TILE_LEVELS) published.mayKeep(state.archive, ['GetObject'], `${log}/tile/${level}`);

    this.api = new Api(this, 'Http', {
      says: `${deployment.name} (${deployment.id})`,
      served: [...served, { by: documentation, routes: DOCUMENTATION }, { by: published, routes: PUBLIC_ADDRESSES }],
      logRetention: deployment.retention.logs,
    });
    this.api.raise(shared.alarms);
  }
}
