/** The sample county on an endpoint that speaks the AWS APIs, by the very commands that deploy a county to an account. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { deployment } from '../deployments/533102-sample.ts';
import { stageName } from '../deployments/deployment.ts';
import { root, run, saying, Unready } from './setup.mjs';

export const STAGE = stageName(deployment);

export interface DeployOptions {
  readonly endpoint: string;
  /** Where the sign-in answers, when not where the deployment's data says. */
  readonly issuer: string;
  /** The verifier key of the log's witness. */
  readonly witness: string;
  /** For the assembly and the logs. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** What the stacks tell: names of tables and functions, the id of the API. */
export type Outputs = Readonly<Record<string, string>>;

/** What a deployment is made from. Whatever else changes, it stays as it is. */
const SOURCES = ['infra', 'functions', 'workflows', 'shared', 'cdk.json', 'package-lock.json'];
/** The local cloud deploys the assembly and is no part of it, but for the emulator. */
const LOCAL = join('infra', 'local');

function filesUnder(path: string): string[] {
  const entries = readdirSync(join(root, path), { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => relative(root, join(parentPath, name)));
}

/** Changes when what would be deployed changes. */
export function sourcesHash(...more: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(more));
  const files = SOURCES.flatMap((path) => (/\.\w+$/.test(path) ? [path] : filesUnder(path)));
  for (const path of files
    .filter((path) => !path.startsWith(LOCAL) && !path.endsWith('.md'))
    .concat(join(LOCAL, 'requirements.txt'), join(LOCAL, 'emulator.py'))
    .sort()) {
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

/** Bootstraps and deploys; answers what the stacks tell. `runs` is given in tests. */
export async function deploySample(
  { endpoint, issuer, witness, folder, environment, signal }: DeployOptions,
  runs: typeof run = run,
): Promise<Outputs> {
  const cdk = createRequire(import.meta.url).resolve('aws-cdk/bin/cdk');
  const outputsFile = join(folder, 'outputs.json');
  const command = async (what: string, cwd: string, name: string, ...args: string[]) => {
    const log = join(folder, `${name}.log`);
    const env = {
      ...process.env,
      ...environment,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CDK_DISABLE_VERSION_CHECK: '1',
      NO_COLOR: '1',
    };
    const code = await saying(what, () =>
      runs(process.execPath, [cdk, name, '--no-notices', ...args], { log, env, cwd, signal }),
    );
    if (code === 0) return;
    throw new Unready(
      `${what} did not succeed (cdk ${name}, on ${endpoint}; details: the last lines of ${log}): mend what they name and start again, which begins with the deployment.`,
    );
  };
  // Away from cdk.json, so that it does not synthesise every county first.
  await command(
    'Preparing the account',
    folder,
    'bootstrap',
    `aws://${environment.CDK_DEFAULT_ACCOUNT}/${environment.AWS_REGION}`,
  );
  await command(
    'Deploying the sample county',
    root,
    'deploy',
    `${STAGE}/*`,
    ...['--require-approval', 'never', '--method', 'direct', '--progress', 'events'],
    ...[
      '--context',
      `issuer=${issuer}`,
      '--context',
      `witness=${witness}`,
      '--context',
      `only=${deployment.id}`,
      '--output',
      join(folder, 'assembly'),
      '--outputs-file',
      outputsFile,
    ],
  );
  const byStack = JSON.parse(readFileSync(outputsFile, 'utf8')) as Record<string, Record<string, string>>;
  return Object.assign({}, ...Object.values(byStack));
}
