import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms.ts';
import { ArchiveDashboard } from '../constructs/archive-dashboard.ts';
import { raiseFunctionAlarms, raiseScheduleAlarm } from '../constructs/function-alarms.ts';
import { namesOf, tell, urlsOf } from '../constructs/outputs.ts';
import { raiseTableAlarms } from '../constructs/table-alarms.ts';
import type { Deployment } from '../deployments/deployment.ts';
import { ExchangeApi } from './archive/exchange-api.ts';
import { ExportApi } from './archive/export-api.ts';
import { Exporting } from './archive/exporting.ts';
import { Lake } from './archive/lake.ts';
import { Sealing } from './archive/sealing.ts';
import { type ArchiveShared, archiveSettings } from './archive/shared.ts';
import { CountyFunctions } from './service/county-functions.ts';
import type { ServiceStack } from './service-stack.ts';
import type { StateStack } from './state-stack.ts';

export interface ArchiveStackProps {
  readonly deployment: Deployment;
  readonly state: StateStack;
  readonly service: ServiceStack;
}

/**
 * What seals a county's ledger, exports it, and lets auditors read it. It hangs on the ledger's stream: the service works without it, and
 * what was recorded meanwhile is sealed when it is back.
 */
export class ArchiveStack extends Stack {
  constructor(scope: Construct, id: string, { deployment, state, service }: ArchiveStackProps) {
    super(scope, id, {
      terminationProtection: deployment.isProtected,
      description: `${deployment.name} (${deployment.id}): what seals and exports the ledger, and what auditors ask. Holds no data.`,
    });
    const alarms = new Alarms(this, 'ArchiveAlarms', { isHeard: !deployment.simulation, topic: service.alarms.topic });
    const functions = new CountyFunctions(this, deployment);
    const schedules = new ScheduleGroup(this, 'ArchiveSchedules', { removalPolicy: RemovalPolicy.DESTROY });
    const settings = archiveSettings(deployment, state, service);
    const shared: ArchiveShared = { deployment, state, bus: service.bus, functions, schedules, alarms, settings };

    const sealing = new Sealing(this, 'Sealing', shared);
    const exporting = new Exporting(this, 'Exporting', shared);
    new ExportApi(this, 'ExportApi', { ...shared, http: service.api.http, workflow: exporting.workflow });
    new ExchangeApi(this, 'ExchangeApi', { ...shared, http: service.api.http });
    const lake = new Lake(this, 'Lake', { deployment, archive: state.archive });

    const deadLetters = [...sealing.deadLetters, exporting.deadLetters];
    raiseScheduleAlarm(alarms, schedules);
    raiseFunctionAlarms(alarms, functions.all);
    for (const table of [state.exports, state.personal]) raiseTableAlarms(alarms, table, state.indexes.get(table) ?? []);
    new ArchiveDashboard(this, 'ArchiveDashboard', {
      alarms,
      functions: functions.all,
      queues: deadLetters,
      exports: state.exports,
      workflow: exporting.workflow.stateMachine,
      streamAge: sealing.stream.age,
      measured: sealing.measured,
    });
    tell(this, {
      ExportsTable: state.exports.tableName,
      PersonalTable: state.personal.tableName,
      ArchiveBucket: state.archive.bucketName,
      RequestsBucket: state.requests.bucketName,
      SigningKeys: settings.SIGNING_KEYS,
      LakeDatabase: lake.database,
      LogOrigin: settings.LOG_ORIGIN,
      ExportStateMachineArn: exporting.workflow.stateMachine.stateMachineArn,
      ...urlsOf(deadLetters),
      ...namesOf(functions.all),
    });
  }
}
