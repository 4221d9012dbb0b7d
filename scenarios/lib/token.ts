import crypto from 'k6/crypto';
import encoding from 'k6/encoding';
import { context } from './context.ts';

const encode = (part: object): string => encoding.b64encode(JSON.stringify(part), 'rawurl');

/** The kinds of invalid credentials of a request. */
export const WORTHLESS = ['no token', 'another key', 'no signature', 'expired'] as const;
export type Worthless = (typeof WORTHLESS)[number];

/** Seconds since an expired token expired: more than the clock difference that a service may tolerate. */
const EXPIRED_SINCE = 3_600;

/**
 * Returns the Authorization header of a user; empty if the service needs no credentials or the endpoint has no user.
 *
 * @param worthless The kind of invalid credentials. Default: valid ones.
 */
export function authorization(user: string | undefined, worthless?: Worthless): Record<string, string> {
  const { authentication } = context;
  if (!authentication || user === undefined || worthless === 'no token') return {};
  const { key, validSeconds } = authentication;
  const issued = Math.floor(Date.now() / 1_000) - (worthless === 'expired' ? validSeconds + EXPIRED_SINCE : 0);
  const header = encode({ alg: worthless === 'no signature' ? 'none' : 'HS256', typ: 'JWT' });
  const claims = encode({ sub: user, iat: issued, exp: issued + validSeconds });
  const signedBy = worthless === 'another key' ? `not ${key}` : key;
  const signature = crypto.hmac('sha256', signedBy, `${header}.${claims}`, 'base64rawurl');
  return { Authorization: `Bearer ${header}.${claims}.${worthless === 'no signature' ? '' : signature}` };
}
