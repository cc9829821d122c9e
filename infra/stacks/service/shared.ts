import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { instant } from '../../../shared/domain/calendar.ts';
import type { Alarms } from '../../constructs/alarms.ts';
import type { Deployment } from '../../deployments/deployment.ts';
import type { StateStack } from '../state-stack.ts';
import type { CountyFunctions } from './county-functions.ts';
import { randomnessOf } from './randomness.ts';

/** The zone of every county: schedules are written in it, and days begin by it. */
export const ZONE = 'Asia/Shanghai';

/** The county's newest edition of the policy: a cadence never changes while a county runs, and an hour of the day changes by a deployment. */
export const NEWEST = instant('9999-01-01T00:00:00Z');

/** What functions may read from their environment. A new variable is a line here, and no function gets one that it does not read. */
export const settingsOf = (deployment: Deployment, state: StateStack, bus: EventBus) => ({
  COUNTY: deployment.county,
  SIMULATION: `${deployment.simulation}`,
  ISSUER: deployment.signIn.issuer,
  AUDIENCE: deployment.signIn.audience,
  JWKS_URI: deployment.signIn.jwksUri,
  REGISTER_TABLE: state.register.tableName,
  HAZARDS_TABLE: state.hazards.tableName,
  INSPECTIONS_TABLE: state.inspections.tableName,
  LEDGER_TABLE: state.ledger.tableName,
  PERSONAL_TABLE: state.personal.tableName,
  EVIDENCE_BUCKET: state.evidence.bucketName,
  IMPORT_BUCKET: state.imports.bucketName,
  DRAWS_BUCKET: state.draws.bucketName,
  DRAW_KEY_ID: state.drawKey.keyArn,
  RANDOMNESS: randomnessOf(deployment),
  CHANNELS_TABLE: state.channels.tableName,
  CHANNEL_KEY_ID: state.channelKey.keyArn,
  ALLOWS_LOOPBACK: `${deployment.receivers.allowsLoopback}`,
  BUS_NAME: bus.eventBusName,
});

/** What the parts of a county's service have in common. */
export interface Shared {
  readonly deployment: Deployment;
  readonly state: StateStack;
  readonly bus: EventBus;
  readonly functions: CountyFunctions;
  readonly settings: ReturnType<typeof settingsOf>;
  readonly schedules: ScheduleGroup;
  readonly alarms: Alarms;
}
