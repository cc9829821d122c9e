/** Takes rows in, each by itself: one that is wrong, or comes before its parent, keeps only itself out. */
import { occasionOf } from '../../shared/data/asked.ts';
import { StaleVersion } from '../../shared/data/commit.ts';
import type { HeldRow } from '../../shared/data/exchange-store.ts';
import { once } from '../../shared/data/once.ts';
import { mayDo } from '../../shared/domain/access.ts';
import { type CreditCode, creditCode } from '../../shared/domain/credit-code.ts';
import type { ExchangeRow, ExchangeTable, ReceivedRow } from '../../shared/domain/exchange.ts';
import { checkRow, faultAt, type RawRow, type RowFault } from '../../shared/exchange/check-row.ts';
import { type OwnRow, rowsOfEnterprise } from '../../shared/exchange/own-rows.ts';
import { type Outcome, receive } from '../../shared/exchange/receive.ts';
import { childrenOf, isDeleted, type ParentColumn, TABLES } from '../../shared/exchange/tables.ts';
import { type Enterprise, enterpriseFor } from '../../shared/runtime/enterprise-in-sight.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { sendRows } from './api.ts';
import { type Exchanging, ownRisks, timesNow } from './reading.ts';

const TRIES = 4;
type Asked = Request<typeof sendRows>;
/** The rows that the register of an enterprise makes and on which others may hang. */
type OwnOf = (enterprise: Enterprise) => Promise<readonly OwnRow[]>;

interface Answer {
  readonly outcome: Outcome;
  readonly errors: readonly RowFault[];
}

export const receiveRows = (deps: Exchanging) => async (request: Asked) => {
  const { at, body, params } = request;
  const ownOf = once(
    async (enterprise: Enterprise) => [
      ...rowsOfEnterprise(enterprise.uscc, timesNow(at, 0)),
      ...ownRisks(deps.county, enterprise, await deps.register.listOf(enterprise.owner), at),
    ],
    ({ uscc }) => uscc,
  );
  const rows: (Answer & { readonly row: number; readonly id?: string })[] = [];
  for (const [place, raw] of body.rows.entries()) {
    const { id } = raw;
    const { outcome, errors } = await receiveRow(deps, request, params.table, raw, ownOf);
    rows.push({ row: place + 1, ...(typeof id === 'string' && { id: id.slice(0, 40) }), outcome, errors: [...errors] });
  }
  const count = (outcome: Outcome): number => rows.filter((row) => row.outcome === outcome).length;
  return {
    rows: rows.map((row) => ({ ...row, errors: [...row.errors] })),
    ...{ received: count('received'), unchanged: count('unchanged'), stale: count('stale'), refused: count('refused') },
  };
};

const refused = (...errors: readonly RowFault[]): Answer => ({ outcome: 'refused', errors });

async function receiveRow(deps: Exchanging, request: Asked, table: ExchangeTable, raw: RawRow, ownOf: OwnOf): Promise<Answer> {
  const checked = checkRow(table, raw);
  if (!('row' in checked)) return refused(...checked.faults);
  const { row } = checked;
  const enterprise = await inSight(deps, request, creditCode(String(row.creditCode)));
  if (enterprise === undefined) {
    const says = '不是本县登记的企业，或不在您的权限内：请先登记企业，或由该企业、安委办上报';
    return refused(faultAt(table, 'creditCode', ['enterprise-unknown', says]));
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await take(deps, request, table, row, await ownOf(enterprise), enterprise.uscc);
    } catch (error) {
      // It, or its parent, was written meanwhile: it is looked again what stands.
      if (!(error instanceof StaleVersion) || attempt >= TRIES) throw error;
    }
  }
}

async function inSight({ register, county }: Exchanging, { caller }: Asked, uscc: CreditCode): Promise<Enterprise | undefined> {
  // Whoever acts for an enterprise asks for no other.
  if (caller.owner?.startsWith('ENT:') && !mayDo(caller, 'ImportExchange', { county, owner: `ENT:${uscc}` })) return undefined;
  try {
    return await enterpriseFor(register, county, caller, 'ImportExchange', uscc);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return undefined;
    throw error;
  }
}

async function take(
  { exchange }: Exchanging,
  request: Asked,
  table: ExchangeTable,
  row: ExchangeRow,
  own: readonly OwnRow[],
  enterprise: CreditCode,
): Promise<Answer> {
  const id = String(row.id);
  const before = await exchange.load(enterprise, table, id);
  const heldOf = async (of: ExchangeTable): Promise<readonly HeldRow[]> => {
    const found: HeldRow[] = [];
    for await (const held of exchange.ofTable(enterprise, of)) found.push(held);
    return found;
  };
  /** The parent, where it was received; `own` where the register makes it. */
  const parentOf = async (
    { table: of, column, isHistory }: ParentColumn,
    named: string,
  ): Promise<HeldRow | 'own' | undefined> => {
    if (own.some((each) => each.table === of && each.row[column] === named)) return 'own';
    const held =
      column === 'id'
        ? await exchange.load(enterprise, of, named)
        : (await heldOf(of))
            .filter((each) => each.row[column] === named)
            .sort((a, b) => Number(isDeleted(a.row)) - Number(isDeleted(b.row)))[0];
    return held === undefined || (isDeleted(held.row) && isHistory === undefined) ? undefined : held;
  };
  const orphaned: string[] = [];
  const parents = new Map<string, HeldRow>();
  const children: Partial<Record<ExchangeTable, number>> = {};
  if (isDeleted(row)) {
    for (const { table: of, column } of childrenOf(table)) {
      const name = before?.row[column.parent?.column ?? 'id'];
      const left =
        name === undefined
          ? 0
          : (await heldOf(of)).filter(({ row: each }) => !isDeleted(each) && each[column.name] === name).length;
      if (left > 0) children[of] = left;
    }
  } else {
    for (const { name, parent } of TABLES[table].columns) {
      const named = row[name];
      if (parent === undefined || named === undefined) continue;
      const found = await parentOf(parent, String(named));
      if (found === undefined) orphaned.push(name);
      else if (found !== 'own') parents.set(`${found.table}#${found.row.id}`, found);
    }
  }
  const isOwn = own.some((each) => each.table === table && each.row.id === id);
  const { outcome, faults } = receive(table, row, { held: before?.row, isOwn, orphaned, children });
  if (outcome !== 'received') return { outcome, errors: faults };
  const received: ReceivedRow = { enterprise, table, row, receivedAt: request.at };
  await exchange.save({ received, before, parents: [...parents.values()], occasion: occasionOf(request) });
  return { outcome, errors: [] };
}
