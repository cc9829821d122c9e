/** The provincial exchange tables of a bundle, put as they are made; checks, of which there are most, are read off the log once more. */
import type { BundleFile } from '../../shared/archive/manifest.ts';
import type { ArchiveFiles } from '../../shared/data/archive-files.ts';
import type { Export } from '../../shared/domain/export.ts';
import type { RecordedEvent } from '../../shared/domain/ledger-fact.ts';
import { isCarried } from '../../shared/domain/rebuild.ts';
import { type ExchangeSource, exchangeFiles } from '../../shared/exchange/exchange-files.ts';
import { csvView } from '../../shared/runtime/list-file/write-csv.ts';
import { putSome } from '../../workflows/audit-export/bundle-folder.ts';
import {
  eventOf,
  type LogFiles,
  type SealedEntry,
  sealedTiles,
  stretch,
  wholeOf,
} from '../../workflows/audit-export/sealed-log.ts';

interface LoggedSource extends Omit<ExchangeSource, 'rounds' | 'csv'> {
  readonly log: LogFiles;
  readonly of: Pick<Export, 'first' | 'end' | 'treeSize'>;
}

/** Most entries are no rounds, and need not be read for that. */
const mayBeRound = ({ bytes }: SealedEntry): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('"RoundSubmitted"');

async function* roundsOf({ log, of: { first, end, treeSize }, snapshot }: LoggedSource): AsyncGenerator<RecordedEvent> {
  for await (const { entries } of sealedTiles(log, treeSize, stretch(first, end))) {
    for (const entry of entries) {
      if (!mayBeRound(entry)) continue;
      const event = eventOf(entry);
      if (event.type === 'RoundSubmitted' && !isCarried(snapshot, event.index)) yield await wholeOf(log, event);
    }
  }
}

export async function writeExchange(files: ArchiveFiles, source: LoggedSource): Promise<BundleFile[]> {
  const written: BundleFile[] = [];
  await exchangeFiles({ ...source, rounds: () => roundsOf(source), csv: csvView }, async (path, pieces) => {
    const put = await putSome(files, path, pieces);
    written.push(...put);
    return put.length > 0;
  });
  return written;
}
