/**
 * What a platform makes of a request, by its own documents: read here once more and apart from `shared/channels`, so that a misreading
 * of one does not pass by the same misreading of the other.
 */

/** A request as it came in. */
export interface Arrival {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** By the clock that was given, in milliseconds. */
  readonly at: number;
}

/** What is kept of a message. Nothing of the address, of headers or of signatures. */
export interface Content {
  readonly title?: string;
  readonly text?: string;
  /** Who is really mentioned, as the platform does it: `@all` is everybody. */
  readonly mentions?: readonly string[];
}

export interface Verdict extends Content {
  readonly status: number;
  /** What the platform says in the body; absent where it goes by the status alone. */
  readonly code?: number;
  readonly answer: string;
  /** The group, or the app, has it. */
  readonly isTaken: boolean;
  readonly webhookId?: string;
  /** It had a message of that id before: taken, and not shown again. */
  readonly isRepeated?: boolean;
}

/** What WeCom and DingTalk answer: HTTP says 200 whatever they make of a message. */
export const saysErrcode = (errcode: number, errmsg: string, content: Content = {}): Verdict => ({
  status: 200,
  code: errcode,
  answer: JSON.stringify({ errcode, errmsg }),
  isTaken: errcode === 0,
  ...content,
});

/** One robot or endpoint, with what it remembers. */
export interface Robot {
  judge(arrival: Arrival): Verdict;
}

export interface Platform {
  /** Which robot a request is for; `undefined`: it is none of this platform's addresses. */
  keyOf(url: URL): string | undefined;
  /** What is answered where there is no such robot. */
  readonly stranger: Verdict;
}

/** A text of a body that may hold anything. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
/** A field of it. */
export const fieldOf = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null ? Object.entries(inner).find(([key]) => key === name)?.[1] : undefined,
    value,
  );
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
/** An object, and no list. */
export const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
/** Whether a request says that it holds JSON, with parameters or without. */
export const saysJson = ({ headers }: Pick<Arrival, 'headers'>): boolean =>
  /^application\/json *(?:;|$)/i.test(textOf(headers['content-type']) ?? '');
export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');
/** Characters as people count them. */
export const charactersOf = (text: string): number => [...text].length;

/** `undefined`: no JSON. */
export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** In any stretch of `ms` at most so many: answers whether there is room, and takes it. What found no room does not count. */
export function slidingLimit(most: number, ms: number): { hasRoom(at: number): boolean; take(at: number): void } {
  let taken: number[] = [];
  return {
    hasRoom(at) {
      taken = taken.filter((before) => before > at - ms);
      return taken.length < most;
    },
    take(at) {
      taken.push(at);
    },
  };
}
