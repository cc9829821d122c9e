/** A time-stamp authority (RFC 3161) on this machine: openssl answers behind http, by a throw-away certificate of a throw-away root. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CONFIGURATION = `[tsa]
default_tsa = own
[own]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
`;

/** What it answers in the place of a token. */
export type Misbehaviour = (response: ServerResponse, query: Buffer) => void;

export class TimestampAuthority {
  private readonly folder = mkdtempSync(join(tmpdir(), 'authority-'));
  /** The certificate that an auditor has to be given. */
  readonly root = join(this.folder, 'root.pem');
  /** How often it was asked over http. */
  asked = 0;
  /** What the next requests get; then tokens again. */
  readonly next: Misbehaviour[] = [];
  private readonly server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    this.asked += 1;
    const misbehave = this.next.shift();
    if (misbehave !== undefined) misbehave(response, Buffer.concat(parts));
    else response.setHeader('content-type', 'application/timestamp-reply').end(this.answerTo(Buffer.concat(parts)));
  });

  constructor() {
    writeFileSync(join(this.folder, 'tsa.cnf'), CONFIGURATION);
    writeFileSync(join(this.folder, 'serial'), '01\n');
    const certificate = (name: string, ...more: readonly string[]): void => {
      const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
      this.openssl('req', '-x509', ...key, '-out', `${name}.pem`, '-subj', `/CN=${name}`, ...more);
    };
    certificate('root');
    const stamps = ['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'extendedKeyUsage=critical,timeStamping'];
    certificate('tsa', '-CA', 'root.pem', '-CAkey', 'root.key', ...stamps);
  }

  /** A token, or a refusal, as openssl gives it. */
  answerTo(query: Uint8Array): Buffer {
    writeFileSync(join(this.folder, 'query.tsq'), query);
    const signer = ['-signer', 'tsa.pem', '-inkey', 'tsa.key'];
    this.openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query.tsq', ...signer, '-out', 'answer.tsr');
    return readFileSync(join(this.folder, 'answer.tsr'));
  }

  /** Begins to listen, and says where. */
  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
    rmSync(this.folder, { recursive: true });
  }

  private openssl(...args: readonly string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }
}
