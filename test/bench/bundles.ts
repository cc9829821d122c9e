/** How much a function has to load before its first request, and how long that takes here, beside a bare DynamoDB client. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';
import { AS_DEPLOYED, build } from '../../infra/constructs/bundle.ts';
import { deployment } from '../../infra/deployments/533102.ts';
import { randomnessOf } from '../../infra/stacks/service/randomness.ts';
import { figure, middle, printTable } from './table.ts';

const functions = fileURLToPath(new URL('../../functions/', import.meta.url));
const RUNS = 7;
/** The aims of engineering.md 3 for the path that most requests take. */
const [SUBMIT_KB, MORE_MS] = [460, 70];

const BARE = {
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'esm',
  mainFields: ['module', 'main'],
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
} as const satisfies BuildOptions;

/** Values for the variables whose form the schemas check; every other variable is a name like any other. None is connected to. */
const FORMED: Readonly<Record<string, string>> = {
  COUNTY: '533102',
  ISSUER: 'https://issuer.test',
  JWKS_URI: 'https://issuer.test/jwks',
  SIMULATION: 'false',
  ALLOWS_LOOPBACK: 'false',
  RECORDED_WITHIN_MINUTES: '60',
  RANDOMNESS: randomnessOf(deployment),
  SOFTWARE_SHA256: '0'.repeat(64),
  SIGNING_KEYS: '["key"]',
  TIMESTAMPING: 'null',
};

async function environmentOf(folder: string): Promise<Record<string, string>> {
  const file = join(functions, folder, 'environment.ts');
  if (!existsSync(file)) return {};
  const { environment } = (await import(pathToFileURL(file).href)) as { environment: { shape: object } };
  return Object.fromEntries(Object.keys(environment.shape).map((name) => [name, FORMED[name] ?? 'https://bench.test/name']));
}

/** Milliseconds of processor that importing a file takes in a process of its own: other work on the machine does not count. */
function loadTime(file: string, environment: Record<string, string>): number {
  const script = `const t=process.cpuUsage();await import(${JSON.stringify(pathToFileURL(file).href)});const{user,system}=process.cpuUsage(t);console.log((user+system)/1000);process.exit(0)`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, AWS_REGION: 'us-east-1', ...environment },
  });
  if (status !== 0) throw new Error(`${file} does not load: ${stderr.slice(-600)}`);
  return Number(stdout.trim().split('\n').at(-1));
}

/** The same for the policy when it is first asked for. */
function policyTimes(folder: string): readonly (readonly [string, number, number])[] {
  const parts = [
    ['policyFor: the whole document', 'policyFor', 'load.ts'],
    ['roundPolicyFor: what rounds ask for, made ready', 'roundPolicyFor', 'round-policy.ts'],
  ] as const;
  return parts.map(([what, name, file]) => {
    const outfile = join(folder, `${name}.mjs`);
    const contents =
      `import{${name}}from'../shared/policy/${file}';const t=process.cpuUsage();` +
      `${name}('533102','2026-06-17T00:00:00.000Z');const{user,system}=process.cpuUsage(t);console.log((user+system)/1000)`;
    buildSync({ ...BARE, ...AS_DEPLOYED, stdin: { contents, resolveDir: functions }, outfile });
    const times = Array.from({ length: RUNS }, () => {
      const { stdout, stderr, status } = spawnSync(process.execPath, ['--no-warnings', outfile], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`${name} does not run: ${stderr.slice(-600)}`);
      return Number(stdout);
    });
    return [what, Math.round(statSync(outfile).size / 1000), figure(middle(times))] as const;
  });
}

/** What one function for all of the API would load: the other way to cut it. */
async function wholeApi(folder: string) {
  const parts = readdirSync(functions).filter((name) => existsSync(join(functions, name, 'api.ts')));
  const file = join(folder, 'whole-api.mjs');
  const contents = parts.map((name, index) => `export{handler as h${index}}from'./${name}/handler.ts'`).join(';');
  buildSync({ ...BARE, ...AS_DEPLOYED, stdin: { contents, resolveDir: functions }, outfile: file });
  const environment = Object.assign({}, ...(await Promise.all(parts.map(environmentOf))));
  return { name: '(all of the API in one function)', file, bytes: statSync(file).size, environment };
}

export async function benchBundles(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
  try {
    const bare = join(folder, 'bare.mjs');
    const contents = "import{DynamoDBClient}from'@aws-sdk/client-dynamodb';new DynamoDBClient()";
    buildSync({ ...BARE, stdin: { contents, resolveDir: functions }, outfile: bare });
    const files = [{ name: '(a bare DynamoDB client)', file: bare, bytes: statSync(bare).size, environment: {} }];
    for (const name of readdirSync(functions).filter((each) => existsSync(join(functions, each, 'handler.ts')))) {
      const code = build(name).find(({ path }) => path.endsWith('.mjs'));
      if (code === undefined) throw new Error(`${name} has no code`);
      const file = join(folder, `${name}.mjs`);
      writeFileSync(file, code.contents);
      files.push({ name, file, bytes: code.contents.byteLength, environment: await environmentOf(name) });
    }
    files.push(await wholeApi(folder));
    // In turn, so that a slow moment of the machine does not fall on one function.
    const times = new Map<string, number[]>(files.map(({ name }) => [name, []]));
    for (let run = 0; run < RUNS; run++)
      for (const { name, file, environment } of files) times.get(name)?.push(loadTime(file, environment));
    const base = middle(times.get('(a bare DynamoDB client)') ?? []);
    const aims: Readonly<Record<string, number>> = { 'submit-round': SUBMIT_KB };
    printTable(
      `Functions: what they load, in milliseconds of one core (median of ${RUNS} starts)`,
      ['function', 'KB minified', 'ms', 'more than bare', 'aim'],
      files.map(({ name, bytes }) => {
        const load = middle(times.get(name) ?? []);
        const [most, kb] = [aims[name], bytes / 1000];
        const aim =
          most === undefined
            ? ''
            : `≤ ${most} KB: ${kb <= most ? 'met' : 'missed'}; ≤ ${MORE_MS} ms more: ${load - base <= MORE_MS ? 'met' : 'missed'}`;
        return [name, Math.round(kb), figure(load), figure(load - base), aim];
      }),
    );
    printTable(
      `The policy in a function that starts, in milliseconds of one core (median of ${RUNS} starts)`,
      ['', 'KB minified', 'ms of its first use'],
      policyTimes(folder),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
