/** Which sources of public randomness a deployment may name: what no verifier would accept is not deployed. */

import { deployment as real } from '../../infra/deployments/533102.ts';
import { deployment as sample } from '../../infra/deployments/533102-sample.ts';
import { deployments } from '../../infra/deployments/all.ts';
import { quicknet } from '../../infra/deployments/quicknet.ts';
import { randomnessOf } from '../../infra/stacks/service/randomness.ts';
import { type RandomnessSource, randomnessSetting } from '../../shared/runtime/randomness.ts';
import { synthesise } from '../support/synthesised.ts';

const [ssq] = sample.randomness;
const dice: RandomnessSource = { ...ssq, name: 'dice', ordered: true, shape: [[4, 1, 6]] };
const chain = quicknet('aws-cn');
const of = (...randomness: RandomnessSource[]) => randomnessOf({ id: '533102', name: '瑞丽市', randomness });

test.each(deployments)('functions of $id read the sources that its data names', (deployment) => {
  expect(randomnessSetting.parse(randomnessOf(deployment))).toEqual(deployment.randomness);
});

test('mirrors of drand are named where they are known to be reached, and nowhere in the mainland', () => {
  expect(quicknet('aws')).toMatchObject({ mirrors: expect.arrayContaining(['https://api.drand.sh']) });
  for (const { partition, randomness } of deployments) {
    const mirrors = randomness.flatMap((source) => (source.type === 'drand' ? source.mirrors : []));
    if (partition === 'aws-cn') expect(mirrors).toEqual([]);
  }
});

test('a drand chain, a lottery, or dice beside a lottery have bits enough', () => {
  for (const sources of [[chain], [ssq], [dice, ssq]] as const) expect(() => of(...sources)).not.toThrow();
});

test.each<readonly [string, readonly RandomnessSource[], RegExp]>([
  ['dice alone', [dice], /^瑞丽市 \(533102\): `randomness` of the deployment has fewer than 24 bits together: .+\.$/],
  ['one source twice', [ssq, ssq], /names a source twice/],
  ['no source', [], /malformed/],
  ['more sources than an announcement holds', [chain, ssq, dice, { ...dice, name: 'a' }, { ...dice, name: 'b' }], /malformed/],
  ['more balls than there are', [{ ...ssq, shape: [[6, 1, 5]] }], /cannot be announced/],
  ['a chain whose key nobody knows', [{ ...chain, chain: 'f'.repeat(64) } as RandomnessSource], /whose key nobody here knows/],
  [
    'a chain that began elsewhen',
    [{ ...chain, genesis: 1 } as RandomnessSource],
    /quicknet began at 1 .+ it began at 1692803367/,
  ],
  ['a mirror without TLS', [{ ...chain, mirrors: ['http://api.drand.sh'] } as RandomnessSource], /malformed/],
  ['numbers that call themselves drand', [{ ...ssq, name: 'drand' }], /malformed/],
  ['an hour that no clock shows', [{ ...ssq, time: '24:15' }], /malformed/],
])('%s fails the synthesis and says why', (_, sources, why) => {
  expect(() => of(...sources)).toThrow(why);
});

test('a county with too few bits is not synthesised', () => {
  expect(() => synthesise({ ...real, randomness: [dice] })).toThrow(/fewer than 24 bits/);
});
