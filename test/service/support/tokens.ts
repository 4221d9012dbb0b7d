import { createHmac } from 'node:crypto';

/** The key that all test apps use. */
export const SECRET_KEY = '6f1d-Nobody-May-Ever-See-This-Key-0c9a';

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** Creates a JWT with arbitrary header and claims. It is always signed with HMAC SHA-256. */
export function signToken(claims: object, key = SECRET_KEY, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const content = `${encode(header)}.${encode(claims)}`;
  return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
}

/** Returns the time `seconds` from now, in seconds since the epoch. */
export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

/** Returns a user's Authorization header. */
export const bearer = (user: string, { key = SECRET_KEY, seconds = 60 } = {}) => ({
  authorization: `Bearer ${signToken({ sub: user, exp: inSeconds(seconds) }, key)}`,
});
