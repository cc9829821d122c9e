/**
 * True bundles in memory, made of ledger events: the log grows, is signed, and bundles of it are cut as the export does. What a forger does to
 * them is the tests' own.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { bundleReadme } from '../../shared/archive/bundle-readme.ts';
import { checkpointText } from '../../shared/archive/checkpoint.ts';
import { entryOf, type SealedEntry } from '../../shared/archive/entry.ts';
import { evidenceOf, evidenceText } from '../../shared/archive/evidence.ts';
import { roleOf } from '../../shared/archive/layout.ts';
import { type BundleFile, FORMAT, type Manifest, NO_PREVIOUS, SLICE } from '../../shared/archive/manifest.ts';
import { leafHash } from '../../shared/archive/merkle.ts';
import { type NoteSigner, signNote } from '../../shared/archive/note.ts';
import { eventsPath, largePath, proofPath } from '../../shared/archive/paths.ts';
import { inclusionProof, proofFile } from '../../shared/archive/proof.ts';
import { growTiles, pathOfTile, tilesOfBundle } from '../../shared/archive/tiles.ts';
import { openTree } from '../../shared/archive/tree.ts';
import { rawPublicKey, vkeyOf } from '../../shared/archive/vkey.ts';
import { type Day, dayOf, type Instant, instant } from '../../shared/domain/calendar.ts';
import { type ExportKind, exportSubject } from '../../shared/domain/export.ts';
import { type CountyCode, countyCode, exportId, personId } from '../../shared/domain/ids.ts';
import { type LedgerEvent, recordFacts } from '../../shared/domain/ledger-event.ts';
import { hexOf, sha256 } from '../../shared/draw/bytes.ts';
import { canonical } from '../../shared/draw/canonical-json.ts';

export type Files = ReadonlyMap<string, Uint8Array>;

export const COUNTY: CountyCode = countyCode('533102');
export const ORIGIN = `log.example/${COUNTY}`;
export const VERIFIER = readFileSync(new URL('../../shared/archive/verify.py', import.meta.url));

const SEED_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
/** The key of a seed: the same in every run. */
export const keyOfSeed = (seed: string): KeyObject =>
  createPrivateKey({ key: Buffer.concat([SEED_HEAD, Buffer.from(sha256(seed), 'hex')]), format: 'der', type: 'pkcs8' });

export function signerOf(seed: string, name = ORIGIN): NoteSigner {
  const key = keyOfSeed(seed);
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { vkey: vkeyOf(name, rawPublicKey(spki)), sign: async (bytes) => sign(null, bytes, key) };
}

export const SIGNER = signerOf('the log of the tests');

/** What a forger without the key can do as well: SHA256SUMS over whatever files there are. */
export function withSums(files: Files): Map<string, Uint8Array> {
  const rest = [...files].filter(([path]) => path !== 'SHA256SUMS').sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = rest.map(([path, bytes]) => `${sha256(bytes)}  ${path}\n`);
  return new Map([...rest, ['SHA256SUMS', Buffer.from(lines.join(''))]]);
}

/** And a manifest that names them, with what it says besides. */
export function withManifest(files: Files, said: Omit<Manifest, 'files'>): Map<string, Uint8Array> {
  const rest = [...files].filter(([path]) => path !== 'SHA256SUMS' && path !== 'manifest.json');
  const listed = rest
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]): BundleFile => ({ path, bytes: bytes.length, sha256: sha256(bytes), role: roleOf(path) ?? 'doc' }));
  return withSums(new Map([...rest, ['manifest.json', canonical({ ...said, files: listed })]]));
}

export interface TestBundle {
  readonly files: Files;
  readonly manifest: Manifest;
  readonly hash: string;
  /** The signed note. */
  readonly note: string;
}

/** What is to be cut from a log. */
export interface Cut {
  readonly kind: ExportKind;
  readonly sequence?: number;
  readonly from: Day;
  readonly to: Day;
  readonly first: number;
  readonly end: number;
  /** Those of the range that are in it, where it is not complete. */
  readonly indexes?: readonly number[];
  readonly previous?: TestBundle;
  /** Events of a slice; as many as the format allows unless said otherwise. */
  readonly slice?: number;
  readonly signers?: readonly NoteSigner[];
}

export interface TestLog {
  readonly size: number;
  append(events: readonly LedgerEvent[]): void;
  /** A bundle of it as it stands. */
  cut(cut: Cut): Promise<TestBundle>;
  /** The next bundle of a day: what came since the one before. The log holds its closing from then on. */
  closeDay(day: Day, previous?: TestBundle, cut?: Pick<Cut, 'slice' | 'signers'>): Promise<TestBundle>;
}

/** Events of a slice in files by colour and day. */
function eventFiles(entries: readonly (readonly [LedgerEvent, SealedEntry])[], slice: number): Map<string, Uint8Array> {
  const lines = new Map<string, Buffer[]>();
  for (const [at, [event, { bytes }]] of entries.entries()) {
    const path = eventsPath(COUNTY, event.colour, dayOf(event.at), Math.floor(at / slice));
    lines.set(path, [...(lines.get(path) ?? []), Buffer.from(bytes), Buffer.from('\n')]);
  }
  const large = entries.flatMap(([, entry]) => entry.large ?? []).map(({ sha256, bytes }) => [largePath(sha256), bytes] as const);
  return new Map([...Array.from(lines, ([path, parts]) => [path, gzipSync(Buffer.concat(parts))] as const), ...large]);
}

/** A day by its text. */
export const dayNamed = (text: string): Day => dayOf(instant(`${text}T00:00:00Z`));

export const SOMEBODY = { id: personId('u-7'), role: 'safety-manager' } as const;

/** What no county would write is sealed here as it is, so that whoever verifies has to refuse it. */
function sealedAnyhow(event: LedgerEvent, index: number): SealedEntry {
  try {
    return entryOf(event, index);
  } catch {
    return { bytes: canonical(JSON.parse(JSON.stringify({ ...event, index }))) };
  }
}

export function growLog(): TestLog {
  const entries: [LedgerEvent, SealedEntry][] = [];
  const append = (events: readonly LedgerEvent[]): void => {
    for (const event of events) entries.push([event, sealedAnyhow(event, entries.length)]);
  };

  async function cut(asked: Cut): Promise<TestBundle> {
    const { kind, sequence = 1, from, to, first, end, indexes, previous, slice = SLICE, signers = [SIGNER] } = asked;
    const treeSize = entries.length;
    const complete = indexes === undefined;
    const growing = await growTiles();
    const tiles = new Map<string, Uint8Array>();
    for (const [, { bytes }] of entries) for (const tile of growing.add(leafHash(bytes))) tiles.set(tile.path, tile.bytes);
    for (const tile of growing.edge()) tiles.set(tile.path, tile.bytes);
    const note = await signNote(checkpointText({ origin: ORIGIN, size: treeSize, root: growing.root() }), signers);
    const some = complete ? entries.slice(first, end) : indexes.flatMap((index) => entries.slice(index, index + 1));
    const name = ['day', 'month'].includes(kind) ? String(sequence).padStart(6, '0') : sha256(`${sequence}`).slice(0, 20);
    const id = exportId(`${kind}-${name}`);
    const files = eventFiles(some, slice);
    const put = (path: string, bytes: Uint8Array | string): unknown => files.set(path, Buffer.from(bytes));
    const placeOf = (at: number): number => (complete ? first + at : (indexes[at] ?? 0));
    const evidence = some
      .flatMap(([event], at) => evidenceOf({ ...event, index: placeOf(at) }))
      .map((line) => ({ ...line, size: line.key.length }));
    if (evidence.length > 0) put('evidence.jsonl', evidence.map(evidenceText).join(''));
    put('views/events.csv', `\ufeff序号,事件\r\n${some.map(([{ type }], at) => `${at},${type}\r\n`).join('')}`);
    put('log/checkpoint', note);
    put(
      'log/vkey',
      [...signers.map(({ vkey }) => vkey)]
        .sort()
        .map((vkey) => `${vkey}\n`)
        .join(''),
    );
    put('verify.py', VERIFIER);
    if (complete) {
      for (const tile of tilesOfBundle({ first, end, treeSize, previous: previous?.manifest.treeSize }))
        put(`log/${pathOfTile(tile)}`, tiles.get(pathOfTile(tile)) ?? '');
      if (previous !== undefined) put('log/checkpoint.previous', previous.note);
    } else {
      const tree = openTree(treeSize, async (path) => tiles.get(path) ?? new Uint8Array());
      for (const index of indexes)
        put(proofPath(index), proofFile({ index, path: await inclusionProof(tree, index), checkpoint: note }));
    }
    const described = { county: COUNTY, kind, from, to, first, end, treeSize, complete, events: some.length, origin: ORIGIN };
    for (const [path, text] of Object.entries(bundleReadme({ ...described, id }))) put(path, text);
    const said = { ...described, format: FORMAT, bundle: id, root: hexOf(growing.root()), sequence } as const;
    const sealed = withManifest(files, { ...said, previous: previous?.hash ?? NO_PREVIOUS });
    const manifest: Manifest = JSON.parse(Buffer.from(sealed.get('manifest.json') ?? '').toString());
    return { files: sealed, manifest, hash: sha256(sealed.get('manifest.json') ?? ''), note };
  }

  return {
    get size() {
      return entries.length;
    },
    append,
    cut,
    async closeDay(day, previous, more) {
      const sequence = (previous?.manifest.sequence ?? 0) + 1;
      const range = { first: previous?.manifest.end ?? 0, end: entries.length };
      const bundle = await cut({ kind: 'day', from: day, to: day, sequence, ...range, ...(previous && { previous }), ...more });
      append([closedEvent(bundle, instant(`${day}T16:20:00Z`))]);
      return bundle;
    },
  };
}

/** The event of a bundle that is closed. */
export const closedEvent = ({ manifest, hash }: TestBundle, at: Instant): LedgerEvent => {
  const { bundle, kind, sequence, root, events, files } = manifest;
  const data = { kind, sequence, manifest: hash, root, events, files: files.length, bytes: 1 };
  const [event] = recordFacts([{ type: 'ExportClosed', data }], exportSubject(exportId(bundle)), 0, 'NONE', {
    at,
    county: COUNTY,
    actor: { id: personId('system'), role: 'system' },
  });
  if (event === undefined) throw new Error('a fact has an event');
  return event;
};
