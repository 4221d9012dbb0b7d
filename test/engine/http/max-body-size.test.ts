import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { BUFFERS, sendForEver, startCounting } from '../../support/counting-server.ts';
import { startHttp2 } from '../http2-server.ts';
import { runSource } from '../run-source.ts';

const LIMIT = 2 ** 20;

const REQUEST = `
import http from 'k6/http';
export default function () {
  const { status, error, error_code, body } = http.get(__ENV.URL);
  console.log(JSON.stringify({ status, error, error_code, length: body && body.length }));
}`;

const ask = async (url: string, args: string[], source = REQUEST) => {
  const { said, log } = await runSource(source, { env: { URL: url }, args });
  return { answer: JSON.parse(said[0] ?? '{}'), log: JSON.stringify(log) };
};

const TOO_LARGE = 'the response body is larger than 1 MiB (maxBodySize)';

test.each<[string, Record<string, string>]>([
  ['in chunks', {}],
  ['up to the end of the connection', { connection: 'close', 'transfer-encoding': 'identity' }],
  ['of an announced length', { 'content-length': String(2 ** 40) }],
])('a body without an end that is sent %s ends the request, which names the URL and the limit', async (_, headers) => {
  const server = await startCounting((_, response) => {
    sendForEver(response.writeHead(200, headers), Buffer.alloc(2 ** 16, 65));
  });
  const { answer, log } = await ask(server.url, ['--max-body-size', '1MiB']);
  expect(answer).toEqual({ status: 0, error: TOO_LARGE, error_code: 1790, length: null });
  expect(log).toContain(JSON.stringify(`Get "${server.url}": ${TOO_LARGE}`).slice(1, -1));
  await expect.poll(server.sent).toBeGreaterThan(LIMIT);
  expect(server.sent()).toBeLessThan(LIMIT + BUFFERS);
});

const COMPRESSED = Buffer.alloc(LIMIT + 1);

test.each<[string, Buffer]>([
  ['gzip', gzipSync(COMPRESSED)],
  ['deflate', deflateSync(COMPRESSED)],
  ['br', brotliCompressSync(COMPRESSED)],
  ['zstd', zstdCompressSync(COMPRESSED)],
  ['gzip, gzip', gzipSync(gzipSync(COMPRESSED))],
])('a body in %s that is too large when it is decompressed ends the request', async (encoding, body) => {
  const server = await startCounting((_, response) => {
    response.writeHead(200, { 'content-encoding': encoding }).end(body);
  });
  const { answer } = await ask(server.url, ['--max-body-size', '1MiB']);
  const error = 'the decompressed response body is larger than 1 MiB (maxBodySize)';
  expect(answer).toEqual({ status: 0, error, error_code: 1790, length: null });
  const { answer: exact } = await ask(server.url, ['--max-body-size', String(LIMIT + 1)]);
  expect(exact).toMatchObject({ status: 200, length: LIMIT + 1 });
});

test('a body without an end is refused over HTTP/2 as well', async () => {
  const server = await startHttp2();
  const { answer } = await ask(`${server.url}/large?${2 * LIMIT}`, [
    '--max-body-size',
    '1MiB',
    '--insecure-skip-tls-verify',
  ]);
  expect(answer).toMatchObject({ status: 0, error: TOO_LARGE, error_code: 1790 });
});

test('a body of exactly the limit, and any body without a limit, is read', async () => {
  const server = await startCounting((_, response) => void response.end(Buffer.alloc(LIMIT, 65)));
  const limited = await ask(server.url, ['--max-body-size', '1MiB']);
  const unlimited = await ask(server.url, []);
  expect([limited, unlimited].map(({ answer }) => [answer.status, answer.length])).toEqual([
    [200, LIMIT],
    [200, LIMIT],
  ]);
});

test('the script can set the limit, and a flag takes precedence', async () => {
  const server = await startCounting((_, response) => void response.end(Buffer.alloc(LIMIT, 65)));
  const source = `export const options = { ext: { proofload: { maxBodySize: 1000 } } };${REQUEST}`;
  const error = 'the response body is larger than 1000 bytes (maxBodySize)';
  expect((await ask(server.url, [], source)).answer).toMatchObject({ status: 0, error });
  expect((await ask(server.url, ['--max-body-size', '1MiB'], source)).answer).toMatchObject({ status: 200 });
});

const STREAM = `
import sse from 'k6/x/sse';
export default function () {
  const { ended, error } = sse.open(__ENV.URL, {}, () => {});
  console.log(JSON.stringify({ ended, error }));
}`;

test('an event without an end ends its stream, and a long stream of short events does not', async () => {
  const events = { 'content-type': 'text/event-stream' };
  const endless = await startCounting((_, response) => {
    sendForEver(response.writeHead(200, events), Buffer.from(`data: ${'x'.repeat(1_000)}\n`));
  });
  const { answer } = await ask(endless.url, ['--max-body-size', '1MiB'], STREAM);
  expect(answer).toEqual({ ended: 'cut', error: 'an event is larger than 1 MiB (maxBodySize)' });
  const long = await startCounting(async (_, response) => {
    response.writeHead(200, events);
    for (let sent = 0; sent < 2 * LIMIT; sent += 2 ** 16) {
      if (!response.write(`data: ${'x'.repeat(2 ** 16)}\n\n`)) await once(response, 'drain');
    }
    response.end();
  });
  expect((await ask(long.url, ['--max-body-size', '1MiB'], STREAM)).answer).toEqual({ ended: 'whole', error: '' });
});

test('a WebSocket message that is too large ends its connection', async () => {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => sockets.close());
  await once(sockets, 'listening');
  sockets.on('connection', (socket) => socket.on('error', () => {}).send('x'.repeat(LIMIT + 1)));
  const url = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`;
  const source = `
    import ws from 'k6/ws';
    export default function () {
      const seen = [];
      ws.connect(__ENV.URL, {}, (socket) => {
        socket.on('message', (data) => seen.push(data.length));
        socket.on('error', (error) => seen.push(error.error()));
      });
      console.log(JSON.stringify(seen));
    }`;
  expect((await ask(url, ['--max-body-size', '1MiB'], source)).answer).toEqual([
    expect.stringMatching(/message too big|max payload/i),
  ]);
});
