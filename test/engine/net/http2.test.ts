import { BlockList } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Connection, ConnectionSettings } from '../../../engine/net/connection.ts';
import { ConnectionPool } from '../../../engine/net/connection-pool.ts';
import { type Exchange, exchange } from '../../../engine/net/exchange.ts';
import { Resolver } from '../../../engine/net/resolver.ts';
import { startHttp2 } from '../http2-server.ts';
import { runSource } from '../run-source.ts';

const SETTINGS: ConnectionSettings = {
  dial: {
    hosts: {},
    blockedHosts: [],
    blockedAddresses: new BlockList(),
    localAddress: undefined,
    resolver: () => new Resolver({ ttl: 0, select: 'first', policy: 'preferIPv4' }),
  },
  reuse: true,
  http2: true,
  verifyTls: false,
  tls: {},
  certificates: [],
  roots: undefined,
};

interface Answer extends Exchange {
  readonly connection: Connection;
  readonly text: string;
}

/** Returns a function that sends a request on a VU's connections, as the engine does. */
function client(url: string, settings: Partial<ConnectionSettings> = {}) {
  const pool = new ConnectionPool({ ...SETTINGS, ...settings });
  onTestFinished(() => pool.close());
  const ask = (path: string, { method = 'GET', body = '', headers = '', timeout = 5_000 } = {}) =>
    new Promise<Answer>((done) => {
      const begun = performance.now();
      const connection = pool.acquire(url, begun);
      const length = body === '' ? '' : `Content-Length: ${body.length}\r\n`;
      const head = `${method} ${path} HTTP/1.1\r\nHost: a.test\r\nUser-Agent: test\r\n${headers}${length}\r\n`;
      const request = { method, head, bytes: body === '' ? null : Buffer.from(body) };
      const onExchange = (result: Exchange) => {
        const text = result.body.toString();
        pool.release(connection, performance.now());
        done({ ...result, connection, text });
      };
      exchange(connection, request, begun, begun + timeout, { onExchange });
    });
  return { ask, pool };
}

test('requests share a connection, and only the first one opened it', async () => {
  const server = await startHttp2();
  const { ask } = client(server.url);
  const [first, second] = [await ask('/connection'), await ask('/connection')];
  const both = await Promise.all([ask('/slow?20'), ask('/slow?20')]);
  expect([first, second, ...both].map(({ head, error, opened }) => [head.proto, head.status, error, opened])).toEqual([
    ['HTTP/2.0', 200, null, true],
    ['HTTP/2.0', 200, null, false],
    ['HTTP/2.0', 200, null, false],
    ['HTTP/2.0', 200, null, false],
  ]);
  expect([server.sessions, first.text, first.connection.peer.tls.version]).toEqual([1, '1', 'tls1.3']);
  expect(first.timings.tls_handshaking).toBeGreaterThan(0);
  expect([second.timings.connecting, second.timings.tls_handshaking]).toEqual([0, 0]);
});

test('requests that start together end up on one connection, which only one of them opened', async () => {
  const server = await startHttp2();
  const { ask } = client(server.url);
  const all = await Promise.all(Array.from({ length: 4 }, () => ask('/slow?20')));
  expect(all.map(({ text }) => text)).toEqual(Array(4).fill('slow'));
  expect(all.filter(({ timings }) => timings.connecting > 0).length).toBe(1);
  const before = server.sockets.length;
  await ask('/connection');
  expect(server.sockets.length).toBe(before);
});

test.each([
  ['the server does not offer HTTP/2', false, true],
  ['the test does not allow HTTP/2', true, false],
])('HTTP/1.1 is used if %s', async (_, offers, http2) => {
  const server = await startHttp2({}, offers);
  const { head, text } = await client(server.url, { http2 }).ask('/connection');
  expect([head.proto, text, server.sessions]).toEqual(['HTTP/1.1', 'HTTP/1.1', 0]);
});

test('a request has the fields of HTTP/2, without those of a connection', async () => {
  const server = await startHttp2();
  const headers = 'X-Mine: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\nUpgrade: x\r\n';
  await client(server.url).ask('/connection', { headers });
  expect(Object.keys(server.headers).sort()).toEqual([
    ':authority',
    ':method',
    ':path',
    ':scheme',
    'user-agent',
    'x-mine',
  ]);
});

test('a response has canonical header names, joined values and the texts of Go for statuses', async () => {
  const { ask } = client((await startHttp2()).url);
  const { head } = await ask('/headers');
  expect(head.joined).toMatchObject({ 'X-Two': '1, 2', 'Set-Cookie': 'a=1, b=2', Etag: '"e"' });
  expect(head.headers['set-cookie']).toEqual(['a=1', 'b=2']);
  const texts = await Promise.all([204, 413, 418, 599].map(async (status) => (await ask(`/status?${status}`)).head));
  expect(texts.map(({ status, statusText }) => `${status} ${statusText}`.trim())).toEqual([
    '204 No Content',
    '413 Request Entity Too Large',
    "418 I'm a teapot",
    '599',
  ]);
});

test('a body arrives whole, and large ones in both directions', async () => {
  const { ask } = client((await startHttp2()).url);
  const body = 'x'.repeat(300_000);
  const { text } = await ask('/echo', { method: 'POST', body });
  expect(JSON.parse(text)).toEqual({ method: 'POST', length: '300000', body });
  expect((await ask('/status?200', { method: 'HEAD' })).error).toBeNull();
});

// k6 v2.2.0 has the same codes and messages.
test.each([
  ['/reset?0', 1631, 'http2: stream error with http2 ErrCode NO_ERROR'],
  ['/reset?2', 1633, 'http2: stream error with http2 ErrCode INTERNAL_ERROR'],
  ['/reset?7', 1638, 'http2: stream error with http2 ErrCode REFUSED_STREAM'],
  ['/reset?8', 1639, 'http2: stream error with http2 ErrCode CANCEL'],
  ['/reset?13', 1644, 'http2: stream error with http2 ErrCode HTTP_1_1_REQUIRED'],
  ['/reset?99', 1630, 'http2: stream error with http2 ErrCode unknown error code 0x63'],
  ['/short?0', 1000, 'unexpected EOF'],
  ['/cut', 1633, 'http2: stream error with http2 ErrCode INTERNAL_ERROR'],
  ['/go-away?0', 1611, 'http2: received GoAway with http2 ErrCode NO_ERROR'],
  ['/go-away?2', 1613, 'http2: received GoAway with http2 ErrCode INTERNAL_ERROR'],
  ['/close', 1000, 'unexpected EOF'],
  ['/break', 1220, 'read: connection reset by peer'],
])('%s fails with error code %i', async (path, code, message) => {
  const { ask } = client((await startHttp2()).url);
  await ask('/connection');
  expect((await ask(path)).error).toMatchObject({ code, message });
  expect((await ask('/connection')).head.status).toBe(200);
});

test('only a refused request may be sent again', async () => {
  const { ask } = client((await startHttp2()).url);
  const errors = [await ask('/reset?7'), await ask('/reset?2'), await ask('/close')].map(({ error }) => error);
  expect(errors.map((error) => error?.isRefused)).toEqual([true, undefined, undefined]);
});

test('a timeout cancels the request and keeps the connection', async () => {
  const server = await startHttp2();
  const { ask } = client(server.url);
  await ask('/connection');
  const [late, other] = await Promise.all([ask('/hang', { timeout: 50 }), ask('/slow?100')]);
  expect([late.error?.code, late.error?.message, other.text]).toEqual([1050, 'request timeout', 'slow']);
  expect((await ask('/connection')).text).toBe('1');
  expect(server.cancelled).toEqual([8]);
});

test('a connection that the server ends is not used again', async () => {
  const server = await startHttp2();
  const { ask } = client(server.url);
  expect([(await ask('/last')).text, (await ask('/connection')).text]).toEqual(['last', '2']);
});

test('more requests than the server accepts at once open another connection', async () => {
  const server = await startHttp2({ settings: { maxConcurrentStreams: 2 } });
  const { ask } = client(server.url);
  await ask('/connection');
  const all = await Promise.all(Array.from({ length: 3 }, () => ask('/slow?20')));
  expect(all.map(({ text, opened }) => [text, opened])).toEqual([
    ['slow', false],
    ['slow', false],
    ['slow', true],
  ]);
});

test('without reuse, each request has its own connection, which is closed afterwards', async () => {
  const server = await startHttp2();
  const { ask } = client(server.url, { reuse: false });
  const all = await Promise.all([ask('/connection'), ask('/connection')]);
  expect(all.map(({ opened, timings }) => opened && timings.connecting > 0)).toEqual([true, true]);
  expect(server.sessions).toBe(2);
  await expect.poll(() => server.sockets.every(({ destroyed }) => destroyed)).toBe(true);
});

test('bytes are counted once per connection, also after it was closed', async () => {
  const { ask, pool } = client((await startHttp2()).url);
  await ask('/echo', { method: 'POST', body: 'x'.repeat(10_000) });
  const first = pool.takeBytes();
  await ask('/echo', { method: 'POST', body: 'x'.repeat(10_000) });
  const second = pool.takeBytes();
  for (const { sent, received } of [first, second]) {
    expect([sent > 10_000, sent < 13_000, received > 10_000, received < 13_000]).toEqual([true, true, true, true]);
  }
  pool.close();
  await ask('/connection');
  expect(pool.takeBytes().sent).toBeGreaterThan(0);
});

test('a script sees HTTP/2 in responses and samples, repeats refused requests, and reads streams', async () => {
  const { url } = await startHttp2();
  const { said, exitCode } = await runSource(
    `import http from 'k6/http';
    import sse from 'k6/x/sse';
    export const options = {
      insecureSkipTLSVerify: true,
      thresholds: { 'http_reqs{proto:HTTP/2.0}': ['count==3'], 'http_reqs{error_code:1633}': ['count==1'] },
    };
    export default function () {
      const { proto, status, body } = http.post(__ENV.URL + '/refuse?2', 'x');
      console.log(proto, status, body);
      const broken = http.get(__ENV.URL + '/reset?2');
      console.log(JSON.stringify([broken.status, broken.proto, broken.error_code, broken.tls_version]));
      const data = [];
      const { ended } = sse.open(__ENV.URL + '/events', { done: '[DONE]' }, (client) => client.on('event', (event) => data.push(event.data)));
      console.log(ended, data.join());
      const last = http.get(__ENV.URL + '/connection');
      console.log(last.body, last.ocsp.status);
    }`,
    { env: { URL: url } },
  );
  expect(said).toEqual(['HTTP/2.0 200 after 2', '[0,"",1633,""]', 'whole one,two,[DONE]', '1 unknown']);
  expect(exitCode).toBe(0);
});
