/** What every definition keeps to, so that one file runs in both partitions and on the local cloud (shared/reference/style.md 3.7, 2.8). */
import validate from 'asl-validator';
import jsonata from 'jsonata';
import { expressionOf, type InlineMap, type Machine, type State, type Task } from '../support/asl-runner.ts';
import { workflows } from '../support/definitions.ts';

const RETRY = [
  {
    ErrorEquals: [
      'Lambda.TooManyRequestsException',
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
    ],
    IntervalSeconds: 2,
    MaxAttempts: 5,
    BackoffRate: 2,
    JitterStrategy: 'FULL',
  },
];

const isTask = (state: State): state is Task => state.Type === 'Task';
const isMap = (state: State): state is InlineMap => state.Type === 'Map';

/** The machine, and within it what is done with each item of its maps. */
const machinesOf = (machine: Machine): Machine[] => [
  machine,
  ...Object.values(machine.States)
    .filter(isMap)
    .flatMap(({ ItemProcessor }) => machinesOf(ItemProcessor)),
];

/** Every text of a value, wherever it stands in it. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn);
  return [];
}

const expressionsIn = (value: unknown): string[] =>
  textsIn(value)
    .map(expressionOf)
    .filter((expression) => expression !== undefined);

/** The variables that an expression reads, without JSONata's own functions and `$states`. */
function readsOf(expression: string): Set<string> {
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      node.forEach(visit);
    } else if (typeof node === 'object' && node !== null) {
      const { type, value, procedure, ...rest } = node as { type?: string; value?: unknown; procedure?: { type?: string } };
      if (type === 'variable' && typeof value === 'string') names.add(value);
      if (procedure?.type !== 'variable') visit(procedure);
      Object.values(rest).forEach(visit);
    }
  };
  visit(jsonata(expression).ast());
  names.delete('states');
  names.delete('');
  return names;
}

type Leads = { readonly to: string; readonly assigns: readonly string[] };

/** Where a state leads to, and what is assigned on the way. */
function leadsOf(state: State): Leads[] {
  const own = Object.keys(state.Assign ?? {});
  switch (state.Type) {
    case 'Succeed':
    case 'Fail':
      return [];
    case 'Pass':
      return [{ to: state.Next, assigns: own }];
    case 'Task':
    case 'Map':
      return [
        { to: state.Next, assigns: own },
        ...(state.Catch ?? []).map((caught) => ({ to: caught.Next, assigns: Object.keys(caught.Assign ?? {}) })),
      ];
    case 'Choice':
      return [
        ...state.Choices.map(({ Next, Assign }) => ({ to: Next, assigns: Object.keys(Assign ?? {}) })),
        { to: state.Default, assigns: own },
      ];
  }
}

/** What is assigned on every path to each state. A state that nothing leads to is not in the map. */
function assignedBefore(states: Readonly<Record<string, State>>, start: string): Map<string, ReadonlySet<string>> {
  const before = new Map<string, ReadonlySet<string>>([[start, new Set()]]);
  const todo = [start];
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    const state = states[name];
    if (state === undefined) continue;
    for (const { to, assigns } of leadsOf(state)) {
      const after = new Set([...(before.get(name) ?? []), ...assigns]);
      const known = before.get(to);
      const both = known === undefined ? after : new Set([...known].filter((variable) => after.has(variable)));
      if (known !== undefined && known.size === both.size) continue;
      before.set(to, both);
      todo.push(to);
    }
  }
  return before;
}

describe.each(workflows)('$name', ({ text, definition }) => {
  const machines = machinesOf(definition);
  const states = machines.flatMap(({ States }) => Object.entries(States));
  const tasks = states.flatMap(([name, state]) => (isTask(state) ? [{ name, state }] : []));

  test.each(['aws', 'aws-cn'])('is valid ASL in %s', (partition) => {
    const placed = text
      .replaceAll('${Partition}', partition)
      .replace(/\$\{(\w+)FunctionArn\}/g, `arn:${partition}:lambda:cn-north-1:000000000000:function:$1`);
    expect(validate(JSON.parse(placed))).toMatchObject({ isValid: true, errors: [] });
  });

  test('speaks JSONata throughout', () => {
    expect(definition.QueryLanguage).toBe('JSONata');
    expect(text).not.toMatch(/"(?:InputPath|OutputPath|ResultPath|Parameters|ResultSelector|Variable)"/);
  });

  test('names no partition, region or account', () => {
    expect(text).not.toMatch(/arn:aws|\b\d{12}\b|(?:us|cn|ap|eu)-[a-z]+-\d/);
    for (const { state } of tasks) expect(state.Resource).toMatch(/^arn:\$\{Partition\}:states:::/);
  });

  test('bounds every task by a constant, and has nothing that waits or polls', () => {
    for (const { state } of tasks) expect(state.TimeoutSeconds).toEqual(expect.any(Number));
    expect(states.map(([, { Type }]) => Type)).not.toContain('Wait');
    expect(text).not.toContain('HeartbeatSeconds');
  });

  test('catches whatever a task may end with, and the timeout of a wait apart', () => {
    for (const { state } of tasks) {
      expect(state.Catch?.at(-1)?.ErrorEquals).toEqual(['States.ALL']);
      if (state.Resource.endsWith('.waitForTaskToken')) expect(state.Catch?.[0]?.ErrorEquals).toEqual(['States.Timeout']);
    }
  });

  test('has one Retry block for Lambda tasks, word for word', () => {
    for (const { state } of tasks) expect(state.Retry).toEqual(RETRY);
  });

  test('keeps clear of what the local cloud does otherwise than AWS', () => {
    for (const [, state] of states) if (state.Type === 'Succeed') expect(state.Output).toBeUndefined();
  });

  test('parses under JSONata 2.0.6 and reads only what is assigned on every path', () => {
    for (const { States, StartAt } of machines) {
      const before = assignedBefore(States, StartAt);
      for (const [name, state] of Object.entries(States)) {
        const { Comment: _, ...body } = state;
        const own = isMap(state) ? { ...body, ItemProcessor: undefined } : body;
        const assigned = before.get(name);
        for (const expression of expressionsIn(own)) {
          for (const variable of readsOf(expression)) {
            expect({ name, expression, variable, assigned: assigned?.has(variable) }).toMatchObject({ assigned: true });
          }
        }
      }
    }
  });

  test('gives each item of a map all that it reads, and bounds how many run abreast by a constant', () => {
    for (const [, state] of states.filter(([, { Type }]) => Type === 'Map')) {
      expect(state).toMatchObject({ ItemSelector: expect.any(Object), ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' } } });
      expect(state).toMatchObject({ MaxConcurrency: expect.any(Number), Catch: [{ ErrorEquals: ['States.ALL'] }] });
    }
  });

  test('has no state that nothing leads to, and leads to none that is absent', () => {
    for (const { States, StartAt } of machines) {
      expect([...assignedBefore(States, StartAt).keys()].sort()).toEqual(Object.keys(States).sort());
    }
  });
});
