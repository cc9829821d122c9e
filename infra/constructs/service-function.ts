import { type Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Policy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, CfnFunction, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type * as z from 'zod';
import { bundled } from './bundle.ts';
import { acknowledgeWildcard } from './wildcard.ts';

/** What may be done to a table's items. Nobody may `Scan`; a transaction needs the right to each of its parts. */
type ItemAction = 'GetItem' | 'BatchGetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'ConditionCheckItem' | 'Query';

/** Where what happened stands. */
export interface Recorded {
  readonly ledger: TableV2;
  readonly personal: TableV2;
}

export interface ServiceFunctionProps<Name extends string> {
  /** The folder under `functions`. */
  readonly folder: string;
  /** What it does, in a sentence. */
  readonly does: string;
  /** The schema that the function itself parses. The compiler refuses settings that lack one of its names. */
  readonly reads: z.ZodObject<Readonly<Record<Name, z.ZodType>>>;
  /** Values to take from; only those that the function reads are given to it. */
  readonly settings: Readonly<Record<NoInfer<Name>, string>>;
  readonly timeout: Duration;
  readonly memorySize?: number;
  /** Files that it reads at run time, beside its code. */
  readonly beside?: Readonly<Record<string, () => string>>;
  readonly logRetention: RetentionDays;
  readonly tracing: boolean;
}

export const MEMORY_MB = 1024; // Lambda gives CPU by memory; less makes a cold start slower than it saves

/** A function with its own role, its own log, and no permission that was not written out. */
export class ServiceFunction<Name extends string = string> extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;
  /** Written into the role itself: a policy of its own for each would take a tenth of what a stack may hold. */
  private readonly rights = new PolicyDocument();
  private later: Policy | undefined;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps<Name>) {
    super(scope, id);
    const { folder, does, reads, settings, timeout, memorySize = MEMORY_MB, beside, logRetention, tracing } = props;
    const names = Object.keys(reads.shape) as Name[];
    const logGroup = new LogGroup(this, 'Log', { retention: logRetention, removalPolicy: RemovalPolicy.RETAIN });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: { Rights: this.rights },
    });
    this.may(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn);
    this.function = new LambdaFunction(this, 'Function', {
      description: does,
      code: bundled(folder, beside),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      memorySize,
      timeout,
      environment: {
        ...Object.fromEntries(names.map((name) => [name, settings[name]])),
        NODE_OPTIONS: '--enable-source-maps',
      },
      role: this.role,
      logGroup,
    });
    if (tracing) this.trace();
    Validations.of(this.function).acknowledge({
      id: 'AwsSolutions-L1',
      reason: 'Node.js 22 is the newest that is known to be there in both partitions; it is supported until April 2027.',
    });
  }

  /** Lets it do this to the items of a table, and query these indexes of it. */
  mayUse(table: TableV2, actions: readonly ItemAction[], indexes: readonly string[] = []): this {
    if (actions.length > 0) {
      this.may(
        actions.map((action) => `dynamodb:${action}`),
        table.tableArn,
      );
    }
    if (indexes.length > 0) this.may(['dynamodb:Query'], ...indexes.map((index) => `${table.tableArn}/index/${index}`));
    return this;
  }

  /** Lets it write events: into the ledger, and beside them what stands behind their commitments, which it cannot read again. */
  mayRecord({ ledger, personal }: Recorded, also: readonly ItemAction[] = [], indexes: readonly string[] = []): this {
    return this.mayUse(ledger, [...also, 'PutItem'], indexes).mayUse(personal, ['PutItem']);
  }

  /**
   * Lets it do this to the items of one partition of a table, and to no others. The second condition is there because the first holds of
   * a call that names no key.
   */
  mayUsePartition(table: TableV2, actions: readonly Exclude<ItemAction, 'Query'>[], partition: string): this {
    const key = 'dynamodb:LeadingKeys';
    this.rights.addStatements(
      new PolicyStatement({
        actions: actions.map((action) => `dynamodb:${action}`),
        resources: [table.tableArn],
        conditions: { 'ForAllValues:StringEquals': { [key]: [partition] }, Null: { [key]: 'false' } },
      }),
    );
    return this;
  }

  /** Lets it read or write the objects under a prefix of a bucket. */
  mayKeep(bucket: Bucket, actions: readonly ('GetObject' | 'PutObject')[], prefix: string): this {
    const objects = `${Stack.of(bucket).exportValue(bucket.bucketArn)}/${prefix}/*`;
    acknowledgeWildcard(this, objects, 'The keys are made as files come in; the prefix is the narrowest name that there is.');
    return this.may(
      actions.map((action) => `s3:${action}`),
      objects,
    );
  }

  /** Lets it learn that an object is not there: without this right S3 answers that it is forbidden, whether it is there or not. */
  maySeeWhatIsMissing(bucket: Bucket): this {
    return this.may(['s3:ListBucket'], bucket.bucketArn);
  }

  /** Lets it do this to resources that do not depend on the function. */
  may(actions: readonly string[], ...resources: string[]): this {
    this.rights.addStatements(new PolicyStatement({ actions: [...actions], resources }));
    return this;
  }

  /**
   * Lets it do this to a resource that itself depends on the function, such as the state machine that calls it: the policy stands
   * apart from the role, so that the function does not wait for it.
   */
  mayLater(actions: readonly string[], resource: string): this {
    this.later ??= new Policy(this, 'Later', { roles: [this.role] });
    this.later.addStatements(new PolicyStatement({ actions: [...actions], resources: [resource] }));
    return this;
  }

  /** Not the library's `tracing`, which gives the role a policy of its own. */
  private trace(): void {
    const resource = this.function.node.defaultChild;
    if (!CfnFunction.isCfnFunction(resource)) throw new Error(`${this.node.id} has no function to trace`);
    resource.tracingConfig = { mode: 'Active' };
    acknowledgeWildcard(this.role, '*', 'X-Ray takes traces in (xray:PutTraceSegments) and knows no resources.');
    this.may(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*');
  }
}
