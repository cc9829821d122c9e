import { build } from '../../infra/constructs/bundle.ts';

test('what the path loads that most requests take stays within 460 KB', () => {
  const code = build('submit-round').find(({ path }) => path.endsWith('.mjs'));
  expect(code?.contents.byteLength).toBeLessThanOrEqual(460_000);
});
