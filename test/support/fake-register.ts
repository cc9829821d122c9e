import {
  type AskedAgain,
  type CommandRecord,
  CommandRepeated,
  StaleVersion,
  sizeOfCommit,
  TRANSACTION_LIMIT,
} from '../../shared/data/commit.ts';
import { changeCommit, type RegisterStore, type RiskScope } from '../../shared/data/register-store.ts';
import { eachFrom, type Slice } from '../../shared/data/standings.ts';
import type { CountyCode } from '../../shared/domain/ids.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { enterpriseOf, type Owner } from '../../shared/domain/owner.ts';
import { ownerStanding, ownerSubject, type RegisterOwner } from '../../shared/domain/register-owner.ts';
import { type RiskPoint, riskSubject, standingOf } from '../../shared/domain/register-risk.ts';
import type { Suspension } from '../../shared/domain/register-suspension.ts';
import type { CarriedOut } from '../../shared/runtime/route.ts';
import { fakeDuties } from './duties.ts';

/** The register's table in memory, with the duty pages and the ledger beside it: conditions and transactions as the service has them. */
export function fakeRegister(county: CountyCode) {
  const duties = fakeDuties();
  const owners = new Map<string, RegisterOwner>();
  const risks = new Map<string, RiskPoint>();
  const suspensions = new Map<string, Suspension>();
  const commands = new Map<string, CommandRecord>();
  let transactions = 0;

  /** What the table would give back: members that are `undefined` are not stored. */
  const stored = <Record>(record: Record): Record => JSON.parse(JSON.stringify(record));
  const ofPartition = <Item>(items: Iterable<[string, Item]>, isIn: (key: string, item: Item) => boolean): Slice<Item> => ({
    items: [...items]
      .filter(([key, item]) => isIn(key, item))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => ({ key, item })),
    hasMore: false,
  });
  const isBehind = (key: string, after: string | undefined): boolean => after === undefined || key > after;
  const isOf = (scope: RiskScope, risk: RiskPoint): boolean =>
    'owner' in scope
      ? risk.owner === scope.owner
      : 'enterprises' in scope
        ? risk.township === undefined
        : risk.township !== undefined && ('areas' in scope || risk.township === scope.township);
  const listOf = async (owner: Owner): Promise<RiskPoint[]> =>
    [...risks.values()].filter((risk) => risk.owner === owner).sort((a, b) => (riskSubject(a) < riskSubject(b) ? -1 : 1));

  const register: RegisterStore = {
    owner: async (owner) => owners.get(ownerSubject(owner)),
    risk: async (key) => risks.get(riskSubject(key)),
    risksAt: async (keys) =>
      new Map(
        keys.flatMap((key) => {
          const risk = risks.get(riskSubject(key));
          return risk === undefined ? [] : [[riskSubject(key), risk]];
        }),
      ),
    listOf,
    risksOf: listOf,
    suspensionsOf: async (owner) =>
      [...suspensions].flatMap(([key, suspension]) => (key.startsWith(`${owner} `) ? [suspension] : [])),
    async *eachEnterprise() {
      yield* [...owners.values()].filter(({ owner }) => enterpriseOf(owner) !== undefined);
    },
    eachEnterpriseFrom: (standings, cursor) =>
      eachFrom(
        county,
        standings,
        'ENT#',
        async (partition, after) =>
          ofPartition(
            owners,
            (key, owner) => partition === `${county}#${ownerStanding(owner)}` && key.startsWith('ENT#') && isBehind(key, after),
          ),
        cursor,
      ),
    eachRiskFrom: (scope, standings, cursor) =>
      eachFrom(
        county,
        standings,
        'owner' in scope ? `RISK#${enterpriseOf(scope.owner)}#` : 'enterprises' in scope ? 'RISK#' : 'AREA#',
        async (partition, after) =>
          ofPartition(
            risks,
            (key, risk) => partition === `${county}#${standingOf(risk)}` && isOf(scope, risk) && isBehind(key, after),
          ),
        cursor,
      ),
    async save(change) {
      const { before, after, risks: changed, pages, suspension, command } = change;
      const { events, writes } = changeCommit(county, change);
      if (sizeOfCommit({ events, writes, command }) > TRANSACTION_LIMIT) throw new RangeError('too many items');
      const name = `${command.by} ${command.id}`;
      if (commands.has(name)) throw new CommandRepeated(command.id);
      const isStale =
        (owners.get(ownerSubject(after.owner))?.version ?? 0) !== (before?.version ?? 0) ||
        changed.some((risk) => (risks.get(riskSubject(risk.after))?.version ?? 0) !== (risk.before?.version ?? 0));
      if (isStale) throw new StaleVersion('somebody else wrote');
      await duties.save({
        pages: pages.map(({ page, version }) => ({ page, ifVersion: version })),
        exceptions: [],
        events: events.map(stored),
      });
      commands.set(name, stored(command));
      transactions += 1;
      if (change.facts.length > 0) owners.set(ownerSubject(after.owner), stored(after));
      for (const risk of changed) risks.set(riskSubject(risk.after), stored(risk.after));
      if (suspension !== undefined) suspensions.set(`${after.owner} ${suspension.id}`, stored(suspension));
    },
  };

  return {
    register,
    duties,
    answerOf: async ({ caller, commandId, requestHash }: AskedAgain): Promise<CarriedOut | undefined> => {
      const before = commands.get(`${caller.id} ${commandId}`);
      return before && { isSame: before.requestHash === requestHash, answer: before.answer };
    },
    /** The ledger by subject, as its store answers it. */
    ledger: {
      ofSubject: async (subject: string, limit: number, cursor = '0') => {
        const of = duties.ledger.filter((event) => event.subject === subject);
        const from = Number(cursor);
        return {
          events: of.slice(from, from + limit),
          ...(from + limit < of.length && { cursor: String(from + limit) }),
        };
      },
    },
    events: (): readonly LedgerEvent[] => duties.ledger,
    owners: () => [...owners.values()],
    risks: () => [...risks.values()],
    transactions: () => transactions,
  };
}
