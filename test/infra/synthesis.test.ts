/** The app as the CDK command runs it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deployments } from '../../infra/deployments/all.ts';
import { stageName } from '../../infra/stages/county-stage.ts';
import { context } from '../support/synthesised.ts';

test('the app synthesises every county, and its own validation finds nothing', () => {
  const out = mkdtempSync(join(tmpdir(), 'assembly-'));
  try {
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'infra/app.ts'], {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        CDK_OUTDIR: out,
        CDK_CONTEXT_JSON: JSON.stringify(context),
      },
    });
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
    const { artifacts }: { artifacts: Record<string, { type: string; properties: unknown }> } = JSON.parse(
      readFileSync(join(out, 'manifest.json'), 'utf8'),
    );
    const stages = Object.values(artifacts).filter(({ type }) => type === 'cdk:cloud-assembly');
    expect(JSON.stringify(stages.map(({ properties }) => properties))).toContain(stageName({ id: '533102' }));
    expect(stages).toHaveLength(deployments.length);
  } finally {
    rmSync(out, { recursive: true });
  }
});
