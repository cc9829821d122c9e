import * as z from 'zod';
import { hasBitsEnough, KNOWN_CHAINS, LEAST_BITS, type Source, source } from '../../../shared/draw/sources.ts';
import { type RandomnessSource, randomnessSources } from '../../../shared/runtime/randomness.ts';
import type { Deployment } from '../../deployments/deployment.ts';

/** A source as some announcement will name it: how many bits it has does not depend on the round or the day. */
const announced = (one: RandomnessSource): unknown =>
  one.type === 'drand'
    ? { type: one.type, chain: one.chain, genesis: one.genesis, period: one.period, round: 1 }
    : { type: one.type, name: one.name, ordered: one.ordered, shape: one.shape, issue: 'any', at: '2000-01-01T00:00:00Z' };

/** What makes a draw of these sources one that everybody would refuse, in a sentence. */
function faultOf(sources: readonly RandomnessSource[], asAnnounced: readonly Source[]): string | undefined {
  const names = sources.map((one) => (one.type === 'drand' ? one.chain : one.name));
  if (new Set(names).size < names.length) return 'names a source twice, whose bits would be counted twice';
  for (const one of sources) {
    if (one.type !== 'drand') continue;
    const known = KNOWN_CHAINS[one.chain];
    if (known === undefined)
      return `names the drand chain ${one.chain}, whose key nobody here knows, so its values prove nothing`;
    if (known.genesis !== one.genesis || known.period !== one.period)
      return `says that ${known.called} began at ${one.genesis} and comes every ${one.period} s; it began at ${known.genesis} and comes every ${known.period} s`;
  }
  if (!hasBitsEnough(asAnnounced))
    return `has fewer than ${LEAST_BITS} bits together: who announces could try secrets until one pleases. Name a further source, or one with more outcomes`;
  return undefined;
}

/** The county's sources of public randomness as its functions read them; sources that no announcement could name fail the synthesis. */
export function randomnessOf({ id, name, randomness }: Pick<Deployment, 'id' | 'name' | 'randomness'>): string {
  const where = `${name} (${id}): \`randomness\` of the deployment`;
  const read = randomnessSources.safeParse(randomness);
  if (!read.success) throw new Error(`${where} is malformed.\n${z.prettifyError(read.error)}`);
  const asAnnounced = z.array(source).safeParse(read.data.map(announced));
  if (!asAnnounced.success) throw new Error(`${where} cannot be announced.\n${z.prettifyError(asAnnounced.error)}`);
  const fault = faultOf(read.data, asAnnounced.data);
  if (fault !== undefined) throw new Error(`${where} ${fault}.`);
  return JSON.stringify(read.data);
}
