import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock } from '../../../service/base/clock.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { HANG_MS } from '../../support/limits.ts';
import { REAL_TIME } from '../../support/real-time.ts';
import { exchangeRaw, openRaw } from '../support/raw-connection.ts';
import { rateLimits, startApp, type TestApp } from '../support/test-app.ts';

const CLOSE = 'Connection: close\r\n\r\n';

async function metric(app: TestApp, line: string): Promise<number> {
  const text = await (await app.get('/metrics')).text();
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? 0);
}

test.each([
  ['two Host headers', 'GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n', 400],
  ['the same Host twice', 'GET /health HTTP/1.1\r\nHost: a\r\nhost: a\r\n', 400],
  ['no Host', 'GET /health HTTP/1.1\r\n', 400],
  ['a Host that names none', 'GET /health HTTP/1.1\r\nHost: a b/c\r\n', 400],
  ['HTTP/2.0', 'GET /health HTTP/2.0\r\nHost: a\r\n', 400],
  ['HTTP/0.9', 'GET /health HTTP/0.9\r\nHost: a\r\n', 400],
  ['an unknown expectation', 'GET /health HTTP/1.1\r\nHost: a\r\nExpect: foo\r\n', 417],
  ['a known expectation', 'GET /health HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n', 200],
  ['HTTP/1.0 without Host', 'GET /health HTTP/1.0\r\n', 200],
  ['an IPv6 host', 'GET /health HTTP/1.1\r\nHost: [::1]:80\r\n', 200],
  ['an empty Host', 'GET /health HTTP/1.1\r\nHost:\r\n', 200],
  ['an absolute target', 'GET http://a/health HTTP/1.1\r\nHost: a\r\n', 200],
  ['an upgrade', 'GET /health HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: upgrade\r\n', 200],
])('%s gets a response and is counted like any other request', async (_what, head, status) => {
  const limiters = createLimiters(rateLimits('1000/minute', { health: '2/minute' }), systemClock);
  await using app = await startApp({ limiters });
  const ask = () => exchangeRaw(app.url, `${head}${CLOSE}`).then((statuses) => statuses.at(-1));
  expect([await ask(), await ask(), await ask()]).toEqual([status, status, 429]);
  expect(await metric(app, `http_requests_total{route="/health",status="${status}"}`)).toBe(2);
});

test('CONNECT is handled and counted as an unknown path', async () => {
  const limiters = createLimiters(rateLimits('1/minute'), systemClock);
  await using app = await startApp({ limiters });
  const ask = () => exchangeRaw(app.url, 'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n');
  expect([await ask(), await ask()]).toEqual([[404], [429]]);
});

const POST = 'POST /v1/conversations/end HTTP/1.1\r\nHost: a\r\n';

test.each([
  ['two lengths', `${POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx`, 400],
  ['a length and chunks', `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['a length that is no number', `${POST}Content-Length: +1\r\n\r\nx`, 400],
  ['a blank before a colon', 'GET /health HTTP/1.1\r\nHost : a\r\n\r\n', 400],
  ['a folded header', 'GET /health HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n', 400],
  ['no HTTP at all', 'hello\r\n\r\n', 400],
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00', 400],
  ['a long line', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
  ['long headers', `GET /health HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
])('%s is rejected with an error of the service, and counted', async (_what, bytes, status) => {
  await using app = await startApp();
  using connection = openRaw(app.url);
  connection.send(bytes);
  expect(await connection.answered).toContain('{"error":{"code":"');
  expect(await connection.statuses()).toEqual([status]);
  expect(await metric(app, `http_requests_total{route="unreadable",status="${status}"}`)).toBe(1);
});

const SHORT = { headersTimeoutMs: 300, requestTimeoutMs: 600 };

test.each([
  ['nothing', [], 300, 'unreadable'],
  ['half a head, byte by byte', [...'GET /health HTTP/1.1\r\nHost'], 300, 'unreadable'],
  [
    'half a body, byte by byte',
    [
      `${POST}Authorization: TOKEN\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n`,
      ...'{"user_id":"ada',
    ],
    600,
    '/v1/conversations/end',
  ],
])('a client that sends %s gets 408 in time, and is counted', REAL_TIME, async (_what, pieces, limitMs, route) => {
  const authentication = (_request: unknown, response: { locals: object }, next: () => void) => {
    Object.assign(response.locals, { userId: 'ada' });
    next();
  };
  await using app = await startApp({ authentication: authentication as never }, SHORT);
  using connection = openRaw(app.url);
  const began = performance.now();
  const dripping = (async () => {
    for (const piece of pieces) {
      connection.send(piece);
      await pause(100);
    }
  })();
  expect(await connection.statuses()).toEqual([408]);
  const took = performance.now() - began;
  expect(took).toBeGreaterThan(limitMs - 20);
  // Allow for the check interval and a busy machine.
  expect(took).toBeLessThan(limitMs + 3000);
  await dripping;
  expect(await metric(app, `http_requests_total{route="${route}",status="408"}`)).toBe(1);
});

test("the timeouts don't apply to idle keep-alive connections", async () => {
  await using app = await startApp({}, SHORT);
  using connection = openRaw(app.url);
  connection.send('GET /health HTTP/1.1\r\nHost: a\r\n\r\n');
  await pause(1200);
  connection.send(`GET /health HTTP/1.1\r\nHost: a\r\n${CLOSE}`);
  expect(await connection.statuses()).toEqual([200, 200]);
});

test('closes, counts and logs connections above the limit per address, and serves others', async () => {
  await using app = await startApp({}, { maxPerAddress: 3 });
  const held = Array.from({ length: 20 }, () => openRaw(app.url, '127.0.0.9'));
  const closed = held.map(({ answered }) => answered.then(() => 'closed'));
  await expect.poll(() => metric(app, 'connections_refused_total{reason="address"}')).toBe(17);
  expect((await app.get('/health')).status).toBe(200);
  expect(app.log.filter(({ msg }) => msg.includes('connections refused'))).toHaveLength(1);
  const states = await Promise.all(closed.map((connection) => Promise.race([connection, pause(50, 'open')])));
  expect(states.filter((state) => state === 'open')).toHaveLength(3);
  // Once a connection is closed, another one can take its place.
  for (const connection of held) connection[Symbol.dispose]();
  await expect.poll(() => exchangeFrom(app.url, '127.0.0.9')).toEqual([200]);
});

async function exchangeFrom(url: string, from: string): Promise<number[]> {
  using connection = openRaw(url, from);
  connection.send(`GET /health HTTP/1.1\r\nHost: a\r\n${CLOSE}`);
  return await connection.statuses();
}

test('closes and counts connections above the total limit', async () => {
  await using app = await startApp({}, { max: 5 });
  const held = Array.from({ length: 20 }, (_, n) => openRaw(app.url, `127.0.1.${n + 1}`));
  let closed = 0;
  for (const { answered } of held) void answered.then(() => (closed += 1));
  await expect.poll(() => closed).toBe(15);
  expect(app.log.filter(({ msg }) => msg.includes('connections refused'))).toHaveLength(1);
  for (const connection of held) connection[Symbol.dispose]();
  // The first requests for the metrics may be rejected too.
  const refused = () => metric(app, 'connections_refused_total{reason="total"}').catch(() => 0);
  await expect.poll(refused).toBeGreaterThanOrEqual(15);
  expect(await metric(app, 'http_connections{state="max"}')).toBe(5);
});

test.each([
  ['half a head', 'GET /health HTTP/1.1\r\nHo', []],
  ['half a body', `${POST}Authorization: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{`, [503]],
])("during shutdown, the service doesn't wait for a client that has sent %s", async (_what, bytes, statuses) => {
  const arrived = Promise.withResolvers<void>();
  const authentication = (_request: unknown, _response: unknown, next: () => void) => {
    arrived.resolve();
    next();
  };
  await using app = await startApp({ authentication: authentication as never });
  using connection = openRaw(app.url);
  connection.send(bytes);
  // The other connection is that of the client that reads the metrics.
  await expect.poll(() => metric(app, 'http_connections{state="open"}')).toBeGreaterThanOrEqual(2);
  if (statuses.length > 0) await arrived.promise;
  const began = performance.now();
  await app.shutDown(2 * HANG_MS);
  expect(performance.now() - began).toBeLessThan(HANG_MS);
  expect(await connection.statuses()).toEqual(statuses);
});
