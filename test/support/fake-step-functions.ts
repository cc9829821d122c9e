/** Step Functions in memory: each execution walks the real definition, calling the functions it is given and waiting for their tokens. */
import type { Instant } from '../../shared/domain/calendar.ts';
import { type Outcome, type Run, type RunInput, runName } from '../../workflows/hazard-rectification/contract.ts';
import type { Executions } from '../../workflows/hazard-rectification/executions.ts';
import { type Definition, TaskError, type TaskMock, type Walk, walk } from './asl-runner.ts';

export interface FakeFunctions {
  /** Called by every state that waits for a token. */
  readonly openStage: (payload: Record<string, unknown>) => Promise<unknown>;
  readonly escalate: (payload: Record<string, unknown>) => Promise<unknown>;
}

interface Execution {
  readonly run: Run;
  status: 'running' | 'ended';
  lastMove: Instant;
  walked?: Walk;
}

/**
 * How a function that throws under `.waitForTaskToken` ends: on AWS the state fails; the local cloud does not notice, and the state waits
 * on (shared/reference/style.md 2.8).
 */
export type Thrown = 'noticed' | 'unnoticed';

export class FakeStepFunctions implements Executions {
  readonly executions = new Map<string, Execution>();
  private readonly waits = new Map<string, (outcome: Outcome) => void>();
  private readonly options: {
    /** Asked once per execution: one that runs keeps the definition it was started under. */
    readonly definition: () => Definition;
    readonly functions: FakeFunctions;
    readonly thrown: Thrown;
    readonly now: () => Instant;
  };

  constructor(options: FakeStepFunctions['options']) {
    this.options = options;
  }

  async start(input: RunInput): Promise<'started' | 'exists'> {
    const name = runName(input);
    if (this.executions.has(name)) return 'exists';
    const { hazard, generation, attempt } = input;
    const execution: Execution = {
      run: { hazard, generation, attempt },
      status: 'running',
      lastMove: this.options.now(),
    };
    this.executions.set(name, execution);
    void this.drive(name, execution, input);
    return 'started';
  }

  async answer(token: string, outcome: Outcome): Promise<'answered' | 'settled'> {
    const resume = this.waits.get(token);
    if (resume === undefined) return 'settled';
    this.waits.delete(token);
    resume(outcome);
    return 'answered';
  }

  async *running(): AsyncGenerator<Run> {
    for (const { run, status } of [...this.executions.values()]) if (status === 'running') yield run;
  }

  async status(run: Run): Promise<'running' | 'ended' | 'absent'> {
    return this.executions.get(runName(run))?.status ?? 'absent';
  }

  async lastMove(run: Run): Promise<Instant | undefined> {
    return this.executions.get(runName(run))?.lastMove;
  }

  async stop(run: Run): Promise<void> {
    this.end(runName(run));
  }

  /** What a restart of the local cloud does: every execution that waits has failed, and its token is gone. */
  restart(): void {
    for (const name of this.executions.keys()) this.end(name);
  }

  /** The ends that executions came to by themselves. */
  ends(): string[] {
    return [...this.executions.values()].flatMap(({ walked }) => walked?.path.at(-1) ?? []);
  }

  private end(name: string): void {
    const execution = this.executions.get(name);
    if (execution !== undefined) execution.status = 'ended';
    for (const token of [...this.waits.keys()]) if (token.startsWith(`${name}/`)) this.waits.delete(token);
  }

  private async drive(name: string, execution: Execution, input: RunInput): Promise<void> {
    const { functions, now } = this.options;
    const definition = this.options.definition();
    /** An execution that was stopped goes no further, wherever it stands. */
    const alive = async <T>(work: Promise<T>): Promise<T> => {
      const settled = await work.then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      if (execution.status !== 'running') return new Promise<never>(() => {});
      execution.lastMove = now();
      if ('error' in settled) throw settled.error;
      return settled.value;
    };
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
    const walked = await walk(definition, input, {
      tasks: { ...tasks, Escalate: escalate },
      token: (nth) => `${name}/${nth}`,
      clock: now,
    });
    execution.walked = walked;
    this.end(name);
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
