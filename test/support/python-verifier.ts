/** `verify.py` as an auditor runs it, and many bundles judged in one run of it, so that a test takes a second. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Files } from './bundles-of.ts';

const VERIFY = fileURLToPath(new URL('../../shared/archive/verify.py', import.meta.url));

/** Writes files under a folder. */
export function writeFiles(folder: string, files: Files): string {
  mkdirSync(folder, { recursive: true });
  const made = new Set([folder]);
  for (const [path, bytes] of files) {
    const file = join(folder, path);
    if (!made.has(dirname(file))) mkdirSync(dirname(file), { recursive: true });
    made.add(dirname(file));
    writeFileSync(file, bytes);
  }
  return folder;
}

/** Something done in a folder that is gone afterwards. */
export function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface Ran {
  readonly code: number | null;
  readonly says: string;
}

/** The program itself, in a folder. */
export function runVerifier(cwd: string, ...args: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync('python3', ['-I', '-B', VERIFY, ...args], { cwd });
  return { code: status, says: `${stdout}${stderr}` };
}

export interface JudgedCase {
  readonly bundles: readonly Files[];
  readonly previous?: Files;
  readonly vkeys?: readonly string[];
  readonly witnesses?: readonly string[];
  /** The text of salts.jsonl. */
  readonly salts?: string;
  readonly closedBy?: readonly Files[];
  /** Signed notes that were kept elsewhere. */
  readonly checkpoints?: readonly string[];
  /** `SIZE:HEX` */
  readonly roots?: readonly string[];
}

/** `ok`, or the step at which it was refused and the sentence that says why. */
export interface Judgement {
  readonly ok: boolean;
  readonly step?: string;
  readonly says: string;
}

const PROGRAM = `
import json, sys
sys.path.insert(0, ${JSON.stringify(dirname(VERIFY))})
import verify
for case in json.load(sys.stdin):
    try:
        salts = verify.read_salts(case["salts"]) if "salts" in case else None
        asked = verify.Asked(case["vkeys"], case["witnesses"], salts)
        heads = verify.heads_of(case["checkpoints"], case["roots"])
        says = verify.verify(case["folders"], asked, case.get("previous"), case["closedBy"], heads)
        print(json.dumps({"ok": True, "says": " ".join(says)}))
    except verify.Fault as fault:
        print(json.dumps({"ok": False, "step": fault.step, "says": str(fault)}))
`;

/** What verify.py says of each case. A case that makes it fall over fails the test. */
export const judgeByPython = (cases: readonly JudgedCase[], python = 'python3'): Judgement[] =>
  inFolder((folder) => {
    const asked = cases.map(
      ({ bundles, previous, vkeys = [], witnesses = [], salts, closedBy = [], checkpoints = [], roots = [] }, at) => {
        if (salts !== undefined) writeFileSync(join(folder, `salts-${at}`), salts);
        return {
          folders: bundles.map((files, place) => writeFiles(join(folder, `${at}-${place}`), files)),
          ...(previous && { previous: writeFiles(join(folder, `${at}-previous`), previous) }),
          ...(salts !== undefined && { salts: join(folder, `salts-${at}`) }),
          closedBy: closedBy.map((files, place) => writeFiles(join(folder, `${at}-closed-${place}`), files)),
          checkpoints: checkpoints.map((note, place) => {
            const file = join(folder, `${at}-checkpoint-${place}`);
            writeFileSync(file, note);
            return file;
          }),
          roots,
          vkeys,
          witnesses,
        };
      },
    );
    const said = execFileSync(python, ['-B', '-c', PROGRAM], { input: JSON.stringify(asked), maxBuffer: 2 ** 28 });
    const judged = said.toString().trimEnd().split('\n');
    if (judged.length !== cases.length) throw new Error(`${cases.length} cases, ${judged.length} answers`);
    return judged.map((line): Judgement => JSON.parse(line));
  });
