/** A file that cannot be read at all. Trying again cannot help; the message is a Chinese sentence for whoever sent it. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** How large a file may be in every direction; from the policy. */
export interface FileLimits {
  readonly fileBytes: number;
  readonly rows: number;
  readonly sheets: number;
  readonly columns: number;
  readonly cellCharacters: number;
}

export const tooManyRows = (limits: FileLimits) =>
  new UnreadableFile('too-many-rows', `文件超过 ${limits.rows} 行，请分成几个文件导入`);
export const tooManyColumns = (limits: FileLimits, sheet: string) =>
  new UnreadableFile('too-many-columns', `工作表“${sheet}”超过 ${limits.columns} 列，请删除多余的列`);
