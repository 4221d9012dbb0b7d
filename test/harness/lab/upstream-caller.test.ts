import { once } from 'node:events';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { expect, test } from 'vitest';
import { listen } from '../../../harness/base/listen.ts';
import type { HandshakeReceipt, Receipt, RequestReceipt } from '../../../harness/history/events.ts';
import { isPastTheService } from '../../../harness/history/past-the-service.ts';
import { UpstreamCaller } from '../../../harness/lab/upstream-caller.ts';
import { handshakeFailed, receipt, redirected } from '../../support/history.ts';

/** Returns the receipts with higher numbers, as the fakes do. */
const newOf = (receipts: readonly Receipt[], after: number) => ({
  receipts: receipts.filter(({ seq }) => seq > after),
  last: receipts.at(-1)?.seq ?? after,
});

test('a request is sent like the last one until the scenario is over, and receipts are read once', async () => {
  const receipts: RequestReceipt[] = [];
  const note = (method = '', path = '', trace?: string) =>
    receipts.push({
      kind: 'request',
      upstream: 'llm',
      method,
      path,
      trace,
      seq: 11 + receipts.length,
    } as RequestReceipt);
  const keys: (string | undefined)[] = [];
  let isDown = false;
  await using server = await listen(({ method, url, headers }, response) => {
    if (isDown) return response.destroy();
    keys.push(headers.authorization);
    note(method, url, String(headers.traceparent).split('-')[1]);
    response.end();
  });
  const calls: number[] = [];
  const upstreams = { llm: server.url, mail: 'tcp://127.0.0.1:25' };
  using caller = new UpstreamCaller(
    {
      upstreams,
      async receipts(after) {
        calls.push(after);
        return newOf(receipts, after);
      },
    },
    10,
  );
  note('POST', '/v1/chat');
  expect(await Promise.all([caller.call('llm'), caller.call('llm')])).toEqual([true, true]);
  const arrived = () => receipts.map(({ method, path }) => `${method} ${path}`);
  await expect.poll(arrived).toEqual(Array(3).fill('POST /v1/chat'));
  expect(receipts.map(isPastTheService)).toEqual([false, true, true]);
  expect([calls[0], calls.filter((after) => after === 10).length]).toEqual([10, 1]);
  expect([await caller.call('mail'), await caller.call('unknown')]).toEqual([false, false]);
  // Another path and headers are for this request only.
  expect(await caller.call('llm', { path: '/moved', headers: { authorization: 'Bearer x', traceparent: '' } })).toBe(
    true,
  );
  expect([arrived().at(-1), keys.at(-1)]).toEqual(['POST /moved', 'Bearer x']);
  expect(await caller.call('llm')).toBe(true);
  expect([arrived().at(-1), keys.at(-1)]).toEqual(['POST /v1/chat', undefined]);
  // The service's own request does not make up for one that does not arrive.
  isDown = true;
  const failed = caller.call('llm');
  note('POST', '/v1/chat');
  expect(await failed).toBe(false);
  caller[Symbol.dispose]();
  expect([await caller.call('llm'), arrived().length]).toEqual([false, 6]);
});

test('a redirect of an upstream is followed with credentials, if it leads to this machine', async () => {
  const receipts: Receipt[] = [];
  let location = '';
  const keys: (string | undefined)[] = [];
  await using server = await listen(({ url, headers }, response) => {
    const seq = 11 + receipts.length;
    if (url === '/elsewhere') {
      keys.push(headers.authorization);
      receipts.push(redirected(seq, 0, 'llm'));
      return response.end();
    }
    const trace = String(headers.traceparent).split('-')[1] as string;
    receipts.push({ ...receipt(seq, 0, 1, 'llm'), trace });
    response.writeHead(307, { location }).end();
  });
  const { port } = new URL(server.url);
  const upstreams = { llm: server.url, mail: 'tcp://127.0.0.1:25' };
  using caller = new UpstreamCaller({ upstreams, receipts: async (after) => newOf(receipts, after) }, 10);
  location = `http://localhost:${port}/elsewhere`;
  expect([await caller.callElsewhere('llm'), keys]).toEqual([true, ['Bearer proofload']]);
  location = `http://127.0.0.2:${port}/elsewhere`;
  expect(await caller.callElsewhere('llm')).toBe(false);
  for (const other of ['mail', 'unknown']) expect(await caller.callElsewhere(other)).toBe(false);
  expect(keys).toHaveLength(1);
});

test('a request in plain text arrives at the port of an upstream with TLS, and is sent to no other', async () => {
  const receipts: HandshakeReceipt[] = [];
  let error = 'ERR_SSL_HTTP_REQUEST';
  const server = createSocketServer((socket) =>
    socket.once('data', (text) => {
      calls.push(String(text).split('\r\n', 1)[0] ?? '');
      receipts.push(handshakeFailed(11 + receipts.length, 0, 'llm', error));
      socket.destroy();
    }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const calls: string[] = [];
  const { port } = server.address() as AddressInfo;
  const upstreams = { llm: `https://127.0.0.1:${port}`, plain: `http://127.0.0.1:${port}`, mail: 'tcp://127.0.0.1:25' };
  using caller = new UpstreamCaller({ upstreams, receipts: async (after) => newOf(receipts, after) }, 10);
  expect(await caller.callInPlainText('llm')).toBe(true);
  expect(calls).toEqual(['GET / HTTP/1.1']);
  for (const other of ['plain', 'mail', 'unknown']) expect(await caller.callInPlainText(other)).toBe(false);
  expect(calls).toHaveLength(1);
  // A refused certificate is not its request.
  error = 'ECONNRESET';
  expect(await caller.callInPlainText('llm')).toBe(false);
  expect(calls).toHaveLength(2);
  server.close();
});
