/**
 * Where a subscription's messages go and what signs them, under the channels' key: a ciphertext of one subscription opens in no other. The
 * url and each secret are a ciphertext of their own, so that who may encrypt and not decrypt can put a new secret beside those that are there.
 */
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod';
import type { Address } from '../channels/channel.ts';
import type { Instant } from '../domain/calendar.ts';
import type { SubscriptionId } from '../domain/ids.ts';
import { instantText } from '../runtime/schemas.ts';

let client: KMSClient | undefined;
const kms = (): KMSClient => {
  client ??= new KMSClient();
  return client;
};

/** As it is stored: base64 of each ciphertext; the newest secret first, one that was replaced with the end of its time. */
const sealed = z.strictObject({
  url: z.string(),
  secrets: z.array(z.strictObject({ ciphertext: z.string(), until: instantText.optional() })),
});
type Sealed = z.output<typeof sealed>;

/** So many secrets sign at once, and no more: a receiver has to look through them. */
export const MOST_SECRETS = 5;

const encrypt = async (KeyId: string, text: string, subscription: SubscriptionId): Promise<string> => {
  const { CiphertextBlob } = await kms().send(
    new EncryptCommand({ KeyId, Plaintext: Buffer.from(text), EncryptionContext: { subscription } }),
  );
  if (CiphertextBlob === undefined) throw new Error('the key answered no ciphertext');
  return Buffer.from(CiphertextBlob).toString('base64');
};

const decrypt = async (KeyId: string, ciphertext: string, subscription: SubscriptionId): Promise<string> => {
  const { Plaintext } = await kms().send(
    new DecryptCommand({
      KeyId,
      CiphertextBlob: Buffer.from(ciphertext, 'base64'),
      EncryptionContext: { subscription },
    }),
  );
  if (Plaintext === undefined) throw new Error('the key answered nothing');
  return Buffer.from(Plaintext).toString('utf8');
};

const asText = (parts: Sealed): string => JSON.stringify(parts);
const asParts = (text: string): Sealed => sealed.parse(JSON.parse(text));
const untilOf = (until: Instant | undefined) => (until === undefined ? {} : { until });

/** Encrypts; a text to be stored. */
export const sealAddress =
  (KeyId: string) =>
  async ({ url, secrets }: Address, subscription: SubscriptionId): Promise<string> => {
    const [urlSealed, ...secretsSealed] = await Promise.all(
      [url, ...secrets.map(({ secret }) => secret)].map((text) => encrypt(KeyId, text, subscription)),
    );
    if (urlSealed === undefined) throw new Error('the url was not encrypted');
    return asText({
      url: urlSealed,
      secrets: secretsSealed.map((ciphertext, index) => ({ ciphertext, ...untilOf(secrets[index]?.until) })),
    });
  };

/**
 * Puts a new secret before those that stand in a stored text. The one that signed until now does so `until` then; those whose time is over
 * by `at` are left out. `undefined`: too many would sign at once.
 */
export const sealAnother =
  (KeyId: string) =>
  async (
    stored: string,
    { secret, at, until }: { readonly secret: string; readonly at: Instant; readonly until: Instant },
    subscription: SubscriptionId,
  ): Promise<string | undefined> => {
    const { url, secrets } = asParts(stored);
    const standing = secrets.filter((one) => one.until === undefined || one.until > at);
    if (standing.length >= MOST_SECRETS) return undefined;
    const ciphertext = await encrypt(KeyId, secret, subscription);
    return asText({ url, secrets: [{ ciphertext }, ...standing.map((one) => ({ ...one, until: one.until ?? until }))] });
  };

/** Decrypts what was sealed for this subscription. */
export const openAddress =
  (KeyId: string) =>
  async (stored: string, subscription: SubscriptionId): Promise<Address> => {
    const { url, secrets } = asParts(stored);
    const [opened, ...others] = await Promise.all(
      [url, ...secrets.map((one) => one.ciphertext)].map((one) => decrypt(KeyId, one, subscription)),
    );
    if (opened === undefined) throw new Error('the url was not decrypted');
    return {
      url: opened,
      secrets: others.map((secret, index) => ({ secret, ...untilOf(secrets[index]?.until) })),
    };
  };
