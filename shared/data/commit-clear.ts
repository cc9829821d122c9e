/**
 * Events of before there were commitments hold names and numbers in clear. Before one of them gets its place in the log, which is for ever,
 * commitments take their place in the ledger itself: once, with the salts in the same transaction. Nothing else ever changes an event.
 */
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { isCommitment } from '../domain/commitment.ts';
import { standsInClear } from '../domain/personal-members.ts';
import type { EventPlace } from '../domain/sealing.ts';
import { freshSalt } from '../runtime/chance.ts';
import { commit, EventEntity, eventItem, eventKey, StaleVersion } from './commit.ts';
import { committed, valuesWrite } from './personal-values.ts';

/** So often another runner may be at the same event. */
const MOST_STALE = 5;

/** From then on the event holds nothing of a person in clear. What holds nothing already is left as it is; whoever comes second changes nothing. */
export async function commitClear(place: EventPlace, salt: () => string = freshSalt): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { Item } = await EventEntity.build(GetItemCommand).key(eventKey(place)).options({ consistent: true }).send();
    if (Item === undefined || !standsInClear(Item.event)) return;
    const { event, values } = committed(Item.event, salt, ({ value }) => !isCommitment(value));
    const put = EventEntity.build(PutTransaction)
      .item(eventItem(event))
      .options({ condition: { attr: 'subject', exists: true } });
    try {
      return await commit({ events: [], writes: [put, valuesWrite(eventKey(event), values)] });
    } catch (error) {
      if (!(error instanceof StaleVersion) || attempt >= MOST_STALE) throw error;
    }
  }
}
