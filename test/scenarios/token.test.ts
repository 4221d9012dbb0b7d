import { jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { loadScript } from '../../engine/index.ts';
import { numbersOf } from '../../harness/contract/contract.ts';
import { loadContract } from '../../harness/contract/load.ts';
import { scriptContext } from '../../harness/contract/script-context.ts';

const KEY = 'the key that the lab gave the service';
const URLS = { services: ['http://127.0.0.1'], lab: { url: 'http://127.0.0.1', token: '' } };

/** The script's function, as a script of a service with that contract has it. */
async function authorizationOf(authenticated: boolean) {
  const { authentication, ...without } = await loadContract('service/proofload.config.ts');
  const contract = authenticated && authentication ? { ...without, authentication } : without;
  const told = scriptContext(contract, numbersOf(contract, 'fast'), URLS, { SECRET_KEY: KEY });
  const script = await loadScript('scenarios/lib/token.ts', { env: { PROOFLOAD: JSON.stringify(told) } });
  return (script as unknown as { authorization: (user?: string) => Record<string, string> }).authorization;
}

test('a request is signed for its user with the key that the service was started with', async () => {
  const authorization = await authorizationOf(true);
  const token = authorization('user-ä').Authorization?.replace('Bearer ', '') ?? '';
  const { payload, protectedHeader } = await jwtVerify(token, Buffer.from(KEY));
  expect(protectedHeader.alg).toBe('HS256');
  expect(payload.sub).toBe('user-ä');
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
});

test('an endpoint without a user gets no token', async () => {
  expect((await authorizationOf(true))(undefined)).toEqual({});
});

test('a service that asks for no token gets none', async () => {
  expect((await authorizationOf(false))('ada')).toEqual({});
});
