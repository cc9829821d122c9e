import { commandAnswer } from '../../shared/data/commit.ts';
import { evidenceBucket } from '../../shared/data/evidence-files.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { environment } from './environment.ts';
import { servedHazards } from './served.ts';

const settings = environment.parse(process.env);

export const handler = apiHandler({
  service: 'serve-hazards',
  environment: settings,
  answerOf: commandAnswer,
  routes: servedHazards({
    county: settings.COUNTY,
    hazards: dynamoHazardStore,
    ledger: dynamoLedgerStore,
    evidence: evidenceBucket(settings.EVIDENCE_BUCKET),
    register: dynamoRegisterStore(settings.COUNTY),
    policyAt: (at) => policyFor(settings.COUNTY, at),
  }),
});
