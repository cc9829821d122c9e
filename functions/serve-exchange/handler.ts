import { commandAnswer } from '../../shared/data/commit.ts';
import { dynamoExchangeStore } from '../../shared/data/exchange-store.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { environment } from './environment.ts';
import { servedExchange } from './served.ts';

const settings = environment.parse(process.env);
const county = settings.COUNTY;

export const handler = apiHandler({
  service: 'serve-exchange',
  environment: settings,
  answerOf: commandAnswer,
  routes: servedExchange({
    county,
    exchange: dynamoExchangeStore(county),
    register: dynamoRegisterStore(county),
    hazards: dynamoHazardStore,
  }),
});
