/**
 * The evidence that events name (`evidence.jsonl` of a bundle): files of the evidence bucket, each named by the hash of its content. It is
 * found by the form of its key, wherever that stands, so that an event of a new kind hides none.
 */
import { evidenceKey } from '../domain/ids.ts';
import { canonical } from '../draw/canonical-json.ts';
import type { LoggedEvent } from './entry.ts';

export interface EvidenceLine {
  readonly key: string;
  readonly sha256: string;
  /** Of the event that names it. */
  readonly index: number;
  /** In bytes, where it is known. */
  readonly size?: number;
}

function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const one of value) yield* textsOf(one);
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) yield* textsOf(one);
}

const hashOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1, key.lastIndexOf('.'));

/** What an event names, each once, in the order of the keys. `data` is the whole of it, also where its entry holds only the hash. */
export const evidenceOf = ({ index, data }: Pick<LoggedEvent, 'index' | 'data'>): EvidenceLine[] =>
  [...new Set([...textsOf(data)].filter((text) => evidenceKey.is(text)))]
    .sort()
    .map((key) => ({ key, sha256: hashOf(key), index }));

/** A line of `evidence.jsonl`, with its end. */
export const evidenceText = ({ key, sha256, index, size }: EvidenceLine): string =>
  `${Buffer.from(canonical({ index, key, sha256, ...(size !== undefined && { size }) })).toString()}\n`;
