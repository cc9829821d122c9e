import { createHash } from 'node:crypto';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { environment as assignTasks } from '../../../functions/assign-tasks/environment.ts';
import { environment as checkGrid } from '../../../functions/check-grid/environment.ts';
import { environment as drawLots } from '../../../functions/draw-lots/environment.ts';
import { environment as freezeDraw } from '../../../functions/freeze-draw/environment.ts';
import { environment as openDrawStage } from '../../../functions/open-draw-stage/environment.ts';
import { environment as openDraws } from '../../../functions/open-draws/environment.ts';
import { environment as revealDraw } from '../../../functions/reveal-draw/environment.ts';
import { environment as sweepDraws } from '../../../functions/sweep-draws/environment.ts';
import { environment as sweepTasks } from '../../../functions/sweep-tasks/environment.ts';
import { countyCode } from '../../../shared/domain/ids.ts';
import { policyFor } from '../../../shared/policy/load.ts';
import { Attention } from '../../constructs/attention.ts';
import { build } from '../../constructs/bundle.ts';
import type { DeadLetters } from '../../constructs/dead-letters.ts';
import { ScheduledFunction } from '../../constructs/scheduled-function.ts';
import { Workflow } from '../../constructs/workflow.ts';
import { DRAW_SWEEP_TIMES, drawTimes, GRID_TIMES, TASK_SWEEP_TIMES } from './draw-times.ts';
import { NEWEST, type Shared, ZONE } from './shared.ts';

export const DRAW_DEFINITION = new URL('../../../workflows/inspection-draw/inspection-draw.asl.json', import.meta.url);

/** What waits in a state of the workflow reads one draw and writes one item. */
const STEP_TIMEOUT = Duration.seconds(30);
/** The longest that a function may run at all: rosters of a whole county are written, read and drawn from. */
const LONGEST_RUN = Duration.minutes(15);
/** The objects of a draw are held while it is frozen, each with what is known of it. */
const FREEZING_MEMORY_MB = 3008;
/** Lambda gives a whole processor from this size on; the text of a million objects takes a fifth of it. */
const DRAWING_MEMORY_MB = 1769;

/** What an announcement says of who will draw: the hash of the code as it is deployed. */
function softwareOf(folder: string): string {
  const code = build(folder).find(({ path }) => path.endsWith('.mjs'));
  if (code === undefined) throw new Error(`${folder} was built without code`);
  return createHash('sha256').update(code.contents).digest('hex');
}

/**
 * Draws and the inspections that follow from them. The table is the record, the workflow drives a draw from its announcement to its
 * reveal; the sweep wakes what came due and starts again what was lost. Before the reveal the rosters and results lie under `rosters/`,
 * which only these functions read, and the secret under a key that one may encrypt with and one decrypt.
 */
export class Inspections extends Construct {
  readonly workflow: Workflow;
  readonly deadLetters: readonly DeadLetters[];
  /** What nothing but a person can answer. */
  readonly attentions: readonly Attention[];

  constructor(scope: Construct, id: string, shared: Shared) {
    super(scope, id);
    this.workflow = this.drive(shared);
    this.deadLetters = this.call(shared);
    this.attentions = this.watch(shared);
  }

  /** The functions of the workflow's states, and the workflow. */
  private drive({ deployment, state, bus, functions, settings, alarms }: Shared): Workflow {
    const { register, hazards, inspections, draws, drawKey } = state;
    const freezing = functions
      .add('freeze-draw', {
        does: 'Announces a draw: derives its rosters, commits to its secret, publishes.',
        reads: freezeDraw,
        settings: { ...settings, SOFTWARE_SHA256: softwareOf('draw-lots') },
        timeout: LONGEST_RUN,
        memorySize: FREEZING_MEMORY_MB,
      })
      .mayUse(inspections, ['GetItem', 'PutItem', 'Query'], ['openByDue'])
      .mayUse(register, ['GetItem', 'Query'])
      .mayUse(hazards, [], ['openByDeadline'])
      .mayRecord(state)
      .mayKeep(draws, ['GetObject', 'PutObject'], 'rosters')
      .mayKeep(draws, ['PutObject'], 'published')
      .maySeeWhatIsMissing(draws)
      .may(['kms:Encrypt'], drawKey.keyArn);
    const opening = functions
      .add('open-draw-stage', {
        does: 'Leaves the token of a waiting execution with its draw.',
        reads: openDrawStage,
        settings,
        timeout: STEP_TIMEOUT,
      })
      .mayUse(inspections, ['GetItem', 'PutItem']);
    const drawing = functions
      .add('draw-lots', {
        does: 'Draws what was announced, by the secret and the public randomness.',
        reads: drawLots,
        settings,
        timeout: LONGEST_RUN,
        memorySize: DRAWING_MEMORY_MB,
      })
      .mayUse(inspections, ['GetItem', 'PutItem'])
      .mayRecord(state)
      .mayKeep(draws, ['GetObject', 'PutObject'], 'rosters')
      .maySeeWhatIsMissing(draws)
      .may(['kms:Decrypt'], drawKey.keyArn);
    const assigning = functions
      .add('assign-tasks', {
        does: 'Makes the tasks of what was drawn and tells those who go, and only them.',
        reads: assignTasks,
        settings,
        timeout: LONGEST_RUN,
        memorySize: DRAWING_MEMORY_MB,
      })
      .mayUse(inspections, ['GetItem', 'PutItem', 'DeleteItem', 'Query'])
      .mayUse(register, ['GetItem'])
      .mayRecord(state)
      .mayKeep(draws, ['GetObject'], 'rosters')
      .maySeeWhatIsMissing(draws)
      .may(['events:PutEvents'], bus.eventBusArn);
    const revealing = functions
      .add('reveal-draw', {
        does: 'Publishes everything by which a draw can be replayed.',
        reads: revealDraw,
        settings,
        timeout: LONGEST_RUN,
        memorySize: DRAWING_MEMORY_MB,
      })
      .mayUse(inspections, ['GetItem', 'PutItem', 'DeleteItem', 'Query'])
      .mayRecord(state)
      .mayKeep(draws, ['GetObject'], 'rosters')
      .mayKeep(draws, ['PutObject'], 'published')
      .maySeeWhatIsMissing(draws);

    const workflow = new Workflow(this, 'DrawWorkflow', {
      says: `Drives each draw of ${deployment.name} from its announcement to its reveal.`,
      definition: DRAW_DEFINITION,
      functions: {
        FreezeDraw: freezing,
        OpenDrawStage: opening,
        DrawLots: drawing,
        AssignTasks: assigning,
        RevealDraw: revealing,
      },
      logRetention: deployment.retention.logs,
      tracing: deployment.features.tracing,
    });
    workflow.mayBeAnsweredBy(opening);
    workflow.raise(alarms);
    return workflow;
  }

  /** What the clock calls. */
  private call({ deployment, state, functions, settings, schedules, alarms }: Shared): readonly DeadLetters[] {
    const { register, hazards, inspections, draws } = state;
    const ofDraws = { ...settings, DRAW_STATE_MACHINE_ARN: this.workflow.stateMachine.stateMachineArn };
    const opening = functions
      .add('open-draws', {
        does: 'Begins the draws that the calendar asks for and that there are not yet.',
        reads: openDraws,
        settings: ofDraws,
        timeout: Duration.minutes(5),
      })
      .mayUse(inspections, ['GetItem', 'PutItem'])
      .mayRecord(state);
    const sweep = functions
      .add('sweep-draws', {
        does: 'Brings every open draw as far as it can be, and starts again what was lost.',
        reads: sweepDraws,
        settings: ofDraws,
        timeout: Duration.minutes(4),
      })
      .mayUse(inspections, ['GetItem', 'PutItem', 'Query'], ['openByDue'])
      .mayRecord(state)
      .mayKeep(draws, ['GetObject', 'PutObject'], 'rosters')
      .maySeeWhatIsMissing(draws);
    const taskSweep = functions
      .add('sweep-tasks', {
        does: 'Marks tasks that are overdue and publishes what was inspected.',
        reads: sweepTasks,
        settings,
        timeout: Duration.minutes(4),
      })
      .mayUse(inspections, ['GetItem', 'PutItem', 'DeleteItem', 'Query'], ['openByDue'])
      .mayUse(register, ['GetItem'])
      .mayUse(hazards, ['GetItem'])
      .mayRecord(state)
      .mayKeep(draws, ['GetObject', 'PutObject'], 'published')
      .maySeeWhatIsMissing(draws);
    const grid = functions
      .add('check-grid', {
        does: 'Records where nobody named answers for a major risk, installation or hazard.',
        reads: checkGrid,
        settings,
        timeout: LONGEST_RUN,
      })
      .mayUse(inspections, ['PutItem', 'Query'])
      .mayUse(register, ['GetItem', 'Query'])
      .mayUse(hazards, [], ['openByDeadline'])
      .mayRecord(state);
    this.workflow.mayBeStartedBy(opening).mayBeDescribedBy(opening);
    this.workflow.mayBeStartedBy(sweep).mayBeAnsweredBy(sweep).mayBeWatchedBy(sweep);

    const byTheClock = {
      zone: ZONE,
      group: schedules,
      alarms,
      isRunning: !deployment.simulation,
      isTlsOnly: deployment.isTlsOnly,
    };
    const policy = policyFor(countyCode(deployment.county), NEWEST);
    return [
      new ScheduledFunction(this, 'DrawOpening', {
        ...byTheClock,
        calls: opening,
        times: drawTimes(policy),
        quietAtMost: Duration.hours(26),
      }),
      new ScheduledFunction(this, 'DrawSweep', {
        ...byTheClock,
        calls: sweep,
        times: DRAW_SWEEP_TIMES,
        quietAtMost: Duration.hours(1),
      }),
      new ScheduledFunction(this, 'TaskSweep', {
        ...byTheClock,
        calls: taskSweep,
        times: TASK_SWEEP_TIMES,
        quietAtMost: Duration.hours(1),
      }),
      new ScheduledFunction(this, 'GridCheck', {
        ...byTheClock,
        calls: grid,
        times: GRID_TIMES,
        quietAtMost: Duration.hours(26),
      }),
    ].map(({ deadLetters }) => deadLetters);
  }

  private watch({ deployment: { isTlsOnly }, bus, alarms }: Shared): readonly Attention[] {
    const watched = { bus, alarms, isTlsOnly };
    return [
      new Attention(this, 'DrawsRefused', {
        ...watched,
        to: ['DrawRefused'],
        says: 'What was to be drawn cannot be announced.',
        answeredBy: 'A draw was refused',
      }),
      new Attention(this, 'DrawsMissed', {
        ...watched,
        to: ['DrawMissed'],
        says: 'The window of a period is over, and nothing was drawn for it.',
        answeredBy: 'A draw was missed',
      }),
      new Attention(this, 'RandomnessMissing', {
        ...watched,
        to: ['RandomnessMissing'],
        says: 'The instant of a draw has passed and its public randomness is not there.',
        answeredBy: 'Randomness is missing',
      }),
      new Attention(this, 'DrawsNotRevealed', {
        ...watched,
        to: ['DrawNotRevealed'],
        says: 'A draw was not revealed by the instant that was announced.',
        answeredBy: 'A draw was not revealed in time',
      }),
    ];
  }
}
