/**
 * The month counted a second time, from the ledger alone and by other means: every window of the month is walked, and every check and
 * stop is held against it. Slow, and shares no rule with the code whose figures it judges.
 */
import type { Colour, Standing } from '../../../shared/domain/colour.ts';
import type { LedgerEvent } from '../../../shared/domain/ledger-event.ts';

export interface Recount {
  due: number;
  onTime: number;
  madeUpLate: number;
  missed: number;
  suspended: number;
}

interface Grades {
  readonly residual: { readonly colour: Colour };
}
interface Check {
  readonly claimed: number;
  readonly received: number;
}
interface Stop {
  readonly id: string;
  readonly from: number;
  until: number;
  readonly approved: number;
  readonly covers: (no: string, workshop: string | undefined) => boolean;
}
interface Duty {
  readonly colour: Colour;
  /** When it came to be known; a check that was received before is no check of it. A laxer duty is known before it begins. */
  readonly known: number;
  readonly from: number;
  until: number;
}
interface Point {
  readonly owner: string;
  readonly no: string;
  readonly workshop: string | undefined;
  readonly list: number;
  colour: Standing;
  counts: boolean;
  readonly duties: Duty[];
  readonly checks: Check[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONE = 8 * HOUR;
const GRAVITY = ['NONE', 'BLUE', 'YELLOW', 'ORANGE', 'RED'];

/** Midnight of the zone that begins the window of a colour in which an instant lies, and the one that ends it. */
export function windowAt(colour: Colour, at: number): { from: number; until: number } {
  const local = new Date(at + ZONE);
  const [year, month, date] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  const midnight = (y: number, m: number, d: number) => Date.UTC(y, m, d) - ZONE;
  switch (colour) {
    case 'RED':
      return { from: midnight(year, month, date), until: midnight(year, month, date + 1) };
    case 'ORANGE': {
      const monday = date - ((local.getUTCDay() + 6) % 7);
      return { from: midnight(year, month, monday), until: midnight(year, month, monday + 7) };
    }
    case 'YELLOW':
      return date <= 15
        ? { from: midnight(year, month, 1), until: midnight(year, month, 16) }
        : { from: midnight(year, month, 16), until: midnight(year, month + 1, 1) };
    case 'BLUE':
      return { from: midnight(year, month, 1), until: midnight(year, month + 1, 1) };
  }
}

/** The points of all enterprises with what happened to them, as the ledger tells it. */
export function history(events: readonly LedgerEvent[]): { points: Point[]; stopsOf: Map<string, Stop[]> } {
  const points = new Map<string, Point>();
  const stopsOf = new Map<string, Stop[]>();
  const ownedBy = (owner: string) => [...points.values()].filter((point) => point.owner === owner);
  const begin = (point: Point, colour: Standing, known: number, from = known) => {
    if (colour !== 'NONE') point.duties.push({ colour, known, from, until: Number.POSITIVE_INFINITY });
  };
  const end = (point: Point, at: number): number => {
    const running = point.duties.find(({ until }) => until === Number.POSITIVE_INFINITY);
    if (running === undefined) return at;
    // A duty that has not begun yet, because the laxer one waits for the old window's end, never comes to be.
    running.until = running.from > at ? running.from : windowAt(running.colour, at).until;
    return running.from > at ? at : running.until;
  };

  for (const { type, data, at: text, subject } of events) {
    const at = Date.parse(text);
    const said = data as Record<string, unknown>;
    if (type === 'RiskAdded' && String(said.owner).startsWith('ENT:')) {
      const content = said.content as { workshop?: string };
      points.set(subject, {
        owner: String(said.owner),
        no: String(said.no),
        workshop: content.workshop,
        list: Number(said.list),
        colour: (said.grades as Grades | undefined)?.residual.colour ?? 'NONE',
        counts: false,
        duties: [],
        checks: [],
      });
    } else if (type === 'RiskRegraded' || type === 'RiskRetired') {
      const point = points.get(subject);
      if (point === undefined) continue;
      const to: Standing = type === 'RiskRegraded' ? (said.grades as Grades).residual.colour : 'NONE';
      const graver = GRAVITY.indexOf(to) > GRAVITY.indexOf(point.colour);
      if (point.counts && to !== point.colour) {
        const after = end(point, at);
        begin(point, to, at, graver ? at : after);
      }
      point.colour = to;
    } else if (type === 'RiskListSigned' && subject.startsWith('ENT#')) {
      for (const point of ownedBy(`ENT:${subject.slice(4)}`)) {
        if (point.counts || point.list > Number(said.list)) continue;
        point.counts = true;
        begin(point, point.colour, at);
      }
    } else if (type === 'SuspensionApproved') {
      const owner = `ENT:${subject.slice(4)}`;
      const scope = said.scope as { of: string; workshop?: string; points?: string[] };
      stopsOf.set(owner, [
        ...(stopsOf.get(owner) ?? []),
        {
          id: String(said.id),
          from: Date.parse(String(said.from)),
          until: Date.parse(String(said.until)),
          approved: Date.parse(String(said.approvedAt)),
          covers: (no, workshop) =>
            scope.of === 'enterprise' ||
            (scope.of === 'workshop' ? scope.workshop === workshop : scope.points?.includes(no) === true),
        },
      ]);
    } else if (type === 'SuspensionLifted') {
      const stop = stopsOf.get(`ENT:${subject.slice(4)}`)?.find(({ id }) => id === said.id);
      if (stop !== undefined) stop.until = Math.min(stop.until, at);
    }
  }
  return { points: [...points.values()], stopsOf };
}

/** Every check of every point. A round that touches several pages has several events, and only one of them tells a point's own time. */
export function checksOf(events: readonly LedgerEvent[]): Map<string, Check[]> {
  const rounds = new Map<string, LedgerEvent[]>();
  for (const event of events) {
    if (event.type === 'RoundSubmitted') rounds.set(event.subject, [...(rounds.get(event.subject) ?? []), event]);
  }
  const checks = new Map<string, Check[]>();
  for (const parts of rounds.values()) {
    const claims = Object.assign({}, ...parts.map(({ data }) => (data as { claimed?: Record<string, string> }).claimed ?? {}));
    const nos = new Set<string>();
    for (const { data } of parts) {
      const said = data as Record<string, string[] | undefined>;
      for (const list of ['onTime', 'late', 'already', 'notDue']) for (const no of said[list] ?? []) nos.add(no);
    }
    const [first] = parts;
    if (first === undefined) continue;
    const { checkedAt } = first.data as { checkedAt: string };
    for (const no of nos) {
      const key = `${first.actor.owner} ${no}`;
      const check = { claimed: Date.parse(claims[no] ?? checkedAt), received: Date.parse(first.at) };
      checks.set(key, [...(checks.get(key) ?? []), check]);
    }
  }
  return checks;
}

/** The figures of a month, written `2026-06`, by colour. `events` in the order of their time. */
export function recount(events: readonly LedgerEvent[], month: string): Record<Colour, Recount> {
  const none = (): Recount => ({ due: 0, onTime: 0, madeUpLate: 0, missed: 0, suspended: 0 });
  const figures: Record<Colour, Recount> = { RED: none(), ORANGE: none(), YELLOW: none(), BLUE: none() };
  const [year = 0, number = 0] = month.split('-').map(Number);
  const [begins, ends] = [Date.UTC(year, number - 1, 1) - ZONE, Date.UTC(year, number, 1) - ZONE];
  const { points, stopsOf } = history(events);
  const checks = checksOf(events);

  for (const { owner, no, workshop, duties } of points) {
    const counted = new Set<string>();
    for (const duty of duties) {
      // From the window before the month's first day, which may end in the month.
      for (let at = begins - 7 * DAY; at < ends; at += DAY) {
        const window = windowAt(duty.colour, at);
        const slot = `${duty.colour} ${window.from}`;
        const endsHere = window.until > begins && window.until <= ends;
        const isDue = duty.from < window.until && duty.until > window.from && duty.from < duty.until;
        if (!endsHere || !isDue || counted.has(slot)) continue;
        counted.add(slot);
        const figure = figures[duty.colour];
        figure.due += 1;
        const claimed = (checks.get(`${owner} ${no}`) ?? []).filter(
          (check) => check.claimed >= window.from && check.claimed < window.until && check.received >= duty.known,
        );
        const excused = (stopsOf.get(owner) ?? []).some(
          (stop) =>
            stop.covers(no, workshop) && stop.approved < window.until && stop.from < window.until && window.until <= stop.until,
        );
        if (claimed.some(({ received }) => received < window.until)) figure.onTime += 1;
        else if (excused) figure.suspended += 1;
        else if (claimed.length > 0) figure.madeUpLate += 1;
        else figure.missed += 1;
      }
    }
  }
  return figures;
}
