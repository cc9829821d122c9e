/** An app's endpoint by Standard Webhooks 1.0.0 (domain.md 16.4): verifies before it reads, and knows what it has by its id. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Arrival, fieldOf, jsonOf, type Platform, type Robot, textOf, type Verdict } from './platform.ts';

const says = (status: number, message: string): Verdict => ({ status, answer: JSON.stringify({ message }), isTaken: false });

export const standardWebhooks: Platform = {
  keyOf: ({ pathname }) => /^\/hooks\/([^/]+)$/.exec(pathname)?.[1],
  stranger: says(404, 'no such endpoint'),
};

const TOLERANCE_S = 300;
/** "Under about 20 KB": where this endpoint ends it. */
const LONGEST_BODY = 20_480;

/** Whether one of the signatures is by this secret, `whsec_` and base64. */
export function isSignedBy(secret: string, signatures: string, id: string, timestamp: string, body: Buffer): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const own = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
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
  if (!/^\d+$/.test(timestamp) || Math.abs(at / 1000 - Number(timestamp)) > TOLERANCE_S)
    return { fault: says(401, 'message timestamp too old or too new') };
  if (!secrets.some((secret) => isSignedBy(secret, signatures, id, timestamp, body)))
    return { fault: says(401, 'no matching signature found') };
  return { id };
}

/** `secrets`: those that the app holds; after a rotation it may know the new one only, or the old. */
export function webhookEndpoint(secrets: readonly string[]): Robot {
  const had = new Set<string>();
  return {
    judge(arrival) {
      if (arrival.method !== 'POST') return says(405, 'POST only');
      if (arrival.body.length > LONGEST_BODY) return says(413, 'too long');
      const verified = verify(arrival, secrets);
      if ('fault' in verified) return verified.fault;
      const json = jsonOf(arrival.body);
      const type = textOf(fieldOf(json, 'type')) ?? '';
      const timestamp = textOf(fieldOf(json, 'timestamp')) ?? '';
      if (!/^[a-zA-Z0-9_]+(?:\.[a-zA-Z0-9_]+)*$/.test(type) || !/^\d{4}-\d\d-\d\dT/.test(timestamp))
        return says(400, 'no type or no timestamp');
      const data = fieldOf(json, 'data');
      if (data === undefined) return says(400, 'no data');
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
