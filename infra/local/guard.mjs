/**
 * Runs a program for as long as whoever started this one lives. The only line between the two is this process's standard input: it
 * closes when the starter closes it or dies of anything, a crash included. The program is then asked to end and, with whatever it has
 * started itself (the emulator keeps Node workers for its functions), made to.
 */
import { spawn } from 'node:child_process';

/** Long enough to write a snapshot of a whole county. */
const PATIENCE_MS = 60_000;

const [command = '', ...args] = process.argv.slice(2);
const program = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });

// The starter made this process the leader of a group: the last act ends all that is left in it, this process included.
const end = () => process.kill(-process.pid, 'SIGKILL');
const ask = () => {
  program.kill('SIGTERM');
  setTimeout(end, PATIENCE_MS);
};

program.on('exit', end);
program.on('error', end);
process.stdin.on('end', ask).resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, ask);
