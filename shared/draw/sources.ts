/** Sources of public randomness: what an announcement says of one, how many bits it has, what it contributes. */
import * as z from 'zod';
import { sha256 } from './bytes.ts';
import { Fault } from './fault.ts';
import { count, hex, instant, name, secondsOf } from './values.ts';

/** A round of a drand chain. */
const drandSource = z
  .strictObject({
    type: z.literal('drand'),
    chain: hex,
    genesis: z.int('is not a whole number'),
    period: count(1, Number.MAX_SAFE_INTEGER),
    round: count(1, Number.MAX_SAFE_INTEGER),
  })
  .readonly();

const group = z.tuple([count(1, 64), count(0, 9999), count(0, 9999)]).readonly();

/** Numbers that somebody else draws in public: lottery balls, digits, dice. */
const numbersSource = z
  .strictObject({
    type: z.literal('numbers'),
    name: name.refine((text) => text !== 'drand', 'is the name of another kind of source'),
    issue: name,
    at: instant,
    ordered: z.boolean(),
    shape: z.array(group).min(1, 'has no numbers').readonly(),
  })
  .readonly()
  .superRefine(({ ordered, shape }, context) => {
    for (const [at, [many, low, high]] of shape.entries()) {
      const path = ['shape', at];
      if (low > high) context.addIssue({ code: 'custom', path, message: 'has a low above its high' });
      else if (!ordered && many > high - low + 1)
        context.addIssue({ code: 'custom', path, message: 'has more numbers than there are' });
    }
  });

/** A source as it is announced. */
export const source = z.discriminatedUnion('type', [drandSource, numbersSource], 'is not a source of a known type');
export type Source = z.infer<typeof source>;
export type DrandSource = z.infer<typeof drandSource>;
export type NumbersSource = z.infer<typeof numbersSource>;

/** The form of a drand signature: a compressed point on G1, 48 bytes. The same point in another writing would be another randomness. */
const signature = z.string().regex(/^[0-9a-f]{96}$/, 'is not 96 lower-case hex digits, the 48 bytes of a signature');

/** What a source gave: a drand value with what proves it, or the numbers group by group. */
const given = z.union([
  z.strictObject({ randomness: hex, signature }).readonly(),
  z.strictObject({ numbers: z.array(z.array(count(0, 9999)).readonly()).readonly() }).readonly(),
]);
export type Given = z.infer<typeof given>;

/** `randomness.json`: what the sources of the announcement gave, in its order. */
export const randomness = z.strictObject({ sources: z.array(given).min(1).max(4).readonly() }).readonly();
export type Randomness = z.infer<typeof randomness>;

/** The round of a chain that is the newest at an instant: the one that a draw at that instant takes. */
export const drandRoundAt = (chain: Pick<DrandSource, 'genesis' | 'period'>, drawAt: string): number =>
  Math.floor((secondsOf(drawAt) - chain.genesis) / chain.period) + 1;

/** A chain whose values prove themselves here. */
export interface KnownChain {
  readonly called: string;
  readonly genesis: number;
  readonly period: number;
  readonly publicKey: string;
}

/** Chains whose public key is known. quicknet: unchained, short signatures on G1 of BLS12-381, every 3 seconds. */
export const KNOWN_CHAINS: Readonly<Record<string, KnownChain>> = {
  '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971': {
    called: 'quicknet',
    genesis: 1692803367,
    period: 3,
    publicKey:
      '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
  },
};

/** n things, k of them taken without order: how many ways there are. */
function combinations(n: bigint, k: bigint): bigint {
  let ways = 1n;
  for (let i = 1n; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return ways;
}

/** How many outcomes a source has, all equally likely. Exact, since a sum of logarithms of 24 may come out a hair below it. */
export function outcomesOf(one: Source): bigint {
  if (one.type === 'drand') return 2n ** 256n;
  return one.shape.reduce((product, [many, low, high]) => {
    const range = BigInt(high - low + 1);
    return product * (one.ordered ? range ** BigInt(many) : combinations(range, BigInt(many)));
  }, 1n);
}

/** Fewer than this many bits, and who announces could try secrets until one pleases. */
export const LEAST_BITS = 24;

/** Whether sources have bits enough together. */
export const hasBitsEnough = (sources: readonly Source[]): boolean =>
  sources.reduce((product, one) => product * outcomesOf(one), 1n) >= 2n ** BigInt(LEAST_BITS);

function contributionOf(one: Source, value: Given): string {
  if (one.type === 'drand') return `drand.${one.chain}.${one.round}.${'randomness' in value ? value.randomness : ''}./`;
  const numbers = 'numbers' in value ? value.numbers.flat() : [];
  return `${one.name}.${one.issue}.${numbers.map((number) => `${number}.`).join('')}/`;
}

/** What is wrong with what a source gave, in words. */
function wrongWith(one: Source, value: Given): string | undefined {
  if (one.type === 'drand') {
    if (!('randomness' in value)) return 'is not a value of drand';
    const replay = sha256(Buffer.from(value.signature, 'hex'));
    return replay === value.randomness ? undefined : `the randomness is not the hash of its signature, which is ${replay}`;
  }
  if (!('numbers' in value)) return 'is not numbers';
  if (value.numbers.length !== one.shape.length)
    return `has ${value.numbers.length} groups of numbers where ${one.shape.length} are announced`;
  for (const [at, [many, low, high]] of one.shape.entries()) {
    const numbers = value.numbers[at] ?? [];
    if (numbers.length !== many) return `group ${at + 1} has ${numbers.length} numbers where ${many} are announced`;
    if (numbers.some((number) => number < low || number > high))
      return `group ${at + 1} has a number that is not ${low} to ${high}`;
    if (!one.ordered && numbers.some((number, place) => place > 0 && number <= (numbers[place - 1] ?? 0)))
      return `group ${at + 1} does not ascend, as numbers without order are written`;
  }
  return undefined;
}

/** The text that the draw is keyed by (IKM), from what the announced sources gave; a `Fault` where that is not what was announced. */
export function ikmOf(sources: readonly Source[], values: Randomness): string {
  const file = 'randomness.json';
  if (values.sources.length !== sources.length)
    throw new Fault('randomness', { file }, `has ${values.sources.length} sources where ${sources.length} are announced`);
  return sources
    .map((one, at) => {
      const value = values.sources[at];
      const wrong = value === undefined ? 'is missing' : wrongWith(one, value);
      if (value === undefined || wrong !== undefined)
        throw new Fault('randomness', { file, place: `sources[${at}]` }, wrong ?? 'is missing');
      return contributionOf(one, value);
    })
    .join('');
}
