/**
 * The grid: `{county}#NONE` / `GRID#TOWN:{township}` with its cells, `GRID#DEPT:{department}` with its lines, and `GRID#OF#{target}` for what
 * was assigned or has had a gap. Townships and departments are dozens and targets hundreds, so each kind is one range.
 */
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { any, item, number, string } from 'dynamodb-toolbox/schema';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import {
  type DepartmentGrid,
  departmentGridSubject,
  type GridFact,
  type TownshipGrid,
  townshipGridSubject,
} from '../domain/grid.ts';
import {
  type Grid,
  type GridTargetFact,
  type GridTargetId,
  type GridTargetState,
  gridTargetSubject,
  newTargetState,
} from '../domain/grid-target.ts';
import type { CountyCode, TownshipCode } from '../domain/ids.ts';
import { type Occasion, recordFacts } from '../domain/ledger-event.ts';
import type { Owner } from '../domain/owner.ts';
import { type CommandRecord, commit, type Write } from './commit.ts';
import { partitionOf } from './standings.ts';
import { inspectionsTable } from './tables.ts';

const key = { partition: string().key().savedAs('pk'), subject: string().key().savedAs('sk'), version: number() };

export const TownshipGridEntity = new Entity({
  name: 'GRID-TOWNSHIP', // stored on every item as `_et`; renaming it is a data migration
  table: inspectionsTable,
  schema: item({ ...key, grid: any().castAs<TownshipGrid>() }),
  timestamps: false,
});
export const DepartmentGridEntity = new Entity({
  name: 'GRID-DEPARTMENT',
  table: inspectionsTable,
  schema: item({ ...key, grid: any().castAs<DepartmentGrid>() }),
  timestamps: false,
});
export const GridTargetEntity = new Entity({
  name: 'GRID-TARGET',
  table: inspectionsTable,
  schema: item({ ...key, state: any().castAs<GridTargetState>() }),
  timestamps: false,
});

/** A record as it is stored: `version` is the sequence of its last event, 0 where there is no record yet. */
export interface Versioned<Record> {
  readonly record: Record;
  readonly version: number;
}

/** A decision as it is to be written. The system's own has no command: what it found shows in the record. */
export interface GridChange<Record, Fact> {
  readonly record: Record;
  readonly facts: readonly Fact[];
  readonly ifVersion: number;
  readonly occasion: Occasion;
  readonly command?: CommandRecord;
}

export interface GridStore {
  township(township: TownshipCode): Promise<Versioned<TownshipGrid>>;
  department(department: Owner): Promise<Versioned<DepartmentGrid>>;
  target(target: GridTargetId): Promise<Versioned<GridTargetState>>;
  /** All cells and lines of the county. */
  grid(): Promise<Grid>;
  /** Every target that was assigned or has had a gap. */
  targets(): Promise<ReadonlyMap<GridTargetId, Versioned<GridTargetState>>>;
  /** State, events and command, all or nothing. Reject with `StaleVersion` or `CommandRepeated`. */
  saveTownship(change: GridChange<TownshipGrid, GridFact>): Promise<void>;
  saveDepartment(change: GridChange<DepartmentGrid, GridFact>): Promise<void>;
  saveTarget(change: GridChange<GridTargetState, GridTargetFact>): Promise<void>;
}

const OF_TOWNSHIPS = 'GRID#TOWN:';
const OF_DEPARTMENTS = 'GRID#DEPT:';
const OF_TARGETS = 'GRID#OF#';

type Start = Record<string, unknown> | undefined;

/** Asks until nothing is left. */
async function allOf<Item>(
  ask: (start: Start) => Promise<{ readonly Items?: Item[]; readonly LastEvaluatedKey?: Start }>,
): Promise<Item[]> {
  const found: Item[] = [];
  let start: Start;
  do {
    const { Items, LastEvaluatedKey } = await ask(start);
    found.push(...(Items ?? []));
    start = LastEvaluatedKey;
  } while (start !== undefined);
  return found;
}

const behind = (start: Start) => ({ consistent: true, ...(start !== undefined && { exclusiveStartKey: start }) });

const conditionOf = (version: number) =>
  version === 0 ? ({ attr: 'version', exists: false } as const) : ({ attr: 'version', eq: version } as const);

/** The cells of a township at a version, in the place of the one they were decided on. */
export const townshipWrite = (county: CountyCode, grid: TownshipGrid, version: number, ifVersion: number): Write =>
  TownshipGridEntity.build(PutTransaction)
    .item({ partition: partitionOf(county, 'NONE'), subject: townshipGridSubject(grid.township), version, grid })
    .options({ condition: conditionOf(ifVersion) });

/** The lines of a department, as above. */
export const departmentWrite = (county: CountyCode, grid: DepartmentGrid, version: number, ifVersion: number): Write =>
  DepartmentGridEntity.build(PutTransaction)
    .item({ partition: partitionOf(county, 'NONE'), subject: departmentGridSubject(grid.department), version, grid })
    .options({ condition: conditionOf(ifVersion) });

/** What was assigned, or has had a gap, as above. */
export const targetWrite = (county: CountyCode, state: GridTargetState, version: number, ifVersion: number): Write =>
  GridTargetEntity.build(PutTransaction)
    .item({ partition: partitionOf(county, 'NONE'), subject: gridTargetSubject(state.target), version, state })
    .options({ condition: conditionOf(ifVersion) });

/** Everything is read strongly consistent: what is decided on it is few and seldom. */
export function dynamoGridStore(county: CountyCode): GridStore {
  const partition = partitionOf(county, 'NONE');

  const range = (beginsWith: string) => inspectionsTable.build(QueryCommand).query({ partition, range: { beginsWith } });

  const save = (subject: string, change: GridChange<unknown, GridFact | GridTargetFact>, put: Write): Promise<void> =>
    commit({
      ...(change.command && { command: change.command }),
      events: recordFacts(change.facts, subject, change.ifVersion, 'NONE', change.occasion),
      writes: change.facts.length > 0 ? [put] : [],
    });
  return {
    async township(township) {
      const subject = townshipGridSubject(township);
      const { Item } = await TownshipGridEntity.build(GetItemCommand)
        .key({ partition, subject })
        .options({ consistent: true })
        .send();
      return { record: Item?.grid ?? { township, cells: [] }, version: Item?.version ?? 0 };
    },
    async department(department) {
      const subject = departmentGridSubject(department);
      const { Item } = await DepartmentGridEntity.build(GetItemCommand)
        .key({ partition, subject })
        .options({ consistent: true })
        .send();
      return { record: Item?.grid ?? { department, lines: [] }, version: Item?.version ?? 0 };
    },
    async target(target) {
      const subject = gridTargetSubject(target);
      const { Item } = await GridTargetEntity.build(GetItemCommand)
        .key({ partition, subject })
        .options({ consistent: true })
        .send();
      return { record: Item?.state ?? newTargetState(target), version: Item?.version ?? 0 };
    },
    async grid() {
      const [townships, departments] = await Promise.all([
        allOf((start) => range(OF_TOWNSHIPS).entities(TownshipGridEntity).options(behind(start)).send()),
        allOf((start) => range(OF_DEPARTMENTS).entities(DepartmentGridEntity).options(behind(start)).send()),
      ]);
      const cells = new Map(townships.map(({ grid }) => [grid.township, grid.cells]));
      const lines = new Map(departments.map(({ grid }) => [grid.department, grid.lines]));
      return { cellsOf: (township) => cells.get(township) ?? [], linesOf: (department) => lines.get(department) ?? [] };
    },
    async targets() {
      const found = await allOf((start) => range(OF_TARGETS).entities(GridTargetEntity).options(behind(start)).send());
      return new Map(found.map(({ state, version }) => [state.target, { record: state, version }]));
    },
    saveTownship(change) {
      const { record, facts, ifVersion } = change;
      const subject = townshipGridSubject(record.township);
      return save(subject, change, townshipWrite(county, record, ifVersion + facts.length, ifVersion));
    },
    saveDepartment(change) {
      const { record, facts, ifVersion } = change;
      const subject = departmentGridSubject(record.department);
      return save(subject, change, departmentWrite(county, record, ifVersion + facts.length, ifVersion));
    },
    saveTarget(change) {
      const { record, facts, ifVersion } = change;
      const subject = gridTargetSubject(record.target);
      return save(subject, change, targetWrite(county, record, ifVersion + facts.length, ifVersion));
    },
  };
}
