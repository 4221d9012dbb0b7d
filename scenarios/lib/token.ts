import crypto from 'k6/crypto';
import encoding from 'k6/encoding';
import { context } from './context.ts';

const encode = (part: object): string => encoding.b64encode(JSON.stringify(part), 'rawurl');

/** What may be wrong with a request's proof: there is none, or its token is one that nobody may accept. */
export const WORTHLESS = ['no token', 'another key', 'no signature', 'expired'] as const;
export type Worthless = (typeof WORTHLESS)[number];

/** Seconds since which an expired token is so: more than any clock's difference that a service may forgive. */
const EXPIRED_SINCE = 3_600;

/**
 * The header by which a request speaks for a user; none where the service asks for no proof, or the endpoint for no user.
 *
 * @param worthless What is wrong with the proof; nothing by default.
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
