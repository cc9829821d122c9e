import { commandAnswer } from '../../shared/data/commit.ts';
import { evidenceBucket } from '../../shared/data/evidence-files.ts';
import { evidenceUploads } from '../../shared/data/evidence-uploads.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { dynamoInspectorStore } from '../../shared/data/inspector-store.ts';
import { dynamoItemListStore } from '../../shared/data/item-list-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { environment } from './environment.ts';
import { servedTasks } from './served.ts';

const settings = environment.parse(process.env);

export const handler = apiHandler({
  service: 'serve-tasks',
  environment: settings,
  answerOf: commandAnswer,
  routes: servedTasks({
    county: settings.COUNTY,
    tasks: dynamoTaskStore,
    hazards: dynamoHazardStore,
    register: dynamoRegisterStore(settings.COUNTY),
    inspectors: dynamoInspectorStore(settings.COUNTY),
    itemLists: dynamoItemListStore(settings.COUNTY),
    uploads: evidenceUploads(settings.EVIDENCE_BUCKET),
    evidence: evidenceBucket(settings.EVIDENCE_BUCKET),
    policyAt: (at) => policyFor(settings.COUNTY, at),
  }),
});
