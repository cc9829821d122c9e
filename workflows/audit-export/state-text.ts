/** The state of a bundle as text (`state/…`): whoever has the events comes to the same. */
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Part, Snapshot } from '../../shared/domain/rebuild.ts';
import { coverageOf } from '../../shared/domain/rebuild-coverage.ts';
import type { RebuildRules } from '../../shared/domain/rebuild-duties.ts';
import { linesOf, type StateLine } from '../../shared/domain/rebuild-lines.ts';
import { canonical, type Json } from '../../shared/draw/canonical-json.ts';

export const COVERAGE = 'state/coverage.json';
export const statePath = (part: Part): string => `state/${part}.jsonl.gz`;

/** Members that are not there are not written. */
const json = (value: unknown): Json => JSON.parse(JSON.stringify(value));

/** The text of one part after the other, each to be read before the next part. */
export function* stateTexts(snapshot: Snapshot, at: Instant): Generator<readonly [Part, Iterable<Buffer>]> {
  const lines = linesOf(snapshot, at);
  let next = lines.next();
  while (next.done !== true) {
    const [part] = next.value;
    const ofPart = function* (): Generator<StateLine> {
      for (; next.done !== true && next.value[0] === part; next = lines.next()) yield next.value[1];
    };
    yield [part, textOf(ofPart())];
  }
}

/** So much is packed at a time. */
const AT_A_TIME = 1 << 16;

function* textOf(lines: Iterable<StateLine>): Generator<Buffer> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  for (const line of lines) {
    const text = Buffer.concat([canonical(json(line)), Buffer.from('\n')]);
    held.push(text);
    bytes += text.length;
    if (bytes < AT_A_TIME) continue;
    yield Buffer.concat(held);
    held = [];
    bytes = 0;
  }
  yield Buffer.concat(held);
}

/** What came of the year. */
export const coverageText = (snapshot: Snapshot, at: Instant, rules: RebuildRules): Uint8Array =>
  canonical(json(coverageOf(snapshot, at, rules)));
