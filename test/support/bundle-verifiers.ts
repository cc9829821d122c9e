/** Both verifiers of bundles on the same case: the one in TypeScript and `verify.py`, which were written apart from each other. */
import { filesInMemory } from '../../shared/archive/bundle-files.ts';
import { openCheckpoint } from '../../shared/archive/checkpoint.ts';
import { readSalts } from '../../shared/archive/salts.ts';
import { verifyBundles } from '../../shared/archive/verify-bundle.ts';
import type { KnownHead } from '../../shared/archive/verify-heads.ts';
import { Fault } from '../../shared/draw/fault.ts';
import { type JudgedCase, type Judgement, judgeByPython } from './python-verifier.ts';

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const headsOf = ({ checkpoints = [], roots = [], vkeys = [] }: JudgedCase): readonly KnownHead[] => [
  ...checkpoints.map((note, at) => ({
    file: `checkpoint ${at}`,
    ...openCheckpoint(Buffer.from(note), vkeys, `checkpoint ${at}`),
  })),
  ...roots.map((text) => {
    const [size = '', root = ''] = text.split(':');
    return { file: `the root of ${size}`, size: Number(size), root: Buffer.from(root, 'hex') };
  }),
];

/** What the verifier in TypeScript says of a case. */
export async function judgeHere(one: JudgedCase): Promise<Judgement> {
  const { bundles, previous, vkeys, witnesses, salts, closedBy = [] } = one;
  try {
    const verdict = await verifyBundles(
      bundles.map((files, at) => [bundles.length > 1 ? `${at}` : '', filesInMemory(files)]),
      {
        ...(previous && { previous: filesInMemory(previous) }),
        ...(vkeys && { vkeys }),
        ...(witnesses && { witnesses }),
        ...(salts !== undefined && { salts: await readSalts(once(salts)) }),
        closedBy: closedBy.map((files, at) => [`closed ${at}`, filesInMemory(files)]),
        heads: headsOf(one),
      },
    );
    return verdict.ok ? { ok: true, says: '' } : { ok: false, says: verdict.fault.message };
  } catch (error) {
    // Of what is given beside the bundles: the command says it in the same way.
    if (error instanceof Fault) return { ok: false, says: error.message };
    throw error;
  }
}

export interface BothJudgements {
  readonly here: Judgement;
  readonly python: Judgement;
}

/** What both say of each case. */
export async function judgeByBoth(cases: readonly JudgedCase[]): Promise<BothJudgements[]> {
  const python = judgeByPython(cases);
  const both: BothJudgements[] = [];
  for (const [at, one] of cases.entries()) {
    const there = python[at];
    if (there !== undefined) both.push({ here: await judgeHere(one), python: there });
  }
  return both;
}
