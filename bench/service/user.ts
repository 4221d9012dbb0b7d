import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';

/** The user of all benchmark requests. */
export const USER = 'user-bench';

/** The key of all services measured in this run. */
export const SECRET_KEY = randomBytes(32).toString('hex');

/** Returns the headers of USER's requests, valid for an hour. */
export async function bearer(): Promise<Record<string, string>> {
  const token = new SignJWT({ sub: USER }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1 h');
  return { authorization: `Bearer ${await token.sign(new TextEncoder().encode(SECRET_KEY))}` };
}
