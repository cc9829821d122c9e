/** Takes rows in, each by itself: one that is wrong, or comes before its parent, keeps only itself out. */
import { occasionOf } from '../../shared/data/asked.ts';
import { StaleVersion } from '../../shared/data/commit.ts';
import type { HeldRow } from '../../shared/data/exchange-store.ts';
import { once } from '../../shared/data/once.ts';
import { mayDo } from '../../shared/domain/access.ts';
import { type CreditCode, creditCode } from '../../shared/domain/credit-code.ts';
import type { ExchangeRow, ExchangeTable, ReceivedRow } from '../../shared/domain/exchange.ts';
import { riskSubject } from '../../shared/domain/register-risk.ts';
import { type CheckedRow, checkRow, faultAt, type RawRow, type RowFault } from '../../shared/exchange/check-row.ts';
import { type OwnRow, ownCheckOf, rowsOfEnterprise } from '../../shared/exchange/own-rows.ts';
import { fromPlatform, nameOn, PROFILES } from '../../shared/exchange/profile.ts';
import { isTooLate, type Outcome, ownRowFault, receive, tooLateFault } from '../../shared/exchange/receive.ts';
import { childrenOf, isDeleted, type ParentColumn, TABLES } from '../../shared/exchange/tables.ts';
import { type Enterprise, enterpriseFor } from '../../shared/runtime/enterprise-in-sight.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { sendRows } from './api.ts';
import { type Exchanging, ownHazards, ownRisks, ownStops, timesNow } from './reading.ts';

const TRIES = 4;
type Asked = Request<typeof sendRows>;
/** What the county itself makes of an enterprise, and the names of its checks' rows that others may hang on. */
interface Own {
  readonly rows: readonly OwnRow[];
  readonly records: readonly string[];
  /** Which column of a check's row says that it is one of ours. */
  readonly checkOf: ReturnType<typeof ownCheckOf>;
}

interface Answer {
  readonly outcome: Outcome;
  readonly errors: readonly RowFault[];
}

/** A row that is one of the table, of an enterprise in sight. `before`: as it was held before anything that hangs on it was looked up. */
interface Sound {
  readonly row: ExchangeRow;
  readonly enterprise: Enterprise;
  readonly before: HeldRow | undefined;
}

/** Cases and stops are read only where a row may be one of them, or hang on one. */
async function ownOf(deps: Exchanging, { at, params: { table } }: Asked, enterprise: Enterprise): Promise<Own> {
  const risks = await deps.register.listOf(enterprise.owner);
  const { hazards, records } = table === 'hazard' ? await ownHazards(deps, enterprise, risks, at) : { hazards: [], records: [] };
  const stops = table === 'stop' ? await ownStops(deps, enterprise, risks) : [];
  const own = [...rowsOfEnterprise(enterprise.uscc, timesNow(at, 0)), ...ownRisks(deps.county, enterprise, risks, at)];
  const checkOf = ownCheckOf(table === 'record' ? risks.map(riskSubject) : []);
  return { rows: [...own, ...hazards, ...stops], records, checkOf };
}

/** What one request looks up, once: of a table the living rows, as each deletion asks for all that hang on it. */
const lookOf = (deps: Exchanging, request: Asked) => ({
  ownOf: once(
    (enterprise: Enterprise) => ownOf(deps, request, enterprise),
    ({ uscc }) => uscc,
  ),
  living: once(
    async ({ enterprise, table }: Pick<ReceivedRow, 'enterprise' | 'table'>) => {
      const found: HeldRow[] = [];
      for await (const held of deps.exchange.ofTable(enterprise, table)) if (!isDeleted(held.row)) found.push(held);
      return found;
    },
    ({ enterprise, table }) => `${enterprise} ${table}`,
  ),
});
type Look = ReturnType<typeof lookOf>;

export const receiveRows = (deps: Exchanging) => async (request: Asked) => {
  const { profile, rows: raws } = request.body;
  const look = lookOf(deps, request);
  const sounds: (Sound | Answer)[] = [];
  for (const raw of raws) sounds.push(await soundOf(deps, request, raw));
  const rows: (Answer & { readonly row: number; readonly id?: string })[] = [];
  for (const [place, sound] of sounds.entries()) {
    const { outcome, errors } = 'outcome' in sound ? sound : await receiveRow(deps, request, sound, look);
    // A column that there is not keeps the name that it came with.
    const named = errors.map((error) =>
      profile === undefined || error.code === 'unknown-column'
        ? error
        : { ...error, column: nameOn(PROFILES[profile], error.column) },
    );
    const id = raws[place]?.id;
    rows.push({ row: place + 1, ...(typeof id === 'string' && { id: id.slice(0, 40) }), outcome, errors: named });
  }
  const count = (outcome: Outcome): number => rows.filter((row) => row.outcome === outcome).length;
  return {
    rows: rows.map((row) => ({ ...row, errors: [...row.errors] })),
    ...{ received: count('received'), unchanged: count('unchanged'), stale: count('stale'), refused: count('refused') },
  };
};

const refused = (...errors: readonly RowFault[]): Answer => ({ outcome: 'refused', errors });

/** The row as the core has it. */
function coreRow(raw: RawRow, { params: { table }, body: { profile, codes = {} } }: Asked): CheckedRow {
  if (profile === undefined) return checkRow(table, raw);
  const core = fromPlatform(table, raw, PROFILES[profile], codes);
  return 'row' in core ? checkRow(table, core.row) : core;
}

async function soundOf(deps: Exchanging, request: Asked, raw: RawRow): Promise<Sound | Answer> {
  const { table } = request.params;
  const checked = coreRow(raw, request);
  if (!('row' in checked)) return refused(...checked.faults);
  const { row } = checked;
  if (isTooLate(row, request.at)) return refused(tooLateFault(table));
  const enterprise = await inSight(deps, request, creditCode(String(row.creditCode)));
  if (enterprise === undefined) {
    const says = '不是本县登记的企业，或不在您的权限内：请先登记企业，或由该企业、安委办上报';
    return refused(faultAt(table, 'creditCode', ['enterprise-unknown', says]));
  }
  return { row, enterprise, before: await deps.exchange.load(enterprise.uscc, table, String(row.id)) };
}

async function receiveRow(deps: Exchanging, request: Asked, sound: Sound, look: Look): Promise<Answer> {
  try {
    return await take(deps, request, sound, look);
  } catch (error) {
    if (!(error instanceof StaleVersion)) throw error;
  }
  for (let attempt = 2; ; attempt++) {
    try {
      // It, or its parent, was written meanwhile: all of it is looked up again.
      const { row, enterprise } = sound;
      const before = await deps.exchange.load(enterprise.uscc, request.params.table, String(row.id));
      return await take(deps, request, { row, enterprise, before }, lookOf(deps, request));
    } catch (error) {
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
  { row, enterprise: of, before }: Sound,
  { ownOf: ownOfEnterprise, living }: Look,
): Promise<Answer> {
  const { table } = request.params;
  const [id, enterprise] = [String(row.id), of.uscc];
  const { rows: own, records, checkOf } = await ownOfEnterprise(of);
  // How a check of ours was answered stands in the ledger alone: nobody answers it anew, nor under another name.
  const ownCheck = checkOf(row);
  if (ownCheck !== undefined) return refused(ownRowFault(table, ownCheck));
  /** The parent, where it was received; `own` where the county makes it. */
  const parentOf = async (
    { table: at, column, isHistory }: ParentColumn,
    named: string,
  ): Promise<HeldRow | 'own' | undefined> => {
    const isIt = ({ table: its, row: each }: Pick<OwnRow, 'table' | 'row'>): boolean =>
      its === at && each[column] === named && (isHistory || !isDeleted(each));
    if (own.some(isIt) || (at === 'record' && records.includes(named))) return 'own';
    if (column === 'id') return [await exchange.load(enterprise, at, named)].find((held) => held !== undefined && isIt(held));
    const found: HeldRow[] = [];
    for await (const held of exchange.ofTable(enterprise, at)) if (isIt(held)) found.push(held);
    return found.find((held) => !isDeleted(held.row)) ?? found[0];
  };
  const orphaned: string[] = [];
  const parents = new Map<string, HeldRow>();
  const children: Partial<Record<ExchangeTable, number>> = {};
  if (isDeleted(row)) {
    for (const { table: below, column } of childrenOf(table)) {
      const by = column.parent?.column ?? 'id';
      const name = before?.row[by];
      if (name === undefined) continue;
      const left = (await living({ enterprise, table: below })).filter(({ row: each }) => each[column.name] === name).length;
      if (left === 0) continue;
      const isNamed = ({ row: each }: Pick<OwnRow, 'row'>): boolean => each[by] === name && each.id !== id && !isDeleted(each);
      // Several objects may have one code: what hangs on it then hangs on another, which is written with this one so that both do not go at once.
      if (own.some((each) => each.table === table && isNamed(each))) continue;
      const other = by === 'id' ? undefined : (await living({ enterprise, table })).find(isNamed);
      if (other === undefined) children[below] = left;
      else parents.set(`${other.table}#${other.row.id}`, other);
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
  const made = own.find((each) => each.table === table && each.row.id === id)?.row;
  const { outcome, faults } = receive(table, row, { held: before?.row, own: made, orphaned, children });
  if (outcome !== 'received') return { outcome, errors: faults };
  const received: ReceivedRow = { enterprise, table, row, receivedAt: request.at };
  await exchange.save({ received, before, parents: [...parents.values()], occasion: occasionOf(request) });
  return { outcome, errors: [] };
}
