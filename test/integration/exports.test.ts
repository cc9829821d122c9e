/**
 * The archive on its whole way: what is recorded is sealed and signed, nobody takes it back, a day is closed, and an auditor reads, downloads
 * and verifies what an audit of his is about, and nothing else; with the rights of each function's own role and nothing more.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  endAudit,
  handOutLinks,
  listExports,
  listFiles,
  listReads,
  openAudit,
  readExport,
  readSalts,
  requestExport,
} from '../../functions/serve-exports/api.ts';
import { everyItem, Refused } from '../../infra/local/sample/api-client.ts';
import { logKeys } from '../../infra/local/sample/exports.ts';
import { verifyStamps } from '../../infra/local/sample/stamps.ts';
import { python } from '../../infra/local/setup.mjs';
import { witnessOnce, witnessVkey } from '../../infra/local/witness.ts';
import { openCheckpoint, type SignedCheckpoint } from '../../shared/archive/checkpoint.ts';
import { entriesPath, logFolder, TILE } from '../../shared/archive/paths.ts';
import { decodeEntries } from '../../shared/archive/tiles.ts';
import { type Day, dayOf, type Instant, instant, plusDays, plusMs, startOfDay } from '../../shared/domain/calendar.ts';
import { auditId, countyCode, type ExportId, exportId, hazardId } from '../../shared/domain/ids.ts';
import { policyFor } from '../../shared/policy/load.ts';
import { casesOf } from '../support/cases.ts';
import {
  authorities,
  type County,
  eventually,
  freshKey,
  PHONE,
  registeredWorks,
  SURNAME,
  somebody,
  theCounty,
  type Works,
} from '../support/works.ts';

const MINUTE_MS = 60_000;
const code = countyCode('533102');
const folder = `${logFolder(code)}/`;
const when = instant('2026-05-04T09:10:00+08:00');

let county: County;
let s3: S3Client;
let admin: S3Client | undefined;
let Bucket: string;
let works: Works;
let hazard: string;
let downloads: string;

const object = async (Key: string): Promise<Buffer> =>
  Buffer.from((await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToByteArray()) ?? []);

/** What everybody can read of the log. */
const door = async (name: string): Promise<Buffer> =>
  Buffer.from(await (await fetch(`${county.cloud.apiUrl}/public/log/${name}`)).arrayBuffer());

async function keysOfLog(): Promise<readonly string[]> {
  const { keys } = logKeys.parse(JSON.parse((await door('keys')).toString('utf8')));
  return keys.map(({ vkey }) => vkey);
}

/** The newest checkpoint, verified by the key that everybody can read. */
const checkpoint = async (): Promise<SignedCheckpoint> =>
  openCheckpoint(await door('checkpoint'), await keysOfLog(), 'checkpoint');

/** Entries of the first tile of the log, which is all of it that these tests read themselves. */
async function firstEntries(size: number): Promise<{ subject: string; sequence: number; at: Instant }[]> {
  const width = Math.min(size, TILE);
  const entries = decodeEntries(await object(`${folder}${entriesPath(0, width)}`), width) ?? [];
  return entries.map((bytes) => JSON.parse(Buffer.from(bytes).toString('utf8')));
}

/** A user of the account who may do everything: only the emulator's own, since elsewhere nobody wants one more. */
async function administrator(): Promise<{ accessKeyId: string; secretAccessKey: string }> {
  const iam = async (Action: string, more: Readonly<Record<string, string>>): Promise<string> => {
    const answer = await fetch(county.cloud.client.endpoint, {
      method: 'POST',
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: new URLSearchParams({ Action, Version: '2010-05-08', UserName: `administrator-${works.uscc}`, ...more }),
    });
    if (!answer.ok) throw new Error(`${Action}: ${answer.status} ${await answer.text()}`);
    return answer.text();
  };
  const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  await iam('CreateUser', {});
  await iam('PutUserPolicy', { PolicyName: 'Everything', PolicyDocument: JSON.stringify(everything) });
  const key = await iam('CreateAccessKey', {});
  const member = (name: string): string => new RegExp(`<${name}>([^<]+)</${name}>`).exec(key)?.[1] ?? '';
  return { accessKeyId: member('AccessKeyId'), secretAccessKey: member('SecretAccessKey') };
}

/** That he may do everything, and nothing that would take it back, or change who may. */
async function expectRefused(Bucket: string, Key: string, VersionId: string | undefined): Promise<void> {
  admin ??= new S3Client({ ...county.cloud.client, forcePathStyle: true, credentials: await administrator() });
  await expect(admin.send(new GetObjectLockConfigurationCommand({ Bucket }))).resolves.toBeDefined();
  const never = [
    new DeleteObjectCommand({ Bucket, Key, VersionId }),
    new DeleteObjectCommand({ Bucket, Key }),
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
    new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } }),
    new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [] } }),
    new PutBucketPolicyCommand({ Bucket, Policy: '{"Version":"2012-10-17","Statement":[]}' }),
    new DeleteBucketPolicyCommand({ Bucket }),
    new DeleteBucketCommand({ Bucket }),
  ];
  for (const command of never) {
    // One client sends them all; each command has a type of its own.
    const refused = admin.send(command as DeleteObjectCommand).then(
      () => 'done',
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );
    expect([command.constructor.name, await refused]).toEqual([command.constructor.name, 'AccessDenied']);
  }
}

beforeAll(async () => {
  county = await theCounty();
  s3 = new S3Client({ ...county.cloud.client, forcePathStyle: true });
  Bucket = county.cloud.outputs.ArchiveBucket ?? '';
  downloads = mkdtempSync(join(tmpdir(), 'exports-'));
}, 60_000);
afterAll(() => {
  s3.destroy();
  admin?.destroy();
  rmSync(downloads, { recursive: true, force: true });
});

describe('what was recorded', () => {
  let head: SignedCheckpoint;

  beforeAll(async () => {
    works = await registeredWorks(county.api, when, 'RED');
    hazard = await casesOf(county).report(works, plusMs(when, MINUTE_MS));
  }, 60_000);

  test('is sealed within the delay that the policy gives, in a log that the published key has signed', async () => {
    const { within } = policyFor(code, when).exports.seal;
    const begun = Date.now();
    head = await eventually(
      'what was recorded is sealed',
      async () => {
        const signed = await checkpoint().catch(() => undefined);
        if (signed === undefined || signed.size > TILE) return signed;
        const entries = await firstEntries(signed.size);
        return entries.some(({ subject }) => subject.includes(hazard)) ? signed : undefined;
      },
      2 * within.minutes * 60, // other tests have their turn beside it
    );
    expect(head.origin).toBe(county.cloud.outputs.LogOrigin);
    expect(Date.now() - begun).toBeLessThan(2 * within.minutes * MINUTE_MS);
  }, 150_000);

  test('names nobody and no telephone', async () => {
    const entries = JSON.stringify(await firstEntries(head.size));
    expect(entries).toContain('sxj-pii-1:');
    for (const personal of [SURNAME, PHONE]) expect(entries).not.toContain(personal);
  });

  test('is taken back by nobody: neither by whoever may do everything in the account, nor by its root', async () => {
    const Key = `${folder}${entriesPath(0, Math.min(head.size, TILE))}`;
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    const VersionId = Versions.find((one) => one.Key === Key)?.VersionId;
    const sealed = await object(Key);
    // The root, whom no policy holds: the lock does.
    await expect(s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }))).rejects.toThrow('Access Denied');
    const until = (await s3.send(new HeadObjectCommand({ Bucket, Key, VersionId }))).ObjectLockRetainUntilDate;
    const { retention } = policyFor(code, when).exports;
    const years = new Date();
    years.setFullYear(years.getFullYear() + retention.years);
    expect(until?.getTime()).toBeGreaterThan(years.getTime() - 24 * 60 * MINUTE_MS);
    await expect(s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x', IfNoneMatch: '*' }))).rejects.toThrow();

    if (county.cloud.isOurs) await expectRefused(Bucket, Key, VersionId);
    expect((await object(Key)).equals(sealed)).toBe(true);
  });

  test.each([
    ['EvidenceBucket', 'evidence'],
    ['DrawsBucket', 'rosters'],
  ])('nor is what lies in the %s', async (name, folder) => {
    if (!county.cloud.isOurs) return; // elsewhere nobody wants a file that stays for years
    const [Bucket, Key] = [county.cloud.outputs[name] ?? '', `${folder}/${works.uscc}`];
    const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'once', IfNoneMatch: '*' }));
    await expect(s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }))).rejects.toThrow('Access Denied');
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key, VersionId }))).ObjectLockMode).toBe('COMPLIANCE');
    await expectRefused(Bucket, Key, VersionId);
  });
});

describe('a day that has ended', () => {
  const auditor = somebody('auditor', 'test-auditor-of-exports');
  const stranger = somebody('auditor', 'test-auditor-of-nothing');
  let day: Day;
  let at: Instant;
  let bundle: ExportId;
  let audit: string;

  /** The files of an export, through links that the auditor takes, into a folder. */
  async function downloaded(id: ExportId): Promise<string> {
    const to = join(downloads, id);
    const files = await everyItem((from) => county.api(listFiles, { as: auditor, at, params: { id }, query: from }));
    const paths = files.map(({ path }) => path);
    for (let first = 0; first < paths.length; first += 100) {
      const asked = { as: auditor, at, key: freshKey(), params: { id }, body: { paths: paths.slice(first, first + 100) } };
      const { items } = await county.api(handOutLinks, asked);
      for (const { path, url } of items) {
        const answer = await fetch(url);
        expect([path, answer.status]).toEqual([path, 200]);
        mkdirSync(dirname(join(to, path)), { recursive: true });
        writeFileSync(join(to, path), Buffer.from(await answer.arrayBuffer()));
      }
    }
    return to;
  }

  const verified = (to: string): string => {
    const vkeys = readFileSync(join(to, 'log', 'vkey'), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    const keys = [...vkeys.flatMap((vkey) => ['--vkey', vkey]), '--witness', witnessVkey()];
    return execFileSync(python, ['-I', join(to, 'verify.py'), to, ...keys], { encoding: 'utf8' });
  };

  const refusal = (asked: Promise<unknown>): Promise<unknown> =>
    asked.then(
      () => 'answered',
      (error: unknown) => (error instanceof Refused ? error.status : error),
    );

  beforeAll(async () => {
    // The first day of the log: whatever other tests have recorded of other days, it has ended by its next midnight.
    const [first] = await firstEntries((await checkpoint()).size);
    day = dayOf(first?.at ?? when);
    at = plusMs(plusDays(startOfDay(day), 1), 20 * MINUTE_MS);
    // A witness has seen it by then, and handed in what it cosigned.
    const seen = join(downloads, 'seen.checkpoint');
    expect(await witnessOnce({ apiUrl: county.cloud.apiUrl, vkeys: await keysOfLog(), state: seen })).toBeUndefined();
    expect((await door('cosigned')).equals(readFileSync(seen))).toBe(true);
    await county.cloud.makeExports(at);
    bundle = exportId('day-000001');
  }, 120_000);

  test('is closed as the first bundle', async () => {
    const closed = await county.api(readExport, { as: authorities.committee, at, params: { id: bundle } });
    expect(closed).toMatchObject({ kind: 'day', from: day, to: day, first: 0, stage: 'closed', closed: { sequence: 1 } });
    expect(closed.end).toBe(closed.closed?.events);
  });

  test('is nobody’s to read who has no audit of it', async () => {
    const asked = { at, params: { id: bundle } };
    for (const as of [auditor, stranger]) {
      expect((await county.api(listExports, { as, at, query: {} })).items).toEqual([]);
      expect(await refusal(county.api(readExport, { as, ...asked }))).toBe(404);
      expect(await refusal(county.api(handOutLinks, { as, ...asked, key: freshKey(), body: {} }))).toBe(404);
    }
    expect(await refusal(county.api(readExport, { as: works.manager, ...asked }))).toBe(404);
  });

  test('is read, downloaded and verified by whom an audit of it was opened for', async () => {
    const body = {
      auditor: auditor.id,
      from: day,
      to: day,
      until: plusDays(at, 7),
      readsPersonalData: false,
      reason: '集成测试',
    };
    const opened = await county.api(openAudit, { as: authorities.committee, at, key: freshKey(), body });
    audit = opened.id;
    const { items } = await county.api(listExports, { as: auditor, at, query: { kind: 'day' } });
    expect(items.map(({ id }) => id)).toEqual([bundle]);
    const fetched = await downloaded(bundle);
    expect(verified(fetched)).toMatch(/^day-000001 of 533102\b[\s\S]*\nYes: /);
    expect(await verifyStamps(downloads, [fetched])).toEqual({ stamped: 1, faults: [] });
    expect(await refusal(county.api(readExport, { as: stranger, at, params: { id: bundle } }))).toBe(404);
    const { items: reads } = await county.api(listReads, { as: authorities.committee, at, params: { id: bundle }, query: {} });
    expect(reads[0]).toMatchObject({ by: { id: auditor.id, role: 'auditor' }, what: 'files', audit });
  }, 60_000);

  test('shows no personal data to an auditor whose audit is not about any', async () => {
    const asked = { at, key: freshKey(), params: { id: bundle }, body: {} };
    expect(await refusal(county.api(readSalts, { as: auditor, ...asked }))).toBe(404);
  });

  test('is not closed a second time, and nothing of it may be put again', async () => {
    await county.cloud.makeExports(at);
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'day/bundle=000001/' }));
    const keys = Versions.map(({ Key }) => Key);
    expect(new Set(keys).size).toBe(keys.length);
  }, 60_000);

  test('is closed to an auditor whose audit was ended', async () => {
    const asked = {
      as: authorities.committee,
      at,
      key: freshKey(),
      params: { id: auditId(audit) },
      body: { because: '任务完成' },
    };
    expect(await county.api(endAudit, asked)).toMatchObject({ isOpen: false });
    const later = plusMs(at, MINUTE_MS);
    expect(await refusal(county.api(readExport, { as: auditor, at: later, params: { id: bundle } }))).toBe(404);
  });

  test('does not keep a hazard from being exported alone, each of its events with its proof', async () => {
    const body = { request: { kind: 'hazard' as const, hazard: hazardId(hazard) }, reason: '集成测试' };
    const asked = await county.api(requestExport, { as: authorities.committee, at, key: freshKey(), body });
    const id = exportId(asked.id);
    const closed = await eventually('the hazard is exported', async () => {
      const found = county.api(readExport, { as: authorities.committee, at, params: { id } });
      const one = await found.catch(() => undefined); // it is not there before its run has begun
      return one?.stage === 'closed' ? one : undefined;
    });
    expect(closed.closed?.events).toBeGreaterThan(0);
    await county.api(openAudit, {
      ...{ as: authorities.committee, at, key: freshKey() },
      body: {
        auditor: auditor.id,
        from: closed.from,
        to: closed.to,
        until: plusDays(at, 7),
        readsPersonalData: false,
        reason: '集成测试',
      },
    });
    expect(verified(await downloaded(id))).toMatch(/\nYes: /);
  }, 120_000);
});
