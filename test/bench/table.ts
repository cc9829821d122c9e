const width = (text: string): number => [...text].reduce((sum, char) => sum + (/[ᄀ-ᅟ⺀-￦]/.test(char) ? 2 : 1), 0);

/** Prints rows under their headings, each column as wide as its widest cell; numbers stand to the right. */
export function printTable(title: string, headings: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const cells = [headings, ...rows].map((row) => row.map((cell) => (typeof cell === 'number' ? number(cell) : cell)));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => width(row[column] ?? ''))));
  console.log(`\n${title}`);
  for (const [index, row] of cells.entries()) {
    const line = row.map((cell, column) => {
      const gap = ' '.repeat((widths[column] ?? 0) - width(cell));
      return index > 0 && typeof rows[index - 1]?.[column] === 'number' ? gap + cell : cell + gap;
    });
    console.log(`  ${line.join('  ').trimEnd()}`);
    if (index === 0) console.log(`  ${widths.map((each) => '-'.repeat(each)).join('  ')}`);
  }
}

/** The middle of several measurements: one slow moment of the machine does not count. */
export const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** As many digits as a measurement deserves. */
export const figure = (value: number): number => Number(value.toFixed(value < 100 ? 1 : 0));

const number = (value: number): string =>
  Number.isInteger(value)
    ? value.toLocaleString('en')
    : Math.abs(value) >= 100
      ? value.toFixed(0)
      : Math.abs(value) >= 1
        ? value.toFixed(2)
        : value.toPrecision(3);
