import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmulator } from './emulator.ts';
import { root, saying } from './setup.mjs';

const PORT = 4566;

/** Raises the local cloud and keeps it until the signal; answers the exit code. */
export async function start(args: string[], signal: AbortSignal): Promise<number> {
  const { values } = parseArgs({ args, options: { port: { type: 'string' }, exit: { type: 'boolean' } } });
  const port = values.port === undefined ? PORT : Number(values.port);
  const folder = join(root, '.local', 'cloud');
  const emulator = await saying('Starting the local cloud', () => startEmulator({ folder, port, enforceIam: false }));
  try {
    console.log(`\nThe local cloud answers at ${emulator.endpoint}. Ctrl-C stops it.`);
    if (!values.exit) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return 0;
  } finally {
    await emulator.stop();
  }
}
