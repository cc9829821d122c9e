/** Two counties of the exchange: one is played and its rows are read off its events, the other takes them by its API, over tables in memory. */

import * as api from '../../functions/serve-exchange/api.ts';
import type { receiveRows } from '../../functions/serve-exchange/receiving.ts';
import { servedExchange } from '../../functions/serve-exchange/served.ts';
import { dynamoExchangeStore } from '../../shared/data/exchange-store.ts';
import { dynamoHazardStore } from '../../shared/data/hazard-store.ts';
import { type Instant, instant, plusMs } from '../../shared/domain/calendar.ts';
import { EXCHANGE_TABLES, type ExchangeRow, type ExchangeTable } from '../../shared/domain/exchange.ts';
import { commandId } from '../../shared/domain/ids.ts';
import type { RecordedEvent } from '../../shared/domain/ledger-fact.ts';
import { emptySnapshot, foldEvent, type Snapshot } from '../../shared/domain/rebuild.ts';
import { exchangeBefore, exchangedRows, rowsOfCheck } from '../../shared/exchange/bundle-rows.ts';
import type { OwnRow } from '../../shared/exchange/own-rows.ts';
import type { Sendable } from '../../shared/exchange/sending.ts';
import { rebuildRulesOf } from '../../shared/policy/rebuild-rules.ts';
import type { Route, Served } from '../../shared/runtime/route.ts';
import type { MemoryTables } from './memory-tables.ts';
import { COUNTY, eventsIn, PlayedCounty } from './played-county.ts';
import { committee, type Person } from './register-api.ts';

export const rules = rebuildRulesOf(COUNTY);

/** The state of a county bundle by bundle, and the rows of each. */
export class Exchanged {
  readonly snapshot: Snapshot = emptySnapshot(COUNTY);
  private readonly seen = new Set<string>();

  /** The rows of the events that were not in a bundle yet. */
  next(events: readonly RecordedEvent[]): readonly OwnRow[] {
    const before = exchangeBefore(this.snapshot);
    const fresh = events.filter(({ id }) => !this.seen.has(id));
    for (const event of fresh) {
      foldEvent(this.snapshot, event, rules);
      this.seen.add(event.id);
    }
    const changed = [...exchangedRows(this.snapshot, before, rules)];
    return [...changed, ...fresh.flatMap((event) => rowsOfCheck(this.snapshot, event))];
  }
}

/** As the bundle of a day would have them: what is of a person is not in the events. */
export const rowsNow = (county: PlayedCounty, of: Exchanged): readonly OwnRow[] => of.next(eventsIn(county.tables, false));

type Answer = Awaited<ReturnType<ReturnType<typeof receiveRows>>>;
type Item = { readonly receivedAt: Instant; readonly row: ExchangeRow };

export class ReceivingCounty extends PlayedCounty {
  private readonly served: Served[];
  private asked = 0;
  now: Instant = instant('2026-07-01T00:00:00Z');

  constructor(tables?: MemoryTables, exchange = dynamoExchangeStore(COUNTY)) {
    super(tables);
    this.served = servedExchange({ county: COUNTY, exchange, register: this.register, hazards: dynamoHazardStore });
  }

  private async call<T>(route: Route, as: Person, given: { params?: object; query?: object; body?: object }): Promise<T> {
    const found = this.served.find((each) => each.route === route);
    this.now = plusMs(this.now, 60_000);
    return (await found?.run({
      ...{ params: {}, body: {}, ...given, query: { limit: 50, ...given.query } },
      ...{ caller: { ...as, county: COUNTY }, at: this.now, commandId: commandId(`exchange-${++this.asked}`), requestHash: '' },
    } as never)) as T;
  }

  send = (table: ExchangeTable, rows: readonly object[], as: Person = committee, form: object = {}): Promise<Answer> =>
    this.call(api.sendRows, as, { params: { table }, body: { rows, ...form } });

  list = (table: ExchangeTable, query: object, as: Person = committee): Promise<{ items: readonly Item[]; cursor?: string }> =>
    this.call(api.readRows, as, { params: { table }, query });

  gaps = (
    query: object,
    as: Person = committee,
  ): Promise<{
    items: readonly { code: string; table: string; says: string }[];
    counts: readonly { table: string; column: string; code: string; count: number; says: string }[];
  }> => this.call(api.readGaps, as, { query });

  /** Every row that it received of an enterprise. */
  async all(enterprise: string): Promise<readonly Sendable[]> {
    const found: Sendable[] = [];
    for (const table of EXCHANGE_TABLES) {
      let cursor: string | undefined;
      do {
        const page: { items: readonly Item[]; cursor?: string } = await this.list(table, { enterprise, cursor, limit: 7 });
        found.push(...page.items.map(({ row }) => ({ table, row })));
        ({ cursor } = page);
      } while (cursor !== undefined);
    }
    return found;
  }
}
