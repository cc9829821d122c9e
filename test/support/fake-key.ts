/** A key that encrypts and decrypts as the service's does, on this machine: a ciphertext opens only with the context it was made with. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

interface Asked {
  readonly Plaintext?: string;
  readonly CiphertextBlob?: string;
  readonly EncryptionContext?: Readonly<Record<string, string>>;
}

export interface FakeKey {
  /** How often it was asked to decrypt. */
  readonly opened: () => number;
  /** It refuses all that is asked meanwhile. */
  readonly failing: (run: () => Promise<unknown>) => Promise<void>;
  stop(): Promise<void>;
}

/** Every client of this process that is made from then on asks it. */
export async function fakeKey(): Promise<FakeKey> {
  const kept = new Map<string, { plaintext: string; context: string }>();
  let opened = 0;
  let isFailing = false;
  const answerTo = (
    target: string,
    { Plaintext = '', CiphertextBlob = '', EncryptionContext = {} }: Asked,
  ): object | undefined => {
    const context = JSON.stringify(EncryptionContext);
    if (isFailing) return undefined;
    if (target === 'TrentService.Encrypt') {
      const ciphertext = Buffer.from(randomUUID()).toString('base64');
      kept.set(ciphertext, { plaintext: Plaintext, context });
      return { CiphertextBlob: ciphertext };
    }
    opened++;
    const known = kept.get(CiphertextBlob);
    return known?.context === context ? { Plaintext: known.plaintext } : undefined;
  };
  const server = createServer(async (request, response) => {
    const answer = answerTo(String(request.headers['x-amz-target']), JSON.parse(await text(request)) as Asked);
    response.writeHead(answer === undefined ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer ?? { __type: 'InvalidCiphertextException' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the key has no port');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_KMS: `http://127.0.0.1:${bound.port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  return {
    opened: () => opened,
    failing: async (run) => {
      isFailing = true;
      await run();
      isFailing = false;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
