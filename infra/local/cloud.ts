/** The whole local cloud: sign-in, services and the deployed sample county, with what was deployed kept from one start to the next. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployment } from '../deployments/533102-sample.ts';
import { deploySample, type Outputs, sourcesHash } from './deploy.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import { type IssuerOptions, startIssuer } from './issuer.ts';
import { type RunningCounty, runningCounty } from './running-county.ts';
import { root, saying, Unready } from './setup.mjs';
import { openAuthority } from './timestamp-authority.ts';
import { witnessVkey } from './witness.ts';

export interface CloudOptions {
  /** Clouds of different names share nothing but the issuer's key. */
  readonly name: string;
  readonly port: number;
  /** Where the local sign-in answers; the deployment is told. */
  readonly issuerPort: number;
  readonly enforceIam: boolean;
  /** Whether to begin with the county as it was just after its deployment, rather than as it was left. */
  readonly afresh: boolean;
  readonly signal: AbortSignal;
}

export interface Cloud {
  readonly county: RunningCounty;
  readonly issuer: IssuerOptions;
  /** What the AWS SDK and the CDK need to find this cloud and nothing of the user's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Writes the state and ends the services; the sign-in goes on. */
  pause(): Promise<void>;
  /** Starts the services again on the state that `pause` wrote. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

interface Deployed {
  readonly key: string;
  readonly outputs: Outputs;
}

export const ISSUER_PORT = Number(new URL(deployment.signIn.issuer).port);

const issuerAt = (port: number): IssuerOptions => ({
  address: `http://127.0.0.1:${port}`,
  audience: deployment.signIn.audience,
  keyFile: join(root, '.local', 'issuer.pem'),
});

/** The local time-stamp authority's, whose certificate auditors are given. */
export const AUTHORITY = { key: join(root, '.local', 'tsa.key'), certificate: join(root, '.local', 'tsa.pem') };

export const folderOf = (name: string): string => join(root, '.local', name);

/** Nothing here is secret: an emulator takes any credentials that are well formed. */
const environmentOf = (endpoint: string): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ENDPOINT_URL_S3: endpoint, // without it the CLI asks for bucket.127.0.0.1
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  CDK_DEFAULT_ACCOUNT: '000000000000',
});

const NOT_THE_USERS = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };

/** The path form needs no name resolution, which not every system does for `*.localhost`; only our emulator has it. */
async function apiUrlOf(endpoint: string, { ApiId, ApiEndpoint }: Outputs): Promise<string> {
  if (ApiId === undefined || ApiEndpoint === undefined)
    throw new Error('the deployed county does not tell the address of its API');
  const health = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
  return health?.ok ? `${endpoint}/_aws/execute-api/${ApiId}/$default` : ApiEndpoint;
}

const readRecord = (file: string): Deployed | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Deployed) : undefined;

/** Starts a cloud of our own. What is deployed there already, and has not changed since, is not deployed again. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { port, signal } = options;
  const folder = folderOf(options.name);
  const live = join(folder, 'live');
  const baseline = join(folder, 'baseline');
  /** Present while the services run: found at a start, it says that the state was not written. */
  const running = join(live, 'running');
  const record = join(folder, 'deployed.json');
  const endpoint = `http://127.0.0.1:${port}`;
  const environment = { ...environmentOf(endpoint), ...NOT_THE_USERS };

  const issuer = issuerAt(options.issuerPort);
  const signIn = await startIssuer(issuer, await openAuthority(AUTHORITY));
  let emulator: Emulator | undefined;
  const pause = async () => {
    await emulator?.stop();
    emulator = undefined;
    rmSync(running, { force: true });
  };
  const resume = async () => {
    emulator = await startEmulator({ folder: live, port, enforceIam: options.enforceIam });
    writeFileSync(running, '');
  };
  const stop = async () => {
    await pause();
    await signIn.stop();
  };

  try {
    const witness = witnessVkey();
    const key = sourcesHash(endpoint, issuer.address, witness);
    const known = readRecord(record);
    let outputs = known?.key === key ? known.outputs : undefined;
    if (outputs === undefined) {
      rmSync(folder, { recursive: true, force: true });
      emulator = await saying('Starting the local cloud', () => startEmulator({ folder: live, port, enforceIam: false }));
      outputs = await deploySample({ endpoint, issuer: issuer.address, witness, folder, environment, signal });
      await pause();
      renameSync(live, baseline);
      writeFileSync(record, JSON.stringify({ key, outputs } satisfies Deployed));
    }
    if (options.afresh || !existsSync(live) || existsSync(running)) {
      rmSync(live, { recursive: true, force: true });
      cpSync(baseline, live, { recursive: true });
    }
    signal.throwIfAborted();
    await saying('Starting the deployed county', resume);
    const where = { endpoint, outputs, apiUrl: await apiUrlOf(endpoint, outputs) };
    return { county: runningCounty(where, environment, signIn.sign), issuer, environment, pause, resume, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export interface AttachOptions {
  readonly endpoint: string;
  readonly issuerPort: number;
  readonly signal: AbortSignal;
}

export const nameOfEndpoint = (endpoint: string): string =>
  `endpoint-${createHash('sha256').update(endpoint).digest('hex').slice(0, 12)}`;

/** Uses services that somebody else runs: anything that speaks the AWS APIs, with the user's credentials where there are any. */
export async function attachCloud({ endpoint, issuerPort, signal }: AttachOptions): Promise<Cloud> {
  const folder = folderOf(nameOfEndpoint(endpoint));
  const record = join(folder, 'deployed.json');
  const defaults = environmentOf(endpoint);
  const environment = Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, process.env[name] ?? value]));
  Object.assign(environment, { AWS_ENDPOINT_URL: endpoint, AWS_ENDPOINT_URL_S3: endpoint });
  const reachable = await fetch(endpoint).then(
    () => true,
    () => false,
  );
  if (!reachable) throw new Unready(`Nothing answers at ${endpoint}: start what should, or leave --endpoint out.`);
  const issuer = issuerAt(issuerPort);
  const signIn = await startIssuer(issuer, await openAuthority(AUTHORITY));
  try {
    const witness = witnessVkey();
    const key = sourcesHash(endpoint, issuer.address, witness);
    const known = readRecord(record);
    mkdirSync(folder, { recursive: true });
    const outputs =
      known?.key === key
        ? known.outputs
        : await deploySample({ endpoint, issuer: issuer.address, witness, folder, environment, signal });
    writeFileSync(record, JSON.stringify({ key, outputs } satisfies Deployed));
    const notOurs = () => Promise.reject(new Unready(`${endpoint} is not ours to stop and start.`));
    const where = { endpoint, outputs, apiUrl: await apiUrlOf(endpoint, outputs) };
    const county = runningCounty(where, environment, signIn.sign);
    return { county, issuer, environment, pause: notOurs, resume: notOurs, stop: signIn.stop };
  } catch (error) {
    await signIn.stop();
    throw error;
  }
}
