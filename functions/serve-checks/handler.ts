import { commandAnswer } from '../../shared/data/commit.ts';
import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { evidenceUploads } from '../../shared/data/evidence-uploads.ts';
import { dynamoHazardListStore } from '../../shared/data/hazard-list-store.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { roundEvents } from '../../shared/data/round-store.ts';
import { dynamoUngradedStore } from '../../shared/data/ungraded-store.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { environment } from './environment.ts';
import { servedChecks } from './served.ts';

const settings = environment.parse(process.env);

export const handler = apiHandler({
  service: 'serve-checks',
  environment: settings,
  answerOf: commandAnswer,
  routes: servedChecks({
    county: settings.COUNTY,
    store: dynamoDutyStore(settings.COUNTY),
    register: dynamoRegisterStore(settings.COUNTY),
    ungraded: dynamoUngradedStore(settings.COUNTY),
    ledger: dynamoLedgerStore,
    roundEvents,
    lists: dynamoHazardListStore(settings.COUNTY),
    hazards: dynamoHazardStore,
    evidence: evidenceUploads(settings.EVIDENCE_BUCKET),
    policyAt: (at) => policyFor(settings.COUNTY, at),
  }),
});
