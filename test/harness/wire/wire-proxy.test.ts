import { once } from 'node:events';
import { createServer, type RequestListener, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { madeUp, type WireAnswer, withBody } from '../../../harness/wire/exchange.ts';
import { type Relay, WireProxy } from '../../../harness/wire/wire-proxy.ts';

type RelayedAnswer = ReturnType<Relay['begin']>['answer'];

const cutOff: RequestListener = (_, response) => {
  response.writeHead(200, { 'Content-Length': '100' });
  response.write('half', () => response.destroy());
};

test('an answer that no mutant changes arrives as the service wrote it', async () => {
  await using service = await serve((_, response) => {
    response.writeHead(201, 'Made', { 'X-Own': 'a', 'Content-Type': 'text/plain' });
    response.end('hello');
  });
  const kept: WireAnswer[] = [];
  await using proxy = await WireProxy.start(service.url, relayOf({ passed: (answer) => kept.push(answer) }));
  const response = await fetch(`${proxy.url}/items?a=1`);
  expect({ status: response.status, text: response.statusText, own: response.headers.get('x-own') }).toEqual({
    status: 201,
    text: 'Made',
    own: 'a',
  });
  expect(await response.text()).toBe('hello');
  expect(kept.map(({ body }) => String(body))).toEqual(['hello']);
});

test('the service sees the path, the body, the host and the address of the caller', async () => {
  await using service = await serve(async (incoming, response) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const { url, method, headers, socket } = incoming;
    response.end(JSON.stringify({ url, method, host: headers.host, from: socket.remoteAddress, body }));
  });
  await using proxy = await WireProxy.start(service.url, relayOf());
  const asked = request(`${proxy.url}/a/../b?c=1`, { method: 'PUT', localAddress: '127.3.2.1', path: '/a/../b?c=1' });
  asked.end('text');
  const [response] = await once(asked, 'response');
  expect(JSON.parse(await textOf(response))).toEqual({
    url: '/a/../b?c=1',
    method: 'PUT',
    host: new URL(service.url).host,
    from: '127.3.2.1',
    body: 'text',
  });
});

test('a changed answer is sent instead of the own one', async () => {
  await using service = await serve((_, response) => response.end('own'));
  await using proxy = await WireProxy.start(service.url, relayOf({ answer: async () => madeUp(503) }));
  const response = await fetch(proxy.url);
  expect([response.status, await response.json()]).toEqual([503, { error: 'made up' }]);
});

test('a request that is answered in place of the service does not reach it', async () => {
  const asked: string[] = [];
  await using service = await serve((incoming, response) => {
    asked.push(incoming.url ?? '');
    response.end('own');
  });
  await using proxy = await WireProxy.start(service.url, relayOf({ instead: Promise.resolve(madeUp(503)) }));
  const response = await fetch(proxy.url, { method: 'POST', body: 'a long text'.repeat(10_000) });
  expect([response.status, await response.json(), asked]).toEqual([503, { error: 'made up' }, []]);
});

test('the own answer is kept if a mutant that read it sends another one', async () => {
  await using service = await serve((_, response) => response.end('own'));
  const kept: string[] = [];
  const answer: RelayedAnswer = async ({ whole }) => withBody(await whole(), 'changed');
  const passed = ({ body }: WireAnswer) => kept.push(String(body));
  await using proxy = await WireProxy.start(service.url, relayOf({ answer, passed }));
  expect([await (await fetch(proxy.url)).text(), kept]).toEqual(['changed', ['own']]);
});

test.each<[string, RelayedAnswer]>([
  ['replaced', async ({ whole }) => (await whole().catch(() => undefined)) ?? madeUp(503)],
  ['replaced a moment later', async () => sleep(50).then(() => madeUp(503))],
])('an answer that the service cuts off can be %s', async (_, answer) => {
  await using service = await serve(cutOff);
  await using proxy = await WireProxy.start(service.url, relayOf({ answer }));
  expect((await fetch(proxy.url)).status).toBe(503);
});

test('an answer that the service cuts off while a mutant waits is cut off', async () => {
  await using service = await serve(cutOff);
  await using proxy = await WireProxy.start(service.url, relayOf({ answer: () => sleep(50).then(() => undefined) }));
  await expect(fetch(proxy.url)).rejects.toThrow();
});

test('an answer that the service cuts off is cut off', async () => {
  await using service = await serve(cutOff);
  await using proxy = await WireProxy.start(service.url, relayOf());
  await expect(fetch(proxy.url).then((response) => response.text())).rejects.toThrow();
});

test.for([false, true])('a caller who leaves ends the request, unless that is hidden: %s', async (isHidden) => {
  const began = Promise.withResolvers<void>();
  const left = Promise.withResolvers<string>();
  await using service = await serve((_, response) => {
    response.once('close', () => left.resolve(response.writableFinished ? 'answered' : 'left'));
    began.resolve();
    setTimeout(() => response.end('late'), 300);
  });
  await using proxy = await WireProxy.start(service.url, relayOf({ hidesLeaving: () => isHidden }));
  const leaving = new AbortController();
  const asked = fetch(proxy.url, { signal: leaving.signal }).catch(() => {});
  await began.promise;
  leaving.abort();
  await asked;
  expect(await left.promise).toBe(isHidden ? 'answered' : 'left');
});

test('while it mirrors, callers can connect only as long as the service accepts connections', async () => {
  const service = await serve((_, response) => response.end());
  await using proxy = await WireProxy.start(service.url, relayOf());
  const stop = proxy.mirror();
  await service[Symbol.asyncDispose]();
  await expect.poll(() => codeOf(proxy.url)).toBe('ECONNREFUSED');
  await using _again = await serve((_, response) => response.end(), Number(new URL(service.url).port));
  await expect.poll(() => codeOf(proxy.url)).toBe(200);
  await stop();
});

test('a request that the service refuses is answered only while the service works on another one', async () => {
  const began = Promise.withResolvers<ServerResponse>();
  const service = await serve((_, response) => began.resolve(response));
  await using proxy = await WireProxy.start(service.url, relayOf({ refused: () => madeUp(201) }));
  const working = codeOf(proxy.url);
  const response = await began.promise;
  service.close();
  expect(await codeOf(proxy.url)).toBe(201);
  response.end();
  expect(await working).toBe(200);
  await expect.poll(() => codeOf(proxy.url)).toBe('UND_ERR_SOCKET');
});

const codeOf = (url: string): Promise<unknown> =>
  fetch(url, { headers: { connection: 'close' } }).then(
    ({ status }) => status,
    (error) => error.cause?.code,
  );

const relayOf = (changes: Partial<ReturnType<Relay['begin']>> = {}): Relay => ({
  begin: () => ({
    refused: () => undefined,
    hidesLeaving: () => false,
    answer: async () => undefined,
    passed() {},
    ...changes,
  }),
});

async function serve(listener: RequestListener, port = 0): Promise<{ url: string; close(): void } & AsyncDisposable> {
  const server: Server = createServer(listener).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    close: () => void server.close(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return String(Buffer.concat(chunks));
}
