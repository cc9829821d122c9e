import { readFileSync } from 'node:fs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { environment as beginExport } from '../../../functions/begin-export/environment.ts';
import { environment as closeExport } from '../../../functions/close-export/environment.ts';
import { environment as exportSlice } from '../../../functions/export-slice/environment.ts';
import { countyCode } from '../../../shared/domain/ids.ts';
import { policyFor } from '../../../shared/policy/load.ts';
import type { DeadLetters } from '../../constructs/dead-letters.ts';
import { ScheduledWorkflow } from '../../constructs/scheduled-workflow.ts';
import { Workflow } from '../../constructs/workflow.ts';
import type { Deployment } from '../../deployments/deployment.ts';
import { NEWEST, ZONE } from '../service/shared.ts';
import { type ArchiveShared, LOCKED_BUNDLES, measuredOf, REQUESTED_BUNDLES, UNDER_WORK } from './shared.ts';

export const EXPORT_DEFINITION = new URL('../../../workflows/audit-export/audit-export.asl.json', import.meta.url);

/** Laid into every bundle. */
const VERIFIER = new URL('../../../shared/archive/verify.py', import.meta.url);

/** The longest that a function may run at all. */
const LONGEST_RUN = Duration.minutes(15);
/** Lambda gives a whole processor from this size on; hashing and compressing take it. */
const WRITING_MEMORY_MB = 1769;
/** After the policy's time for stragglers, so that the day that has ended can be closed. */
const MINUTES_TO_SPARE = 5;

/** Once a day, a little after the day before may be closed. */
export function exportExpression(closeAfterMinutes: number): string {
  const minutes = closeAfterMinutes + MINUTES_TO_SPARE;
  return `cron(${minutes % 60} ${Math.floor(minutes / 60)} * * ? *)`;
}

/** An authority that no request would go to is found out when the county is deployed, and not by an alarm of each night. */
function checkAuthority({ id, timestamping, receivers }: Deployment): void {
  if (timestamping === undefined || receivers.allowsLoopback) return;
  const { protocol, port, username, password } = new URL(timestamping.url);
  if (protocol !== 'https:' || port !== '' || username !== '' || password !== '')
    throw new Error(`${id} names a time-stamp authority that is not asked by https on port 443 without a user`);
}

/** Bundles of the log: those of days and months by the clock, others because somebody asked. */
export class Exporting extends Construct {
  readonly workflow: Workflow;
  readonly deadLetters: DeadLetters;
  /** Of the daily run alone. */
  readonly schedules: ScheduleGroup;

  constructor(scope: Construct, id: string, { deployment, state, functions, settings, alarms }: ArchiveShared) {
    super(scope, id);
    const { archive, requests, exports } = state;
    const beginning = functions
      .add('begin-export', {
        does: 'Settles which stretch of the log a bundle is.',
        reads: beginExport,
        settings,
        timeout: LONGEST_RUN,
      })
      .mayUse(exports, ['GetItem', 'PutItem', 'Query'])
      .mayRecord(state)
      .mayUse(state.inspections, [], ['byOwner'])
      .mayKeep(archive, ['GetObject'], 'log')
      .maySeeWhatIsMissing(archive);
    const slicing = functions
      .add('export-slice', {
        does: 'Writes a slice of a bundle, each entry held against the log.',
        reads: exportSlice,
        settings,
        timeout: LONGEST_RUN,
        memorySize: WRITING_MEMORY_MB,
      })
      .mayUse(exports, ['GetItem', 'PutItem'])
      .mayKeep(archive, ['GetObject'], 'log')
      .mayKeep(requests, ['GetObject', 'PutObject'], UNDER_WORK)
      .mayKeep(state.evidence, ['GetObject'], 'evidence')
      .maySeeWhatIsMissing(state.evidence);
    const closing = functions
      .add('close-export', {
        does: 'Writes what belongs to a bundle as a whole, and records that it is closed.',
        reads: closeExport,
        settings,
        timeout: LONGEST_RUN,
        memorySize: WRITING_MEMORY_MB,
        beside: { 'verify.py': () => readFileSync(VERIFIER, 'utf8') },
      })
      .mayUse(exports, ['GetItem', 'PutItem', 'DeleteItem', 'Query'])
      .mayRecord(state)
      .mayKeep(archive, ['GetObject'], 'log')
      .mayKeep(requests, ['GetObject', 'PutObject'], UNDER_WORK);
    // Files of what was asked for go after a while; which they were stays under lock.
    closing.mayKeep(archive, ['GetObject', 'PutObject'], REQUESTED_BUNDLES);
    for (const writing of [slicing, closing]) {
      for (const kind of LOCKED_BUNDLES) writing.mayKeep(archive, ['GetObject', 'PutObject'], kind);
      writing.mayKeep(requests, ['GetObject', 'PutObject'], REQUESTED_BUNDLES);
      writing.maySeeWhatIsMissing(archive).maySeeWhatIsMissing(requests);
    }

    this.workflow = new Workflow(this, 'ExportWorkflow', {
      says: `Makes the bundles of the log of ${deployment.name}.`,
      definition: EXPORT_DEFINITION,
      functions: { BeginExport: beginning, ExportSlice: slicing, CloseExport: closing },
      logRetention: deployment.retention.logs,
      tracing: deployment.features.tracing,
    });
    this.workflow.raise(alarms);
    checkAuthority(deployment);
    alarms.raise('BundleUnstamped', {
      metric: measuredOf(deployment)('BundlesUnstamped', 'Sum'),
      says: 'The time-stamp authority gave no token for a bundle, which was closed without.',
      answeredBy: 'A bundle has no time stamp',
      atLeast: 1,
    });

    this.schedules = new ScheduleGroup(this, 'DailySchedules', { removalPolicy: RemovalPolicy.DESTROY });
    const { closeAfter } = policyFor(countyCode(deployment.county), NEWEST).exports.day;
    ({ deadLetters: this.deadLetters } = new ScheduledWorkflow(this, 'DailyExport', {
      starts: this.workflow,
      expression: exportExpression(closeAfter.minutes),
      zone: ZONE,
      group: this.schedules,
      input: { asked: [] },
      alarms,
      isRunning: !deployment.simulation,
      isTlsOnly: deployment.isTlsOnly,
    }));
  }
}
