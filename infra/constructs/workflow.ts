import { readFileSync } from 'node:fs';
import { Aws, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { ServiceFunction } from './service-function.ts';

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
 * A Standard state machine from its ASL file; file and functions have to name the same placeholders. A changed file changes what new
 * executions do: one that runs keeps the definition it was started under.
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
    // A file brings no grants of its own.
    for (const { function: fn } of Object.values(functions)) fn.grantInvoke(this.stateMachine);
    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason:
          'The delivery of logs (logs:CreateLogDelivery and its kin) and X-Ray know no resources; nothing else stands under *.',
      },
      { id: 'AwsSolutions-SF2', reason: 'aws-cn has no X-Ray for it; the log of level ALL and the ledger tell what happened.' },
    );
  }
}
