import { expect, test } from 'vitest';
import { clientHeaders } from '../../../harness/callers/client-headers.ts';

test.each([
  ['socket', 'socket' as const, {}],
  ['key', 'key' as const, {}],
  ['a header', { header: 'X-Tenant' }, { 'X-Tenant': 'c1' }],
  ['the last entry', { forwarded: { header: 'X-Forwarded-For', hop: 1 } }, { 'X-Forwarded-For': 'c1' }],
  [
    'the third from the end',
    { forwarded: { header: 'X-Forwarded-For', hop: 3 } },
    { 'X-Forwarded-For': 'c1, 10.0.0.1, 10.0.0.2' },
  ],
  ['Forwarded', { forwarded: { header: 'Forwarded', hop: 2 } }, { Forwarded: 'for=c1, for=10.0.0.1' }],
])('a client that is known by %s', (_, client, headers) => {
  expect(clientHeaders(client, 'c1')).toEqual(headers);
});
