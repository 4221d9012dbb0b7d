import { expect, test } from 'vitest';
import { clientOf, type RequestHead } from '../../../harness/wire/client-of.ts';

type Known = Parameters<typeof clientOf>[0];

const requestOf = (headers: Record<string, string>, url = '/'): RequestHead => ({
  headers,
  url,
  socket: { remoteAddress: '127.0.0.7' },
});

const jwt = (claims: object) => `Bearer e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

const authenticated = (client: 'key' | 'user', authentication: object) =>
  ({ client, authentication: { keySetting: 'KEYS', ...authentication } }) as unknown as Known;

/** How a service tells callers apart, and two requests of the same caller. */
const SAME: Record<string, [known: Known, one: RequestHead, other: RequestHead]> = {
  'that claims another address': [
    { client: { forwarded: { header: 'X-Forwarded-For', hop: 1 } } },
    requestOf({ 'x-forwarded-for': '10.1.0.1' }),
    requestOf({ 'x-forwarded-for': '203.0.113.9, 10.1.0.1' }),
  ],
  'behind two proxies that claims another address': [
    { client: { forwarded: { header: 'Forwarded', hop: 2 } } },
    requestOf({ forwarded: 'for=10.1.0.1, for=10.0.0.1' }),
    requestOf({ forwarded: 'for=203.0.113.9, for=10.1.0.1, for=10.0.0.1' }),
  ],
  'with a newer token': [
    authenticated('user', { kind: 'bearer-jwt-hs256' }),
    requestOf({ authorization: jwt({ sub: 'a', iat: 1 }) }),
    requestOf({ authorization: jwt({ sub: 'a', iat: 2 }) }),
  ],
  'with an idempotency key': [
    authenticated('key', { kind: 'bearer' }),
    requestOf({ authorization: 'Bearer a', 'idempotency-key': '1' }),
    requestOf({ authorization: 'Bearer a', 'idempotency-key': '2' }),
  ],
};

test.for(Object.entries(SAME))('a caller %s is the same one', ([, [known, first, second]]) => {
  expect(clientOf(known, first)).not.toBe('');
  expect(clientOf(known, second)).toBe(clientOf(known, first));
});

/** How a service tells callers apart, and requests of two callers. */
const OTHERS: Record<string, [known: Known, one: RequestHead, other: RequestHead]> = {
  'by their addresses': [
    { client: 'socket' },
    requestOf({}),
    { ...requestOf({}), socket: { remoteAddress: '127.0.0.8' } },
  ],
  'by a header': [{ client: { header: 'X-Tenant' } }, requestOf({ 'x-tenant': 'a' }), requestOf({ 'x-tenant': 'b' })],
  'by a key in the query': [
    authenticated('key', { kind: 'api-key', query: 'key' }),
    requestOf({}, '/items?key=a'),
    requestOf({}, '/items?key=b'),
  ],
  'by a key in a header': [
    authenticated('key', { kind: 'api-key', header: 'X-Own' }),
    requestOf({ 'x-own': 'a' }),
    requestOf({ 'x-own': 'b' }),
  ],
  'by the users of their tokens': [
    authenticated('user', { kind: 'bearer-jwt-es256' }),
    requestOf({ authorization: jwt({ sub: 'a' }) }),
    requestOf({ authorization: jwt({ sub: 'b' }) }),
  ],
  'by tokens that are none': [
    authenticated('user', { kind: 'bearer-jwt-es256' }),
    requestOf({ authorization: 'Bearer a' }),
    requestOf({ authorization: 'Bearer b' }),
  ],
  'by their sessions': [
    authenticated('user', { kind: 'login', cookie: 'session' }),
    requestOf({ cookie: 'session=a' }),
    requestOf({ cookie: 'session=b' }),
  ],
};

test.for(Object.entries(OTHERS))('callers are told apart %s', ([, [known, first, second]]) => {
  expect(clientOf(known, second)).not.toBe(clientOf(known, first));
});
