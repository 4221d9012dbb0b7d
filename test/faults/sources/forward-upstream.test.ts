import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { Agent, Client, request } from 'undici';
import { expect, test } from 'vitest';
import { bearer } from '../../../faults/control/guard.ts';
import { startFakes } from '../../../faults/fakes/start-fakes.ts';
import type { RequestReceipt } from '../../../faults/receipts/receipt.ts';
import { defineUpstreams } from '../../../mocks/define-upstreams.ts';
import { until } from '../../mocks/fake-lab.ts';
import { eventually } from '../../support/eventually.ts';
import { keptCertificates } from '../../support/kept-certificates.ts';
import { refuse } from '../../support/refusing-port.ts';

type Serve = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/** Starts a server and an upstream that forwards to it. */
async function forwardTo(serve: Serve, { tls = false } = {}) {
  const resources = new AsyncDisposableStack();
  const target = createServer(serve);
  await once(target.listen(0, '127.0.0.1'), 'listening');
  resources.defer(() => {
    target.closeAllConnections();
    target.close();
  });
  const { port } = target.address() as AddressInfo;
  const fakes = resources.use(
    await startFakes(defineUpstreams({ search: { forward: `http://127.0.0.1:${port}/base`, tls } }), {
      certify: keptCertificates,
    }),
  );
  const agent = new Agent({ connect: { ca: fakes.ca } });
  resources.defer(() => agent.destroy());
  const control = (method: string, path: string, body?: unknown) =>
    fetch(fakes.control + path, {
      method,
      headers: { 'content-type': 'application/json', ...bearer(fakes.token) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const receipts = async () => {
    const count = async () => (await control('GET', '/receipts/count')).json() as Promise<{ open: number }>;
    await until(async () => (await count()).open === 0);
    return ((await (await control('GET', '/receipts')).json()) as { receipts: RequestReceipt[] }).receipts;
  };
  return {
    target,
    port,
    control,
    receipts,
    url: fakes.upstreams.search,
    dispatcher: agent,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

test.each([false, true])('headers, status and path pass in both directions (TLS: %s)', async (tls) => {
  let seen: IncomingMessage | undefined;
  await using proxied = await forwardTo(
    (incoming, outgoing) => {
      seen = incoming;
      outgoing.writeHead(418, { 'set-cookie': ['a=1', 'b=2'], 'x-teapot': 'yes', connection: 'x-hop', 'x-hop': '1' });
      outgoing.end('short and stout');
    },
    { tls },
  );
  const { statusCode, headers, body } = await request(`${proxied.url}/a%2Fb/../c?q=1`, {
    headers: { authorization: 'Bearer key', 'accept-encoding': 'gzip', te: 'trailers' },
    dispatcher: proxied.dispatcher,
  }).catch((error) => expect.fail(String(error)));
  expect([statusCode, await body.text()]).toEqual([418, 'short and stout']);
  expect(headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-teapot': 'yes' });
  expect(headers).not.toHaveProperty('x-hop');
  expect(seen?.url).toMatch(/^\/base\/.*c\?q=1$/);
  expect(seen?.headers).toMatchObject({
    authorization: 'Bearer key',
    'accept-encoding': 'gzip',
    host: `127.0.0.1:${proxied.port}`,
  });
  expect(seen?.headers).not.toHaveProperty('te');
  expect(await proxied.receipts()).toMatchObject([{ upstream: 'search', status: 418, outcome: 'answered' }]);
});

test.each(['/../../x', '/%2e%2e/x', '/a/./b//c', '/\\\\other.example/x', '//other.example/x?y=http://other.example'])(
  'a client gets %s below the base path, as it was sent',
  async (path) => {
    let seen: string | undefined;
    await using proxied = await forwardTo((incoming, outgoing) => {
      seen = incoming.url;
      outgoing.end();
    });
    const client = new Client(proxied.url as string);
    await (await client.request({ path, method: 'GET' })).body.dump();
    await client.close();
    expect(seen).toBe(`/base${path}`);
  },
);

test('bodies are streamed in both directions, without waiting for their end', async () => {
  await using proxied = await forwardTo((incoming, outgoing) => void incoming.pipe(outgoing));
  const chunks = new TransformStream<Uint8Array>();
  const writer = chunks.writable.getWriter();
  const sent = fetch(proxied.url, { method: 'POST', body: chunks.readable, duplex: 'half' } as RequestInit);
  void writer.write(Buffer.from('first'));
  const reader = (await sent).body?.getReader();
  expect(Buffer.from((await reader?.read())?.value ?? '').toString()).toBe('first');
  void writer.write(Buffer.from('second'));
  expect(Buffer.from((await reader?.read())?.value ?? '').toString()).toBe('second');
  await writer.close();
  expect((await reader?.read())?.done).toBe(true);
});

test('a large body passes in both directions unchanged', async () => {
  await using proxied = await forwardTo((incoming, outgoing) => void incoming.pipe(outgoing));
  const large = Buffer.alloc(20 * 1024 * 1024, 'proofload ');
  const answer = await fetch(proxied.url, { method: 'PUT', body: large });
  expect(Buffer.from(await answer.arrayBuffer()).equals(large)).toBe(true);
});

test('faults act on a stream as on that of a fake', async () => {
  await using proxied = await forwardTo((_, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    outgoing.end('data: 1\n\ndata: 2\n\ndata: 3\n\n');
  });
  await proxied.control('POST', '/upstreams/search/faults', { kind: 'cut-stream', events: 1, next: 1 });
  await proxied.control('POST', '/upstreams/search/faults', { kind: 'status', status: 503, route: 'POST /pay' });
  const cut = await fetch(proxied.url);
  await expect(cut.text()).rejects.toThrow(TypeError);
  expect(await (await fetch(proxied.url)).text()).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\n');
  expect((await fetch(`${proxied.url}/pay`, { method: 'POST', body: 'x' })).status).toBe(503);
  expect(await proxied.receipts()).toMatchObject([
    { faults: ['f1:cut-stream'], outcome: 'cut' },
    { faults: [], outcome: 'answered' },
    { faults: ['f2:status'], status: 503 },
  ]);
});

test('faults that change a body get it uncompressed', async () => {
  await using proxied = await forwardTo(({ headers }, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify({ encoding: headers['accept-encoding'] ?? 'none' }));
  });
  const text = async () => (await fetch(proxied.url)).text();
  expect(await text()).toContain('gzip');
  await proxied.control('POST', '/upstreams/search/faults', { kind: 'split-chunks' });
  expect(await text()).toBe('{"encoding":"none"}');
});

test('while the server is down, requests get a recorded 502', async () => {
  await using proxied = await forwardTo((_, outgoing) => outgoing.end('up'));
  refuse(proxied.target);
  proxied.target.closeAllConnections();
  const answer = await fetch(proxied.url);
  expect([answer.status, await answer.json()]).toEqual([502, { error: { code: 502, message: 'Bad Gateway' } }]);
  expect(await proxied.receipts()).toMatchObject([
    { status: 502, unserved: `http://127.0.0.1:${proxied.port}/base can't be reached: ECONNREFUSED` },
  ]);
});

test('if the server breaks a connection, it breaks for the client as well', async () => {
  await using proxied = await forwardTo((incoming, outgoing) => {
    if (incoming.url === '/base/body') outgoing.write('half', () => incoming.socket.resetAndDestroy());
    else incoming.socket.destroy();
  });
  await expect(fetch(`${proxied.url}/head`)).rejects.toThrow(TypeError);
  await expect(fetch(`${proxied.url}/body`).then((answer) => answer.text())).rejects.toThrow(TypeError);
  const unserved = `http://127.0.0.1:${proxied.port}/base closed the connection before the end of its response`;
  expect(await proxied.receipts()).toMatchObject([
    { status: null, outcome: 'cut', unserved },
    { status: 200, outcome: 'cut', unserved },
  ]);
});

test('when the client disconnects, the request to the server ends', async () => {
  const ended = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  await using proxied = await forwardTo((_, outgoing) => {
    arrived.resolve();
    outgoing.once('close', () => ended.resolve());
  });
  const leaving = new AbortController();
  const leftRequest = fetch(proxied.url, { signal: leaving.signal }).catch(() => undefined);
  await arrived.promise;
  leaving.abort();
  await leftRequest;
  await ended.promise;
  expect(await proxied.receipts()).toMatchObject([{ outcome: 'client-gone' }]);
});

test('when the client disconnects during a stream, the server is not blamed', async () => {
  await using proxied = await forwardTo((_, outgoing) => void outgoing.write('data: 1\n\n'));
  const leaving = new AbortController();
  const answer = await fetch(proxied.url, { signal: leaving.signal });
  await answer.body?.getReader().read();
  leaving.abort();
  await eventually(async () => expect(await proxied.receipts()).toMatchObject([{ outcome: 'client-gone' }]));
  expect((await proxied.receipts())[0]).not.toHaveProperty('unserved');
});

test("a server that doesn't speak HTTP is reported", async () => {
  const target = createTcpServer((socket) => socket.end('220 smtp.example ESMTP\r\n'));
  await once(target.listen(0, '127.0.0.1'), 'listening');
  await using _closed = { [Symbol.asyncDispose]: async () => void target.close() };
  const { port } = target.address() as AddressInfo;
  await using fakes = await startFakes(defineUpstreams({ mail: { forward: `http://127.0.0.1:${port}`, tls: false } }));
  expect((await fetch(fakes.upstreams.mail)).status).toBe(502);
});

test('without TLS, there are no certificates to present', async () => {
  await using proxied = await forwardTo((_, outgoing) => outgoing.end());
  for (const [method, path, body] of [
    ['PUT', 'certificate', { kind: 'expired' }],
    ['POST', 'faults', { kind: 'certificate', certificate: 'expired' }],
  ] as const) {
    const answer = await proxied.control(method, `/upstreams/search/${path}`, body);
    expect(await answer.json()).toMatchObject({ error: { code: 'no-tls' } });
  }
});

test('a plain HTTP upstream can refuse and reset connections', async () => {
  await using proxied = await forwardTo((_, outgoing) => outgoing.end('up'));
  const add = async (fault: object) =>
    ((await (await proxied.control('POST', '/upstreams/search/faults', fault)).json()) as { id: string }).id;
  const refused = await add({ kind: 'refuse' });
  await expect(fetch(proxied.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await proxied.control('DELETE', `/upstreams/search/faults/${refused}`);
  await add({ kind: 'reset', next: 1 });
  await expect(fetch(proxied.url)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  expect(await (await fetch(proxied.url)).text()).toBe('up');
});

const EARLY = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';

test.each([
  ['one after another', EARLY],
  ['many at once', EARLY.repeat(1_000)],
])('a server that sends informational responses without end is given up: %s', async (_, text) => {
  await using proxied = await forwardTo(({ socket }) => {
    const timer = setInterval(() => socket.write(text), 2);
    socket.once('close', () => clearInterval(timer));
  });
  const { statusCode } = await request(proxied.url as string, { dispatcher: proxied.dispatcher });
  expect(statusCode).toBe(502);
  const why = `http://127.0.0.1:${proxied.port}/base sent more than 100 informational responses (1xx) before a response`;
  expect(await proxied.receipts()).toMatchObject([{ status: 502, unserved: why }]);
});

test('a few informational responses precede a response', async () => {
  await using proxied = await forwardTo((_, outgoing) => {
    for (let n = 0; n < 20; n += 1) outgoing.writeEarlyHints({ link: '</a>; rel=preload' });
    outgoing.end('served');
  });
  const { body } = await request(proxied.url as string, { dispatcher: proxied.dispatcher });
  expect(await body.text()).toBe('served');
});
