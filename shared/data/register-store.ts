/**
 * The register: owners, risk points, public areas and approved stops. A risk stands in `{county}#{its colour}` as
 * `RISK#{credit code}#{no}` or `AREA#{township}#{no}`, a stop in `{county}#NONE` as `STOP#{credit code}#{id}`. Every change of a risk
 * writes its owner's record too, guarded by its version, so what was decided on a list is written only if the list still stood so.
 */
import { Entity } from 'dynamodb-toolbox/entity';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import { STANDINGS, type Standing } from '../domain/colour.ts';
import { pageKey } from '../domain/duty-name.ts';
import type { CountyCode, TownshipCode } from '../domain/ids.ts';
import { type Occasion, recordFacts } from '../domain/ledger-event.ts';
import { enterpriseOf, type Owner } from '../domain/owner.ts';
import { type DutyMove, withPagesWritten } from '../domain/register-duties.ts';
import type { RiskChange } from '../domain/register-list.ts';
import { type OwnerFact, ownerStanding, ownerSubject, type RegisterOwner } from '../domain/register-owner.ts';
import { type RiskKey, type RiskPoint, riskSubject, standingOf } from '../domain/register-risk.ts';
import type { Suspension } from '../domain/register-suspension.ts';
import { type CommandRecord, type Commit, commit, sizeOfCommit, type Write } from './commit.ts';
import type { Cursor } from './cursor.ts';
import { pageWrite, type StoredPage } from './duty-store.ts';
import { installationWrites } from './installation-store.ts';
import { eachEnterpriseFrom, loadOwner, ownerWrites } from './owner-store.ts';
import { loadRisk, RiskEntity, riskWrites } from './risk-store.ts';
import { eachFrom, type Listed, partitionOf } from './standings.ts';
import { registerTable } from './tables.ts';

/** A stop has no attribute `owner`, so that the index `byOwner` holds risks alone. */
export const SuspensionEntity = new Entity({
  name: 'STOP',
  table: registerTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    subject: string().key().savedAs('sk'),
    version: number(),
    suspension: any().castAs<Suspension>(),
  }),
  timestamps: false,
});

/** A decision as it is to be written: all of it or nothing. */
export interface RegisterChange {
  readonly before: RegisterOwner | undefined;
  readonly after: RegisterOwner;
  readonly facts: readonly OwnerFact[];
  readonly risks: readonly RiskChange[];
  /** Duty pages as they are from now on, with the versions that they were read at. */
  readonly pages: readonly StoredPage[];
  /** The duties that moved between them. */
  readonly moves?: readonly DutyMove[];
  /** A stop that was approved, or lifted. */
  readonly suspension?: Suspension | undefined;
  readonly occasion: Occasion;
  readonly command: CommandRecord;
}

/** Whose risks a list shows: an enterprise's, those of the areas of a township, or those of all areas or all enterprises. */
export type RiskScope =
  | { readonly owner: Owner }
  | { readonly township: TownshipCode }
  | { readonly areas: 'all' }
  | { readonly enterprises: 'all' };

export interface RegisterStore {
  /** Strongly consistent; `undefined` where the county has no such owner. */
  owner(owner: Owner): Promise<RegisterOwner | undefined>;
  /** Strongly consistent. */
  risk(key: RiskKey): Promise<RiskPoint | undefined>;
  /** Of these risks of one owner those that there are, by subject. Strongly consistent. */
  risksAt(keys: readonly RiskKey[]): Promise<ReadonlyMap<string, RiskPoint>>;
  /** All risks of an owner, retired ones too. Strongly consistent: what a signature is decided on. */
  listOf(owner: Owner): Promise<readonly RiskPoint[]>;
  /** The same for readers: follows the writes within about a second. */
  risksOf(owner: Owner): Promise<readonly RiskPoint[]>;
  /** The stops of an enterprise, by id. Strongly consistent. */
  suspensionsOf(owner: Owner): Promise<readonly Suspension[]>;
  /** Every enterprise of the county. */
  eachEnterprise(): AsyncIterable<RegisterOwner>;
  /** Enterprises by their overall grade, from behind a cursor on. */
  eachEnterpriseFrom(standings: readonly Standing[], cursor?: Cursor): AsyncIterable<Listed<RegisterOwner>>;
  /** Risks by their colour, then by number, from behind a cursor on. */
  eachRiskFrom(scope: RiskScope, standings: readonly Standing[], cursor?: Cursor): AsyncIterable<Listed<RiskPoint>>;
  /** Rejects with `StaleVersion` when somebody wrote one of the records since, and with `CommandRepeated`. */
  save(change: RegisterChange): Promise<void>;
}

const stopPrefix = (owner: Owner): string => `STOP#${enterpriseOf(owner) ?? owner}#`;

/** A stop that was approved, or lifted. */
export function suspensionWrite(county: CountyCode, owner: Owner, suspension: Suspension): Write {
  const isLifted = suspension.lifted !== undefined;
  return SuspensionEntity.build(PutTransaction)
    .item({
      partition: partitionOf(county, 'NONE'),
      subject: `${stopPrefix(owner)}${suspension.id}`,
      version: isLifted ? 2 : 1,
      suspension,
    })
    .options({ condition: isLifted ? { attr: 'version', eq: 1 } : { attr: 'version', exists: false } });
}

/** The transaction of a change. Its risks' events stand under the colour that they have from now on, the owner's under its own. */
export function changeCommit(county: CountyCode, change: RegisterChange): Commit {
  const { before, after, facts, risks, pages, moves = [], suspension, occasion, command } = change;
  const written = pages.map(({ page, version }) => ({ key: pageKey(page), version: version + 1 }));
  const withPages = (fact: OwnerFact): OwnerFact => withPagesWritten(fact, written, moves);
  return {
    command,
    events: [
      ...recordFacts(facts.map(withPages), ownerSubject(after.owner), before?.version ?? 0, ownerStanding(after), occasion),
      ...risks.flatMap((risk) =>
        recordFacts(risk.facts, riskSubject(risk.after), risk.before?.version ?? 0, standingOf(risk.after), occasion),
      ),
    ],
    writes: [
      ...(facts.length > 0 ? ownerWrites(county, before, after) : []),
      ...risks.flatMap((risk) => [...riskWrites(county, risk), ...installationWrites(county, risk)]),
      ...pages.map(({ page, version }) => pageWrite(county, page, version)),
      ...(suspension === undefined ? [] : [suspensionWrite(county, after.owner, suspension)]),
    ],
  };
}

/** How many items of a transaction the change takes. */
export const sizeOfChange = (county: CountyCode, change: RegisterChange): number => sizeOfCommit(changeCommit(county, change));

type Range = { readonly beginsWith: string } | { readonly between: [string, string] };

async function slice(partition: string, range: Range, after: string | undefined, limit?: number) {
  const { Items, LastEvaluatedKey } = await registerTable
    .build(QueryCommand)
    .query({ partition, range })
    .entities(RiskEntity)
    .options({
      consistent: true,
      ...(limit !== undefined && { limit }),
      ...(after !== undefined && { exclusiveStartKey: { pk: partition, sk: after } }),
    })
    .send();
  return {
    items: (Items ?? []).map(({ subject, risk }) => ({ key: subject, item: risk })),
    hasMore: LastEvaluatedKey !== undefined,
  };
}

/** All risks in a range of subjects, whatever their colour. One that is moved meanwhile may be met twice: the newer one counts. */
async function risksIn(county: CountyCode, range: Range): Promise<RiskPoint[]> {
  const found = new Map<string, RiskPoint>();
  const read = async (standing: Standing): Promise<void> => {
    const all = eachFrom(county, [standing], '', (partition, after) => slice(partition, range, after), undefined);
    for await (const { item: risk } of all) {
      const known = found.get(riskSubject(risk));
      if (known === undefined || known.version < risk.version) found.set(riskSubject(risk), risk);
    }
  };
  await Promise.all(STANDINGS.map(read));
  return [...found.values()];
}

/** A township's own areas lie in it; a department's lie anywhere. */
const subjectsOf = (owner: Owner): string => {
  const uscc = enterpriseOf(owner);
  if (uscc !== undefined) return `RISK#${uscc}#`;
  return owner.startsWith('TOWN:') ? `AREA#${owner.slice('TOWN:'.length)}#` : 'AREA#';
};

function prefixOf(scope: RiskScope): string {
  if ('owner' in scope) return subjectsOf(scope.owner);
  if ('enterprises' in scope) return 'RISK#';
  return 'township' in scope ? `AREA#${scope.township}#` : 'AREA#';
}

const byNo = (a: RiskPoint, b: RiskPoint): number => (riskSubject(a) < riskSubject(b) ? -1 : 1);
const PER_REQUEST = 200;

const STOPS = 'STOP#';

/** Every stop of the county with whose it is, whether it runs or not: one range, for who has to know of all enterprises. */
export async function* eachStop(county: CountyCode): AsyncGenerator<{ readonly uscc: string; readonly suspension: Suspension }> {
  const all = eachFrom(
    county,
    ['NONE'],
    STOPS,
    async (partition, after) => {
      const { Items, LastEvaluatedKey } = await registerTable
        .build(QueryCommand)
        .query({ partition, range: { beginsWith: STOPS } })
        .entities(SuspensionEntity)
        .options({
          consistent: true,
          limit: PER_REQUEST,
          ...(after !== undefined && { exclusiveStartKey: { pk: partition, sk: after } }),
        })
        .send();
      return {
        items: (Items ?? []).map(({ subject, suspension }) => ({ key: subject, item: { subject, suspension } })),
        hasMore: LastEvaluatedKey !== undefined,
      };
    },
    undefined,
  );
  for await (const { item } of all) yield { uscc: item.subject.split('#')[1] ?? '', suspension: item.suspension };
}

export const dynamoRegisterStore = (county: CountyCode): RegisterStore => ({
  owner: (owner) => loadOwner(county, owner),
  risk: (key) => loadRisk(county, key),
  /** Rows of a list follow one another, so one range holds them and little else. */
  async risksAt(keys) {
    const wanted = new Set(keys.map(riskSubject));
    const sorted = [...wanted].sort();
    const [first, last] = [sorted[0], sorted.at(-1)];
    if (first === undefined || last === undefined) return new Map();
    const found = await risksIn(county, { between: [first, last] });
    return new Map(found.flatMap((risk) => (wanted.has(riskSubject(risk)) ? [[riskSubject(risk), risk]] : [])));
  },
  async listOf(owner) {
    const found = await risksIn(county, { beginsWith: subjectsOf(owner) });
    return found.filter((risk) => risk.owner === owner).sort(byNo);
  },
  async risksOf(owner) {
    const found: RiskPoint[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const { Items, LastEvaluatedKey } = await registerTable
        .build(QueryCommand)
        .query({ index: 'byOwner', partition: owner, range: { beginsWith: subjectsOf(owner) } })
        .entities(RiskEntity)
        .options(start === undefined ? {} : { exclusiveStartKey: start })
        .send();
      found.push(...(Items ?? []).map(({ risk }) => risk));
      start = LastEvaluatedKey;
    } while (start !== undefined);
    return found.sort(byNo);
  },
  async suspensionsOf(owner) {
    const found: Suspension[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const { Items, LastEvaluatedKey } = await registerTable
        .build(QueryCommand)
        .query({ partition: partitionOf(county, 'NONE'), range: { beginsWith: stopPrefix(owner) } })
        .entities(SuspensionEntity)
        .options({ consistent: true, ...(start !== undefined && { exclusiveStartKey: start }) })
        .send();
      found.push(...(Items ?? []).map(({ suspension }) => suspension));
      start = LastEvaluatedKey;
    } while (start !== undefined);
    return found;
  },
  async *eachEnterprise() {
    for await (const { item: record } of eachEnterpriseFrom(county, STANDINGS)) yield record;
  },
  eachEnterpriseFrom: (standings, cursor) => eachEnterpriseFrom(county, standings, cursor),
  eachRiskFrom: (scope, standings, cursor) =>
    eachFrom(
      county,
      standings,
      prefixOf(scope),
      (partition, after) => slice(partition, { beginsWith: prefixOf(scope) }, after, PER_REQUEST),
      cursor,
    ),
  save: (change) => commit(changeCommit(county, change)),
});
