/**
 * The state of the county as of the end of a bundle (`state/…`): that of the bundle of days before, and what its own events made of it. It follows
 * from the events alone, so it is the same whenever and by whomever it is written.
 */

import { pipeline, Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { linesOf as linesOfFile } from '../../shared/archive/bundle-files.ts';
import type { BundleFile } from '../../shared/archive/manifest.ts';
import type { ArchiveFiles } from '../../shared/data/archive-files.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Export } from '../../shared/domain/export.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import { emptySnapshot, foldUntil, PARTS, type Part, type Snapshot } from '../../shared/domain/rebuild.ts';
import type { RebuildRules } from '../../shared/domain/rebuild-duties.ts';
import { type StateLine, takeLine } from '../../shared/domain/rebuild-lines.ts';
import { putFile, putPieces } from '../../workflows/audit-export/bundle-folder.ts';
import { eventOf, type LogFiles, sealedTiles, stretch, wholeOf } from '../../workflows/audit-export/sealed-log.ts';
import { COVERAGE, coverageText, statePath, stateTexts } from '../../workflows/audit-export/state-text.ts';

/** A record of a draw or a case with all that came of it; nothing that is written here is longer. */
const MOST_LINE = 16 * 1024 * 1024;

/** The snapshot that lies in a bundle, or some parts of it. A part that has no lines has no file. */
export async function readSnapshot(
  files: Pick<ArchiveFiles, 'stream'>,
  county: CountyCode,
  parts: readonly Part[] = PARTS,
): Promise<Snapshot> {
  const snapshot = emptySnapshot(county);
  for (const part of parts) {
    const packed = await files.stream(statePath(part));
    if (packed === undefined) continue;
    // What goes wrong in the source comes out of the stream that is read here.
    const unpacked = pipeline(Readable.from(packed), createGunzip(), () => {});
    for await (const line of linesOfFile(unpacked, statePath(part), MOST_LINE)) {
      const read: StateLine = JSON.parse(Buffer.from(line).toString());
      takeLine(snapshot, part, read);
    }
  }
  return snapshot;
}

/** The snapshot at an instant, after the events of a bundle that happened before it. Answers the same one, changed. */
export async function foldBundle(
  log: LogFiles,
  { first, end, treeSize }: Pick<Export, 'first' | 'end' | 'treeSize'>,
  { snapshot, until, rules }: { readonly snapshot: Snapshot; readonly until: Instant; readonly rules: RebuildRules },
): Promise<Snapshot> {
  const fold = foldUntil(snapshot, until, rules);
  for await (const { entries } of sealedTiles(log, treeSize, stretch(first, end))) {
    for (const entry of entries) {
      const { index, ...whole } = await wholeOf(log, eventOf(entry));
      fold(index, whole);
    }
  }
  return snapshot;
}

/** Writes a snapshot as it is at an instant, part by part, and what came of the year. */
export async function writeSnapshot(
  files: ArchiveFiles,
  snapshot: Snapshot,
  at: Instant,
  rules: RebuildRules,
): Promise<BundleFile[]> {
  const written: BundleFile[] = [];
  for (const [part, text] of stateTexts(snapshot, at)) {
    const packed = pipeline(Readable.from(text), createGzip(), () => {});
    written.push(await putPieces(files, statePath(part), packed));
  }
  written.push(await putFile(files, COVERAGE, coverageText(snapshot, at, rules)));
  return written;
}

/** The state of a bundle, file by file, as that of another one that ends at the same place. */
export async function copySnapshot(from: ArchiveFiles, to: ArchiveFiles, paths: readonly string[]): Promise<BundleFile[]> {
  const written: BundleFile[] = [];
  for (const path of paths) {
    const pieces = await from.stream(path);
    if (pieces === undefined) throw new RangeError(`${path} is not there`);
    written.push(await putPieces(to, path, pieces));
  }
  return written;
}
