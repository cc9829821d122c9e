/** Called by the workflow at its beginning and after each bundle: what the next one is, and which of its slices are to be written. */
import { MOST_PROVED, SLICE, SLICE_BYTES } from '../../shared/archive/manifest.ts';
import { logFolder } from '../../shared/archive/paths.ts';
import { s3ArchiveFiles } from '../../shared/data/archive-files.ts';
import { dynamoCosignedStore } from '../../shared/data/cosigned-store.ts';
import { dynamoExportStore } from '../../shared/data/export-store.ts';
import { dynamoLogStore } from '../../shared/data/log-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import { taskSubject } from '../../shared/domain/task.ts';
import { policiesOf, policyFor } from '../../shared/policy/load.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { beginInput } from '../../workflows/audit-export/contract.ts';
import { beginExport } from './begin-export.ts';
import { environment } from './environment.ts';

const { COUNTY, ARCHIVE_BUCKET } = environment.parse(process.env);
const PER_PAGE = 200;

const begin = beginExport({
  county: COUNTY,
  store: dynamoExportStore(COUNTY),
  log: dynamoLogStore(COUNTY),
  cosigned: dynamoCosignedStore(COUNTY),
  files: s3ArchiveFiles(ARCHIVE_BUCKET, logFolder(COUNTY)),
  tasksAt: async (object) => {
    const subjects: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await dynamoTaskStore.ofObject(COUNTY, object, PER_PAGE, cursor);
      // A visit that is still to be made nobody may learn of, its object least of all.
      const visited = page.items.filter(({ task }) => task.inspection !== undefined);
      subjects.push(...visited.map(({ task }) => taskSubject(task.id)));
      cursor = page.cursor;
    } while (cursor !== undefined);
    return subjects;
  },
  perSlice: { events: SLICE, bytes: SLICE_BYTES },
  mostProved: MOST_PROVED,
  since: policiesOf(COUNTY).since,
  closeAfter: (at) => policyFor(COUNTY, at).exports.day.closeAfter,
});

export const handler = eventHandler({
  service: 'begin-export',
  input: beginInput,
  run: async (input, logger) => {
    const begun = await begin(input);
    logger.info('begun', { at: input.at, id: begun.id, step: begun.step, slices: begun.slices.length });
    return begun;
  },
});
