/** Keys of KMS and of Secrets Manager, as the services answer. */
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { type GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { publicKeyOf, readVkey } from '../../shared/archive/vkey.ts';
import { sealingKeys } from '../../shared/data/sealing-keys.ts';
import { signingKeysSetting } from '../../shared/runtime/signing-keys.ts';
import { ORIGIN } from '../support/sealing-county.ts';

const inKms = generateKeyPairSync('ed25519');
const provided = generateKeyPairSync('ed25519');
const pem = provided.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const asked: unknown[] = [];

const kms = Object.assign(new KMSClient({ region: 'local' }), {
  send: async (command: unknown) => {
    if (command instanceof GetPublicKeyCommand) {
      asked.push(command.input);
      if (asked.length === 1) throw new Error('ThrottlingException');
      return { PublicKey: inKms.publicKey.export({ format: 'der', type: 'spki' }) };
    }
    if (!(command instanceof SignCommand)) throw new Error('not asked for');
    const { Message, MessageType, SigningAlgorithm } = command.input;
    if (MessageType !== 'RAW' || SigningAlgorithm !== 'ED25519_SHA_512' || Message === undefined)
      throw new Error('ValidationException');
    return { Signature: sign(null, Message, inKms.privateKey) };
  },
});
const secrets = Object.assign(new SecretsManagerClient({ region: 'local' }), {
  send: async ({ input }: GetSecretValueCommand) => ({ SecretString: input.SecretId === 'key-arn' ? pem : '' }),
});

test('a key of KMS and a provided one sign side by side; what failed is asked for again, the rest once', async () => {
  const keys = sealingKeys(ORIGIN, ['kms-id', 'secret:key-arn'], kms, secrets);
  await expect(keys.signers()).rejects.toThrow('ThrottlingException');
  await keys.signers();
  const signers = await keys.signers();
  expect(asked).toEqual([{ KeyId: 'kms-id' }, { KeyId: 'kms-id' }]);
  const message = Buffer.from(`${ORIGIN}\n1\n`);
  for (const { vkey, sign: signed } of signers) {
    const key = readVkey(vkey);
    expect(key.name).toBe(ORIGIN);
    expect(verify(null, message, publicKeyOf(key), await signed(message))).toBe(true);
    expect(await signed(message)).toEqual(await signed(message));
  }
  expect(new Set(signers.map(({ vkey }) => vkey)).size).toBe(2);
});

test('a key that is not of Ed25519 signs nothing', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const other = Object.assign(new SecretsManagerClient({ region: 'local' }), {
    send: async () => ({ SecretString: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() }),
  });
  await expect(sealingKeys(ORIGIN, ['secret:other'], kms, other).signers()).rejects.toThrow('not of Ed25519');
});

test('a deployment names one key at least', () => {
  expect(signingKeysSetting.parse('["alias/seal","secret:key-arn"]')).toEqual(['alias/seal', 'secret:key-arn']);
  expect(signingKeysSetting.safeParse('[]').success).toBe(false);
});
