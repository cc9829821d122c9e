import { readFileSync } from 'node:fs';
import { drawnExports, EXPORT_README } from '../../infra/cli/diagram.ts';

test('the README shows the machine that exports as its definition has it (if not: npm run diagram)', () => {
  const readme = readFileSync(EXPORT_README, 'utf8');
  expect(drawnExports(readme)).toBe(readme);
});
