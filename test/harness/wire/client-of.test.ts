import { expect, test } from 'vitest';
import { type Asked, clientOf } from '../../../harness/wire/client-of.ts';

type Known = Parameters<typeof clientOf>[0];

const asked = (headers: Record<string, string>, url = '/'): Asked => ({
  headers,
  url,
  socket: { remoteAddress: '127.0.0.7' },
});

const jwt = (claims: object) => `Bearer e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

const authenticated = (client: 'key' | 'user', authentication: object) =>
  ({ client, authentication: { keySetting: 'KEYS', ...authentication } }) as unknown as Known;

/** How a service tells callers apart, and two requests of the same caller. */
const SAME: Record<string, [known: Known, one: Asked, other: Asked]> = {
  'that claims another address': [
    { client: { forwarded: { header: 'X-Forwarded-For', hop: 1 } } },
    asked({ 'x-forwarded-for': '10.1.0.1' }),
    asked({ 'x-forwarded-for': '203.0.113.9, 10.1.0.1' }),
  ],
  'behind two proxies that claims another address': [
    { client: { forwarded: { header: 'Forwarded', hop: 2 } } },
    asked({ forwarded: 'for=10.1.0.1, for=10.0.0.1' }),
    asked({ forwarded: 'for=203.0.113.9, for=10.1.0.1, for=10.0.0.1' }),
  ],
  'with a newer token': [
    authenticated('user', { kind: 'bearer-jwt-hs256' }),
    asked({ authorization: jwt({ sub: 'a', iat: 1 }) }),
    asked({ authorization: jwt({ sub: 'a', iat: 2 }) }),
  ],
  'with an idempotency key': [
    authenticated('key', { kind: 'bearer' }),
    asked({ authorization: 'Bearer a', 'idempotency-key': '1' }),
    asked({ authorization: 'Bearer a', 'idempotency-key': '2' }),
  ],
};

test.for(Object.entries(SAME))('a caller %s is the same one', ([, [known, one, other]]) => {
  expect(clientOf(known, one)).not.toBe('');
  expect(clientOf(known, other)).toBe(clientOf(known, one));
});

/** How a service tells callers apart, and requests of two callers. */
const OTHERS: Record<string, [known: Known, one: Asked, other: Asked]> = {
  'by their addresses': [{ client: 'socket' }, asked({}), { ...asked({}), socket: { remoteAddress: '127.0.0.8' } }],
  'by a header': [{ client: { header: 'X-Tenant' } }, asked({ 'x-tenant': 'a' }), asked({ 'x-tenant': 'b' })],
  'by a key in the query': [
    authenticated('key', { kind: 'api-key', query: 'key' }),
    asked({}, '/items?key=a'),
    asked({}, '/items?key=b'),
  ],
  'by a key in a header': [
    authenticated('key', { kind: 'api-key', header: 'X-Own' }),
    asked({ 'x-own': 'a' }),
    asked({ 'x-own': 'b' }),
  ],
  'by the users of their tokens': [
    authenticated('user', { kind: 'bearer-jwt-es256' }),
    asked({ authorization: jwt({ sub: 'a' }) }),
    asked({ authorization: jwt({ sub: 'b' }) }),
  ],
  'by tokens that are none': [
    authenticated('user', { kind: 'bearer-jwt-es256' }),
    asked({ authorization: 'Bearer a' }),
    asked({ authorization: 'Bearer b' }),
  ],
  'by their sessions': [
    authenticated('user', { kind: 'login', cookie: 'session' }),
    asked({ cookie: 'session=a' }),
    asked({ cookie: 'session=b' }),
  ],
};

test.for(Object.entries(OTHERS))('callers are told apart %s', ([, [known, one, other]]) => {
  expect(clientOf(known, other)).not.toBe(clientOf(known, one));
});
