import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';

/** Whose requests the benchmark sends. */
export const USER = 'user-bench';

/** The key of all services that are measured in this run. */
export const SECRET_KEY = randomBytes(32).toString('hex');

/** The headers of USER's requests, for an hour. */
export async function bearer(): Promise<Record<string, string>> {
  const token = new SignJWT({ sub: USER }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1 h');
  return { authorization: `Bearer ${await token.sign(new TextEncoder().encode(SECRET_KEY))}` };
}
