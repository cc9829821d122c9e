/** Bundles that an authority stamps: with its token or without, whoever goes on with one comes to the same manifest. */
import { MANIFEST, TIMESTAMP } from '../../shared/archive/layout.ts';
import { timestampRequest } from '../../shared/archive/timestamp.ts';
import { auditSubject } from '../../shared/domain/audit.ts';
import { dayOf, instant, plusDays } from '../../shared/domain/calendar.ts';
import { auditId, exportId, personId } from '../../shared/domain/ids.ts';
import { digest, sha256 } from '../../shared/draw/bytes.ts';
import { ExportCounty, READS } from '../support/export-county.ts';
import { people } from '../support/hazard-case.ts';
import { Cut, Scissors } from '../support/scissors.ts';
import { TimestampAuthority } from '../support/timestamp-authority.ts';

const DAY = instant('2026-03-30T10:00:00+08:00');
const NOW = instant('2026-03-31T00:20:00+08:00');

const authority = new TimestampAuthority();
afterAll(() => authority.stop());

/** Two tokens for each checkpoint, made once and given in turn: an authority never answers twice alike. Each third time it does not answer. */
const made = new Map<string, readonly [Buffer, Buffer]>();
function answering(): NonNullable<ExportCounty['authority']> {
  let asked = 0;
  const fresh = (stamped: Uint8Array, nonce: number): Buffer =>
    authority.answerTo(timestampRequest(digest(stamped), Buffer.alloc(8, nonce)));
  return async (stamped) => {
    const hash = sha256(stamped);
    const tokens = made.get(hash) ?? ([fresh(stamped, 1), fresh(stamped, 2)] as const);
    made.set(hash, tokens);
    return [...tokens, undefined][asked++ % 3];
  };
}

async function county(scissors: Scissors, ask: ExportCounty['authority']): Promise<ExportCounty> {
  const county = new ExportCounty({ scissors });
  county.authority = ask;
  const data = {
    ...{ auditor: personId('auditor-1'), from: dayOf(DAY), to: dayOf(DAY), until: plusDays(DAY, 30) },
    ...{ readsPersonalData: false, reason: '年度检查' },
  };
  const audit = auditSubject(auditId('1'.padStart(20, '0')));
  await county.record(audit, 'NONE', DAY, people.committee, { type: 'AuditOpened', data });
  await county.seal();
  return county;
}

/** Closes the day, again and again where it is cut. */
async function closeDay(of: ExportCounty): Promise<void> {
  for (let isDone = false; !isDone; ) {
    try {
      await of.due(NOW);
      isDone = true;
    } catch (error) {
      if (!(error instanceof Cut)) throw error;
    }
  }
}

/** What an auditor gets is what the manifest names, and the ledger and the series have that manifest. */
async function expectClosed(of: ExportCounty): Promise<void> {
  const files = of.day(1);
  const { export: closed } = await of.of(exportId('day-000001'));
  expect(closed.closed?.manifest).toBe(sha256(files.get(MANIFEST) ?? ''));
  await of.expectTrue(files);
}

test('a bundle holds the token of its checkpoint; without an answer it is closed without', async () => {
  const stamped = await county(new Scissors(), answering());
  await closeDay(stamped);
  await expectClosed(stamped);
  const named = JSON.parse(Buffer.from(stamped.day(1).get(MANIFEST) ?? '').toString());
  expect(named.files).toContainEqual(expect.objectContaining({ path: TIMESTAMP, role: 'proof' }));
  for (const ask of [async () => undefined, undefined]) {
    const unstamped = await county(new Scissors(), ask);
    await closeDay(unstamped);
    await expectClosed(unstamped);
    expect(unstamped.day(1).has(TIMESTAMP)).toBe(false);
  }
});

test('cut anywhere and gone on with, a bundle has the token that was settled first, or none', async () => {
  const counting = new Scissors(undefined, READS);
  await closeDay(await county(counting, answering()));
  const asked = counting.places.findIndex((place) => place.includes('authority.ask'));
  expect(asked).toBeGreaterThan(0);
  const seen = new Set<boolean>();
  for (const at of counting.differing.filter((place) => place >= asked)) {
    for (const silent of [0, 1]) {
      const ask = answering();
      // The second time that it is asked it answers otherwise, or not at all.
      if (silent === 1) await ask(Buffer.from('asked before'));
      const cut = await county(new Scissors(at), ask);
      try {
        await closeDay(cut);
        await expectClosed(cut);
      } catch (error) {
        throw new Error(`cut ${counting.places[at]} (place ${at})`, { cause: error });
      }
      seen.add(cut.day(1).has(TIMESTAMP));
    }
  }
  expect(seen).toEqual(new Set([true, false]));
}, 120_000);

test('of two that close it at once, both write the token of one', async () => {
  const ask = answering();
  const of = await county(new Scissors(), ask);
  await Promise.allSettled([of.due(NOW), of.due(NOW)]);
  await closeDay(of);
  await expectClosed(of);
});
