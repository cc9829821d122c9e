/** What is said of the exports of a sample month where something of them is wrong. */
import { createHash } from 'node:crypto';
import { DAYS, MONTH, on } from '../../infra/local/sample/act.ts';
import type { ExportedBundle, ExportFindings } from '../../infra/local/sample/exports.ts';
import { ofExports } from '../../infra/local/sample/verdict-exports.ts';
import { countyCode, personId } from '../../shared/domain/ids.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { canonical, type Json } from '../../shared/draw/canonical-json.ts';

const event = (sequence: number, at = on(3, '09:00')): LedgerEvent => ({
  ...{ id: `e${sequence}`, subject: 'HAZ#a', sequence, at, type: 'HazardReported', schema: 1 },
  ...{
    county: countyCode('533102'),
    colour: 'RED',
    actor: { id: personId('wang'), role: 'post-holder' },
    data: { says: `第${sequence}次` },
  },
});
const ledger = [event(1), event(2), event(3, on(DAYS + 1, '08:00'))];
const lineOf = (one: LedgerEvent): string =>
  createHash('sha256')
    .update(canonical(JSON.parse(JSON.stringify(one)) as Json))
    .digest('hex');
const exported = ({ subject, sequence, ...rest }: LedgerEvent) => ({
  ...{ subject, sequence },
  line: lineOf({ subject, sequence, ...rest }),
});

const day = (number: number): string => `${MONTH}-${String(number).padStart(2, '0')}`;
const bundle = (kind: ExportedBundle['kind'], sequence: number, from: string, to: string): ExportedBundle => ({
  ...{ kind, sequence, from, to, folder: '', end: kind === 'day' ? sequence : DAYS, events: 1, files: 1, bytes: 1, root: '' },
});
const days = Array.from({ length: DAYS }, (_, index) => bundle('day', index + 1, day(index + 1), day(index + 1)));
const month = bundle('month', 1, day(1), day(DAYS));
const good: ExportFindings = {
  ...{ bundles: [...days, month], events: [event(1), event(2)].map(exported) },
  ...{ unsealed: 0, differing: [], faults: [], fetched: 0, vkeys: [], witness: '', stamped: 0 },
};

const restored = { says: '', root: '00' };

test('nothing is said where every event of the days that have ended was exported once, as the ledger has it', () => {
  expect(ofExports(good, restored, ledger)).toEqual([]);
});

test.each<[string, Partial<ExportFindings>, string]>([
  ['an event is missing', { events: good.events.slice(1) }, 'HAZ#a/1 (HazardReported) was not exported'],
  ['an event is there twice', { events: [...good.events, ...good.events.slice(1)] }, 'HAZ#a/2 was exported twice'],
  [
    'an event is another',
    { events: good.events.map((one) => ({ ...one, line: one.sequence === 2 ? 'another' : one.line })) },
    'HAZ#a/2 was exported otherwise than the ledger has it',
  ],
  ['an event is nobody’s', { events: [...good.events, exported(event(9))] }, 'the ledger has no HAZ#a/9 that was exported'],
  ['a day is missing', { bundles: good.bundles.filter(({ from }) => from !== day(7)) }, `there is no bundle of ${day(7)}`],
  ['a day was closed twice', { bundles: [...days.slice(0, 7), ...days.slice(6), month] }, `${day(7)} was closed twice`],
  ['the month is missing', { bundles: days }, `there is no bundle of ${MONTH}`],
  ['the month ends elsewhere', { bundles: [...days, { ...month, end: 3 }] }, 'does not end where its last day ends'],
  ['a verifier says no', { faults: [{ by: 'verify.py', says: 'No. a leaf' }] }, 'verify.py: No. a leaf'],
  ['the ledger has lost what was sealed', { differing: ['HAZ#b:2: it was'] }, 'ledger and log differ: HAZ#b:2: it was'],
])('%s', (_, change, says) => {
  expect(ofExports({ ...good, ...change }, restored, ledger)).toContainEqual(expect.stringContaining(says));
});

test('a county that could not be put back is told with what the command said', () => {
  expect(ofExports(good, { says: 'Not restored. A leaf is missing.' }, ledger)).toEqual([
    'the county could not be restored: Not restored. A leaf is missing.',
  ]);
});
