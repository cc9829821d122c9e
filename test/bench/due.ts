/** What is due among a million points, by arithmetic over the pages: the work of one sweep of a province. */
import { instant, periodAt } from '../../shared/domain/calendar.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { countOpen, type DutyPage } from '../../shared/domain/duty-page.ts';
import { countyCode } from '../../shared/domain/ids.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { pagesOf } from './county.ts';
import { MIX } from './prices.ts';
import { printTable } from './table.ts';

const POINTS = 1_000_000;
const RUNS = 9;

export function benchDue(): void {
  const at = instant('2026-06-17T08:00:00+08:00');
  const cadences = cadencesOf(countyCode('533102'), at);
  const before = process.memoryUsage().heapUsed;
  const pages: DutyPage[] = [];
  for (const colour of COLOURS) {
    const now = periodAt(cadences[colour], at);
    // Every third point has been checked in the running period already.
    pages.push(...pagesOf(colour, POINTS * MIX[colour], now - 3, now, (point) => point % 3 > 0));
  }
  const memory = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  let open = 0;
  const times = Array.from({ length: RUNS }, () => {
    const began = performance.now();
    open = 0;
    for (const page of pages) {
      const cadence = cadences[page.colour];
      open += countOpen(page, cadence, periodAt(cadence, at));
    }
    return performance.now() - began;
  }).sort((a, b) => a - b);
  printTable(
    `Due arithmetic: ${POINTS.toLocaleString('en')} points in ${pages.length.toLocaleString('en')} pages, ${open.toLocaleString('en')} open`,
    ['', 'median', 'slowest', 'aim'],
    [
      ['ms for one scan', Number((times[Math.floor(RUNS / 2)] ?? 0).toFixed(1)), Number((times.at(-1) ?? 0).toFixed(1)), '≤ 50'],
      ['MB of pages in memory', Math.round(memory), '', ''],
    ],
  );
}
