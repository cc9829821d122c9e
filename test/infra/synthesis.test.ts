/** The app as the CDK command runs it: every county, with its own validation by the rules of AWS Solutions. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
const counties = readdirSync(join(root, 'infra/deployments')).flatMap((file) => /^(\d{6}.*)\.ts$/.exec(file)?.[1] ?? []);

test('the app has a stage for every deployment file, and its validation finds nothing', () => {
  const out = mkdtempSync(join(tmpdir(), 'assembly-'));
  try {
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'infra/app.ts'], {
      cwd: root,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        CDK_OUTDIR: out,
        CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:bundling-stacks': [] }),
      },
    });
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
    const stages = readdirSync(out).filter((name) => name.startsWith('assembly-'));
    expect(stages.sort()).toEqual(counties.map((id) => `assembly-County${id}`).sort());
  } finally {
    rmSync(out, { recursive: true });
  }
});
