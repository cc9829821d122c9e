import type { Construct } from 'constructs';
import { ServiceFunction, type ServiceFunctionProps } from '../../constructs/service-function.ts';
import type { Deployment } from '../../deployments/deployment.ts';

/** What a function has of its own; the rest it shares with the county's others. */
export type Own<Name extends string> = Omit<ServiceFunctionProps<Name>, 'logRetention' | 'tracing' | 'folder'>;

/** A function's construct by its folder: `serve-ledger` becomes `ServeLedger`. */
export const functionId = (folder: string): string =>
  folder.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());

/** Every function of a county, each made from its folder. */
export class CountyFunctions {
  readonly all: ServiceFunction[] = [];
  private readonly scope: Construct;
  private readonly deployment: Deployment;

  constructor(scope: Construct, deployment: Deployment) {
    this.scope = scope;
    this.deployment = deployment;
  }

  add<Name extends string>(folder: string, own: Own<Name>): ServiceFunction<Name> {
    const { retention, features } = this.deployment;
    const added = new ServiceFunction(this.scope, functionId(folder), {
      folder,
      logRetention: retention.logs,
      tracing: features.tracing,
      ...own,
    });
    this.all.push(added);
    return added;
  }
}
