import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Table } from 'dynamodb-toolbox/table';

/** One client for every store of a function. */
export const documentClient = DynamoDBDocumentClient.from(new DynamoDBClient(), {
  marshallOptions: { removeUndefinedValues: true },
});

const named = (variable: string) => (): string => {
  const name = process.env[variable];
  if (name === undefined) throw new Error(`${variable} is not set: the deployment did not give this function that table`);
  return name;
};

const keys = { partitionKey: { name: 'pk', type: 'string' }, sortKey: { name: 'sk', type: 'string' } } as const;

/** `{county}#{colour}` → enterprises, risk points, public areas, duty pages, exceptions, closing cursors. Index `byOwner`. */
export const registerTable = new Table({
  name: named('REGISTER_TABLE'),
  ...keys,
  indexes: {
    byOwner: { type: 'global', partitionKey: { name: 'owner', type: 'string' }, sortKey: { name: 'sk', type: 'string' } },
  },
  documentClient,
});

/** `{county}#{colour}` → cases and their open task tokens. Indexes `byOwner` and, for open cases only, `openByDeadline`. */
export const hazardsTable = new Table({
  name: named('HAZARDS_TABLE'),
  ...keys,
  indexes: {
    byOwner: { type: 'global', partitionKey: { name: 'owner', type: 'string' }, sortKey: { name: 'sk', type: 'string' } },
    openByDeadline: {
      type: 'global',
      partitionKey: { name: 'openCounty', type: 'string' },
      sortKey: { name: 'deadline', type: 'string' },
    },
  },
  documentClient,
});

/**
 * `{county}#{colour}` → draws, tasks, the directory of inspectors, items, plans, key units and the grid. Indexes `byInspector` (who has
 * which tasks), `byOwner` (what was done at an object) and, for what is open only, `openByDue`.
 */
export const inspectionsTable = new Table({
  name: named('INSPECTIONS_TABLE'),
  ...keys,
  indexes: {
    byInspector: { type: 'global', partitionKey: { name: 'inspector', type: 'string' }, sortKey: { name: 'sk', type: 'string' } },
    byOwner: { type: 'global', partitionKey: { name: 'owner', type: 'string' }, sortKey: { name: 'sk', type: 'string' } },
    openByDue: {
      type: 'global',
      partitionKey: { name: 'openCounty', type: 'string' },
      sortKey: { name: 'due', type: 'string' },
    },
  },
  documentClient,
});

/**
 * `{county}` → subscriptions, and how far deadlines were announced; `{county}#RECEIVERS` → receivers and encrypted addresses, all that the
 * sender may touch; `{county}#{subscription}` → its outbox, deliveries and messages. Indexes: `byScope` (who may have to be told), `byAbout`
 * (who was told of a thing), `openByDue` (which receivers have to be looked at; holds the keys and `receiver`), `waiting` (what waits for a
 * receiver, urgent first; holds keys only). `expires`: what has ended is kept no longer than that.
 */
export const channelsTable = new Table({
  name: named('CHANNELS_TABLE'),
  ...keys,
  indexes: {
    byScope: { type: 'global', partitionKey: { name: 'scope', type: 'string' }, sortKey: { name: 'sk', type: 'string' } },
    byAbout: { type: 'global', partitionKey: { name: 'about', type: 'string' }, sortKey: { name: 'sk', type: 'string' } },
    openByDue: {
      type: 'global',
      partitionKey: { name: 'openCounty', type: 'string' },
      sortKey: { name: 'due', type: 'string' },
    },
    waiting: { type: 'global', partitionKey: { name: 'waiting', type: 'string' }, sortKey: { name: 'turn', type: 'string' } },
  },
  documentClient,
});

/** Subject → its events by sequence, append-only, with a stream; and the commands that were carried out. Index `byDay`. */
export const ledgerTable = new Table({
  name: named('LEDGER_TABLE'),
  ...keys,
  indexes: {
    byDay: { type: 'global', partitionKey: { name: 'day', type: 'string' }, sortKey: { name: 'at', type: 'string' } },
  },
  documentClient,
});

/**
 * `{county}#LOG` → the head of the county's log and its batches; `{county}#PLACES#{subject}` → where in the log a subject's events stand;
 * `{county}#EXPORTS` → exports and the last of each kind; `{county}#EXPORT#{id}` → its slices; `{county}#AUDITS` → audits.
 */
export const exportsTable = new Table({ name: named('EXPORTS_TABLE'), ...keys, documentClient });

/** Subject → the salts and values of the commitments of its events, by sequence. Whoever writes events may put there; few may read. */
export const personalTable = new Table({ name: named('PERSONAL_TABLE'), ...keys, documentClient });
