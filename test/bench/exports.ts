/** Bundles of a day with ten thousand, a hundred thousand and a million events: how long, how much memory, how large, and how long to verify. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { AS_DEPLOYED } from '../../infra/constructs/bundle.ts';
import { figure, printTable } from './table.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const VERIFIER = new URL('../../shared/archive/verify.py', import.meta.url);
/** What the function that writes slices has, and what of it V8 may take: the rest is for buffers and the runtime. */
const FUNCTION_MB = 1769;
const HEAP_MB = 512;

interface Figures {
  readonly cpu: number;
  readonly wall: number;
  readonly megabytes: number;
  readonly vkey: string;
}

async function run(command: string, words: readonly string[]): Promise<string> {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = [child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8').toArray());
  const [code] = (await once(child, 'close')) as [number | null];
  const said = (await out)?.join('') ?? '';
  if (code !== 0) throw new Error(`${words.join(' ')} failed: ${((await err)?.join('') || said).slice(-600)}`);
  return said;
}

const measured = async (program: string, ...words: readonly string[]): Promise<Figures> =>
  JSON.parse(await run(process.execPath, ['--no-warnings', `--max-old-space-size=${HEAP_MB}`, program, ...words]));

/** Verifies in Python as an auditor does, and tells by the system what that took. */
const PROGRAM = `
import json, resource, runpy, sys, time
sys.argv = sys.argv[1:]
began = time.monotonic()
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as end:
    if end.code: raise
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"wall": time.monotonic() - began, "cpu": used.ru_utime + used.ru_stime, "megabytes": used.ru_maxrss / 1024}))
`;
async function byPython(folder: string, vkey: string): Promise<Omit<Figures, 'vkey'>> {
  const said = await run('python3', ['-c', PROGRAM, fileURLToPath(VERIFIER), folder, '--vkey', vkey]);
  return JSON.parse(said.trimEnd().split('\n').at(-1) ?? '');
}

/** One size, in a folder of its own. Slices are written side by side on all processors, as the machine writes them in functions of their own. */
async function ofSize(program: string, files: string, events: number) {
  const words = [files, String(events), VERIFIER.href];
  await measured(program, 'seal', ...words);
  const abreast = cpus().length;
  const began = performance.now();
  const writers = Array.from({ length: abreast }, (_, part) =>
    measured(program, 'write', ...words, String(part), String(abreast)),
  );
  const written = await Promise.all(writers);
  const closed = await measured(program, 'close', ...words);
  const wall = (performance.now() - began) / 1000;
  const { bytes }: { readonly bytes: number } = JSON.parse(readFileSync(join(files, 'closed.json'), 'utf8'));
  const [verified, python] = await Promise.all([
    measured(program, 'verify', ...words),
    byPython(join(files, 'day', 'bundle=000001'), closed.vkey),
  ]);
  const cpu = [...written, closed].reduce((sum, each) => sum + each.cpu, 0);
  return { events, cpu, wall, bytes, verified, python, writing: Math.max(...written.map(({ megabytes }) => megabytes)), closed };
}

export async function benchExports(sizes: readonly number[] = SIZES): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-exports-'));
  try {
    const program = join(folder, 'step.mjs');
    const entry = fileURLToPath(new URL('export-step.ts', import.meta.url));
    // The tables in memory know commands by the names of their classes.
    buildSync({ ...AS_DEPLOYED, keepNames: true, entryPoints: [entry], outfile: program, logLevel: 'warning' });
    const made: Awaited<ReturnType<typeof ofSize>>[] = [];
    for (const events of sizes) {
      const files = mkdtempSync(join(folder, 'files-'));
      made.push(await ofSize(program, files, events));
      rmSync(files, { recursive: true });
    }
    printTable(
      `A day's bundle, its slices on ${cpus().length} processors, each process with a heap of ${HEAP_MB} MB (the functions have ${FUNCTION_MB} MB)`,
      [
        ...['events', 'per second of one core', 's by the clock', 'slices: peak MB', 'close: peak MB', 'bytes each'],
        ...['verify s', 'peak MB', 'verify.py s', 'peak MB'],
      ],
      made.map(({ events, cpu, wall, bytes, verified, python, writing, closed }) => [
        ...[events, Math.round(events / cpu), figure(wall), Math.round(writing), Math.round(closed.megabytes)],
        ...[Math.round(bytes / events), figure(verified.cpu), Math.round(verified.megabytes)],
        ...[figure(python.cpu), Math.round(python.megabytes)],
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
