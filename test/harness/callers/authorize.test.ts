import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { anotherThan, authorize, callerOf, type Means } from '../../../harness/callers/authorize.ts';
import { credentialsOf } from '../../../harness/contract/credentials.ts';
import { authentication as schema } from '../../../harness/contract/schema/authentication.ts';
import { worthlessOf } from '../../../harness/contract/worthless.ts';

const means: Means = {
  base64: (text, alphabet) => Buffer.from(text).toString(alphabet === 'std' ? 'base64' : 'base64url'),
  hmac: (key, text) => createHmac('sha256', key).update(text).digest('base64url'),
  token: async (user, flaw) => `token of ${user}${flaw ? `: ${flaw}` : ''}`,
  logIn: async ({ user }) => `session-of-${user}-0123`,
};

function described(entry: object, setting: string) {
  const authentication = schema.parse({ keySetting: 'KEYS', ...entry });
  const credentials = credentialsOf(authentication, { KEYS: setting });
  return { ...authentication, credentials };
}

/** Returns what the first client sends. */
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
  [
    'login with a cookie',
    { kind: 'login', endpoint: 'in', cookie: 'sid' },
    'ada:p',
    { Cookie: 'sid=session-of-ada-0123' },
    {},
  ],
  [
    'login with a token',
    { kind: 'login', endpoint: 'in', token: 'token' },
    'ada:p',
    { Authorization: 'Bearer session-of-ada-0123' },
    {},
  ],
])('%s', async (_, entry, setting, headers, query) => {
  expect(await sent(entry, setting)).toEqual({ headers, query });
});

test.each([
  [{ kind: 'bearer' }, 'k1'],
  [{ kind: 'api-key', header: 'X-Api-Key' }, 'k1'],
  [{ kind: 'api-key', query: 'key' }, 'k1'],
  [{ kind: 'basic' }, 'ada:p'],
  [{ kind: 'bearer-jwt-hs256' }, 'k1'],
  [{ kind: 'login', endpoint: 'in', cookie: 'sid' }, 'ada:p'],
])('all invalid credentials of %j differ from each other and from the valid ones', async (entry, setting) => {
  const worthless = worthlessOf(described(entry, setting), { onlyOwn: false });
  const each = [undefined, ...worthless].map((kind) => sent(entry, setting, kind));
  const all = (await Promise.all(each)).map((added) => JSON.stringify(added));
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

test('a token of the lab is asked for by user and flaw', async () => {
  const authentication = { ...schema.parse({ kind: 'bearer-jwt-es256' }), credentials: [] };
  expect(await authorize(authentication, { user: 'ada' }, means, 'expired')).toEqual({
    headers: { Authorization: 'Bearer token of ada: expired' },
    query: {},
  });
});

test('a login that hands out nothing leaves the request without credentials', async () => {
  const authentication = described({ kind: 'login', endpoint: 'in', cookie: 'sid' }, 'ada:p');
  const without = { ...means, logIn: async () => undefined };
  expect(await authorize(authentication, { user: 'ada' }, without)).toEqual({ headers: {}, query: {} });
});

test('another user is one of the list if there is a list', () => {
  const credentials = [
    { user: 'ada', key: 'k1' },
    { user: 'bob', key: 'k2' },
  ];
  expect(anotherThan({ user: 'ada' }, credentials)).toEqual({ user: 'bob', credential: credentials[1] });
  expect(anotherThan({ user: 'ada' }, [{ key: 'signing' }]).user).toBe('not-ada');
});
