import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralNames,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

cryptoProvider.set(webcrypto);

/** What a fake may show its clients; only `trusted` is one that they should accept. */
export const certificateKinds = ['trusted', 'self-signed', 'unknown-ca', 'expired', 'wrong-host'] as const;
export type CertificateKind = (typeof certificateKinds)[number];

/** A key and a certificate in PEM, as `tls.createSecureContext` takes them. */
interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

/** The lab's own CA and a server certificate of each kind. The CA's key lives in memory only. */
export interface Certificates {
  /** The CA's certificate in PEM. */
  readonly ca: string;
  readonly leaves: Readonly<Record<CertificateKind, KeyAndCertificate>>;
}

interface Issuer {
  readonly certificate: X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

interface LeafWishes {
  /** Null: signed with its own key. */
  readonly issuer: Issuer | null;
  readonly names: JsonGeneralNames;
  readonly notAfter: Date;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 86_400_000;
const daysFromNow = (days: number): Date => new Date(Date.now() + days * DAY);

const SERVED_NAMES: JsonGeneralNames = [
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '::1' },
  { type: 'dns', value: 'localhost' },
  { type: 'dns', value: 'api.groq.com' },
  { type: 'dns', value: 'api.mem0.ai' },
];

/** Makes a new CA and its certificates: EC P-256, valid from a week ago for 30 days. Takes some 40 ms. */
export async function createCertificates(): Promise<Certificates> {
  const [lab, stranger] = await Promise.all([
    createAuthority('proofload lab CA'),
    createAuthority('a CA nobody trusts'),
  ]);
  const good: LeafWishes = { issuer: lab, names: SERVED_NAMES, notAfter: daysFromNow(30) };
  const [trusted, selfSigned, unknownCa, expired, wrongHost] = await Promise.all([
    createLeaf(good),
    createLeaf({ ...good, issuer: null }),
    createLeaf({ ...good, issuer: stranger }),
    createLeaf({ ...good, notAfter: daysFromNow(-1) }),
    createLeaf({ ...good, names: [{ type: 'dns', value: 'wrong-host.invalid' }] }),
  ]);
  return {
    ca: lab.certificate.toString('pem'),
    leaves: { trusted, 'self-signed': selfSigned, 'unknown-ca': unknownCa, expired, 'wrong-host': wrongHost },
  };
}

const createKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

async function createAuthority(commonName: string): Promise<Issuer> {
  const keys = await createKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }],
    keys,
    notBefore: daysFromNow(-7),
    notAfter: daysFromNow(30),
    signingAlgorithm: ALGORITHM,
    extensions: [
      // RFC 5280, 4.2.1.3 and 4.2.1.9: strict verifiers want both critical in a CA.
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate, keys };
}

async function createLeaf({ issuer, names, notAfter }: LeafWishes): Promise<KeyAndCertificate> {
  const keys = await createKeys();
  const subject = [{ CN: ['proofload fake'] }];
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: issuer ? issuer.certificate.subjectName : subject,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    notBefore: daysFromNow(-7),
    notAfter,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(names),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create((issuer?.keys ?? keys).publicKey),
    ],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return { key: key.toString(), cert: certificate.toString('pem') };
}
