/** Where in the log the events of a subject stand, as pages of a hundred. Pure: what a batch makes of the pages that were read. */
import type { EventPlace } from '../domain/sealing.ts';

export const PLACES_PAGE = 100;

/** The last page of a subject: `through` is the last sequence that is sealed, `indexes` are those on this page. */
export interface PlacesPage {
  readonly through: number;
  readonly indexes: readonly number[];
}

/** Of a subject of which nothing is sealed. */
export const NONE_SEALED: PlacesPage = { through: 0, indexes: [] };

/** From 0. */
export const pageOf = (sequence: number): number => Math.floor((sequence - 1) / PLACES_PAGE);

/** A page as it is written: `before` is its `through` as it was read, absent where there was no such page. */
export interface PageStep {
  readonly subject: string;
  readonly page: number;
  readonly before?: number;
  readonly after: PlacesPage;
}

/** The pages that a batch changes. Throws where it leaves a hole in a subject or seals an event again: nothing of that may be written. */
export function nextPages(
  last: ReadonlyMap<string, PlacesPage>,
  places: readonly EventPlace[],
  first: number,
): readonly PageStep[] {
  const open = new Map<string, PageStep>();
  const full: PageStep[] = [];
  for (const [offset, { subject, sequence }] of places.entries()) {
    const read = last.get(subject) ?? NONE_SEALED;
    const step = open.get(subject);
    const now = step?.after ?? read;
    if (sequence !== now.through + 1) {
      throw new RangeError(`${subject}:${sequence} cannot be sealed after ${subject}:${now.through}`);
    }
    const page = pageOf(sequence);
    const index = first + offset;
    if (now.through > 0 && pageOf(now.through) === page) {
      const before = step === undefined ? { before: read.through } : step.before === undefined ? {} : { before: step.before };
      open.set(subject, { subject, page, ...before, after: { through: sequence, indexes: [...now.indexes, index] } });
      continue;
    }
    if (step !== undefined) full.push(step);
    open.set(subject, { subject, page, after: { through: sequence, indexes: [index] } });
  }
  return [...full, ...open.values()];
}
