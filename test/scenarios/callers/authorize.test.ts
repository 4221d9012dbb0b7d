import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { credentialsOf } from '../../../harness/contract/credentials.ts';
import { authentication as schema } from '../../../harness/contract/schema/authentication.ts';
import { worthlessOf } from '../../../harness/contract/worthless.ts';
import { authorize, callerOf } from '../../../scenarios/lib/callers/authorize.ts';

const means = {
  base64: (text: string, alphabet: 'std' | 'rawurl') =>
    Buffer.from(text).toString(alphabet === 'std' ? 'base64' : 'base64url'),
  hmac: (key: string, text: string) => createHmac('sha256', key).update(text).digest('base64url'),
};

function described(entry: object, setting: string) {
  const authentication = schema.parse({ keySetting: 'KEYS', ...entry });
  const credentials = credentialsOf(authentication, { KEYS: setting });
  return { ...authentication, credentials, worthless: worthlessOf(authentication) };
}

/** What the first client sends. */
function sent(entry: object, setting: string, worthless?: string) {
  const authentication = described(entry, setting);
  return authorize(authentication, callerOf(authentication, undefined, 0), means, worthless);
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

test.each([
  ['bearer', { kind: 'bearer' }, 'k1,k2', { Authorization: 'Bearer k1' }, {}],
  ['api-key in a header', { kind: 'api-key', header: 'X-Api-Key' }, 'k1', { 'X-Api-Key': 'k1' }, {}],
  ['api-key in the query', { kind: 'api-key', query: 'key' }, 'k1 k2', {}, { key: 'k1' }],
  ['basic', { kind: 'basic' }, 'ada:p:1,bob:p2', { Authorization: basic('ada:p:1') }, {}],
  ['basic with one user', { kind: 'basic', user: 'admin' }, 'p1', { Authorization: basic('admin:p1') }, {}],
])('%s', (_, entry, setting, headers, query) => {
  expect(sent(entry, setting)).toEqual({ headers, query });
});

test.each([
  [{ kind: 'bearer' }, 'k1'],
  [{ kind: 'api-key', header: 'X-Api-Key' }, 'k1'],
  [{ kind: 'api-key', query: 'key' }, 'k1'],
  [{ kind: 'basic' }, 'ada:p'],
  [{ kind: 'bearer-jwt-hs256' }, 'k1'],
])('all invalid credentials of %j differ from each other and from the valid ones', (entry, setting) => {
  const { worthless } = described(entry, setting);
  const all = [undefined, ...worthless].map((kind) => JSON.stringify(sent(entry, setting, kind)));
  expect(new Set(all).size).toBe(all.length);
});

test('clients take the keys in turn; a user has its own', () => {
  const keys = described({ kind: 'bearer' }, 'k1,k2');
  expect([0, 1, 2].map((index) => callerOf(keys, undefined, index).credential?.key)).toEqual(['k1', 'k2', 'k1']);
  const users = described({ kind: 'bearer', entries: 'user:key' }, 'ada:k1,bob:k2');
  expect(callerOf(users, 'bob', 1)).toEqual({ user: 'bob', credential: { user: 'bob', key: 'k2' } });
  expect(callerOf(users, undefined, 1).user).toBe('bob');
  expect(() => callerOf(users, 'eve', 1)).toThrow('KEYS has no user "eve"');
});
