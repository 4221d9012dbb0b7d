import crypto from 'k6/crypto';
import encoding from 'k6/encoding';
import { context } from './context.ts';

const encode = (part: object): string => encoding.b64encode(JSON.stringify(part), 'rawurl');

const HEADER = encode({ alg: 'HS256', typ: 'JWT' });

/** The header by which a request speaks for a user; none where the service asks for no proof, or the endpoint for no user. */
export function authorization(user: string | undefined): Record<string, string> {
  const { authentication } = context;
  if (!authentication || user === undefined) return {};
  const issued = Math.floor(Date.now() / 1_000);
  const claims = encode({ sub: user, iat: issued, exp: issued + authentication.validSeconds });
  const signature = crypto.hmac('sha256', authentication.key, `${HEADER}.${claims}`, 'base64rawurl');
  return { Authorization: `Bearer ${HEADER}.${claims}.${signature}` };
}
