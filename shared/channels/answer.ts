/** What the platforms' answers have in common: a code in the body, whatever the HTTP status says. */
import * as z from 'zod';
import type { Outcome } from '../domain/receiver.ts';
import type { HttpAnswer } from './channel.ts';
import { oneLine, shorten } from './shorten.ts';

const SAYS_BYTES = 200;
const MINUTE_MS = 60_000;

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('no JSON');
    return z.NEVER;
  }
});

/** What a body holds; `undefined`: something else. */
export const readJson = <Fields extends z.ZodType>(fields: Fields, body: string): z.output<Fields> | undefined =>
  json.pipe(fields).safeParse(body).data;

/** A platform's code, 0 for a success, and what it says of it. */
export interface Coded {
  readonly code: number;
  readonly msg: string;
}
const errcode = z.object({ errcode: z.int(), errmsg: z.string().default('') });
export const errcodeOf = (body: string): Coded | undefined => {
  const read = readJson(errcode, body);
  return read && { code: read.errcode, msg: read.errmsg };
};

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
function readStatus(answer: HttpAnswer): Outcome {
  const { status, body } = answer;
  const afterMs = restOf(answer);
  if (status === 429) return { is: 'throttled', says: '平台限流（HTTP 429）', forMs: afterMs ?? MINUTE_MS };
  const says = `平台的回答无法识别（HTTP ${status}）${body === '' ? '' : `：${quoted(body)}`}`;
  return { is: 'failed', says, ...(afterMs !== undefined && { afterMs }) };
}

/** A robot's answer: by its code, whatever the status; but no success with another status than one. */
export function readCoded(
  answer: HttpAnswer,
  codeOf: (body: string) => Coded | undefined,
  read: (code: number, said: string) => Outcome,
): Outcome {
  const coded = codeOf(answer.body);
  const isWell = answer.status >= 200 && answer.status < 300;
  return coded === undefined || (coded.code === 0 && !isWell) ? readStatus(answer) : read(coded.code, quoted(coded.msg));
}
