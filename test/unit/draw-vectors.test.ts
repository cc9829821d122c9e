/** The public vectors of the algorithm's parts, and the byte check of its description: what anybody else's program has to give, too. */
import { createHash, hkdfSync } from 'node:crypto';
import { bls12_381 } from '@noble/curves/bls12-381';
import { bytesOf, digest, hexOf, mac, sha256 } from '../../shared/draw/bytes.ts';
import { codeOf, commitmentOf, leadsTo } from '../../shared/draw/codes.ts';
import { isSignatureOf, proofOf } from '../../shared/draw/drand.ts';
import { growTree } from '../../shared/draw/root.ts';
import { drandRoundAt, ikmOf, KNOWN_CHAINS } from '../../shared/draw/sources.ts';
import { prkOf, ticketOf, ticketsOf } from '../../shared/draw/tickets.ts';

const QUICKNET = '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971';
const ROUND_123 = {
  signature: 'b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92',
  randomness: 'fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc',
};

describe('draft-thomson-elegy-vrs', () => {
  const secret = Buffer.from('totally not a bikeshed');
  const ikm = '1.2.3.4.5.6./'.repeat(3);

  test('the chain of codes', () => {
    expect(commitmentOf(secret, 10)).toEqual({
      length: 10,
      value: '950ea08d8d5fd3ae415b9967aba7a48aba39ca62a4d98f2e7fe25cb1b8f8c488',
    });
    expect(hexOf(codeOf(secret, 10, 1))).toBe('5346f2efb5397a6788fc1f1d9c05c6d3f2abe9b7d16d8592a3695b6dbe9f2456');
    expect(hexOf(codeOf(secret, 10, 2))).toBe('2f70f884997ce80771adbefbbbc6c71a1b921da71896c25ca0f64966bfd0c8ce');
    expect([1, 2].map((i) => leadsTo(codeOf(secret, 10, i), i, commitmentOf(secret, 10)))).toEqual([true, true]);
    expect(leadsTo(codeOf(secret, 10, 2), 1, commitmentOf(secret, 10))).toBe(false);
  });

  test.each([
    [
      1,
      '5fa96a4e4b50cbb87edd374566a03af5dd2372162b6a9ab88ab8e10f1dbb768b',
      [
        ['lavenderblush', '002ed527ae0a44a86c205d1cdba61826951a2ffb53c13729c3762eea04e21676'],
        ['blue', '03f710be2b61a6f9c3f89aa5ab553b81abb5fc9817865ac29b5b62dcfbaf431f'],
        ['darkgoldenrod', '08bab81380d7f0769cecf9969a8d9c04ad9156dfe03a6d6d0ed777734620d0e5'],
        ['mediumvioletred', '0c26494fa81f3aed8a9f66e77b73a1a9a2881762dee2e7f24858bfa8d78a5c4d'],
        ['bisque', '0e1af5d1ccfd44de075cc0bb6d5050d1c0d6bcf0a32fd51ce9406726ae4a90c2'],
        ['lightpink', '13a07cc9abf3b737e49a62b0634ef0a5a9ac6ed481fba95284d930c73ecf20dd'],
      ],
    ],
    [
      2,
      'c0e47f556cf8f1012f63488d7c8ab3431aba52f0998ed6dd45f9cba92d832379',
      [
        ['aqua', '00d1c59a9f1b581060a9e732e91bc477ef7d916e9eb18e53cffe816502fbdeda'],
        ['darkgray', '02b514b0b1807bfe086db524f40962b2be272880c2bfeb55a7be136e8b5580a4'],
        ['cornflowerblue', '0337add95eac62a356b020a273a749935aa777faa226d733f41594ec88d35885'],
      ],
    ],
  ] as const)('the key, the tickets and their order in iteration %i', (iteration, key, lowest) => {
    const prk = prkOf(codeOf(secret, 10, iteration), ikm);
    expect(hexOf(prk)).toBe(key);
    for (const [label, ticket] of lowest) {
      expect(ticketOf(prk, label)).toBe(ticket);
      expect(Buffer.from(hkdfSync('sha256', ikm, codeOf(secret, 10, iteration), label, 32)).toString('hex')).toBe(ticket);
    }
    const tickets = lowest.map(([, ticket]) => ticket);
    expect(tickets.toSorted()).toEqual(tickets);
  });
});

test('RFC 3797: a canonical source string picks the same people', () => {
  const key = '9319./2.5.8.10.12./9.18.26.34.41.45./';
  const md5 = (i: number) => {
    const index = Buffer.alloc(2);
    index.writeUInt16BE(i);
    return createHash('md5').update(index).update(key).update(index).digest('hex');
  };
  expect([md5(0), md5(1)].map((text) => text.toUpperCase())).toEqual([
    '990DD0A5692A029A98B5E01AA28F3459',
    '3691E55CB63FCC37914430B2F70B5EC6',
  ]);
  const pool = Array.from({ length: 25 }, (_, at) => at + 1);
  const picked = Array.from({ length: 10 }, (_, i) => pool.splice(Number(BigInt(`0x${md5(i)}`) % BigInt(pool.length)), 1)[0]);
  expect(picked).toEqual([17, 7, 2, 16, 25, 23, 8, 24, 19, 13]);
});

test.each([
  ['3546311556112163624615351222', 876, [740, 180, 264, 789, 238]],
  ['abc123', 1000, [455, 764, 629]],
  ['0000000000', 1000, [978, 359, 132]],
  ['snowman: ☃', 1000, [634, 56, 46]],
  ['\u{1F600}', 1000, [596, 415, 303, 11, 141]],
])('the sampler of Rivest: %s of %i', (seed, size, expected) => {
  const picked = expected.map((_, at) => Number(BigInt(`0x${sha256(`${seed},${at + 1}`)}`) % BigInt(size)) + 1);
  expect(picked).toEqual(expected);
});

describe('drand quicknet, round 123', () => {
  const source = { chain: QUICKNET, round: 123 };

  test('the value is the hash of its signature, and the round is that of its instant', () => {
    expect(hexOf(digest(bytesOf(ROUND_123.signature)))).toBe(ROUND_123.randomness);
    const chain = KNOWN_CHAINS[QUICKNET] ?? { genesis: 0, period: 1 };
    expect(['2023-08-23T15:15:32Z', '2023-08-23T15:15:33Z', '2023-08-23T15:15:36Z'].map((at) => drandRoundAt(chain, at))).toEqual(
      [122, 123, 124],
    );
  });

  test('the signature proves the round and no other', () => {
    expect(proofOf(source, ROUND_123.signature)).toBe('proven');
    expect(proofOf({ ...source, round: 124 }, ROUND_123.signature)).toBe('false');
  });

  test('a signature that is no point of the curve, or of none whose key is known, proves nothing', () => {
    expect(proofOf(source, 'b7'.repeat(48))).toBe('false');
    expect(proofOf(source, '')).toBe('false');
    expect(proofOf({ ...source, chain: '0'.repeat(64) }, ROUND_123.signature)).toBe('unknown-chain');
  });

  test('the same point proves nothing in any other writing: its hash would be another randomness', () => {
    const { G1, fields, shortSignatures } = bls12_381;
    expect(proofOf(source, G1.Point.fromHex(ROUND_123.signature).toHex(false))).toBe('false');
    expect(proofOf(source, ROUND_123.signature.toUpperCase())).toBe('false');
    // Where the coordinate is small, the modulus fits beside it into 381 bits. About one round in four has such a signature.
    const key = Uint8Array.from({ length: 32 }, (_, at) => at);
    const publicKey = shortSignatures.getPublicKey(key).toHex(true);
    const signed = (round: number): string => {
      const message = Buffer.alloc(8);
      message.writeBigUInt64BE(BigInt(round));
      const point = shortSignatures.hash(digest(message), 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_');
      return shortSignatures.sign(point, key).toHex(true);
    };
    const flags = 7n << 381n;
    const longer = (text: string): bigint => (BigInt(`0x${text}`) & ~flags) + fields.Fp.ORDER;
    for (let round = 1; ; round++) {
      const signature = signed(round);
      if (longer(signature) >= 1n << 381n) continue;
      const twin = ((BigInt(`0x${signature}`) & flags) | longer(signature)).toString(16);
      expect(G1.Point.fromHex(twin).toHex(true)).toBe(signature);
      expect([signature, twin].map((text) => isSignatureOf(round, publicKey, text))).toEqual([true, false]);
      break;
    }
  });
});

test('the byte check of the description', () => {
  const secret = Uint8Array.from({ length: 32 }, (_, at) => at);
  expect(commitmentOf(secret, 4).value).toBe('cefc1232dee44cc53fccf8cc078f657f4db4f1d0303725375a0694f7d395e2ea');
  const code = codeOf(secret, 4, 1);
  expect(hexOf(code)).toBe('4e05063392f42b5180353ef82da86c714042155044d91ab3253f1bab08120a0a');
  const source = { type: 'drand', chain: QUICKNET, genesis: 1692803367, period: 3, round: 123 } as const;
  const ikm = ikmOf([source], { sources: [ROUND_123] });
  expect(ikm).toBe(`drand.${QUICKNET}.123.${ROUND_123.randomness}./`);
  const prk = prkOf(code, ikm);
  expect(hexOf(prk)).toBe('a22a92b39f833a7fe82b41179f73d03a2e166a60a06ed5ec3c16b9ac51c14db4');
  const tickets = ticketsOf('533102.TEST:000001', prk);
  const [first, second] = ['ENT:A#1', 'ENT:A#2'].map((label) => ticketOf(prk, `533102.TEST:000001/o/RED/${label}`));
  expect(first).toBe('69098b7703519f4d798b77ae966e0210c778186eb733039badc81d5803784044');
  expect(second).toBe('9916b636d787bc55f9e4ea4a95c8ac805559566e92ffc165ba94d7609964e471');
  expect(tickets.object('RED', 'ENT:A', 2)).toBe(first);
  expect(tickets.inspector('ENT:A', 'I0001')).toBe('3c66cd424ea8e45461b5eea14e6a4102755abd3717d97c75b957730f006d2995');
  expect(tickets.day('ENT:A', '2026-03-09')).toBe('5bdd24f1cf3c4a15b670731063c63385e078d8e03dff48e74400b54ad751f7bc');
  expect(tickets.item('ENT:A', 'T01')).toBe('5a02f87e28a062699e84f04370f37842bbfdcc1dd21c755a20ea8565e5b1ede7');
});

test('a ticket is the MAC of its label, however long it is and whatever came before', () => {
  const key = digest('key');
  for (const length of [0, 1, 55, 56, 64, 191, 256, 257, 900, 3]) {
    const message = 'abcdefgh/#:'.repeat(90).slice(0, length);
    expect(ticketOf(key, message)).toBe(hexOf(mac(key, `${message}\u0001`)));
  }
});

test('the numbers of a lottery are written as they are published', () => {
  const balls = { type: 'numbers', name: 'ssq', issue: '2026023', at: '2026-03-02T13:15:00Z', ordered: false } as const;
  const shape = [[6, 1, 33] as const, [1, 1, 16] as const];
  expect(ikmOf([{ ...balls, shape }], { sources: [{ numbers: [[3, 9, 14, 20, 26, 31], [8]] }] })).toBe(
    'ssq.2026023.3.9.14.20.26.31.8./',
  );
});

test('the root of a tree as RFC 6962 splits it', () => {
  const leaf = (line: string) => digest(`\u0000${line}`);
  const node = (left: Uint8Array, right: Uint8Array) => digest(Buffer.concat([Buffer.from([1]), left, right]));
  /** The definition word by word: split at the largest power of two that is less than the number. */
  const rootOf = (lines: readonly string[]): Uint8Array => {
    const [only = ''] = lines;
    if (lines.length === 0) return digest('');
    if (lines.length === 1) return leaf(only);
    const split = 2 ** (Math.ceil(Math.log2(lines.length)) - 1);
    return node(rootOf(lines.slice(0, split)), rootOf(lines.slice(split)));
  };
  for (let many = 0; many <= 33; many++) {
    const lines = Array.from({ length: many }, (_, at) => `RED\tENT:${at}\t1\t-`);
    const tree = growTree();
    lines.forEach(tree.add);
    expect(tree.root()).toBe(hexOf(rootOf(lines)));
  }
});
