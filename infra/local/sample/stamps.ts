/** Time-stamp tokens of bundles, verified as an auditor does it: by openssl, and the certificate of the authority. */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CHECKPOINT, TIMESTAMP } from '../../../shared/archive/layout.ts';
import { AUTHORITY } from '../cloud.ts';
import { inParallel } from './api-client.ts';

/** Beside the bundles, as an authority hands it to whoever asks. */
const CERTIFICATE = 'tsa.pem';
const ABREAST = 4;

export interface StampFindings {
  /** Bundles whose token openssl verified; `undefined` where this machine has no openssl. */
  readonly stamped: number | undefined;
  readonly faults: readonly string[];
}

/** What openssl says; `undefined` where there is none. */
async function openssl(cwd: string, ...words: readonly string[]): Promise<{ isTrue: boolean; says: string } | undefined> {
  const child = spawn('openssl', words, { cwd });
  const ended = new Promise<number | null | undefined>((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? resolve(undefined) : reject(error)));
    child.on('close', resolve);
  });
  const [code, ...says] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return code === undefined ? undefined : { isTrue: code === 0, says: says.join('').trim() };
}

/** Lays the certificate beside the bundles, and verifies the token of each of them. */
export async function verifyStamps(folder: string, bundles: readonly string[]): Promise<StampFindings> {
  mkdirSync(folder, { recursive: true });
  const certificate = join(folder, CERTIFICATE);
  copyFileSync(AUTHORITY.certificate, certificate);
  const said = await inParallel(bundles, ABREAST, async (bundle) => {
    if (!existsSync(join(bundle, TIMESTAMP))) return { isTrue: false, says: `${bundle} has no ${TIMESTAMP}` };
    const words = ['-in', TIMESTAMP, '-data', CHECKPOINT, '-CAfile', certificate];
    const answer = await openssl(bundle, 'ts', '-verify', ...words);
    return answer && { ...answer, says: `${bundle}: ${answer.says}` };
  });
  const faults = said.flatMap((one) => (one === undefined || one.isTrue ? [] : [one.says]));
  const isThere = bundles.length === 0 || said.some((one) => one !== undefined);
  return { stamped: isThere ? said.filter((one) => one?.isTrue).length : undefined, faults };
}
