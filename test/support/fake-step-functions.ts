/** Step Functions in memory: each execution walks the real definition, calling the functions it is given and waiting for their tokens. */
import type { Instant } from '../../shared/domain/calendar.ts';
import { type Outcome, type Run, type RunInput, runName } from '../../workflows/hazard-rectification/contract.ts';
import { type Definition, TaskError, type TaskMock, type Walk, walk } from './asl-runner.ts';
import { FakeExecutions } from './fake-executions.ts';

export interface FakeFunctions {
  /** Called by every state that waits for a token. */
  readonly openStage: (payload: Record<string, unknown>) => Promise<unknown>;
  readonly escalate: (payload: Record<string, unknown>) => Promise<unknown>;
}

/**
 * How a function that throws under `.waitForTaskToken` ends: on AWS the state fails; the local cloud does not notice, and the state waits
 * on (shared/reference/style.md 2.8).
 */
export type Thrown = 'noticed' | 'unnoticed';

export class FakeStepFunctions extends FakeExecutions<Run, RunInput, Outcome> {
  private readonly options: {
    /** Asked once per execution: one that runs keeps the definition it was started under. */
    readonly definition: () => Definition;
    readonly functions: FakeFunctions;
    readonly thrown: Thrown;
    readonly now: () => Instant;
  };

  constructor(options: FakeStepFunctions['options']) {
    super(runName, options.now);
    this.options = options;
  }

  /** What a restart of the local cloud does: every execution that waits has failed, and its token is gone. */
  restart(): void {
    for (const name of this.executions.keys()) this.end(name);
  }

  protected runOf({ hazard, generation, attempt }: RunInput): Run {
    return { hazard, generation, attempt };
  }

  protected walked(name: string, input: RunInput, alive: <T>(work: Promise<T>) => Promise<T>): Promise<Walk> {
    const { functions } = this.options;
    const definition = this.options.definition();
    const wait: TaskMock = ({ Payload }) => alive(this.waitFor(Payload, functions.openStage));
    const tasks = Object.fromEntries(
      Object.entries(definition.States).flatMap(([state, { Type }]) =>
        Type === 'Task' && state !== 'Escalate' ? [[state, wait] as const] : [],
      ),
    );
    const escalate: TaskMock = ({ Payload }) =>
      alive(
        functions.escalate(Payload).then(
          (result) => ({ Payload: result }),
          (error: unknown) => Promise.reject(new TaskError('Crashed', String(error))),
        ),
      );
    return walk(definition, input, {
      tasks: { ...tasks, Escalate: escalate },
      token: (nth) => `${name}/${nth}`,
      clock: this.now,
    });
  }

  private waitFor(payload: Record<string, unknown>, openStage: FakeFunctions['openStage']): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const token = String(payload.taskToken);
      this.waits.set(token, resolve);
      openStage(payload).catch((error: unknown) => {
        if (this.options.thrown === 'noticed' && this.waits.delete(token)) reject(new TaskError('Crashed', String(error)));
      });
    });
  }
}
