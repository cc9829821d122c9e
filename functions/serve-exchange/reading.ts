/** What was received of an enterprise, and what is missing between it and the register. */
import type { ExchangeStore } from '../../shared/data/exchange-store.ts';
import type { HazardStore } from '../../shared/data/hazard-store.ts';
import type { RegisterStore } from '../../shared/data/register-store.ts';
import { type Instant, plusMs } from '../../shared/domain/calendar.ts';
import type { CreditCode } from '../../shared/domain/credit-code.ts';
import { EXCHANGE_TABLES } from '../../shared/domain/exchange.ts';
import type { Hazard } from '../../shared/domain/hazard.ts';
import { type CountyCode, personId } from '../../shared/domain/ids.ts';
import { enterpriseOwner } from '../../shared/domain/owner.ts';
import { type ExchangeTimes, foundAt } from '../../shared/domain/rebuild-exchange.ts';
import { countingColour, type RiskPoint, riskSubject } from '../../shared/domain/register-risk.ts';
import { countsOf, type Gap, gapsOfReceived, gapsOfRow, registeredOf } from '../../shared/exchange/gaps.ts';
import {
  type OwnRow,
  recordIdsOf,
  rowsOfEnterprise,
  rowsOfHazard,
  rowsOfRisk,
  rowsOfStop,
} from '../../shared/exchange/own-rows.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { type Enterprise, enterpriseFor } from '../../shared/runtime/enterprise-in-sight.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { readGaps, readRows } from './api.ts';

export interface Exchanging {
  readonly county: CountyCode;
  readonly exchange: ExchangeStore;
  readonly register: Pick<RegisterStore, 'owner' | 'listOf' | 'suspensionsOf'>;
  readonly hazards: Pick<HazardStore, 'ofOwner'>;
}

/** A function runs no longer: what was under way then is written, or will not be. So nothing comes before what was read once. */
const SETTLED_MS = 30_000;

export const serveRows =
  ({ county, exchange, register }: Exchanging) =>
  async ({ at, caller, params: { table }, query }: Request<typeof readRows>) => {
    const { uscc: enterprise } = await enterpriseFor(register, county, caller, 'ReadExchange', query.enterprise);
    const { after, limit, cursor } = query;
    const through = plusMs(at, -SETTLED_MS);
    const { rows, ...rest } = await exchange.arrived({ enterprise, table, after, through }, limit, cursor);
    return { items: rows.map(({ receivedAt, row }) => ({ receivedAt, row })), ...rest };
  };

const SYSTEM = personId('system');
/** Here it is only looked what the rows say: they are told with their own times in bundles. */
export const timesNow = (at: Instant, measures: number): ExchangeTimes => ({
  ...{ createdAt: at, createdBy: SYSTEM, changedAt: at, changedBy: SYSTEM },
  measures: Array.from({ length: measures }, () => at),
});

/** The rows of risks; of those that do not count, as deleted. */
export function ownRisks(
  county: CountyCode,
  { uscc: enterprise, list }: Enterprise,
  risks: readonly RiskPoint[],
  at: Instant,
): readonly OwnRow[] {
  const cadences = cadencesOf(county, at);
  return risks.flatMap((risk) => {
    const colour = countingColour(risk, list);
    const { controls, majorInstallation } = risk.content;
    const object = majorInstallation?.registration === undefined ? {} : { object: at };
    const times = { ...timesNow(at, controls.length), ...object };
    return rowsOfRisk({ enterprise, subject: riskSubject(risk), risk, colour, cadence: (of) => cadences[of], times });
  });
}

const riskAt = (risks: readonly RiskPoint[], no: string | undefined): RiskPoint | undefined =>
  risks.find((risk) => risk.no === no);

export const ownStops = async (
  { register }: Exchanging,
  { uscc, owner }: Enterprise,
  risks: readonly RiskPoint[],
): Promise<readonly OwnRow[]> =>
  (await register.suspensionsOf(owner)).flatMap((stop) =>
    rowsOfStop(uscc, stop, (no) => riskAt(risks, no)?.content.majorInstallation?.registration),
  );

/** The cases, and of the checks that found them the names alone: how each was answered stands in the ledger. */
export const ownHazards = async (
  deps: Exchanging,
  { uscc }: Enterprise,
  risks: readonly RiskPoint[],
  at: Instant,
): Promise<{ readonly hazards: readonly OwnRow[]; readonly records: readonly string[] }> => {
  const found = (await hazardsOf(deps, uscc)).map((hazard) => ({ hazard, risk: riskAt(risks, hazard.finding.risk) }));
  return {
    hazards: found.flatMap(({ hazard, risk }) => {
      const place = foundAt(risk);
      return rowsOfHazard(uscc, hazard, { ...timesNow(at, 0), ...(place && { found: place }) });
    }),
    records: found.flatMap(({ hazard, risk }) => recordIdsOf(hazard, risk)),
  };
};

const PER_PAGE = 200;
async function hazardsOf({ hazards }: Exchanging, uscc: CreditCode): Promise<readonly Hazard[]> {
  const found: Hazard[] = [];
  let cursor: string | undefined;
  do {
    const page = await hazards.ofOwner(enterpriseOwner(uscc), PER_PAGE, cursor);
    found.push(...page.items.map(({ hazard }) => hazard));
    ({ cursor } = page);
  } while (cursor !== undefined);
  return found;
}

async function gapsOf(deps: Exchanging, enterprise: Enterprise, at: Instant): Promise<readonly Gap[]> {
  const risks = await deps.register.listOf(enterprise.owner);
  const gaps = [
    ...rowsOfEnterprise(enterprise.uscc, timesNow(at, 0)),
    ...ownRisks(deps.county, enterprise, risks, at),
    ...(await ownHazards(deps, enterprise, risks, at)).hazards,
    ...(await ownStops(deps, enterprise, risks)),
  ].flatMap(gapsOfRow);
  const registered = registeredOf(risks.filter(({ retired }) => retired === undefined).map(({ content }) => content));
  for (const table of EXCHANGE_TABLES) {
    for await (const received of deps.exchange.ofTable(enterprise.uscc, table))
      gaps.push(...gapsOfReceived(received, registered));
  }
  return gaps;
}

/** Table by table, row by row, column by column: the place of the last that was answered. */
const keyOf = ({ table, id, column, code }: Gap): string => `${EXCHANGE_TABLES.indexOf(table)}#${id}#${column}#${code}`;

export const serveGaps =
  (deps: Exchanging) =>
  async ({ at, caller, query: { enterprise, limit, cursor } }: Request<typeof readGaps>) => {
    const found = await enterpriseFor(deps.register, deps.county, caller, 'ReadExchange', enterprise);
    const all = (await gapsOf(deps, found, at)).map((gap) => ({ key: keyOf(gap), gap })).sort((a, b) => (a.key < b.key ? -1 : 1));
    const left = cursor === undefined ? all : all.filter(({ key }) => key > cursor);
    const shown = left.slice(0, limit);
    const last = left.length > limit ? shown.at(-1)?.key : undefined;
    return {
      items: shown.map(({ gap }) => gap),
      counts: [...countsOf(all.map(({ gap }) => gap))],
      ...(last !== undefined && { cursor: last }),
    };
  };
