/** Rounds of checks as the ledger keeps them: `ROUND#{Idempotency-Key}`, one event for each duty page. */
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import type { LedgerEvent } from '../domain/ledger-event.ts';
import { EventEntity } from './commit.ts';
import { ledgerTable } from './tables.ts';

/** The subject of a round. */
export const roundSubject = (round: string): string => `ROUND#${round}`;

/** The events of a round, strongly consistent; none where it was never recorded. They are fewer than one transaction holds. */
export async function roundEvents(round: string): Promise<readonly LedgerEvent[]> {
  const { Items } = await ledgerTable
    .build(QueryCommand)
    .query({ partition: roundSubject(round) })
    .entities(EventEntity)
    .options({ consistent: true })
    .send();
  return (Items ?? []).map(({ event }) => event);
}
