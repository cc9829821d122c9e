import { commandAnswer } from '../../shared/data/commit.ts';
import { s3DrawFiles } from '../../shared/data/draw-files.ts';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { environment } from './environment.ts';
import { servedDraws } from './served.ts';

const settings = environment.parse(process.env);

export const handler = apiHandler({
  service: 'serve-draws',
  environment: settings,
  answerOf: commandAnswer,
  routes: servedDraws({
    county: settings.COUNTY,
    draws: dynamoDrawStore(settings.COUNTY),
    files: s3DrawFiles(settings.DRAWS_BUCKET),
    tasks: dynamoTaskStore,
    policyAt: (at) => policyFor(settings.COUNTY, at),
  }),
});
