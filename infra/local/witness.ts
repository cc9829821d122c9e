/**
 * A witness of the local county's log: what an archive or a notary is in the field. Its key is made at the first start and stays on this machine; the
 * deployment names it, and it works by the command that every witness gives.
 */
import { spawn } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { COSIGNATURE, rawPublicKey, vkeyOf } from '../../shared/archive/vkey.ts';
import { root } from './setup.mjs';

const NAME = 'witness.533102-sample.example';
const KEY = join(root, '.local', 'witness.pem');

/** Its verifier key. */
export function witnessVkey(file = KEY): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
  }
  chmodSync(file, 0o600);
  const spki = createPublicKey(createPrivateKey(readFileSync(file))).export({ format: 'der', type: 'spki' });
  return vkeyOf(NAME, rawPublicKey(spki), COSIGNATURE);
}

export interface Witnessing {
  readonly apiUrl: string;
  /** Of the log. */
  readonly vkeys: readonly string[];
  /** What it has seen of this log. */
  readonly state: string;
}

/** Has it look at the log once; what it says where it does not cosign, or the county does not take that in. */
export async function witnessOnce({ apiUrl, vkeys, state }: Witnessing): Promise<string | undefined> {
  const keys = vkeys.flatMap((vkey) => ['--vkey', vkey]);
  const words = [apiUrl, ...keys, '--name', NAME, '--key', KEY, '--state', state];
  const child = spawn(process.execPath, ['--import', 'tsx', join('infra', 'cli', 'witness.ts'), ...words], { cwd: root });
  const [said, complained, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.on('close', resolve)),
  ]);
  return code === 0 && !said.includes('did not take it in') ? undefined : `${said}${complained}`.trim();
}
