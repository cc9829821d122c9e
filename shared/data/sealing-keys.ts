/**
 * The keys that sign the county's log: a key of KMS, which nobody can read out, or a provided one in Secrets Manager, where a region's KMS
 * knows no Ed25519. While a key is being replaced both sign.
 */
import { createPrivateKey, createPublicKey, sign as signWith } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { NoteSigner } from '../archive/note.ts';
import { rawPublicKey, vkeyOf } from '../archive/vkey.ts';

export interface SealingKeys {
  /** All that sign now, in the order in which their lines stand in the note. */
  signers(): Promise<readonly NoteSigner[]>;
}

const SECRET = 'secret:';

async function kmsSigner(origin: string, KeyId: string, kms: KMSClient): Promise<NoteSigner> {
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }));
  if (PublicKey === undefined) throw new Error(`the key ${KeyId} answered no public key`);
  return {
    vkey: vkeyOf(origin, rawPublicKey(PublicKey)),
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
export function providedSigner(origin: string, pem: string): NoteSigner {
  const key = createPrivateKey(pem);
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { vkey: vkeyOf(origin, rawPublicKey(spki)), sign: async (message) => signWith(null, message, key) };
}

async function secretSigner(origin: string, SecretId: string, secrets: SecretsManagerClient): Promise<NoteSigner> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  if (SecretString === undefined) throw new Error(`the secret ${SecretId} holds no text`);
  return providedSigner(origin, SecretString);
}

/** Keys of a log as `SIGNING_KEYS` names them. They are asked for once, and again only where that failed. */
export function sealingKeys(
  origin: string,
  names: readonly string[],
  kms = new KMSClient(),
  secrets = new SecretsManagerClient(),
): SealingKeys {
  const asked = new Map<string, Promise<NoteSigner>>();
  const signerOf = (name: string): Promise<NoteSigner> => {
    const before = asked.get(name);
    if (before !== undefined) return before;
    const signer = name.startsWith(SECRET)
      ? secretSigner(origin, name.slice(SECRET.length), secrets)
      : kmsSigner(origin, name, kms);
    asked.set(name, signer);
    signer.catch(() => asked.delete(name));
    return signer;
  };
  return { signers: () => Promise.all(names.map(signerOf)) };
}
