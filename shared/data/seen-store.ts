/** What of looking at exports is recorded: the first of a day, person and thing. */
import { type Occasion, recordFacts } from '../domain/ledger-event.ts';
import { type SeenFact, seenSubject } from '../domain/seen.ts';
import { commit, StaleVersion } from './commit.ts';
import { dynamoLedgerStore } from './ledger-store.ts';

export type RecordSeen = (fact: SeenFact, occasion: Occasion) => Promise<void>;

/** Of two at once one is refused: then it is looked whether it stands there. */
const TRIES = 5;

/** Comes back once it stands on the ledger. */
export const recordSeen: RecordSeen = async (fact, occasion) => {
  const subject = seenSubject(fact, occasion);
  for (let attempt = 1; (await dynamoLedgerStore.at({ subject, sequence: 1 })) === undefined; attempt++) {
    try {
      return await commit({ events: recordFacts([fact], subject, 0, 'NONE', occasion), writes: [] });
    } catch (error) {
      if (!(error instanceof StaleVersion) || attempt >= TRIES) throw error;
    }
  }
};
