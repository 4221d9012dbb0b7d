import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createBulkhead } from '../../../service/upstreams/bulkhead.ts';
import { createJsonClient, type JsonClientOptions } from '../../../service/upstreams/json-client.ts';
import { REAL_TIME } from '../../support/real-time.ts';
import { leave } from '../../support/refusing-port.ts';
import { requestBudget } from '../support/budget.ts';
import { clientOptions } from '../support/upstream-client.ts';
import { json, startUpstream } from '../support/upstream-server.ts';

const schema = z.object({ answer: z.string() });

async function post(baseUrl: string, overrides: Partial<JsonClientOptions> = {}, budget = requestBudget()) {
  await using client = clientOptions(baseUrl, overrides);
  return await createJsonClient(client.options)('/path', { question: 1 }, schema, budget);
}

/**
 * Sends a request to an upstream with the given response. Returns the error, after checking that the upstream received
 * exactly one request.
 */
async function failure(answer: (response: ServerResponse) => void, overrides?: Partial<JsonClientOptions>) {
  await using upstream = await startUpstream(answer);
  const error = await post(upstream.url, overrides).catch((thrown: unknown) => thrown);
  expect(upstream.seen).toHaveLength(1);
  return error;
}

test('posts JSON with the authorization, and parses the response', async () => {
  await using upstream = await startUpstream(json(200, { answer: 'yes', more: 1 }));
  expect(await post(upstream.url)).toEqual({ answer: 'yes' });
  expect(upstream.seen).toEqual([{ path: '/path', authorization: 'Bearer key', body: { question: 1 } }]);
});

test.each([302, 408, 429, 500, 502, 503, 529])('a %i response counts as a failure', async (status) => {
  expect(await failure(json(status, { answer: 'yes' }))).toMatchObject({
    code: 'llm_unavailable',
    countsAsFailure: true,
    message: `The LLM API returned no usable response: it answered ${status}.`,
  });
});

test.each([400, 401, 403, 404, 413, 422, 498])("a %i response doesn't count", async (status) => {
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
])('%s within the timeout counts as a failure', REAL_TIME, async (_what, answer) => {
  expect(await failure(answer, { timeoutMs: 100 })).toMatchObject({
    countsAsFailure: true,
    message: 'The LLM API returned no usable response: no answer within 100 ms.',
  });
});

test("a 429 doesn't count if the setting says so", async () => {
  const error = await failure(json(429, {}), { countTooManyRequests: false });
  expect(error).toMatchObject({ code: 'llm_unavailable', countsAsFailure: false });
});

test('a call times out when the budget of the request ends', REAL_TIME, async () => {
  await using upstream = await startUpstream(() => {});
  const call = post(upstream.url, { timeoutMs: 300 }, requestBudget(200));
  await expect(call).rejects.toMatchObject({
    countsAsFailure: true,
    message: expect.stringMatching(/no answer within (200|19\d) ms/),
  });
});

test('sends nothing if too little of the budget is left', async () => {
  await using upstream = await startUpstream(json(200, { answer: 'yes' }));
  const call = post(upstream.url, { timeoutMs: 5000 }, requestBudget(2000));
  await expect(call).rejects.toMatchObject({ code: 'budget_exhausted', status: 504 });
  expect(upstream.seen).toEqual([]);
});

test('sends nothing above the bulkhead limit, and reuses free places', async () => {
  const answer = Promise.withResolvers<void>();
  await using upstream = await startUpstream((response) => {
    void answer.promise.then(() => json(200, { answer: 'yes' })(response));
  });
  const bulkhead = createBulkhead('llm', 2);
  const under = [post(upstream.url, { bulkhead }), post(upstream.url, { bulkhead })];
  await expect(post(upstream.url, { bulkhead })).rejects.toMatchObject({
    code: 'llm_busy',
    status: 503,
    retryAfterSeconds: 1,
  });
  answer.resolve();
  await Promise.all(under);
  await post(upstream.url, { bulkhead });
  expect(upstream.seen).toHaveLength(3);
});

test('an unreachable upstream counts as a failure', async () => {
  const upstream = await startUpstream(json(200, {}));
  await leave(upstream);
  await expect(post(upstream.url)).rejects.toMatchObject({
    countsAsFailure: true,
    message: expect.stringContaining('ECONNREFUSED'),
  });
});

test("doesn't resend a POST if its connection is closed", async () => {
  await using upstream = await startUpstream((response) => {
    if (upstream.seen.length === 1) json(200, { answer: 'yes' })(response);
    else response.socket?.destroy();
  });
  await using connections = clientOptions(upstream.url);
  const client = createJsonClient(connections.options);
  await client('/path', {}, schema, requestBudget());
  await expect(client('/path', {}, schema, requestBudget())).rejects.toMatchObject({ countsAsFailure: true });
  expect(upstream.seen).toHaveLength(2);
});

test("an idle connection that the upstream closed doesn't fail the next call", async () => {
  const sockets: ServerResponse['socket'][] = [];
  await using upstream = await startUpstream((response) => {
    sockets.push(response.socket);
    json(200, { answer: 'yes' })(response);
  });
  await using connections = clientOptions(upstream.url);
  const client = createJsonClient(connections.options);
  await client('/path', {}, schema, requestBudget());
  const closed = new Promise((resolve) => sockets[0]?.once('close', resolve));
  sockets[0]?.end();
  await closed;
  expect(await client('/path', {}, schema, requestBudget())).toEqual({ answer: 'yes' });
  expect(upstream.seen).toHaveLength(2);
});
