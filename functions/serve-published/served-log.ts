/**
 * The county's log as everybody may follow it (C2SP tlog-tiles): the newest checkpoint, the keys that sign, and the tiles of hashes. An entry
 * is nobody's here. Of a tile that has grown, what it was is its beginning, so whatever was once signed can be asked for at any time.
 */
import { type CosignedHead, newestCosigned } from '../../shared/archive/cosigned.ts';
import { HASH_BYTES } from '../../shared/archive/merkle.ts';
import { TILE, tileNumber } from '../../shared/archive/paths.ts';
import { pathOfTile, tileAt } from '../../shared/archive/tiles.ts';
import type { SignedHead } from '../../shared/domain/sealing.ts';
import type { PublicRoute } from './environment.ts';
import type { Published } from './serve-published.ts';

export interface SealedLog {
  /** `undefined` before anything was signed. */
  signed(): Promise<SignedHead | undefined>;
  /** The hashes of a tile that was signed. */
  tile(path: string): Promise<Uint8Array>;
  /** What each witness saw last. */
  cosigned(): Promise<readonly CosignedHead[]>;
}

export type LogRoute = Extract<PublicRoute, `GET /public/log/${string}`>;

const ABSENT: Published = { status: 404, says: '封存日志中没有这个文件，请按检查点核对层级和编号。' };
/** A checkpoint follows what was recorded within a minute; a hash never changes. */
const CHECKPOINT_SECONDS = 5;
const TILE_SECONDS = 86_400;

/** A tile as its path names it: `x001/x234/067.p/5` */
function namedTile(
  level: string,
  path: string,
): { readonly level: number; readonly n: number; readonly width: number } | undefined {
  const [, groups = '', width] = /^((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path) ?? [];
  if (!/^[0-7]$/.test(level) || groups === '') return undefined;
  const n = Number(groups.replaceAll(/[x/]/g, ''));
  const wide = width === undefined ? TILE : Number(width);
  const isCanonical = tileNumber(n) === groups && (width === undefined || wide < TILE);
  return isCanonical ? { level: Number(level), n, width: wide } : undefined;
}

export const serveLog =
  (log: SealedLog) =>
  async (route: LogRoute, given: Readonly<Record<string, string | undefined>>): Promise<Published> => {
    const signed = await log.signed();
    if (signed === undefined) return ABSENT;
    switch (route) {
      case 'GET /public/log/checkpoint':
        return {
          ...{ status: 200, type: 'text/plain; charset=utf-8' },
          ...{ body: Buffer.from(signed.note), seconds: CHECKPOINT_SECONDS },
        };
      case 'GET /public/log/cosigned': {
        const newest = newestCosigned(await log.cosigned());
        if (newest === undefined) return ABSENT;
        const body = Buffer.from(newest.note);
        return { status: 200, type: 'text/plain; charset=utf-8', body, seconds: CHECKPOINT_SECONDS };
      }
      case 'GET /public/log/keys': {
        const [origin] = signed.note.split('\n');
        const body = { origin, keys: signed.keys, retired: signed.retired ?? [] };
        const type = 'application/json; charset=utf-8';
        return { status: 200, type, body: Buffer.from(JSON.stringify(body)), seconds: CHECKPOINT_SECONDS };
      }
      case 'GET /public/log/tile/{level}/{path+}': {
        const asked = namedTile(given.level ?? '', given.path ?? '');
        const tile = asked && tileAt(asked.level, asked.n, signed.size);
        if (tile === undefined || asked === undefined || tile.width < asked.width) return ABSENT;
        const hashes = await log.tile(pathOfTile(tile));
        const body = hashes.subarray(0, asked.width * HASH_BYTES);
        return { status: 200, type: 'application/octet-stream', body, seconds: TILE_SECONDS };
      }
    }
  };
