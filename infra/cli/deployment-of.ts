import { deployments } from '../deployments/all.ts';
import type { Deployment } from '../deployments/deployment.ts';

/** Ends a command that cannot do what it was asked, with a sentence that says what to do. */
export function fail(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}

/** The deployment that a command is about. */
export function deploymentOf(command: string, id: string | undefined): Deployment {
  const known = deployments.map((deployment) => deployment.id).join(', ');
  if (id === undefined) fail(`Say which county, as in: ${command} -- 533102. There are: ${known}.`);
  return deployments.find((one) => one.id === id) ?? fail(`There is no deployment ${id}. There are: ${known}.`);
}
