import { expect, test } from 'vitest';
import { loadScenario } from '../../../harness/run/scenario.ts';
import { interview } from './interview.ts';

const KEYS = { keySetting: 'API_KEYS' };

test.each([
  [{ authentication: 'bearer' }, { kind: 'bearer', ...KEYS }, { API_KEYS: '${keys}' }],
  [{ authentication: 'api-key' }, { kind: 'api-key', header: 'X-Api-Key', ...KEYS }, { API_KEYS: '${keys}' }],
  [
    { authentication: 'api-key', keyPlace: '?key' },
    { kind: 'api-key', query: 'key', ...KEYS },
    { API_KEYS: '${keys}' },
  ],
  [{ authentication: 'basic' }, { kind: 'basic', ...KEYS }, { API_KEYS: '${users}' }],
  [
    { authentication: 'basic', onlyUser: 'admin' },
    { kind: 'basic', user: 'admin', ...KEYS },
    { API_KEYS: '${secret}' },
  ],
  [{ authentication: 'bearer-jwt-hs256' }, { kind: 'bearer-jwt-hs256', ...KEYS }, { API_KEYS: '${secret}' }],
  [
    { authentication: 'bearer-jwt-es256', audience: 'shop' },
    { kind: 'bearer-jwt-es256', audience: 'shop' },
    { JWKS_URL: '${jwks}' },
  ],
  [
    { authentication: 'bearer-jwt-rs256', issuer: 'https://login.shop.example', audience: 'shop' },
    { kind: 'bearer-jwt-rs256', issuer: 'https://login.shop.example', audience: 'shop' },
    { JWKS_URL: '${jwks}' },
  ],
  [{ authentication: 'bearer-jwt-rs256', keySetting: 'none' }, { kind: 'bearer-jwt-rs256' }, { ISSUER: '${issuer}' }],
  [
    { authentication: 'login', ...KEYS },
    { kind: 'login', endpoint: 'login', cookie: 'session', ...KEYS },
    { API_KEYS: '${users}' },
  ],
  [
    { authentication: 'login', session: 'token a.b', logInServed: '201' },
    { kind: 'login', endpoint: 'login', token: 'a.b' },
    {},
  ],
])('callers that authenticate as %j', async (own, authentication, environment) => {
  const { contract } = await interview({ ...own, databaseSetting: 'none' });
  expect(contract).toMatchObject({ authentication, environment });
  expect(await loadScenario('stress/smoke', contract, 'fast')).toMatchObject({
    proof: { holds: expect.arrayContaining(['endpoints-ask-for-proof']) },
  });
});

test('a service that gets the issuer from the lab has no fixed one', async () => {
  const own = { authentication: 'bearer-jwt-rs256', issuerSetting: 'ISSUER', databaseSetting: 'none' };
  const { contract, questions } = await interview(own);
  expect(contract.environment).toMatchObject({ JWKS_URL: '${jwks}', ISSUER: '${issuer}' });
  expect(contract.authentication).not.toHaveProperty('issuer');
  expect(questions).not.toContain('issuer');
});

test('a login sends a form, or the JSON body that the service expects', async () => {
  const form = await interview({ authentication: 'login' });
  expect(form.contract.endpoints.login).toMatchObject({
    path: '/login',
    form: { username: '${user}', password: '${password}' },
    served: [303],
  });
  const logInBody = '{"mail": "${user}", "code": "${password}"}';
  const { contract } = await interview({ authentication: 'login', logInBody, session: 'token jwt' });
  expect(contract.endpoints.login).toMatchObject({ body: JSON.parse(logInBody), served: [200] });
});

test('a running service does not know the public keys of the lab', async () => {
  const own = { command: 'http://127.0.0.1:8000', authentication: 'bearer-jwt-rs256' };
  await expect(interview(own)).rejects.toThrow(/none, or one of bearer, .*login$/);
});
