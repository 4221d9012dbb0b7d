import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { authentication } from '../../../../harness/contract/schema/authentication.ts';
import { worthlessOf } from '../../../../harness/contract/worthless.ts';
import { FLAWS } from '../../../../harness/lab/tokens/flaws.ts';
import { TokenIssuer } from '../../../../harness/lab/tokens/token-issuer.ts';

type Issued = Parameters<typeof TokenIssuer.start>[0];

const described = (entry: object): Issued => authentication.parse(entry) as Issued;

test.each([
  ['bearer-jwt-rs256', 'RS256'],
  ['bearer-jwt-es256', 'ES256'],
])('%s: the published key verifies a token of its user', async (kind, alg) => {
  await using issuer = await TokenIssuer.start(described({ kind, audience: 'notes' }));
  const options = { issuer: issuer.url, audience: 'notes', algorithms: [alg] };
  const { payload } = await jwtVerify(await issuer.sign('ada'), createRemoteJWKSet(new URL(issuer.jwks)), options);
  expect(payload.sub).toBe('ada');
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
});

test('the metadata of discovery names the keys and the issuer', async () => {
  await using issuer = await TokenIssuer.start(described({ kind: 'bearer-jwt-es256' }));
  const answer = await fetch(`${issuer.url}/.well-known/openid-configuration`);
  expect(await answer.json()).toEqual({ issuer: issuer.url, jwks_uri: issuer.jwks });
});

test('only the public key is served', async () => {
  await using issuer = await TokenIssuer.start(described({ kind: 'bearer-jwt-rs256' }));
  const { keys } = (await (await fetch(issuer.jwks)).json()) as { keys: object[] };
  expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  expect((await fetch(`${issuer.url}/`)).status).toBe(404);
});

test('no invalid token passes a strict service', async () => {
  const entry = described({ kind: 'bearer-jwt-es256', issuer: 'https://notes.test', audience: 'notes' });
  await using issuer = await TokenIssuer.start(entry);
  const keys = createRemoteJWKSet(new URL(issuer.jwks));
  const flaws = worthlessOf(entry, { onlyOwn: false }).filter((flaw) => flaw !== 'no token');
  expect(flaws).toEqual(FLAWS);
  for (const flaw of FLAWS) {
    const token = await issuer.sign('ada', flaw);
    await expect(jwtVerify(token, keys, { issuer: 'https://notes.test', audience: 'notes' }), flaw).rejects.toThrow();
  }
  expect(decodeProtectedHeader(await issuer.sign('ada', 'public key as secret')).alg).toBe('HS256');
});
