/** Called by the workflow once every slice of a bundle is written. */
import { readFileSync } from 'node:fs';
import { logFolder } from '../../shared/archive/paths.ts';
import { s3ArchiveFiles } from '../../shared/data/archive-files.ts';
import { dynamoExportStore } from '../../shared/data/export-store.ts';
import { dynamoLogStore } from '../../shared/data/log-store.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { policiesOf, policyFor } from '../../shared/policy/load.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { closeInput } from '../../workflows/audit-export/contract.ts';
import { closeExport } from './close-export.ts';
import { environment } from './environment.ts';

const { COUNTY, ARCHIVE_BUCKET, REQUESTS_BUCKET } = environment.parse(process.env);

const close = closeExport({
  county: COUNTY,
  store: dynamoExportStore(COUNTY),
  log: s3ArchiveFiles(ARCHIVE_BUCKET, logFolder(COUNTY)),
  head: dynamoLogStore(COUNTY).head,
  bundles: {
    archive: (folder) => s3ArchiveFiles(ARCHIVE_BUCKET, folder),
    requests: (folder) => s3ArchiveFiles(REQUESTS_BUCKET, folder),
  },
  // Laid beside the code when it is built (infra/stacks/archive/exporting.ts).
  verifier: readFileSync(new URL('./verify.py', import.meta.url)),
  rules: { cadencesAt: (at) => cadencesOf(COUNTY, at) },
  form: (at) => ({ rules: policyFor(COUNTY, at).exports.form, unit: `${policiesOf(COUNTY).name}安全生产委员会办公室` }),
});

export const handler = eventHandler({
  service: 'close-export',
  input: closeInput,
  run: async (input, logger) => {
    const { at: _, ...closed } = await close(input);
    logger.info('closed', { id: input.id, ...closed });
    return closed;
  },
});
