import { createHash, createHmac } from 'node:crypto';
import { md4 } from './md4.ts';

/** Computes a digest, or an HMAC if a key is given. */
type Digest = (bytes: Uint8Array, key?: Uint8Array) => Buffer;

const openssl =
  (name: string): Digest =>
  (bytes, key) =>
    (key ? createHmac(name, key) : createHash(name)).update(bytes).digest();

/** The algorithms of `k6/crypto`. */
export const DIGESTS: Readonly<Record<string, Digest>> = {
  md4: (bytes, key) => (key ? hmacMd4(bytes, key) : md4(bytes)),
  md5: openssl('md5'),
  sha1: openssl('sha1'),
  sha256: openssl('sha256'),
  sha384: openssl('sha384'),
  sha512: openssl('sha512'),
  sha512_224: openssl('sha512-224'),
  sha512_256: openssl('sha512-256'),
  ripemd160: openssl('ripemd160'),
};

/** Computes an HMAC (RFC 2104) with a block size of 64 bytes. */
function hmacMd4(bytes: Uint8Array, key: Uint8Array): Buffer {
  const block = Buffer.alloc(64);
  block.set(key.length > block.length ? md4(key) : key);
  const padded = (pad: number, rest: Uint8Array) => md4(Buffer.concat([block.map((byte) => byte ^ pad), rest]));
  return padded(0x5c, padded(0x36, bytes));
}
