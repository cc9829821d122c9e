/** Days and the clock: which bundle an event is in where a clock was wrong, at a leap day, after a week away, and where nothing happened. */
import { gunzipSync } from 'node:zlib';
import { auditSubject } from '../../shared/domain/audit.ts';
import { dayOf, type Instant, instant, plusDays } from '../../shared/domain/calendar.ts';
import { hazardSubject } from '../../shared/domain/hazard.ts';
import { reportHazard } from '../../shared/domain/hazard-decide.ts';
import { auditId, exportId, hazardId, personId } from '../../shared/domain/ids.ts';
import type { LedgerFact } from '../../shared/domain/ledger-fact.ts';
import { asked, ExportCounty, eventsIn } from '../support/export-county.ts';
import { people, report, rules, uscc } from '../support/hazard-case.ts';

const at = (text: string): Instant => instant(`${text}+08:00`);
const auditNo = (n: number): string => auditSubject(auditId(String(n).padStart(20, '0')));
const opening = (when: Instant): LedgerFact => ({
  type: 'AuditOpened',
  data: {
    ...{ auditor: personId('auditor-1'), from: dayOf(when), to: dayOf(when), until: plusDays(when, 30) },
    ...{ readsPersonalData: false, reason: '年度检查' },
  },
});
const ending: LedgerFact = { type: 'AuditEnded', data: { because: '期满' } };

/** An audit opened at each of these instants, in this order. */
async function opened(county: ExportCounty, from: number, ...times: readonly string[]): Promise<void> {
  for (const [n, when] of times.entries())
    await county.record(auditNo(from + n), 'NONE', at(when), people.committee, opening(at(when)));
}

const said = (files: ReadonlyMap<string, Uint8Array>) => {
  const { from, to, first, end } = JSON.parse(String(files.get('manifest.json'))) as Record<string, unknown>;
  return [from, to, first, end];
};
const auditsIn = (files: ReadonlyMap<string, Uint8Array>): string =>
  gunzipSync(files.get('state/audits.jsonl.gz') ?? gunzipSync('')).toString();

test('an event dated far ahead, or far back, ends no day and holds up none; its subject goes on in the state', async () => {
  const county = new ExportCounty({ perSlice: 3 });
  // The first of all comes of a wrong clock, and so does one amid each day and the last of the first day.
  await opened(county, 0, '2031-05-01T00:00:00', '2026-03-01T10:00:00', '2027-01-01T00:00:00');
  await county.record(auditNo(0), 'NONE', at('2026-03-01T10:10:00'), people.committee, ending);
  await opened(county, 10, '2026-03-01T11:00:00', '2020-01-01T00:00:00', '2026-03-01T12:00:00', '2040-01-01T00:00:00');
  await county.seal();
  await county.due(at('2026-03-02T00:20:00'));
  await opened(county, 20, '2026-03-02T10:00:00', '2020-01-01T00:00:00', '2031-05-01T00:00:00', '2026-03-02T23:00:00');
  await county.seal();
  await county.due(at('2026-03-03T00:20:00'));
  await opened(county, 30, '2026-03-03T10:00:00');
  await county.seal();
  await county.due(at('2026-03-04T00:20:00'));
  const days = [1, 2, 3].map(county.day);
  // Of the first day the last is left to the next one; then comes what the log and the exports said of themselves.
  expect(days.map(said)).toEqual([
    ['2026-03-01', '2026-03-01', 0, 7],
    ['2026-03-02', '2026-03-02', 7, 15],
    ['2026-03-03', '2026-03-03', 15, 18],
  ]);
  await county.expectTrue(...days);
  // Whatever was dated ahead is in the state of the day after at the latest, with what followed it; what was over before the year before is in none.
  expect(auditsIn(days[0] ?? new Map())).not.toContain(auditNo(0));
  expect(auditsIn(days[1] ?? new Map())).toContain('"because":"sxj-pii-1:');
  expect(days.map((files) => auditsIn(files).split('\n').length - 1)).toEqual([3, 7, 10]);
}, 30_000);

test('the series begins with the county, though the first clock of all was years behind', async () => {
  const county = new ExportCounty({ since: '2026-03-01' });
  await opened(county, 0, '2020-01-01T00:00:00', '2026-03-01T10:00:00');
  await county.seal();
  expect((await county.due(at('2026-03-02T00:20:00'))).filter((state) => state === 'CloseExport')).toHaveLength(1);
  expect(said(county.day(1)).slice(0, 2)).toEqual(['2026-03-01', '2026-03-01']);
  await county.expectTrue(county.day(1));
}, 30_000);

test('a week away, a clock that was wrong by days in it: everything stands in some bundle, and the last day is right', async () => {
  const county = new ExportCounty();
  for (const n of [2, 3, 4, 5, 6, 7]) await opened(county, n * 10, `2024-02-2${n}T09:00:00`, `2024-02-2${n}T15:00:00`);
  await county.seal();
  await opened(county, 90, '2024-02-29T10:00:00', '2024-02-28T09:00:00', '2024-02-28T10:00:00', '2024-03-01T09:00:00');
  await county.seal();
  const path = await county.due(at('2024-03-02T00:20:00'));
  expect(path.filter((state) => state === 'CloseExport')).toHaveLength(10); // nine days and February
  const all = Array.from({ length: 9 }, (_, n) => county.day(n + 1));
  await county.expectTrue(...all);
  await county.expectTrue(county.month(1));
  expect(said(county.month(1)).slice(0, 2)).toEqual(['2024-02-01', '2024-02-29']);
  expect(all.flatMap(eventsIn).map(({ index }) => index)).toEqual(Array.from({ length: 17 }, (_, index) => index));
  // A range over all of it, to a day that is not over.
  const range = asked(`range-${'a'.repeat(20)}`, {
    kind: 'range',
    from: dayOf(at('2024-02-20T00:00:00')),
    to: dayOf(at('2024-03-05T00:00:00')),
  });
  await county.run({ at: at('2024-03-02T01:00:00'), asked: [range] });
  await county.expectTrue(county.files(range.id, 'range'));
}, 30_000);

test('slices are bounded by their bytes, with what lies beside the entries: of a stretch and of what is chosen', async () => {
  const county = new ExportCounty({ perSlice: 4, sliceBytes: 150_000 });
  const when = at('2026-03-01T10:00:00');
  const long = (n: number) => {
    const id = hazardId(`Y0123456789ABCDE${'FGHJKM'[n] ?? 'N'}`);
    const finding = { ...report.finding, description: '很'.repeat(40_000), evidence: [] };
    return county.record(
      hazardSubject(id),
      'YELLOW',
      when,
      people.li,
      reportHazard({ ...report, id, colour: 'YELLOW', finding }, rules, when),
    );
  };
  await opened(county, 0, '2026-03-01T09:00:00', '2026-03-01T09:00:00');
  for (const n of [0, 1, 2]) await long(n);
  await opened(county, 10, ...Array.from({ length: 6 }, () => '2026-03-01T11:00:00'));
  await county.seal();
  await county.due(at('2026-03-02T00:20:00'));
  const files = county.day(1);
  const slices = new Map<string, number[]>();
  for (const { path, index } of eventsIn(files)) {
    const slice = /-(\d{6})\./.exec(path)?.[1] ?? '000000';
    slices.set(slice, [...(slices.get(slice) ?? []), index]);
  }
  const began = [...slices].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, indexes]) => indexes[0]);
  expect(began).toEqual([0, 3, 4, 8]);
  expect((await county.of(exportId('day-000001'))).export).toMatchObject({ slices: 4, starts: began });
  await county.expectTrue(files);
  const enterprise = asked(`enterprise-${'a'.repeat(20)}`, { kind: 'enterprise', enterprise: uscc });
  await county.run({ at: at('2026-03-02T01:00:00'), asked: [enterprise] });
  expect((await county.of(enterprise.id)).export.slices).toBe(3);
  await county.expectTrue(county.files(enterprise.id, 'enterprise'));
}, 30_000);
