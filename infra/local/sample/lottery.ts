/** The balls that are drawn in public in the sample's world: the sources are the deployment's, the numbers a seed's, the same at every start. */
import { createHash } from 'node:crypto';
import { type Random, seededRandom } from './random.ts';

/** A source of numbers as the deployment and an announcement name it. */
export interface NumbersSource {
  readonly name: string;
  readonly issue: string;
  readonly ordered: boolean;
  readonly shape: readonly (readonly [count: number, low: number, high: number])[];
}

const seedOf = (name: string, issue: string): number =>
  createHash('sha256').update(`sample ${name} ${issue}`).digest().readUInt32BE(0);

function group([count, low, high]: readonly [number, number, number], ordered: boolean, random: Random): number[] {
  const range = Array.from({ length: high - low + 1 }, (_, index) => low + index);
  if (ordered) return Array.from({ length: count }, () => random.pick(range));
  return random
    .shuffled(range)
    .slice(0, count)
    .sort((a, b) => a - b);
}

/** What came out of an issue. */
export function numbersOf({ name, issue, ordered, shape }: NumbersSource): number[][] {
  const random = seededRandom(seedOf(name, issue));
  return shape.map((each) => group(each, ordered, random));
}
