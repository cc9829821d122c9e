/**
 * The cloud of the integration tests: its own port and state, always as it was just after the deployment, each function with its own
 * role's permissions and nothing more. `AWS_ENDPOINT` names another that is used instead.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { attachCloud, type Cloud, folderOf, startCloud } from '../../infra/local/cloud.ts';
import { freePort, isPortTaken } from '../../infra/local/emulator.ts';
import { giveUp, interruption, setUp } from '../../infra/local/setup.mjs';
import type { CloudOfTests } from './local-cloud.ts';

/** The ports of the last time when they are free, since the deployment knows them and would have to be made again for others. */
async function ports(): Promise<{ port: number; issuerPort: number }> {
  const file = join(folderOf('test-ports'), 'ports.json');
  const last = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { port: number; issuerPort: number }) : undefined;
  if (last && !(await isPortTaken(last.port)) && !(await isPortTaken(last.issuerPort))) return last;
  const fresh = { port: await freePort(), issuerPort: await freePort() };
  mkdirSync(folderOf('test-ports'), { recursive: true });
  writeFileSync(file, JSON.stringify(fresh));
  return fresh;
}

export async function raise(): Promise<{ stop(): Promise<void> }> {
  const signal = interruption();
  const cloud = await raiseFor(signal).catch(giveUp);
  signal.addEventListener('abort', () => cloud.stop().finally(() => process.exit(130)));
  return cloud;
}

async function raiseFor(signal: AbortSignal): Promise<Cloud> {
  await setUp(signal);
  const { port, issuerPort } = await ports();
  const endpoint = process.env.AWS_ENDPOINT;
  const cloud = endpoint
    ? await attachCloud({ endpoint, issuerPort, signal })
    : await startCloud({ name: 'test', port, issuerPort, enforceIam: true, afresh: true, signal });

  // The tests run apart from this process, which alone can stop the services and start them again.
  const control = createServer((request, response) => {
    const act = request.url === '/pause' ? cloud.pause : cloud.resume;
    act().then(
      () => response.writeHead(204).end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
  const address = control.address();
  if (address === null || typeof address === 'string') throw new Error('the control has no port');
  const { county, issuer, environment } = cloud;
  const told: CloudOfTests = {
    where: { endpoint: county.endpoint, apiUrl: county.apiUrl, outputs: county.outputs },
    issuer,
    environment,
    control: `http://127.0.0.1:${address.port}`,
    isOurs: !endpoint,
  };
  process.env.CLOUD_OF_TESTS = JSON.stringify(told);
  return {
    ...cloud,
    stop: async () => {
      control.closeAllConnections();
      control.close();
      await cloud.stop();
    },
  };
}
