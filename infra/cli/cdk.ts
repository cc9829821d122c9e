/** `npm run deploy -- 533102`, `npm run diff -- 533102`: the CDK command on one county's stage. Further arguments are the CDK's. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { deployments } from '../deployments/all.ts';
import { stageName } from '../stages/county-stage.ts';

const COMMANDS = ['deploy', 'diff', 'synth'] as const;

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}

const [command, id, ...rest] = process.argv.slice(2);
const known = deployments.map((deployment) => deployment.id).join(', ');
if (!COMMANDS.some((name) => name === command)) fail(`The commands are: ${COMMANDS.join(', ')}.`);
if (id === undefined) fail(`Say which county, as in: npm run ${command} -- 533102. There are: ${known}.`);
const deployment = deployments.find((one) => one.id === id);
if (deployment === undefined) fail(`There is no deployment ${id}. There are: ${known}.`);

if (command === 'deploy' && deployment.signIn.issuer.endsWith('.example')) {
  console.warn(
    `Nobody can sign in yet: infra/deployments/${id}.ts still names a sign-in that does not exist (${deployment.signIn.issuer}).`,
  );
}
if (command === 'deploy' && !deployment.simulation && deployment.alarmMail === undefined) {
  console.warn(`Nobody hears the alarms yet: infra/deployments/${id}.ts names no alarmMail.`);
}

const cdk = createRequire(import.meta.url).resolve('aws-cdk/bin/cdk');
const { status } = spawnSync(process.execPath, [cdk, `${command}`, `${stageName(deployment)}/*`, ...rest], { stdio: 'inherit' });
process.exit(status ?? 1);
