/** Photos and documents of the sample, made here byte by byte, and their way into the evidence bucket by the form that the API signs. */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { requestUpload } from '../../../functions/serve-checks/api.ts';
import type { Instant } from '../../../shared/domain/calendar.ts';
import type { CreditCode } from '../../../shared/domain/credit-code.ts';
import type { EvidenceKey } from '../../../shared/domain/ids.ts';
import type { AreaNamed } from '../../../shared/runtime/area-in-sight.ts';
import type { ApiClient } from './api-client.ts';
import type { SamplePerson } from './county.ts';

const SIDE = 16;
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** CRC-32 of ISO 3309, as PNG asks for it; Node.js has one only since 20.15. */
function crc32(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A small picture in a colour of its own: each subject has another. */
export function photoOf(subject: string): Buffer {
  const pixel = createHash('sha256').update(subject).digest().subarray(0, 3);
  const row = Buffer.concat([Buffer.from([0]), ...Array.from({ length: SIDE }, () => pixel)]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  header.set([8, 2], 8); // eight bits for each of three colours
  return Buffer.concat([
    PNG_SIGNATURE,
    chunk('IHDR', header),
    chunk('tEXt', Buffer.from(`Comment\0sample ${createHash('sha256').update(subject).digest('hex')}`, 'latin1')),
    chunk('IDAT', deflateSync(Buffer.concat(Array.from({ length: SIDE }, () => row)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A document of one empty page whose title says what it stands for. */
export const documentOf = (subject: string): Buffer =>
  Buffer.from(
    `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
4 0 obj<</Title<FEFF${Buffer.from(subject, 'utf16le').swap16().toString('hex')}>>>endobj
trailer<</Root 1 0 R/Info 4 0 R/Size 5>>
%%EOF
`,
    'latin1',
  );

export interface EvidenceFile {
  readonly type: 'image/png' | 'application/pdf';
  readonly content: Buffer;
}

export const photo = (subject: string): EvidenceFile => ({ type: 'image/png', content: photoOf(subject) });
export const paper = (subject: string): EvidenceFile => ({ type: 'application/pdf', content: documentOf(subject) });

/** Sends a file by a form: the fields that were signed, then the file. */
export async function sendForm(
  { url, fields }: { readonly url: string; readonly fields: Readonly<Record<string, string>> },
  { type, content }: { readonly type: string; readonly content: Buffer },
): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([new Uint8Array(content)], { type }));
  const answer = await fetch(url, { method: 'POST', body: form });
  if (!answer.ok) throw new Error(`the upload to ${url} was refused: ${answer.status} ${(await answer.text()).slice(0, 300)}`);
}

/** What a file says of itself before it is sent. */
export const detailsOf = ({ type, content }: EvidenceFile) => ({
  type,
  bytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
});

/** Uploads a piece of evidence of an enterprise, or of a risk of a public area; answers the key under which it is referred to. */
export const uploadBy =
  (api: ApiClient) =>
  async (as: SamplePerson, at: Instant, of: CreditCode | AreaNamed, file: EvidenceFile): Promise<EvidenceKey> => {
    const details = detailsOf(file);
    const body = { ...(typeof of === 'string' ? { enterprise: of } : { area: of }), ...details };
    const upload = await api(requestUpload, { as, at, key: `evidence-${details.sha256.slice(0, 32)}`, body });
    await sendForm(upload, file);
    return upload.key;
  };
