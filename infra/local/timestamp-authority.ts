/**
 * A time-stamp authority (RFC 3161) of the local cloud's own: what a county's authority is in the field. It is made up, and so is whatever its tokens
 * prove; but they are asked for, laid into bundles and verified by openssl as those of a real one are, whose certificate an auditor has been given.
 */
import { createPrivateKey } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Integer, ObjectIdentifier, OctetString, PrintableString, Sequence } from 'asn1js';
import * as pki from 'pkijs';

export interface TimestampAuthority {
  /** The certificate that an auditor verifies by (PEM). */
  readonly certificate: string;
  /** A token over the hash that is asked about, as of now; a refusal where it is no request. */
  answer(request: Uint8Array): Promise<Uint8Array>;
}

export interface AuthorityFiles {
  /** Where its private key and its certificate are kept from one start to the next, so that tokens stay good. */
  readonly key: string;
  readonly certificate: string;
}

const NAME = 'Made-up time-stamp authority of a local cloud';
const VALID_YEARS = 20;
const SIGNS = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const HASH = 'SHA-256';
const [COMMON_NAME, KEY_USAGE, EXTENDED_KEY_USAGE] = ['2.5.4.3', '2.5.29.15', '2.5.29.37'];
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const [CONTENT_TYPE, MESSAGE_DIGEST] = ['1.2.840.113549.1.9.3', '1.2.840.113549.1.9.4'];
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const [SIGNED_DATA, TST_INFO] = ['1.2.840.113549.1.7.2', '1.2.840.113549.1.9.16.1.4'];
/** A policy of nobody's: the arc is one for examples. */
const POLICY = '2.999.1';
const DIGITAL_SIGNATURE = Uint8Array.of(0x03, 0x02, 0x07, 0x80);
/** Granted, and rejected (RFC 3161, 2.4.2). */
const [GRANTED, REJECTED] = [0, 2];

const engine = new pki.CryptoEngine({ name: 'node', crypto });
const hashOf = (bytes: ArrayBuffer): Promise<ArrayBuffer> => engine.digest(HASH, bytes);
/** A number that is not negative and of the same bytes each time that it is looked at. */
const serial = (): Integer => {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return new Integer({ valueHex: bytes.buffer });
};
/** Whole seconds. */
const now = (): Date => new Date(Math.floor(Date.now() / 1000) * 1000);

const pem = (name: string, der: ArrayBuffer): string =>
  `-----BEGIN ${name}-----\n${(
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n')}\n-----END ${name}-----\n`;

async function made({ key, certificate }: AuthorityFiles): Promise<void> {
  const { privateKey, publicKey } = await engine.generateKey({ ...SIGNS }, true, ['sign', 'verify']);
  const own = new pki.Certificate();
  own.version = 2;
  own.serialNumber = serial();
  for (const name of [own.subject, own.issuer])
    name.typesAndValues.push(new pki.AttributeTypeAndValue({ type: COMMON_NAME, value: new PrintableString({ value: NAME }) }));
  own.notBefore.value = now();
  own.notAfter.value = new Date(Date.UTC(own.notBefore.value.getUTCFullYear() + VALID_YEARS, 0));
  const usage = new pki.ExtKeyUsage({ keyPurposes: [TIME_STAMPING] }).toSchema().toBER(false);
  const extension = (extnID: string, extnValue: ArrayBuffer) => new pki.Extension({ extnID, critical: true, extnValue });
  own.extensions = [extension(KEY_USAGE, DIGITAL_SIGNATURE.buffer), extension(EXTENDED_KEY_USAGE, usage)];
  await own.subjectPublicKeyInfo.importKey(publicKey, engine);
  await own.sign(privateKey, HASH, engine);
  for (const file of [key, certificate]) mkdirSync(dirname(file), { recursive: true });
  writeFileSync(certificate, pem('CERTIFICATE', own.toSchema().toBER(false)));
  writeFileSync(key, pem('PRIVATE KEY', await engine.exportKey('pkcs8', privateKey)), { mode: 0o600 });
}

const bytesOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;
const derOfPem = (text: string): ArrayBuffer => bytesOf(Buffer.from(text.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64'));

/** What is answered to what is no request for a hash of SHA-256. */
const refused = (): ArrayBuffer =>
  new pki.TimeStampResp({ status: new pki.PKIStatusInfo({ status: REJECTED }) }).toSchema().toBER(false);

/** The authority whose key lies in a file, which is made where there is none. */
export async function openAuthority(files: AuthorityFiles): Promise<TimestampAuthority> {
  if (!existsSync(files.key) || !existsSync(files.certificate)) await made(files);
  chmodSync(files.key, 0o600);
  const certificate = readFileSync(files.certificate, 'utf8');
  const own = pki.Certificate.fromBER(derOfPem(certificate));
  const pkcs8 = createPrivateKey(readFileSync(files.key)).export({ format: 'der', type: 'pkcs8' });
  const key = await engine.importKey('pkcs8', bytesOf(pkcs8), { ...SIGNS }, false, ['sign']);
  const ownHash = await hashOf(derOfPem(certificate));

  /** What is signed beside the stamp: what it is, its hash, and by which certificate (RFC 5035), in the order that DER wants. */
  const attributes = async (stamp: ArrayBuffer): Promise<pki.Attribute[]> => {
    const certificates = new Sequence({ value: [new Sequence({ value: [new OctetString({ valueHex: ownHash })] })] });
    return [
      new pki.Attribute({ type: CONTENT_TYPE, values: [new ObjectIdentifier({ value: TST_INFO })] }),
      new pki.Attribute({ type: MESSAGE_DIGEST, values: [new OctetString({ valueHex: await hashOf(stamp) })] }),
      new pki.Attribute({ type: SIGNING_CERTIFICATE_V2, values: [new Sequence({ value: [certificates] })] }),
    ];
  };

  async function granted({ messageImprint, nonce }: pki.TimeStampReq): Promise<ArrayBuffer> {
    const stamp = new pki.TSTInfo({
      ...{ version: 1, policy: POLICY, messageImprint, serialNumber: serial(), genTime: now() },
      ...(nonce && { nonce }),
    })
      .toSchema()
      .toBER(false);
    const signed = new pki.SignedData({
      version: 3,
      encapContentInfo: new pki.EncapsulatedContentInfo({ eContentType: TST_INFO }),
      signerInfos: [
        new pki.SignerInfo({
          version: 1,
          sid: new pki.IssuerAndSerialNumber({ issuer: own.issuer, serialNumber: own.serialNumber }),
          signedAttrs: new pki.SignedAndUnsignedAttributes({ type: 0, attributes: await attributes(stamp) }),
        }),
      ],
      certificates: [own],
    });
    // Handed to the constructor it would be cut into pieces, which DER does not know.
    signed.encapContentInfo.eContent = new OctetString({ valueHex: stamp });
    await signed.sign(key, 0, HASH, undefined, engine);
    return new pki.TimeStampResp({
      status: new pki.PKIStatusInfo({ status: GRANTED }),
      timeStampToken: new pki.ContentInfo({ contentType: SIGNED_DATA, content: signed.toSchema(true) }),
    })
      .toSchema()
      .toBER(false);
  }

  return {
    certificate,
    async answer(request) {
      try {
        return new Uint8Array(await granted(pki.TimeStampReq.fromBER(bytesOf(request))));
      } catch {
        return new Uint8Array(refused());
      }
    },
  };
}
