/**
 * What has to be there before anything of this project can run: npm packages and the emulator's private Python. Plain Node, since
 * nothing is installed yet. Each thing that can be wrong on somebody's machine ends in one sentence that says what to do.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, lstatSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const python = join(root, '.local', 'venv', 'bin', 'python');

const OLDEST_NODE = 20;
const OLDEST_PYTHON = { major: 3, minor: 10 };

/** Something on this machine that its user can mend; the message is the sentence that says how. */
export class Unready extends Error {
  /** @override */
  name = 'Unready';
}

/** Its user asked it to stop. */
class Interrupted extends Error {
  /** @override */
  name = 'Interrupted';
}

/**
 * Says a sentence and ends; any other error is a fault of ours and shows where it came from.
 * @param {unknown} error
 * @returns {never}
 */
export function giveUp(error) {
  const isExpected = error instanceof Unready || error instanceof Interrupted;
  console.error(isExpected ? `\n${error.message}` : error);
  process.exit(error instanceof Interrupted ? 130 : 1);
}

/**
 * Runs a program in a process group of its own, so that stopping it stops whatever it started. Answers its exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ log?: string, env?: NodeJS.ProcessEnv, cwd?: string, signal: AbortSignal }} options `log`: where its output goes; without, it is shown.
 * @returns {Promise<number>}
 */
export function run(command, args, { log, env, cwd = root, signal }) {
  signal.throwIfAborted();
  const output = log === undefined ? 'inherit' : openLog(log);
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', output, output] });
  const stop = () => child.pid !== undefined && process.kill(-child.pid);
  signal.addEventListener('abort', stop);
  return new Promise((resolve, reject) => {
    child.on('error', () => resolve(127));
    child.on('exit', (code) => {
      signal.removeEventListener('abort', stop);
      if (typeof output === 'number') closeSync(output);
      if (signal.aborted) reject(signal.reason);
      else resolve(code ?? 1);
    });
  });
}

/** @param {string} log */
function openLog(log) {
  mkdirSync(dirname(log), { recursive: true });
  return openSync(log, 'w');
}

/** Where lines come one after the other, so often a long task says that it goes on. */
const BEAT_MS = { line: 10_000, terminal: 200 };

/**
 * Says what is being done, how far it has come and how long it has taken: on one line that is written anew on a terminal, in plain
 * lines elsewhere. The work may tell how far it is.
 * @template T
 * @param {string} what
 * @param {(tell: (howFar: string) => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function saying(what, work) {
  const begun = Date.now();
  let howFar = '';
  const detail = () => [howFar, `${Math.round((Date.now() - begun) / 1000)} s`].filter((part) => part !== '').join(', ');
  const terminal = process.stdout.isTTY;
  const rewrite = () => process.stdout.write(`\r\x1b[K${`${what} … ${detail()}`.slice(0, (process.stdout.columns ?? 80) - 1)}`);
  const show = terminal ? rewrite : () => console.log(`  … ${detail()}`);
  if (terminal) rewrite();
  else console.log(`${what} …`);
  const beat = setInterval(show, terminal ? BEAT_MS.terminal : BEAT_MS.line);
  try {
    return await work((text) => {
      howFar = text;
    });
  } finally {
    clearInterval(beat);
    if (terminal) {
      rewrite();
      process.stdout.write('\n');
    }
  }
}

/**
 * Aborted by Ctrl-C, by a polite kill, and by the death of npm: npm dies of a signal without passing it on, and whoever it had
 * started then has another parent.
 * @returns {AbortSignal}
 */
export function interruption() {
  const controller = new AbortController();
  const stop = () => controller.abort(new Interrupted('Stopped.'));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, stop);
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event !== undefined) setInterval(() => process.ppid !== parent && stop(), 500).unref();
  return controller.signal;
}

/**
 * @param {string} path
 * @returns {any}
 */
const readJson = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined);

/**
 * Whether `node_modules` holds what the lock file says. Contents are compared, not times: a checkout gives files a new time, and
 * packages for other platforms are rightly absent.
 */
function packagesAreInstalled() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {};
  const present = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (present === undefined) return false;
  return Object.entries(/** @type {Record<string, any>} */ (wanted)).every(([path, { version, integrity, optional }]) => {
    const found = present[path];
    return path === '' || (found ? found.version === version && found.integrity === integrity : optional === true);
  });
}

/** @param {AbortSignal} signal */
async function installPackages(signal) {
  if (packagesAreInstalled()) return;
  const folder = join(root, 'node_modules');
  // npm ci empties the folder first, and would empty the one that a link leads to, which may be somebody else's.
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new Unready(`${folder} is a link and does not hold what the lock file says: remove the link, then start again.`);
  }
  const log = join(root, '.local', 'log', 'npm.log');
  const install = () => run('npm', ['ci', '--no-audit', '--no-fund'], { log, signal });
  if ((await saying('Installing npm packages from the lock file', install)) === 0) return;
  throw new Unready(
    `npm could not install the packages (details: ${log}): check the network and the registry (npm config get registry), then start again.`,
  );
}

/** @typedef {{ command: string, version: [number, number, number], venv: boolean }} Python */

/**
 * What a Python says about itself; `undefined` when there is none by that name.
 * @param {string} command
 * @returns {Python | undefined}
 */
function examine(command) {
  const script = `
import json, sys
have = True
try:
    import venv, ensurepip
except ImportError:
    have = False
print(json.dumps({"version": list(sys.version_info[:3]), "venv": have}))`;
  const { status, stdout } = spawnSync(command, ['-c', script], { encoding: 'utf8', timeout: 20_000 });
  if (status !== 0) return undefined;
  try {
    return { command, ...JSON.parse(stdout) };
  } catch {
    return undefined;
  }
}

/** @param {Python} python */
const isRecent = ({ version: [major, minor] }) =>
  major > OLDEST_PYTHON.major || (major === OLDEST_PYTHON.major && minor >= OLDEST_PYTHON.minor);

/** The Python named by `PYTHON`, or the first on the path that is recent enough and can make private environments. */
function choosePython() {
  const oldest = `${OLDEST_PYTHON.major}.${OLDEST_PYTHON.minor}`;
  const named = process.env.PYTHON;
  const newer = [14, 13, 12, 11, 10].map((minor) => `python3.${minor}`);
  const found = (named ? [named] : ['python3', ...newer, 'python']).map(examine).filter((python) => python !== undefined);
  const fit = found.find((python) => isRecent(python) && python.venv);
  if (fit) return fit.command;
  if (named && found.length === 0)
    throw new Unready(`PYTHON names ${named}, which does not run: name a Python ${oldest} or newer.`);
  const bare = found.find(isRecent);
  if (bare) {
    const [major, minor] = bare.version;
    throw new Unready(
      `Python ${bare.version.join('.')} (${bare.command}) comes without venv: install it (Debian and Ubuntu: sudo apt install python${major}.${minor}-venv), then start again.`,
    );
  }
  const [old] = found;
  throw new Unready(
    old
      ? `Python ${old.version.join('.')} is too old: install Python ${oldest} or newer, or name one with PYTHON=/path/to/python3, then start again.`
      : `There is no Python here: install Python ${oldest} or newer with venv (Debian and Ubuntu: sudo apt install python3 python3-venv), then start again.`,
  );
}

/** @param {AbortSignal} signal */
async function installEmulator(signal) {
  const requirements = join(root, 'infra', 'local', 'requirements.txt');
  const venv = join(root, '.local', 'venv');
  const mark = join(venv, 'installed-from');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(python) && existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return;

  const chosen = choosePython();
  const log = join(root, '.local', 'log', 'pip.log');
  rmSync(venv, { recursive: true, force: true });
  const make = () => run(chosen, ['-m', 'venv', venv], { log, signal });
  if ((await saying('Making a private Python environment', make)) !== 0) {
    throw new Unready(`${chosen} could not make ${venv} (details: ${log}): install its venv package, then start again.`);
  }
  const pip = ['-m', 'pip', 'install', '--require-hashes', '--only-binary', ':all:', '--no-input', '-r', requirements];
  if ((await saying('Installing the emulator', () => run(python, pip, { log, signal }))) !== 0) {
    rmSync(venv, { recursive: true, force: true });
    throw new Unready(
      `pip could not install the emulator (details: ${log}): check the network and the package index (pip config list), then start again.`,
    );
  }
  writeFileSync(mark, wanted);
}

/**
 * Leaves the checkout ready to run TypeScript and the emulator; does nothing that is done already.
 * @param {AbortSignal} signal
 */
export async function setUp(signal) {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    throw new Unready(`Node.js ${process.versions.node} is too old: install Node.js ${OLDEST_NODE} or newer, then start again.`);
  }
  if (process.platform === 'win32') {
    throw new Unready('The local cloud needs Linux or macOS: on Windows start it inside WSL 2 (wsl --install).');
  }
  // The functions are for Node.js 22 (infra/constructs); that this machine may run an older one is known.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  await installPackages(signal);
  await installEmulator(signal);
}
