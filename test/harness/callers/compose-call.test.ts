import { createHmac } from 'node:crypto';
import { jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import type { Means } from '../../../harness/callers/authorize.ts';
import { composeCall } from '../../../harness/callers/compose-call.ts';
import type { Composed } from '../../../harness/callers/compose-request.ts';
import { contractSchema, numbersOf } from '../../../harness/contract/contract.ts';
import { scriptContext } from '../../../harness/contract/script-context.ts';
import reference from '../../../service/proofload.config.ts';

const KEY = 'the key that the lab gave the service';
const ADDRESSES = { services: ['http://127.0.0.1'], lab: { url: 'http://127.0.0.1', token: '' }, clientPrefix: 'c-' };

const means: Means = {
  base64: (text, alphabet) => Buffer.from(text).toString(alphabet === 'std' ? 'base64' : 'base64url'),
  hmac: (key, text) => createHmac('sha256', key).update(text).digest('base64url'),
  token: async () => '',
  logIn: async () => undefined,
};

/** Returns the request that client 3 of the reference service sends, with some changes to its contract. */
async function requestOf(changed: object, name: string): Promise<Composed> {
  const contract = contractSchema.parse({ ...reference, ...changed });
  const context = scriptContext(contract, numbersOf(contract, 'fast'), ADDRESSES, { SECRET_KEY: KEY });
  const endpoint = context.endpoints[name] as (typeof context.endpoints)[string];
  return composeCall(context, endpoint, { unique: 'ä', client: 3 }, means);
}

test('a request is signed for its user with the key that the service was started with', async () => {
  const { headers } = await requestOf({}, 'conversation-end');
  const token = headers.Authorization?.replace('Bearer ', '') ?? '';
  const { payload, protectedHeader } = await jwtVerify(token, Buffer.from(KEY));
  expect(protectedHeader.alg).toBe('HS256');
  expect(payload.sub).toBe('user-ä');
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
});

test('an endpoint without a user gets no token', async () => {
  expect((await requestOf({}, 'health')).headers).toEqual({});
});

test('a service that requires no token gets none', async () => {
  const { headers } = await requestOf({ authentication: undefined }, 'conversation-end');
  expect(headers).toEqual({ 'Content-Type': 'application/json' });
});

test.each([
  ['socket', 'b'],
  ['key', 'c'],
  [{ header: 'X-Tenant' }, 'a'],
])('callers of a service that identifies clients by %j have the keys that tell them apart', async (client, key) => {
  const authentication = { kind: 'api-key', header: 'X-Key', keySetting: 'KEYS' };
  const environment = { ...reference.environment, KEYS: '' };
  const contract = contractSchema.parse({ ...reference, authentication, client, environment });
  const context = scriptContext(contract, numbersOf(contract, 'fast'), ADDRESSES, { KEYS: 'a,b,c' });
  const endpoint = context.endpoints['conversation-end'] as (typeof context.endpoints)[string];
  const call = { unique: '1', client: 3, credential: 1 };
  expect((await composeCall(context, endpoint, call, means)).headers['X-Key']).toBe(key);
});

test('a client sends the header by which the service knows it', async () => {
  expect((await requestOf({ client: { header: 'X-Tenant' } }, 'health')).headers).toEqual({ 'X-Tenant': 'c-3' });
});
