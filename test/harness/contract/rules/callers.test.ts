import { expect, test } from 'vitest';
import { asking, problemsWith } from './problems.ts';

/** Returns what is wrong with a contract that has these parts. */
const problems = ({ endpoint = {}, limits = {}, ...parts }: Record<string, unknown> & { endpoint?: object }) =>
  problemsWith({ ...asking(endpoint), profiles: { fast: { limits } }, ...parts });

const bearer = { kind: 'bearer', keySetting: 'KEYS' };
const jwt = { kind: 'bearer-jwt-hs256', keySetting: 'KEYS' };

test('a described caller has no problem', async () => {
  expect(await problems({ authentication: bearer, endpoint: { authenticated: true }, client: 'key' })).toEqual([]);
  expect(await problems({ authentication: jwt, endpoint: { user: 'u-${client}' }, client: 'user' })).toEqual([]);
  expect(await problems({ endpoint: { user: 'u-${unique}' } })).toEqual([]);
  const ledger = { endpoint: 'ask', table: 'rows', column: 'id', key: 'r-${unique}', acknowledged: [200] };
  const reader = { user: 'u-${unique}', method: 'GET', path: '/rows/r-${unique}', onlyOwn: true };
  expect(await problems({ authentication: jwt, endpoint: reader, ledger })).toEqual([]);
});

test.each([
  [{ endpoint: { authenticated: true } }, 'endpoints.ask.authenticated: the contract does not say how'],
  [{ authentication: bearer }, 'authentication: no endpoint requires credentials'],
  [
    { authentication: jwt, endpoint: { authenticated: true } },
    'endpoints.ask.authenticated: bearer-jwt-hs256 needs a user',
  ],
  [
    { authentication: { kind: 'basic', keySetting: 'KEYS' }, endpoint: { user: 'u-${unique}' } },
    'endpoints.ask.user: "u-${unique}": the users are those in KEYS',
  ],
  [{ client: 'key' }, 'client: "key" needs an authentication of kind bearer or api-key'],
  [
    { client: 'user', authentication: bearer, endpoint: { authenticated: true } },
    'client: "user" needs an authentication with users',
  ],
  [
    { client: 'user', authentication: jwt, endpoint: { user: 'u-${unique}' } },
    'endpoints.ask.user: "u-${unique}" must be a different user for each client',
  ],
  [
    { client: 'user', authentication: jwt, endpoint: { user: 'ada' } },
    'endpoints.ask.user: "ada" must be a different user for each client',
  ],
  [
    {
      client: 'key',
      authentication: bearer,
      endpoints: {
        ask: { method: 'GET', path: '/', served: [200], authenticated: true },
        health: { method: 'GET', path: '/', served: [200] },
      },
      limits: { health: { max: 1, windowSeconds: 1 } },
    },
    'profiles.fast.limits.health: the client is known by its key, but requests to "health" carry no credentials',
  ],
  [
    { authentication: { kind: 'bearer-jwt-es256' }, endpoint: { user: 'u' } },
    'authentication.kind: no setting gives the service the address of the keys: ${jwks}',
  ],
  [
    {
      authentication: { kind: 'bearer-jwt-rs256' },
      endpoint: { user: 'u' },
      start: { running: { url: 'http://127.0.0.1:1' }, readyPath: '/', readySeconds: 1 },
    },
    'authentication.kind: a running service does not know the keys of the lab',
  ],
  [
    { authentication: { kind: 'login', endpoint: 'ask', cookie: 'sid' }, endpoint: { user: 'u' } },
    `endpoints.ask: "ask" can't require credentials, because it issues them`,
  ],
  [
    { authentication: jwt, endpoint: { user: 'u', onlyOwn: true } },
    'endpoints.ask.onlyOwn: the request must name its user with ${user}',
  ],
  [
    { authentication: bearer, endpoint: { authenticated: true, onlyOwn: true, path: '/${user}' } },
    'endpoints.ask.onlyOwn: needs an authentication with users',
  ],
])('%j is refused', async (parts, problem) => {
  expect(await problems(parts)).toEqual([expect.stringContaining(problem)]);
});

test('a client is written as one of the shapes; the old spelling is refused with the new one', async () => {
  expect(await problems({ client: 'last-forwarded' })).toEqual([
    expect.stringContaining('is now written { forwarded: { hop: 1 } }'),
  ]);
  expect(await problems({ client: 'ip' })).toEqual([
    expect.stringContaining('allowed: socket, key, user, { forwarded:'),
  ]);
  expect(await problems({ client: { forwarded: {} } })).toEqual([]);
  expect(await problems({ client: { header: 'X-Tenant' } })).toEqual([]);
});
