/** Step Functions in memory for draws: each execution walks the real definition, calling the functions it is given and waiting for tokens. */
import type { Instant } from '../../shared/domain/calendar.ts';
import { type DrawOutcome, type DrawRun, type DrawRunInput, drawRunName } from '../../workflows/inspection-draw/contract.ts';
import { TaskError, type TaskMock, type Walk, walk } from './asl-runner.ts';
import { definitionOf } from './definitions.ts';
import { FakeExecutions } from './fake-executions.ts';

type Called = (payload: Record<string, unknown>) => Promise<unknown>;

/** By the state that calls them. */
export interface DrawFunctions {
  readonly FreezeDraw: Called;
  readonly DrawLots: Called;
  readonly AssignTasks: Called;
  readonly RevealDraw: Called;
  /** Called by every state that waits for a token. */
  readonly openDrawStage: Called;
}

const definition = definitionOf('inspection-draw');

/** A function that throws fails the state that called it. */
const crashed = (error: unknown): Promise<never> => Promise.reject(new TaskError('Crashed', String(error)));

export class FakeDrawExecutions extends FakeExecutions<DrawRun, DrawRunInput, DrawOutcome> {
  readonly functions: DrawFunctions;

  constructor(functions: DrawFunctions, clock: () => Instant) {
    super(drawRunName, clock);
    this.functions = functions;
  }

  protected runOf({ authority, kind, period, attempt }: DrawRunInput): DrawRun {
    return { authority, kind, period, attempt };
  }

  protected walked(name: string, input: DrawRunInput, alive: <T>(work: Promise<T>) => Promise<T>): Promise<Walk> {
    const call =
      (called: Called): TaskMock =>
      ({ Payload }) =>
        alive(called(Payload).then((result) => ({ Payload: result }), crashed));
    const wait: TaskMock = ({ Payload }) => alive(this.waitFor(Payload));
    const { FreezeDraw, DrawLots, AssignTasks, RevealDraw } = this.functions;
    return walk(definition, input, {
      tasks: {
        FreezeDraw: call(FreezeDraw),
        DrawLots: call(DrawLots),
        AssignTasks: call(AssignTasks),
        RevealDraw: call(RevealDraw),
        AwaitDrawing: wait,
        AwaitVisits: wait,
      },
      token: (nth) => `${name}/${nth}`,
      clock: this.now,
    });
  }

  private waitFor(payload: Record<string, unknown>): Promise<DrawOutcome> {
    return new Promise<DrawOutcome>((resolve, reject) => {
      const token = String(payload.taskToken);
      this.waits.set(token, resolve);
      this.functions.openDrawStage(payload).catch((error: unknown) => {
        if (this.waits.delete(token)) reject(error);
      });
    }).catch(crashed);
  }
}
