/** What a bundle claims beyond its record: its places and days, who signed, that it is the log that others saw. Both verifiers say the same. */
import { checkpointText } from '../../shared/archive/checkpoint.ts';
import { signNote } from '../../shared/archive/note.ts';
import { instant } from '../../shared/domain/calendar.ts';
import { recordFacts } from '../../shared/domain/ledger-event.ts';
import { LOG_SUBJECT, type SealingFact } from '../../shared/domain/sealing.ts';
import { eventsOf, manyEvents } from '../support/bundle-cases.ts';
import { forged } from '../support/bundle-forgery.ts';
import { type BothJudgements, judgeByBoth } from '../support/bundle-verifiers.ts';
import {
  COUNTY,
  type Cut,
  closedEvent,
  dayNamed,
  type Files,
  growLog,
  ORIGIN,
  SIGNER,
  SOMEBODY,
  signerOf,
  type TestBundle,
  type TestLog,
} from '../support/bundles-of.ts';
import type { JudgedCase } from '../support/python-verifier.ts';

const vkeys = [SIGNER.vkey];
const [day1, day2, day3] = [dayNamed('2026-03-01'), dayNamed('2026-03-02'), dayNamed('2026-03-03')];
const filesOf = (...bundles: readonly Pick<TestBundle, 'files'>[]): JudgedCase => ({
  bundles: bundles.map(({ files }) => files),
});
const just = (files: Files): JudgedCase => ({ bundles: [files] });

type Row = readonly [name: string, isTrue: boolean, of: JudgedCase];
async function judged(rows: readonly Row[]) {
  const said = await judgeByBoth(rows.map(([, , of]) => ({ vkeys, ...of })));
  expect(rows.map(([name], at) => [name, said[at]?.here.ok, said[at]?.python.ok])).toEqual(
    rows.map(([name, isTrue]) => [name, isTrue, isTrue]),
  );
  return new Map(rows.flatMap(([name], at): [string, BothJudgements][] => (said[at] ? [[name, said[at]]] : [])));
}

const log = growLog();
log.append(manyEvents(280));
const one = await log.closeDay(day1);
const whole: Cut = { kind: 'range', from: day1, to: day1, first: 100, end: 200 };
const range = await log.cut(whole);
const cut = (end: number) => forgedCut(log, { ...whole, end });
const [short, none] = [await cut(120), await cut(100)];
const record = await log.cut({ ...whole, kind: 'record', indexes: [150] });
log.append([closedEvent(range, instant('2026-03-02T00:30:00Z'))]);
const two = await log.closeDay(day2, one);
const three = await log.closeDay(day3, two);

/** The same as a forger has it, who has every file of the log and makes anew what is not signed. */
async function forgedCut(of: TestLog, asked: Cut): Promise<Files> {
  return (await of.cut(asked)).files;
}

test('a range is bound by its closing alone, and days by when its events are of', async () => {
  const early = growLog();
  early.append(manyEvents(10));
  const first = await early.cut({ kind: 'day', from: day1, to: day1, first: 0, end: 8 });
  const next = { kind: 'day', sequence: 2, from: day2, to: day2, first: 8, end: 10, previous: first } as const;
  const straggling = await early.cut(next);
  const late = growLog();
  late.append(manyEvents(8));
  late.append(eventsOf([{ subject: 3, colour: 0, minute: 24 * 60 + 20, data: 0 }]));
  const before = await late.cut({ kind: 'day', from: day1, to: day1, first: 0, end: 8 });
  const punctual = await late.cut({ ...next, end: 9, previous: before });
  const skipping = await late.cut({ ...next, end: 9, previous: before, from: day3, to: day3 });
  const inMarch = { kind: 'month', first: 0, end: 281 } as const;
  const named = (bundle: TestBundle, from: string, to = from): JudgedCase =>
    just(forged(bundle, { said: { from: dayNamed(from), to: dayNamed(to) } }));
  const said = await judged([
    ['a range', true, filesOf(range)],
    ['a range that the log closed', true, { ...filesOf(range), closedBy: [two.files] }],
    ['a range of which the closing is not there', false, { ...filesOf(range), closedBy: [three.files] }],
    ['one of them has it', true, { ...filesOf(range), closedBy: [three.files, two.files] }],
    ['a range cut short', true, just(short)],
    ['a range cut short, with the closing', false, { bundles: [short], closedBy: [two.files] }],
    ['a range cut to nothing', true, just(none)],
    ['a range cut to nothing, with the closing', false, { bundles: [none], closedBy: [two.files] }],
    ['a day that the next one closed', true, { ...filesOf(one), closedBy: [two.files] }],
    ['a closing in a bundle that is none', false, { ...filesOf(range), closedBy: [forged(two, { said: { events: 1 } })] }],
    ['a closing in another log', false, { ...filesOf(first), closedBy: [straggling.files] }],
    ['a range of later days', true, named(range, '2026-03-01', '2029-12-31')],
    ['a range of earlier days', false, named(range, '2026-01-01', '2026-02-28')],
    ['a day named as an earlier one', false, named(one, '2026-02-28')],
    ['a day named as a later one', true, named(one, '2026-03-04')],
    ['a day that begins where the one before was cut', true, filesOf(before, punctual)],
    ['a day that begins with what the one before left out', false, filesOf(straggling)],
    ['a day that is not the next', false, filesOf(before, skipping)],
    ['a month', true, just(await forgedCut(log, { ...inMarch, from: day1, to: dayNamed('2026-03-31') }))],
    ['a month of some days', false, just(await forgedCut(log, { ...inMarch, from: day1, to: day3 }))],
    ['a record', true, filesOf(record)],
  ]);
  const says = (name: string): string => said.get(name)?.python.says ?? '';
  expect(says('a range cut short')).toContain('as it says, 2026-03-01 to 2026-03-01): 20 events (dated 2026-03-01)');
  expect(says('a range cut short')).toContain('161 sealed events after its end are not shown');
  expect(says('a range cut short')).toContain('whether the log has it, the bundle of the day after it was closed shows');
  expect(says('a range that the log closed')).toContain(`has the SHA-256 ${range.hash}; the log has it, too`);
  expect(says('a range cut to nothing')).toContain('Complete in places of the log, not in days');
  expect(says('a record')).toContain('cannot show whether these are all events');
}, 60_000);

test('heads from elsewhere: the log had them, or it was forked', async () => {
  const fork = growLog();
  fork.append(manyEvents(281).slice(1));
  const other = await fork.closeDay(day1);
  const stranger = signerOf('a stranger');
  const rooted = ({ manifest }: TestBundle): string => `${manifest.treeSize}:${manifest.root}`;
  const resigned = await signNote(`${one.note.split('\n\n')[0]}\n`, [stranger]);
  await judged([
    ['an older checkpoint', true, { ...filesOf(two), checkpoints: [one.note] }],
    ['its own', true, { ...filesOf(record), checkpoints: [range.note] }],
    ['one by a bundle of the series', true, { ...filesOf(one, two), checkpoints: [one.note, two.note] }],
    ['one of another tree', false, { ...filesOf(two), checkpoints: [other.note] }],
    ['one that nobody trusted signed', false, { ...filesOf(two), checkpoints: [resigned] }],
    ['one that is no checkpoint', false, { ...filesOf(two), checkpoints: ['nothing\n'] }],
    ['a younger one', false, { ...filesOf(one), checkpoints: [two.note] }],
    ['one whose tiles are not there', false, { ...filesOf(record), checkpoints: [one.note] }],
    ['an older root', true, { ...filesOf(two), roots: [rooted(one)] }],
    ['another root', false, { ...filesOf(two), roots: [rooted(other)] }],
    [
      'the root of no events',
      true,
      { ...filesOf(two), roots: [`0:${'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'}`] },
    ],
  ]);
}, 60_000);

test('the checkpoint before: forked, signed by a stranger, or where it does not belong', async () => {
  const fork = growLog();
  fork.append(manyEvents(281).slice(1));
  const other = await fork.closeDay(day1);
  const stranger = signerOf('a stranger');
  const resigned = await signNote(`${one.note.split('\n\n')[0]}\n`, [stranger]);
  const keys = `${[SIGNER.vkey, stranger.vkey].sort().join('\n')}\n`;
  const second = { said: { sequence: 2, previous: 'a'.repeat(64) } };
  const most = Number.MAX_SAFE_INTEGER;
  const root = Buffer.alloc(32, 7);
  const huge = await signNote(checkpointText({ origin: ORIGIN, size: most, root }), [SIGNER]);
  const empty = await growLog().closeDay(day1);
  const said = await judged([
    ['truly signed and forked', false, just(forged(two, { put: { 'log/checkpoint.previous': other.note } }))],
    ['signed by a stranger', true, just(forged(two, { put: { 'log/checkpoint.previous': resigned, 'log/vkey': keys } }))],
    ['in a record', false, just(forged(record, { ...second, put: { 'log/checkpoint.previous': one.note } }))],
    ['none in a record', true, just(forged(record, second))],
    [
      'tiles in a record',
      false,
      just(forged(record, { put: { 'log/tile/1/000.p/1': two.files.get('log/tile/1/000.p/1') ?? '' } })),
    ],
    [
      'a tree of as many events as there are numbers',
      false,
      just(forged(empty, { put: { 'log/checkpoint': huge }, said: { treeSize: most, root: root.toString('hex') } })),
    ],
  ]);
  expect(said.get('signed by a stranger')?.python.says).toContain(`log/checkpoint.previous is signed by ${stranger.vkey}`);
}, 60_000);

test('a key signs the sizes that the log says it does', async () => {
  const [old, young] = [signerOf('the old key'), signerOf('the young key')];
  /** A bundle of ten events and of what is said of keys. */
  const saying = async (signers: Cut['signers'], ...facts: readonly object[]): Promise<JudgedCase> => {
    const of = growLog();
    of.append(manyEvents(10));
    const read: SealingFact[] = JSON.parse(JSON.stringify(facts));
    of.append(
      recordFacts(read, LOG_SUBJECT, 0, 'NONE', { at: instant('2026-03-01T01:00:00Z'), county: COUNTY, actor: SOMEBODY }),
    );
    return { ...filesOf(await of.closeDay(day1, undefined, signers && { signers })), vkeys: [old.vkey, young.vkey] };
  };
  const retired = { type: 'SealingKeyRetired', data: { vkey: old.vkey, until: 9 } };
  const adopted = (since: unknown) => ({ type: 'SealingKeyAdopted', data: { vkey: young.vkey, since } });
  await judged([
    ['one that was retired', false, await saying([old], retired)],
    ['one that was retired beside one that was not', true, await saying([old, young], retired)],
    ['one that took its place', true, await saying([young], retired, adopted(10))],
    ['one before it was adopted', false, await saying([young], adopted(13))],
    ['one from its adoption on', true, await saying([young], adopted(11))],
    ['one that was retired just then', true, await saying([old], { ...retired, data: { vkey: old.vkey, until: 11 } })],
    [
      'one that came back',
      false,
      await saying([old], retired, { type: 'SealingKeyAdopted', data: { vkey: old.vkey, since: 10 } }),
    ],
    ['what says nothing', true, await saying([young], adopted(true), adopted(null), adopted('13'))],
  ]);
}, 60_000);
