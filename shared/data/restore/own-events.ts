/**
 * What a restore records itself, behind what the log has. It is folded into the snapshot, so that the items that are put are those after it. Run
 * again, or where the ledger was not lost, what is recorded there already is what is recorded: the same items come of it, whenever it runs.
 */
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import type { Instant } from '../../domain/calendar.ts';
import type { ExportFact } from '../../domain/export.ts';
import { HistoryBroken } from '../../domain/hazard-evolve.ts';
import { personId } from '../../domain/ids.ts';
import { type Actor, type LedgerEvent, recordFacts } from '../../domain/ledger-event.ts';
import { foldEvent, type Snapshot } from '../../domain/rebuild.ts';
import type { RebuildRules } from '../../domain/rebuild-duties.ts';
import { type SubscriptionFact, subscriptionSubject } from '../../domain/subscription.ts';
import { disableSubscription } from '../../domain/subscription-decide.ts';
import { EventEntity, eventItem, eventKey, type Write } from '../commit.ts';
import { isSameStored } from './put-new.ts';

export interface OwnEvents {
  /** Records it as the next of its subject, of which so many are known. */
  record(subject: string, last: number, fact: ExportFact | SubscriptionFact, actor: Actor): Promise<void>;
  writes(): Iterable<Write>;
}

export function ownEvents(snapshot: Snapshot, rules: RebuildRules, at: Instant): OwnEvents {
  const { county } = snapshot;
  const own: LedgerEvent[] = [];
  return {
    async record(subject, last, fact, actor) {
      for (const made of recordFacts([fact], subject, last, 'NONE', { at, county, actor })) {
        const { Item } = await EventEntity.build(GetItemCommand).key(eventKey(made)).options({ consistent: true }).send();
        const event = { ...made, ...fact, at: Item?.event.at ?? at };
        if (Item !== undefined && !isSameStored(Item.event, event))
          throw new HistoryBroken(`${made.id} stands in the ledger, is not sealed, and is not what the bundles say`);
        foldEvent(snapshot, event, rules);
        own.push(event);
      }
    },
    *writes() {
      for (const event of own) yield EventEntity.build(PutTransaction).item(eventItem(event));
    },
  };
}

const ADDRESS_LOST = '数据恢复后地址和密钥已不存在，请重新填写接收地址（或密钥）后启用。';

/** Where the address of a subscription is lost nothing may be sent there until somebody names it again; what is pulled has none. */
export async function disableChannels({ parts }: Snapshot, own: OwnEvents): Promise<number> {
  let disabled = 0;
  for (const { version, state } of [...parts.subscriptions.values()]) {
    const ruling = disableSubscription(state, ADDRESS_LOST);
    if (state.receiver === undefined || ruling.kind !== 'decided') continue;
    for (const fact of ruling.events) {
      await own.record(subscriptionSubject(state.id), version, fact, { id: personId('system'), role: 'system' });
      disabled += 1;
    }
  }
  return disabled;
}
