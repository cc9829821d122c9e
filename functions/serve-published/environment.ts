import * as z from 'zod';
import { countyCode } from '../../shared/domain/ids.ts';

/** Reads `published/*` of the bucket of draws and nothing else. */
export const environment = z.object({
  COUNTY: z.string().transform(countyCode),
  DRAWS_BUCKET: z.string(),
});

/** What everybody may read, without a token. No operation of the access table stands behind it: it was published before it gets here. */
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
] as const;
