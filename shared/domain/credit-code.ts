import { Misnamed } from './ids.ts';

/** Unified social credit code (统一社会信用代码) with a right check character, GB 32100-2015. */
export type CreditCode = string & { readonly __kind: 'credit-code' };

/** The 31 characters of the standard: no I, O, S, V, Z. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const FORM = /^[0-9A-HJ-NP-RTUW-Y]{2}\d{6}[0-9A-HJ-NP-RTUW-Y]{10}$/;

/** The 18th character for the first 17; `undefined` where these are not of the alphabet. */
export function checkCharacter(first17: string): string | undefined {
  let sum = 0;
  for (const [place, weight] of WEIGHTS.entries()) {
    const value = ALPHABET.indexOf(first17.charAt(place) || '?');
    if (value < 0) return undefined;
    sum += value * weight;
  }
  return ALPHABET.charAt((31 - (sum % 31)) % 31);
}

const is = (text: string): text is CreditCode => FORM.test(text) && checkCharacter(text.slice(0, 17)) === text.charAt(17);

/** The only way from a text to a credit code; throws `Misnamed`. */
export const creditCode = Object.assign(
  (text: string): CreditCode => {
    if (!is(text)) throw new Misnamed('credit-code', text);
    return text;
  },
  { kind: 'credit-code', pattern: FORM, is },
);
