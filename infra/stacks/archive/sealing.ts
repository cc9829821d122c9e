import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { environment as reconcileLedger } from '../../../functions/reconcile-ledger/environment.ts';
import { environment as sealLedger } from '../../../functions/seal-ledger/environment.ts';
import { countyCode } from '../../../shared/domain/ids.ts';
import { policyFor } from '../../../shared/policy/load.ts';
import { DeadLetters } from '../../constructs/dead-letters.ts';
import { LedgerStream } from '../../constructs/ledger-stream.ts';
import { LogAlarm } from '../../constructs/log-alarm.ts';
import { ScheduledFunction, type Times } from '../../constructs/scheduled-function.ts';
import type { ServiceFunction } from '../../constructs/service-function.ts';
import { NEWEST, ZONE } from '../service/shared.ts';
import { type ArchiveShared, maySeal, measuredOf } from './shared.ts';

/** After midnight it comes before the day is closed: what the stream lost of the day is in its bundle then. */
export const RECONCILIATION_TIMES: Times = [{ id: 'Hourly', expression: 'cron(12 * * * ? *)' }];

/** A backlog is sealed in steps, each as long as a function may run at all. */
const LONGEST_RUN = Duration.minutes(15);
const SEALED_AT_ONCE = 500;
/** Longer batches cost fewer checkpoints: so much of the time within which the policy wants an event sealed is for gathering. */
export const GATHERED_SHARE = 2 / 3;

/** From the ledger's stream to the county's log: order, tiles, signature. The stream brings it at once, the reconciler what the stream lost. */
export class Sealing extends Construct {
  readonly stream: LedgerStream;
  readonly deadLetters: readonly DeadLetters[];
  /** A metric of the county's log. */
  readonly measured: (name: string, statistic: string) => Metric;

  constructor(scope: Construct, id: string, shared: ArchiveShared) {
    super(scope, id);
    const { deployment, state, functions, settings, schedules, alarms } = shared;
    const { isTlsOnly } = deployment;
    const mayKeepTheLog = <Name extends string>(fn: ServiceFunction<Name>): ServiceFunction<Name> =>
      maySeal(fn, deployment, state)
        .mayUse(state.exports, ['GetItem', 'BatchGetItem', 'PutItem', 'Query'])
        .mayKeep(state.archive, ['GetObject', 'PutObject'], 'log')
        .maySeeWhatIsMissing(state.archive);

    const sealing = mayKeepTheLog(
      functions.add('seal-ledger', {
        does: 'Gives what was recorded its place in the log, and signs the log.',
        reads: sealLedger,
        settings,
        timeout: Duration.minutes(5),
      }),
    ).mayRecord(state, ['BatchGetItem', 'Query']);
    const sealingDeadLetters = new DeadLetters(this, 'SealingDeadLetters', {
      alarms,
      of: 'Part of the ledger that was to be sealed',
      isTlsOnly,
    });
    const { within } = policyFor(countyCode(deployment.county), NEWEST).exports.seal;
    this.stream = new LedgerStream(this, 'SealedStream', {
      of: state.ledger,
      tells: sealing,
      batch: SEALED_AT_ONCE,
      gathered: Duration.seconds(Math.floor(within.minutes * 60 * GATHERED_SHARE)),
      givenUp: sealingDeadLetters,
      alarms,
      says: 'What was recorded has not been sealed',
      answeredBy: 'Sealing is behind',
    });

    const reconciling = mayKeepTheLog(
      functions.add('reconcile-ledger', {
        does: 'Holds the ledger against the log, and seals what is not in it.',
        reads: reconcileLedger,
        settings,
        timeout: LONGEST_RUN,
      }),
    ).mayRecord(state, ['BatchGetItem', 'Query'], ['byDay']);
    const reconciliation = new ScheduledFunction(this, 'LogReconciliation', {
      zone: ZONE,
      group: schedules,
      alarms,
      isRunning: !deployment.simulation,
      isTlsOnly,
      calls: reconciling,
      times: RECONCILIATION_TIMES,
      quietAtMost: Duration.hours(3),
    });
    this.measured = measuredOf(deployment);
    alarms.raise('SealedLate', {
      metric: this.measured('UnsealedAgeSeconds', 'Maximum'),
      says: `What was sealed, or is still to be, has waited for the ${within.minutes * 60} seconds that the policy gives.`,
      answeredBy: 'Sealing is behind',
      atLeast: within.minutes * 60,
      quietAfter: 3,
    });
    alarms.raise('EventsUnsealed', {
      metric: this.measured('Unsealed', 'Sum'),
      says: 'The comparison of ledger and log has sealed events that the stream had not brought.',
      answeredBy: 'Events were not sealed',
      atLeast: 1,
    });
    // Said anew each hour: it sounds for as long as something is open.
    alarms.raise('LogFindings', {
      metric: this.measured('LogFindings', 'Maximum').with({ period: Duration.hours(1) }),
      says: 'An event cannot be sealed, or the ledger has not what was sealed: which, the log of the function says, and FINDING# in Exports.',
      answeredBy: 'Ledger and log differ',
      atLeast: 1,
      quietAfter: 3,
    });
    for (const fn of [sealing, reconciling]) {
      new LogAlarm(this, `${fn.node.id}WouldFork`, {
        log: fn.function.logGroup,
        where: ['$.error.name', 'LogForked'],
        of: deployment.id,
        says: 'What was to be sealed differs from what is sealed already at its place.',
        answeredBy: 'The log would fork',
        alarms,
      });
    }
    this.deadLetters = [sealingDeadLetters, reconciliation.deadLetters];
  }
}
