/**
 * What everybody may read: of draws and inspections files under `published/`, of the log what has only hashes, by names that cannot lead anywhere
 * else; and what a witness may hand in.
 */

import { authorityIndex, drawIndex, publishedKeys } from '../../shared/data/published.ts';
import { type CountyCode, type Department, department, taskId } from '../../shared/domain/ids.ts';
import { PUBLIC_ADDRESSES, type PublicRoute } from './environment.ts';
import type { PublishedBytes } from './published-bucket.ts';
import { type LogRoute, serveLog } from './served-log.ts';
import { type Taken, takeCosignature, type Witnessed } from './taken-cosignature.ts';

/** What is answered: the bytes, or where they lie for a short while, or why not. */
export type Published =
  | { readonly status: 200; readonly type: string; readonly body: Uint8Array; readonly seconds: number }
  | { readonly status: 302; readonly location: string }
  | { readonly status: 404; readonly says: string }
  | Taken;

export interface ServePublished {
  readonly county: CountyCode;
  readonly bucket: PublishedBytes;
  readonly log: Witnessed;
}

const absent: Published = { status: 404, says: '没有找到公开的文件，请核对抽查机关、编号和文件名。' };

/** Indexes and results change within minutes; a county's readers are few. */
const SECONDS = 60;

const isRoute = (key: string): key is PublicRoute => PUBLIC_ADDRESSES.some(({ method, path }) => `${method} ${path}` === key);

const FILE = /^[a-z][a-z0-9-]{0,40}\.(?:json|tsv)$/;
const typeOf = (file: string): string =>
  file.endsWith('.tsv') ? 'text/tab-separated-values; charset=utf-8' : 'application/json; charset=utf-8';

interface Named {
  readonly authority: Department;
  readonly number?: number;
  readonly file?: string;
  readonly task?: string;
}

/** The names of a request; `undefined` where one has not the form of a name. The county may be written before the authority. */
function namesOf(county: CountyCode, given: Readonly<Record<string, string | undefined>>): Named | undefined {
  const authority = given.authority?.startsWith(`${county}.`) ? given.authority.slice(county.length + 1) : given.authority;
  const { number, file, task } = given;
  if (authority === undefined || !department.is(authority)) return undefined;
  if (number !== undefined && !/^\d{1,6}$/.test(number)) return undefined;
  if (file !== undefined && !FILE.test(file)) return undefined;
  if (task !== undefined && !taskId.is(task)) return undefined;
  return {
    authority,
    ...(number !== undefined && { number: Number(number) }),
    ...(file !== undefined && { file }),
    ...(task !== undefined && { task }),
  };
}

const isOfLog = (route: PublicRoute): route is LogRoute => route.startsWith('GET /public/log/');

export const servePublished = ({ county, bucket, log }: ServePublished) => {
  const keys = publishedKeys(county);
  const ofLog = serveLog(log);
  const take = takeCosignature(log);

  const whole = async (key: string, file: string): Promise<Published> => {
    const found = await bucket.open(key);
    if (found === undefined) return absent;
    if ('location' in found) return { status: 302, location: found.location };
    return { status: 200, type: typeOf(file), body: found.bytes, seconds: SECONDS };
  };
  const json = (value: unknown): Published => ({
    status: 200,
    type: typeOf('.json'),
    body: Buffer.from(JSON.stringify(value)),
    seconds: SECONDS,
  });
  const textOf = async (key: string): Promise<unknown> => {
    const text = await bucket.text(key);
    return text === undefined ? undefined : JSON.parse(text);
  };

  return async (
    routeKey: string,
    given: Readonly<Record<string, string | undefined>>,
    sent: Uint8Array = new Uint8Array(),
  ): Promise<Published> => {
    if (!isRoute(routeKey)) return absent;
    if (routeKey === 'POST /public/log/cosignatures') return take(sent);
    if (isOfLog(routeKey)) return ofLog(routeKey, given);
    if (routeKey === 'GET /public/draws') {
      const index = await textOf(keys.draws);
      return json(index === undefined ? { authorities: [] } : authorityIndex.parse(index));
    }
    if (routeKey === 'GET /public/policies/{sha256}') {
      const { sha256 = '' } = given;
      return /^[0-9a-f]{64}$/.test(sha256) ? whole(keys.policy(sha256), '.json') : absent;
    }
    const named = namesOf(county, given);
    if (named === undefined) return absent;
    const { authority, number = 0, file = '', task = '' } = named;
    switch (routeKey) {
      case 'GET /public/draws/{authority}':
        return whole(keys.drawsOf(authority), '.json');
      case 'GET /public/draws/{authority}/{number}': {
        const index = await textOf(keys.drawsOf(authority));
        const found = index === undefined ? undefined : drawIndex.parse(index).draws.find((draw) => draw.number === number);
        return found === undefined ? absent : json(found);
      }
      case 'GET /public/draws/{authority}/{number}/{file}':
        return whole(keys.drawFile(authority, number, file), file);
      case 'GET /public/results/{authority}/{number}':
        return whole(keys.resultsOf(authority, number), '.json');
      case 'GET /public/results/{authority}/{number}/{task}':
        return whole(keys.result(authority, number, taskId(task)), '.json');
      case 'GET /public/items/{authority}':
        return whole(keys.itemsOf(authority), '.json');
      case 'GET /public/plans/{authority}':
        return whole(keys.plansOf(authority), '.json');
    }
  };
};
