import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { startTimeLimit } from '../../../service/base/time-limit.ts';
import { createJsonClient } from '../../../service/upstreams/json-client.ts';
import { REAL_TIME } from '../../support/real-time.ts';
import { createBreaker } from '../support/breaker.ts';
import { requestBudget } from '../support/budget.ts';
import { clientOptions } from '../support/upstream-client.ts';

/** Stops this thread. */
const block = (milliseconds: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

/** Stops the event loop in the phase after which timers fire before sockets are read, once requests have been sent. */
const blockLater = (milliseconds: number) => setTimeout(() => setImmediate(() => block(milliseconds)), 50);

/** Starts an upstream in another thread, which continues while this one is blocked. Answers after 100 ms, or never. */
async function startElsewhere() {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
     const server = require('node:http').createServer(({ url }, response) => {
       if (url !== '/hang') setTimeout(() => response.end('{"answer":"' + 'x'.repeat(100_000) + '"}'), 100);
     });
     server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
    { eval: true },
  );
  const [port] = await once(worker, 'message');
  const connections = clientOptions(`http://127.0.0.1:${port}`, { timeoutMs: 200 });
  const client = createJsonClient(connections.options);
  return {
    post: (path: string) => client(path, {}, z.object({ answer: z.string() }), requestBudget()),
    async [Symbol.asyncDispose]() {
      await connections[Symbol.asyncDispose]();
      await worker.terminate();
    },
  };
}

test('an answer that arrived while the event loop was blocked is no timeout', REAL_TIME, async () => {
  await using upstream = await startElsewhere();
  const { breaker } = createBreaker({ failureThreshold: 1, callTimeoutMs: 250 });
  const call = breaker.call(() => upstream.post('/'));
  blockLater(700);
  expect((await call).answer).toHaveLength(100_000);
  expect(breaker.state).toBe('closed');
});

test('an upstream that does not answer times out, also after a blocked event loop', REAL_TIME, async () => {
  await using upstream = await startElsewhere();
  const began = performance.now();
  const call = upstream.post('/hang');
  blockLater(700);
  await expect(call).rejects.toMatchObject({ countsAsFailure: true, message: expect.stringContaining('200 ms') });
  expect(performance.now() - began).toBeGreaterThan(700);
});

test('a limit expires once, unless it is cancelled', REAL_TIME, async () => {
  const expired: string[] = [];
  startTimeLimit(20, () => expired.push('first'));
  const cancel = startTimeLimit(20, () => expired.push('cancelled'));
  cancel();
  const late = startTimeLimit(1, () => expired.push('cancelled while it looks once more'));
  block(100);
  await new Promise((resolve) => setTimeout(resolve, 50));
  late();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(expired).toEqual(['first']);
});
