import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { toRequest } from '../../../faults/server/read-request.ts';

const incoming = { method: 'POST', url: '/v1?a=b', headers: { 'set-cookie': ['a', 'b'], accept: 'text/plain' } };
const requestOf = (body: string) =>
  toRequest(incoming as unknown as IncomingMessage, Buffer.from(body), new AbortController().signal);

test('a request has the headers of the message', () => {
  const { headers } = requestOf('');
  expect([...headers]).toEqual([
    ['accept', 'text/plain'],
    ['set-cookie', 'a, b'],
  ]);
  expect([headers.get('Accept'), headers.get('host')]).toEqual(['text/plain', null]);
});

test('the body can be read as a stream, as bytes and as JSON', async () => {
  const request = requestOf('{"a":1}');
  expect(await new Response(request.body).text()).toBe('{"a":1}');
  expect(Buffer.from(await request.arrayBuffer()).toString()).toBe('{"a":1}');
  expect(await request.json()).toEqual({ a: 1 });
  expect(requestOf('').body).toBeNull();
});
