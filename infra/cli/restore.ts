/**
 * `npm run restore -- FOLDER… --log FOLDER`: the tables of a county from its sealed exports, or with `--archive s3://BUCKET` from all that lies
 * there. Verifies everything first, writes over nothing, and shows that the root over the ledger is the signed one. Cut off, it is run again.
 * Ends with 0 for restored, 1 for not, 2 where the command is not understood.
 */
import { createReadStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type { BundleFiles } from '../../shared/archive/bundle-files.ts';
import { SUMS } from '../../shared/archive/layout.ts';
import type { NamedBundle } from '../../shared/archive/verify-bundle.ts';
import { readManifest } from '../../shared/archive/verify-manifest.ts';
import { PERIODIC_KINDS } from '../../shared/domain/export.ts';
import { Fault } from '../../shared/draw/fault.ts';
import { now } from '../../shared/runtime/clock.ts';
import type { LogFiles } from '../../workflows/audit-export/sealed-log.ts';
import { fail } from './deployment-of.ts';
import { fetchBundle } from './fetch-bundle.ts';
import { readFolder } from './read-folder.ts';
import type { Restored } from './restore-county.ts';

const HOW = `As in: npm run restore -- --archive s3://BUCKET
   or: npm run restore -- day/bundle=* month/bundle=* --log log/533102
       [--stage 533102] [--endpoint URL] [--vkey KEY]… [--salts FILE]… [--table NAME]…
A FOLDER is a bundle of a day or a month: name every day from the first on. --log is the county's log as it lies in the archive (log/<county>).
--stage is the deployment whose empty tables are filled; without, the county's. --salts gives back what stands in the events as commitments.
--table fills that one alone (Register, Hazards, Inspections, Ledger, Channels, Exports, Personal), where the others stand.`;

/** The tables and the bucket of draws of a deployed state stack, by its pinned names. */
const PLACES = {
  REGISTER_TABLE: 'Register',
  HAZARDS_TABLE: 'Hazards',
  INSPECTIONS_TABLE: 'Inspections',
  LEDGER_TABLE: 'Ledger',
  CHANNELS_TABLE: 'Channels',
  EXPORTS_TABLE: 'Exports',
  PERSONAL_TABLE: 'Personal',
  DRAWS_BUCKET: 'Draws',
} as const;

const OPTIONS = {
  archive: { type: 'string' },
  log: { type: 'string' },
  stage: { type: 'string' },
  endpoint: { type: 'string' },
  vkey: { type: 'string', multiple: true },
  salts: { type: 'string', multiple: true },
  table: { type: 'string', multiple: true },
} as const;

function read() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n${HOW}`);
  }
}

const fetched: string[] = [];
const folderOf = (place: string): Promise<string> =>
  place.startsWith('s3://') ? fetchBundle(place, (made) => fetched.push(made)) : Promise.resolve(place);

/** The addresses of the bundles of days and months that lie in a bucket. */
async function bundlesIn(archive: string): Promise<readonly string[]> {
  const Bucket = archive.replace(/^s3:\/\//, '').replace(/\/.*$/, '');
  const client = new S3Client({ forcePathStyle: true });
  const found: string[] = [];
  for (const kind of PERIODIC_KINDS) {
    const pages = paginateListObjectsV2({ client }, { Bucket, Prefix: `${kind}/`, Delimiter: '/' });
    for await (const { CommonPrefixes = [] } of pages)
      found.push(...CommonPrefixes.map(({ Prefix }) => `s3://${Bucket}/${Prefix}`).filter((place) => place.includes('/bundle=')));
  }
  return found;
}

async function logAt(place: string): Promise<LogFiles> {
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.+?)\/*$/.exec(place) ?? [];
  if (bucket === undefined || prefix === undefined) {
    return { read: (path) => readFile(join(place, path)).catch(() => undefined) };
  }
  const { s3ArchiveFiles } = await import('../../shared/data/archive-files.ts');
  const files = s3ArchiveFiles(bucket);
  return { read: (path) => files.read(`${prefix}/${path}`) };
}

async function namePlaces(stage: string): Promise<void> {
  const StackName = `County${stage}-State`;
  const { StackResources = [] } = await new CloudFormationClient().send(new DescribeStackResourcesCommand({ StackName }));
  for (const [variable, logical] of Object.entries(PLACES)) {
    const name = StackResources.find(({ LogicalResourceId }) => LogicalResourceId === logical)?.PhysicalResourceId;
    process.env[variable] ??= name ?? fail(`${StackName} has no ${logical}: deploy the state of the county first.`);
  }
}

/** The name of a table as it is deployed, by its logical id. */
function tableOf(logical: string): string {
  const [variable = ''] = Object.entries(PLACES).find(([, id]) => id === logical && id !== PLACES.DRAWS_BUCKET) ?? [];
  return process.env[variable] ?? fail(`There is no table ${logical}.\n${HOW}`);
}

async function saltsIn(files: readonly string[]) {
  const { readSalts } = await import('../../shared/archive/salts.ts');
  const all = await Promise.all(files.map((file) => readSalts(createReadStream(file))));
  return new Map(all.flatMap((one) => [...one]));
}

const ID = /(?:^|\/)(day|month)\/bundle=(\d+)$/;

/** Those that are whole, and those that were being written: the sums come last. */
async function sorted(places: readonly string[]) {
  const bundles: NamedBundle[] = [];
  const underWay = new Map<string, BundleFiles>();
  for (const place of places.map((each) => each.replace(/\/+$/, ''))) {
    const files = readFolder(await folderOf(place));
    if (await has(files, SUMS)) bundles.push([place, files]);
    else {
      const [, kind, number] = ID.exec(place) ?? [];
      if (kind !== undefined) underWay.set(`${kind}-${number}`, files);
      console.log(`${place} is not whole: it was under way, and is passed over. Its events are taken from the log.`);
    }
  }
  return { bundles, underWay };
}

async function has(files: BundleFiles, wanted: string): Promise<boolean> {
  for await (const { path } of files.found()) if (path === wanted) return true;
  return false;
}

/** What no restore can bring back, as far as it can be counted. */
function tell({ newest, commitments, opened, lost, disabled }: Restored): void {
  console.log(
    `Nothing that was sealed is missing. The newest event is of ${newest ?? 'never'}: what was recorded after it, a minute at most, was not sealed and is lost.`,
  );
  for (const [count, sentence] of [
    [commitments - opened, 'values of persons stand as commitments: give the salts of the bundles (--salts) to have them back.'],
    [disabled, 'subscriptions wait for their address to be named again.'],
    [lost.teams, 'visits wait for somebody to be sent again: whom a person had sent stands in no event.'],
    [lost.secrets, 'draws are not revealed and their secret is lost: void them and draw again.'],
    [lost.requested, 'bundles that somebody had asked for are not listed any more: ask again.'],
  ] as const)
    if (count > 0) console.log(`${count} ${sentence}`);
}

async function restore(): Promise<void> {
  const { values, positionals } = read();
  const { archive, endpoint, vkey = [], salts = [] } = values;
  if (endpoint !== undefined) Object.assign(process.env, { AWS_ENDPOINT_URL: endpoint, AWS_ENDPOINT_URL_S3: endpoint });
  const places = archive === undefined ? positionals : await bundlesIn(archive);
  if (places.length === 0) fail(`There is no bundle to restore from.\n${HOW}`);
  const { bundles, underWay } = await sorted(places);
  const [first] = bundles;
  const county = first === undefined ? '' : (await readManifest(first[1])).manifest.county;
  const log =
    values.log ?? (archive === undefined ? fail(`Say where the log lies, with --log.\n${HOW}`) : `${archive}/log/${county}`);
  await namePlaces(values.stage ?? county);
  // Not before: the stores take their client's address and the names of their tables from the environment.
  const { restoreCounty } = await import('./restore-county.ts');
  const tables = values.table?.map((name) => tableOf(name));
  const { s3DrawFiles } = await import('../../shared/data/draw-files.ts');
  const restored = await restoreCounty({
    bundles,
    underWay,
    log: await logAt(log),
    vkeys: vkey,
    values: await saltsIn(salts),
    draws: s3DrawFiles(process.env.DRAWS_BUCKET ?? ''),
    at: now(),
    tables,
  });
  const { events, fromLog, items, root } = restored;
  console.log(
    `${county}: ${events} events are in the ledger again, ${fromLog} of them from the log alone, and ${items} items of what follows from them.`,
  );
  console.log(`The root over the ledger is ${root}, as it was signed.`);
  tell(restored);
  if (vkey.length === 0) console.log('Whose key it was that signed, the bundles say themselves: name it with --vkey to be sure.');
}

try {
  await restore();
} catch (error) {
  const isKnown =
    error instanceof Fault || (error instanceof Error && ['NotRestored', 'HistoryBroken', 'ArchiveDiffers'].includes(error.name));
  if (!isKnown) throw error;
  console.error(`Not restored. ${error.message}`);
  process.exitCode = 1;
} finally {
  await Promise.all(fetched.map((folder) => rm(folder, { recursive: true, force: true })));
}
