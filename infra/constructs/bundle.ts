import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { type BuildOptions, buildSync, type OutputFile } from 'esbuild';
import { COUNTIES, policiesOf } from '../../shared/policy/load.ts';

const functions = fileURLToPath(new URL('../../functions/', import.meta.url));
const runtime = (file: string): string => fileURLToPath(new URL(`../../shared/runtime/${file}`, import.meta.url));
/** Parts of the AWS SDK that a function never needs, and what stands in their place. */
const IN_PLACE_OF = {
  '@aws-sdk/credential-provider-node': runtime('environment-credentials.ts'),
  '@smithy/core/event-streams': runtime('sdk-left-out.ts'),
  '@aws-sdk/endpoint-cache': runtime('sdk-left-out.ts'),
};

/** How everything that runs in a function is built. */
export const AS_DEPLOYED = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  mainFields: ['module', 'main'],
  alias: IN_PLACE_OF,
  define: { 'process.env.POLICY_IS_CHECKED': '"true"' },
  minify: true,
  // Chinese sentences as they are: three bytes a character rather than six.
  charset: 'utf8',
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" }, // for CommonJS dependencies
} as const satisfies BuildOptions;

/** No bundle carries a policy that does not hold together: functions take the documents as they find them. */
const checkPolicies = (): void => COUNTIES.forEach(policiesOf);

/** One build serves all counties of a synthesis. */
const built = new Map<string, readonly OutputFile[]>();

/** What a function's folder is built into: its code and its source map. */
export function build(folder: string): readonly OutputFile[] {
  const before = built.get(folder);
  if (before !== undefined) return before;
  checkPolicies();
  const { outputFiles } = buildSync({
    entryPoints: { index: join(functions, folder, 'handler.ts') },
    outdir: '.',
    outExtension: { '.js': '.mjs' },
    write: false,
    ...AS_DEPLOYED,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  });
  built.set(folder, outputFiles);
  return outputFiles;
}

/**
 * A function's code as one ESM file with all it imports, the AWS SDK included: one file read starts quicker than hundreds. esbuild runs
 * in this process, since starting one per function and county took most of a synthesis. `beside`: files that the function reads at
 * run time.
 */
export const bundled = (folder: string, beside: Readonly<Record<string, () => string>> = {}): Code =>
  Code.fromAsset(join(functions, folder), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('scratch'), // asked for by the type; nothing is built in a container
      local: {
        tryBundle: (outputDir) => {
          mkdirSync(outputDir, { recursive: true });
          for (const { path, contents } of build(folder)) writeFileSync(join(outputDir, basename(path)), contents);
          for (const [name, text] of Object.entries(beside)) writeFileSync(join(outputDir, name), text());
          return true;
        },
      },
    },
  });
