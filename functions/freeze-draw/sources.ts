import { dayOf } from '../../shared/domain/calendar.ts';
import type { Schedule } from '../../shared/domain/draw-calendar.ts';
import { drandRoundAt, type Source } from '../../shared/draw/sources.ts';
import type { RandomnessSource } from '../../shared/runtime/randomness.ts';

/** The county's sources of public randomness as the announcement names them: the round of the instant, the issue of its day. */
export function announcedSources(sources: readonly RandomnessSource[], { drawAt, appearances }: Schedule): Source[] {
  const drawn = drawAt.replace('.000Z', 'Z');
  const next = appearances.values();
  return sources.map((source): Source => {
    if (source.type === 'drand') {
      const { type, chain, genesis, period } = source;
      return { type, chain, genesis, period, round: drandRoundAt({ genesis, period }, drawn) };
    }
    const at = next.next().value ?? drawAt;
    const { type, name, ordered, shape } = source;
    return { type, name, issue: dayOf(at), at: at.replace('.000Z', 'Z'), ordered, shape };
  });
}
