/**
 * The emulator of the AWS services as a child process: loopback only, with state that outlives it. Started again on the same folder
 * it has everything back.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { python, root, Unready } from './setup.mjs';

export interface EmulatorOptions {
  /** Holds state, objects, scratch files and the log. */
  readonly folder: string;
  readonly port: number;
  /** Whether each function has its own role's permissions and nothing more. The CLI cannot deploy while this is on. */
  readonly enforceIam: boolean;
}

export interface Emulator {
  readonly endpoint: string;
  /** Writes the state and ends every process; resolves when none is left. */
  stop(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const PATIENCE_MS = 60_000;
const DYING_MS = 5_000;

export const isPortTaken = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK });
    const answer = (taken: boolean) => () => {
      socket.destroy();
      resolve(taken);
    };
    socket.on('connect', answer(true)).on('error', answer(false));
  });

/** A port that nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a server on the loopback has no port');
  return address.port;
}

/** Nothing of the user's AWS configuration may reach the emulator, nor the functions that inherit what it was given. */
function environment({ folder, port, enforceIam }: EmulatorOptions): NodeJS.ProcessEnv {
  const { HOME, LANG, PATH } = process.env;
  return {
    HOME,
    LANG,
    PATH: [dirname(process.execPath), PATH].join(delimiter),
    TMPDIR: join(folder, 'tmp'),
    BIND_HOST: LOOPBACK,
    GATEWAY_PORT: String(port),
    PERSIST_STATE: '1',
    STATE_DIR: join(folder, 'state'),
    S3_PERSIST: '1',
    S3_DATA_DIR: join(folder, 's3'),
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    DOCKER_HOST: 'unix:///nonexistent',
    ...(enforceIam && { AUTH: 'true' }),
  };
}

/** Where the emulator keeps how far each function has read a table's stream. */
const positions = z.looseObject({
  payload: z.looseObject({ dynamodb_stream_positions: z.looseObject({ data: z.record(z.string(), z.number()) }) }),
});

/**
 * The emulator keeps how far a stream was read, but not the stream: started again, it would leave out as many new records as there
 * were old ones. Without the position a function reads what is written from now on.
 */
function forgetStreamPositions(state: string): void {
  const file = join(state, 'lambda.json');
  if (!existsSync(file)) return;
  const kept = positions.parse(JSON.parse(readFileSync(file, 'utf8')));
  kept.payload.dynamodb_stream_positions.data = {};
  writeFileSync(file, JSON.stringify(kept));
}

export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { folder, port } = options;
  if (await isPortTaken(port)) {
    throw new Unready(
      `Port ${port} on ${LOOPBACK} is in use: stop what listens there, or choose another with -- --port <number>.`,
    );
  }
  rmSync(join(folder, 'tmp'), { recursive: true, force: true });
  for (const part of ['state', 's3', 'tmp']) mkdirSync(join(folder, part), { recursive: true });
  forgetStreamPositions(join(folder, 'state'));
  // The emulator's workers are CommonJS; below this project's own package.json Node would take them for modules.
  writeFileSync(join(folder, 'tmp', 'package.json'), '{}');
  const log = join(folder, 'emulator.log');
  const output = openSync(log, 'w');
  const guard = spawn(
    process.execPath,
    [join(root, 'infra', 'local', 'guard.mjs'), python, join(root, 'infra', 'local', 'emulator.py')],
    {
      detached: true,
      env: environment(options),
      stdio: ['pipe', output, output],
    },
  );
  closeSync(output);
  const ended = new Promise<void>((resolve) => guard.on('exit', () => resolve()));
  const stop = async () => {
    guard.stdin?.end();
    await ended;
    // Its last act ended the whole group; many functions take a moment to die.
    for (const until = Date.now() + DYING_MS; isGroupLeft(guard.pid) && Date.now() < until; ) await pause(20);
  };

  const endpoint = `http://${LOOPBACK}:${port}`;
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isHealthy(endpoint))) {
    if (guard.exitCode !== null || guard.signalCode !== null || Date.now() > deadline) {
      await stop();
      throw new Unready(
        `The emulator did not start (details: the last lines of ${log}): mend what they name and start again; if nothing helps, remove ${join(root, '.local')} first.`,
      );
    }
    await pause(50);
  }
  return { endpoint, stop };
}

/** Whether a process of the group is left. */
function isGroupLeft(group: number | undefined): boolean {
  try {
    return group !== undefined && process.kill(-group, 0);
  } catch {
    return false;
  }
}

const isHealthy = (endpoint: string): Promise<boolean> =>
  fetch(`${endpoint}/_ministack/health`).then(
    ({ ok }) => ok,
    () => false,
  );
