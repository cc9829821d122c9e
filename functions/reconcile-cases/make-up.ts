import type { Instant } from '../../shared/domain/calendar.ts';
import type { DeadLetter } from './dead-letters.ts';

/** Letters whose times overlap: what was told of the one was told of the other. */
interface Group {
  readonly from: Instant;
  until: Instant;
  readonly letters: DeadLetter[];
}

function groupsOf(letters: readonly DeadLetter[]): readonly Group[] {
  const groups: Group[] = [];
  for (const letter of [...letters].sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = groups.at(-1);
    if (last === undefined || last.until < letter.from) {
      groups.push({ from: letter.from, until: letter.until, letters: [letter] });
      continue;
    }
    if (letter.until > last.until) last.until = letter.until;
    last.letters.push(letter);
  }
  return groups;
}

export interface MakingUp {
  readonly letters: AsyncIterable<DeadLetter>;
  /** Tells the bus once more what was recorded in a time; answers how much that was. */
  readonly tellAgain: (from: Instant, until: Instant) => Promise<number>;
  readonly failed: (from: Instant, until: Instant, error: unknown) => void;
}

/** Tells what was given up, each time once. What cannot be told now stays in the queue and leaves the others to be. */
export async function makeUp({
  letters,
  tellAgain,
  failed,
}: MakingUp): Promise<{ readonly told: number; readonly left: number }> {
  let told = 0;
  let left = 0;
  const all: DeadLetter[] = [];
  for await (const letter of letters) all.push(letter);
  for (const { from, until, letters } of groupsOf(all)) {
    try {
      told += await tellAgain(from, until);
      for (const { settle } of letters) await settle();
    } catch (error) {
      failed(from, until, error);
      left += letters.length;
    }
  }
  return { told, left };
}
