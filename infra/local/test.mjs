// `npm test`: sets up what is missing, then runs every check and test layer.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const run = (command, ...args) => {
  console.log(`\n> ${command} ${args.join(' ')}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};

if (!existsSync('node_modules/.package-lock.json')) run('npm', 'ci', '--no-audit', '--no-fund');
run('npm', 'run', 'check');
