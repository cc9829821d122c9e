/**
 * A duty page as it is stored: the points that stand alike are written together, so that a diligent workshop's hundred points fit one
 * kilobyte, and a sweep reads a page by its few groups rather than by its points. Groups are parted by `;`, the fields of a group by
 * `|`: numbers, spans, runs that were cleared, late periods, stops (by their place in the page's own list). Periods are in base 36;
 * `a~b` is a run, `a~` still goes on.
 */
import { instantAt, type Period, type Window } from '../domain/calendar.ts';
import { type DutyPage, type DutyPoint, isOpenIn, type Span, type Stop } from '../domain/duty-page.ts';
import { type RiskNo, riskNo } from '../domain/ids.ts';

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
  const groups = new Map<string, string[]>();
  for (const [no, point] of Object.entries(points) as [RiskNo, DutyPoint][]) {
    const fields = [
      point.spans.map(span).join(','),
      point.cleared.map(([from, to]) => run(from, to)).join(','),
      point.late.map(number).join(','),
      point.stops.map(place).join(','),
    ]
      .join('|')
      .replace(/\|+$/, '');
    const alike = groups.get(fields);
    if (alike === undefined) groups.set(fields, [no]);
    else alike.push(no);
  }
  const texts = Array.from(groups, ([fields, nos]) => (fields === '' ? nos.join(',') : `${nos.join(',')}|${fields}`));
  return { points: texts.join(';'), stops: stops.join(';') };
}

const aNumber = riskNo.pattern.source.slice(1, -1);
const NUMBERS = new RegExp(`^${aNumber}(?:,${aNumber})*$`);

/** The numbers of a group: checked together, since a sweep reads a million of them. */
function readNumbers(text: string): readonly RiskNo[] {
  if (!NUMBERS.test(text)) throw new RangeError(`${JSON.stringify(text.slice(0, 20))} are not the numbers of a duty page`);
  return text.split(',') as RiskNo[];
}

const stopsOf = ({ stops }: DutyText): readonly Stop[] => (stops === '' ? [] : stops.split(';').map(readStop));

function readGroup(group: string, stops: readonly Stop[]): { readonly nos: readonly RiskNo[]; readonly point: DutyPoint } {
  const [nos = '', spans, cleared, late, excused] = group.split('|');
  const stopAt = (place: string): Stop => {
    const stop = stops[read(place)];
    if (stop === undefined) throw new RangeError(`stop ${place} is not on the duty page`);
    return stop;
  };
  const point: DutyPoint = {
    spans: list(spans).map(readSpan),
    cleared: list(cleared).map(readRun),
    late: list(late).map(read),
    stops: list(excused).map(stopAt),
  };
  return { nos: readNumbers(nos), point };
}

/** Points that stand alike share what is said of them. */
export function readDutyText(text: DutyText): DutyPage['points'] {
  const points: Record<RiskNo, DutyPoint> = {};
  if (text.points === '') return points;
  const stops = stopsOf(text);
  for (const group of text.points.split(';')) {
    const { nos, point } = readGroup(group, stops);
    for (const no of nos) points[no] = point;
  }
  return points;
}

const [COMMA, TILDE] = [','.charCodeAt(0), '~'.charCodeAt(0)];

function digit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 97 && code <= 122) return code - 87;
  if (code >= 48 && code <= 57) return code - 48;
  throw new RangeError(`${JSON.stringify(text.slice(at, at + 20))} is not a number of a duty page`);
}

/** Whether one of the runs that are written in `from … to` of a text holds the period; a run without an end goes on. */
function holds(text: string, from: number, to: number, period: Period): boolean {
  let at = from;
  while (at < to) {
    let first = 0;
    for (; at < to && text.charCodeAt(at) !== COMMA && text.charCodeAt(at) !== TILDE; at++)
      first = first * RADIX + digit(text, at);
    let last = first;
    if (at < to && text.charCodeAt(at) === TILDE) {
      at++;
      last = at === to || text.charCodeAt(at) === COMMA ? Number.POSITIVE_INFINITY : 0;
      for (; at < to && text.charCodeAt(at) !== COMMA; at++) last = last * RADIX + digit(text, at);
    }
    if (first <= period && period <= last) return true;
    at++;
  }
  return false;
}

/** Where the field that begins at `from` of a group ends; the group ends at `end`. */
function fieldEnd(text: string, from: number, end: number): number {
  const bar = text.indexOf('|', from);
  return bar < 0 || bar > end ? end : bar;
}

/**
 * The points of a stored page that are due in a period and not yet done: what a sweep of a county asks of every page. It says what
 * `isOpenIn` says of each point, and makes no object of those that nobody has to be told of.
 */
export function openIn(text: DutyText, period: Period, window: Window): readonly RiskNo[] {
  const { points } = text;
  let open = '';
  for (let start = 0; start < points.length; ) {
    const semicolon = points.indexOf(';', start);
    const end = semicolon < 0 ? points.length : semicolon;
    const nos = fieldEnd(points, start, end);
    const spans = fieldEnd(points, nos + 1, end);
    const cleared = fieldEnd(points, spans + 1, end);
    if (holds(points, nos + 1, spans, period) && !holds(points, spans + 1, cleared, period)) {
      const mayBeExcused = fieldEnd(points, cleared + 1, end) < end;
      if (!mayBeExcused || isOpenIn(readGroup(points.slice(start, end), stopsOf(text)).point, period, window)) {
        open += open === '' ? points.slice(start, nos) : `,${points.slice(start, nos)}`;
      }
    }
    start = end + 1;
  }
  return open === '' ? [] : readNumbers(open);
}
