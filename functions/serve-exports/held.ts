/** What stands in the tables of a subject of the ledger, as it is now. */
import { dynamoExchangeStore } from '../../shared/data/exchange-store.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { dynamoInspectorStore } from '../../shared/data/inspector-store.ts';
import { dynamoItemListStore } from '../../shared/data/item-list-store.ts';
import { dynamoKeyUnitStore } from '../../shared/data/key-unit-store.ts';
import { dynamoRegisterStore } from '../../shared/data/register-store.ts';
import { dynamoSubscriptionStore } from '../../shared/data/subscription-store.ts';
import { dynamoTaskStore } from '../../shared/data/task-store.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { creditCode } from '../../shared/domain/credit-code.ts';
import {
  type CountyCode,
  department,
  drawPeriod,
  hazardId,
  personId,
  riskNo,
  subscriptionId,
  townshipCode,
} from '../../shared/domain/ids.ts';
import { KEY_LEVELS } from '../../shared/domain/key-unit.ts';
import { isOwner, type Owner } from '../../shared/domain/owner.ts';
import { taskOfSubject } from '../../shared/domain/task.ts';
import { isExchangeTable } from '../../shared/exchange/check-row.ts';

type Held = readonly unknown[];

export function heldNow(county: CountyCode): (subject: string) => Promise<Held> {
  const register = dynamoRegisterStore(county);
  const items = dynamoItemListStore(county);
  const keyUnits = dynamoKeyUnitStore(county);

  const ofOwner = async (owner: Owner): Promise<Held> => [await register.owner(owner), ...(await register.suspensionsOf(owner))];
  const ofRisk = async (uscc: string, no: string): Promise<Held> => {
    const owner = `ENT:${uscc}`;
    return isOwner(owner) ? [await register.risk({ owner, no: riskNo(no) })] : [];
  };
  const ofTask = (subject: string): Promise<Held> =>
    Promise.all(COLOURS.flatMap((colour) => taskOfSubject(subject, colour) ?? []).map((id) => dynamoTaskStore.load(county, id)));

  return async (subject) => {
    const [kind, first = '', second = '', third = ''] = subject.split('#');
    switch (kind) {
      case 'ENT': {
        const owner = `ENT:${first}`;
        return isOwner(owner) ? ofOwner(owner) : [];
      }
      case 'GOV':
        return isOwner(first) ? ofOwner(first) : [];
      case 'RISK':
        return ofRisk(first, second);
      case 'AREA':
        // The owner of an area is part of its record, not of its name: any will do to find it.
        return [await register.risk({ owner: `TOWN:${first}`, no: riskNo(second), township: townshipCode(first) })];
      case 'HAZ':
        return [await dynamoHazardStore.load(county, hazardId(first))];
      case 'TASK':
        return ofTask(subject);
      case 'INSP':
        return [await dynamoInspectorStore(county).load(personId(first))];
      case 'SUB':
        return [await dynamoSubscriptionStore(county).load(subscriptionId(first))];
      case 'ITEMS':
        return [await items.items(department(first))];
      case 'PLAN':
        return [await items.plan(department(first), drawPeriod(second))];
      case 'KEY':
        return Promise.all(KEY_LEVELS.filter((level) => level === first).map((level) => keyUnits.load(level)));
      case 'XCHG':
        return isExchangeTable(second) ? [await dynamoExchangeStore(county).load(creditCode(first), second, third)] : [];
      default:
        return [];
    }
  };
}
