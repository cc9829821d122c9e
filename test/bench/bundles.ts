/** How much a function has to load before its first request, and how long that takes here, beside a bare DynamoDB client. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { build } from '../../infra/constructs/bundle.ts';
import { figure, middle, printTable } from './table.ts';

const functions = fileURLToPath(new URL('../../functions/', import.meta.url));
const RUNS = 7;

/** Values for the variables whose form the schemas check; every other variable is a name like any other. None is connected to. */
const FORMED: Readonly<Record<string, string>> = {
  COUNTY: '533102',
  ISSUER: 'https://issuer.test',
  JWKS_URI: 'https://issuer.test/jwks',
  SIMULATION: 'false',
};

async function environmentOf(folder: string): Promise<Record<string, string>> {
  const file = join(functions, folder, 'environment.ts');
  if (!existsSync(file)) return {};
  const { environment } = (await import(pathToFileURL(file).href)) as { environment: { shape: object } };
  return Object.fromEntries(Object.keys(environment.shape).map((name) => [name, FORMED[name] ?? 'https://bench.test/name']));
}

/** Milliseconds that importing a file takes in a process of its own. */
function loadTime(file: string, environment: Record<string, string>): number {
  const script = `const t=performance.now();await import(${JSON.stringify(pathToFileURL(file).href)});console.log(performance.now()-t);process.exit(0)`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, AWS_REGION: 'us-east-1', ...environment },
  });
  if (status !== 0) throw new Error(`${file} does not load: ${stderr.slice(-600)}`);
  return Number(stdout.trim().split('\n').at(-1));
}

export async function benchBundles(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
  try {
    const bare = join(folder, 'bare.mjs');
    buildSync({
      stdin: { contents: "import{DynamoDBClient}from'@aws-sdk/client-dynamodb';new DynamoDBClient()", resolveDir: functions },
      outfile: bare,
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    });
    const files = [{ name: '(a bare DynamoDB client)', file: bare, bytes: statSync(bare).size, environment: {} }];
    for (const name of readdirSync(functions).filter((each) => existsSync(join(functions, each, 'handler.ts')))) {
      const code = build(name).find(({ path }) => path.endsWith('.mjs'));
      if (code === undefined) throw new Error(`${name} has no code`);
      const file = join(folder, `${name}.mjs`);
      writeFileSync(file, code.contents);
      files.push({ name, file, bytes: code.contents.byteLength, environment: await environmentOf(name) });
    }
    // In turn, so that a slow moment of the machine does not fall on one function.
    const times = new Map<string, number[]>(files.map(({ name }) => [name, []]));
    for (let run = 0; run < RUNS; run++)
      for (const { name, file, environment } of files) times.get(name)?.push(loadTime(file, environment));
    const base = middle(times.get('(a bare DynamoDB client)') ?? []);
    printTable(
      `Functions: what they load (median of ${RUNS} starts)`,
      ['function', 'KB minified', 'load ms', 'more than bare ms'],
      files.map(({ name, bytes }) => {
        const load = middle(times.get(name) ?? []);
        return [name, Math.round(bytes / 1000), figure(load), figure(load - base)];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
