/** The functions needed to sign a JWT. k6 and Node implement them differently. */
export interface SignJwt {
  /** Encodes a text in Base64, either with padding or URL-safe without padding. */
  base64: (text: string, alphabet: 'std' | 'rawurl') => string;
  /** Returns the HMAC-SHA256 of a text in URL-safe Base64. */
  hmac: (key: string, text: string) => string;
}

/**
 * How long ago an expired token expired, in seconds. This is more than any clock difference that a service may
 * tolerate.
 */
const EXPIRED_SINCE = 3_600;

/**
 * Returns a JWT for a user, signed with a secret (HS256).
 *
 * @param worthless The kind of invalid token. Defaults to a valid one.
 */
export function signWithSecret(
  user: string,
  key: string,
  validSeconds: number,
  { base64, hmac }: SignJwt,
  worthless?: string,
): string {
  const encode = (part: object) => base64(JSON.stringify(part), 'rawurl');
  const issued = Math.floor(Date.now() / 1_000) - (worthless === 'expired' ? validSeconds + EXPIRED_SINCE : 0);
  const header = encode({ alg: worthless === 'no signature' ? 'none' : 'HS256', typ: 'JWT' });
  const claims = encode({ sub: user, iat: issued, exp: issued + validSeconds });
  const content = `${header}.${claims}`;
  if (worthless === 'no signature') return `${content}.`;
  return `${content}.${hmac(worthless === 'another key' ? `not ${key}` : key, content)}`;
}
