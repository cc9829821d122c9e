/**
 * Where in the tables the state of a subject of the ledger stands, as it is stored, and taking texts away there. What people still work with
 * they correct themselves; what is a record of what was done has no other way of losing what it says of somebody.
 */
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { STANDINGS } from '../domain/colour.ts';
import { withTexts } from '../domain/commitment.ts';
import type { CountyCode } from '../domain/ids.ts';
import { withoutPersonalData } from '../domain/personal-data.ts';
import { StaleVersion } from './commit.ts';
import { partitionOf } from './standings.ts';
import { channelsTable, documentClient, exportsTable, hazardsTable, inspectionsTable, registerTable } from './tables.ts';

type Item = Readonly<Record<string, unknown>>;

/** An item in which a subject's state stands. */
export interface SubjectItem {
  readonly table: string;
  readonly item: Item;
  /** What of it people may correct, and would be written down again with the next change; nothing of what only tells what was done. */
  readonly inUse: unknown;
}

export interface SubjectItems {
  /** Strongly consistent. */
  of(subject: string): Promise<readonly SubjectItem[]>;
  /** Blots the texts out. Rejects with `StaleVersion` where somebody wrote meanwhile. */
  blot(standing: SubjectItem, texts: ReadonlySet<string>): Promise<void>;
}

type StateTable = Pick<typeof registerTable, 'getName'>;
interface Place {
  readonly table: StateTable;
  readonly partitions: readonly string[];
  readonly part: string;
}

/** Its sort key is the subject itself, but for the rows of the exchange tables. */
function placeOf(county: CountyCode, subject: string): Place | undefined {
  const anywhere = STANDINGS.map((standing) => partitionOf(county, standing));
  const [kind, first = '', ...rest] = subject.split('#');
  switch (kind) {
    case 'ENT':
    case 'GOV':
    case 'RISK':
    case 'AREA':
      return { table: registerTable, partitions: anywhere, part: subject };
    case 'HAZ':
      return { table: hazardsTable, partitions: anywhere, part: subject };
    case 'TASK':
    case 'DRAW':
    case 'INSP':
    case 'ITEMS':
    case 'PLAN':
    case 'KEY':
    case 'GRID':
      return { table: inspectionsTable, partitions: anywhere, part: subject };
    case 'SUB':
      return { table: channelsTable, partitions: [county], part: subject };
    case 'AUDIT':
      return { table: exportsTable, partitions: [`${county}#AUDITS`], part: subject };
    case 'XCHG':
      return { table: exportsTable, partitions: [`${county}#EXCHANGE#${first}`], part: `ROW#${rest.join('#')}` };
    default:
      return undefined;
  }
}

const RETIRED = z.object({ retired: z.object({}) });
/** What was said in a case, on a visit, about a draw, a stop, an audit or a key unit is not said again; what was retired or has ended is changed no more. */
const IS_PAST = z.union([
  z.object({ _et: z.enum(['HAZARD', 'TASK', 'DRAW', 'AUDIT', 'STOP', 'PLAN', 'KEY-UNITS']) }),
  z.object({ risk: RETIRED }),
  z.object({ state: RETIRED }),
  z.object({ state: z.object({ state: z.literal('ended') }) }),
]);

/** Absences and interests are declared once: of an inspector only what he is can be corrected. */
const INSPECTOR = z.object({ _et: z.literal('INSPECTOR'), state: z.object({ content: z.unknown() }) });
function inUse(item: Item): unknown {
  if (IS_PAST.safeParse(item).success) return undefined;
  const inspector = INSPECTOR.safeParse(item);
  return inspector.success ? inspector.data.state.content : item;
}

/** What holds no number of a person is all of a person: a name, a reason. */
const GONE = '（已清除）';
function blotted(text: string): string {
  const { text: rest, blotted: count } = withoutPersonalData(text, { persons: [], notPersons: [] });
  return count > 0 ? rest : GONE;
}

export function dynamoSubjectItems(county: CountyCode): SubjectItems {
  const get = async (TableName: string, pk: string, sk: string): Promise<readonly Item[]> => {
    const { Item } = await documentClient.send(new GetCommand({ TableName, Key: { pk, sk }, ConsistentRead: true }));
    return Item === undefined ? [] : [Item];
  };
  /** Stops stand beside their owner, and are subjects of his. */
  const stopsOf = async (TableName: string, owner: string): Promise<readonly Item[]> => {
    const found: Item[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await documentClient.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :sk)',
          ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
          ExpressionAttributeValues: { ':pk': partitionOf(county, 'NONE'), ':sk': `STOP#${owner}#` },
          ConsistentRead: true,
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      found.push(...Items);
      start = LastEvaluatedKey;
    } while (start !== undefined);
    return found;
  };
  return {
    async of(subject) {
      const place = placeOf(county, subject);
      if (place === undefined) return [];
      const table = place.table.getName();
      const [kind, owner = ''] = subject.split('#');
      const [standing, stops] = await Promise.all([
        Promise.all(place.partitions.map((partition) => get(table, partition, place.part))),
        kind === 'ENT' || kind === 'GOV' ? stopsOf(table, owner) : [],
      ]);
      return [...standing.flat(), ...stops].map((item) => ({ table, item, inUse: inUse(item) }));
    },
    async blot({ table, item }, texts) {
      const clean = withTexts(item, ({ text }) => (texts.has(text.normalize('NFC')) ? blotted(text) : undefined));
      try {
        await documentClient.send(
          new PutCommand({
            TableName: table,
            Item: clean,
            ConditionExpression: '#version = :version',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':version': item.version },
          }),
        );
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
        throw new StaleVersion(`${String(item.sk)} was changed by somebody else meanwhile`);
      }
    },
  };
}
