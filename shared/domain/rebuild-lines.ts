/** A snapshot as lines of files, one file for each part, and back: what a day's bundle holds, and the next day goes on from. */
import { dayOf, type Instant, instant } from './calendar.ts';
import { type Hazard, isOpen } from './hazard.ts';
import type { CountyCode } from './ids.ts';
import { emptySnapshot, type LEAVING, PARTS, type Part, type Rebuilt, type Snapshot, type States } from './rebuild.ts';
import { isLongGone } from './rebuild-exchange.ts';

/** One line of `state/<part>.jsonl.gz`. */
export interface StateLine<P extends Part = Part> extends Rebuilt<States[P]> {
  readonly subject: string;
}

type Leaves<P extends Part> = (
  state: States[P],
  before: Instant,
  of: { readonly subject: string; readonly snapshot: Snapshot },
) => boolean;

/**
 * What has ended before the year before is left out: hardly anything follows it any more (a case may be opened again, and a seal amended, for some
 * weeks; the number of a retired risk is never used again; what is told of it all the same is passed over), and it stands in the snapshots of
 * its own time. So a snapshot grows with what there is and with two years of what was, and not with the years.
 */
const LEAVES: { readonly [P in Part]?: Leaves<P> } = {
  risks: ({ retired }, before) => retired !== undefined && retired.at < before,
  hazards: hasLeft,
  tasks: ({ published, endedAt }, before) => (published?.at ?? endedAt ?? before) < before,
  draws: ({ revealedAt }, before) => (revealedAt ?? before) < before,
  lists: ({ submittedAt }, before) => submittedAt < before,
  seals: ({ sealedAt }, before) => sealedAt < before,
  exports: ({ startedAt, closed }, before) => (closed?.at ?? startedAt) < before,
  audits: ({ until, ended }, before) => (ended?.at ?? until) < before,
  // When a row of the tables changed leaves with what it is of: a case with the case, anything else once it is gone.
  'exchange-times': (times, before, { subject, snapshot }) => {
    const hazard = snapshot.parts.hazards.get(subject)?.state;
    return hazard === undefined ? isLongGone(times, before) : hasLeft(hazard, before);
  },
  // The form is of the cases of its year; those of the year before are of its December.
  form: ({ reportedAt }, before) => reportedAt < before,
} satisfies { readonly [P in Part]?: Leaves<P> } & { readonly [P in (typeof LEAVING)[number]]: Leaves<P> };

function hasLeft(hazard: Hazard, before: Instant): boolean {
  if (isOpen(hazard)) return false;
  return (hazard.stage === 'closed' ? hazard.closedAt : hazard.stage === 'withdrawn' ? hazard.withdrawnAt : before) < before;
}

/** What of a record is left out in the same way. */
const KEPT: { readonly [P in Part]?: (state: States[P], before: Instant) => States[P] } = {
  owners: ({ record, stops }, before) => ({
    record,
    stops: stops.filter(({ until, lifted }) => (lifted?.at ?? until) >= before),
  }),
};

function* linesOfPart<P extends Part>(snapshot: Snapshot, part: P, before: Instant): Generator<StateLine<P>> {
  const records: ReadonlyMap<string, Rebuilt<States[P]>> = snapshot.parts[part];
  for (const subject of [...records.keys()].sort()) {
    const record = records.get(subject);
    if (record === undefined || LEAVES[part]?.(record.state, before, { subject, snapshot }) === true) continue;
    yield { subject, version: record.version, state: KEPT[part]?.(record.state, before) ?? record.state };
  }
}

/** The lines of every part, in the order of the parts and of their subjects, as the snapshot is kept at `at`. */
export function* linesOf(snapshot: Snapshot, at: Instant): Generator<readonly [Part, StateLine]> {
  const before = instant(`${Number(dayOf(at).slice(0, 4)) - 1}-01-01T00:00:00+08:00`);
  for (const part of PARTS) for (const line of linesOfPart(snapshot, part, before)) yield [part, line];
}

/** Puts a line, written as one above, into a snapshot. */
export function takeLine(snapshot: Snapshot, part: Part, { subject, version, state }: StateLine): void {
  const records: Map<string, Rebuilt<unknown>> = snapshot.parts[part];
  records.set(subject, { version, state });
}

/** The snapshot that these lines were written of. */
export function snapshotFrom(county: CountyCode, lines: Iterable<readonly [Part, StateLine]>): Snapshot {
  const snapshot = emptySnapshot(county);
  for (const [part, line] of lines) takeLine(snapshot, part, line);
  return snapshot;
}
