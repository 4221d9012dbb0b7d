import { expect, test } from 'vitest';
import { endpointsServed } from '../../../../harness/checkers/load/endpoints-served.ts';
import { whyRefused } from '../../../../harness/checkers/load/why-refused.ts';
import { authentication } from '../../../../harness/contract/schema/authentication.ts';
import { endpoint } from '../../../../harness/contract/schema/endpoint.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, request } from '../../../support/history.ts';

/** Returns the cause that is reported for a status from an endpoint, by default 401. */
function cause(entry: object | undefined, parts: object = { authenticated: true }, status = 401) {
  const ask = endpoint.parse({ method: 'GET', path: '/', served: [200], ...parts });
  const described = entry && authentication.parse({ keySetting: 'KEYS', ...entry });
  return whyRefused({ authentication: described, endpoints: { ask } }, 'ask', [status]);
}

test.each([
  [undefined, 'requests carry no credentials; add "authentication: …", or a header to endpoints.ask.headers'],
  [{ kind: 'bearer' }, 'the token in KEYS was refused; does the service read its tokens from that setting?'],
  [{ kind: 'basic' }, 'the user and password in KEYS were refused'],
  [{ kind: 'api-key', header: 'X-Key' }, 'read its keys from that setting, and the header X-Key?'],
  [{ kind: 'api-key', query: 'key' }, 'and the parameter key?'],
  [{ kind: 'bearer-jwt-hs256' }, 'a JWT signed with the key in KEYS was refused'],
  [{ kind: 'login', endpoint: 'in', cookie: 'sid' }, 'does "in" hand out the cookie sid?'],
  [{ kind: 'login', endpoint: 'in', token: 'a.b' }, 'does "in" hand out the token a.b?'],
])('the likely cause of 401 with %j', (entry, why) => {
  expect(cause(entry)).toMatch(/^401: /);
  expect(cause(entry)).toContain(why);
});

test('tokens of the lab may have another issuer or audience', () => {
  const ask = endpoint.parse({ method: 'GET', path: '/', user: 'ada', served: [200] });
  const described = authentication.parse({ kind: 'bearer-jwt-es256' });
  expect(whyRefused({ authentication: described, endpoints: { ask } }, 'ask', [401])).toContain('${jwks}');
});

test('an endpoint without credentials is named', () => {
  expect(cause({ kind: 'bearer' }, {})).toBe(
    '401: requests to "ask" carry no credentials; add "authenticated: true" to endpoints.ask',
  );
});

test('403 may be about the user; other statuses are not about credentials', () => {
  expect(cause({ kind: 'bearer' }, undefined, 403)).toMatch(/^403: .*, and may the user call "ask"\?$/);
  expect(cause({ kind: 'bearer' }, undefined, 500)).toBeUndefined();
});

test('the check says it', () => {
  const { contract, ...rest } = facts();
  const refused = new History([
    begun(1, { action: 'endpoint', endpoint: 'conversation-end' }, 0, 0),
    request(0, 1, 401, { phase: '1' }),
  ]);
  const found = endpointsServed
    .judge(refused, { contract, ...rest })
    .find(({ check }) => check.includes('conversation-end'));
  expect(found).toMatchObject({ verdict: 'FAIL', evidence: [expect.stringContaining('the key in SECRET_KEY')] });
});
