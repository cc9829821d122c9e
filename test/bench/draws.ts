/** A draw over a million objects: whether each of its steps fits into one function, how long it takes and how much memory. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { AS_DEPLOYED } from '../../infra/constructs/bundle.ts';
import { figure, printTable } from './table.ts';

const OBJECTS = 1_000_000;
const QUOTAS = [100, 10_000];
const STEPS = ['freeze', 'draw', 'verify'] as const;
/** The memory of every function of the county, and what of it V8 may take: the rest is for files and the runtime. */
const FUNCTION_MB = 1024;
const HEAP_MB = 640;

interface Figures {
  readonly cpu: number;
  readonly wall: number;
  readonly megabytes: number;
}

/** Runs one step in a process of its own, with no more memory than the function has. */
function measured(program: string, ...words: readonly string[]): Figures {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--no-warnings', `--max-old-space-size=${HEAP_MB}`, program, ...words],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`${words.join(' ')} failed: ${stderr.slice(-600)}`);
  return JSON.parse(stdout);
}

export function benchDraws(): void {
  const folder = mkdtempSync(join(tmpdir(), 'bench-draws-'));
  try {
    const program = join(folder, 'step.mjs');
    const entry = fileURLToPath(new URL('draw-step.ts', import.meta.url));
    buildSync({ ...AS_DEPLOYED, entryPoints: [entry], outfile: program, logLevel: 'warning' });
    const rows = QUOTAS.flatMap((quota) => {
      const files = mkdtempSync(join(folder, 'files-'));
      return STEPS.map((step) => {
        const { cpu, wall, megabytes } = measured(program, step, files, String(OBJECTS), String(quota));
        const aim = `≤ ${FUNCTION_MB}: ${megabytes <= FUNCTION_MB ? 'met' : 'not met'}`;
        return [quota, step, Math.round(OBJECTS / cpu), figure(cpu), figure(wall), Math.round(megabytes), aim] as const;
      });
    });
    printTable(
      `A draw over ${OBJECTS.toLocaleString('en')} objects and 200 inspectors, two to a team, 20 days; each step in a process of ${FUNCTION_MB} MB`,
      ['drawn', 'step', 'objects per second of one core', 's of one core', 's by the clock', 'peak MB', 'aim'],
      rows,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
