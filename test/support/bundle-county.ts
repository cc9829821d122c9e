/** A county's bundles for tests: three days, the second without an event but the closing of the first; then what is asked for on request. */
import { manyEvents } from './bundle-cases.ts';
import { dayNamed, growLog } from './bundles-of.ts';

export async function bundlesOfCounty() {
  const [day1, day2, day3] = [dayNamed('2026-03-01'), dayNamed('2026-03-02'), dayNamed('2026-03-03')];
  const log = growLog();
  const events = manyEvents(330);
  log.append(events.slice(0, 60));
  const one = await log.closeDay(day1, undefined, { slice: 40 });
  const two = await log.closeDay(day2, one);
  log.append(events.slice(60));
  const three = await log.closeDay(day3, two);
  const whole = { from: day1, to: day3, first: 0, end: log.size } as const;
  const subject = events[0]?.subject;
  const indexes = events.flatMap((event, at) => (event.subject === subject && at < 30 ? [at] : []));
  return {
    one,
    two,
    three,
    range: await log.cut({ kind: 'range', ...whole, first: 200, end: 300 }),
    nothing: await growLog().closeDay(day1),
    hazard: await log.cut({ kind: 'hazard', ...whole, indexes, slice: 4 }),
    record: await log.cut({ kind: 'record', ...whole, indexes: [5] }),
  };
}
