/** The API of channels over tables in memory, asked as people ask it. */
import { served } from '../../functions/serve-channels/served.ts';
import { openAddress, sealAddress, sealAnother } from '../../shared/data/channel-secret.ts';
import { commandAnswer } from '../../shared/data/commit.ts';
import { dynamoDeliveryStore } from '../../shared/data/delivery-store.ts';
import { dynamoReceiverStore } from '../../shared/data/receiver-store.ts';
import { dynamoSubscriptionStore } from '../../shared/data/subscription-store.ts';
import { type Instant, instant } from '../../shared/domain/calendar.ts';
import { type ReceiverId, type SubscriptionId, townshipCode } from '../../shared/domain/ids.ts';
import type { Owner } from '../../shared/domain/owner.ts';
import { newOwner, type RegisterOwner } from '../../shared/domain/register-owner.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { apiCall, askAs } from './api-call.ts';
import { memoryTables } from './memory-tables.ts';
import { county, testIssuer } from './tokens.ts';

const KEY = 'channels';
const ENTERPRISE: NonNullable<RegisterOwner['enterprise']> = {
  ...{ name: '合成样例厂', township: townshipCode('533102001'), industry: 'chemicals', supervisor: 'DEPT:YJJ', contacts: [] },
  workshops: ['一车间', '二车间'].map((name) => ({ name, teams: [] })),
};
/** `registered`: the enterprises that the register has. */
export async function channelsApi(registered: readonly Owner[], allowsLoopback = false) {
  const tables = memoryTables();
  const { rules, tokenOf } = await testIssuer();
  const stores = {
    subscriptions: dynamoSubscriptionStore(county),
    deliveries: dynamoDeliveryStore(county),
    receivers: dynamoReceiverStore(county),
  };
  const woken: ReceiverId[] = [];
  const call = apiCall(
    apiHandler({
      service: 'serve-channels',
      environment: {
        COUNTY: county,
        ISSUER: 'https://issuer.test',
        AUDIENCE: 'dual-prevention',
        JWKS_URI: 'https://issuer.test/jwks',
        SIMULATION: 'true',
      },
      answerOf: commandAnswer,
      tokens: rules,
      routes: served({
        county,
        ...stores,
        owner: async (owner) => (registered.includes(owner) ? { ...newOwner(owner), enterprise: ENTERPRISE } : undefined),
        seal: sealAddress(KEY),
        sealAnother: sealAnother(KEY),
        wake: async (receiver) => void woken.push(receiver),
        allowsLoopback,
      }),
    }),
  );
  const ask = askAs(call, tokenOf);
  /** What the sender would read. */
  const opened = async (id: SubscriptionId) => {
    const sealed = await stores.receivers.sealedAddress(id);
    return sealed === undefined ? undefined : openAddress(KEY)(sealed, id);
  };
  return { ask, tables, woken, opened, county, ...stores };
}

export const at = (text: string): Instant => instant(`${text.replace(' ', 'T')}:00+08:00`);
