/**
 * The drill: the county's tables are lost, and are put back from what an auditor holds and from the log, by the command that an operator gives.
 * It goes into empty tables beside those in use, which are taken away again.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { logFolder } from '../../../shared/archive/paths.ts';
import type { CountyCode } from '../../../shared/domain/ids.ts';
import { deployment } from '../../deployments/533102-sample.ts';
import type { RunningCounty } from '../running-county.ts';
import { root } from '../setup.mjs';
import { inParallel } from './api-client.ts';

/** By the variable that the stores read, the output that names the table in use. */
const TABLES = {
  REGISTER_TABLE: 'RegisterTable',
  HAZARDS_TABLE: 'HazardsTable',
  INSPECTIONS_TABLE: 'InspectionsTable',
  CHANNELS_TABLE: 'ChannelsTable',
  LEDGER_TABLE: 'LedgerTable',
  EXPORTS_TABLE: 'ExportsTable',
  PERSONAL_TABLE: 'PersonalTable',
} as const;

const PATIENCE_SECONDS = 60;

export interface RestoreFindings {
  /** What the command said at its end. */
  readonly says: string;
  /** The root over the ledger that was put back; absent where nothing was. */
  readonly root?: string | undefined;
}

export interface Restoring {
  readonly county: Pick<RunningCounty, 'endpoint' | 'outputs' | 'environment'>;
  readonly code: CountyCode;
  /** Of the auditor's bundles, all from the first on. */
  readonly folders: readonly string[];
  readonly vkeys: readonly string[];
  readonly signal: AbortSignal;
  readonly tell: (howFar: string) => void;
}

const tablesBeside = ({ county: { endpoint, outputs, environment } }: Restoring) => {
  const { AWS_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  const client = new DynamoDBClient({
    endpoint,
    ...(region && { region }),
    ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey } }),
  });
  const waiting = { client, maxWaitTime: PATIENCE_SECONDS, minDelay: 1 };
  const names = Object.entries(TABLES).map(([variable, output]) => [variable, outputs[output] ?? ''] as const);
  const beside = (name: string): string => `${name}-drill`;
  return {
    environment: Object.fromEntries(names.map(([variable, name]) => [variable, beside(name)])),
    async remove(): Promise<void> {
      await inParallel(names, names.length, async ([, name]) => {
        const TableName = beside(name);
        try {
          await client.send(new DeleteTableCommand({ TableName }));
        } catch (error) {
          if (error instanceof ResourceNotFoundException) return;
          throw error;
        }
        await waitUntilTableNotExists(waiting, { TableName });
      });
    },
    /** With the keys and indexes of those in use, and without their streams: what is put back is no news. */
    async make(): Promise<void> {
      await inParallel(names, names.length, async ([, name]) => {
        const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
        const indexes = Table?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
          IndexName,
          KeySchema,
          Projection,
        }));
        const TableName = beside(name);
        await client.send(
          new CreateTableCommand({
            ...{ TableName, BillingMode: 'PAY_PER_REQUEST' },
            ...{ KeySchema: Table?.KeySchema, AttributeDefinitions: Table?.AttributeDefinitions },
            ...(indexes && indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
          }),
        );
        await waitUntilTableExists(waiting, { TableName });
      });
    },
  };
};

/** Loses every table and has it put back. */
export async function restoreBeside(restoring: Restoring): Promise<RestoreFindings> {
  const { county, code, folders, vkeys, signal, tell } = restoring;
  const tables = tablesBeside(restoring);
  await tables.remove(); // of a drill that broke off
  tell('restoring into empty tables');
  await tables.make();
  try {
    const log = `s3://${county.outputs.ArchiveBucket}/${logFolder(code)}`;
    const words = [...folders, '--log', log, '--stage', deployment.id, ...vkeys.flatMap((vkey) => ['--vkey', vkey])];
    const child = spawn(process.execPath, ['--import', 'tsx', join('infra', 'cli', 'restore.ts'), ...words], {
      cwd: root,
      env: { ...process.env, ...county.environment, ...tables.environment, DRAWS_BUCKET: county.outputs.DrawsBucket ?? '' },
      signal,
    });
    const [said, complained, status] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve, reject) => {
        child.on('close', resolve);
        child.on('error', reject);
      }),
    ]);
    const [, restored] = /root over the ledger is ([0-9a-f]{64})/.exec(said) ?? [];
    return status === 0 ? { says: said.trim(), root: restored } : { says: `${said}${complained}`.trim() };
  } finally {
    await tables.remove();
  }
}
