/**
 * What became of every slot, told from the history of commands alone, slowly and without pages, runs or seals: for each period of
 * each colour, was the point of that colour in it; did a check claim it; was it stopped.
 */
import { type Cadence, type Instant, type Period, periodAt, windowOf } from '../../shared/domain/calendar.ts';
import { COLOURS, type Colour, isGraver } from '../../shared/domain/colour.ts';
import type { Cadences, SlotState } from '../../shared/domain/duty-page.ts';

/** `turn`: its place in the order in which things were written. */
export interface Grade {
  readonly at: Instant;
  readonly colour: Colour | undefined;
  readonly turn: number;
}

/** `turn`: the last thing that was written when it was decided. */
export interface Check {
  readonly no: string;
  readonly claimedAt: Instant;
  readonly receivedAt: Instant;
  readonly turn: number;
}

export interface History {
  /** Colours of a point in the order in which it had them; `undefined`: it left the register. */
  readonly grades: ReadonlyMap<string, readonly Grade[]>;
  readonly checks: readonly Check[];
  readonly stops: readonly {
    readonly no: string;
    readonly from: Instant;
    readonly until: Instant;
    readonly approvedAt: Instant;
  }[];
}

/** The slots of one point, by colour and period, each with the turn from which it was known that it would be due. */
function slotsOf(history: History, no: string, cadences: Cadences, horizon: Instant): ReadonlyMap<string, number> {
  const slots = new Map<string, number>();
  const grades = history.grades.get(no) ?? [];
  for (const [index, { at, colour, turn }] of grades.entries()) {
    if (colour === undefined) continue;
    const before = grades[index - 1]?.colour;
    const down = before !== undefined && isGraver(before, colour);
    const begins = down ? windowOf(cadences[before], periodAt(cadences[before], at)).until : at;
    const ends = grades[index + 1]?.at ?? horizon;
    const last = periodAt(cadences[colour], ends);
    for (let period = periodAt(cadences[colour], begins); period <= last; period++) {
      const slot = `${colour}:${period}`;
      slots.set(slot, slots.get(slot) ?? turn);
    }
  }
  return slots;
}

export interface Slot {
  readonly no: string;
  readonly colour: Colour;
  readonly period: Period;
  readonly known: number;
}

/** A check counts for a slot that existed when it was decided: one from before a point was signed or regraded is no check of it. */
export function stateAt(history: History, { no, period, known }: Slot, cadence: Cadence, at: Instant): SlotState {
  const { from, until } = windowOf(cadence, period);
  const claims = history.checks.filter(
    (check) => check.no === no && from <= check.claimedAt && check.claimedAt < until && known <= check.turn,
  );
  if (claims.some(({ receivedAt }) => receivedAt < until)) return 'done';
  const excused = history.stops.some(
    (stop) => stop.no === no && stop.approvedAt < until && stop.from < until && until <= stop.until,
  );
  if (excused) return 'suspended';
  if (at < until) return 'open';
  return claims.length > 0 ? 'done-late' : 'missed';
}

export function* eachSlot(history: History, cadences: Cadences, horizon: Instant): Generator<Slot> {
  for (const no of history.grades.keys()) {
    for (const [slot, known] of slotsOf(history, no, cadences, horizon)) {
      const colour = COLOURS.find((one) => slot.startsWith(`${one}:`));
      if (colour !== undefined) yield { no, colour, period: Number(slot.slice(colour.length + 1)), known };
    }
  }
}
