/** A command of the repository as a process of its own, as people run it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export async function runCommand(file: string, words: readonly string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...words], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '--no-warnings' },
  });
  const heard = { said: '', complained: '' };
  child.stdout.on('data', (piece) => {
    heard.said += piece;
  });
  child.stderr.on('data', (piece) => {
    heard.complained += piece;
  });
  const [status] = await once(child, 'close');
  return { status, ...heard };
}
