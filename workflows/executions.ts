/** The executions of a workflow, as the functions around it need them. Each workflow says how its runs are named. */
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  InvalidToken,
  ListExecutionsCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { type Instant, instantAt } from '../shared/domain/calendar.ts';

/** Answers a task token. `settled`: somebody else did, or the wait is over; nothing is left to do. */
export type AnswerTokenWith<Outcome> = (token: string, outcome: Outcome) => Promise<'answered' | 'settled'>;

/** Those of a workflow whose runs are named, started with and told so. */
export interface ExecutionsOf<Run, RunInput extends Run, Outcome> {
  /** Starts a run; one of that name that exists already, running or ended, is left as it is. */
  start(input: RunInput): Promise<'started' | 'exists'>;
  answer: AnswerTokenWith<Outcome>;
  /** All that run now, page by page. Follows starts and ends within seconds. */
  running(): AsyncIterable<Run>;
  /** Strongly consistent; an execution is forgotten 90 days after its end. */
  status(run: Run): Promise<'running' | 'ended' | 'absent'>;
  /** When anything last happened in a run; `undefined` where it is absent. */
  lastMove(run: Run): Promise<Instant | undefined>;
  /** Ends a run that drives nothing; one that has ended already stays as it is. */
  stop(run: Run, cause: string): Promise<void>;
}

/** Executions are named by what they drive, so starting one twice starts it once. `runOf`: `undefined` for a name of somebody's own. */
export interface RunNaming<Run> {
  readonly nameOf: (run: Run) => string;
  readonly runOf: (name: string) => Run | undefined;
}

let client: SFNClient | undefined;
/** Created at first use: most records and turns need none. */
const sfn = (): SFNClient => {
  client ??= new SFNClient();
  return client;
};

export const answerTokenWith = async <Outcome>(taskToken: string, outcome: Outcome): Promise<'answered' | 'settled'> => {
  try {
    await sfn().send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(outcome) }));
    return 'answered';
  } catch (error) {
    if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken) return 'settled';
    throw error;
  }
};

const PAGE = 1000;

export function executionsOf<Run, RunInput extends Run, Outcome>(
  stateMachineArn: string,
  { nameOf, runOf }: RunNaming<Run>,
): ExecutionsOf<Run, RunInput, Outcome> {
  const arnOf = (run: Run): string => `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${nameOf(run)}`;
  return {
    answer: answerTokenWith,
    async start(input) {
      try {
        await sfn().send(new StartExecutionCommand({ stateMachineArn, name: nameOf(input), input: JSON.stringify(input) }));
        return 'started';
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return 'exists';
        throw error;
      }
    },
    async *running() {
      let nextToken: string | undefined;
      do {
        const page = await sfn().send(
          new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: PAGE, nextToken }),
        );
        for (const { name } of page.executions ?? []) {
          const run = runOf(name ?? '');
          if (run !== undefined) yield run;
        }
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
    },
    async status(run) {
      try {
        const { status } = await sfn().send(new DescribeExecutionCommand({ executionArn: arnOf(run) }));
        return status === 'RUNNING' ? 'running' : 'ended';
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return 'absent';
        throw error;
      }
    },
    async lastMove(run) {
      try {
        const { events } = await sfn().send(
          new GetExecutionHistoryCommand({
            executionArn: arnOf(run),
            reverseOrder: true,
            maxResults: 1,
            includeExecutionData: false,
          }),
        );
        const timestamp = events?.[0]?.timestamp;
        return timestamp && instantAt(timestamp.getTime());
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return undefined;
        throw error;
      }
    },
    async stop(run, cause) {
      const running = (await this.status(run)) === 'running';
      if (running) await sfn().send(new StopExecutionCommand({ executionArn: arnOf(run), error: 'Superseded', cause }));
    },
  };
}
