/** The bundle of a draw from where it is kept: each file by the hash that the draw knows it by, and none that has another. */
import { type DrawFiles, FileChanged } from '../../shared/data/draw-files.ts';
import type { Draw, Sha256 } from '../../shared/domain/draw.ts';
import { isVoidBefore } from '../../shared/domain/draw-evolve.ts';
import {
  ANNOUNCEMENT_FILE,
  type Bundle,
  RANDOMNESS_FILE,
  resultFile,
  substitutionFile,
  VOID_FILE,
} from '../../shared/draw/bundle.ts';
import { fileOf } from '../../shared/draw/rosters.ts';

const rosters = ['objects', 'inspectors', 'recusals', 'items'] as const;

/** What its files are, by their names: those that make up the draw as it stands, or of a void one what there is to show and was not lost. */
export function filesOf(draw: Draw): ReadonlyMap<string, Sha256> {
  const lost = new Set(draw.lost);
  return new Map([...allFilesOf(draw)].filter(([file]) => !lost.has(file)));
}

function allFilesOf(draw: Draw): ReadonlyMap<string, Sha256> {
  const files = new Map<string, Sha256>([[ANNOUNCEMENT_FILE, draw.announcement]]);
  const isVoid = draw.void !== undefined;
  if (draw.void !== undefined) files.set(VOID_FILE, draw.void.sha256);
  if (isVoidBefore(draw)) return files;
  for (const roster of rosters) files.set(fileOf(roster), draw.files[roster]);
  if (draw.randomness !== undefined) files.set(RANDOMNESS_FILE, draw.randomness);
  for (const { no, substitution, result } of draw.iterations) {
    // A substitution that nothing was drawn by is part of a draw under way, and of a void one no more.
    if (substitution !== undefined && (result !== undefined || !isVoid)) files.set(substitutionFile(no), substitution.sha256);
    if (result !== undefined) files.set(resultFile(no), result.sha256);
  }
  return files;
}

/** `isWanted`: which of the files; a roster may be a hundred times what is said of a draw beside it. */
export async function bundleOf(
  files: Pick<DrawFiles, 'read'>,
  draw: Draw,
  isWanted: (file: string) => boolean = () => true,
): Promise<Bundle> {
  const wanted = [...filesOf(draw)].filter(([file]) => isWanted(file));
  return new Map(await Promise.all(wanted.map(async ([file, hash]) => [file, await files.read(hash)] as const)));
}

/** Which of its files are not what the draw knows them by, or not there. */
export async function lostOf(files: Pick<DrawFiles, 'read'>, draw: Draw): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const [file, hash] of filesOf(draw)) {
    try {
      await files.read(hash);
    } catch (error) {
      if (!(error instanceof FileChanged)) throw error;
      lost.push(file);
    }
  }
  return lost;
}
