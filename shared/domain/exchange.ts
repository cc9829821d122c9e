/**
 * The provincial exchange tables (交换表) as the county's record has them: rows that a platform or another county sent are kept verbatim. What
 * the tables are is said in `shared/exchange`; here only what the ledger needs to know of them.
 */
import type { Instant } from './calendar.ts';
import type { CreditCode } from './credit-code.ts';

/** In the order in which a parent comes before its children. */
export const EXCHANGE_TABLES = ['object', 'unit', 'event', 'measure', 'task', 'record', 'hazard', 'stop'] as const;
export type ExchangeTable = (typeof EXCHANGE_TABLES)[number];

/** By column; a column that says nothing is not there. */
export type ExchangeRow = Readonly<Record<string, string | number>>;

/** Whatever names a person, or the telephone that he is reached by. */
export const PERSONAL_COLUMNS = [
  ...(['createBy', 'updateBy', 'hazardLiablePerson', 'mobileMe'] as const),
  ...(['registrant', 'liablePerson', 'checkAcceptPerson'] as const),
] as const;

/** A row as somebody sent it last. */
export interface ReceivedRow {
  readonly enterprise: CreditCode;
  readonly table: ExchangeTable;
  readonly row: ExchangeRow;
  readonly receivedAt: Instant;
}

export type ExchangeFact = {
  readonly type: 'ExchangeRowReceived';
  readonly data: Omit<ReceivedRow, 'receivedAt'>;
};

/** A row is named by its id within its enterprise and table: nobody else's id can be in the way. */
export const exchangeSubject = (enterprise: CreditCode, table: ExchangeTable, id: string): string =>
  `XCHG#${enterprise}#${table}#${id}`;
