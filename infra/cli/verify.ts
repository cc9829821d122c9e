/**
 * `npm run verify -- draw FOLDER`: whether what a draw published is all there and leads to what it says was drawn.
 * `npm run verify -- draws FOLDER… [--at INSTANT]`: the same for every draw of an authority, and that none was left out or made twice.
 * `npm run verify -- export FOLDER…`, `npm run verify -- checkpoints A B FOLDER…`: exports of the county's log (`verify-export.ts`).
 * Ends with 0 for yes, 1 where something differs, 2 where the command is not understood. Asks nobody: the folders are enough.
 */
import type { Bundle } from '../../shared/draw/bundle.ts';
import type { Fault } from '../../shared/draw/fault.ts';
import { instant } from '../../shared/draw/values.ts';
import { type Verified, verifyDraw } from '../../shared/draw/verify-draw.ts';
import { verifySeries } from '../../shared/draw/verify-series.ts';
import { now } from '../../shared/runtime/clock.ts';
import { readBundle } from './read-bundle.ts';

const HOW = `As in: npm run verify -- draw FOLDER
   or: npm run verify -- draws FOLDER… [--at 2026-07-01T00:00:00Z]
   or: npm run verify -- export FOLDER… [--vkey KEY]… [--witness KEY]… [--previous FOLDER] [--salts FILE]
                                      [--closed-by FOLDER]… [--checkpoint FILE]… [--root SIZE:HEX]…
   or: npm run verify -- state FOLDER… [--vkey KEY]…
   or: npm run verify -- checkpoints FILE FILE FOLDER… [--vkey KEY]… [--witness KEY]…
A folder is what was published of one draw (announcement.json and the files beside it), or a bundle of an export (manifest.json and the files
beside it; several are a series), which may also lie at s3://bucket/prefix. Name each KEY as the gazette or the county's site has it.`;

function fail(sentence: string): never {
  console.error(`${sentence}\n${HOW}`);
  process.exit(2);
}

function bundleOf(folder: string): Bundle {
  try {
    return readBundle(folder);
  } catch (error) {
    return fail(`${folder} cannot be read (${error instanceof Error ? error.message : String(error)}).`);
  }
}

const figure = (count: number, thing: string): string => `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`;

function sentenceOf({ drawId, announced, state, isVoid, iterations, drawn, unassigned }: Verified): string {
  const head = `${drawId} (${announced.kind} ${announced.period})`;
  if (state === 'open') return `${head}: announced${isVoid ? ' and void' : ''}, to be revealed by ${announced.revealBy}`;
  if (iterations === 0) return `${head}: void, no result`;
  const unfilled = unassigned === 0 ? '' : `, ${unassigned.toLocaleString('en')} of them without a team`;
  const replayed = `${drawn.toLocaleString('en')} of ${figure(announced.files.objects.lines, 'object')} drawn in ${figure(iterations, 'iteration')}`;
  return `${head}: ${isVoid ? 'void; ' : ''}${replayed}${unfilled}, replayed byte for byte`;
}

function printDraw(draw: Verified): void {
  console.log(`${sentenceOf(draw)}.`);
  for (const note of draw.notes) console.log(`  Note: ${note}`);
}

/** Says yes, or gives back what is wrong. */
function verifyOne(folders: readonly string[]): Fault | undefined {
  const [folder, ...more] = folders;
  if (folder === undefined || more.length > 0) fail('Say one folder.');
  const verdict = verifyDraw(bundleOf(folder));
  if (!verdict.ok) return verdict.fault;
  printDraw(verdict.summary);
  console.log('Yes: the bundle is complete and leads to what it says.');
  return undefined;
}

function* bundlesOf(folders: readonly string[]): Generator<readonly [string, Bundle]> {
  for (const folder of folders) yield [folder.replace(/\/+$/, ''), bundleOf(folder)];
}

function verifyAll(folders: readonly string[], at: string): Fault | undefined {
  if (folders.length === 0) fail('Say the folders of all draws of one authority.');
  if (!instant.safeParse(at).success) fail(`${JSON.stringify(at)} is not an instant.`);
  const verdict = verifySeries(bundlesOf(folders), at);
  if (!verdict.ok) return verdict.fault;
  verdict.summary.draws.forEach(printDraw);
  const { authority, draws } = verdict.summary;
  const voids = draws.filter(({ isVoid }) => isVoid);
  const drawn = voids.filter(({ iterations }) => iterations > 0).length;
  const said = voids.length === 0 ? 'none of them void' : `${voids.length} of them void (${drawn} after it was drawn)`;
  console.log(
    `Yes: ${authority} has ${figure(folders.length, 'draw')}, ${said}, numbered and chained without a gap, as of ${at}.`,
  );
  return undefined;
}

const [what, ...rest] = process.argv.slice(2);
const isOfExports = what === 'export' || what === 'checkpoints' || what === 'state';
const option = rest.indexOf('--at');
const folders = option < 0 ? rest : rest.toSpliced(option, 2);
const unknown = folders.find((folder) => folder.startsWith('--'));
if (unknown !== undefined && !isOfExports) fail(`There is no option ${unknown}.`);

async function verify(): Promise<Fault | undefined> {
  if (isOfExports) return (await import('./verify-export.ts')).verifyExports(what, rest, fail);
  if (what === 'draw' && option < 0) return verifyOne(folders);
  if (what === 'draws') return verifyAll(folders, option < 0 ? now().replace(/\.\d+Z$/, 'Z') : (rest[option + 1] ?? ''));
  return fail(
    what === 'draw'
      ? 'A draw alone is verified without an instant.'
      : 'Say what to verify: a draw or draws, an export or checkpoints.',
  );
}

const fault = await verify();
if (fault !== undefined) {
  console.log(`No. ${fault.message}`);
  process.exitCode = 1;
}
