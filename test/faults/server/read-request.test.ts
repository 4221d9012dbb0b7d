import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { toRequest } from '../../../faults/server/read-request.ts';

const incoming = { method: 'POST', url: '/v1?a=b', headers: { 'set-cookie': ['a', 'b'], 'accept-encoding': 'gzip' } };
const requestOf = (body: string, isCompressible = true) =>
  toRequest(incoming as unknown as IncomingMessage, {
    body: Buffer.from(body),
    clientGone: new AbortController().signal,
    isCompressible,
    number: 37,
    note: () => undefined,
  });

test('a request has the headers of the message', () => {
  const { headers } = requestOf('');
  expect([...headers]).toEqual([
    ['accept-encoding', 'gzip'],
    ['set-cookie', 'a, b'],
  ]);
  expect([headers.get('Accept-Encoding'), headers.get('host')]).toEqual(['gzip', null]);
});

test("a request whose response must not be compressed doesn't ask for compression", () => {
  expect([...requestOf('', false).headers]).toEqual([['set-cookie', 'a, b']]);
});

test('the body can be read as a stream, as bytes and as JSON', async () => {
  const request = requestOf('{"a":1}');
  expect(await new Response(request.body).text()).toBe('{"a":1}');
  expect(Buffer.from(await request.arrayBuffer()).toString()).toBe('{"a":1}');
  expect(await request.json()).toEqual({ a: 1 });
  expect(requestOf('').body).toBeNull();
});
