import { randomUUID } from 'node:crypto';
import type { CryptoKey, JWTPayload } from 'jose';
import { importOptional } from '../../base/import-optional.ts';
import { listen } from '../../base/listen.ts';
import type { IssuedTokens } from '../../contract/schema/authentication.ts';
import type { Flaw } from './flaws.ts';

/**
 * How many seconds ago an expired token expired. This is more than the clock difference that a service may tolerate.
 */
const EXPIRED_SINCE = 3_600;

/**
 * Signs JWTs with its own key pair, and serves the public key over HTTP on loopback: as a JSON Web Key Set, and through
 * OpenID Connect Discovery metadata. The private key never leaves the process.
 */
export class TokenIssuer implements AsyncDisposable {
  /** The base URL. It is the tokens' issuer unless the contract specifies another one. */
  readonly url: string;
  readonly #jose: Jose;
  readonly #authentication: IssuedTokens;
  readonly #pair: Pair;
  readonly #other: Pair;
  readonly #server: AsyncDisposable;

  private constructor(
    jose: Jose,
    authentication: IssuedTokens,
    pairs: [Pair, Pair],
    server: { url: string } & AsyncDisposable,
  ) {
    this.#jose = jose;
    this.url = server.url;
    this.#authentication = authentication;
    [this.#pair, this.#other] = pairs;
    this.#server = server;
  }

  /** @throws ProofloadError PACKAGE_MISSING if `jose` is not installed */
  static async start(authentication: IssuedTokens): Promise<TokenIssuer> {
    const jose = await importOptional('jose', `authentication of the kind ${authentication.kind}`);
    const algorithm = authentication.kind === 'bearer-jwt-rs256' ? 'RS256' : 'ES256';
    const pairs = await Promise.all([pairFor(jose, algorithm), pairFor(jose, algorithm)]);
    const [{ publicKey, id }] = pairs;
    const keys = JSON.stringify({
      keys: [{ ...(await jose.exportJWK(publicKey)), kid: id, alg: algorithm, use: 'sig' }],
    });
    const server = await listen(({ url: path }, response) => {
      const { issuer = server.url } = authentication;
      const metadata = JSON.stringify({ issuer, jwks_uri: `${server.url}${JWKS_PATH}` });
      const found = path === JWKS_PATH ? keys : path === '/.well-known/openid-configuration' ? metadata : undefined;
      response.writeHead(found ? 200 : 404, { 'Content-Type': 'application/json' }).end(found ?? '{}');
    });
    return new TokenIssuer(jose, authentication, pairs, server);
  }

  /** The public key's URL. */
  get jwks(): string {
    return `${this.url}${JWKS_PATH}`;
  }

  /**
   * Returns a token for a user.
   *
   * @param flaw What is wrong with the token. By default, it is valid.
   */
  async sign(user: string, flaw?: Flaw): Promise<string> {
    const claims = this.#claims(user, flaw);
    const { exportSPKI, SignJWT, UnsecuredJWT } = this.#jose;
    if (flaw === 'no signature') return new UnsecuredJWT(claims).encode();
    const { id, algorithm, publicKey, privateKey } = this.#pair;
    if (flaw === 'public key as secret') {
      const secret = new TextEncoder().encode(await exportSPKI(publicKey));
      return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: id, typ: 'JWT' }).sign(secret);
    }
    const key = flaw === 'another key' ? this.#other.privateKey : privateKey;
    return new SignJWT(claims).setProtectedHeader({ alg: algorithm, kid: id, typ: 'JWT' }).sign(key);
  }

  #claims(user: string, flaw: Flaw | undefined): JWTPayload {
    const { validSeconds, issuer = this.url, audience } = this.#authentication;
    const issued = Math.floor(Date.now() / 1_000) - (flaw === 'expired' ? validSeconds + EXPIRED_SINCE : 0);
    const aud = flaw === 'another audience' ? `not-${audience}` : audience;
    return {
      iss: flaw === 'another issuer' ? 'https://another-issuer.test' : issuer,
      ...(aud !== undefined && { aud }),
      sub: user,
      jti: randomUUID(),
      iat: issued,
      exp: issued + validSeconds,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }
}

type Jose = typeof import('jose');

const JWKS_PATH = '/.well-known/jwks.json';

interface Pair {
  id: string;
  algorithm: string;
  publicKey: CryptoKey;
  privateKey: CryptoKey;
}

const pairFor = async ({ generateKeyPair }: Jose, algorithm: string): Promise<Pair> => ({
  id: randomUUID(),
  algorithm,
  ...(await generateKeyPair(algorithm, { extractable: true })),
});
