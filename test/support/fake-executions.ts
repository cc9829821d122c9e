/** Executions in memory, by their names, as Step Functions keeps them; what they walk and call is whose they are. */
import type { Instant } from '../../shared/domain/calendar.ts';
import type { ExecutionsOf } from '../../workflows/executions.ts';
import type { Walk } from './asl-runner.ts';

interface Execution<Run> {
  readonly run: Run;
  status: 'running' | 'ended';
  lastMove: Instant;
  walked?: Walk;
}

export abstract class FakeExecutions<Run, Input extends Run, Outcome> implements ExecutionsOf<Run, Input, Outcome> {
  readonly executions = new Map<string, Execution<Run>>();
  protected readonly waits = new Map<string, (outcome: Outcome) => void>();
  private readonly nameOf: (run: Run) => string;
  protected readonly now: () => Instant;

  constructor(nameOf: (run: Run) => string, now: () => Instant) {
    this.nameOf = nameOf;
    this.now = now;
  }

  /** What of an input names its run. */
  protected abstract runOf(input: Input): Run;
  /** Walks the definition. `alive`: an execution that was stopped goes no further, wherever it stands. */
  protected abstract walked(name: string, input: Input, alive: <T>(work: Promise<T>) => Promise<T>): Promise<Walk>;

  async start(input: Input): Promise<'started' | 'exists'> {
    const name = this.nameOf(input);
    if (this.executions.has(name)) return 'exists';
    const execution: Execution<Run> = { run: this.runOf(input), status: 'running', lastMove: this.now() };
    this.executions.set(name, execution);
    const alive = async <T>(work: Promise<T>): Promise<T> => {
      const settled = await work.then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      if (execution.status !== 'running') return new Promise<never>(() => {});
      execution.lastMove = this.now();
      if ('error' in settled) throw settled.error;
      return settled.value;
    };
    void this.walked(name, input, alive).then((walked) => {
      execution.walked = walked;
      this.end(name);
    });
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
    return this.executions.get(this.nameOf(run))?.status ?? 'absent';
  }

  async lastMove(run: Run): Promise<Instant | undefined> {
    return this.executions.get(this.nameOf(run))?.lastMove;
  }

  async stop(run: Run): Promise<void> {
    this.end(this.nameOf(run));
  }

  /** The ends that executions came to by themselves. */
  ends(): string[] {
    return [...this.executions.values()].flatMap(({ walked }) => walked?.path.at(-1) ?? []);
  }

  protected end(name: string): void {
    const execution = this.executions.get(name);
    if (execution !== undefined) execution.status = 'ended';
    for (const token of [...this.waits.keys()]) if (token.startsWith(`${name}/`)) this.waits.delete(token);
  }
}
