/** Exports, audits and personal data. Addresses and salts are in no command's record: asked again, they are handed out again, and recorded again. */
import { bundleFolder } from '../../shared/archive/paths.ts';
import { s3ArchiveFiles } from '../../shared/data/archive-files.ts';
import { dynamoAuditStore } from '../../shared/data/audit-store.ts';
import { linkTo } from '../../shared/data/bundle-links.ts';
import { commandAnswer } from '../../shared/data/commit.ts';
import { dynamoExportStore } from '../../shared/data/export-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoPersonalStore } from '../../shared/data/personal-store.ts';
import { recordSeen } from '../../shared/data/seen-store.ts';
import { dynamoSubjectItems } from '../../shared/data/subject-items.ts';
import { PERIODIC_KINDS } from '../../shared/domain/export.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { exportExecutions } from '../../workflows/audit-export/executions.ts';
import { bundleReader } from './bundles.ts';
import { environment } from './environment.ts';
import { served } from './served.ts';

const settings = environment.parse(process.env);
const { COUNTY, ARCHIVE_BUCKET, REQUESTS_BUCKET, EXPORT_STATE_MACHINE_ARN } = settings;

export const handler = apiHandler({
  service: 'serve-exports',
  environment: settings,
  answerOf: commandAnswer,
  routes: served({
    county: COUNTY,
    exports: dynamoExportStore(COUNTY),
    audits: dynamoAuditStore(COUNTY),
    personal: dynamoPersonalStore,
    ledger: dynamoLedgerStore,
    answerOf: commandAnswer,
    executions: exportExecutions(EXPORT_STATE_MACHINE_ARN),
    recordSeen,
    bundleOf: bundleReader((of) => {
      const kept = s3ArchiveFiles(ARCHIVE_BUCKET, bundleFolder(of));
      const isPeriodic = PERIODIC_KINDS.some((kind) => kind === of.kind);
      return { files: isPeriodic ? kept : s3ArchiveFiles(REQUESTS_BUCKET, bundleFolder(of)), kept };
    }),
    linkTo: linkTo(ARCHIVE_BUCKET, REQUESTS_BUCKET),
    linkMinutes: (at) => policyFor(COUNTY, at).exports.links.readWithin.minutes,
    auditDays: (at) => policyFor(COUNTY, at).exports.audits.open.days,
    items: dynamoSubjectItems(COUNTY),
    answersKept: (at) => policyFor(COUNTY, at).commands.answers.kept.days,
  }),
});
