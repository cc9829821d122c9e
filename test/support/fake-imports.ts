import type { GroupOutcome, ImportDeps, ImportTarget } from '../../functions/import-list/import-list.ts';
import { CommandRepeated, StaleVersion } from '../../shared/data/commit.ts';
import type { ImportFiles } from '../../shared/data/import-files.ts';
import type { ImportStore } from '../../shared/data/import-store.ts';
import type { ImportJob } from '../../shared/domain/import-job.ts';
import type { RowError } from '../../shared/domain/import-rows.ts';
import { fileLimits, listRules } from './lists.ts';

/** Breaks off at the n-th thing that leaves a mark, before or after the mark is made. */
export class BrokeOff extends Error {
  override readonly name = 'BrokeOff';
}

/** What is left of a process that was killed: nothing but what it had written. */
export function fakeImports() {
  const jobs = new Map<string, string>();
  const commands = new Map<string, string>();
  const objects = new Map<string, Buffer>();
  const register = new Map<string, string>();
  const groups = new Map<string, string>();
  const messages: string[] = [];
  let marks = 0;
  let breakAt: { mark: number; when: 'before' | 'after' } | undefined;
  /** How many rows were put into the register, counting those put twice. */
  let puts = 0;

  const mark = (write: () => void): void => {
    marks += 1;
    if (breakAt?.mark === marks && breakAt.when === 'before') throw new BrokeOff();
    write();
    if (breakAt?.mark === marks && breakAt.when === 'after') throw new BrokeOff();
  };

  const put = (job: ImportJob): void => {
    const stands = jobs.get(job.id);
    const version = stands === undefined ? 0 : (JSON.parse(stands) as ImportJob).version;
    if (version !== job.version - 1) throw new StaleVersion('somebody else was quicker');
    mark(() => jobs.set(job.id, JSON.stringify(job)));
  };

  const store: ImportStore = {
    load: async (id) => {
      const text = jobs.get(id);
      return text === undefined ? undefined : (JSON.parse(text) as ImportJob);
    },
    save: async (job) => put(job),
    saveFor: async (command, job) => {
      const key = `${command.by} ${command.id}`;
      if (commands.has(key)) throw new CommandRepeated(command.id);
      put(job);
      commands.set(key, JSON.stringify({ requestHash: command.requestHash, answer: command.answer }));
    },
  };

  const files: ImportFiles = {
    uploadFor: async (id) => ({ url: 'https://bucket.test/', fields: { key: `imports/${id}/source` } }),
    sizeOf: async (id) => objects.get(`${id}/source`)?.length,
    source: async (id) => objects.get(`${id}/source`) ?? Buffer.alloc(0),
    put: async (id, part, text) => mark(() => objects.set(`${id}/${part}`, Buffer.from(text))),
    get: async (id, part) => {
      const text = objects.get(`${id}/${part}`);
      if (text === undefined) throw new Error(`${part} is missing`);
      return text.toString();
    },
    offer: async (name, _, bytes) => {
      objects.set(`templates/${name}`, bytes);
      return `https://bucket.test/templates/${encodeURIComponent(name)}`;
    },
  };

  /** A register that takes everything but what is called 拒绝, and knows a row by its place in nothing but its key and content. */
  const target: ImportTarget = {
    apply: async ({ part, enterprise, risks, areas }, { commandId, isTrial }) => {
      const before = groups.get(commandId);
      if (before !== undefined) return JSON.parse(before) as GroupOutcome;
      const errors: RowError[] = [];
      const writes: [string, string][] = [];
      let unchanged = 0;
      const rows = [
        ...(enterprise !== undefined && part === 0 ? [{ key: enterprise.uscc as string, row: enterprise }] : []),
        ...risks.map((row) => ({ key: `${row.uscc}#${row.no}`, row })),
        ...areas.map((row) => ({ key: `${row.township}#${row.no}`, row })),
      ];
      for (const { key, row } of rows) {
        const { place, ...content } = row;
        const { columns: _, ...where } = place;
        if (row.name.includes('拒绝')) errors.push({ ...where, found: row.name, code: 'refused', message: '不行' });
        else if (register.get(key) === JSON.stringify(content)) unchanged += 1;
        else writes.push([key, JSON.stringify(content)]);
      }
      const outcome: GroupOutcome = { written: writes.length, unchanged, refused: errors.length, errors };
      if (!isTrial && writes.length > 0) {
        mark(() => {
          for (const [key, content] of writes) register.set(key, content);
          groups.set(commandId, JSON.stringify(outcome));
          puts += writes.length;
        });
      }
      return outcome;
    },
  };

  const deps: ImportDeps = {
    jobs: store,
    files,
    register: target,
    continueLater: async (id) => mark(() => void messages.push(id)),
    rulesAt: () => ({ list: listRules, limits: fileLimits }),
  };

  return {
    deps,
    store,
    files,
    messages,
    register,
    objects,
    commands,
    marks: () => marks,
    puts: () => puts,
    breakOff: (mark: number, when: 'before' | 'after') => {
      marks = 0;
      breakAt = { mark, when };
    },
  };
}
