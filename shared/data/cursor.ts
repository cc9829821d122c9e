/** Where a page of a list ended, as an opaque text. It names a key and nothing else, so it grants nothing: the next page asks again who asks. */
export type Cursor = string;

/** A cursor that this list did not give out. */
export class CursorMalformed extends Error {
  override readonly name = 'CursorMalformed';
}

export const cursorOf = (key: Record<string, unknown> | undefined): { cursor?: Cursor } =>
  key === undefined ? {} : { cursor: Buffer.from(JSON.stringify(key)).toString('base64url') };

export const startOf = (cursor: Cursor | undefined): { exclusiveStartKey?: Record<string, string> } => {
  if (cursor === undefined) return {};
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (typeof key !== 'object' || key === null) throw new CursorMalformed('no key');
    const entries = Object.entries(key);
    if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) throw new CursorMalformed('no text');
    return { exclusiveStartKey: Object.fromEntries(entries) };
  } catch {
    throw new CursorMalformed('this cursor is not one that the list before answered');
  }
};
