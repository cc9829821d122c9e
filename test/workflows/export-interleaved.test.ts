/** Two runs of one export at once: whichever is slow, what was closed stays as it was closed, and both verifiers say yes. */
import fc from 'fast-check';
import { auditSubject } from '../../shared/domain/audit.ts';
import { dayOf, type Instant, instant, plusDays } from '../../shared/domain/calendar.ts';
import { auditId, exportId, personId } from '../../shared/domain/ids.ts';
import { sha256 } from '../../shared/draw/bytes.ts';
import { asked, ExportCounty, type Outside } from '../support/export-county.ts';
import { people } from '../support/hazard-case.ts';

const DAY = instant('2026-03-31T10:00:00+08:00');
const NIGHT = instant('2026-04-01T00:20:00+08:00');
const NOW = instant('2026-04-01T09:00:00+08:00');
const days = { kind: 'range', from: dayOf(DAY), to: dayOf(NOW) } as const;
const [ONE, OTHER] = [asked(`range-${'1'.repeat(20)}`, days), asked(`range-${'2'.repeat(20)}`, days)];

type Gate = (call: string) => Promise<unknown>;

/** The same outside, each of whose calls waits first. */
const gated = (outside: Outside, gate: Gate): Outside =>
  Object.fromEntries(
    Object.entries(outside).map(([name, target]: [string, object]) => [
      name,
      new Proxy(target, {
        get(object, key) {
          const member: unknown = Reflect.get(object, key, object);
          if (typeof member !== 'function') return member;
          if (member.constructor.name === 'AsyncGeneratorFunction') return member.bind(object);
          return async (...args: unknown[]) => {
            await gate(`${name}.${String(key)}`);
            return Reflect.apply(member, object, args);
          };
        },
      }),
    ]),
  ) as unknown as Outside;

class GatedCounty extends ExportCounty {
  gate: Gate = async () => undefined;
  override outside(): Outside {
    return gated(super.outside(), (call) => this.gate(call));
  }
}

async function audited(county: ExportCounty, from: number, count: number, when: Instant): Promise<void> {
  const data = {
    ...{ auditor: personId('auditor-1'), from: dayOf(when), to: dayOf(when), until: plusDays(when, 30) },
    ...{ readsPersonalData: false, reason: '' },
  };
  for (let n = from; n < from + count; n++) {
    const subject = auditSubject(auditId(String(n).padStart(20, '0')));
    await county.record(subject, 'NONE', when, people.committee, { type: 'AuditOpened', data });
  }
}

const begun = async (): Promise<GatedCounty> => {
  const county = new GatedCounty({ perSlice: 4 });
  await audited(county, 0, 6, DAY);
  await county.seal();
  await county.begin(county.outside())({ at: NOW, asked: [ONE] });
  for (const slice of [0, 1]) await county.slice(county.outside())({ id: ONE.id, slice, at: NOW });
  return county;
};

/** A run that closes the range and is held up before the call that is the `nth` of its kind. */
function heldUp(county: GatedCounty, call: string, nth = 1) {
  let goOn: () => void = () => undefined;
  let arrived: () => void = () => undefined;
  const isThere = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const mayGoOn = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let met = 0;
  const outside = gated(county.outside(), async (made) => {
    if (made !== call || ++met !== nth) return;
    arrived();
    await mayGoOn;
  });
  return { done: county.close(outside)({ id: ONE.id, at: NOW }), isThere, goOn };
}

// Before anything is laid aside, before it is recorded, and while what was laid aside is put in its place.
test.each([
  ['requests.putOnce', 1],
  ['store.close', 1],
  ['requests.putAnew', 3],
] as const)(
  'a run that is held up at %s %i changes nothing of what another closed meanwhile',
  async (call, nth) => {
    const county = await begun();
    const late = heldUp(county, call, nth);
    await late.isThere;
    // The world moves on: another range of a larger tree is closed first where that is still possible, then this one.
    await audited(county, 10, 20, NOW);
    await county.seal();
    await county.run({ at: NOW, asked: [OTHER] });
    await county.run({ at: NOW, asked: [ONE] });
    const closed = county.files(ONE.id, 'range');
    await county.seal();
    late.goOn();
    await late.done;
    expect(county.files(ONE.id, 'range')).toEqual(closed);
    expect(sha256(closed.get('manifest.json') ?? new Uint8Array())).toBe((await county.of(ONE.id)).export.closed?.manifest);
    await county.expectTrue(closed);
    await county.expectTrue(county.files(OTHER.id, 'range'));
  },
  60_000,
);

test('two whole runs, call by call in any order', async () => {
  const alone = new ExportCounty({ perSlice: 4 });
  await audited(alone, 0, 6, DAY);
  await alone.seal();
  await alone.due(NIGHT);
  const expected = alone.periodic();
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const county = new GatedCounty({ perSlice: 4 });
      await audited(county, 0, 6, DAY);
      await county.seal();
      county.gate = () => scheduler.schedule(Promise.resolve());
      await scheduler.waitFor(Promise.all([county.due(NIGHT), county.due(NIGHT)]));
      expect(county.periodic()).toEqual(expected);
      await scheduler.waitFor(Promise.all([ONE, OTHER, ONE].map((one) => county.run({ at: NOW, asked: [one] }))));
      county.gate = async () => undefined;
      for (const id of ['day-000001', 'month-000001', ONE.id, OTHER.id].map(exportId)) {
        const { export: of } = await county.of(id);
        expect(of.stage).toBe('closed');
        const files = county.files(id, of.kind);
        expect(sha256(files.get('manifest.json') ?? new Uint8Array())).toBe(of.closed?.manifest);
        await county.expectTrue(files);
      }
    }),
    { numRuns: 3 },
  );
}, 120_000);
