import { readFileSync } from 'node:fs';
import { ArnFormat, Aws, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { ServiceFunction } from './service-function.ts';
import { acknowledgeWildcard } from './wildcard.ts';

export interface WorkflowProps {
  readonly says: string;
  /** The ASL file. It names the functions `${OpenStageFunctionArn}` and the partition `${Partition}`. */
  readonly definition: URL;
  /** By the name that the file uses, without `FunctionArn`. */
  readonly functions: Readonly<Record<string, ServiceFunction>>;
  readonly logRetention: RetentionDays;
  readonly tracing: boolean;
}

/**
 * A Standard state machine from its ASL file; file and functions have to name the same placeholders.
 *
 * An upgrade needs no versions or aliases. An execution that runs keeps the definition it was started under to its end; a changed file
 * changes what later ones do. Old executions call the functions by their names and so get the new code: a task's payload and answer may
 * gain fields and lose none (`contract.ts`) as long as executions from before may run. A stage that an old definition does not know ends
 * its execution (`HandOver`), and the reconciler starts the next under the newest one, as it does for an execution that is dead.
 */
export class Workflow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { says, definition, functions, logRetention, tracing }: WorkflowProps) {
    super(scope, id);
    const source = readFileSync(definition, 'utf8');
    const wanted = new Set(Array.from(source.matchAll(/\$\{(\w+)\}/g), ([, name]) => name));
    const offered = new Map<string | undefined, string>([
      ['Partition', Aws.PARTITION],
      ...Object.entries(functions).map(([name, fn]) => [`${name}FunctionArn`, fn.function.functionArn] as const),
    ]);
    const alone = [...wanted]
      .filter((name) => !offered.has(name))
      .concat([...offered.keys()].filter((name) => !wanted.has(name)));
    if (alone.length > 0) throw new Error(`${definition.pathname}: placeholders without a partner: ${alone.join(', ')}`);

    this.stateMachine = new StateMachine(this, 'StateMachine', {
      comment: says,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(JSON.stringify(JSON.parse(source))), // `fromFile` would hide it from assertions
      definitionSubstitutions: Object.fromEntries(offered),
      logs: {
        destination: new LogGroup(this, 'Log', { retention: logRetention, removalPolicy: RemovalPolicy.RETAIN }),
        level: LogLevel.ALL,
        includeExecutionData: false, // the case's data stands in the table; the log says which way it went
      },
      tracingEnabled: tracing,
    });
    // A file brings no grants of its own. Not `grantInvoke`, which grants every version of the function too.
    const called = Object.values(functions).map(({ function: fn }) => fn.functionArn);
    this.stateMachine.addToRolePolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: called }));
    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason:
          'The delivery of logs (logs:CreateLogDelivery and its kin) and X-Ray know no resources; nothing else stands under *.',
      },
      { id: 'AwsSolutions-SF2', reason: 'aws-cn has no X-Ray for it; the log of level ALL and the ledger tell what happened.' },
    );
  }

  mayBeStartedBy(fn: ServiceFunction): this {
    return this.open(fn, ['states:StartExecution'], this.stateMachine.stateMachineArn);
  }

  /** Lets it answer the tokens of waiting executions. */
  mayBeAnsweredBy(fn: ServiceFunction): this {
    acknowledgeWildcard(
      fn,
      '*',
      'states:SendTaskSuccess knows no resources; the token itself, which nobody can guess, is the right.',
    );
    return this.open(fn, ['states:SendTaskSuccess'], '*');
  }

  /** Lets it see how an execution is whose name it knows. */
  mayBeDescribedBy(fn: ServiceFunction): this {
    return this.ofExecutions(fn, ['states:DescribeExecution']);
  }

  /** Lets it see which executions there are and how each is, and stop one. */
  mayBeWatchedBy(fn: ServiceFunction): this {
    this.open(fn, ['states:ListExecutions'], this.stateMachine.stateMachineArn);
    return this.ofExecutions(fn, ['states:DescribeExecution', 'states:GetExecutionHistory', 'states:StopExecution']);
  }

  private ofExecutions(fn: ServiceFunction, actions: readonly string[]): this {
    const executions = Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${this.stateMachine.stateMachineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    acknowledgeWildcard(
      fn,
      executions,
      'An execution has its name only when it starts; these are those of this state machine alone.',
    );
    return this.open(fn, actions, executions);
  }

  /** An execution that ends otherwise than by its case's end is made up by its reconciler; somebody has to know why. */
  raise(alarms: Alarms): void {
    const over = { period: Duration.minutes(5), statistic: 'Sum' } as const;
    const { stateMachine } = this;
    const endings = {
      Failed: { metric: stateMachine.metricFailed(over), says: 'has failed' },
      Aborted: { metric: stateMachine.metricAborted(over), says: 'was stopped' },
      TimedOut: { metric: stateMachine.metricTimedOut(over), says: 'has run out of time' },
    };
    for (const [ending, { metric, says }] of Object.entries(endings)) {
      alarms.raise(`${this.node.id}Executions${ending}`, {
        metric,
        says: `An execution of ${this.node.id} ${says}.`,
        answeredBy: 'A workflow execution failed',
        atLeast: 1,
      });
    }
    alarms.raise(`${this.node.id}ExecutionsThrottled`, {
      metric: stateMachine.metricThrottled(over),
      says: `Step Functions has slowed ${this.node.id} down.`,
      answeredBy: 'Calls are throttled',
      atLeast: 1,
    });
  }

  /** The policy stands apart from the role: a function that the machine calls must not wait for the machine. */
  private open(fn: ServiceFunction, actions: readonly string[], resource: string): this {
    fn.mayLater(actions, resource);
    return this;
  }
}
