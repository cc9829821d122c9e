/** The API of exports over a county whose log is sealed and exported in memory, asked as people ask it. */
import { bundleReader } from '../../functions/serve-exports/bundles.ts';
import { served } from '../../functions/serve-exports/served.ts';
import { bundleFolder } from '../../shared/archive/paths.ts';
import { dynamoAuditStore } from '../../shared/data/audit-store.ts';
import { linkTo } from '../../shared/data/bundle-links.ts';
import { commandAnswer } from '../../shared/data/commit.ts';
import { dynamoExportStore } from '../../shared/data/export-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoPersonalStore } from '../../shared/data/personal-store.ts';
import { recordSeen } from '../../shared/data/seen-store.ts';
import { dynamoSubjectItems, type SubjectItems } from '../../shared/data/subject-items.ts';
import { exportSubject } from '../../shared/domain/export.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { isPeriodic } from '../../workflows/audit-export/bundle-folder.ts';
import type { ExportRun, ExportRunInput } from '../../workflows/audit-export/contract.ts';
import { apiCall, askAs } from './api-call.ts';
import { COUNTY, type ExportCounty } from './export-county.ts';
import { testIssuer } from './tokens.ts';

export async function exportsApi(county: ExportCounty, items: SubjectItems = dynamoSubjectItems(COUNTY)) {
  Object.assign(process.env, { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  Object.assign(process.env, { POWERTOOLS_DEV: 'false', POWERTOOLS_LOG_LEVEL: 'SILENT' });
  const { rules, tokenOf } = await testIssuer();
  const started: (ExportRun & ExportRunInput)[] = [];
  /** Addresses as they were made, and whether the ledger had them by then. */
  const handedOut: { readonly path: string; readonly isRecorded: boolean }[] = [];
  const link = linkTo('archive', 'requests');
  const call = apiCall(
    apiHandler({
      service: 'serve-exports',
      environment: {
        COUNTY,
        ISSUER: 'https://issuer.test',
        AUDIENCE: 'dual-prevention',
        JWKS_URI: 'https://issuer.test/jwks',
        SIMULATION: 'true',
      },
      answerOf: commandAnswer,
      tokens: rules,
      routes: served({
        county: COUNTY,
        exports: dynamoExportStore(COUNTY),
        audits: dynamoAuditStore(COUNTY),
        personal: dynamoPersonalStore,
        ledger: dynamoLedgerStore,
        answerOf: commandAnswer,
        executions: {
          status: async ({ id, attempt }) =>
            started.some((run) => run.id === id && run.attempt === attempt) ? 'running' : 'absent',
          start: async (input) => {
            started.push(input);
            return 'started';
          },
        },
        bundleOf: bundleReader((of) => {
          const { archive, requests } = county.outside();
          const at = (path: string): string => `${bundleFolder(of)}/${path}`;
          const below = (files: typeof archive) => ({
            read: (path: string) => files.read(at(path)),
            stream: (path: string) => files.stream(at(path)),
          });
          return { files: below(isPeriodic(of) ? archive : requests), kept: below(archive) };
        }),
        recordSeen,
        linkTo: async (of, path, seconds) => {
          const last = await dynamoLedgerStore.lastOf(exportSubject(of.id));
          handedOut.push({ path: `${of.id}/${path}`, isRecorded: JSON.stringify(last?.data).includes(JSON.stringify(path)) });
          return link(of, path, seconds);
        },
        linkMinutes: (at) => policyFor(COUNTY, at).exports.links.readWithin.minutes,
        auditDays: (at) => policyFor(COUNTY, at).exports.audits.open.days,
        items,
        answersKept: (at) => policyFor(COUNTY, at).commands.answers.kept.days,
      }),
    }),
  );
  return { ask: askAs(call, tokenOf), started, handedOut };
}
