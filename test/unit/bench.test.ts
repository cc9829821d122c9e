import { expect, test } from '@jest/globals';
import { callsPerMonth } from '../bench/calls-per-month.ts';
import { batchUnits, itemSize } from '../bench/meter.ts';

test.each([
  ['rate(5 minutes)', 8766],
  ['cron(17 * * * ? *)', 730.5],
  ['cron(3 8 * * ? *)', 30.4375],
  ['cron(5 0 ? * MON,TUE *)', 8.67],
  ['cron(5 0 1,16 * ? *)', 2.0014],
  ['cron(5 0 1 1,3,5,7,9,11 ? *)', 0.5003],
])('%s calls %d times a month', (expression, times) => {
  expect(callsPerMonth(expression)).toBeCloseTo(times, 2);
});

test('a schedule that cannot be counted is refused, not guessed', () => {
  expect(() => callsPerMonth('cron(0/5 * * * ? *)')).toThrow('cannot be counted');
  expect(() => callsPerMonth('at(2026-01-01T00:00:00)')).toThrow('cannot be counted');
});

test('items are as large as DynamoDB counts them: names, UTF-8, numbers by their digits, three bytes and one an element for lists', () => {
  expect(itemSize({ pk: 'a', name: '瑞丽' })).toBe(2 + 1 + 4 + 6);
  expect(itemSize({ n: 12345, flag: true, none: null })).toBe(1 + 4 + (4 + 1) + (4 + 1));
  expect(itemSize({ l: ['ab', 'c'], m: { x: 'y' } })).toBe(1 + (3 + 2 + 3) + 1 + (3 + 1 + 2));
});

test('a batch is charged for each of its items by itself, and for those that are not there', () => {
  const Keys = [{ sk: 'small' }, { sk: 'large' }, { sk: 'absent' }];
  const sizes: Readonly<Record<string, number>> = { small: 1500, large: 5000 };
  const sizeAt = (_table: string, { sk }: Readonly<Record<string, unknown>>) => sizes[String(sk)] ?? 0;
  expect(batchUnits({ RequestItems: { Register: { Keys, ConsistentRead: true } } }, sizeAt)).toEqual({
    read: 4,
    bytesRead: 6500,
  });
  expect(batchUnits({ RequestItems: { Register: { Keys } } }, sizeAt).read).toBe(2);
});
