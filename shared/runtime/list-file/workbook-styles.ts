/** How cells of written workbooks look. A cell names its style; the number of a style is its place here. */

interface Look {
  /** `@`: text, which editing a cell does not turn into a formula. */
  readonly format: 'General' | '@' | '0' | 'yyyy-mm-dd' | 'yyyy-mm-dd hh:mm:ss';
  readonly align?: 'left' | 'center' | 'right';
  readonly wrap?: true;
  readonly bold?: true;
  readonly size?: number;
  readonly border?: true;
  readonly filled?: true;
}

const LOOKS = {
  plain: { format: 'General' },
  text: { format: '@' },
  integer: { format: '0' },
  instant: { format: 'yyyy-mm-dd hh:mm:ss', align: 'left' },
  day: { format: 'yyyy-mm-dd', align: 'left' },
  heading: { format: '@', bold: true, border: true, filled: true, align: 'center', wrap: true },
  title: { format: '@', bold: true, size: 16, align: 'center' },
  under: { format: '@', align: 'center' },
  line: { format: '@', align: 'left' },
  label: { format: '@', border: true, align: 'left', wrap: true },
  centred: { format: '@', border: true, align: 'center', wrap: true },
  figure: { format: 'General', border: true, align: 'center' },
} as const satisfies Readonly<Record<string, Look>>;
export type Style = keyof typeof LOOKS;

const ALL: readonly (readonly [string, Look])[] = Object.entries(LOOKS);
const NUMBERS: ReadonlyMap<string, number> = new Map(ALL.map(([name], place) => [name, place]));
export const styleNumber = (style: Style): number => NUMBERS.get(style) ?? 0;

/** Numbers of formats: those that every spreadsheet knows, and from 164 on ours. */
const FORMAT_NUMBERS: Readonly<Record<Look['format'], number>> = {
  General: 0,
  '0': 1,
  '@': 49,
  'yyyy-mm-dd': 164,
  'yyyy-mm-dd hh:mm:ss': 165,
};
const FIRST_OWN = 164;

const FONT_SIZE = 11;
const fontOf = ({ bold, size = FONT_SIZE }: Look): string =>
  `<font>${bold ? '<b/>' : ''}<sz val="${size}"/><name val="SimSun"/><charset val="134"/></font>`;
const FONTS = [...new Set(ALL.map(([, look]) => fontOf(look)))];

const SIDES = ['left', 'right', 'top', 'bottom'];
const THIN = `<border>${SIDES.map((side) => `<${side} style="thin"><color auto="1"/></${side}>`).join('')}<diagonal/></border>`;
const NO_BORDER = `<border>${SIDES.map((side) => `<${side}/>`).join('')}<diagonal/></border>`;

function xfOf([, look]: readonly [string, Look]): string {
  const { format, align, wrap, border, filled } = look;
  const numbers = `numFmtId="${FORMAT_NUMBERS[format]}" fontId="${FONTS.indexOf(fontOf(look))}" fillId="${filled ? 2 : 0}" borderId="${border ? 1 : 0}"`;
  const place = `<alignment${align === undefined ? '' : ` horizontal="${align}"`} vertical="center"${wrap ? ' wrapText="1"' : ''}/>`;
  return `<xf ${numbers} xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">${place}</xf>`;
}

const counted = (name: string, items: readonly string[]): string =>
  `<${name} count="${items.length}">${items.join('')}</${name}>`;

/** What stands inside of `styleSheet`. The first two fills are the spreadsheet's own. */
export const STYLES_XML = [
  counted(
    'numFmts',
    Object.entries(FORMAT_NUMBERS)
      .filter(([, number]) => number >= FIRST_OWN)
      .map(([format, number]) => `<numFmt numFmtId="${number}" formatCode="${format}"/>`),
  ),
  counted('fonts', FONTS),
  counted('fills', [
    '<fill><patternFill patternType="none"/></fill>',
    '<fill><patternFill patternType="gray125"/></fill>',
    '<fill><patternFill patternType="solid"><fgColor rgb="FFDDEBF7"/><bgColor indexed="64"/></patternFill></fill>',
  ]),
  counted('borders', [NO_BORDER, THIN]),
  counted('cellStyleXfs', ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>']),
  counted('cellXfs', ALL.map(xfOf)),
  counted('cellStyles', ['<cellStyle name="Normal" xfId="0" builtinId="0"/>']),
].join('');
