import fc from 'fast-check';
import { cursorOf, startOf } from '../../shared/data/cursor.ts';

test('a list goes on exactly where its cursor says', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), (key) => {
      const { cursor } = cursorOf(key);
      expect(startOf(cursor)).toEqual({ exclusiveStartKey: { ...key } });
    }),
  );
  expect(cursorOf(undefined)).toEqual({});
  expect(startOf(undefined)).toEqual({});
});

test('a cursor that no list gave out is refused, whatever it holds', () => {
  const refused = (value: unknown) => () => startOf(Buffer.from(JSON.stringify(value)).toString('base64url'));
  for (const value of [null, 7, 'text', { pk: 1 }, { pk: { S: 'x' } }]) expect(refused(value)).toThrow('this cursor is not one');
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        startOf(text);
      } catch (error) {
        expect((error as Error).name).toBe('CursorMalformed');
      }
    }),
  );
});
