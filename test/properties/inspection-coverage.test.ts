/** Every visit that is due is counted once, whatever became of it; absences never rewrite what is past. */
import fc from 'fast-check';
import { type Day, dayOf, type Instant, instant, plusDays, startOfDay } from '../../shared/domain/calendar.ts';
import type { Draw } from '../../shared/domain/draw.ts';
import { department, personId } from '../../shared/domain/ids.ts';
import { coverageOfStratum } from '../../shared/domain/inspection-coverage.ts';
import type { Inspector } from '../../shared/domain/inspector.ts';
import { declareAbsences, inspectorAfter } from '../../shared/domain/inspector-decide.ts';
import { OUTCOMES, TASK_STAGES } from '../../shared/domain/task.ts';

const JUNE = { from: instant('2026-06-01T00:00:00+08:00'), until: instant('2026-07-01T00:00:00+08:00') };
const day = (number: number): Instant => plusDays(JUNE.from, number);

const task = fc
  .record({
    stage: fc.constantFrom(...TASK_STAGES),
    visited: fc.option(fc.record({ outcome: fc.constantFrom(...OUTCOMES), on: fc.nat(60) })),
  })
  .map(({ stage, visited }) => ({
    ...{ stage, window: JUNE },
    ...(visited && { inspection: { outcome: visited.outcome, visitedAt: day(visited.on) } }),
  }));

test('due = in time + late + not inspected + missed + running + gap, at every stage and instant', () => {
  fc.assert(
    fc.property(
      fc.array(task, { maxLength: 12 }),
      fc.nat(4),
      fc.nat(4),
      fc.constantFrom<Draw['stage']>('announced', 'drawn', 'assigned', 'inspected', 'revealed'),
      fc.nat(60),
      (tasks, undrawn, gap, stage, now) => {
        const standing = tasks.filter((one) => one.stage !== 'replaced' && one.stage !== 'void').length;
        const quota = standing + undrawn;
        const stratum = { name: 'RED.a', objects: quota + gap, quota, wanted: quota + gap };
        const of = coverageOfStratum({ stage, window: JUNE }, stratum, tasks, day(now));
        expect(of.inTime + of.late + of.notInspected + of.missed + of.running + of.gap).toBe(of.due);
        expect(of.due).toBe(stratum.wanted);
        expect(of.drawn).toBe(standing);
        if (day(now) < JUNE.until) expect(of.missed).toBe(0);
        else expect(of.running).toBe(0);
      },
    ),
    { numRuns: 200 },
  );
});

const absence = fc.tuple(fc.nat(30), fc.nat(6)).map(([from, days]) => {
  const [first, last] = [dayOf(day(from)), dayOf(day(from + days))];
  return { from: first, to: last, reason: '培训' };
});
const daysOf = ({ absences }: Pick<Inspector, 'absences'>): Set<Day> => {
  const days = new Set<Day>();
  for (const { from, to } of absences) {
    for (let at = startOfDay(from); dayOf(at) <= to; at = plusDays(at, 1)) days.add(dayOf(at));
  }
  return days;
};

test('whatever is declared, the absences of past days stay as they were, and those from today on are what was declared', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(30), fc.array(absence, { maxLength: 3 })), { maxLength: 5 }), (steps) => {
      let inspector: Inspector = {
        id: personId('zhang'),
        content: {
          ...{ role: 'enforcer', authority: department('YJJ'), skills: ['*'] },
          certificate: { no: '1', until: '2027-01-01' as Day },
        },
        ...{ absences: [], interests: [] },
      };
      for (const [now, entered] of steps.sort(([a], [b]) => a - b)) {
        const [at, today] = [day(now), dayOf(day(now))];
        const ruling = declareAbsences(inspector, entered, at);
        if (ruling.kind === 'denied') continue;
        const before = daysOf(inspector);
        inspector = inspectorAfter(inspector.id, inspector, ruling.events, { at, actor: { id: inspector.id, role: 'system' } });
        const after = daysOf(inspector);
        const isPast = (one: Day): boolean => one < today;
        expect([...after].filter(isPast)).toEqual([...before].filter(isPast));
        const declared = daysOf({ absences: entered });
        expect([...after].filter((one) => !isPast(one)).sort()).toEqual([...declared].filter((one) => !isPast(one)).sort());
      }
    }),
    { numRuns: 200 },
  );
});
