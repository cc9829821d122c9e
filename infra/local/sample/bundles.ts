/**
 * What the county published of its draws and inspections, fetched as an auditor fetches it, through the public door and without a token,
 * into one folder for each draw; and held against the algorithm by the code that `npm run verify` runs.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { authorityIndex, drawIndex, resultIndex } from '../../../shared/data/published.ts';
import type { Instant } from '../../../shared/domain/calendar.ts';
import { authorityName, paddedNumber } from '../../../shared/domain/draw.ts';
import type { CountyCode, Department } from '../../../shared/domain/ids.ts';
import { sha256 as hashOf } from '../../../shared/draw/bytes.ts';
import { verifyDraw } from '../../../shared/draw/verify-draw.ts';
import { verifySeries } from '../../../shared/draw/verify-series.ts';
import { readBundle } from '../../cli/read-bundle.ts';
import type { Scene } from './act.ts';
import { inParallel } from './api-client.ts';

/** A draw as it was published. */
export interface PublishedDraw {
  readonly drawId: string;
  readonly folder: string;
  readonly isRevealed: boolean;
  /** SHA-256 of each file. */
  readonly files: Readonly<Record<string, string>>;
  /** How many objects its results have drawn. */
  readonly drawn: number;
  /** What the verification found wrong. */
  readonly fault?: string;
}

export interface PublishedSeries {
  readonly authority: string;
  readonly draws: readonly PublishedDraw[];
  /** Tasks whose results are published, by number of the draw. */
  readonly results: readonly string[];
  readonly fault?: string;
}

export interface Fetching {
  readonly published: Scene['published'];
  readonly county: CountyCode;
  /** Where the folders of the authorities come to lie. */
  readonly folder: string;
  readonly at: Instant;
  readonly signal: AbortSignal;
  readonly tell: (howFar: string) => void;
}

const ABREAST = 6;
const seconds = (at: Instant): string => at.replace('.000Z', 'Z');

interface Wanted {
  readonly path: string;
  readonly file: string;
  /** Its hash, where the index says it: what lies there already need not be fetched again. */
  readonly sha256?: string;
}

async function fetchInto({ published, signal }: Fetching, { path, file, sha256 }: Wanted): Promise<void> {
  signal.throwIfAborted();
  if (sha256 !== undefined && existsSync(file) && hashOf(readFileSync(file)) === sha256) return;
  const bytes = await published(path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

async function readJson<T>({ published }: Fetching, path: string, read: (value: unknown) => T): Promise<T> {
  return read(JSON.parse((await published(path)).toString('utf8')));
}

/** Everything that is published, authority by authority. */
export async function fetchPublished(fetching: Fetching): Promise<PublishedSeries[]> {
  const { authorities } = await readJson(fetching, '/public/draws', (value) => authorityIndex.parse(value));
  const series: PublishedSeries[] = [];
  for (const { authority } of authorities) {
    fetching.tell(`what ${authority} has published`);
    series.push(await fetchSeries(fetching, authority));
  }
  return series;
}

async function fetchSeries(fetching: Fetching, authority: Department): Promise<PublishedSeries> {
  const { county, folder, at } = fetching;
  const name = authorityName(county, authority);
  const { draws } = await readJson(fetching, `/public/draws/${name}`, (value) => drawIndex.parse(value));
  const wanted: Wanted[] = [];
  const folders = new Map<number, string>();
  for (const { number, revealedAt, files } of draws) {
    const closed = join(folder, name, paddedNumber(number));
    const open = join(folder, name, 'open', paddedNumber(number));
    if (revealedAt !== undefined && existsSync(open)) renameSync(open, closed);
    const own = revealedAt === undefined ? open : closed;
    folders.set(number, own);
    for (const { file, sha256 } of files)
      wanted.push({ path: `/public/draws/${name}/${paddedNumber(number)}/${file}`, file: join(own, file), sha256 });
  }
  await inParallel(wanted, ABREAST, (one) => fetchInto(fetching, one));
  const results = await fetchResults(
    fetching,
    name,
    draws.filter(({ revealedAt }) => revealedAt).map(({ number }) => number),
  );
  const published = draws.map(({ number, drawId, revealedAt }): PublishedDraw => {
    const own = folders.get(number) ?? '';
    const bundle = readBundle(own);
    const verdict = verifyDraw(bundle, seconds(at));
    return {
      ...{ drawId, folder: own, isRevealed: revealedAt !== undefined },
      files: Object.fromEntries([...bundle].map(([file, bytes]) => [file, hashOf(bytes)])),
      drawn: verdict.ok ? verdict.summary.drawn : 0,
      ...(!verdict.ok && { fault: verdict.fault.message }),
    };
  });
  const all = verifySeries(
    published.map((one) => [one.folder, readBundle(one.folder)] as const),
    seconds(at),
  );
  return { authority: name, draws: published, results, ...(!all.ok && { fault: all.fault.message }) };
}

/** The published results of inspections, whose tasks they answer. */
async function fetchResults(fetching: Fetching, name: string, numbers: readonly number[]): Promise<string[]> {
  const { published, folder } = fetching;
  const lists = await inParallel(numbers, ABREAST, async (number) => {
    const own = `/public/results/${name}/${paddedNumber(number)}`;
    const bytes = await published(own).catch(() => undefined); // a draw that was void before it was drawn has none
    if (bytes === undefined) return [];
    const { results } = resultIndex.parse(JSON.parse(bytes.toString('utf8')));
    return results.map(
      ({ task }): Wanted => ({
        ...{ path: `${own}/${task}`, file: join(folder, name, 'results', paddedNumber(number), `${task}.json`) },
      }),
    );
  });
  const wanted = lists.flat();
  await inParallel(
    wanted.filter(({ file }) => !existsSync(file)),
    ABREAST,
    (one) => fetchInto(fetching, one),
  );
  return wanted.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
}

/** Reads what lies behind the public door; whoever reads names himself to nobody. */
export const publicDoor =
  (apiUrl: string): Scene['published'] =>
  async (path) => {
    const answer = await fetch(`${apiUrl}${path}`);
    if (!answer.ok) throw new Error(`${path} is not published: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
    return Buffer.from(await answer.arrayBuffer());
  };
