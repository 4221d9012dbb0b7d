import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { RefusablePort } from '../../../faults/base/refusable-port.ts';
import { madeUp, type WireAnswer, withBody } from '../../../harness/wire/exchange.ts';
import { type Relay, WireProxy } from '../../../harness/wire/wire-proxy.ts';
import { BUFFERS, sendForEver, startCounting } from '../../support/counting-server.ts';
import { refuse } from '../../support/refusing-port.ts';

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
  const sent = request(`${proxy.url}/a/../b?c=1`, { method: 'PUT', localAddress: '127.3.2.1', path: '/a/../b?c=1' });
  sent.end('text');
  const [response] = await once(sent, 'response');
  expect(JSON.parse(await textOf(response))).toEqual({
    url: '/a/../b?c=1',
    method: 'PUT',
    host: new URL(service.url).host,
    from: '127.3.2.1',
    body: 'text',
  });
});

test('an answer that a mutant reads has a limit, and one without an end is broken off', async () => {
  const endless = await startCounting((_, response) => sendForEver(response, 'x'.repeat(2 ** 16)));
  const answer: RelayedAnswer = ({ whole }) => whole();
  await using proxy = await WireProxy.start(endless.url, relayOf({ answer }));
  await expect(fetch(proxy.url)).rejects.toThrow('fetch failed');
  await expect.poll(endless.sent).toBeGreaterThan(2 ** 20);
  expect(endless.sent()).toBeLessThan(16 * 2 ** 20 + BUFFERS);
});

test('a changed answer is sent instead of the own one', async () => {
  await using service = await serve((_, response) => response.end('own'));
  await using proxy = await WireProxy.start(service.url, relayOf({ answer: async () => madeUp(503) }));
  const response = await fetch(proxy.url);
  expect([response.status, await response.json()]).toEqual([503, { error: 'made up' }]);
});

test('a request that is answered in place of the service does not reach it', async () => {
  const urls: string[] = [];
  await using service = await serve((incoming, response) => {
    urls.push(incoming.url ?? '');
    response.end('own');
  });
  await using proxy = await WireProxy.start(service.url, relayOf({ instead: Promise.resolve(madeUp(503)) }));
  const response = await fetch(proxy.url, { method: 'POST', body: 'a long text'.repeat(10_000) });
  expect([response.status, await response.json(), urls]).toEqual([503, { error: 'made up' }, []]);
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
  const cut = Promise.withResolvers<void>();
  await using service = await serve((request, response) => {
    response.once('close', cut.resolve);
    cutOff(request, response);
  });
  const answer: RelayedAnswer = () => cut.promise.then(() => sleep(50, undefined));
  await using proxy = await WireProxy.start(service.url, relayOf({ answer }));
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
  const sent = fetch(proxy.url, { signal: leaving.signal }).catch(() => {});
  await began.promise;
  leaving.abort();
  await sent;
  expect(await left.promise).toBe(isHidden ? 'answered' : 'left');
});

test('a service is asked by TLS if its address says so', async () => {
  const began = Promise.withResolvers<number | undefined>();
  const server = createTcpServer((socket) =>
    socket.once('data', (data) => {
      began.resolve(data[0]);
      socket.destroy();
    }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await using proxy = await WireProxy.start(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, relayOf());
  await expect(fetch(proxy.url)).rejects.toThrow();
  // The type of a record with a handshake.
  expect(await began.promise).toBe(0x16);
  server.close();
});

test('an answer before the request has ended arrives, also if the service then closes the connection', async () => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig');
      setTimeout(() => socket.resetAndDestroy(), 50);
    });
    socket.pause();
    setTimeout(() => socket.resume(), 10);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const answer: RelayedAnswer = async ({ whole }) => sleep(200, await whole());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await using proxy = await WireProxy.start(url, relayOf({ answer }));
  const sent = request(proxy.url, { method: 'POST', headers: { 'Content-Length': '100' } });
  sent.on('error', () => {});
  sent.write('a part');
  const [response] = await once(sent, 'response');
  expect([response.statusCode, await textOf(response)]).toEqual([413, 'big']);
  sent.destroy();
  server.close();
});

test('trailers arrive', async () => {
  await using service = await serve((_, response) => {
    response.writeHead(200, { Trailer: 'X-Sum' });
    response.write('hello');
    response.addTrailers({ 'X-Sum': '5' });
    response.end();
  });
  await using proxy = await WireProxy.start(service.url, relayOf());
  const [response] = await once(request(proxy.url).end(), 'response');
  expect([await textOf(response), response.trailers]).toEqual(['hello', { 'x-sum': '5' }]);
});

test('a connection that goes on with another protocol is passed on until one side, or the proxy, ends it', async () => {
  const ended: string[] = [];
  await using service = await serve((_, response) => response.end());
  service.server.on('upgrade', ({ url, headers: { host }, socket }, _, head) => {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n${url} ${host} ${head}`,
    );
    socket.pipe(socket);
    socket.once('close', () => ended.push(url ?? ''));
  });
  const proxy = await WireProxy.start(service.url, relayOf());
  const upgrade = async (path: string) => {
    const sent = request(`${proxy.url}${path}`, { headers: { Connection: 'Upgrade', Upgrade: 'echo' } }).end();
    const [, socket, head] = (await once(sent, 'upgrade')) as [IncomingMessage, Socket, Buffer];
    const greeting = head.length > 0 ? head : (await once(socket, 'data'))[0];
    expect(String(greeting)).toBe(`${path} ${new URL(service.url).host} `);
    socket.write('ping');
    expect(String((await once(socket, 'data'))[0])).toBe('ping');
    return socket;
  };
  (await upgrade('/a')).destroy();
  await expect.poll(() => ended).toEqual(['/a']);
  const socket = await upgrade('/b');
  await Promise.all([once(socket, 'close'), proxy[Symbol.asyncDispose]()]);
  await expect.poll(() => ended).toEqual(['/a', '/b']);
});

test('a request whose caller has left, which is hidden from the service, ends with the proxy', async () => {
  const [began, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await using service = await serve((_, response) => {
    response.once('close', () => ended.resolve());
    began.resolve();
  });
  const proxy = await WireProxy.start(service.url, relayOf({ hidesLeaving: () => true }));
  const sent = request(proxy.url)
    .on('error', () => {})
    .end();
  await began.promise;
  sent.destroy();
  await proxy[Symbol.asyncDispose]();
  await ended.promise;
});

test('while it mirrors, callers can connect only as long as the service accepts connections', async () => {
  await using service = await RefusablePort.open(createServer((_, response) => response.end()));
  await using proxy = await WireProxy.start(`http://127.0.0.1:${service.address.port}`, relayOf());
  const stop = proxy.mirror();
  const listenAgain = service.refuse();
  await expect.poll(() => codeOf(proxy.url)).toBe('ECONNREFUSED');
  await listenAgain();
  await expect.poll(() => codeOf(proxy.url)).toBe(200);
  await stop();
});

test('a request that the service refuses is answered only while the service works on another one', async () => {
  const began = Promise.withResolvers<ServerResponse>();
  const service = await serve((_, response) => began.resolve(response));
  await using proxy = await WireProxy.start(service.url, relayOf({ refused: () => madeUp(201) }));
  const working = codeOf(proxy.url);
  const response = await began.promise;
  refuse(service.server);
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

async function serve(listener: RequestListener): Promise<{ url: string; server: Server } & AsyncDisposable> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    server,
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
