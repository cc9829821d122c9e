/** The base64 of RFC 4648, section 4, and no other writing of the same bytes. */

export const base64Of = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The bytes of a text, or nothing where they would be written in another way or are not as many as they have to be. */
export function bytesOfBase64(text: string, length?: number): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text || (length !== undefined && bytes.length !== length)) return undefined;
  return bytes;
}
