/** `npm start` once everything is installed: the county up, its addresses on the screen, until Ctrl-C. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { instantAt } from '../../shared/domain/calendar.ts';
import { ROLES } from '../../shared/domain/caller.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { deployment } from '../deployments/533102-sample.ts';
import { attachCloud, type Cloud, ISSUER_PORT, startCloud } from './cloud.ts';
import type { RunningCounty } from './running-county.ts';
import { sampleCounty } from './sample/county.ts';
import { seededRandom } from './sample/random.ts';
import { root, Unready } from './setup.mjs';

const PORT = 4566;

interface Wishes {
  readonly port: number;
  readonly issuerPort: number;
  readonly endpoint: string | undefined;
  readonly exit: boolean;
}

function read(args: string[]): Wishes {
  const options = {
    port: { type: 'string', default: `${PORT}` },
    'issuer-port': { type: 'string', default: `${ISSUER_PORT}` },
    endpoint: { type: 'string' },
    exit: { type: 'boolean', default: false },
  } as const;
  try {
    const { values } = parseArgs({ args, options });
    const port = (text: string) => {
      if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > 65_535) throw new Error(`${text} is not a port`);
      return Number(text);
    };
    if (values.endpoint !== undefined && !URL.canParse(values.endpoint)) throw new Error(`${values.endpoint} is not a URL`);
    return {
      port: port(values.port),
      issuerPort: port(values['issuer-port']),
      endpoint: values.endpoint?.replace(/\/+$/, ''),
      exit: values.exit,
    };
  } catch (error) {
    const why = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new Unready(`${why}: npm start takes -- --exit, --endpoint <URL>, --port <number> and --issuer-port <number>.`);
  }
}

/** One person of the sample county for each role, with a token that is good for a day. */
async function writeTokens(county: RunningCounty): Promise<string> {
  const code = countyCode(deployment.county);
  const { people } = sampleCounty(code, policyFor(code, instantAt(Date.now())), seededRandom(Number(code)));
  const tokens: Record<string, unknown> = {};
  for (const role of ROLES) {
    const person = people.find((one) => one.role === role);
    if (person === undefined) continue;
    const { name: _, ...caller } = person;
    tokens[role] = { ...caller, token: await county.token(caller) };
  }
  const file = join(root, '.local', 'tokens.json');
  mkdirSync(join(root, '.local'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(tokens, undefined, 2)}\n`, { mode: 0o600 });
  return relative(root, file);
}

/** Raises the county and keeps it until the signal; answers the exit code. */
export async function start(args: string[], signal: AbortSignal): Promise<number> {
  const { port, issuerPort, endpoint, exit } = read(args);
  const cloud: Cloud = endpoint
    ? await attachCloud({ endpoint, issuerPort, signal })
    : await startCloud({ name: 'cloud', port, issuerPort, enforceIam: false, afresh: false, signal });
  try {
    const { county } = cloud;
    console.log(`
API            ${county.apiUrl}
Documentation  ${county.apiUrl}/docs
Tokens         ${await writeTokens(county)} (one for each role; Authorization: Bearer …)
AWS endpoint   ${county.endpoint}`);
    if (exit) return 0;
    console.log('\nCtrl-C stops everything; the next start finds the county as it was left.');
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return 0;
  } finally {
    await cloud.stop();
  }
}
