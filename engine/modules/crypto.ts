import { createHash, createHmac, randomBytes } from 'node:crypto';
import { GoError } from '../base/errors.ts';
import { goText } from '../base/go-format.ts';
import { toBytes } from '../base/to-bytes.ts';
import { notAvailable } from '../vu/not-available.ts';
import { md4 } from './md4.ts';

/** Implements `k6/crypto` (golden record 52). */
export function createCryptoModule(): object {
  const hashes = Object.keys(DIGESTS).map((name) => [
    name,
    (input: unknown, encoding: unknown) => digestOnce(hasher(name), input, encoding),
  ]);
  return {
    ...Object.fromEntries(hashes),
    hmac: (algorithm: unknown, secret: unknown, data: unknown, encoding: unknown) =>
      digestOnce(hasher(algorithm, toBytes(secret)), data, encoding),
    createHash: (algorithm: unknown) => hasher(algorithm),
    createHMAC: (algorithm: unknown, secret: unknown) => hasher(algorithm, toBytes(secret)),
    hexEncode: (data: unknown) => Buffer.from(toBytes(data)).toString('hex'),
    randomBytes: (given: unknown) => {
      const size = Math.trunc(Number(given)) || 0;
      if (size < 1 || size === Number.POSITIVE_INFINITY) throw new GoError('invalid size');
      return new Uint8Array(randomBytes(size)).buffer;
    },
  };
}

/** Creates a hash that, as in Go and unlike Node's, accepts more data after its digest has been read. */
function hasher(given: unknown, key?: Uint8Array) {
  const algorithm = goText(given);
  const digest = Object.hasOwn(DIGESTS, algorithm) ? DIGESTS[algorithm] : undefined;
  if (!digest) throw new GoError(`invalid algorithm: ${algorithm}`);
  const inputs: Uint8Array[] = [];
  return {
    update: (input: unknown): void => {
      inputs.push(Uint8Array.from(toBytes(input)));
    },
    digest: (encoding: unknown) => encode(digest(Buffer.concat(inputs), key), goText(encoding)),
  };
}

function digestOnce(hash: ReturnType<typeof hasher>, input: unknown, encoding: unknown): string | ArrayBuffer {
  hash.update(input);
  return hash.digest(encoding);
}

function encode(bytes: Buffer, encoding: string): string | ArrayBuffer {
  switch (encoding) {
    case 'hex':
    case 'base64':
      return bytes.toString(encoding);
    case 'base64url':
      return bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_');
    case 'base64rawurl':
      return bytes.toString('base64url');
    case 'binary':
      return new Uint8Array(bytes).buffer;
    default:
      throw new GoError(`invalid output encoding: ${encoding}`);
  }
}

/** Computes a digest, or an HMAC if a key is given. */
type Digest = (bytes: Uint8Array, key?: Uint8Array) => Buffer;

const openssl =
  (name: string): Digest =>
  (bytes, key) =>
    (key ? createHmac(name, key) : createHash(name)).update(bytes).digest();

/** The algorithms of `k6/crypto`. */
const DIGESTS: Readonly<Record<string, Digest>> = {
  md4: (bytes, key) => (key ? notAvailable('an HMAC with MD4') : md4(bytes)),
  md5: openssl('md5'),
  sha1: openssl('sha1'),
  sha256: openssl('sha256'),
  sha384: openssl('sha384'),
  sha512: openssl('sha512'),
  sha512_224: openssl('sha512-224'),
  sha512_256: openssl('sha512-256'),
  ripemd160: openssl('ripemd160'),
};
