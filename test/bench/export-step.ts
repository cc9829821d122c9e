/** One step of a large export in a process of its own: a log is sealed into files, a bundle of it is made or verified; prints what it took. */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { appendFileSync, createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beginExport } from '../../functions/begin-export/begin-export.ts';
import { closeExport } from '../../functions/close-export/close-export.ts';
import { exportSlice } from '../../functions/export-slice/export-slice.ts';
import { readFolder } from '../../infra/cli/read-folder.ts';
import { checkpointText } from '../../shared/archive/checkpoint.ts';
import { entryOf } from '../../shared/archive/entry.ts';
import { MOST_PROVED, SLICE, SLICE_BYTES } from '../../shared/archive/manifest.ts';
import { leafHash } from '../../shared/archive/merkle.ts';
import { signNote } from '../../shared/archive/note.ts';
import { TILE } from '../../shared/archive/paths.ts';
import { encodeEntries, growTiles, pathOfEntries } from '../../shared/archive/tiles.ts';
import { verifyBundle } from '../../shared/archive/verify-bundle.ts';
import { rawPublicKey, vkeyOf } from '../../shared/archive/vkey.ts';
import type { ArchiveFiles, PutFile } from '../../shared/data/archive-files.ts';
import { dynamoExportStore, type ExportStore } from '../../shared/data/export-store.ts';
import { type Instant, instant, plusMs } from '../../shared/domain/calendar.ts';
import { COLOURS } from '../../shared/domain/colour.ts';
import { countyCode, exportId, personId, riskNo, subscriptionId } from '../../shared/domain/ids.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { outboxSubject } from '../../shared/domain/outbox.ts';
import type { SignedHead } from '../../shared/domain/sealing.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { policiesOf, policyFor } from '../../shared/policy/load.ts';
import { policyText } from '../../workflows/audit-export/state-policy.ts';
import { memoryTables } from '../support/memory-tables.ts';
import { ownerNumber } from './county.ts';

const [step = '', folder = '', count = '', verifier = '', part = '0', of = '1'] = process.argv.slice(2);
const EVENTS = Number(count);
const COUNTY = countyCode('533102');
const ORIGIN = `log.example.cn/${COUNTY}`;
const START = instant('2026-03-01T00:00:00+08:00');
const DAY_MS = 86_400_000;
const OWNERS = 10_000;

const seed = Buffer.from(`302e020100300506032b657004220420${'07'.repeat(32)}`, 'hex');
const key = createPrivateKey({ key: seed, format: 'der', type: 'pkcs8' });
const VKEY = vkeyOf(ORIGIN, rawPublicKey(createPublicKey(key).export({ format: 'der', type: 'spki' })));

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

const ROUND_EVERY = 10;
const POINTS = 20;

/** A round of twenty points by one of ten thousand owners, each with four measures: eighty rows of the exchange tables. */
function roundAt(index: number, at: Instant): LedgerEvent {
  const owner = ownerNumber(index % OWNERS);
  const points = Array.from({ length: POINTS }, (_, point) => riskNo(`${(index % 7) + 1}-${String(point).padStart(3, '0')}`));
  const subject = `ROUND#${hash(`round ${index}`).slice(0, 32)}`;
  const answers = Object.fromEntries(points.map((no) => [no, 'yyyy']));
  const data = { pages: [], hash: hash(subject), checkedAt: at, onTime: points, answers };
  const actor = { id: personId(`leader-${index % OWNERS}`), role: 'team-leader', owner } as const;
  const colour = COLOURS[index % COLOURS.length] ?? 'BLUE';
  return { id: `${subject}:1`, at, county: COUNTY, colour, subject, sequence: 1, actor, type: 'RoundSubmitted', data, schema: 1 };
}

/** A message with two reminders that one of ten thousand channels took. */
function messageAt(index: number, at: Instant): LedgerEvent {
  const nth = index - Math.floor(index / ROUND_EVERY) - 1;
  const sequence = Math.floor(nth / OWNERS) + 1;
  const subject = outboxSubject(subscriptionId(hash(`channel ${nth % OWNERS}`).slice(0, 20)));
  const reminders = [0, 1].map((n) => ({
    ...{
      id: hash(`reminder ${index} ${n}`).slice(0, 40),
      kind: 'check-due',
      about: `DUTY#RED#${ownerNumber(index % OWNERS)}#${n}`,
    },
  }));
  const data = { message: sequence, attempts: 1, reminders, sha256: hash(`message ${index}`) };
  const actor = { id: personId('send-message'), role: 'system' } as const;
  const what = { type: 'MessageDelivered', data, schema: 1, colour: 'NONE', county: COUNTY, actor } as const;
  return { id: `${subject}:${sequence}`, at, subject, sequence, ...what };
}

/** What a ledger is mostly made of: rounds, and what was sent because of them; all of it on one day. */
function eventAt(index: number): LedgerEvent {
  const at = plusMs(START, Math.floor((index * DAY_MS) / EVENTS));
  return index % ROUND_EVERY === 0 ? roundAt(index, at) : messageAt(index, at);
}

/** Files of a folder in the place of a bucket. */
function filesIn(root: string): ArchiveFiles {
  const put = (path: string, bytes: Uint8Array): PutFile => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
    return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  };
  return {
    read: async (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path)) : undefined),
    stream: async (path) => (existsSync(join(root, path)) ? createReadStream(join(root, path)) : undefined),
    putOnce: async (path, bytes) => put(path, bytes),
    putStreamOnce: async (path, pieces) => {
      put(path, new Uint8Array());
      const sum = createHash('sha256');
      let bytes = 0;
      for await (const piece of pieces) {
        appendFileSync(join(root, path), piece);
        sum.update(piece);
        bytes += piece.length;
      }
      return { bytes, sha256: sum.digest('hex') };
    },
    putAnew: async (path, bytes) => {
      put(path, bytes);
    },
  };
}

/** The log of so many events, as sealing leaves it, and its head. */
async function seal(): Promise<void> {
  const log = filesIn(join(folder, 'log'));
  const tiles = await growTiles();
  let entries: Uint8Array[] = [];
  const bundle = async (): Promise<void> => {
    const n = Math.floor((tiles.size - 1) / TILE);
    if (entries.length > 0) await log.putAnew(pathOfEntries({ n, width: entries.length }), encodeEntries(entries));
    entries = [];
  };
  for (let index = 0; index < EVENTS; index++) {
    const { bytes } = entryOf(eventAt(index), index);
    entries.push(bytes);
    for (const tile of tiles.add(leafHash(bytes))) await log.putAnew(tile.path, tile.bytes);
    if (entries.length === TILE) await bundle();
  }
  await bundle();
  for (const tile of tiles.edge()) await log.putAnew(tile.path, tile.bytes);
  const text = checkpointText({ origin: ORIGIN, size: EVENTS, root: tiles.root() });
  const note = await signNote(text, [{ vkey: VKEY, sign: async (bytes) => sign(null, bytes, key) }]);
  const head: SignedHead = { size: EVENTS, root: '', note, keys: [{ vkey: VKEY, since: 0 }] };
  writeFileSync(join(folder, 'head.json'), JSON.stringify(head));
}

const AT = plusMs(START, DAY_MS + 1_200_000);
const ID = exportId('day-000001');

/** The functions over files and tables of this process, with the day begun: every process comes to the same record. */
async function begun() {
  memoryTables();
  const signed: SignedHead = JSON.parse(readFileSync(join(folder, 'head.json'), 'utf8'));
  const head = async () => ({ size: EVENTS, signed });
  const store = dynamoExportStore(COUNTY);
  const log = filesIn(join(folder, 'log'));
  const bundles = {
    archive: (path: string) => filesIn(join(folder, path)),
    requests: (path: string) => filesIn(join(folder, path)),
  };
  const begin = beginExport({
    ...{ county: COUNTY, store, files: log, perSlice: { events: SLICE, bytes: SLICE_BYTES }, mostProved: MOST_PROVED },
    since: policiesOf(COUNTY).since,
    closeAfter: () => policyFor(COUNTY, AT).exports.day.closeAfter,
    log: { head, placesOf: async () => [] },
    cosigned: { newest: async () => [] },
    tasksAt: async () => [],
  });
  const { slices } = await begin({ at: AT, asked: [] });
  return { store, log, bundles, head, slices };
}

const writtenFile = (slice: number): string => join(folder, `written-${slice}.json`);

/** Some of the slices, one after the other. What the table would hold of them is left to whoever closes. */
async function write(): Promise<void> {
  const { store, log, bundles, slices } = await begun();
  const kept: ExportStore['putSlice'] = async (_, slice, files) => {
    writeFileSync(writtenFile(slice.slice), JSON.stringify({ slice, files }));
  };
  const slice = exportSlice({
    store: { ...store, putSlice: kept },
    log,
    bundles,
    evidenceSize: async () => undefined,
  });
  for (const each of slices.filter((one) => one % Number(of) === Number(part))) await slice({ id: ID, slice: each, at: AT });
}

async function close(): Promise<void> {
  const { store, log, bundles, head, slices } = await begun();
  for (const each of slices) {
    const { slice, files } = JSON.parse(readFileSync(writtenFile(each), 'utf8'));
    await store.putSlice(ID, slice, files);
  }
  const finish = closeExport({
    ...{ county: COUNTY, store, log, head, bundles },
    verifier: readFileSync(new URL(verifier)),
    rules: { cadencesAt: (when) => cadencesOf(COUNTY, when) },
    policy: (to) => policyText(policiesOf(COUNTY), to),
    form: (when) => ({ rules: policyFor(COUNTY, when).exports.form, unit: '' }),
  });
  const closed = await finish({ id: ID, at: AT });
  if (closed.events !== EVENTS) throw new Error(`${closed.events} of ${EVENTS} events`);
  writeFileSync(join(folder, 'closed.json'), JSON.stringify(closed));
}

async function verify(): Promise<void> {
  const verdict = await verifyBundle(readFolder(join(folder, 'day/bundle=000001')), { vkeys: [VKEY] });
  if (!verdict.ok) throw verdict.fault;
}

const STEPS = new Map(Object.entries({ seal, write, close, verify }));
const began = performance.now();
const busy = process.cpuUsage();
await STEPS.get(step)?.();
const { user, system } = process.cpuUsage(busy);
console.log(
  JSON.stringify({
    cpu: (user + system) / 1e6,
    wall: (performance.now() - began) / 1000,
    megabytes: process.resourceUsage().maxRSS / 1024,
    vkey: VKEY,
  }),
);
