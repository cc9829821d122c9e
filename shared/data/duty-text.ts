/**
 * A duty page as it is stored: about 20 bytes a point, so that the points of a workshop fit one kilobyte and a round of checks costs
 * one write of it. Points are parted by `;`, the fields of a point by `|`: number, spans, runs that were cleared, late periods, stops
 * (by their place in the page's own list). Periods are in base 36; `a~b` is a run, `a~` still goes on.
 */
import { instantAt } from '../domain/calendar.ts';
import type { DutyPage, DutyPoint, Span, Stop } from '../domain/duty-page.ts';
import { riskNo } from '../domain/ids.ts';

/** The parts of a page that are texts of their own. */
export interface DutyText {
  readonly points: string;
  readonly stops: string;
}

const RADIX = 36;
const number = (value: number): string => value.toString(RADIX);

function read(text: string): number {
  const value = Number.parseInt(text, RADIX);
  if (Number.isNaN(value)) throw new RangeError(`${JSON.stringify(text.slice(0, 20))} is not a number of a duty page`);
  return value;
}

const list = (text: string | undefined): string[] => (text === undefined || text === '' ? [] : text.split(','));

const run = (from: number, to: number): string => (from === to ? number(from) : `${number(from)}~${number(to)}`);
const span = ({ from, to }: Span): string => (to === undefined ? `${number(from)}~` : run(from, to));

function readRun(text: string): [number, number] {
  const [from = '', to = from] = text.split('~');
  return [read(from), read(to)];
}

const readSpan = (text: string): Span => {
  if (text.endsWith('~')) return { from: read(text) };
  const [from, to] = readRun(text);
  return { from, to };
};

const stopText = ({ id, from, until, approvedAt }: Stop): string => {
  if (/[,;]/.test(id)) throw new RangeError(`${JSON.stringify(id.slice(0, 40))} cannot name a stop on a duty page`);
  return [id, ...[from, until, approvedAt].map((at) => number(Date.parse(at)))].join(',');
};

const readStop = (text: string): Stop => {
  const [id = '', from = '', until = '', approvedAt = ''] = text.split(',');
  return { id, from: instantAt(read(from)), until: instantAt(read(until)), approvedAt: instantAt(read(approvedAt)) };
};

export function writeDutyText({ points }: Pick<DutyPage, 'points'>): DutyText {
  const stops: string[] = [];
  const place = (stop: Stop): string => {
    const text = stopText(stop);
    const known = stops.indexOf(text);
    return number(known >= 0 ? known : stops.push(text) - 1);
  };
  const texts = Object.entries(points).map(([no, point]: [string, DutyPoint]) =>
    [
      no,
      point.spans.map(span).join(','),
      point.cleared.map(([from, to]) => run(from, to)).join(','),
      point.late.map(number).join(','),
      point.stops.map(place).join(','),
    ]
      .join('|')
      .replace(/\|+$/, ''),
  );
  return { points: texts.join(';'), stops: stops.join(';') };
}

export function readDutyText(text: DutyText): DutyPage['points'] {
  const stops = text.stops === '' ? [] : text.stops.split(';').map(readStop);
  const stopAt = (place: string): Stop => {
    const stop = stops[read(place)];
    if (stop === undefined) throw new RangeError(`stop ${place} is not on the duty page`);
    return stop;
  };
  const points = text.points === '' ? [] : text.points.split(';');
  return Object.fromEntries(
    points.map((point) => {
      const [no = '', spans, cleared, late, excused] = point.split('|');
      const known: DutyPoint = {
        spans: list(spans).map(readSpan),
        cleared: list(cleared).map(readRun),
        late: list(late).map(read),
        stops: list(excused).map(stopAt),
      };
      return [riskNo(no), known];
    }),
  );
}
