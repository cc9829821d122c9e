/** A county's ledger, log and archive in memory, and runners that seal it: many at once, cut short anywhere, in any interleaving. */
import { createPrivateKey } from 'node:crypto';
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put';
import { readCheckpoint } from '../../shared/archive/checkpoint.ts';
import { entryOf } from '../../shared/archive/entry.ts';
import { leafHash, rootOf } from '../../shared/archive/merkle.ts';
import { type NoteSigner, readNote, verifyNote } from '../../shared/archive/note.ts';
import { logFolder, TILE } from '../../shared/archive/paths.ts';
import { decodeEntries, pathOfEntries, pathOfTile, tilesOf } from '../../shared/archive/tiles.ts';
import { EventEntity, eventItem } from '../../shared/data/commit.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoLogStore } from '../../shared/data/log-store.ts';
import { seal } from '../../shared/data/sealing/seal.ts';
import type { Sealing } from '../../shared/data/sealing/sealing.ts';
import { providedSigner } from '../../shared/data/sealing-keys.ts';
import { type Instant, instant, plusMs } from '../../shared/domain/calendar.ts';
import { countyCode, personId } from '../../shared/domain/ids.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { MemoryArchive } from './memory-archive.ts';
import { type MemoryTables, memoryTables } from './memory-tables.ts';

export const COUNTY = countyCode('533102');
export const ORIGIN = `log.example.cn/${COUNTY}`;
export const START = instant('2026-03-01T00:00:00+08:00');
const PATH = logFolder(COUNTY);

const SEED = Buffer.from('302e020100300506032b657004220420', 'hex');
/** The same key in each run, by a number. */
export const signerOf = (number: number): NoteSigner =>
  providedSigner(
    ORIGIN,
    createPrivateKey({ key: Buffer.concat([SEED, Buffer.alloc(32, number)]), format: 'der', type: 'pkcs8' })
      .export({ format: 'pem', type: 'pkcs8' })
      .toString(),
  );

/** What a runner calls outside itself; each may be cut or made to wait. */
export type Outside = Pick<Sealing, 'log' | 'ledger' | 'archive' | 'keys'>;

export class SealingCounty {
  readonly tables: MemoryTables;
  readonly archive: MemoryArchive;
  signers: readonly NoteSigner[] = [signerOf(1)];
  /** All texts that were ever signed, kept or not. */
  readonly signed = new Set<string>();
  /** The sizes of the checkpoints as they were kept, one after the other. */
  private readonly kept: number[] = [];
  private readonly last = new Map<string, number>();

  constructor(archive = new MemoryArchive()) {
    this.tables = memoryTables();
    this.archive = archive;
  }

  /** Records an event more of each of these subjects, in this order. */
  async record(
    subjects: readonly string[],
    data: (subject: string) => unknown = () => ({ note: '期满' }),
  ): Promise<LedgerEvent[]> {
    const events = subjects.map((subject): LedgerEvent => {
      const sequence = (this.last.get(subject) ?? 0) + 1;
      this.last.set(subject, sequence);
      const at = plusMs(START, this.recorded++ * 1000);
      return this.event(subject, sequence, at, data(subject));
    });
    for (const event of events) await this.keep(event);
    return events;
  }
  private recorded = 0;

  /** Goes on recording where another county stood, whose tables it was given. */
  continues(other: SealingCounty): void {
    this.recorded = other.recorded;
    for (const [subject, sequence] of other.last) this.last.set(subject, sequence);
  }

  event(subject: string, sequence: number, at: Instant, data: unknown): LedgerEvent {
    const actor = { id: personId('system'), role: 'system' } as const;
    const what = { type: 'AuditEnded', data, schema: 1, county: COUNTY, colour: 'NONE', actor } as const;
    return { id: `${subject}:${sequence}`, subject, sequence, at, ...what };
  }

  /** Straight into the ledger, past `commit`, which lets nothing in that cannot be sealed. */
  async keep(event: LedgerEvent): Promise<void> {
    await EventEntity.build(PutItemCommand).item(eventItem(event)).send();
  }

  outside(signers?: readonly NoteSigner[]): Outside {
    const log = dynamoLogStore(COUNTY);
    return {
      log: {
        ...log,
        sign: async (signing) => {
          await log.sign(signing);
          this.kept.push(signing.after.size);
        },
      },
      ledger: dynamoLedgerStore,
      archive: this.archive.files,
      keys: {
        signers: async () =>
          (signers ?? this.signers).map(({ vkey, sign }) => ({
            vkey,
            sign: async (bytes) => {
              this.signed.add(Buffer.from(bytes).toString());
              return sign(bytes);
            },
          })),
      },
    };
  }

  /** One call of a runner. */
  run = (events: readonly LedgerEvent[], outside = this.outside(), more: Partial<Sealing> = {}) =>
    seal(
      {
        ...outside,
        county: COUNTY,
        origin: ORIGIN,
        now: (meant) => meant,
        rest: async () => undefined,
        outOfTime: () => false,
        ...more,
      },
      events,
    );

  /** The checkpoint that everybody reads. */
  checkpoint() {
    const note = this.archive.at(`${PATH}/checkpoint`);
    if (note === undefined) return undefined;
    const { text, signatures } = readNote(note, 'checkpoint');
    return { ...readCheckpoint(text, 'checkpoint'), note: note.toString(), signatures, text };
  }

  /** The sealed events as anybody reads them from the archive alone. */
  entries(size = this.checkpoint()?.size ?? 0): readonly Buffer[] {
    const entries: Buffer[] = [];
    for (let n = 0; n * TILE < size; n++) {
      const width = Math.min(TILE, size - n * TILE);
      const path = pathOfEntries({ n, width });
      const some = decodeEntries(this.archive.at(`${PATH}/${path}`) ?? new Uint8Array(), width);
      if (some === undefined) throw new Error(`${path} is not there`);
      entries.push(...some.map((entry) => Buffer.from(entry)));
    }
    return entries;
  }

  /** Everything recorded is sealed, once, in order; every root that was ever signed is that of its size, and its files lie there. */
  async expectWhole(): Promise<void> {
    const { log } = this.outside();
    const { size, signed } = await log.head();
    const checkpoint = this.checkpoint();
    expect(checkpoint?.note).toBe(signed?.note);
    expect(signed?.size).toBe(size);
    const entries = this.entries();
    const leaves = entries.map(leafHash);
    const recorded = this.ledger();
    expect(entries.map((entry) => JSON.parse(entry.toString()).id).sort()).toEqual([...recorded.keys()].sort());
    const wrong: string[] = [];
    const places = new Map<string, number[]>();
    for (const [index, entry] of entries.entries()) {
      const { id, subject, sequence } = JSON.parse(entry.toString());
      const of = places.get(subject) ?? [];
      places.set(subject, [...of, index]);
      const event = recorded.get(id);
      if (sequence !== of.length + 1) wrong.push(`${id} is the ${of.length + 1}th of its subject`);
      if (event === undefined || Buffer.compare(entryOf(event, index).bytes, entry) !== 0) wrong.push(`${id} is another`);
    }
    expect(wrong).toEqual([]);
    for (const [subject, of] of places) expect(await log.placesOf(subject)).toEqual(of);
    expect(this.kept).toEqual([...new Set(this.kept)].sort((a, b) => a - b));
    const roots = new Map<number, string>();
    for (const text of this.signed) {
      const { size: of, root } = readCheckpoint(text, 'signed');
      expect(roots.has(of)).toBe(false);
      roots.set(of, text);
      expect(Buffer.compare(rootOf(leaves.slice(0, of)), root)).toBe(0);
    }
    for (const note of this.archive.versions(`${PATH}/checkpoint`)) {
      const { size: of } = readCheckpoint(readNote(note, 'version').text, 'version');
      for (const tile of tilesOf(of)) expect(this.archive.at(`${PATH}/${pathOfTile(tile)}`)).toBeDefined();
      this.entries(of);
    }
    if (checkpoint !== undefined) verifyNote(checkpoint, signed?.keys.map(({ vkey }) => vkey) ?? [], 'checkpoint');
  }

  /** What the ledger holds, by the ids. */
  ledger(): ReadonlyMap<string, LedgerEvent> {
    const stored = JSON.parse(this.tables.snapshot()) as [string, [string, { _et: string; event: LedgerEvent }][]][];
    const items = stored.flatMap(([name, all]) => (name === 'LEDGER_TABLE' ? all.map(([, one]) => one) : []));
    return new Map(items.filter(({ _et }) => _et === 'EVENT').map(({ event }) => [event.id, event]));
  }

  /** What the stream has that was recorded since it was last asked, facts of keys included. */
  streamed(): LedgerEvent[] {
    const fresh = [...this.ledger()].filter(([id]) => !this.told.has(id)).map(([, event]) => event);
    for (const { id } of fresh) this.told.add(id);
    return fresh;
  }
  private readonly told = new Set<string>();
}
