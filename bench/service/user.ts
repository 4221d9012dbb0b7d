import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';

/** The user that sends all benchmark requests. */
export const USER = 'user-bench';

/** The key that all services measured in this run share. */
export const SECRET_KEY = randomBytes(32).toString('hex');

/** Returns headers with a token for USER that is valid for an hour. */
export async function bearer(): Promise<Record<string, string>> {
  const token = new SignJWT({ sub: USER }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1 h');
  return { authorization: `Bearer ${await token.sign(new TextEncoder().encode(SECRET_KEY))}` };
}
