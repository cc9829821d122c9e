/**
 * Walks an Amazon States Language definition: Pass, Task, Choice, Map (inline, its items one after the other), Succeed and Fail with Assign,
 * Output and Catch, in JSONata 2.0.6. Independent of AWS and of the emulator. What makes it trustworthy: an undefined expression fails the state, only a `TaskError` can
 * be caught by the definition (every other throw fails the test), a task without a mock throws, each visit has its own token.
 */
import jsonata from 'jsonata';

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly Assign?: Json;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

interface Base {
  readonly Comment?: string;
  readonly Assign?: { readonly [name: string]: Json };
  readonly Output?: Json;
}
export interface Pass extends Base {
  readonly Type: 'Pass';
  readonly Next: string;
}
export interface Task extends Base {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Arguments: { readonly [key: string]: Json };
  readonly TimeoutSeconds?: number | string;
  readonly Retry?: readonly Json[];
  readonly Catch?: readonly Catcher[];
  readonly Next: string;
}
export interface Choice extends Base {
  readonly Type: 'Choice';
  readonly Choices: readonly {
    readonly Condition: string;
    readonly Next: string;
    readonly Assign?: { readonly [name: string]: Json };
  }[];
  readonly Default: string;
}
export interface InlineMap extends Base {
  readonly Type: 'Map';
  readonly Items: string;
  readonly ItemSelector: { readonly [key: string]: Json };
  readonly MaxConcurrency: number;
  readonly ItemProcessor: Machine & { readonly ProcessorConfig: { readonly Mode: 'INLINE' } };
  readonly Catch?: readonly Catcher[];
  readonly Next: string;
}
export interface Succeed extends Base {
  readonly Type: 'Succeed';
}
export interface Fail extends Base {
  readonly Type: 'Fail';
  readonly Error: string;
  readonly Cause: string;
}
export type State = Pass | Task | Choice | InlineMap | Succeed | Fail;

/** States that lead to each other: a definition, or what a Map does with each of its items. */
export interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export interface Definition extends Machine {
  readonly Comment: string;
  readonly QueryLanguage: string;
}

/** An error that a task reports by its name, as Step Functions would see it. */
export class TaskError extends Error {
  override readonly name: string;
  constructor(name: string, message = name) {
    super(message);
    this.name = name;
  }
}

/** Answers a task's arguments with its result. */
export type TaskMock = (args: { readonly Payload: Record<string, unknown> }, visit: { readonly state: string }) => unknown;

export interface Walk {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly path: readonly string[];
  readonly output?: unknown;
  readonly error?: string;
}

export interface WalkOptions {
  /** By state name. */
  readonly tasks: Readonly<Record<string, TaskMock>>;
  /** The clock of the walk; asked once for each state entered. */
  readonly clock?: () => string;
  /** Names the token of the nth state that is entered. */
  readonly token?: (nth: number) => string;
  /** More states than this mean that the definition goes round in circles. */
  readonly most?: number;
}

const EXPRESSION = /^\{%([\s\S]*)%\}$/;

/** The text between the marks; `undefined` where the value is a constant. */
export const expressionOf = (text: string): string | undefined => EXPRESSION.exec(text)?.[1]?.trim();

const parsed = new Map<string, ReturnType<typeof jsonata>>();
/** Parsing costs more than evaluating, and a definition is walked many times. */
function parse(expression: string): ReturnType<typeof jsonata> {
  const known = parsed.get(expression) ?? jsonata(expression);
  parsed.set(expression, known);
  return known;
}

async function evaluate(value: Json, bindings: Record<string, unknown>): Promise<unknown> {
  if (typeof value === 'string') {
    const expression = expressionOf(value);
    if (expression === undefined) return value;
    const result: unknown = await parse(expression).evaluate({}, bindings);
    if (result === undefined) throw new TaskError('States.QueryEvaluationError', `${expression} is undefined`);
    return result;
  }
  if (Array.isArray(value)) return Promise.all(value.map((item) => evaluate(item, bindings)));
  if (typeof value === 'object' && value !== null) {
    const entries = await Promise.all(
      Object.entries(value).map(async ([key, item]) => [key, await evaluate(item, bindings)] as const),
    );
    return Object.fromEntries(entries);
  }
  return value;
}

const START = '2026-03-01T00:00:00.000Z';

/** What the states of a Map share with those around it. */
interface Outer {
  readonly path: string[];
  readonly execution: object;
  readonly variables: Record<string, unknown>;
  readonly item?: { readonly Index: number; readonly Value: unknown };
}

export async function walk(definition: Machine, input: unknown, options: WalkOptions): Promise<Walk> {
  const StartTime = (options.clock ?? (() => START))();
  const execution = { Id: 'execution', Name: 'execution', StartTime, Input: input };
  return walkWithin(definition, input, options, { path: [], execution, variables: {} });
}

async function walkWithin(definition: Machine, input: unknown, options: WalkOptions, outer: Outer): Promise<Walk> {
  const clock = options.clock ?? (() => START);
  const { path, execution, item } = outer;
  let variables = outer.variables;
  let current = definition.StartAt;
  let passed: unknown = input;

  for (;;) {
    const state = definition.States[current];
    if (state === undefined) throw new Error(`there is no state ${current}`);
    path.push(current);
    if (path.length > (options.most ?? 200))
      throw new Error(`more than ${options.most ?? 200} states: ${path.slice(-6).join(' → ')}`);
    const context = {
      Execution: execution,
      State: { Name: current, EnteredTime: clock() },
      Task: { Token: (options.token ?? ((nth) => `token-${nth}`))(path.length) },
      ...(item !== undefined && { Map: { Item: item } }),
    };
    const bind = (more: Record<string, unknown>) => ({ ...variables, states: { input: passed, context, ...more } });
    /** Assignments see the variables as they were before this state. */
    const assign = async (names: Base['Assign'], bindings: Record<string, unknown>) => {
      if (names !== undefined) variables = { ...variables, ...((await evaluate(names, bindings)) as Record<string, unknown>) };
    };
    const leave = async (bindings: Record<string, unknown>, result: unknown) => {
      const output = state.Output === undefined ? result : await evaluate(state.Output, bindings);
      await assign(state.Assign, bindings);
      passed = output;
    };

    try {
      switch (state.Type) {
        case 'Succeed':
          return { status: 'SUCCEEDED', path, output: passed };
        case 'Fail':
          return { status: 'FAILED', path, error: state.Error };
        case 'Pass':
          await leave(bind({}), passed);
          current = state.Next;
          break;
        case 'Choice': {
          let next = state.Default;
          for (const choice of state.Choices) {
            if ((await evaluate(choice.Condition, bind({}))) !== true) continue;
            await assign(choice.Assign, bind({}));
            next = choice.Next;
            break;
          }
          current = next;
          break;
        }
        case 'Task': {
          const mock = options.tasks[current];
          if (mock === undefined) throw new Error(`no mock for the task ${current}`);
          const args = (await evaluate(state.Arguments, bind({}))) as { Payload: Record<string, unknown> };
          const result: unknown = await mock(args, { state: current });
          await leave(bind({ result }), result);
          current = state.Next;
          break;
        }
        case 'Map': {
          const items = await evaluate(state.Items, bind({}));
          if (!Array.isArray(items)) throw new TaskError('States.QueryEvaluationError', `${state.Items} is no array`);
          const results: unknown[] = [];
          for (const [Index, Value] of items.entries()) {
            const within = { path, execution, variables, item: { Index, Value: Value as unknown } };
            const selected = await evaluate(state.ItemSelector, bind({ context: { ...context, Map: { Item: within.item } } }));
            const walked = await walkWithin(state.ItemProcessor, selected, options, within);
            if (walked.status === 'FAILED') throw new TaskError(walked.error ?? 'States.TaskFailed');
            results.push(walked.output);
          }
          await leave(bind({ result: results }), results);
          current = state.Next;
          break;
        }
      }
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
      const catcher =
        state.Type === 'Task' || state.Type === 'Map'
          ? state.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes(error.name) || ErrorEquals.includes('States.ALL'))
          : undefined;
      if (catcher === undefined) return { status: 'FAILED', path, error: error.name };
      const errorOutput = { Error: error.name, Cause: error.message };
      if (catcher.Assign !== undefined) await assign(catcher.Assign as Base['Assign'], bind({ errorOutput }));
      passed = errorOutput;
      current = catcher.Next;
    }
  }
}
