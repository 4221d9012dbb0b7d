import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createJsonClient } from '../../../service/upstreams/json-client.ts';
import { createUpstreamAgent } from '../../../service/upstreams/tls.ts';
import { json, startUpstream } from '../support/upstream-server.ts';

const schema = z.object({ answer: z.string() });

async function post(baseUrl: string, timeoutMs = 5000) {
  const agent = createUpstreamAgent({ verify: true });
  const client = createJsonClient({
    upstream: 'llm',
    baseUrl,
    authorization: 'Bearer key',
    timeoutMs,
    dispatcher: agent,
  });
  try {
    return await client('/path', { question: 1 }, schema);
  } finally {
    await agent.destroy();
  }
}

/** Posts to an upstream that answers so; the error, and how many requests the upstream saw. */
async function failure(answer: (response: ServerResponse) => void, timeoutMs?: number) {
  await using upstream = await startUpstream(answer);
  const error = await post(upstream.url, timeoutMs).catch((thrown: unknown) => thrown);
  expect(upstream.seen).toHaveLength(1);
  return error;
}

test('posts JSON with the authorization, and reads the answer', async () => {
  await using upstream = await startUpstream(json(200, { answer: 'yes', more: 1 }));
  expect(await post(upstream.url)).toEqual({ answer: 'yes' });
  expect(upstream.seen).toEqual([{ path: '/path', authorization: 'Bearer key', body: { question: 1 } }]);
});

test.each([302, 408, 429, 500, 502, 503, 529])('an answer of %i counts as a failure', async (status) => {
  expect(await failure(json(status, { answer: 'yes' }))).toMatchObject({
    code: 'llm_unavailable',
    countsAsFailure: true,
    message: `The LLM API gave no usable answer: it answered ${status}.`,
  });
});

test.each([400, 401, 403, 404, 413, 422, 498])('an answer of %i does not count', async (status) => {
  expect(await failure(json(status, {}))).toMatchObject({ code: 'llm_unavailable', countsAsFailure: false });
});

test.each<[string, (response: ServerResponse) => void]>([
  ['text that is not JSON', (response) => response.end('<html>bad gateway</html>')],
  ['JSON that ends early', (response) => response.end('{"answer":"ye')],
  ['an empty body', (response) => response.end()],
  ['a missing field', json(200, { other: 1 })],
  ['a field of another type', json(200, { answer: 1 })],
  ['null', json(200, null)],
  [
    'a body shorter than announced',
    (response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"answer":"yes"}');
      setImmediate(() => response.socket?.end());
    },
  ],
  [
    'a chunked body that is cut',
    (response) => {
      response.write('{"answer":"yes"}');
      setImmediate(() => response.socket?.destroy());
    },
  ],
  ['a reset instead of an answer', (response) => response.socket?.resetAndDestroy()],
  ['a close instead of an answer', (response) => response.socket?.destroy()],
  ['an answer of two megabytes', json(200, { answer: 'x'.repeat(2_000_000) })],
])('%s counts as a failure, after one request', async (_what, answer) => {
  expect(await failure(answer)).toMatchObject({ code: 'llm_unavailable', countsAsFailure: true });
});

test.each<[string, (response: ServerResponse) => void]>([
  ['no answer', () => {}],
  ['headers and no body', (response) => response.flushHeaders()],
  ['half a body', (response) => response.write('{"ans')],
])('%s within the timeout counts as a failure', async (_what, answer) => {
  expect(await failure(answer, 100)).toMatchObject({
    countsAsFailure: true,
    message: 'The LLM API gave no usable answer: no answer within 100 ms.',
  });
});

test('an upstream that is not there counts as a failure', async () => {
  const upstream = await startUpstream(json(200, {}));
  await upstream[Symbol.asyncDispose]();
  await expect(post(upstream.url)).rejects.toMatchObject({
    countsAsFailure: true,
    message: expect.stringContaining('ECONNREFUSED'),
  });
});

test('a POST that meets a connection closed under it is not sent again', async () => {
  await using upstream = await startUpstream((response) => {
    if (upstream.seen.length === 1) json(200, { answer: 'yes' })(response);
    else response.socket?.destroy();
  });
  const agent = createUpstreamAgent({ verify: true });
  const options = { upstream: 'llm', authorization: 'key', timeoutMs: 5000, dispatcher: agent } as const;
  const client = createJsonClient({ ...options, baseUrl: upstream.url });
  await client('/path', {}, schema);
  await expect(client('/path', {}, schema)).rejects.toMatchObject({ countsAsFailure: true });
  expect(upstream.seen).toHaveLength(2);
  await agent.destroy();
});

test('a connection that the upstream closed while idle does not fail the next call', async () => {
  const sockets: ServerResponse['socket'][] = [];
  await using upstream = await startUpstream((response) => {
    sockets.push(response.socket);
    json(200, { answer: 'yes' })(response);
  });
  const agent = createUpstreamAgent({ verify: true });
  const options = { upstream: 'llm', authorization: 'key', timeoutMs: 5000, dispatcher: agent } as const;
  const client = createJsonClient({ ...options, baseUrl: upstream.url });
  await client('/path', {}, schema);
  const closed = new Promise((resolve) => sockets[0]?.once('close', resolve));
  sockets[0]?.end();
  await closed;
  expect(await client('/path', {}, schema)).toEqual({ answer: 'yes' });
  expect(upstream.seen).toHaveLength(2);
  await agent.destroy();
});
