/** Reads a list file, whatever its kind. */
import type { RawSheet } from '../../domain/import-rows.ts';
import { readCsv } from './csv.ts';
import { type FileLimits, UnreadableFile } from './unreadable.ts';
import { readWorkbook } from './workbook.ts';

export const FORMATS = ['xlsx', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
};

const OLD_WORKBOOK = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);

/** The cells of all sheets. Throws `UnreadableFile` and nothing else. What the file is shows in its bytes, not in its name. */
export function readSheets(file: Buffer, limits: FileLimits): RawSheet[] {
  if (file.length > limits.fileBytes) {
    throw new UnreadableFile('file-too-large', `文件超过 ${Math.floor(limits.fileBytes / 1_048_576)} MB，请分成几个文件导入`);
  }
  if (file.length === 0) throw new UnreadableFile('empty-file', '文件是空的，请按模板填写后再上传');
  if (file.subarray(0, 4).equals(OLD_WORKBOOK)) {
    throw new UnreadableFile('old-or-encrypted-workbook', '这是旧版 .xls 或加了密码的工作簿，请取消密码，另存为“.xlsx”后再上传');
  }
  return file.subarray(0, 2).toString('latin1') === 'PK' ? readWorkbook(file, limits) : readCsv(file, limits);
}
