/** Exports as those see them who reach them, and the addresses of their files: each handing out is on the ledger before it is answered. */
import type * as z from 'zod';
import type { BundleFile } from '../../shared/archive/manifest.ts';
import { occasionOf } from '../../shared/data/asked.ts';
import type { LinkTo } from '../../shared/data/bundle-links.ts';
import { CursorMalformed } from '../../shared/data/cursor.ts';
import type { LedgerStore } from '../../shared/data/ledger-store.ts';
import { grantOf } from '../../shared/domain/access.ts';
import type { Audit } from '../../shared/domain/audit.ts';
import { type Instant, plusMs } from '../../shared/domain/calendar.ts';
import { type Export, exportSubject } from '../../shared/domain/export.ts';
import { Problem } from '../../shared/runtime/problem.ts';
import type { Request } from '../../shared/runtime/route.ts';
import type { handOutLinks, listExports, listFiles, listReads, readExport } from './api.ts';
import type { Bundle, BundleOf } from './bundles.ts';
import type { exportOut, linksOut, readOut } from './exports-out.ts';
import { type ReachDependencies, reached, reachedClosed, reachOf, refused, refuseExpired, seen } from './reach.ts';
import { readsOf } from './reads.ts';

export interface ExportsDependencies extends ReachDependencies {
  readonly ledger: Pick<LedgerStore, 'at' | 'ofSubject'>;
  readonly bundleOf: BundleOf;
  readonly linkTo: LinkTo;
  /** How long an address may be used, by the policy in force then. */
  readonly linkMinutes: (at: Instant) => number;
}

const [SECOND_MS, MINUTE_S] = [1_000, 60];

/** So long an address lives: as the policy says, and not beyond the audit that gives the right to it. */
function secondsOf(minutes: number, at: Instant, audit: Audit | undefined): number {
  const left = audit === undefined ? Number.POSITIVE_INFINITY : (Date.parse(audit.until) - Date.parse(at)) / SECOND_MS;
  return Math.max(1, Math.floor(Math.min(minutes * MINUTE_S, left)));
}

const exportView = (of: Export, written?: number): z.input<typeof exportOut> => {
  const { county: _, version: __, starts: ___, slices, closed, request, ...rest } = of;
  return {
    ...rest,
    ...(request && { request }),
    ...(written !== undefined && { slices: { written, of: slices } }),
    ...(closed && { closed }),
  };
};

/** Files behind the one that a cursor names: a path, since files of a bundle are in order and never change. */
function filesAfter({ file, filesAfter: after }: Bundle, cursor: string | undefined, limit: number) {
  if (cursor !== undefined && file(cursor) === undefined) throw new CursorMalformed('no file of this bundle');
  const items: BundleFile[] = [];
  for (const one of after(cursor)) {
    const last = items.at(-1);
    if (last !== undefined && items.length === limit) return { items, cursor: last.path };
    items.push(one);
  }
  return { items };
}

/** The files of these paths, in their order. */
function filesAt({ file }: Bundle, paths: readonly string[]): readonly BundleFile[] {
  const byPath = new Map(paths.map((path) => [path, file(path)]));
  const missing = paths.filter((path) => byPath.get(path) === undefined);
  if (missing.length > 0) {
    throw new Problem(422, 'no-such-file', '导出包中没有下列文件，请从文件清单中选取。', { field: 'paths', missing });
  }
  return [...new Set(paths)].flatMap((path) => byPath.get(path) ?? []);
}

export function serveExports(deps: ExportsDependencies) {
  const { exports, ledger, bundleOf, linkTo, linkMinutes } = deps;
  return {
    listExports: async (asked: Request<typeof listExports>) => {
      const { kind, limit, cursor } = asked.query;
      const isOfOwn = kind === 'enterprise' || kind === 'hazard' || kind === 'record';
      // None of the others is an enterprise's own: it need not be asked one by one.
      if (grantOf(asked.caller, 'ReadExport') === 'own' && !isOfOwn) return { items: [] };
      const reaches = await reachOf(deps, asked);
      if (reaches.audits.length === 0) await refused(deps, asked, { code: 'no-audit' });
      for (const audit of reaches.audits) await seen(deps, asked, {}, audit && { audit });
      const page = await exports.ofKind(kind, limit, cursor);
      const rights = await Promise.all(page.items.map((stored) => reaches.rightTo(stored.export)));
      return {
        items: page.items.flatMap((stored, index) => (rights[index] === undefined ? [] : [exportView(stored.export)])),
        ...(page.cursor !== undefined && { cursor: page.cursor }),
      };
    },
    readExport: async (asked: Request<typeof readExport>) => {
      const found = await reached(deps, asked, asked.params.id);
      await seen(deps, asked, { export: found.export.id }, found.right);
      return exportView(found.export, (await exports.slices(found.export.id)).length);
    },
    listFiles: async (asked: Request<typeof listFiles>) => {
      const found = await reachedClosed(deps, asked, asked.params.id);
      await seen(deps, asked, { export: found.export.id }, found.right);
      return filesAfter(await bundleOf(found.export, found.manifest), asked.query.cursor, asked.query.limit);
    },
    handOutLinks: async (asked: Request<typeof handOutLinks>): Promise<z.input<typeof linksOut>> => {
      const { right, manifest, ...before } = await reachedClosed(deps, asked, asked.params.id);
      const bundle = await bundleOf(before.export, manifest);
      refuseExpired(bundle);
      const { paths, cursor, limit } = asked.body;
      const page = paths === undefined ? filesAfter(bundle, cursor, limit) : { items: filesAt(bundle, paths) };
      const { audit } = right;
      const data = { files: page.items.map(({ path }) => path), ...(audit && { audit: audit.id }) };
      await exports.note({ before, facts: [{ type: 'ExportRead', data }], occasion: occasionOf(asked) });
      const seconds = secondsOf(linkMinutes(asked.at), asked.at, audit);
      const items = page.items.map(async ({ role: _, ...file }) => ({
        ...file,
        url: await linkTo(before.export, file.path, seconds),
      }));
      return {
        items: await Promise.all(items),
        until: plusMs(asked.at, seconds * SECOND_MS),
        ...('cursor' in page && { cursor: page.cursor }),
      };
    },
    listReads: async (asked: Request<typeof listReads>) => {
      const { export: of, right } = await reached(deps, asked, asked.params.id);
      await seen(deps, asked, { export: of.id }, right);
      const { limit, cursor } = asked.query;
      const { events, ...next } = await ledger.ofSubject(exportSubject(of.id), limit, cursor);
      return { items: events.flatMap((event): z.input<typeof readOut>[] => readsOf(event)), ...next };
    },
  };
}
