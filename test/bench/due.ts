/** What is due among a million points, by arithmetic over the pages as they are stored: the work of one sweep of a province. */
import { type DutyText, openIn, readDutyText, writeDutyText } from '../../shared/data/duty-text.ts';
import { instant, type Period, periodAt, windowOf } from '../../shared/domain/calendar.ts';
import { COLOURS, type Colour } from '../../shared/domain/colour.ts';
import { exceptionsThrough } from '../../shared/domain/duty-page.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { allDifferent, type Life, ordinary, ownerNumber, PACKED, pagesOf } from './county.ts';
import { MIX, POINTS_PER_PAGE } from './prices.ts';
import { figure, middle, printTable } from './table.ts';

const POINTS = 1_000_000;
const RUNS = 15;
const AIM_MS = 50;

interface Stored {
  readonly colour: Colour;
  readonly text: DutyText;
}

export function benchDue(): void {
  const before = process.resourceUsage().maxRSS;
  const at = instant('2026-06-17T08:00:00+08:00');
  const cadences = cadencesOf(countyCode('533102'), at);
  const running = (colour: Colour): Period => periodAt(cadences[colour], at);
  const stored = (lives: (now: Period) => Life, perPage = PACKED): readonly Stored[] =>
    COLOURS.flatMap((colour) => {
      const now = running(colour);
      const pages = pagesOf({ colour, points: POINTS * MIX[colour], life: lives(now), sealedThrough: now - 2, perPage });
      return Array.from(pages, (page) => ({ colour, text: writeDutyText(page) }));
    });

  /** What opening a period does: which points are open now. */
  const open = (pages: readonly Stored[]): number => {
    let found = 0;
    for (const colour of COLOURS) {
      const period = running(colour);
      const window = windowOf(cadences[colour], period);
      for (const page of pages) if (page.colour === colour) found += openIn(page.text, period, window).length;
    }
    return found;
  };
  /** What closing a period does: what was missed in the one that ended last. */
  const missed = (pages: readonly Stored[]): number => {
    let found = 0;
    for (const { colour, text } of pages) {
      const last = running(colour) - 1;
      const page = { owner: ownerNumber(0), colour, points: readDutyText(text), sealedThrough: last - 1 };
      found += exceptionsThrough(page, cadences[colour], last).get(last)?.missed.length ?? 0;
    }
    return found;
  };

  const measured = (
    name: string,
    pages: readonly Stored[],
    sweep: (pages: readonly Stored[]) => number,
    aim: (cpu: number) => string,
  ) => {
    let found = 0;
    const times = Array.from({ length: RUNS }, () => {
      const began = performance.now();
      const before = process.cpuUsage();
      found = sweep(pages);
      const { user, system } = process.cpuUsage(before);
      return { cpu: (user + system) / 1000, wall: performance.now() - began };
    });
    const cpu = middle(times.map((one) => one.cpu));
    return [name, found, figure(cpu), figure(middle(times.map(({ wall }) => wall))), aim(cpu)] as const;
  };

  const aimed = (cpu: number) => `≤ ${AIM_MS}: ${cpu <= AIM_MS ? 'met' : 'not met'}`;
  const usual = stored(ordinary);
  const rows = [measured('stored text → open points (what opening a period does)', usual, open, aimed)];
  rows.push(measured('stored text → pages → misses (what closing one does)', usual, missed, () => ''));
  const megabytes = Math.round(usual.reduce((sum, { text }) => sum + text.points.length + text.stops.length, 0) / 1e6);
  const peak = process.resourceUsage().maxRSS;
  rows.push(measured(`the first, ${POINTS_PER_PAGE} points a page`, stored(ordinary, POINTS_PER_PAGE), open, aimed));
  const different = stored(allDifferent);
  rows.push(measured('the first, no two points of a page alike', different, open, () => ''));
  printTable(
    `Due arithmetic: ${POINTS.toLocaleString('en')} points in ${usual.length.toLocaleString('en')} pages, ${megabytes} MB as stored; median of ${RUNS}`,
    ['a whole sweep', 'found', 'ms of one core', 'ms by the clock', 'aim'],
    rows,
  );
  console.log(
    `  Peak memory of the process for the first two: ${Math.round(peak / 1024)} MB, ${Math.round((peak - before) / 1024)} MB of it for the million points.`,
  );
}
