import { commandAnswer } from '../../shared/data/commit.ts';
import { dynamoGridStore } from '../../shared/data/grid-store.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { eachInstallationFrom } from '../../shared/data/installation-store.ts';
import { dynamoKeyUnitStore } from '../../shared/data/key-unit-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { environment } from './environment.ts';
import { servedSupervision } from './served.ts';

const settings = environment.parse(process.env);
const county = settings.COUNTY;

export const handler = apiHandler({
  service: 'serve-supervision',
  environment: settings,
  answerOf: commandAnswer,
  routes: servedSupervision({
    county,
    register: dynamoRegisterStore(county),
    hazards: dynamoHazardStore,
    installations: (cursor) => eachInstallationFrom(county, cursor),
    keyUnits: dynamoKeyUnitStore(county),
    grid: dynamoGridStore(county),
  }),
});
