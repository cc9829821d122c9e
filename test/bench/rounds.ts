/** Request units of a round of checks, from reading what is due to the relay of what was recorded. */
import { instant } from '../../shared/domain/calendar.ts';
import type { Caller } from '../../shared/domain/caller.ts';
import { commandId, personId } from '../../shared/domain/ids.ts';
import { county } from '../support/tokens.ts';
import { ownerNumber } from './county.ts';
import { sumUnits, type Units } from './meter.ts';
import { PRICES, ROUND_POINTS } from './prices.ts';
import { registered } from './register.ts';
import type { Stand } from './stand.ts';
import { printTable } from './table.ts';

const SIZES = [1, ROUND_POINTS, 100];
const at = instant('2026-06-17T08:00:00+08:00');

/** What a round and all that follows from it take. */
export interface RoundCosts {
  readonly submitted: Units;
  readonly read: Units;
  readonly relayed: Units;
  readonly events: number;
  readonly ledgerBytes: number;
  /** What a registered point takes in the register, its page's share included. */
  readonly registerBytes: number;
}

export async function benchRounds({ ask, relay, meter }: Stand): Promise<RoundCosts> {
  let ordinaryRound: RoundCosts | undefined;
  const rows: (string | number)[][] = [];
  for (const [index, points] of SIZES.entries()) {
    const owner = ownerNumber(900_000 + index);
    const empty = meter.stored('Register');
    const nos = await registered(owner, points, at);
    const registerBytes = (meter.stored('Register') - empty) / Math.max(points, ROUND_POINTS);
    const caller: Caller = { id: personId('bench'), role: 'post-holder', county, owner };
    await ask('read duties', 'serve-checks', 'GET /v1/duties', { caller, at });
    const read = meter.take('read duties');
    meter.putInto('Ledger');
    const before = meter.stored('Ledger');
    await ask('round', 'submit-round', 'POST /v1/check-rounds', {
      caller,
      at,
      id: commandId(`bench-round-${points}`),
      body: { checkedAt: at, device: 'bench', items: nos.map((riskNo) => ({ riskNo, result: 'normal', answers: 'yyyy' })) },
    });
    const submitted = meter.take('round');
    const ledgerBytes = meter.stored('Ledger') - before;
    const { events } = await relay('relay of a round');
    const relayed = meter.take('relay of a round');
    const costs = { submitted, read, relayed, events, ledgerBytes, registerBytes };
    if (points === ROUND_POINTS) ordinaryRound = costs;
    const { write, reported, read: ruled } = submitted;
    const dollars = (write * PRICES.writeUnit + ruled * PRICES.readUnit) / points;
    rows.push([points, write, ruled, reported, submitted.requests, write / points, dollars * 1e6, sumUnits(read, relayed).read]);
  }
  printTable(
    'A round of checks of one colour, through the function that takes it: request units of DynamoDB, indexes included',
    ['points', 'WRU', 'RRU', 'RRU reported', 'calls', 'WRU a check', '$ a million checks', 'RRU before and after it'],
    rows,
  );
  if (ordinaryRound === undefined) throw new Error('no ordinary round');
  return ordinaryRound;
}
