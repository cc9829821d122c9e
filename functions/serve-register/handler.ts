import { commandAnswer } from '../../shared/data/commit.ts';
import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { environment } from './environment.ts';
import { served } from './served.ts';

const settings = environment.parse(process.env);

export const handler = apiHandler({
  service: 'serve-register',
  environment: settings,
  answerOf: commandAnswer,
  routes: served({
    county: settings.COUNTY,
    register: dynamoRegisterStore(settings.COUNTY),
    duties: dynamoDutyStore(settings.COUNTY),
    ledger: dynamoLedgerStore,
  }),
});
