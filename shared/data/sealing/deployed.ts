/** Sealing as it is deployed: the county's tables, its bucket and its keys. */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { CountyCode } from '../../domain/ids.ts';
import { byNow } from '../../runtime/clock.ts';
import { s3ArchiveFiles } from '../archive-files.ts';
import { dynamoLedgerStore } from '../ledger-store.ts';
import { dynamoLogStore } from '../log-store.ts';
import { sealingKeys } from '../sealing-keys.ts';
import type { Sealing } from './sealing.ts';

const FIRST_REST_MS = 40;
const LONGEST_REST_MS = 2000;

/** How long to rest after so many attempts: runners that met differ by their names, so that they do not meet again. */
export function restOf(name: string, attempt: number): number {
  const chance = createHash('sha256').update(`${name}/${attempt}`).digest().readUInt32BE() / 2 ** 32;
  return Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** attempt) * chance;
}

export interface SealingSettings {
  readonly COUNTY: CountyCode;
  readonly SIMULATION: 'true' | 'false';
  readonly ARCHIVE_BUCKET: string;
  readonly SIGNING_KEYS: readonly string[];
  readonly LOG_ORIGIN: string;
}

/** For each call, by a name that tells it from others. */
export function deployedSealing({ COUNTY, SIMULATION, ARCHIVE_BUCKET, SIGNING_KEYS, LOG_ORIGIN }: SealingSettings) {
  const shared = {
    county: COUNTY,
    origin: LOG_ORIGIN,
    log: dynamoLogStore(COUNTY),
    ledger: dynamoLedgerStore,
    archive: s3ArchiveFiles(ARCHIVE_BUCKET),
    keys: sealingKeys(LOG_ORIGIN, SIGNING_KEYS),
    now: byNow(SIMULATION === 'true'),
  };
  return (name: string, outOfTime: () => boolean): Sealing & typeof shared => ({
    ...shared,
    rest: (attempt) => pause(restOf(name, attempt)),
    outOfTime,
  });
}
