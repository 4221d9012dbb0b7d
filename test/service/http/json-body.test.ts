import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { REAL_TIME } from '../../support/real-time.ts';
import { openRaw } from '../support/raw-connection.ts';
import { CONVERSATION, refusal, startApp } from '../support/test-app.ts';
import { bearer } from '../support/tokens.ts';

const PATH = '/v1/conversations/end';
const MODULE = new URL('../../../service/http/json-body.ts', import.meta.url).href;
const nested = (levels: number) => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;

test.each([
  ['{"a":', '}'],
  ['[', ']'],
])('a body of %s…, as deep as its size allows, is rejected, and the service keeps running', async (open, close) => {
  await using app = await startApp();
  const deep = `${open.repeat(17_000)}1${close.repeat(17_000)}`;
  expect(await refusal(await app.post(PATH, deep))).toMatchObject({ status: 400, code: 'body_too_deep' });
  expect((await app.get('/health')).status).toBe(200);
});

test('the first body is parsed even if no file can be opened', async () => {
  const script = `
    import { openSync } from 'node:fs';
    import { Readable } from 'node:stream';
    const { jsonBody } = await import(${JSON.stringify(MODULE)});
    try { for (;;) openSync('/dev/null'); } catch ({ code }) { process.stdout.write(code + ' '); }
    const headers = { 'content-type': 'application/json', 'content-length': '7' };
    const request = Object.assign(Readable.from([Buffer.from('{"a":1}')]), { headers, is: () => true });
    jsonBody(request, {}, () => console.log(JSON.stringify(request.body)));`;
  const limited = `ulimit -n 100 && exec "$0" --input-type=module --eval "$1"`;
  const { stdout } = await promisify(execFile)('sh', ['-c', limited, process.execPath, script]);
  expect(stdout).toBe('EMFILE {"a":1}\n');
});

test('accepts ten levels and rejects eleven', async () => {
  await using app = await startApp();
  const wrap = (value: string) => `{"user_id":"ada","more":${value}}`;
  expect((await app.post('/v1/activities/suggest', wrap(nested(8)))).status).toBe(200);
  expect(await refusal(await app.post('/v1/activities/suggest', wrap(nested(10))))).toMatchObject({
    code: 'body_too_deep',
  });
});

test("brackets in a string don't count as levels", async () => {
  await using app = await startApp();
  const messages = [{ role: 'user', content: '[{'.repeat(1000) }];
  expect((await app.post(PATH, { ...CONVERSATION, messages })).status).toBe(201);
});

test('rejects a body above 100 kB, even if it is compressed', async () => {
  await using app = await startApp();
  const large = JSON.stringify({ ...CONVERSATION, messages: [{ role: 'user', content: 'x'.repeat(101 * 1024) }] });
  expect(await refusal(await app.post(PATH, large))).toMatchObject({ status: 413, code: 'payload_too_large' });
  const bomb = await fetch(`${app.url}${PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', ...bearer('ada') },
    body: gzipSync('['.repeat(50_000_000)),
  });
  expect(await refusal(bomb)).toMatchObject({ status: 413, code: 'payload_too_large' });
});

const CHUNKED = `POST ${PATH} HTTP/1.1\r\nHost: a\r\nAuthorization: ${bearer('ada').authorization}\r\nContent-Type: application/json\r\n`;
const chunk = (content: Buffer) =>
  Buffer.concat([Buffer.from(`${content.length.toString(16)}\r\n`), content, Buffer.from('\r\n')]);

test.each([
  ['chunked body', 'Transfer-Encoding: chunked\r\n\r\n', chunk(Buffer.alloc(110_000, ' '))],
  ['bomb', 'Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n', chunk(gzipSync(Buffer.alloc(1e6, ' ')))],
  [
    'body that is larger before decompression',
    'Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n',
    chunk(Buffer.concat(new Array(6_000).fill(gzipSync('')))),
  ],
  ['length', 'Content-Length: 110000\r\n\r\n', Buffer.from('{')],
  ['length of a client that waits', 'Content-Length: 110000\r\nExpect: 100-continue\r\n\r\n', Buffer.from('')],
])('a too large %s gets 413 before its end, and the connection is closed', async (_what, head, body) => {
  await using app = await startApp();
  using connection = openRaw(app.url);
  connection.send(CHUNKED + head);
  connection.send(body);
  // The request timeout would be 408.
  expect(await connection.statuses()).toEqual([413]);
});

test('an upload without an end is not read after the response', REAL_TIME, async () => {
  await using app = await startApp();
  const { hostname, port } = new URL(app.url);
  const socket = connect(Number(port), hostname).on('error', () => {});
  const answer = text(socket).catch(() => '');
  const began = performance.now();
  socket.write(`${CHUNKED}Transfer-Encoding: chunked\r\n\r\n`);
  const more = chunk(Buffer.alloc(65_536, ' '));
  while (!socket.destroyed && performance.now() - began < 10_000) {
    socket.write(more);
    await pause(5);
  }
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(await answer).toMatch(/^HTTP\/1.1 413 |^$/);
});

test.each(['/v1/activities/suggest', '/nowhere', '/v1/nowhere'])(
  'nor is a body that %s rejects',
  REAL_TIME,
  async (path) => {
    await using app = await startApp();
    using connection = openRaw(app.url);
    connection.send(`POST ${path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n \r\n`);
    const began = performance.now();
    expect(await connection.statuses()).toEqual([path === '/nowhere' ? 404 : 401]);
    expect(performance.now() - began).toBeLessThan(5_000);
  },
);

test('a client that waits for 100-continue gets it if its body is wanted', async () => {
  await using app = await startApp();
  using connection = openRaw(app.url);
  const body = JSON.stringify(CONVERSATION);
  const head = `${CHUNKED}Connection: close\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`;
  connection.send(head);
  await pause(50);
  connection.send(body);
  expect(await connection.statuses()).toEqual([100, 201]);
});

test.each([
  ['a connection for the next request', 1_000],
  ['not a body that takes longer than the response', undefined],
])('a rejected body leaves %s', async (_what, length) => {
  await using app = await startApp();
  using connection = openRaw(app.url);
  const next = 'GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
  connection.send(`POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: ${length ?? 9_999_999}\r\n\r\n`);
  connection.send(' '.repeat(1_000) + next);
  expect(await connection.statuses()).toEqual(length === undefined ? [404] : [404, 200]);
});

test.each([
  ['a lone byte', [0xff]],
  ['an overlong form', [0xc0, 0xaf]],
  ['half a character', [0xe2, 0x82]],
  ['a surrogate', [0xed, 0xa0, 0x80]],
])('rejects %s, which is not UTF-8', async (_what, bytes) => {
  await using app = await startApp();
  const [before = '', after = ''] = JSON.stringify({ ...CONVERSATION, conversation_id: 'c-X' }).split('X');
  const response = await fetch(`${app.url}${PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer('ada') },
    body: Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]),
  });
  expect(await refusal(response)).toMatchObject({ status: 400, code: 'invalid_request' });
  expect(app.database.statements).toEqual([]);
});

test.each(['application/json; charset=utf-16', 'application/json; charset=latin1'])('rejects %s', async (type) => {
  await using app = await startApp();
  const body = Buffer.from(JSON.stringify(CONVERSATION));
  const init = { method: 'POST', headers: { 'content-type': type, ...bearer('ada') }, body };
  expect(await refusal(await fetch(`${app.url}${PATH}`, init))).toMatchObject({ status: 400, code: 'invalid_request' });
});

test.each(['utf-8', 'UTF8', '"utf-8"'])('accepts the charset %s, and a byte order mark', async (charset) => {
  await using app = await startApp();
  const response = await fetch(`${app.url}${PATH}`, {
    method: 'POST',
    headers: { 'content-type': `application/json; charset=${charset}`, ...bearer('ada') },
    body: `\uFEFF${JSON.stringify({ ...CONVERSATION, messages: [{ role: 'user', content: 'größer 🙂' }] })}`,
  });
  expect(response.status).toBe(201);
});

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
])('accepts a body compressed with %s', async (encoding, compress) => {
  await using app = await startApp();
  const ask = (body: Buffer) =>
    fetch(`${app.url}${PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': encoding, ...bearer('ada') },
      body: new Uint8Array(body),
    });
  const body = compress(JSON.stringify(CONVERSATION));
  expect((await ask(body)).status).toBe(201);
  expect(await refusal(await ask(body.subarray(1)))).toMatchObject({ status: 400, code: 'invalid_request' });
  expect(await refusal(await ask(body.subarray(0, -9)))).toMatchObject({ status: 400, code: 'invalid_request' });
});
