/** The files of a bundle as its manifest names them, held against the hash that is on the ledger. */
import { MANIFEST, SUMS } from '../../shared/archive/layout.ts';
import { type BundleFile, manifestSchema } from '../../shared/archive/manifest.ts';
import type { ArchiveFiles } from '../../shared/data/archive-files.ts';
import type { Export, Sha256 } from '../../shared/domain/export.ts';
import { sha256 } from '../../shared/draw/bytes.ts';

export type ReadFiles = Pick<ArchiveFiles, 'read' | 'stream'>;

export interface Bundle {
  /** All of them, ascending by path. */
  readonly files: readonly BundleFile[];
  readonly read: ReadFiles;
}

/** What lies there is not what was closed. Somebody has to look. */
export class BundleDiffers extends Error {
  override readonly name = 'BundleDiffers';
}

const byPath = (a: BundleFile, b: BundleFile): number => (a.path < b.path ? -1 : 1);

async function readBundle(read: ReadFiles, id: string, manifest: Sha256): Promise<Bundle> {
  const whole = async (path: string): Promise<Uint8Array> => {
    const bytes = await read.read(path);
    if (bytes === undefined) throw new BundleDiffers(`${id}/${path} is not there`);
    return bytes;
  };
  const bytes = await whole(MANIFEST);
  if (sha256(bytes) !== manifest) throw new BundleDiffers(`${id}/${MANIFEST} is not the one that is on the ledger`);
  const sums = await whole(SUMS);
  const { files } = manifestSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  const ofBundle: readonly BundleFile[] = [
    { path: MANIFEST, bytes: bytes.length, sha256: manifest, role: 'doc' },
    { path: SUMS, bytes: sums.length, sha256: sha256(sums), role: 'doc' },
  ];
  return { files: [...files, ...ofBundle].sort(byPath), read };
}

export type BundleOf = (of: Pick<Export, 'id' | 'kind'>, manifest: Sha256) => Promise<Bundle>;

/** The last one is kept: whoever fetches a bundle asks for its files page by page, and nothing of it changes. */
export function bundleReader(filesOf: (of: Pick<Export, 'id' | 'kind'>) => ReadFiles): BundleOf {
  let last: { readonly id: string; readonly bundle: Promise<Bundle> } | undefined;
  return (of, manifest) => {
    if (last?.id === of.id) return last.bundle;
    const bundle = readBundle(filesOf(of), of.id, manifest);
    last = { id: of.id, bundle };
    bundle.catch(() => {
      last = undefined;
    });
    return bundle;
  };
}
