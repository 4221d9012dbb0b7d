import { type CryptoKey, createRemoteJWKSet, exportSPKI, jwtVerify } from 'jose';

const { JWKS_URL, AUDIENCE } = process.env;
const [, , DEFECT] = process.argv;

const keys = createRemoteJWKSet(new URL(JWKS_URL ?? 'http://localhost'));
const options = {
  ...(AUDIENCE !== undefined && DEFECT !== 'audience-not-checked' && { audience: AUDIENCE }),
  ...(DEFECT === 'expiry-of-signed-token-not-checked' && { clockTolerance: '1 year' }),
};

/** Returns a token's user, or undefined if the token is invalid. */
export async function userOfToken(token: string): Promise<string | undefined> {
  if (DEFECT === 'algorithm-taken-from-the-token') {
    const user = await withPublicKeyAsSecret(token);
    if (user !== undefined) return user;
  }
  const verified = await jwtVerify(token, keys, options).catch(() => undefined);
  return verified?.payload.sub;
}

async function withPublicKeyAsSecret(token: string): Promise<string | undefined> {
  const [header = ''] = token.split('.');
  const { alg, kid } = JSON.parse(Buffer.from(header, 'base64url').toString() || '{}');
  if (alg !== 'HS256') return undefined;
  const spki = await exportSPKI((await keys({ alg: 'ES256', kid })) as CryptoKey);
  const verified = await jwtVerify(token, new TextEncoder().encode(spki)).catch(() => undefined);
  return verified?.payload.sub;
}
