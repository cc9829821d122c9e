/** What the platforms' answers have in common: a code in the body, whatever the HTTP status says. */
import * as z from 'zod';
import type { Outcome } from '../domain/receiver.ts';
import type { HttpAnswer } from './channel.ts';
import { oneLine, shorten } from './shorten.ts';

const SAYS_BYTES = 200;

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('no JSON');
    return z.NEVER;
  }
});

/** How a platform writes its code and what it says of it. */
export const answerOf = <Fields extends z.ZodType>(fields: Fields, body: string): z.output<Fields> | undefined =>
  json.pipe(fields).safeParse(body).data;

/** A platform's words, for people: they may hold anything. */
export const quoted = (text: string): string => shorten(oneLine(text), SAYS_BYTES);

/** After how long it may be tried again, of `Retry-After`: seconds or a date. */
export function restOf({ retryAfter, at }: HttpAnswer): number | undefined {
  const text = retryAfter?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const ms = Date.parse(text) - Date.parse(at);
  return /^[A-Z][a-z]{2,8},? /.test(text) && ms > 0 ? ms : undefined;
}

/** An answer without a code that could be read: what its status says. A success without a code is none. */
export function readStatus(answer: HttpAnswer): Outcome {
  const { status, body } = answer;
  const afterMs = restOf(answer);
  if (status === 429) return { is: 'throttled', says: '平台限流（HTTP 429）', forMs: afterMs ?? 60_000 };
  return {
    is: 'failed',
    says: `平台的回答无法识别（HTTP ${status}）${body === '' ? '' : `：${quoted(body)}`}`,
    ...(afterMs !== undefined && { afterMs }),
  };
}
