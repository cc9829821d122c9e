import type { DrawFiles } from '../../shared/data/draw-files.ts';
import type { Instant } from '../../shared/domain/calendar.ts';
import type { Draw, DrawFact } from '../../shared/domain/draw.ts';
import { settledValues } from '../../shared/domain/draw-decide.ts';
import { evolveDraw } from '../../shared/domain/draw-evolve.ts';
import { announcement } from '../../shared/draw/announcement.ts';
import { ANNOUNCEMENT_FILE } from '../../shared/draw/bundle.ts';
import { canonical, readJson } from '../../shared/draw/canonical-json.ts';
import type { DrandSource, Given } from '../../shared/draw/sources.ts';
import { randomnessBytes } from '../../workflows/inspection-draw/randomness.ts';
import { SYSTEM } from '../../workflows/inspection-draw/standing.ts';

/** A value of a round from a mirror, proven; `undefined` where no mirror has one. */
export type FetchRound = (source: DrandSource) => Promise<Given | undefined>;

/** What is found of the randomness of a draw whose instant has come: fetched values, and that it is complete. */
export async function randomnessFacts(
  draw: Draw,
  { files, fetchRound, at }: { readonly files: DrawFiles; readonly fetchRound: FetchRound; readonly at: Instant },
): Promise<readonly DrawFact[]> {
  if (draw.stage !== 'announced' || draw.randomness !== undefined || at < draw.drawAt) return [];
  const { sources } = readJson(announcement, await files.read(draw.announcement), ANNOUNCEMENT_FILE);
  const facts: DrawFact[] = [];
  for (const [source, one] of sources.entries()) {
    const isThere = draw.entries.some((entry) => entry.source === source && entry.by.role === 'system');
    if (one.type !== 'drand' || isThere) continue;
    const value = await fetchRound(one);
    if (value !== undefined)
      facts.push({ type: 'RandomnessEntered', data: { source, value: Buffer.from(canonical(value)).toString('utf8') } });
  }
  const entered = facts.reduce((state, fact) => evolveDraw(state, { ...fact, at, actor: SYSTEM }), draw);
  const values = settledValues(entered.entries, entered.sources);
  if (values !== undefined)
    facts.push({ type: 'RandomnessSettled', data: { sha256: await files.keep(randomnessBytes(values)) } });
  return facts;
}
