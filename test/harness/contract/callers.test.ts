import { expect, test } from 'vitest';
import { contradictoryCallers } from '../../../harness/contract/callers.ts';
import { contractSchema } from '../../../harness/contract/contract.ts';

/** Returns the problems with a contract that has these parts, as "path: message". */
function problems({ endpoint = {}, limits = {}, ...parts }: Record<string, unknown> & { endpoint?: object }): string[] {
  const contract = contractSchema.parse({
    name: 'notes',
    start: { command: ['serve'], readyPath: '/', readySeconds: 1 },
    environment: { KEYS: '${keys}' },
    endpoints: { notes: { method: 'GET', path: '/notes', served: [200], ...endpoint } },
    profiles: { fast: { limits } },
    ...parts,
  });
  return contradictoryCallers(contract).map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
}

const bearer = { kind: 'bearer', keySetting: 'KEYS' };
const jwt = { kind: 'bearer-jwt-hs256', keySetting: 'KEYS' };

test('a described caller has no problem', () => {
  expect(problems({ authentication: bearer, endpoint: { authenticated: true }, client: 'key' })).toEqual([]);
  expect(problems({ authentication: jwt, endpoint: { user: 'u-${client}' }, client: 'user' })).toEqual([]);
  expect(problems({ endpoint: { user: 'u-${unique}' } })).toEqual([]);
});

test.each([
  [{ endpoint: { authenticated: true } }, 'endpoints.notes.authenticated: the contract does not say how'],
  [{ authentication: bearer }, 'authentication: no endpoint requires credentials'],
  [
    { authentication: jwt, endpoint: { authenticated: true } },
    'endpoints.notes.authenticated: bearer-jwt-hs256 needs a user',
  ],
  [
    { authentication: { kind: 'basic', keySetting: 'KEYS' }, endpoint: { user: 'u-${unique}' } },
    'endpoints.notes.user: "u-${unique}": the users are those in KEYS',
  ],
  [{ client: 'key' }, 'client: "key" needs an authentication of kind bearer or api-key'],
  [
    { client: 'user', authentication: bearer, endpoint: { authenticated: true } },
    'client: "user" needs an authentication with users',
  ],
  [
    { client: 'user', authentication: jwt, endpoint: { user: 'u-${unique}' } },
    'endpoints.notes.user: "u-${unique}" has to be another user for each client',
  ],
  [
    { client: 'user', authentication: jwt, endpoint: { user: 'ada' } },
    'endpoints.notes.user: "ada" has to be another user for each client',
  ],
  [
    {
      client: 'key',
      authentication: bearer,
      endpoints: {
        notes: { method: 'GET', path: '/', served: [200], authenticated: true },
        health: { method: 'GET', path: '/', served: [200] },
      },
      limits: { health: { max: 1, windowSeconds: 1 } },
    },
    'profiles.fast.limits.health: the client is known by its key, but requests to "health" carry no credentials',
  ],
  [
    { authentication: { kind: 'bearer-jwt-es256' }, endpoint: { user: 'u' } },
    'authentication.kind: no setting tells the service where the keys are: ${jwks}',
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
    { authentication: { kind: 'login', endpoint: 'notes', cookie: 'sid' }, endpoint: { user: 'u' } },
    `endpoints.notes: "notes" can't need credentials, since it hands them out`,
  ],
  [
    { authentication: jwt, endpoint: { user: 'u', onlyOwn: true } },
    'endpoints.notes.onlyOwn: the request has to name its user, by ${user}',
  ],
  [
    { authentication: bearer, endpoint: { authenticated: true, onlyOwn: true, path: '/${user}' } },
    'endpoints.notes.onlyOwn: needs an authentication with users',
  ],
])('%j is refused', (parts, problem) => {
  expect(problems(parts)).toEqual([expect.stringContaining(problem)]);
});

test('a client is written as one of the shapes; the old spelling is refused with the new one', () => {
  expect(() => problems({ client: 'last-forwarded' })).toThrow('is now written { forwarded: { hop: 1 } }');
  expect(() => problems({ client: 'ip' })).toThrow('allowed: socket, key, user, { forwarded:');
  expect(problems({ client: { forwarded: {} } })).toEqual([]);
  expect(problems({ client: { header: 'X-Tenant' } })).toEqual([]);
});
