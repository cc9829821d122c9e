/**
 * The parts of a ZIP archive, unpacked within bounds: what an archive says about its own sizes is not believed, so one that would
 * swell beyond measure is refused while it swells.
 */
import { inflateRawSync } from 'node:zlib';
import { UnreadableFile } from './unreadable.ts';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

/** A workbook of this system's size has some dozens of parts. */
const MOST_PARTS = 2_000;
/** Lists pack to about a tenth. All parts that are read together may take this many times the largest file, unpacked. */
const SWELLING = 12;

const broken = () =>
  new UnreadableFile('not-a-workbook', '文件已损坏或不是 Excel 工作簿（.xlsx），请用 Excel 或 WPS 另存为“.xlsx”后再上传');
const swollen = () => new UnreadableFile('swollen-file', '文件解压后过大，请删除多余的工作表、空行和格式后再上传');

export interface Archive {
  readonly has: (path: string) => boolean;
  /** The part unpacked; `undefined` where there is none. */
  readonly read: (path: string) => Buffer | undefined;
}

/** `fileBytes` is how large a file may be. */
export function openArchive(file: Buffer, fileBytes: number): Archive {
  const parts = directoryOf(file);
  let left = fileBytes * SWELLING;
  return {
    has: (path) => parts.has(path.toLowerCase()),
    read: (path) => {
      const part = parts.get(path.toLowerCase());
      if (part === undefined) return undefined;
      const { method, packed } = part;
      const bytes = method === STORED ? packed : inflated(packed, left);
      left -= bytes.length;
      if (left < 0) throw swollen();
      return bytes;
    },
  };
}

function inflated(packed: Buffer, most: number): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, most) });
  } catch (error) {
    throw typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
      ? swollen()
      : broken();
  }
}

function directoryOf(file: Buffer): Map<string, { method: number; packed: Buffer }> {
  const end = endOfDirectory(file);
  const count = file.readUInt16LE(end + 10);
  if (count > MOST_PARTS) throw swollen();
  const parts = new Map<string, { method: number; packed: Buffer }>();
  let at = file.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== DIRECTORY_ENTRY) throw broken();
    const flags = file.readUInt16LE(at + 8);
    const method = file.readUInt16LE(at + 10);
    const size = file.readUInt32LE(at + 20);
    const [name, extra, comment] = [file.readUInt16LE(at + 28), file.readUInt16LE(at + 30), file.readUInt16LE(at + 32)];
    const local = file.readUInt32LE(at + 42);
    const path = file.toString('utf8', at + 46, at + 46 + name);
    if ((flags & ENCRYPTED) !== 0) throw new UnreadableFile('encrypted-file', '文件设有密码，请取消密码后再上传');
    if (method !== STORED && method !== DEFLATED) throw broken();
    if (local + 30 > file.length || file.readUInt32LE(local) !== LOCAL_ENTRY) throw broken();
    const from = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    if (from + size > file.length) throw broken();
    parts.set(path.replaceAll('\\', '/').toLowerCase(), { method, packed: file.subarray(from, from + size) });
    at += 46 + name + extra + comment;
  }
  return parts;
}

function endOfDirectory(file: Buffer): number {
  for (let at = file.length - END_BYTES; at >= 0 && at >= file.length - END_BYTES - LONGEST_COMMENT; at--) {
    if (file.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  throw broken();
}
