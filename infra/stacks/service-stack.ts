import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms.ts';
import type { Api } from '../constructs/api.ts';
import { CountyDashboard } from '../constructs/county-dashboard.ts';
import { raiseFunctionAlarms, raiseScheduleAlarm } from '../constructs/function-alarms.ts';
import { namesOf, tell, urlsOf } from '../constructs/outputs.ts';
import { raiseTableAlarms } from '../constructs/table-alarms.ts';
import type { Deployment } from '../deployments/deployment.ts';
import { CountyApi } from './service/county-api.ts';
import { CountyFunctions } from './service/county-functions.ts';
import { Inspections } from './service/inspections.ts';
import { ListImports } from './service/list-imports.ts';
import { Periods } from './service/periods.ts';
import { Rectification } from './service/rectification.ts';
import { type Shared, settingsOf } from './service/shared.ts';
import type { StateStack } from './state-stack.ts';

/** Everything of a county that can be made again: what it does, when, with which rights, and who hears when it does not. */
export class ServiceStack extends Stack {
  readonly bus: EventBus;
  readonly api: Api;
  readonly alarms: Alarms;

  constructor(
    scope: Construct,
    id: string,
    { deployment, state }: { readonly deployment: Deployment; readonly state: StateStack },
  ) {
    super(scope, id, {
      terminationProtection: deployment.isProtected,
      description: `${deployment.name} (${deployment.id}): functions, API, schedules, workflow, alarms. Holds no data.`,
    });
    const alarms = new Alarms(this, 'Alarms', {
      ...(deployment.alarmMail && { mail: deployment.alarmMail }),
      isHeard: !deployment.simulation,
    });
    const bus = new EventBus(this, 'Bus', { description: `What happened in ${deployment.name}, after it was recorded` });
    const functions = new CountyFunctions(this, deployment);
    const schedules = new ScheduleGroup(this, 'Schedules', { removalPolicy: RemovalPolicy.DESTROY });
    const shared: Shared = { deployment, state, bus, functions, schedules, alarms, settings: settingsOf(deployment, state, bus) };

    const imports = new ListImports(this, 'Imports', shared);
    const { api } = new CountyApi(this, 'Api', { ...shared, imports });
    const inspections = new Inspections(this, 'Inspections', shared);
    const rectification = new Rectification(this, 'Rectification', { ...shared, inspections });
    const periods = new Periods(this, 'Periods', shared);
    this.bus = bus;
    this.api = api;
    this.alarms = alarms;

    const deadLetters = [imports.deadLetters, ...rectification.deadLetters, ...periods.deadLetters, ...inspections.deadLetters];
    const forPersons = [...deadLetters, ...inspections.attentions];
    this.watch(shared);
    new CountyDashboard(this, 'Dashboard', {
      alarms,
      http: api.http,
      functions: functions.all,
      tables: { register: state.register, hazards: state.hazards, inspections: state.inspections, ledger: state.ledger },
      queues: [imports.queue, ...forPersons],
      streamAge: rectification.stream.age,
      workflows: [rectification.workflow.stateMachine, inspections.workflow.stateMachine],
    });

    tell(this, {
      ApiEndpoint: api.http.apiEndpoint,
      ApiId: api.http.apiId,
      RegisterTable: state.register.tableName,
      HazardsTable: state.hazards.tableName,
      InspectionsTable: state.inspections.tableName,
      LedgerTable: state.ledger.tableName,
      EvidenceBucket: state.evidence.bucketName,
      ImportBucket: state.imports.bucketName,
      DrawsBucket: state.draws.bucketName,
      DrawKeyId: state.drawKey.keyArn,
      BusName: bus.eventBusName,
      StateMachineArn: rectification.workflow.stateMachine.stateMachineArn,
      DrawStateMachineArn: inspections.workflow.stateMachine.stateMachineArn,
      ImportQueueUrl: imports.queue.queueUrl,
      ...urlsOf(forPersons),
      ...namesOf(functions.all),
    });
  }

  /** The alarms that stand for no single part. */
  private watch({ state, alarms, functions, schedules }: Shared): void {
    raiseScheduleAlarm(alarms, schedules);
    raiseFunctionAlarms(alarms, functions.all);
    const elsewhere = [state.channels, state.exports, state.personal]; // with what sends, and with what seals
    for (const [table, indexes] of state.indexes) if (!elsewhere.includes(table)) raiseTableAlarms(alarms, table, indexes);
  }
}
