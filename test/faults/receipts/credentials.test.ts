import { expect, test } from 'vitest';
import { credentialsIn } from '../../../faults/receipts/credentials.ts';

test.each([
  ['Bearer abc', 'authorization: bearer'],
  ['TOKEN m0-abc', 'authorization: token'],
  ['Basic YTpi', 'authorization: basic'],
  // The first word may be the credential.
  ['sk-abc', 'authorization'],
  ['sk-abc more', 'authorization'],
  ['Bearer', 'authorization'],
  ['', 'authorization'],
])('Authorization with %j is told as %s', (authorization, expected) => {
  expect(credentialsIn({ authorization })).toEqual([expected]);
});

test.each([
  'x-api-key',
  'api-key',
  'apikey',
  'x-goog-api-key',
  'x-rapidapi-key',
  'x-auth-token',
  'cookie',
  'x-client-secret',
])('%s is a credential, and only its name is told', (name) => {
  expect(credentialsIn({ [name]: 'Bearer abc' })).toEqual([name]);
});

test.each(['content-type', 'x-request-id', 'idempotency-key', 'x-max-tokens', 'author', 'keep-alive'])(
  '%s is no credential',
  (name) => {
    expect(credentialsIn({ [name]: 'abc' })).toEqual([]);
  },
);

test('several credentials are sorted', () => {
  const headers = { 'x-api-key': 'a', 'proxy-authorization': 'Basic YTpi', authorization: 'Bearer abc' };
  expect(credentialsIn(headers)).toEqual(['authorization: bearer', 'proxy-authorization: basic', 'x-api-key']);
});
