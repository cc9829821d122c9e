/** What a snapshot keeps of what has ended: that of its year and of the year before. */
import { dayOf, type Instant, instant, plusDays } from '../../shared/domain/calendar.ts';
import { countyCode, department, personId, riskNo } from '../../shared/domain/ids.ts';
import type { LedgerFact, RecordedEvent } from '../../shared/domain/ledger-fact.ts';
import { emptySnapshot, foldEvent } from '../../shared/domain/rebuild.ts';
import { linesOf, snapshotFrom } from '../../shared/domain/rebuild-lines.ts';
import type { RebuiltTask } from '../../shared/domain/rebuild-tasks.ts';
import { newOwner, ownerSubject } from '../../shared/domain/register-owner.ts';
import { riskSubject } from '../../shared/domain/register-risk.ts';
import { taskOfSubject } from '../../shared/domain/task.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { enterprise } from '../support/hazard-case.ts';
import { area } from '../support/tasks-api.ts';

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

test('retired risks, closed exports, ended audits and stops leave two years after; of an export it may still be told that somebody read it', () => {
  const county = countyCode('533102');
  const snapshot = emptySnapshot(county);
  const ended = instant('2026-03-02T00:00:00Z');
  const actor = { id: personId('auditor-1'), role: 'auditor' } as const;
  const about = { at: ended, county, schema: 1, colour: 'NONE', actor } as const;
  const told = (subject: string, sequence: number, fact: LedgerFact): RecordedEvent =>
    ({ ...about, id: `${subject}:${sequence}`, subject, sequence, ...fact }) as RecordedEvent;
  const rules = { cadencesAt: (at: Instant) => cadencesOf(county, at) };
  const days = { from: dayOf(ended), to: dayOf(ended) };
  const begun = { kind: 'day', ...days, first: 0, end: 1, treeSize: 1 } as const;
  const hashes = { manifest: 'a'.repeat(64), root: 'b'.repeat(64) };
  const closed = { kind: 'day', sequence: 1, ...hashes, events: 1, files: 1, bytes: 1 } as const;
  const audit = { auditor: actor.id, ...days, until: plusDays(ended, 30), readsPersonalData: false, reason: '年度检查' };
  const [day, other] = ['EXPORT#day-000001', 'AUDIT#00000000000000000001'];
  foldEvent(snapshot, told(day, 1, { type: 'ExportBegun', data: begun }), rules);
  foldEvent(snapshot, told(day, 2, { type: 'ExportClosed', data: closed }), rules);
  foldEvent(snapshot, told(other, 1, { type: 'AuditOpened', data: audit }), rules);
  const stop = { id: 's1', kind: 'maintenance', scope: { of: 'enterprise' }, from: ended, until: ended, reason: '检修' } as const;
  const approved = { approver: '张三', approvedBy: actor.id, approvedAt: ended } as const;
  const record = newOwner(enterprise);
  snapshot.parts.owners.set(ownerSubject(enterprise), { version: 1, state: { record, stops: [{ ...stop, ...approved }] } });
  for (const risk of [area, { ...area, no: riskNo('R-2'), retired: { at: ended, because: '拆除' } }]) {
    snapshot.parts.risks.set(riskSubject(risk), { version: 2, state: risk });
  }
  const kept = (at: string) => {
    const lines = [...linesOf(snapshot, instant(at))];
    return { parts: lines.map(([part]) => part), lines };
  };
  const [before, after] = [kept('2027-12-31T15:59:59Z'), kept('2027-12-31T16:00:00Z')];
  expect(before.parts).toEqual(['owners', 'risks', 'risks', 'exports', 'audits']);
  expect(after.parts).toEqual(['owners', 'risks']);
  expect([before, after].map(({ lines: [line] }) => JSON.stringify(line).includes('s1'))).toEqual([true, false]);
  const next = snapshotFrom(county, after.lines);
  foldEvent(next, told(day, 3, { type: 'ExportRead', data: { files: ['manifest.json'] } }), rules);
  expect(next.parts.exports.size).toBe(0);
  expect(() => foldEvent(next, told('KEYS', 2, { type: 'SealingKeyRetired', data: { vkey: 'a', until: 1 } }), rules)).toThrow(
    'cannot follow',
  );
});

test('what is told of something that has left is passed over, and holds up nothing: a list that is submitted again a year later', () => {
  const county = countyCode('533102');
  const subject = 'LIST#91533102MA6K1A2B1X#2026-12';
  const submitted = (sequence: number, when: string): RecordedEvent => {
    const actor = { id: personId('wang'), role: 'safety-manager', owner: enterprise } as const;
    const data = { hazards: [] };
    const about = {
      id: `${subject}:${sequence}`,
      subject,
      sequence,
      at: instant(when),
      county,
      schema: 1,
      colour: 'NONE',
      actor,
    };
    return { ...about, type: 'HazardListSubmitted', data, index: sequence } as unknown as RecordedEvent;
  };
  const rules = { cadencesAt: (at: Instant) => cadencesOf(county, at) };
  const snapshot = foldEvent(emptySnapshot(county), submitted(1, '2026-12-30T00:00:00Z'), rules);
  const [last, next] = ['2027-12-31T15:59:59Z', '2027-12-31T16:00:00Z'].map((at) =>
    snapshotFrom(county, linesOf(snapshot, instant(at))),
  );
  expect([last?.parts.lists.size, next?.parts.lists.size]).toEqual([1, 0]);
  for (const one of [last, next]) {
    if (one !== undefined) expect(() => foldEvent(one, submitted(2, '2028-01-03T00:00:00Z'), rules)).not.toThrow();
  }
  expect([last?.parts.lists.get(subject)?.version, next?.parts.lists.size]).toEqual([2, 0]);
});
