import { dynamoDutyStore } from '../../shared/data/duty-store.ts';
import { creditCode } from '../../shared/domain/credit-code.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';

// Nothing answers here: whatever asks the table fails.
const store = dynamoDutyStore(countyCode('533102'));
const page = { owner: enterpriseOwner(creditCode('91350100M000100Y43')), colour: 'ORANGE' } as const;

test('early in a month, before any week of it has ended, nothing of it was sealed, and the table is not asked', async () => {
  expect(await store.exceptionsOf(page, 2947, 2946)).toEqual([]);
  for await (const one of store.eachExceptions('ORANGE', 2947, 2946)) expect(one).toBeUndefined();
});
