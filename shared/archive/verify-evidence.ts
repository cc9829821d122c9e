/** Whether `evidence.jsonl` has a line for each piece of evidence that an event names, and no other. */
import * as z from 'zod';
import { Fault } from '../draw/fault.ts';
import { type BundleFiles, linesOf } from './bundle-files.ts';
import type { EvidenceLine } from './evidence.ts';
import { EVIDENCE } from './layout.ts';
import { readLine } from './logged-line.ts';
import type { Manifest } from './manifest.ts';

const MOST_LINE = 4 * 1024;

const line = z.strictObject({
  index: z.int().min(0),
  key: z.string(),
  sha256: z.string(),
  size: z.int().min(0).optional(),
});

/** What an event names, and where the event stands. */
interface Naming {
  readonly evidence: readonly EvidenceLine[];
  readonly file: string;
  readonly place: string;
}

export interface EvidenceReading {
  /** The lines of an event, which have to be the next ones. Events come ascending by index. */
  expect(naming: Naming): Promise<void>;
  /** Nothing may be left. */
  end(): Promise<void>;
}

/** The lines of a bundle's evidence, read as its events go by. */
export function readEvidence(files: BundleFiles, manifest: Manifest): EvidenceReading {
  const isThere = manifest.files.some(({ path }) => path === EVIDENCE);
  const lines = isThere ? linesOf(files.open(EVIDENCE), EVIDENCE, MOST_LINE) : undefined;
  let at = 0;
  const nextLine = async (): Promise<Uint8Array | undefined> => {
    at += 1;
    const next = await lines?.next();
    return next === undefined || next.done === true ? undefined : next.value;
  };
  return {
    async expect({ evidence, file, place }) {
      for (const { index, key, sha256 } of evidence) {
        const bytes = await nextLine();
        if (bytes === undefined) throw new Fault('evidence', { file: EVIDENCE }, `lacks ${key}, which ${file}, ${place}, names`);
        const read = readLine(line, bytes, EVIDENCE, at);
        if (read.index !== index || read.key !== key || read.sha256 !== sha256)
          throw new Fault(
            'evidence',
            { file: EVIDENCE, place: `line ${at}` },
            `is not ${key} of index ${index}, which ${file}, ${place}, names`,
          );
      }
    },
    async end() {
      if ((await nextLine()) !== undefined)
        throw new Fault('evidence', { file: EVIDENCE, place: `line ${at}` }, 'is named by no event');
    },
  };
}
