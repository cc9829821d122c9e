/**
 * The keys that sign the county's log: a key of KMS, which nobody can read out, or a provided one in Secrets Manager, where a region's KMS
 * knows no Ed25519. While a key is being replaced both sign.
 */
import { createPrivateKey, createPublicKey, type KeyObject, sign as signWith } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

export interface LogSigner {
  /** The 32 bytes of the Ed25519 key that its signatures are checked with. */
  readonly publicKey: Uint8Array;
  /** Ed25519 over the bytes as they are: the same bytes, the same signature. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

export interface SealingKeys {
  /** All that sign now, in the order in which their lines stand in the note. */
  signers(): Promise<readonly LogSigner[]>;
}

const SECRET = 'secret:';

/** The raw key of an Ed25519 public key. */
export function rawPublicKey(key: KeyObject): Uint8Array {
  const { crv, x } = key.export({ format: 'jwk' });
  if (crv !== 'Ed25519' || x === undefined)
    throw new Error(`a key of the log is no Ed25519 key but ${crv ?? key.asymmetricKeyType}`);
  return Buffer.from(x, 'base64url');
}

async function kmsSigner(KeyId: string, kms: KMSClient): Promise<LogSigner> {
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }));
  if (PublicKey === undefined) throw new Error(`the key ${KeyId} answered no public key`);
  const publicKey = rawPublicKey(createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' }));
  return {
    publicKey,
    async sign(Message) {
      const { Signature } = await kms.send(
        new SignCommand({ KeyId, Message, MessageType: 'RAW', SigningAlgorithm: 'ED25519_SHA_512' }),
      );
      if (Signature === undefined) throw new Error(`the key ${KeyId} answered no signature`);
      return Signature;
    },
  };
}

/** A private key in PEM that signs on this machine. */
export function providedSigner(pem: string): LogSigner {
  const key = createPrivateKey(pem);
  return { publicKey: rawPublicKey(createPublicKey(key)), sign: async (message) => signWith(null, message, key) };
}

async function secretSigner(SecretId: string, secrets: SecretsManagerClient): Promise<LogSigner> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  if (SecretString === undefined) throw new Error(`the secret ${SecretId} holds no text`);
  return providedSigner(SecretString);
}

/** Keys as `SIGNING_KEYS` names them. They are asked for once, and again only where that failed. */
export function sealingKeys(names: readonly string[], kms = new KMSClient(), secrets = new SecretsManagerClient()): SealingKeys {
  const asked = new Map<string, Promise<LogSigner>>();
  const signerOf = (name: string): Promise<LogSigner> => {
    const before = asked.get(name);
    if (before !== undefined) return before;
    const signer = name.startsWith(SECRET) ? secretSigner(name.slice(SECRET.length), secrets) : kmsSigner(name, kms);
    asked.set(name, signer);
    signer.catch(() => asked.delete(name));
    return signer;
  };
  return { signers: () => Promise.all(names.map(signerOf)) };
}
