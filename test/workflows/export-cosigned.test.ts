/** Bundles that a witness vouches for: what it cosigned proves them where it holds all of them, and nothing waits for it. */

import { filesInMemory } from '../../shared/archive/bundle-files.ts';
import { openOffered, readOffered } from '../../shared/archive/cosigned.ts';
import { CHECKPOINT, MANIFEST } from '../../shared/archive/layout.ts';
import { cosignatureLine, readNote } from '../../shared/archive/note.ts';
import { verifyBundles } from '../../shared/archive/verify-bundle.ts';
import { auditSubject } from '../../shared/domain/audit.ts';
import { dayOf, type Instant, instant, plusDays } from '../../shared/domain/calendar.ts';
import { auditId, exportId, personId } from '../../shared/domain/ids.ts';
import type { Files } from '../support/bundles-of.ts';
import { asked, ExportCounty } from '../support/export-county.ts';
import { people } from '../support/hazard-case.ts';
import { judgeByPython } from '../support/python-verifier.ts';
import { witnessOf } from '../support/witnesses.ts';

const WITNESS = witnessOf('an archive');
const SECONDS = 1_770_000_000;
const at = (day: number, time: string): Instant => instant(`2026-03-${day}T${time}:00+08:00`);

/** A county that records something at an instant, and a witness that cosigns what it sees. */
async function county() {
  const of = new ExportCounty();
  let audits = 0;
  const record = async (when: Instant): Promise<void> => {
    const data = {
      ...{ auditor: personId('auditor-1'), from: dayOf(when), to: dayOf(when), until: plusDays(when, 30) },
      ...{ readsPersonalData: false, reason: '年度检查' },
    };
    const audit = auditSubject(auditId(String(++audits).padStart(20, '0')));
    await of.record(audit, 'NONE', when, people.committee, { type: 'AuditOpened', data });
    await of.seal();
  };
  const witness = async (): Promise<number> => {
    const note = of.sealing.checkpoint()?.note ?? '';
    const line = await cosignatureLine(readNote(Buffer.from(note), 'note'), WITNESS, SECONDS);
    const offered = readOffered(Buffer.from(`${note}${line}`), [WITNESS.vkey]);
    const { checkpoint, heads } = openOffered(offered, of.vkeys);
    await of.outside().cosigned.keep(heads);
    return checkpoint.size;
  };
  return { of, record, witness };
}

const sizeOf = (files: Files): number => JSON.parse(Buffer.from(files.get(MANIFEST) ?? '').toString()).treeSize;

/** What both verifiers say of bundles that the witness has to have cosigned. */
async function witnessed(of: ExportCounty, ...bundles: readonly Files[]) {
  const asking = { vkeys: of.vkeys, witnesses: [WITNESS.vkey] };
  const here = await verifyBundles(
    bundles.map((files, n) => [`${n}`, filesInMemory(files)]),
    asking,
  );
  const [python] = judgeByPython([{ bundles, ...asking }]);
  return { here: here.ok ? here.summary.map(({ seen }) => seen) : here.fault.message, python };
}

test('a bundle is proved by what the witness cosigned, where that holds all of it and the tree before; both verifiers demand it', async () => {
  const { of, record, witness } = await county();
  await record(at(30, '10:00'));
  await record(at(31, '00:16'));
  const seen = await witness();
  await record(at(31, '00:18'));
  await of.due(at(31, '00:20'));
  await of.seal();
  expect(sizeOf(of.day(1))).toBe(seen);
  expect(Buffer.from(of.day(1).get(CHECKPOINT) ?? '').toString()).toContain('archive.example/witness');

  // The next night nobody has witnessed yet what happened by day: the log's newest proves it, and waits for nobody.
  await record(at(31, '10:00'));
  await of.due(instant('2026-04-01T00:20:00+08:00'));
  await of.seal();
  expect(sizeOf(of.day(2))).toBeGreaterThan(seen);
  expect((await witnessed(of, of.day(2))).here).toContain('is not cosigned by archive.example/witness');

  const more = await witness();
  await record(instant('2026-04-02T00:16:00+08:00'));
  await of.due(instant('2026-04-02T00:20:00+08:00'));
  expect([sizeOf(of.day(3)), sizeOf(of.month(1))]).toEqual([more, expect.any(Number)]);
  await of.expectTrue(of.day(1), of.day(2), of.day(3));
  for (const day of [of.day(1), of.day(3)])
    expect(await witnessed(of, day)).toMatchObject({ here: [[SECONDS]], python: { ok: true } });
});

test('what somebody asks for is witnessed too, and the month; run again, the same bytes are written whatever a witness says meanwhile', async () => {
  const { of, record, witness } = await county();
  await record(at(30, '10:00'));
  await record(at(31, '10:00'));
  await record(instant('2026-04-01T00:16:00+08:00'));
  const seen = await witness();
  await of.due(instant('2026-04-01T00:20:00+08:00'));
  const request = { kind: 'record', subject: auditSubject(auditId('1'.padStart(20, '0'))), sequence: 1 } as const;
  const one = asked(`record-${'a'.repeat(20)}`, request);
  await of.run({ at: at(31, '11:00'), asked: [one] });
  const record1 = of.files(exportId(one.id), 'record');
  expect([of.day(1), of.day(2), of.month(1), record1].map(sizeOf)).toEqual([seen, seen, seen, seen]);
  for (const bundles of [[of.day(1), of.day(2)], [of.month(1)], [record1]])
    expect(await witnessed(of, ...bundles)).toMatchObject({ here: bundles.map(() => [SECONDS]), python: { ok: true } });
  const written = of.periodic();
  await of.seal();
  await witness();
  await of.due(instant('2026-04-01T00:25:00+08:00'));
  expect(of.periodic()).toEqual(written);
});
