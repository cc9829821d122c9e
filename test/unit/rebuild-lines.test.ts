/** What a snapshot keeps of what has ended: that of its year and of the year before. */
import { instant } from '../../shared/domain/calendar.ts';
import { countyCode, department } from '../../shared/domain/ids.ts';
import { emptySnapshot } from '../../shared/domain/rebuild.ts';
import { linesOf } from '../../shared/domain/rebuild-lines.ts';
import type { RebuiltTask } from '../../shared/domain/rebuild-tasks.ts';
import { taskOfSubject } from '../../shared/domain/task.ts';

const never = (): never => {
  throw new Error('that is a task');
};

test('a task that has ended leaves the snapshot two years after, and not before', () => {
  const snapshot = emptySnapshot(countyCode('533102'));
  const subject = 'TASK#YJJ#000001#1#0001';
  const state: RebuiltTask = {
    ...{ id: taskOfSubject(subject, 'RED') ?? never(), colour: 'RED', authority: department('YJJ'), number: 1, iteration: 1 },
    ...{ stage: 'void', digest: 'd'.repeat(64) as RebuiltTask['digest'], overdue: [] },
    ...{ assignedAt: instant('2026-03-01T00:00:00Z'), endedAt: instant('2026-03-02T00:00:00Z') },
  };
  snapshot.parts.tasks.set(subject, { version: 2, state });
  const kept = (at: string) => [...linesOf(snapshot, instant(at))].map(([part]) => part);
  expect(kept('2026-03-02T00:00:00Z')).toEqual(['tasks']);
  expect(kept('2027-12-31T15:59:59Z')).toEqual(['tasks']);
  expect(kept('2027-12-31T16:00:00Z')).toEqual([]);
});
