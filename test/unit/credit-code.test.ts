import { checkCharacter, creditCode } from '../../shared/domain/credit-code.ts';

test('a code with its right check character is a credit code', () => {
  expect(creditCode.is('91350100M000100Y43')).toBe(true);
});

test('a code with another check character, a letter that the standard leaves out, or a wrong length is none', () => {
  expect(creditCode.is('91350100M000100Y44')).toBe(false);
  expect(creditCode.is('91350100I000100Y43')).toBe(false);
  expect(creditCode.is('91350100M000100Y4')).toBe(false);
  expect(checkCharacter('9135010OM000100Y4')).toBeUndefined();
});
