import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle } from '../../shared/draw/bundle.ts';

/** The files of a draw's folder. A folder inside it is shown as a file that does not belong there. */
export const readBundle = (folder: string): Bundle =>
  new Map(
    readdirSync(folder, { withFileTypes: true }).map((entry) =>
      entry.isDirectory() ? [`${entry.name}/`, new Uint8Array()] : [entry.name, readFileSync(join(folder, entry.name))],
    ),
  );
