import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
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
import type { CertificateKind } from './certificate-kinds.ts';

cryptoProvider.set(webcrypto);

/** A key and a certificate in PEM format, as accepted by `tls.createSecureContext`. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
  /** Allows a server to present a certificate that its own OpenSSL would otherwise reject. */
  readonly ciphers?: string;
}

/** The lab's CA and its server certificates. The CA's key is kept only in memory. */
export interface Certificates {
  /** The CA's certificate in PEM format. */
  readonly ca: string;
  readonly trusted: KeyAndCertificate;
  /** Returns the certificate of a kind. All except the trusted one are created when they are first needed. */
  leaf(kind: CertificateKind): Promise<KeyAndCertificate>;
}

interface Issuer {
  readonly certificate: X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

interface LeafWishes {
  /** The issuer, or null if the certificate is self-signed. */
  readonly issuer: Issuer | null;
  readonly names: JsonGeneralNames;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly keys: webcrypto.CryptoKeyPair;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
// OpenSSL's security level 2, Node's default, requires 2048 bits.
const WEAK = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 1024,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
};
const DAY = 86_400_000;
const daysFromNow = (days: number): Date => new Date(Date.now() + days * DAY);

const LOOPBACK: JsonGeneralNames = [
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '::1' },
  { type: 'dns', value: 'localhost' },
];

const nameOf = (value: string): JsonGeneralNames[number] => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value });

/**
 * Creates a CA and its certificates, which use EC P-256 and are valid from a week ago until 30 days from now.
 *
 * @param hostNames Names for which the certificates are valid, in addition to the loopback names. Defaults to none.
 */
export async function createCertificates(hostNames: readonly string[] = []): Promise<Certificates> {
  const names: JsonGeneralNames = [...LOOPBACK, ...hostNames.map(nameOf)];
  const lab = await createAuthority('proofload lab CA');
  const good = { issuer: lab, names, notBefore: daysFromNow(-7), notAfter: daysFromNow(30) };
  const leaf = async (wishes: Partial<LeafWishes> = {}) =>
    createLeaf({ ...good, keys: wishes.keys ?? (await createKeys(ALGORITHM)), ...wishes });
  const trusted = await leaf();
  const create: Record<CertificateKind, () => Promise<KeyAndCertificate>> = {
    trusted: async () => trusted,
    'self-signed': () => leaf({ issuer: null }),
    'unknown-ca': async () => leaf({ issuer: await createAuthority('a CA nobody trusts') }),
    'incomplete-chain': async () =>
      leaf({ issuer: await createAuthority('an intermediate CA that is never sent', lab) }),
    expired: () => leaf({ notAfter: daysFromNow(-1) }),
    'not-yet-valid': () => leaf({ notBefore: daysFromNow(1) }),
    'wrong-host': () => leaf({ names: [{ type: 'dns', value: 'wrong-host.invalid' }] }),
    'weak-key': async () => ({ ...(await leaf({ keys: await createKeys(WEAK) })), ciphers: 'DEFAULT@SECLEVEL=0' }),
  };
  const created: Partial<Record<CertificateKind, Promise<KeyAndCertificate>>> = {};
  return {
    ca: lab.certificate.toString('pem'),
    trusted,
    leaf(kind) {
      created[kind] ??= create[kind]();
      return created[kind];
    },
  };
}

const createKeys = async (algorithm: typeof ALGORITHM | typeof WEAK): Promise<webcrypto.CryptoKeyPair> =>
  (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;

/** Returns who a certificate is for, and who signs it: the subject itself if there is no issuer. */
function signedBy(issuer: Issuer | null | undefined, commonName: string, keys: webcrypto.CryptoKeyPair) {
  const subject = [{ CN: [commonName] }];
  return {
    subject,
    issuer: issuer ? issuer.certificate.subjectName : subject,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: ALGORITHM,
  };
}

/** Creates a CA. It is self-signed if no issuer is given. */
async function createAuthority(commonName: string, issuer?: Issuer): Promise<Issuer> {
  const keys = await createKeys(ALGORITHM);
  const certificate = await X509CertificateGenerator.create({
    ...signedBy(issuer, commonName, keys),
    notBefore: daysFromNow(-7),
    notAfter: daysFromNow(30),
    extensions: [
      // RFC 5280, sections 4.2.1.3 and 4.2.1.9: strict verifiers require both extensions to be critical in a CA
      // certificate.
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate, keys };
}

async function createLeaf(wishes: LeafWishes): Promise<KeyAndCertificate> {
  const { issuer, names, notBefore, notAfter, keys } = wishes;
  const certificate = await X509CertificateGenerator.create({
    ...signedBy(issuer, 'proofload fake', keys),
    notBefore,
    notAfter,
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
