/** What a deployment becomes: its templates as CloudFormation reads them, without bundling any function. */
import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { deployments } from '../../infra/deployments/all.ts';
import type { Deployment } from '../../infra/deployments/deployment.ts';
import { CountyStage } from '../../infra/stages/county-stage.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Synthesised {
  readonly deployment: Deployment;
  readonly app: App;
  readonly stage: CountyStage;
  readonly state: Readonly<Record<string, Resource>>;
  readonly service: Readonly<Record<string, Resource>>;
  readonly messaging: Readonly<Record<string, Resource>>;
  readonly archive: Readonly<Record<string, Resource>>;
  /** The three that can be made again, as one. */
  readonly made: Readonly<Record<string, Resource>>;
  /** What these tell, by name. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * The CDK command hands over what `cdk.json` says. Functions are not bundled and templates not validated by the CDK's own rules, which take
 * most of a synthesis; test/infra/synthesis.test.ts does the latter for all.
 */
const context: Readonly<Record<string, unknown>> = {
  ...JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')).context,
  'aws:cdk:bundling-stacks': [],
  '@aws-cdk/core:validateAgainstDefaultRules': false,
};

export function synthesise(deployment: Deployment): Synthesised {
  const app = new App({ context, stackTraces: false, treeMetadata: false });
  const stage = new CountyStage(app, deployment);
  app.synth();
  const state = Template.fromStack(stage.state).toJSON();
  const stacks = [stage.service, stage.messaging, stage.archive].map((stack) => Template.fromStack(stack).toJSON());
  const [service, messaging, archive] = stacks.map(({ Resources }): Synthesised['state'] => Resources);
  const made = Object.assign({}, service, messaging, archive);
  if (Object.keys(made).length < stacks.flatMap(({ Resources }) => Object.keys(Resources)).length) {
    throw new Error('two stacks have a logical id in common, which a test of all would not notice');
  }
  const told = stacks.flatMap(({ Outputs = {} }) => Object.entries<{ readonly Value: unknown }>(Outputs));
  return {
    ...{ deployment, app, stage, made },
    ...{ state: state.Resources, service: service ?? {}, messaging: messaging ?? {}, archive: archive ?? {} },
    outputs: Object.fromEntries(told.map(([name, { Value }]) => [name, Value])),
  };
}

/** Every county as its data says, and every county in either partition: what is deployed in one must be right in the other. */
export const everywhere: readonly (readonly [name: string, deployment: Deployment])[] = deployments.flatMap((deployment) => [
  [`${deployment.id} in aws`, { ...deployment, partition: 'aws', features: { tracing: true } }],
  [
    `${deployment.id} in aws-cn`,
    { ...deployment, partition: 'aws-cn', features: { tracing: false }, account: '111122223333', region: 'cn-north-1' },
  ],
]);

/** A value inside a template, by its way; `undefined` where the way ends. */
export const at = (value: unknown, ...way: readonly (string | number)[]): unknown =>
  way.reduce<unknown>(
    (inner, step) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, step) : undefined),
    value,
  );

/** The resources of a type, by their logical ids. */
export const ofType = (resources: Readonly<Record<string, Resource>>, type: string): [id: string, resource: Resource][] =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);

/** The logical id that a reference (`Ref`, `Fn::GetAtt`, `Fn::ImportValue` of what another stack exports) points to. */
export function referredIn(value: unknown): string | undefined {
  const ref = at(value, 'Ref') ?? at(value, 'Fn::GetAtt', 0);
  if (typeof ref === 'string') return ref;
  const imported = at(value, 'Fn::ImportValue');
  return typeof imported === 'string' ? /ExportsOutput(?:FnGetAtt|Ref)(\w+?)(?:Arn)?[0-9A-F]{8}$/.exec(imported)?.[1] : undefined;
}

export interface Statement {
  readonly within: string;
  readonly effect: unknown;
  readonly actions: readonly string[];
  /** References written as `<logical id>`, so that what is left is what was written. */
  readonly resources: readonly string[];
  readonly conditions: unknown;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** A resource's name with its references flattened. */
export function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  const joined = at(value, 'Fn::Join', 1);
  if (joined !== undefined) return listOf(joined).map(flat).join('');
  const imported = at(value, 'Fn::ImportValue');
  if (typeof imported === 'string')
    return `<${imported.replace(/^.*:ExportsOutput(?:FnGetAtt|Ref)/, '').replace(/[0-9A-F]{8}$/, '')}>`;
  return `<${referredIn(value) ?? JSON.stringify(value)}>`;
}

/** Everything that a role of the stack is allowed, by policies that stand in it or beside it. */
export function statementsIn(resources: Readonly<Record<string, Resource>>): readonly Statement[] {
  const inside = ofType(resources, 'AWS::IAM::Role').flatMap(([id, role]) =>
    listOf(at(role, 'Properties', 'Policies')).map((policy) => [id, at(policy, 'PolicyDocument', 'Statement')] as const),
  );
  const beside = ofType(resources, 'AWS::IAM::Policy').map(
    ([id, policy]) => [id, at(policy, 'Properties', 'PolicyDocument', 'Statement')] as const,
  );
  return [...inside, ...beside].flatMap(([within, statements]) =>
    listOf(statements).map((statement) => ({
      within,
      effect: at(statement, 'Effect'),
      actions: listOf(at(statement, 'Action')).map(String),
      resources: listOf(at(statement, 'Resource')).map(flat),
      conditions: at(statement, 'Condition'),
    })),
  );
}
