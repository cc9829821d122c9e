import * as z from 'zod';
import { COSIGNATURE, readVkey } from '../../shared/archive/vkey.ts';
import { countyCode } from '../../shared/domain/ids.ts';

/** The verifier keys (type 4) of the log's witnesses, as the deployment names them. */
const witnesses = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.array(z.string().refine((vkey) => readVkey(vkey, COSIGNATURE, 'WITNESSES'))).max(16));

/**
 * Reads `published/*` of the bucket of draws; of the archive the tiles of hashes (`log/<county>/tile/<level>/*`), and no entry; of EXPORTS the
 * partition of the log, for its newest checkpoint. Writes of EXPORTS the partition of what witnesses cosigned. Nothing else.
 */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  DRAWS_BUCKET: z.string(),
  ARCHIVE_BUCKET: z.string(),
  EXPORTS_TABLE: z.string(),
  WITNESSES: witnesses,
});

/** The levels of tiles of which it may read: a log that needs more has 2^64 entries. */
export const TILE_LEVELS = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/**
 * What everybody may read, without a token, and the one thing that is taken so. No operation of the access table stands behind it: what is read was
 * published before it gets here, and what is taken proves itself.
 */
export const PUBLIC_ADDRESSES = [
  { method: 'GET', path: '/public/draws', summary: '各机关的各期抽查：种类、周期、进度' },
  { method: 'GET', path: '/public/draws/{authority}', summary: '一个机关的各期抽查和已公开的文件及其哈希' },
  { method: 'GET', path: '/public/draws/{authority}/{number}', summary: '一次抽查的进度和已公开的文件及其哈希' },
  {
    method: 'GET',
    path: '/public/draws/{authority}/{number}/{file}',
    summary: '一次抽查已公开的一个文件，原样：announcement.json 自公告起；其余自揭示起，凭全部文件可自行验证',
  },
  { method: 'GET', path: '/public/results/{authority}/{number}', summary: '一次抽查已公示的检查结果' },
  { method: 'GET', path: '/public/results/{authority}/{number}/{task}', summary: '一项检查的结果，不含个人信息' },
  { method: 'GET', path: '/public/items/{authority}', summary: '一个机关的抽查事项清单' },
  { method: 'GET', path: '/public/plans/{authority}', summary: '一个机关的抽查计划' },
  { method: 'GET', path: '/public/policies/{sha256}', summary: '公告所依据的政策参数全文，按公告中的哈希（policy）' },
  {
    method: 'GET',
    path: '/public/log/checkpoint',
    summary: '封存日志最新的检查点（签名文本）：记下它，以后即可证明台账没有被改动',
    type: 'text/plain',
  },
  {
    method: 'GET',
    path: '/public/log/cosigned',
    summary: '见证方联署过的最新检查点（签名文本）',
    type: 'text/plain',
  },
  {
    method: 'POST',
    path: '/public/log/cosignatures',
    summary: '见证方提交其联署的检查点（签名文本）：只收本县登记的见证方对本县检查点的有效联署',
    takes: 'text/plain',
  },
  { method: 'GET', path: '/public/log/keys', summary: '封存日志的验证公钥，自第几条起签名；已停用的也在其中' },
  {
    method: 'GET',
    path: '/public/log/tile/{level}/{path+}',
    summary: '封存日志的哈希瓦片（C2SP tlog-tiles），供见证方核对两个检查点；只有哈希，没有内容',
    type: 'application/octet-stream',
  },
] as const;

type Keyed<Address extends { readonly method: string; readonly path: string }> = Address extends Address
  ? `${Address['method']} ${Address['path']}`
  : never;
export type PublicRoute = Keyed<(typeof PUBLIC_ADDRESSES)[number]>;
