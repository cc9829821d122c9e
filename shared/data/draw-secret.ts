/** The secret of a draw under its key: whoever reads the table reads nothing, and a ciphertext of one draw opens in no other. */
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';

let client: KMSClient | undefined;
const kms = (): KMSClient => {
  client ??= new KMSClient();
  return client;
};

/** Encrypts; base64. */
export const sealSecret =
  (KeyId: string) =>
  async (Plaintext: Uint8Array, drawId: string): Promise<string> => {
    const { CiphertextBlob } = await kms().send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext: { draw: drawId } }));
    if (CiphertextBlob === undefined) throw new Error('the key answered no ciphertext');
    return Buffer.from(CiphertextBlob).toString('base64');
  };

/** Decrypts what was sealed for this draw. */
export const openSecret =
  (KeyId: string) =>
  async (ciphertext: string, drawId: string): Promise<Uint8Array> => {
    const { Plaintext } = await kms().send(
      new DecryptCommand({ KeyId, CiphertextBlob: Buffer.from(ciphertext, 'base64'), EncryptionContext: { draw: drawId } }),
    );
    if (Plaintext === undefined) throw new Error('the key answered no secret');
    return Plaintext;
  };
