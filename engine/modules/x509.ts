import { type KeyObject, X509Certificate } from 'node:crypto';
import { type DerElement, derElements, derOid, derText } from '../base/der.ts';
import { GoError } from '../base/errors.ts';

/** Go's names of signature algorithms. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'MD5-RSA',
  '1.2.840.113549.1.1.5': 'SHA1-RSA',
  '1.2.840.113549.1.1.11': 'SHA256-RSA',
  '1.2.840.113549.1.1.12': 'SHA384-RSA',
  '1.2.840.113549.1.1.13': 'SHA512-RSA',
  '1.2.840.10045.4.1': 'ECDSA-SHA1',
  '1.2.840.10045.4.3.2': 'ECDSA-SHA256',
  '1.2.840.10045.4.3.3': 'ECDSA-SHA384',
  '1.2.840.10045.4.3.4': 'ECDSA-SHA512',
  '1.3.101.112': 'Ed25519',
};

const ALT_NAMES = '2.5.29.17';

/** The kinds of alternative names in the order in which k6 lists them, by their tags. */
const NAME_TAGS = [0x82, 0x81, 0x87, 0x86];
const IP_TAG = 0x87;

/** The parts of a certificate (RFC 5280, section 4.1) that Node's class does not provide in k6's form. */
interface Parts {
  readonly certificate: X509Certificate;
  readonly signature: DerElement;
  readonly issuer: DerElement;
  readonly subject: DerElement;
  readonly extensions: DerElement | undefined;
}

/** Implements `k6/crypto/x509`. */
export function createX509Module(): object {
  return {
    parse: (pem: unknown) => describe(read(pem)),
    getAltNames: (pem: unknown) => altNames(read(pem)),
    getIssuer: (pem: unknown) => issuerOf(read(pem)),
    getSubject: (pem: unknown) => subjectOf(read(pem)),
  };
}

function read(pem: unknown): Parts {
  const text = typeof pem === 'string' ? pem : Buffer.from((pem ?? '') as ArrayBuffer).toString();
  const [block] = /-----BEGIN [^-]*-----\s[\s\S]*?-----END [^-]*-----/.exec(text) ?? [];
  if (block === undefined) throw new GoError('failed to decode certificate PEM file');
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(block);
  } catch (error) {
    throw new GoError(`failed to parse certificate: ${(error as Error).message}`);
  }
  const [whole] = derElements(certificate.raw);
  const [signed] = derElements((whole as DerElement).body);
  // An optional version precedes the serial number.
  const fields = derElements((signed as DerElement).body);
  const [, signature, issuer, , subject] = (fields[0]?.tag === 0xa0 ? fields.slice(1) : fields) as DerElement[];
  const extensions = fields.find(({ tag }) => tag === 0xa3);
  return { certificate, signature, issuer, subject, extensions } as Parts;
}

function describe(parts: Parts) {
  const { certificate, signature } = parts;
  return {
    subject: subjectOf(parts),
    issuer: issuerOf(parts),
    notBefore: rfc3339(certificate.validFromDate),
    notAfter: rfc3339(certificate.validToDate),
    altNames: altNames(parts),
    signatureAlgorithm: ALGORITHMS[derOid(derElements(signature.body)[0] as DerElement)] ?? 'UnknownSignatureAlgorithm',
    fingerPrint: [...Buffer.from(certificate.fingerprint.replaceAll(':', ''), 'hex')],
    publicKey: keyOf(certificate.publicKey),
  };
}

function keyOf(publicKey: KeyObject) {
  const kind = publicKey.asymmetricKeyType;
  if (kind !== 'rsa' && kind !== 'ec') throw new GoError('unsupported public key algorithm');
  const { n, e, x, y } = publicKey.export({ format: 'jwk' });
  const integer = (text = '') => BigInt(`0x0${Buffer.from(text, 'base64url').toString('hex')}`);
  return kind === 'rsa'
    ? { algorithm: 'RSA', key: { n: integer(n), e: Number(integer(e)) } }
    : { algorithm: 'ECDSA', key: { x: integer(x), y: integer(y) } };
}

const rfc3339 = (date: Date): string => date.toISOString().replace('.000', '');

/** Returns the attributes of a distinguished name as types and values. */
const attributesOf = (name: DerElement) =>
  derElements(name.body)
    .flatMap(({ body }) => derElements(body))
    .map(({ body }) => {
      const [type, value] = derElements(body) as [DerElement, DerElement];
      return { type: derOid(type), value: derText(value) };
    });

/** Returns the fields of the issuer. */
function issuerOf({ issuer }: Pick<Parts, 'issuer'>) {
  const names = attributesOf(issuer);
  const first = (type: string) => names.find((name) => name.type === type)?.value ?? '';
  return {
    // As in Go, the last common name counts.
    commonName: names.findLast(({ type }) => type === '2.5.4.3')?.value ?? '',
    country: first('2.5.4.6'),
    stateOrProvinceName: first('2.5.4.8'),
    localityName: first('2.5.4.7'),
    organizationName: first('2.5.4.10'),
    names,
  };
}

/** Returns the fields of the subject, which are more than those of the issuer. */
function subjectOf({ subject }: Parts) {
  const fields = issuerOf({ issuer: subject });
  const all = (type: string) => fields.names.filter((name) => name.type === type).map(({ value }) => value);
  return {
    ...fields,
    postalCode: all('2.5.4.17')[0] ?? '',
    streetAddress: all('2.5.4.9')[0] ?? '',
    organizationalUnitName: all('2.5.4.11'),
  };
}

function altNames({ extensions }: Parts): string[] {
  const list = extensions ? derElements((derElements(extensions.body)[0] as DerElement).body) : [];
  const found = list
    .map(({ body }) => derElements(body))
    .find(([type]) => type !== undefined && derOid(type) === ALT_NAMES);
  const value = found?.at(-1);
  if (!value) return [];
  const names = derElements((derElements(value.body)[0] as DerElement).body);
  return NAME_TAGS.flatMap((wanted) => names.filter(({ tag }) => tag === wanted)).map(({ tag, body }) =>
    tag === IP_TAG ? address(body) : body.toString('latin1'),
  );
}

/** Formats an IP address as Go does, with the longest run of zeros left out. */
function address(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = bytes.toString('hex').match(/.{4}/g) ?? [];
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
