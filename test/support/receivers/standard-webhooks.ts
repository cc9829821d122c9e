/**
 * An app's endpoint by Standard Webhooks 1.0.0 (domain.md 16.4): verifies before it reads, and knows what it has by its id. The specification
 * leaves the status of a refusal to the app.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Arrival, fieldOf, isRecord, jsonOf, type Platform, type Robot, textOf, type Verdict } from './platform.ts';

const says = (status: number, message: string): Verdict => ({ status, answer: JSON.stringify({ message }), isTaken: false });

export const standardWebhooks: Platform = {
  keyOf: ({ pathname }) => /^\/hooks\/([^/]+)$/.exec(pathname)?.[1],
  stranger: says(404, 'no such endpoint'),
};

const TOLERANCE_S = 300;
/** "Under about 20 KB": where this endpoint ends it. */
const LONGEST_BODY = 20_480;

/** `whsec_` and the base64 of 24 to 64 bytes; any other is none. */
function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(secret) || key.length < 24 || key.length > 64)
    throw new Error('a secret is whsec_ and the base64 of 24 to 64 bytes');
  return key;
}

/** Whether one of the signatures is by this secret, `whsec_` and base64. */
export function isSignedBy(secret: string, signatures: string, id: string, timestamp: string, body: Buffer): boolean {
  const own = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest();
  return signatures.split(' ').some((one) => {
    const [version, signature = ''] = one.split(',');
    const theirs = Buffer.from(signature, 'base64');
    return version === 'v1' && theirs.length === own.length && timingSafeEqual(theirs, own);
  });
}

function verify({ headers, body, at }: Arrival, secrets: readonly string[]): { id: string } | { fault: Verdict } {
  const header = (name: string) => textOf(headers[`webhook-${name}`]) ?? '';
  const [id, timestamp, signatures] = [header('id'), header('timestamp'), header('signature')];
  if (id === '' || timestamp === '' || signatures === '') return { fault: says(400, 'missing required headers') };
  // What is signed is id.timestamp.body: with a dot in an id it could be read in two ways.
  if (id.includes('.')) return { fault: says(400, 'a full stop in the id') };
  if (!/^\d+$/.test(timestamp) || Math.abs(at / 1000 - Number(timestamp)) > TOLERANCE_S)
    return { fault: says(401, 'message timestamp too old or too new') };
  if (!secrets.some((secret) => isSignedBy(secret, signatures, id, timestamp, body)))
    return { fault: says(401, 'no matching signature found') };
  return { id };
}

/** ISO 8601 with its zone, and a moment that there is. */
function isMoment(text: string): boolean {
  const [, local = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  if (Number.isNaN(Date.parse(text)) || Number.isNaN(Date.parse(`${local}Z`))) return false;
  // A day that its month does not have is read as one of the next.
  return new Date(`${local}Z`).toISOString().startsWith(local);
}

/** `secrets`: those that the app holds; after a rotation it may know the new one only, or the old. */
export function webhookEndpoint(secrets: readonly string[]): Robot {
  const had = new Set<string>();
  for (const secret of secrets) keyOf(secret);
  return {
    judge(arrival) {
      if (arrival.method !== 'POST') return says(405, 'POST only');
      if (arrival.body.length > LONGEST_BODY) return says(413, 'too long');
      const verified = verify(arrival, secrets);
      if ('fault' in verified) return verified.fault;
      const json = jsonOf(arrival.body);
      const type = textOf(fieldOf(json, 'type')) ?? '';
      const timestamp = textOf(fieldOf(json, 'timestamp')) ?? '';
      if (!/^[a-zA-Z0-9_]+(?:\.[a-zA-Z0-9_]+)*$/.test(type) || !isMoment(timestamp)) return says(400, 'no type or no timestamp');
      const data = fieldOf(json, 'data');
      // By the specification it is an object.
      if (!isRecord(data)) return says(400, 'no data');
      const isRepeated = had.has(verified.id);
      had.add(verified.id);
      return {
        status: 200,
        answer: '{}',
        isTaken: true,
        webhookId: verified.id,
        isRepeated,
        title: textOf(fieldOf(data, 'title')) ?? type,
        text: JSON.stringify(data),
      };
    },
  };
}
