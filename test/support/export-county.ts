/**
 * A county whose log is exported, in one process: the real definition, functions and stores over tables and buckets in memory, its log sealed as
 * the cloud seals it. Any process may be cut short; whoever ran it runs it again.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beginExport } from '../../functions/begin-export/begin-export.ts';
import { closeExport } from '../../functions/close-export/close-export.ts';
import type { AskTimestamp } from '../../functions/close-export/timestamp.ts';
import { exportSlice } from '../../functions/export-slice/export-slice.ts';
import { filesInMemory } from '../../shared/archive/bundle-files.ts';
import { MOST_PROVED, SLICE, SLICE_BYTES } from '../../shared/archive/manifest.ts';
import { bundleFolder, logFolder } from '../../shared/archive/paths.ts';
import { verifyBundle } from '../../shared/archive/verify-bundle.ts';
import type { ArchiveFiles } from '../../shared/data/archive-files.ts';
import { dynamoCosignedStore } from '../../shared/data/cosigned-store.ts';
import { dynamoExportStore, type StoredExport } from '../../shared/data/export-store.ts';
import { dynamoLogStore } from '../../shared/data/log-store.ts';
import type { Day, Instant } from '../../shared/domain/calendar.ts';
import type { Standing } from '../../shared/domain/colour.ts';
import type { ExportKind } from '../../shared/domain/export.ts';
import { type ExportId, exportId } from '../../shared/domain/ids.ts';
import { type Actor, type LedgerEvent, recordFacts } from '../../shared/domain/ledger-event.ts';
import type { LedgerFact } from '../../shared/domain/ledger-fact.ts';
import { cadencesOf } from '../../shared/policy/cadences.ts';
import { policiesOf, policyFor } from '../../shared/policy/load.ts';
import {
  type AskedExport,
  beginInput,
  closeInput,
  type ExportRunInput,
  sliceInput,
} from '../../workflows/audit-export/contract.ts';
import { policyText } from '../../workflows/audit-export/state-policy.ts';
import { walk } from './asl-runner.ts';
import type { Files } from './bundles-of.ts';
import { definitionOf } from './definitions.ts';
import { MemoryArchive } from './memory-archive.ts';
import { judgeByPython } from './python-verifier.ts';
import { Scissors } from './scissors.ts';
import { COUNTY, SealingCounty, signerOf } from './sealing-county.ts';

export { COUNTY };

/** The files below a folder of others. */
const below = (files: ArchiveFiles, folder: string): ArchiveFiles => ({
  read: (path) => files.read(`${folder}/${path}`),
  stream: (path) => files.stream(`${folder}/${path}`),
  putOnce: (path, bytes) => files.putOnce(`${folder}/${path}`, bytes),
  putStreamOnce: (path, pieces) => files.putStreamOnce(`${folder}/${path}`, pieces),
  putAnew: (path, bytes) => files.putAnew(`${folder}/${path}`, bytes),
});

/** What the functions call outside themselves. */
export interface Outside {
  readonly store: ReturnType<typeof dynamoExportStore>;
  readonly log: ReturnType<typeof dynamoLogStore>;
  readonly cosigned: ReturnType<typeof dynamoCosignedStore>;
  readonly archive: ArchiveFiles;
  readonly requests: ArchiveFiles;
  readonly evidence: { readonly size: (key: string) => Promise<number | undefined> };
  readonly tasks: { readonly at: () => Promise<readonly string[]> };
  readonly authority: { readonly ask: AskTimestamp };
}

/** What changes nothing. */
export const READS = new Set([
  ...['store.load', 'store.series', 'store.open', 'store.planned', 'store.slices', 'log.head', 'log.placesOf'],
  'cosigned.newest',
  ...['archive.read', 'archive.stream', 'requests.read', 'requests.stream', 'evidence.size', 'tasks.at'],
]);

const definition = definitionOf('audit-export');
const VERIFIER = readFileSync(new URL('../../shared/archive/verify.py', import.meta.url));
const rules = { cadencesAt: (at: Instant) => cadencesOf(COUNTY, at) };
const bundlesIn = ({ archive, requests }: Outside) => ({
  archive: (folder: string) => below(archive, folder),
  requests: (folder: string) => below(requests, folder),
});
const logIn = ({ archive }: Outside): ArchiveFiles => below(archive, logFolder(COUNTY));

export class ExportCounty {
  readonly sealing: SealingCounty;
  readonly requests = new MemoryArchive({ isLocked: false });
  readonly vkeys = [signerOf(1).vkey];
  /** Subjects of tasks at whatever object is asked for. */
  tasks: readonly string[] = [];
  /** The deployment's time-stamp authority; without, there is none. */
  authority: AskTimestamp | undefined;
  private readonly scissors: Scissors;
  private readonly recorded = new Map<string, number>();

  private readonly perSlice: number;
  private readonly sliceBytes: number;
  private readonly since: Day;
  private readonly mostProved: number;

  constructor({
    scissors = new Scissors(),
    perSlice = SLICE,
    sliceBytes = SLICE_BYTES,
    since = '2024-01-01',
    mostProved = MOST_PROVED,
  }: {
    readonly scissors?: Scissors;
    readonly perSlice?: number;
    readonly sliceBytes?: number;
    readonly since?: string;
    readonly mostProved?: number;
  } = {}) {
    this.scissors = scissors;
    this.perSlice = perSlice;
    this.sliceBytes = sliceBytes;
    this.since = since as Day;
    this.mostProved = mostProved;
    this.sealing = new SealingCounty();
    scissors.writes = () => this.sealing.tables.writes() + this.sealing.archive.puts + this.requests.puts;
  }

  get archive(): MemoryArchive {
    return this.sealing.archive;
  }

  /** Records facts of a subject, one after the other. */
  async record(
    subject: string,
    colour: Standing,
    at: Instant,
    actor: Actor,
    ...facts: readonly LedgerFact[]
  ): Promise<LedgerEvent[]> {
    const last = this.recorded.get(subject) ?? 0;
    const events = recordFacts(facts, subject, last, colour, { at, county: COUNTY, actor });
    this.recorded.set(subject, last + facts.length);
    for (const event of events) await this.sealing.keep(event);
    return events;
  }

  /** Seals what the stream has. */
  async seal(): Promise<void> {
    await this.sealing.run(this.sealing.streamed());
    await this.sealing.run(this.sealing.streamed());
  }

  outside(): Outside {
    return {
      store: dynamoExportStore(COUNTY),
      log: dynamoLogStore(COUNTY),
      cosigned: dynamoCosignedStore(COUNTY),
      archive: this.archive.files,
      requests: this.requests.files,
      evidence: { size: async (key) => key.length },
      tasks: { at: async () => this.tasks },
      authority: { ask: async (stamped) => this.authority?.(stamped) },
    };
  }

  begin = (o: Outside) =>
    beginExport({
      county: COUNTY,
      store: o.store,
      log: o.log,
      cosigned: o.cosigned,
      files: logIn(o),
      tasksAt: () => o.tasks.at(),
      perSlice: { events: this.perSlice, bytes: this.sliceBytes },
      mostProved: this.mostProved,
      since: this.since,
      closeAfter: (at) => policyFor(COUNTY, at).exports.day.closeAfter,
    });

  slice = (o: Outside) =>
    exportSlice({
      store: o.store,
      log: logIn(o),
      bundles: bundlesIn(o),
      evidenceSize: (key) => o.evidence.size(key),
    });

  close = (o: Outside) =>
    closeExport({
      county: COUNTY,
      store: o.store,
      log: logIn(o),
      head: () => o.log.head(),
      bundles: bundlesIn(o),
      verifier: VERIFIER,
      rules,
      askTimestamp: this.authority && ((stamped) => o.authority.ask(stamped)),
      policy: (to) => policyText(policiesOf(COUNTY), to),
      form: (at) => ({ rules: policyFor(COUNTY, at).exports.form, unit: '瑞丽市安全生产委员会办公室' }),
    });

  /** One execution to its end. A process that is cut throws out of it. */
  async run(input: ExportRunInput, most = 500): Promise<readonly string[]> {
    const call =
      <In, Out>(parse: (payload: unknown) => In, work: (outside: Outside) => (input: In) => Promise<Out>) =>
      async ({ Payload }: { readonly Payload: unknown }) => {
        const answer = await this.scissors.process({ ...this.outside() }, async (outside) => work(outside)(parse(Payload)));
        return { Payload: JSON.parse(JSON.stringify(answer)) as unknown };
      };
    const { path, status } = await walk(definition, input, {
      most,
      tasks: {
        BeginExport: call((payload) => beginInput.parse(payload), this.begin),
        ExportSlice: call((payload) => sliceInput.parse(payload), this.slice),
        CloseExport: call((payload) => closeInput.parse(payload), this.close),
      },
    });
    expect(status).toBe('SUCCEEDED');
    return path;
  }

  due = (at: Instant): Promise<readonly string[]> => this.run({ at, asked: [] });

  async of(id: ExportId): Promise<StoredExport> {
    const stored = await this.outside().store.load(id);
    if (stored === undefined) throw new Error(`${id} is not there`);
    return stored;
  }

  /** The files of a bundle as somebody fetches them. */
  files(id: ExportId, kind: ExportKind): Files {
    const folder = `${bundleFolder({ id, kind })}/`;
    const all = kind === 'day' || kind === 'month' ? this.archive.all() : this.requests.all();
    return new Map(
      [...all].filter(([path]) => path.startsWith(folder)).map(([path, bytes]) => [path.slice(folder.length), bytes]),
    );
  }

  day = (sequence: number): Files => this.files(exportId(`day-${String(sequence).padStart(6, '0')}`), 'day');
  month = (sequence: number): Files => this.files(exportId(`month-${String(sequence).padStart(6, '0')}`), 'month');

  /** Every bundle that calendar made, by its path. */
  periodic(): ReadonlyMap<string, string> {
    const all = [...this.archive.all()].filter(([path]) => /^(?:day|month)\//.test(path));
    return new Map(all.map(([path, bytes]) => [path, bytes.toString('base64')]));
  }

  /** Both verifiers have to take each of them, after the one before it. */
  async expectTrue(...bundles: readonly Files[]): Promise<void> {
    for (const [at, files] of bundles.entries()) {
      const before = bundles[at - 1];
      const verdict = await verifyBundle(filesInMemory(files), {
        vkeys: this.vkeys,
        ...(before && { previous: filesInMemory(before) }),
      });
      expect(verdict.ok ? 'ok' : `${verdict.fault.message} ${JSON.stringify(verdict.fault.place ?? '')}`).toBe('ok');
    }
    for (const { ok, says } of judgeByPython([{ bundles, vkeys: this.vkeys }])) expect(ok ? 'ok' : says).toBe('ok');
  }
}

export const asked = (id: string, request: AskedExport['request']): AskedExport => ({
  id: exportId(id),
  request,
  reason: '年度检查',
  by: { id: AUDITOR.id, role: AUDITOR.role },
});

export const AUDITOR = { id: 'auditor-1' as AskedExport['by']['id'], role: 'auditor' } as const;

export interface LineOfBundle {
  readonly id: string;
  readonly at: string;
  readonly index: number;
  readonly type: string;
  readonly subject: string;
  /** The file that it stands in. */
  readonly path: string;
}

/** The events of a bundle, by their index. */
export function eventsIn(files: Files): readonly LineOfBundle[] {
  const lines = [...files].flatMap(([path, bytes]) =>
    path.startsWith('county=')
      ? gunzipSync(bytes)
          .toString()
          .trimEnd()
          .split('\n')
          .map((line): LineOfBundle => ({ ...JSON.parse(line), path }))
      : [],
  );
  return lines.sort((a, b) => a.index - b.index);
}
