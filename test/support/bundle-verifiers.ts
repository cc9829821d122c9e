/** Both verifiers of bundles on the same case: the one in TypeScript and `verify.py`, which were written apart from each other. */
import { filesInMemory } from '../../shared/archive/bundle-files.ts';
import { readSalts } from '../../shared/archive/salts.ts';
import { verifyBundles } from '../../shared/archive/verify-bundle.ts';
import { type JudgedCase, type Judgement, judgeByPython } from './python-verifier.ts';

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** What the verifier in TypeScript says of a case. */
export async function judgeHere({ bundles, previous, vkeys, witnesses, salts }: JudgedCase): Promise<Judgement> {
  const verdict = await verifyBundles(
    bundles.map((files, at) => [bundles.length > 1 ? `${at}` : '', filesInMemory(files)]),
    {
      ...(previous && { previous: filesInMemory(previous) }),
      ...(vkeys && { vkeys }),
      ...(witnesses && { witnesses }),
      ...(salts !== undefined && { salts: await readSalts(once(salts)) }),
    },
  );
  return verdict.ok ? { ok: true, says: '' } : { ok: false, says: verdict.fault.message };
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
