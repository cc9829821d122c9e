/** Called by the workflow for each slice of a bundle. */
import { logFolder } from '../../shared/archive/paths.ts';
import { s3ArchiveFiles } from '../../shared/data/archive-files.ts';
import { evidenceSizes } from '../../shared/data/evidence-files.ts';
import { dynamoExportStore } from '../../shared/data/export-store.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { sliceInput } from '../../workflows/audit-export/contract.ts';
import { environment } from './environment.ts';
import { exportSlice } from './export-slice.ts';

const { COUNTY, ARCHIVE_BUCKET, REQUESTS_BUCKET, EVIDENCE_BUCKET } = environment.parse(process.env);

const write = exportSlice({
  store: dynamoExportStore(COUNTY),
  log: s3ArchiveFiles(ARCHIVE_BUCKET, logFolder(COUNTY)),
  bundles: {
    archive: (folder) => s3ArchiveFiles(ARCHIVE_BUCKET, folder),
    requests: (folder) => s3ArchiveFiles(REQUESTS_BUCKET, folder),
  },
  evidenceSize: evidenceSizes(EVIDENCE_BUCKET),
});

export const handler = eventHandler({
  service: 'export-slice',
  input: sliceInput,
  run: async (input, logger) => {
    const written = await write(input);
    logger.info('written', { id: input.id, slice: input.slice, ...written });
    return written;
  },
});
