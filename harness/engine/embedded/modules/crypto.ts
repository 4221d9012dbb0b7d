import { createHash, createHmac, type Hash, type Hmac, randomBytes } from 'node:crypto';
import type { ModuleExports } from './module-table.ts';
import { toBytes } from './to-bytes.ts';

/** The algorithms of `k6/crypto`, and OpenSSL's names for them. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  md4: 'md4',
  md5: 'md5',
  sha1: 'sha1',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
  sha512_224: 'sha512-224',
  sha512_256: 'sha512-256',
  ripemd160: 'ripemd160',
};

/** `k6/crypto` (golden record 52). */
export function createCryptoModule(): ModuleExports {
  const named = {
    ...Object.fromEntries(
      Object.keys(ALGORITHMS).map((name) => [
        name,
        (input: unknown, encoding: string) => digestOf(startHash(name), input, encoding),
      ]),
    ),
    hmac: (algorithm: string, secret: unknown, data: unknown, encoding: string) =>
      digestOf(startHmac(algorithm, secret), data, encoding),
    createHash: (algorithm: string) => incremental(() => startHash(algorithm)),
    createHMAC: (algorithm: string, secret: unknown) => incremental(() => startHmac(algorithm, secret)),
    randomBytes: (size: number) => new Uint8Array(randomBytes(size)).buffer,
  };
  return { ...named, default: named };
}

const startHash = (algorithm: string): Hash => createHash(nameOf(algorithm));
const startHmac = (algorithm: string, secret: unknown): Hmac => createHmac(nameOf(algorithm), toBytes(secret));

function nameOf(algorithm: string): string {
  const name = ALGORITHMS[algorithm];
  if (name === undefined) throw new TypeError(`invalid algorithm: ${algorithm}`);
  return name;
}

const digestOf = (hash: Hash | Hmac, input: unknown, encoding: string) =>
  encode(hash.update(toBytes(input)).digest(), encoding);

/** A hash that can be asked again and again, and goes on, as Go's can; Node's are over once they are asked. */
function incremental(start: () => Hash | Hmac) {
  start();
  const inputs: Uint8Array[] = [];
  return {
    update: (input: unknown): void => {
      inputs.push(Uint8Array.from(toBytes(input)));
    },
    digest: (encoding: string) => {
      const hash = start();
      for (const input of inputs) hash.update(input);
      return encode(hash.digest(), encoding);
    },
  };
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
      throw new TypeError(`invalid output encoding: ${encoding}`);
  }
}
