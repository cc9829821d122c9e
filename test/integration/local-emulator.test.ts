import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { freePort, isPortTaken, startEmulator } from '../../infra/local/emulator.ts';
import { localCloud } from '../support/local-cloud.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'emulator-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly command: string;
}
/** All that run; one that has ended and is only not yet collected by its parent does not. */
const processes = (): Process[] =>
  execFileSync('ps', ['-eo', 'stat=,pid=,ppid=,pgid=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .filter((line) => !line.trim().startsWith('Z'))
    .map((line) => {
      const [, pid, parent, group, ...command] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), group: Number(group), command: command.join(' ') };
    });
const inGroup = (group: number) => processes().filter((one) => one.group === group);
/** The group of the emulator that a process started. */
const groupOf = (starter: number): number => {
  const guard = processes().find(({ parent, command }) => parent === starter && command.includes('guard.mjs'));
  if (guard === undefined) throw new Error(`process ${starter} guards no emulator`);
  return guard.group;
};

const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false));
  });

test('the services answer on the loopback and on no other interface', async () => {
  const { endpoint, isOurs } = await localCloud();
  if (!isOurs) return;
  const port = Number(new URL(endpoint).port);
  expect(await answers('127.0.0.1', port)).toBe(true);
  const others = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal }) => !internal);
  for (const { address } of others) expect([address, await answers(address, port)]).toEqual([address, false]);
});

test('a stop leaves no process, not even of a function that just ran, and a start finds everything again', async () => {
  const { apiUrl, endpoint, stop, start, isOurs } = await localCloud();
  if (!isOurs) return;
  const documentation = async () => (await fetch(`${apiUrl}/docs`)).status;
  expect(await documentation()).toBe(200);
  const group = groupOf(process.pid);
  expect(inGroup(group).some(({ command }) => command.includes('_worker'))).toBe(true);
  await stop();
  expect(inGroup(group)).toEqual([]);
  expect(await isPortTaken(Number(new URL(endpoint).port))).toBe(false);
  await start();
  expect(await documentation()).toBe(200);
});

test('an emulator ends with whoever started it, even when that one is killed', async () => {
  const port = await freePort();
  const program = `
    const { startEmulator } = await import('./infra/local/emulator.ts');
    await startEmulator(${JSON.stringify({ folder, port, enforceIam: false })});
    console.log('up');
  `;
  const starter = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => starter.stdout.once('data', resolve));
  const group = groupOf(starter.pid ?? 0);
  starter.kill('SIGKILL');
  for (let waited = 0; waited < 100 && inGroup(group).length > 0; waited++) await pause(100);
  expect(inGroup(group)).toEqual([]);
});

test('a port that is taken is told in one sentence', async () => {
  const { endpoint, isOurs } = await localCloud();
  if (!isOurs) return;
  const port = Number(new URL(endpoint).port);
  await expect(startEmulator({ folder, port, enforceIam: false })).rejects.toThrow(
    /^Port \d+ on 127\.0\.0\.1 is in use: stop what listens/,
  );
});
