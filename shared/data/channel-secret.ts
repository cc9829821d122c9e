/** Where a subscription's messages go and what signs them, under the channels' key: a ciphertext of one subscription opens in no other. */
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod';
import type { Address } from '../channels/channel.ts';
import type { SubscriptionId } from '../domain/ids.ts';
import { instantText } from '../runtime/schemas.ts';

let client: KMSClient | undefined;
const kms = (): KMSClient => {
  client ??= new KMSClient();
  return client;
};

/** As it was sealed. A secret that was replaced is kept with the end of its time. */
const sealed: z.ZodType<Address, unknown> = z.strictObject({
  url: z.string(),
  secrets: z.array(z.union([z.strictObject({ secret: z.string() }), z.strictObject({ secret: z.string(), until: instantText })])),
});

/** The service encrypts no more than this at once; whoever takes an address sees to it that it is shorter. */
export const LONGEST_SEALED = 4096;

/** Encrypts; base64. */
export const sealAddress =
  (KeyId: string) =>
  async (address: Address, subscription: SubscriptionId): Promise<string> => {
    const Plaintext = Buffer.from(JSON.stringify(address));
    const { CiphertextBlob } = await kms().send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext: { subscription } }));
    if (CiphertextBlob === undefined) throw new Error('the key answered no ciphertext');
    return Buffer.from(CiphertextBlob).toString('base64');
  };

/** Decrypts what was sealed for this subscription. */
export const openAddress =
  (KeyId: string) =>
  async (ciphertext: string, subscription: SubscriptionId): Promise<Address> => {
    const { Plaintext } = await kms().send(
      new DecryptCommand({ KeyId, CiphertextBlob: Buffer.from(ciphertext, 'base64'), EncryptionContext: { subscription } }),
    );
    if (Plaintext === undefined) throw new Error('the key answered no address');
    return sealed.parse(JSON.parse(Buffer.from(Plaintext).toString('utf8')));
  };
