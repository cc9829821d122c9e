/** Step Functions in memory for draws: each execution walks the real definition, calling the functions it is given and waiting for tokens. */
import type { Instant } from '../../shared/domain/calendar.ts';
import { type DrawOutcome, type DrawRun, type DrawRunInput, drawRunName } from '../../workflows/inspection-draw/contract.ts';
import type { DrawExecutions } from '../../workflows/inspection-draw/executions.ts';
import { TaskError, type TaskMock, type Walk, walk } from './asl-runner.ts';
import { definitionOf } from './definitions.ts';

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

interface Execution {
  readonly run: DrawRun;
  status: 'running' | 'ended';
  lastMove: Instant;
  walked?: Walk;
}

const definition = definitionOf('inspection-draw');

export class FakeDrawExecutions implements DrawExecutions {
  readonly executions = new Map<string, Execution>();
  private readonly waits = new Map<string, (outcome: DrawOutcome) => void>();
  readonly functions: DrawFunctions;
  private readonly clock: () => Instant;

  constructor(functions: DrawFunctions, clock: () => Instant) {
    this.functions = functions;
    this.clock = clock;
  }

  async start(input: DrawRunInput): Promise<'started' | 'exists'> {
    const name = drawRunName(input);
    if (this.executions.has(name)) return 'exists';
    const { authority, kind, period, attempt } = input;
    const execution: Execution = { run: { authority, kind, period, attempt }, status: 'running', lastMove: this.clock() };
    this.executions.set(name, execution);
    void this.drive(name, execution, input);
    return 'started';
  }

  async answer(token: string, outcome: DrawOutcome): Promise<'answered' | 'settled'> {
    const resume = this.waits.get(token);
    if (resume === undefined) return 'settled';
    this.waits.delete(token);
    resume(outcome);
    return 'answered';
  }

  async *running(): AsyncGenerator<DrawRun> {
    for (const { run, status } of [...this.executions.values()]) if (status === 'running') yield run;
  }

  async status(run: DrawRun): Promise<'running' | 'ended' | 'absent'> {
    return this.executions.get(drawRunName(run))?.status ?? 'absent';
  }

  async lastMove(run: DrawRun): Promise<Instant | undefined> {
    return this.executions.get(drawRunName(run))?.lastMove;
  }

  async stop(run: DrawRun): Promise<void> {
    this.end(drawRunName(run));
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

  private async drive(name: string, execution: Execution, input: DrawRunInput): Promise<void> {
    /** An execution that was stopped goes no further, wherever it stands. */
    const alive = async <T>(work: Promise<T>): Promise<T> => {
      const settled = await work.then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      if (execution.status !== 'running') return new Promise<never>(() => {});
      execution.lastMove = this.clock();
      if ('error' in settled) throw new TaskError('Crashed', String(settled.error));
      return settled.value;
    };
    const call =
      (called: Called): TaskMock =>
      ({ Payload }) =>
        alive(called(Payload).then((result) => ({ Payload: result })));
    const wait: TaskMock = ({ Payload }) => alive(this.waitFor(Payload));
    const { FreezeDraw, DrawLots, AssignTasks, RevealDraw } = this.functions;
    const walked = await walk(definition, input, {
      tasks: {
        FreezeDraw: call(FreezeDraw),
        DrawLots: call(DrawLots),
        AssignTasks: call(AssignTasks),
        RevealDraw: call(RevealDraw),
        AwaitDrawing: wait,
        AwaitVisits: wait,
      },
      token: (nth) => `${name}/${nth}`,
      clock: this.clock,
    });
    execution.walked = walked;
    this.end(name);
  }

  private waitFor(payload: Record<string, unknown>): Promise<DrawOutcome> {
    return new Promise((resolve, reject) => {
      const token = String(payload.taskToken);
      this.waits.set(token, resolve);
      this.functions.openDrawStage(payload).catch((error: unknown) => {
        if (this.waits.delete(token)) reject(error);
      });
    });
  }
}
