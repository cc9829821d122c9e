/**
 * `npm run deploy -- 533102`, `npm run diff -- 533102`: the CDK command on one county's stage. `npm run synth` alone is about all of them.
 * Further arguments are the CDK's.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { stageName } from '../deployments/deployment.ts';
import { deploymentOf, fail } from './deployment-of.ts';

const COMMANDS = ['deploy', 'diff', 'synth'] as const;

const [command, ...args] = process.argv.slice(2);
if (!COMMANDS.some((name) => name === command)) fail(`The commands are: ${COMMANDS.join(', ')}.`);
const isAboutAll = command === 'synth' && (args[0] === undefined || args[0].startsWith('-'));
const deployment = isAboutAll ? undefined : deploymentOf(`npm run ${command}`, args.shift());

if (command === 'deploy' && deployment?.signIn.issuer.endsWith('.example')) {
  console.warn(
    `Nobody can sign in yet: infra/deployments/${deployment.id}.ts still names a sign-in that does not exist (${deployment.signIn.issuer}).`,
  );
}
if (command === 'deploy' && deployment?.simulation === false && deployment.alarmMail === undefined) {
  console.warn(`Nobody hears the alarms yet: infra/deployments/${deployment.id}.ts names no alarmMail.`);
}

const stacks = deployment === undefined ? '**' : `${stageName(deployment)}/*`;
const only = deployment === undefined ? [] : ['--context', `only=${deployment.id}`];
const quiet = command === 'synth' ? ['--quiet'] : [];
const cdk = createRequire(import.meta.url).resolve('aws-cdk/bin/cdk');
const { status } = spawnSync(process.execPath, [cdk, `${command}`, stacks, ...only, ...quiet, ...args], { stdio: 'inherit' });
process.exit(status ?? 1);
