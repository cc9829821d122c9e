/** Called by the workflow once every slice of a bundle is written. */
import { readFileSync } from 'node:fs';
import type { Logger } from '@aws-lambda-powertools/logger';
import { logFolder } from '../../shared/archive/paths.ts';
import { MOST_TIMESTAMP } from '../../shared/archive/timestamp.ts';
import { s3ArchiveFiles } from '../../shared/data/archive-files.ts';
import { dynamoExportStore } from '../../shared/data/export-store.ts';
import { dynamoLogStore } from '../../shared/data/log-store.ts';
import { outboundBytes } from '../../shared/data/outbound.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { policiesOf, policyFor } from '../../shared/policy/load.ts';
import { freshBytes } from '../../shared/runtime/chance.ts';
import { now } from '../../shared/runtime/clock.ts';
import { eventHandler } from '../../shared/runtime/event-handler.ts';
import { metricLine } from '../../shared/runtime/metric-line.ts';
import { closeInput } from '../../workflows/audit-export/contract.ts';
import { formUnit, policyText } from '../../workflows/audit-export/state-policy.ts';
import { type CloseDependencies, closeExport } from './close-export.ts';
import { environment } from './environment.ts';
import { type AskTimestamp, askTimestamp } from './timestamp.ts';

const { COUNTY, ARCHIVE_BUCKET, REQUESTS_BUCKET, TIMESTAMPING, ALLOWS_LOOPBACK } = environment.parse(process.env);
const post = outboundBytes({ allowsLoopback: ALLOWS_LOOPBACK === 'true', most: MOST_TIMESTAMP });

const dependencies: CloseDependencies = {
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
  policy: (to) => policyText(policiesOf(COUNTY), to),
  form: (at) => ({ rules: policyFor(COUNTY, at).exports.form, unit: formUnit(policiesOf(COUNTY).name) }),
};

/** Asks the deployment's authority, where it has one. What brings no token is measured, for an alarm. */
function asking(logger: Logger): AskTimestamp | undefined {
  if (TIMESTAMPING === null) return undefined;
  const { name, url } = TIMESTAMPING;
  const ask = askTimestamp({
    ...{ url, post, nonce: freshBytes },
    failed: (why) => logger.warn('no time stamp', { authority: name, why }),
  });
  return async (checkpoint) => {
    const token = await ask(checkpoint);
    if (token === undefined) logger.info('measured', metricLine(COUNTY, now(), { BundlesUnstamped: ['Count', 1] }));
    return token;
  };
}

export const handler = eventHandler({
  service: 'close-export',
  input: closeInput,
  run: async (input, logger) => {
    const { at: _, ...closed } = await closeExport({ ...dependencies, askTimestamp: asking(logger) })(input);
    logger.info('closed', { id: input.id, ...closed });
    return closed;
  },
});
