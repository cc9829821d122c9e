/** `npm start` once everything is installed: the county up, loaded and its month played, its addresses on the screen, until Ctrl-C. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { ROLES, type Role } from '../../shared/domain/caller.ts';
import { departmentOwner, enterpriseOwner, townshipOwner } from '../../shared/domain/owner.ts';
import { attachCloud, type Cloud, folderOf, ISSUER_PORT, nameOfEndpoint, startCloud } from './cloud.ts';
import type { RunningCounty } from './running-county.ts';
import { readMonth, whyAgain } from './sample/month-record.ts';
import { KEPT_IN, runSample, theSample } from './sample/run.ts';
import { tableOf } from './sample/summary.ts';
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

/** One person for each role, with a token that is good for a day: those of one enterprise, and those who answer for it. */
async function writeTokens(county: RunningCounty): Promise<string> {
  const { people, enterprises } = theSample();
  const enterprise = enterprises.find(({ behaviour }) => behaviour === 'diligent');
  if (enterprise === undefined) throw new Error('the sample has no diligent enterprise');
  const { uscc, township, supervisor } = enterprise;
  const near = [enterpriseOwner(uscc), townshipOwner(township), departmentOwner(supervisor), undefined];
  const personFor = (role: Role) => people.find((person) => person.role === role && near.includes(person.owner));
  const tokens: Record<string, unknown> = {};
  for (const role of ROLES) {
    const person = personFor(role);
    if (person === undefined) continue;
    const { name: _, ...caller } = person;
    tokens[role] = { ...caller, token: await county.token(caller) };
  }
  const file = join(root, '.local', 'tokens.json');
  mkdirSync(join(root, '.local'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(tokens, undefined, 2)}\n`, { mode: 0o600 });
  return relative(root, file);
}

const NAME = 'cloud';

/** Our own cloud, with the month as it was left; a month that broke off begins again from the county's deployment. */
async function startOwn({ port, issuerPort }: Wishes, signal: AbortSignal): Promise<{ cloud: Cloud; state: string }> {
  const state = join(folderOf(NAME), 'live');
  const before = readMonth(state);
  const why = whyAgain(before);
  const cloud = await startCloud({ name: NAME, port, issuerPort, enforceIam: false, afresh: why !== undefined, signal });
  if (before !== undefined && !existsSync(join(state, 'month.json'))) {
    console.log(`The county begins again, because ${why ?? 'it was deployed anew or its last stop was not an orderly one'}.`);
  }
  return { cloud, state };
}

/** Raises the county, has its month played, and keeps it until the signal; answers the exit code. */
export async function start(args: string[], signal: AbortSignal): Promise<number> {
  const wishes = read(args);
  const { endpoint, issuerPort, exit } = wishes;
  const { cloud, state } = endpoint
    ? { cloud: await attachCloud({ endpoint, issuerPort, signal }), state: folderOf(nameOfEndpoint(endpoint)) }
    : await startOwn(wishes, signal);
  try {
    const { county } = cloud;
    const summary = await runSample({ county, state, signal });
    console.log(`${tableOf(summary)}

API            ${county.apiUrl}
Documentation  ${county.apiUrl}/docs
Tokens         ${await writeTokens(county)} (one for each role; Authorization: Bearer …)
Month          ${relative(root, KEPT_IN)} (the files as sent, the ledger, the summary)
AWS endpoint   ${county.endpoint}`);
    const code = summary.differences.length === 0 ? 0 : 1;
    if (exit) return code;
    console.log('\nCtrl-C stops everything; the next start finds the county as it was left.');
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return code;
  } finally {
    await cloud.stop();
  }
}
