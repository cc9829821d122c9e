import { commandAnswer } from '../../shared/data/commit.ts';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoInspectorStore } from '../../shared/data/inspector-store.ts';
import { dynamoItemListStore } from '../../shared/data/item-list-store.ts';
import { dynamoRegisterStore, eachStop } from '../../shared/data/register-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { environment } from './environment.ts';
import { served } from './served.ts';

const settings = environment.parse(process.env);

export const handler = apiHandler({
  service: 'serve-inspectors',
  environment: settings,
  answerOf: commandAnswer,
  routes: served({
    county: settings.COUNTY,
    inspectors: dynamoInspectorStore(settings.COUNTY),
    lists: dynamoItemListStore(settings.COUNTY),
    register: dynamoRegisterStore(settings.COUNTY),
    stops: () => eachStop(settings.COUNTY),
    draws: dynamoDrawStore(settings.COUNTY),
    tasks: dynamoTaskStore,
  }),
});
