/** The API of the directories over tables in memory, with the register beside it, asked as people ask it. */
import { served as servedInspectors } from '../../functions/serve-inspectors/served.ts';
import { served as servedRegister } from '../../functions/serve-register/served.ts';
import { commandAnswer } from '../../shared/data/commit.ts';
import { dynamoDrawStore } from '../../shared/data/draw-store.ts';
import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { dynamoInspectorStore } from '../../shared/data/inspector-store.ts';
import { dynamoItemListStore } from '../../shared/data/item-list-store.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoRegisterStore, eachStop } from '../../shared/data/register-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import type { Role } from '../../shared/domain/caller.ts';
import { personId } from '../../shared/domain/ids.ts';
import type { Owner } from '../../shared/domain/owner.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { apiCall, askAs } from './api-call.ts';
import { memoryTables } from './memory-tables.ts';
import type { Person } from './register-api.ts';
import { county, testIssuer } from './tokens.ts';

export const someone = (id: string, role: Role, owner?: Owner): Person => ({
  id: personId(id),
  role,
  ...(owner !== undefined && { owner }),
});

export async function inspectorsApi() {
  const tables = memoryTables();
  const { rules, tokenOf } = await testIssuer();
  const stores = {
    inspectors: dynamoInspectorStore(county),
    lists: dynamoItemListStore(county),
    register: dynamoRegisterStore(county),
    stops: () => eachStop(county),
    draws: dynamoDrawStore(county),
    tasks: dynamoTaskStore,
  };
  const call = apiCall(
    apiHandler({
      service: 'serve-inspectors',
      environment: {
        COUNTY: county,
        ISSUER: 'https://issuer.test',
        AUDIENCE: 'dual-prevention',
        JWKS_URI: 'https://issuer.test/jwks',
        SIMULATION: 'true',
      },
      answerOf: commandAnswer,
      tokens: rules,
      routes: [
        ...servedInspectors({ county, ...stores }),
        ...servedRegister({ county, register: stores.register, duties: dynamoDutyStore(county), ledger: dynamoLedgerStore }),
      ],
    }),
  );
  const ask = askAs(call, tokenOf);
  return { ask, tables, ...stores };
}

export type InspectorsApi = Awaited<ReturnType<typeof inspectorsApi>>;
