/**
 * Duty pages, their exceptions and the cursors of closing: `{county}#{colour}` / `DUTY#{owner}[#{workshop}]`,
 * `EXC#{period}#{owner}[#{workshop}]`, `CURSOR`. A page has no attribute `owner`, so that the index `byOwner` leaves it out and a
 * round of checks is not charged for it.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { Entity } from 'dynamodb-toolbox/entity';
import { GetItemCommand } from 'dynamodb-toolbox/entity/actions/get';
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put';
import { PutTransaction } from 'dynamodb-toolbox/entity/actions/transactPut';
import { item, list, number, string } from 'dynamodb-toolbox/schema';
import { QueryCommand } from 'dynamodb-toolbox/table/actions/query';
import { type Cadence, type Period, windowOf } from '../domain/calendar.ts';
import { COLOURS, type Colour } from '../domain/colour.ts';
import { pageName, periodText, readPageName } from '../domain/duty-name.ts';
import type { DutyPage, Exceptions } from '../domain/duty-page.ts';
import { type CountyCode, type RiskNo, riskNo } from '../domain/ids.ts';
import type { LedgerEvent } from '../domain/ledger-event.ts';
import type { Owner } from '../domain/owner.ts';
import { commit, type Write } from './commit.ts';
import { type DutyText, openIn, readDutyText, writeDutyText } from './duty-text.ts';
import { registerTable } from './tables.ts';

const partition = (county: CountyCode, colour: Colour): string => `${county}#${colour}`;

export const DutyPageEntity = new Entity({
  name: 'DUTY', // stored on every item as `_et`; renaming it is a data migration
  table: registerTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    name: string().key().savedAs('sk'),
    version: number().savedAs('v'),
    points: string().savedAs('p'),
    stops: string().optional().savedAs('s'),
    sealedThrough: number().optional().savedAs('z'),
  }),
  timestamps: false,
});

export const ExceptionsEntity = new Entity({
  name: 'EXC',
  table: registerTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    name: string().key().savedAs('sk'),
    owner: string(),
    version: number(),
    missed: list(string()),
    madeUpLate: list(string()),
    suspended: list(string()),
  }),
  timestamps: false,
});

export const CursorEntity = new Entity({
  name: 'CURSOR',
  table: registerTable,
  schema: item({
    partition: string().key().savedAs('pk'),
    name: string().key().savedAs('sk'),
    cadence: string(),
    sealedThrough: number(),
  }),
  timestamps: false,
});

/** A page with the version that guards its next write; 0 where it was never written. */
export interface StoredPage {
  readonly page: DutyPage;
  readonly version: number;
}

/** What was sealed of a page for a period. `version` is the last sequence of its subject in the ledger. */
export interface StoredExceptions extends Pick<DutyPage, 'owner' | 'workshop' | 'colour'>, Exceptions {
  readonly period: Period;
  readonly version: number;
}

type PageItem = { name: string; version: number; points: string; stops?: string | undefined; sealedThrough?: number | undefined };

const whose = ({ name }: PageItem): Pick<DutyPage, 'owner' | 'workshop'> => readPageName(name.slice('DUTY#'.length));
const textOf = ({ points, stops = '' }: PageItem): DutyText => ({ points, stops });

const readPage = (colour: Colour, item: PageItem): StoredPage => ({
  page: {
    ...whose(item),
    colour,
    ...(item.sealedThrough !== undefined && { sealedThrough: item.sealedThrough }),
    points: readDutyText(textOf(item)),
  },
  version: item.version,
});

type ExceptionsItem = { name: string; version: number; missed: string[]; madeUpLate: string[]; suspended: string[] };

const readExceptions = (colour: Colour, stored: ExceptionsItem): StoredExceptions => {
  const [, period = '', ...name] = stored.name.split('#');
  return {
    ...readPageName(name.join('#')),
    colour,
    period: Number(period),
    version: stored.version,
    missed: stored.missed.map(riskNo),
    madeUpLate: stored.madeUpLate.map(riskNo),
    suspended: stored.suspended.map(riskNo),
  };
};

/** A slice of a partition's pages, in the order of their names: an owner's pages follow one another. */
interface ItemSlice {
  readonly items: readonly PageItem[];
  /** Where the next slice begins; absent after the last. */
  readonly after?: string;
}

const queryItems = async (county: CountyCode, colour: Colour, prefix: string, after?: string): Promise<ItemSlice> => {
  const { Items, LastEvaluatedKey } = await registerTable
    .build(QueryCommand)
    .query({ partition: partition(county, colour), range: { beginsWith: prefix } })
    .entities(DutyPageEntity)
    .options({
      consistent: true,
      ...(after !== undefined && { exclusiveStartKey: { pk: partition(county, colour), sk: after } }),
    })
    .send();
  const last = LastEvaluatedKey?.sk;
  return { items: Items ?? [], ...(typeof last === 'string' && { after: last }) };
};

/** The pages of a colour whose name begins so, slice by slice, strongly consistent. */
async function* eachItem(county: CountyCode, colour: Colour, prefix = 'DUTY#'): AsyncGenerator<PageItem> {
  let after: string | undefined;
  do {
    const slice = await queryItems(county, colour, prefix, after);
    yield* slice.items;
    after = slice.after;
  } while (after !== undefined);
}

/** All pages of a colour. */
export async function* eachPage(county: CountyCode, colour: Colour): AsyncGenerator<StoredPage> {
  for await (const item of eachItem(county, colour)) yield readPage(colour, item);
}

/** Whose points are still to be checked in a period, and which. */
export interface OpenPoints extends Pick<DutyPage, 'owner' | 'workshop'> {
  readonly points: readonly RiskNo[];
}

/** What is open of every page of a colour in a period that no seal has reached. */
export async function* eachOpen(
  county: CountyCode,
  colour: Colour,
  cadence: Cadence,
  period: Period,
): AsyncGenerator<OpenPoints> {
  const window = windowOf(cadence, period);
  for await (const item of eachItem(county, colour)) {
    const points = openIn(textOf(item), period, window);
    if (points.length > 0) yield { ...whose(item), points };
  }
}

/** The pages of an owner under every colour, strongly consistent. An owner has a handful of them, each about a kilobyte. */
export async function loadPages(county: CountyCode, owner: Owner): Promise<readonly StoredPage[]> {
  const found = await Promise.all(
    COLOURS.map(async (colour) => {
      const pages: StoredPage[] = [];
      for await (const item of eachItem(county, colour, `DUTY#${owner}`)) {
        if (whose(item).owner === owner) pages.push(readPage(colour, item));
      }
      return pages;
    }),
  );
  return found.flat();
}

/** One page; an empty one of version 0 where there is none. */
export async function loadPage(
  county: CountyCode,
  { owner, workshop, colour }: Pick<DutyPage, 'owner' | 'workshop' | 'colour'>,
): Promise<StoredPage> {
  const at = { owner, colour, ...(workshop !== undefined && { workshop }) };
  const { Item } = await DutyPageEntity.build(GetItemCommand)
    .key({ partition: partition(county, colour), name: `DUTY#${pageName(at)}` })
    .options({ consistent: true })
    .send();
  return Item === undefined ? { page: { ...at, points: {} }, version: 0 } : readPage(colour, Item);
}

/** The write of a page at `ifVersion + 1`; it fails when somebody wrote the page since `ifVersion`. */
export const pageWrite = (county: CountyCode, page: DutyPage, ifVersion: number): Write => {
  const { points, stops } = writeDutyText(page);
  return DutyPageEntity.build(PutTransaction)
    .item({
      partition: partition(county, page.colour),
      name: `DUTY#${pageName(page)}`,
      version: ifVersion + 1,
      points,
      ...(stops !== '' && { stops }),
      ...(page.sealedThrough !== undefined && { sealedThrough: page.sealedThrough }),
    })
    .options({ condition: ifVersion === 0 ? { attr: 'version', exists: false } : { attr: 'version', eq: ifVersion } });
};

/** What was sealed of a page for a period, strongly consistent; `undefined` where nothing had to be. */
export async function loadExceptions(
  county: CountyCode,
  page: Pick<DutyPage, 'owner' | 'workshop' | 'colour'>,
  period: Period,
): Promise<StoredExceptions | undefined> {
  const { Item } = await ExceptionsEntity.build(GetItemCommand)
    .key({ partition: partition(county, page.colour), name: `EXC#${periodText(period)}#${pageName(page)}` })
    .options({ consistent: true })
    .send();
  return Item && readExceptions(page.colour, Item);
}

/** The write of exceptions at version `ifVersion + 1`; a first sealing (`ifVersion` 0) fails where there was one. */
export const exceptionsWrite = (county: CountyCode, sealed: Omit<StoredExceptions, 'version'>, ifVersion: number): Write =>
  ExceptionsEntity.build(PutTransaction)
    .item({
      partition: partition(county, sealed.colour),
      name: `EXC#${periodText(sealed.period)}#${pageName(sealed)}`,
      owner: sealed.owner,
      version: ifVersion + 1,
      missed: [...sealed.missed],
      madeUpLate: [...sealed.madeUpLate],
      suspended: [...sealed.suspended],
    })
    .options({ condition: ifVersion === 0 ? { attr: 'version', exists: false } : { attr: 'version', eq: ifVersion } });

/** What was sealed of a page from one period to another, both included, by the index: those are few, and other owners' are not read. */
export async function loadExceptionsOf(
  county: CountyCode,
  page: Pick<DutyPage, 'owner' | 'workshop' | 'colour'>,
  first: Period,
  last: Period,
): Promise<readonly StoredExceptions[]> {
  if (last < first) return []; // a range that ends before it begins is refused by the service
  const found: StoredExceptions[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const { Items, LastEvaluatedKey } = await registerTable
      .build(QueryCommand)
      .query({
        index: 'byOwner',
        partition: page.owner,
        range: { between: [`EXC#${periodText(first)}#`, `EXC#${periodText(last)}#\uffff`] },
      })
      .entities(ExceptionsEntity)
      .options(start === undefined ? {} : { exclusiveStartKey: start })
      .send();
    const ofColour = (Items ?? []).filter((item) => item.partition === partition(county, page.colour));
    found.push(...ofColour.map((item) => readExceptions(page.colour, item)));
    start = LastEvaluatedKey;
  } while (start !== undefined);
  return found.filter(({ workshop }) => workshop === page.workshop);
}

/** What was sealed under a colour from one period to another, both included. */
export async function* eachExceptions(
  county: CountyCode,
  colour: Colour,
  first: Period,
  last: Period,
): AsyncGenerator<StoredExceptions> {
  if (last < first) return;
  let start: Record<string, unknown> | undefined;
  do {
    const { Items, LastEvaluatedKey } = await registerTable
      .build(QueryCommand)
      .query({
        partition: partition(county, colour),
        range: { between: [`EXC#${periodText(first)}#`, `EXC#${periodText(last)}#\uffff`] },
      })
      .entities(ExceptionsEntity)
      .options({ consistent: true, ...(start !== undefined && { exclusiveStartKey: start }) })
      .send();
    yield* (Items ?? []).map((found) => readExceptions(colour, found));
    start = LastEvaluatedKey;
  } while (start !== undefined);
}

/** How far a colour's pages were all sealed; `undefined` before the first closing. It tells how far closing has come, pages say the truth. */
export async function loadCursor(county: CountyCode, colour: Colour): Promise<Period | undefined> {
  const { Item } = await CursorEntity.build(GetItemCommand)
    .key({ partition: partition(county, colour), name: 'CURSOR' })
    .options({ consistent: true })
    .send();
  return Item?.sealedThrough;
}

/** Moves the cursor forward; a closing that was overtaken leaves it where it is. */
export async function advanceCursor(county: CountyCode, colour: Colour, cadence: string, sealedThrough: Period): Promise<void> {
  try {
    await CursorEntity.build(PutItemCommand)
      .item({ partition: partition(county, colour), name: 'CURSOR', cadence, sealedThrough })
      .options({
        condition: {
          or: [
            { attr: 'sealedThrough', exists: false },
            { attr: 'sealedThrough', lt: sealedThrough },
            { not: { attr: 'cadence', eq: cadence } },
          ],
        },
      })
      .send();
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** What is written together: all of it or nothing. */
export interface DutyChange {
  readonly pages: readonly { readonly page: DutyPage; readonly ifVersion: number }[];
  readonly exceptions: readonly { readonly sealed: Omit<StoredExceptions, 'version'>; readonly ifVersion: number }[];
  readonly events: readonly LedgerEvent[];
  /** What belongs to other stores: the cases of hazards that a round found. */
  readonly also?: readonly Write[];
}

export interface DutyStore {
  pagesOf(owner: Owner): Promise<readonly StoredPage[]>;
  page(page: Pick<DutyPage, 'owner' | 'workshop' | 'colour'>): Promise<StoredPage>;
  /** Every page of a colour, an owner's pages one after the other. */
  eachPage(colour: Colour): AsyncIterable<StoredPage>;
  /** What is open of a colour's pages in the running period, an owner's one after the other; pages where nothing is are left out. */
  eachOpen(colour: Colour, cadence: Cadence, period: Period): AsyncIterable<OpenPoints>;
  exceptions(page: Pick<DutyPage, 'owner' | 'workshop' | 'colour'>, period: Period): Promise<StoredExceptions | undefined>;
  /** What was sealed of a page within `first … last`. Follows the writes within about a second. */
  exceptionsOf(
    page: Pick<DutyPage, 'owner' | 'workshop' | 'colour'>,
    first: Period,
    last: Period,
  ): Promise<readonly StoredExceptions[]>;
  /** What was sealed under a colour within `first … last`, of every owner. */
  eachExceptions(colour: Colour, first: Period, last: Period): AsyncIterable<StoredExceptions>;
  /** Rejects with `StaleVersion` when somebody wrote one of these pages or exceptions since, or an event has its place already. */
  save(change: DutyChange): Promise<void>;
  cursor(colour: Colour): Promise<Period | undefined>;
  advance(colour: Colour, cadence: Cadence, sealedThrough: Period): Promise<void>;
}

export const dynamoDutyStore = (county: CountyCode): DutyStore => ({
  pagesOf: (owner) => loadPages(county, owner),
  page: (page) => loadPage(county, page),
  eachPage: (colour) => eachPage(county, colour),
  eachOpen: (...of) => eachOpen(county, ...of),
  exceptions: (page, period) => loadExceptions(county, page, period),
  exceptionsOf: (page, first, last) => loadExceptionsOf(county, page, first, last),
  eachExceptions: (colour, first, last) => eachExceptions(county, colour, first, last),
  save: ({ pages, exceptions, events, also = [] }) =>
    commit({
      writes: [
        ...pages.map(({ page, ifVersion }) => pageWrite(county, page, ifVersion)),
        ...exceptions.map(({ sealed, ifVersion }) => exceptionsWrite(county, sealed, ifVersion)),
        ...also,
      ],
      events,
    }),
  cursor: (colour) => loadCursor(county, colour),
  advance: (colour, cadence, sealedThrough) => advanceCursor(county, colour, cadence, sealedThrough),
});
