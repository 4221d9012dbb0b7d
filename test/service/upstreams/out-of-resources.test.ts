import { Agent } from 'undici';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createJsonClient } from '../../../service/upstreams/json-client.ts';
import { isOutOfResources } from '../../../service/upstreams/out-of-resources.ts';
import { createBreaker, failTimes } from '../support/breaker.ts';
import { requestBudget } from '../support/budget.ts';
import { clientOptions } from '../support/upstream-client.ts';
import { json, startUpstream } from '../support/upstream-server.ts';

const coded = (code: string, cause?: unknown) => Object.assign(new Error(code, { cause }), { code });

test.each('EMFILE ENFILE EADDRNOTAVAIL ENOMEM ENOBUFS EAGAIN'.split(' '))('%s is a local error', (code) => {
  expect(isOutOfResources(coded(code))).toBe(true);
  expect(isOutOfResources(coded('UND_ERR_SOCKET', coded(code)))).toBe(true);
  expect(isOutOfResources(new AggregateError([coded(code), coded(code)]))).toBe(true);
  // One of the host's addresses is unreachable from here, and the other one refuses connections.
  expect(isOutOfResources(new AggregateError([coded(code), coded('ECONNREFUSED')]))).toBe(false);
});

test.each('ECONNREFUSED ECONNRESET ETIMEDOUT ENOTFOUND EHOSTUNREACH EAI_AGAIN'.split(' '))(
  '%s is not a local error',
  (code) => {
    expect(isOutOfResources(coded(code))).toBe(false);
  },
);

/** Creates a client whose connections fail with the given code, if any. */
function client(url: string, failing: { code?: string }) {
  const dispatcher = new Agent({
    connect: (_options, done) => {
      if (failing.code !== undefined) done(coded(failing.code), null);
      else done(coded('ECONNREFUSED'), null);
    },
  });
  return createJsonClient(clientOptions(url, { dispatcher }).options);
}

test("a call without a free descriptor gets 503, doesn't count, and leaves the trial to the next call", async () => {
  await using upstream = await startUpstream(json(200, {}));
  const failing: { code?: string } = { code: 'EMFILE' };
  const post = client(upstream.url, failing);
  const { breaker } = createBreaker({ recoveryTimeoutMs: 50 });
  const call = () => breaker.call(() => post('/', {}, z.unknown(), requestBudget()));
  for (let n = 0; n < 20; n += 1) {
    await expect(call()).rejects.toMatchObject({ code: 'out_of_resources', status: 503, retryAfterSeconds: 1 });
  }
  expect(breaker.state).toBe('closed');
  await failTimes(breaker, 5);
  await expect.poll(() => breaker.state).toBe('half_open');
  for (let n = 0; n < 3; n += 1) await expect(call()).rejects.toMatchObject({ code: 'out_of_resources' });
  expect(breaker.state).toBe('half_open');
  expect(await breaker.call(async () => 'served')).toBe('served');
  expect(breaker.state).toBe('closed');
  breaker.close();
});
