/**
 * The tables in memory, behind the one client of every store: keys, conditions, transactions, queries and indexes as the service has
 * them. So the real handlers run in a test, with all their wiring, and without a network.
 */
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  channelsTable,
  documentClient,
  exportsTable,
  hazardsTable,
  inspectionsTable,
  ledgerTable,
  personalTable,
  registerTable,
} from '../../shared/data/tables.ts';
import { epochMs, type Instant } from '../../shared/domain/calendar.ts';

type Item = Record<string, unknown>;
interface Asked {
  readonly TableName: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
}
interface Guarded extends Asked {
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ConditionExpression?: string;
}
interface Queried extends Asked {
  readonly IndexName?: string;
  readonly KeyConditionExpression: string;
  readonly FilterExpression?: string;
  readonly ExclusiveStartKey?: Item;
  readonly Limit?: number;
  readonly ScanIndexForward?: boolean;
}
type Write = { readonly Put?: Guarded; readonly Delete?: Guarded; readonly ConditionCheck?: Guarded };

const TABLES = {
  REGISTER_TABLE: registerTable,
  HAZARDS_TABLE: hazardsTable,
  INSPECTIONS_TABLE: inspectionsTable,
  LEDGER_TABLE: ledgerTable,
  CHANNELS_TABLE: channelsTable,
  EXPORTS_TABLE: exportsTable,
  PERSONAL_TABLE: personalTable,
};

/** What has a partition of its own for each of its values: of the table, and of its indexes. */
const PARTITION_KEYS = new Map(
  Object.entries(TABLES).map(([name, { indexes }]) => [
    name,
    ['pk', ...Object.values(indexes ?? {}).map(({ partitionKey }) => partitionKey.name)],
  ]),
);

/** To what a key condition compares an attribute. */
function equalTo(attribute: string, asked: Queried): unknown {
  for (const [, name = '', value = ''] of asked.KeyConditionExpression.matchAll(/(#\w+) = (:\w+)/g)) {
    if (asked.ExpressionAttributeNames?.[name] === attribute) return asked.ExpressionAttributeValues?.[value];
  }
  throw new Error(`no partition: ${asked.KeyConditionExpression}`);
}

const read = new Map<string, readonly string[]>();
/** Read once, since it is asked of every item. */
function tokensOf(expression: string): readonly string[] {
  const tokens = read.get(expression) ?? expression.match(/[#:][\w.#[\]]+|[A-Za-z_]+|<>|<=|>=|[=<>(),]/g) ?? [];
  read.set(expression, tokens);
  return tokens;
}

/** An expression of the service's language, as dynamodb-toolbox writes it. */
function holds(expression: string | undefined, item: Item | undefined, asked: Asked): boolean {
  if (expression === undefined) return true;
  const tokens = tokensOf(expression);
  let at = 0;
  const next = (): string => tokens[at++] ?? '';
  const isNext = (word: string): boolean => tokens[at] === word && ++at > 0;
  const pathOf = (name: string): unknown =>
    name
      .split('.')
      .reduce<unknown>((value, part) => (value as Item | undefined)?.[asked.ExpressionAttributeNames?.[part] ?? part], item);
  const operand = (): unknown => {
    const token = next();
    return token.startsWith(':') ? asked.ExpressionAttributeValues?.[token] : pathOf(token);
  };
  const compare: Readonly<Record<string, (a: string, b: string) => boolean>> = {
    '=': (a, b) => a === b,
    '<>': (a, b) => a !== b,
    '<': (a, b) => a < b,
    '<=': (a, b) => a <= b,
    '>': (a, b) => a > b,
    '>=': (a, b) => a >= b,
  };
  const CALLS: Readonly<Record<string, (a: unknown, b: unknown) => boolean>> = {
    attribute_exists: (a) => a !== undefined,
    attribute_not_exists: (a) => a === undefined,
    begins_with: (a, b) => typeof a === 'string' && a.startsWith(String(b)),
  };
  const term = (): boolean => {
    if (isNext('NOT')) return !term();
    if (isNext('(')) {
      const inside = either();
      next();
      return inside;
    }
    const call = CALLS[tokens[at] ?? ''];
    if (call !== undefined) {
      at += 2;
      const a = operand();
      const b = isNext(',') ? operand() : undefined;
      next();
      return call(a, b);
    }
    const a = operand() as string;
    if (isNext('BETWEEN')) {
      const [low] = [operand() as string, next()];
      const high = operand() as string;
      return a !== undefined && low <= a && a <= high;
    }
    if (isNext('IN')) {
      next();
      const among = [operand()];
      while (isNext(',')) among.push(operand());
      next();
      return among.includes(a);
    }
    const how = compare[next()];
    if (how === undefined) throw new Error(`not understood: ${expression}`);
    const b = operand() as string;
    return a !== undefined && how(a, b);
  };
  const both = (): boolean => {
    let all = term();
    while (isNext('AND')) all = [term(), all].every(Boolean);
    return all;
  };
  const either = (): boolean => {
    let any = both();
    while (isNext('OR')) any = [both(), any].some(Boolean);
    return any;
  };
  const answer = either();
  if (at !== tokens.length) throw new Error(`not understood to its end: ${expression}`);
  return answer;
}

export interface MemoryTables {
  /** All that is stored, as one text. */
  readonly snapshot: () => string;
  /** How often anything was written. */
  readonly writes: () => number;
  /** Takes away what has expired, as the service does some time later. */
  readonly expire: (at: Instant) => void;
  /** Everything as it was then. */
  readonly restore: (snapshot: string) => void;
}

/** Puts the tables in the place of the service for every store of this process. */
export function memoryTables(): MemoryTables {
  for (const name of Object.keys(TABLES)) process.env[name] = name;
  let stored = new Map<string, Map<string, Item>>();
  /** The items of every partition, of the tables and of their indexes: a query looks at those of one. */
  let partitions = new Map<string, Map<string, Item>>();
  let writes = 0;
  const tableOf = (name: string): Map<string, Item> => {
    const table = stored.get(name) ?? new Map<string, Item>();
    stored.set(name, table);
    return table;
  };
  const keyOf = ({ pk, sk }: Item): string => JSON.stringify([pk, sk]);
  const plain = (item: Item): Item => JSON.parse(JSON.stringify(item)) as Item;

  const partition = (table: string, attribute: string, value: unknown): string => JSON.stringify([table, attribute, value]);
  const partitionsOf = (table: string, item: Item): string[] =>
    (PARTITION_KEYS.get(table) ?? []).flatMap((attribute) =>
      item[attribute] === undefined ? [] : [partition(table, attribute, item[attribute])],
    );
  const put = (table: string, key: string, item: Item | undefined): void => {
    const before = tableOf(table).get(key);
    for (const name of before === undefined ? [] : partitionsOf(table, before)) partitions.get(name)?.delete(key);
    tableOf(table).delete(key);
    if (item === undefined) return;
    tableOf(table).set(key, item);
    for (const name of partitionsOf(table, item)) partitions.set(name, (partitions.get(name) ?? new Map()).set(key, item));
  };
  const write = ({ TableName, Item, Key }: Guarded, removes = false): void => {
    writes++;
    if (removes) put(TableName, keyOf(Key ?? {}), undefined);
    else if (Item !== undefined) put(TableName, keyOf(Item), plain(Item));
  };
  const isRefused = (guarded: Guarded): boolean =>
    !holds(guarded.ConditionExpression, tableOf(guarded.TableName).get(keyOf(guarded.Item ?? guarded.Key ?? {})), guarded);

  const query = (asked: Queried) => {
    const table = Object.entries(TABLES).find(([name]) => name === asked.TableName)?.[1];
    const index = Object.entries(table?.indexes ?? {}).find(([name]) => name === asked.IndexName)?.[1];
    const sortKey = index?.sortKey?.name ?? 'sk';
    const place = (item: Item): string => JSON.stringify([item[sortKey], item.pk, item.sk]);
    const way = asked.ScanIndexForward === false ? -1 : 1;
    const start = asked.ExclusiveStartKey && place(asked.ExclusiveStartKey);
    const hash = index?.partitionKey.name ?? 'pk';
    const found = [
      ...(partitions.get(partition(asked.TableName, hash, equalTo(hash, asked))) ?? new Map<string, Item>()).values(),
    ]
      .filter((item) => item[sortKey] !== undefined && holds(asked.KeyConditionExpression, item, asked))
      .map((item) => ({ item, place: place(item) }))
      .filter((one) => start === undefined || way * (one.place > start ? 1 : -1) > 0)
      .sort((a, b) => way * (a.place < b.place ? -1 : 1))
      .map(({ item }) => item);
    const page = found.slice(0, asked.Limit ?? found.length);
    const last = page.at(-1);
    const names = ['pk', 'sk', ...(index === undefined ? [] : [index.partitionKey.name, sortKey])];
    return {
      Items: page.filter((item) => holds(asked.FilterExpression, item, asked)).map(plain),
      ...(last &&
        page.length < found.length && { LastEvaluatedKey: Object.fromEntries(names.map((name) => [name, last[name]])) }),
    };
  };

  const transact = ({ TransactItems }: { readonly TransactItems: readonly Write[] }) => {
    const parts = TransactItems.map(({ Put, Delete, ConditionCheck }) => ({
      guarded: Put ?? Delete ?? ConditionCheck,
      removes: Delete !== undefined,
    }));
    const keys = parts.flatMap(({ guarded }) =>
      guarded === undefined ? [] : [`${guarded.TableName} ${keyOf(guarded.Item ?? guarded.Key ?? {})}`],
    );
    const twice = keys.find((key, at) => keys.indexOf(key) !== at);
    if (twice !== undefined) throw new Error(`Transaction request cannot include multiple operations on one item: ${twice}`);
    const refused = parts.map(({ guarded }) => guarded !== undefined && isRefused(guarded));
    if (refused.includes(true)) {
      const CancellationReasons = refused.map((no) => ({ Code: no ? 'ConditionalCheckFailed' : 'None' }));
      throw new TransactionCanceledException({ message: 'cancelled', CancellationReasons, $metadata: {} });
    }
    for (const { guarded, removes } of parts) if (guarded !== undefined) write(guarded, removes);
    return {};
  };

  const send = async (command: { readonly input: unknown }): Promise<unknown> => {
    const kind = command.constructor.name;
    switch (kind) {
      case 'GetCommand': {
        const { TableName, Key } = command.input as Guarded;
        const item = tableOf(TableName).get(keyOf(Key ?? {}));
        return item === undefined ? {} : { Item: plain(item) };
      }
      case 'BatchGetCommand': {
        const { RequestItems } = command.input as { readonly RequestItems: Record<string, { readonly Keys: readonly Item[] }> };
        const found = Object.entries(RequestItems).map(([name, { Keys }]) => {
          const items = Keys.map((key) => tableOf(name).get(keyOf(key))).filter((item) => item !== undefined);
          return [name, items.map(plain)] as const;
        });
        return { Responses: Object.fromEntries(found) };
      }
      case 'PutCommand':
      case 'DeleteCommand': {
        const guarded = command.input as Guarded;
        if (isRefused(guarded)) {
          throw new ConditionalCheckFailedException({ message: 'the condition does not hold', $metadata: {} });
        }
        write(guarded, kind === 'DeleteCommand');
        return {};
      }
      case 'ScanCommand': {
        const { TableName, Limit } = command.input as Asked & { readonly Limit?: number };
        return { Items: [...tableOf(TableName).values()].slice(0, Limit).map(plain) };
      }
      case 'QueryCommand':
        return query(command.input as Queried);
      case 'TransactWriteCommand':
        return transact(command.input as { TransactItems: readonly Write[] });
      default:
        throw new Error(`the tables in memory do not know ${kind}`);
    }
  };
  Object.assign(documentClient, { send });

  return {
    writes: () => writes,
    expire: (at) => {
      for (const [name, items] of stored) {
        for (const [key, { expires }] of [...items]) if (Number(expires) * 1000 <= epochMs(at)) put(name, key, undefined);
      }
    },
    snapshot: () => JSON.stringify([...stored].map(([name, items]) => [name, [...items]])),
    restore: (snapshot) => {
      const tables = JSON.parse(snapshot) as [string, [string, Item][]][];
      stored = new Map();
      partitions = new Map();
      for (const [name, items] of tables) for (const [key, item] of items) put(name, key, item);
    },
  };
}
