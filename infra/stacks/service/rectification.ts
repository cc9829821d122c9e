import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { environment as escalateHazard } from '../../../functions/escalate-hazard/environment.ts';
import { environment as openStage } from '../../../functions/open-stage/environment.ts';
import { environment as reconcileCases } from '../../../functions/reconcile-cases/environment.ts';
import { environment as relayLedger } from '../../../functions/relay-ledger/environment.ts';
import { environment as sweepDeadlines } from '../../../functions/sweep-deadlines/environment.ts';
import { DeadLetters } from '../../constructs/dead-letters.ts';
import { LedgerStream } from '../../constructs/ledger-stream.ts';
import { CALLED_WITHIN, ScheduledFunction } from '../../constructs/scheduled-function.ts';
import { Workflow } from '../../constructs/workflow.ts';
import { RECONCILIATION_TIMES, SWEEP_TIMES } from './case-times.ts';
import type { Inspections } from './inspections.ts';
import { IMPORTED_WITHIN } from './list-imports.ts';
import { type Shared, ZONE } from './shared.ts';

export const DEFINITION = new URL('../../../workflows/hazard-rectification/hazard-rectification.asl.json', import.meta.url);

/** A state of the workflow waits for these; they read one case and write one item. */
const STEP_TIMEOUT = Duration.seconds(30);
/** The longest that a function may run at all. */
const LONGEST_RUN = Duration.minutes(15);
const RELAYED_AT_ONCE = 100;
const RECORDED_WITHIN_MINUTES = Math.max(IMPORTED_WITHIN.toMinutes(), CALLED_WITHIN.toMinutes()) + LONGEST_RUN.toMinutes();

/**
 * The way of a hazard after it was recorded: the ledger's stream tells the relay, the relay starts and wakes the case's execution, the
 * execution leaves its token with the case; the sweep finds what came due, the reconciler what was lost.
 */
export class Rectification extends Construct {
  readonly workflow: Workflow;
  readonly stream: LedgerStream;
  readonly deadLetters: readonly DeadLetters[];

  constructor(scope: Construct, id: string, shared: Shared & { readonly inspections: Inspections }) {
    super(scope, id);
    const { deployment, state, bus, functions, settings, schedules, alarms, inspections } = shared;
    const { hazards, ledger } = state;

    const opening = functions
      .add('open-stage', {
        does: 'Leaves the token of a waiting execution with its case.',
        reads: openStage,
        settings,
        timeout: STEP_TIMEOUT,
      })
      .mayUse(hazards, ['GetItem', 'PutItem']);
    const escalation = functions
      .add('escalate-hazard', {
        does: 'Records that a case past its deadline was told to the next of the ladder.',
        reads: escalateHazard,
        settings,
        timeout: STEP_TIMEOUT,
      })
      .mayUse(hazards, ['GetItem', 'PutItem'])
      // Where time is simulated, the case's time is that of its last event.
      .mayRecord(state, deployment.simulation ? ['Query'] : []);

    this.workflow = new Workflow(this, 'Workflow', {
      says: `Drives each hazard of ${deployment.name} from its report to its end.`,
      definition: DEFINITION,
      functions: { OpenStage: opening, EscalateHazard: escalation },
      logRetention: deployment.retention.logs,
      tracing: deployment.features.tracing,
    });
    this.workflow.mayBeAnsweredBy(opening);

    const relayDeadLetters = new DeadLetters(this, 'RelayDeadLetters', {
      alarms,
      of: 'Part of the ledger that was to be told',
      isTlsOnly: deployment.isTlsOnly,
    });
    const ofCases = {
      ...settings,
      STATE_MACHINE_ARN: this.workflow.stateMachine.stateMachineArn,
      RELAY_DEAD_LETTERS_URL: relayDeadLetters.queueUrl,
    };

    const relay = functions
      .add('relay-ledger', {
        does: 'Tells the bus and the waiting executions what was recorded.',
        reads: relayLedger,
        settings: { ...ofCases, DRAW_STATE_MACHINE_ARN: inspections.workflow.stateMachine.stateMachineArn },
        timeout: Duration.minutes(1),
      })
      .mayUse(hazards, ['GetItem'])
      .mayUse(state.inspections, ['GetItem'])
      .may(['events:PutEvents'], bus.eventBusArn);
    this.workflow.mayBeStartedBy(relay).mayBeAnsweredBy(relay);
    inspections.workflow.mayBeStartedBy(relay).mayBeDescribedBy(relay).mayBeAnsweredBy(relay);
    this.stream = new LedgerStream(this, 'LedgerStream', {
      of: ledger,
      tells: relay,
      batch: RELAYED_AT_ONCE,
      givenUp: relayDeadLetters,
      alarms,
      says: 'What was recorded has not been told',
      answeredBy: 'The ledger stream is behind',
    });

    const sweep = functions
      .add('sweep-deadlines', {
        does: 'Records in every open case what has come due.',
        reads: sweepDeadlines,
        settings,
        timeout: Duration.minutes(4),
      })
      .mayUse(hazards, ['GetItem', 'PutItem'], ['openByDeadline'])
      .mayRecord(state);
    const reconciler = functions
      .add('reconcile-cases', {
        does: 'Sets right what disagrees between cases, executions and the bus.',
        reads: reconcileCases,
        settings: { ...ofCases, RECORDED_WITHIN_MINUTES: String(RECORDED_WITHIN_MINUTES) },
        timeout: LONGEST_RUN,
      })
      .mayUse(hazards, ['GetItem'], ['openByDeadline'])
      .mayUse(ledger, [], ['byDay'])
      .may(['events:PutEvents'], bus.eventBusArn)
      .may(['sqs:ReceiveMessage', 'sqs:DeleteMessage'], relayDeadLetters.queueArn);
    this.workflow.mayBeStartedBy(reconciler).mayBeAnsweredBy(reconciler).mayBeWatchedBy(reconciler);
    this.workflow.raise(alarms);

    const byTheClock = {
      zone: ZONE,
      group: schedules,
      alarms,
      isRunning: !deployment.simulation,
      isTlsOnly: deployment.isTlsOnly,
    };
    const sweeping = new ScheduledFunction(this, 'Sweep', {
      ...byTheClock,
      calls: sweep,
      times: SWEEP_TIMES,
      quietAtMost: Duration.hours(1),
    });
    const reconciliation = new ScheduledFunction(this, 'Reconciliation', {
      ...byTheClock,
      calls: reconciler,
      times: RECONCILIATION_TIMES,
      quietAtMost: Duration.hours(3),
    });
    this.deadLetters = [relayDeadLetters, sweeping.deadLetters, reconciliation.deadLetters];
  }
}
