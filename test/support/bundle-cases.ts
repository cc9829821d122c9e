/** Ledger events for bundles: of several subjects, colours and days, with what is hard about them in their data. */
import { commitmentOf } from '../../shared/archive/commitments.ts';
import { instant } from '../../shared/domain/calendar.ts';
import { STANDINGS } from '../../shared/domain/colour.ts';
import { type LedgerEvent, recordFacts } from '../../shared/domain/ledger-event.ts';
import { sha256 } from '../../shared/draw/bytes.ts';
import { COUNTY, SOMEBODY } from './bundles-of.ts';

/** What one event is made of; each number chooses. */
export interface Happening {
  readonly subject: number;
  readonly colour: number;
  /** Minutes since the first midnight. */
  readonly minute: number;
  readonly data: number;
}

const SUBJECTS = ['HAZ#R20260301AAAA1', 'HAZ#Y20260301BBBB2', 'ENT#91533100MA6KABCD1X', 'TASK#R.YJJ.000017.1.0003'];
const USCC = '91533100MA6KABCD1X';
export const evidenceNo = (n: number): string => `evidence/${USCC}/${sha256(`photo ${n}`)}.jpg`;

export const SALTED = { path: 'data.contacts.0.name', salt: sha256('a salt'), value: '张三' } as const;

const DATA: readonly ((n: number) => unknown)[] = [
  (n) => ({ amount: n * 100, note: '整改完成' }),
  (n) => ({ evidence: [evidenceNo(n), evidenceNo(n + 1), evidenceNo(n)], nested: { photo: evidenceNo(7) } }),
  () => ({ contacts: [{ name: commitmentOf(SALTED) }] }),
  (n) => ({ '\u{1F600}': n, '\uE000': -n, 'ä"\\/': '\u0001\b\f\n\r\t\u2028\u007f', empty: {}, none: null, yes: true, list: [] }),
  (n) => ({ text: `${n}${'长'.repeat(23_000)}`, photo: evidenceNo(n) }), // too long for its entry
];

/** The events of what happened, in their order, numbered by subject. */
export function eventsOf(happenings: readonly Happening[]): LedgerEvent[] {
  const last = new Map<string, number>();
  return happenings.flatMap(({ subject, colour, minute, data }, n) => {
    const name = SUBJECTS[subject % SUBJECTS.length] ?? '';
    const sequence = last.get(name) ?? 0;
    last.set(name, sequence + 1);
    const at = instant(new Date(Date.UTC(2026, 1, 28, 16, minute)).toISOString());
    const fact = { type: 'HazardReported', data: DATA[data % DATA.length]?.(n) };
    return recordFacts([fact], name, sequence, STANDINGS[colour % STANDINGS.length] ?? 'NONE', {
      at,
      county: COUNTY,
      actor: SOMEBODY,
    });
  });
}

/** So many events of two colours and a day, a little of everything in their data. */
export const manyEvents = (count: number): LedgerEvent[] =>
  eventsOf(Array.from({ length: count }, (_, n) => ({ subject: n % 3, colour: n % 2, minute: n, data: n === 5 ? 4 : n % 4 })));
