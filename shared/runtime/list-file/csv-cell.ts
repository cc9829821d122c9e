/**
 * A text in a CSV, so that a spreadsheet shows it as it is. A CSV has no types: Excel and WPS guess them anew, and run what looks like a formula.
 * What they would run gets an apostrophe in front (ASVS 1.2.10), what they would turn into a number, a day or a time a tab, which nobody sees and
 * which makes it a text. Reading takes off what was put there.
 */

/** What nobody sees, and spreadsheets and their forerunners may pass over. */
const UNSEEN = String.raw`\s\p{Cc}\p{Cf}\p{Z}\p{DI}`;
/** The signs that a formula begins with, in every width. */
const SIGNS = String.raw`=⁼₌﹦＝+⁺₊﬩﹢＋\-⁻₋−﹣－@﹫＠`;
/**
 * Apostrophes in front count too, or reading would take off one of a text's own. So does white space that parts cells, since a tab in front is ours.
 */
const RISKY = new RegExp(String.raw`^(?:'*[\t\r\n]|['${UNSEEN}]*[${SIGNS}])`, 'u');

const MONTHS =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
/** What numbers, sums, shares, fractions, powers of ten, days and times are made of: rather too much than too little, since the tab does no harm. */
const FIGURES = new RegExp(
  String.raw`^(?=.*\p{Nd})(?:[\p{Nd}${UNSEEN}.,:;'"/\\⁄\-−–+%‰$¥€£₩()年月日号时時分秒点]|[ed]|[ap]m?|上午|下午|星期.|周.|${MONTHS})+$`,
  'isu',
);
const WORDS = /^\s*(?:true|false|#[a-z/0-9]+[!?]?)\s*$/i;
/** A number that every spreadsheet shows as it stands: of longer ones it makes powers of ten. */
const PLAIN = /^(?:0|[1-9]\d{0,10})$/;
function isGuessed(text: string): boolean {
  const plain = text.normalize('NFKC');
  return (FIGURES.test(plain) && !PLAIN.test(text)) || WORDS.test(plain);
}

/** Controls that end a cell or a file somewhere are shown by their pictures. */
const CONTROLS = /(?![\t\n\r\u0080-\u009F])\p{Cc}/gu;
const [PICTURES, DELETE, DELETE_PICTURE] = [0x2400, 0x7f, 0x2421];
function picture(control: string): string {
  const code = control.charCodeAt(0);
  return String.fromCharCode(code === DELETE ? DELETE_PICTURE : PICTURES + code);
}

/** The text as it stands in the cell. */
export function guarded(text: string): string {
  const shown = text.replace(CONTROLS, picture);
  if (RISKY.test(shown)) return `'${shown}`;
  return isGuessed(shown) ? `\t${shown}` : shown;
}

/** The text of a cell, ours or one that somebody else guarded likewise. */
export const unguarded = (cell: string): string =>
  cell.startsWith('\t') || (cell.startsWith("'") && RISKY.test(cell.slice(1))) ? cell.slice(1) : cell;
