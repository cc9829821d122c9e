/** What may happen to a draw, judged: values entered, objects replaced, the draw void. */
import type { Instant } from './calendar.ts';
import { type Decision, decided, denied } from './decision.ts';
import type { Draw, DrawFact, RandomnessEntry, Sha256 } from './draw.ts';
import { iterationUnderWay } from './draw-evolve.ts';
import type { Occasion } from './ledger-event.ts';

type Occurring = Pick<Occasion, 'at' | 'actor'>;

export const DRAW_DENIALS = {
  'not-awaiting-randomness': '这次抽查已不在等待随机数。',
  'unknown-source': '公告中没有这个随机数来源。',
  'not-yet-published': '公告的随机数尚未到公布时间，请在公布后录入。',
  'entered-already': '您已录入过相同的数值；须由另一人录入后方能确认。',
  'draw-ended': '这次抽查已经公开或作废，不能再作废。',
  'not-assigned': '只有检查期间（已派发、未全部完成）才能替换对象。',
  'replacing-already': '上一次替换尚未抽取完毕，请稍后再试。',
  'too-many-substitutions': '这次抽查的替换次数已达上限。',
} as const;
export type DrawDenial = keyof typeof DRAW_DENIALS;

/** What each source has been given, by the last entry of each person: a value counts once two persons say the same, or the system itself, which proved it. */
export function settledValues(entries: readonly RandomnessEntry[], sources: number): readonly string[] | undefined {
  const values: string[] = [];
  for (let source = 0; source < sources; source++) {
    const said = new Map(entries.filter((entry) => entry.source === source).map(({ by, value }) => [by.id, { by, value }]));
    const all = [...said.values()];
    const agreed = all.find(({ by, value }) => by.role === 'system' || all.filter((other) => other.value === value).length >= 2);
    if (agreed === undefined) return undefined;
    values.push(agreed.value);
  }
  return values;
}

/** Whether values of its sources may still be entered. */
export const awaitsRandomness = ({ stage, randomness }: Pick<Draw, 'stage' | 'randomness'>): boolean =>
  stage === 'announced' && randomness === undefined;

/** `publishedAt`: from when on the source's value is known to anybody. */
export function enterRandomness(
  draw: Draw,
  { source, value, publishedAt }: { readonly source: number; readonly value: string; readonly publishedAt: Instant | undefined },
  { at, actor }: Occurring,
): Decision<Extract<DrawFact, { type: 'RandomnessEntered' }>, DrawDenial> {
  if (!awaitsRandomness(draw)) return denied('not-awaiting-randomness');
  if (source >= draw.sources || publishedAt === undefined) return denied('unknown-source');
  if (at < publishedAt) return denied('not-yet-published');
  const before = draw.entries.findLast((entry) => entry.source === source && entry.by.id === actor.id);
  if (before?.value === value) return denied('entered-already');
  return decided({ type: 'RandomnessEntered', data: { source, value } });
}

/** `sha256`: of `void.json`. */
export const voidDraw = (
  draw: Draw,
  { reason, sha256 }: { readonly reason: string; readonly sha256: Sha256 },
): Decision<Extract<DrawFact, { type: 'DrawVoided' }>, DrawDenial> =>
  draw.stage === 'revealed' || draw.stage === 'void'
    ? denied('draw-ended')
    : decided({ type: 'DrawVoided', data: { reason, sha256 } });

/** Whether objects may be replaced now, and by which iteration. `most`: the policy's number of substitutions. */
export function nextSubstitution(
  draw: Draw,
  most: number,
): { readonly kind: 'next'; readonly iteration: number } | { readonly kind: 'denied'; readonly reason: DrawDenial } {
  if (draw.stage !== 'assigned') return { kind: 'denied', reason: 'not-assigned' };
  if (iterationUnderWay(draw) !== undefined) return { kind: 'denied', reason: 'replacing-already' };
  const iteration = draw.iterations.length + 1;
  return iteration - 1 > most ? { kind: 'denied', reason: 'too-many-substitutions' } : { kind: 'next', iteration };
}

/** What a sweep owes to say of a draw: the randomness does not come, the reveal is late. Each once. */
export function warningsOf(draw: Draw, at: Instant, graceMs: number): readonly DrawFact[] {
  const warned = draw.warned ?? [];
  const since = Date.parse(draw.drawAt) + graceMs;
  const isMissing = draw.stage === 'announced' && draw.randomness === undefined && Date.parse(at) >= since;
  const isLate = draw.revealedAt === undefined && draw.void === undefined && at >= draw.revealBy;
  return [
    ...(isMissing && !warned.includes('randomness-missing')
      ? [{ type: 'RandomnessMissing', data: { since: draw.drawAt } } as const]
      : []),
    ...(isLate && !warned.includes('not-revealed') ? [{ type: 'DrawNotRevealed', data: { since: draw.revealBy } } as const] : []),
  ];
}
