/** What sealing takes: of the tables, of the archive and of the key, for calls of several sizes, and what the hourly comparison reads. */
import { generateKeyPairSync } from 'node:crypto';
import { PutItemCommand } from 'dynamodb-toolbox/entity/actions/put';
import { compareLog } from '../../functions/reconcile-ledger/compare-log.ts';
import { AGAIN_DAYS, reconcileLedger } from '../../functions/reconcile-ledger/reconcile-ledger.ts';
import { logFolder } from '../../shared/archive/paths.ts';
import { EventEntity, eventItem } from '../../shared/data/commit.ts';
import { dynamoLedgerStore } from '../../shared/data/ledger-store.ts';
import { dynamoLogStore } from '../../shared/data/log-store.ts';
import { seal } from '../../shared/data/sealing/seal.ts';
import type { Sealing } from '../../shared/data/sealing/sealing.ts';
import { providedSigner } from '../../shared/data/sealing-keys.ts';
import { dayOf, epochMs, instant, plusDays, plusMs } from '../../shared/domain/calendar.ts';
import { countyCode, personId } from '../../shared/domain/ids.ts';
import type { LedgerEvent } from '../../shared/domain/ledger-event.ts';
import { MemoryArchive } from '../support/memory-archive.ts';
import { ownerNumber } from './county.ts';
import { noUnits, type Units } from './meter.ts';
import { PRICES, ROUND_POINTS } from './prices.ts';
import { registered } from './register.ts';
import type { Stand } from './stand.ts';
import { figure, middle, printTable } from './table.ts';

const SIZES = [1, 10, 100, 500];
const RUNS = 3;
/** A county of its own, whose log is long enough to have all its edges. */
const COUNTY = countyCode('533199');
const BEFORE = 600;
const HOUR_MS = 3_600_000;
const at = instant('2026-06-17T08:00:00+08:00');

/** Of a call, or the part of it that each event adds. */
export interface SealUse {
  readonly units: Units;
  readonly puts: number;
  readonly gets: number;
  readonly ms: number;
}

export interface SealingCosts {
  /** What a call and its checkpoint take whatever is in it, one signature included; and what each event adds. */
  readonly call: SealUse;
  readonly event: SealUse;
  /** What the hourly comparison reads of each event when it comes upon it, when it looks at its day again, and of each entry of the log. */
  readonly compared: Units;
  readonly again: Units;
  readonly entry: Units;
  /** What each event adds to the tables and to the archive. */
  readonly tableBytes: number;
  readonly archiveBytes: number;
}

/** An event as a round of checks leaves it. */
async function roundEvent({ ask, meter }: Stand): Promise<LedgerEvent> {
  const owner = ownerNumber(970_000);
  const nos = await registered(owner, ROUND_POINTS, at);
  meter.putInto('Ledger');
  const items = nos.map((riskNo) => ({ riskNo, result: 'normal', answers: 'yyyy' }));
  const caller = { id: personId('bench'), role: 'post-holder', county: countyCode('533102'), owner } as const;
  await ask('an event', 'submit-round', 'POST /v1/check-rounds', { caller, at, body: { checkedAt: at, device: 'bench', items } });
  const [item] = meter.putInto('Ledger').filter(({ _et }) => _et === 'EVENT');
  if (item === undefined) throw new Error('the round recorded nothing');
  return item.event as LedgerEvent;
}

const part = (units: Units, of: (value: number) => number): Units => ({
  write: of(units.write),
  reported: of(units.reported),
  read: of(units.read),
  bytesRead: of(units.bytesRead),
  requests: of(units.requests),
});
const minus = (a: Units, b: Units): Units => ({
  ...{ write: a.write - b.write, reported: a.reported - b.reported, read: a.read - b.read },
  ...{ bytesRead: a.bytesRead - b.bytesRead, requests: a.requests - b.requests },
});

export async function benchSealing(stand: Stand): Promise<SealingCosts> {
  const { meter, timed, times } = stand;
  const template = await roundEvent(stand);
  const archive = new MemoryArchive();
  let gets = 0;
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const origin = `log.example.cn/${COUNTY}`;
  const sealing: Sealing = {
    county: COUNTY,
    origin,
    log: dynamoLogStore(COUNTY),
    ledger: dynamoLedgerStore,
    archive: {
      ...archive.files,
      read: (path) => {
        gets++;
        return archive.files.read(path);
      },
    },
    keys: { signers: async () => [providedSigner(origin, pem)] },
    now: (meant) => meant,
    rest: async () => undefined,
    outOfTime: () => false,
  };
  let recorded = 0;
  const record = async (count: number): Promise<LedgerEvent[]> => {
    const events = Array.from({ length: count }, (): LedgerEvent => {
      const subject = `ROUND#bench-${++recorded}`;
      return { ...template, county: COUNTY, subject, sequence: 1, id: `${subject}:1` };
    });
    await Promise.all(events.map((event) => EventEntity.build(PutItemCommand).item(eventItem(event)).send()));
    return events;
  };
  await seal(sealing, await record(BEFORE));

  const rows: (string | number)[][] = [];
  const uses = new Map<number, SealUse>();
  for (const size of SIZES) {
    const name = `sealing ${size}`;
    const [tables, puts] = [meter.stored('Exports'), archive.puts];
    gets = 0;
    for (let run = 0; run < RUNS; run++) {
      const events = await record(size);
      await timed(name, () => seal(sealing, events));
    }
    const one = (value: number): number => value / RUNS;
    const use = { units: part(meter.take(name), one), puts: one(archive.puts - puts), gets: one(gets), ms: middle(times(name)) };
    uses.set(size, use);
    const { write, read, requests } = use.units;
    const dollars =
      write * PRICES.writeUnit + read * PRICES.readUnit + use.puts * PRICES.put + use.gets * PRICES.get + PRICES.signature;
    const stored = (meter.stored('Exports') - tables) / RUNS / size;
    rows.push([
      size,
      write,
      read,
      requests,
      figure(use.puts),
      figure(use.gets),
      figure(use.ms),
      figure(stored),
      (dollars / size) * 1e6,
    ]);
  }
  printTable(
    'Sealing: a call of the stream with so many rounds, from their places to the checkpoint',
    ['events', 'WRU', 'RRU', 'calls', 'PUT', 'GET', 'ms', 'bytes an event', '$ a million events'],
    rows,
  );
  const reconcile = reconcileLedger({ ...sealing, ledger: dynamoLedgerStore, since: dayOf(at) });
  const all = { ...sealing, county: COUNTY } as const;
  await timed('the entries', () => compareLog(all, 0));
  const { entries: held } = await compareLog(all, 0);
  const entry = part(meter.take('the entries'), (value) => value / held);
  const night = plusDays(at, 1);
  const { looked, compared: beside } = await timed('comparing', () => reconcile(night));
  const compared = part(
    minus(
      meter.take('comparing'),
      part(entry, (value) => value * beside),
    ),
    (value) => value / looked,
  );
  // The hour that has the turn of the events' day.
  const hours = Array.from({ length: AGAIN_DAYS }, (_, hour) => plusMs(night, (hour + 1) * HOUR_MS));
  const turn = hours.find((hour) => dayOf(plusDays(hour, -1 - (Math.floor(epochMs(hour) / HOUR_MS) % AGAIN_DAYS))) === dayOf(at));
  if (turn === undefined) throw new Error('no hour looks at the day again');
  const { compared: once } = await timed('again', () => reconcile(turn));
  const again = part(
    minus(
      meter.take('again'),
      part(entry, (value) => value * once),
    ),
    (value) => value / looked,
  );
  console.log(
    `  The hourly comparison reads ${figure(compared.read)} RRU of each event, ${figure(again.read)} when it looks at its day again, and ${figure(entry.read)} of each entry of the log.`,
  );

  const [first, last] = [uses.get(1), uses.get(100)];
  if (first === undefined || last === undefined) throw new Error('nothing was sealed');
  const each = (one: number, many: number): number => (many - one) / 99;
  const event: SealUse = {
    units: part(minus(last.units, first.units), (value) => value / 99),
    ...{ puts: each(first.puts, last.puts), gets: each(first.gets, last.gets), ms: each(first.ms, last.ms) },
  };
  const entries = [...archive.all()].filter(([path]) => path.startsWith(`${logFolder(COUNTY)}/tile/`) && !path.includes('.p/'));
  const sealed = entries.filter(([path]) => path.includes('/tile/0/')).length * 256;
  return {
    call: {
      units: minus(first.units, event.units),
      ...{ puts: first.puts - event.puts, gets: first.gets - event.gets, ms: first.ms - event.ms },
    },
    event,
    ...{ compared: { ...noUnits, ...compared }, again: { ...noUnits, ...again }, entry: { ...noUnits, ...entry } },
    tableBytes: meter.stored('Exports') / recorded,
    archiveBytes: entries.reduce((bytes, [, content]) => bytes + content.length, 0) / sealed,
  };
}
