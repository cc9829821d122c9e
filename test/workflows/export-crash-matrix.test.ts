/** Whatever process dies at whatever call between the calendar and the chain of bundles: gone on with, it comes to the same bytes. */
import { auditSubject } from '../../shared/domain/audit.ts';
import { dayOf, instant, plusDays } from '../../shared/domain/calendar.ts';
import { hazardSubject } from '../../shared/domain/hazard.ts';
import { reportHazard } from '../../shared/domain/hazard-decide.ts';
import { auditId, exportId, personId } from '../../shared/domain/ids.ts';
import { asked, ExportCounty, READS } from '../support/export-county.ts';
import { people, report, rules } from '../support/hazard-case.ts';
import { Cut, Scissors } from '../support/scissors.ts';

const DAY = instant('2026-03-31T10:00:00+08:00');
const NOW = instant('2026-04-01T00:20:00+08:00');
const HAZARD = asked(`hazard-${'a'.repeat(20)}`, { kind: 'hazard', hazard: report.id });

/** The last day of a month with few events, its month, and a hazard that somebody asks for. */
async function live(scissors: Scissors): Promise<ExportCounty> {
  const county = new ExportCounty({ scissors, perSlice: 2 });
  const data = {
    ...{ auditor: personId('auditor-1'), from: dayOf(DAY), to: dayOf(DAY), until: plusDays(DAY, 30) },
    ...{ readsPersonalData: false, reason: '' },
  };
  await county.record(hazardSubject(report.id), 'RED', DAY, people.li, reportHazard(report, rules, DAY));
  for (const n of [1, 2]) {
    const audit = auditSubject(auditId(String(n).padStart(20, '0')));
    await county.record(audit, 'NONE', DAY, people.committee, { type: 'AuditOpened', data });
  }
  await county.seal();
  for (const input of [
    { at: NOW, asked: [] },
    { at: NOW, asked: [HAZARD] },
  ]) {
    for (let isDone = false; !isDone; ) {
      try {
        await county.run(input);
        isDone = true;
      } catch (error) {
        if (!(error instanceof Cut)) throw error;
      }
    }
  }
  return county;
}

/** Why it was asked for stands as a commitment, whose salt is another each time. */
const COMMITTED = /sxj-pii-1:[0-9a-f]{64}/g;

const whole = async (county: ExportCounty) => ({
  bundles: county.periodic(),
  hazard: Array.from(county.files(HAZARD.id, 'hazard'), ([path, bytes]) => [path, Buffer.from(bytes).toString('base64')]),
  facts: [...county.sealing.ledger().values()]
    .map(({ id, type, data }) => JSON.stringify([id, type, data]).replaceAll(COMMITTED, 'committed'))
    .sort(),
  exports: await Promise.all(['day-000001', 'month-000001', HAZARD.id].map((id) => county.of(exportId(id)))),
});

test('a cut at any place of any process leads to the same bytes', async () => {
  const counting = new Scissors(undefined, READS);
  const uncut = await live(counting);
  const expected = await whole(uncut);
  await uncut.expectTrue(uncut.day(1));
  await uncut.expectTrue(uncut.month(1));
  await uncut.expectTrue(uncut.files(HAZARD.id, 'hazard'));
  expect(counting.places.length).toBeGreaterThan(200);
  expect(counting.differing.length).toBeGreaterThan(80);
  for (const at of counting.differing) {
    const place = counting.places[at];
    try {
      expect(await whole(await live(new Scissors(at)))).toEqual(expected);
    } catch (error) {
      throw new Error(`cut ${place} (place ${at})`, { cause: error });
    }
  }
}, 300_000);
