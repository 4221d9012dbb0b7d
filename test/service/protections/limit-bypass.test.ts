import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemClock } from '../../../service/base/clock.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { sendRaw } from '../support/raw-request.ts';
import { CONVERSATION, rateLimits, startApp } from '../support/test-app.ts';
import { bearer } from '../support/tokens.ts';

const ROUTES: [method: string, path: string, body?: object][] = [
  ['POST', '/v1/conversations/end', CONVERSATION],
  ['POST', '/v1/activities/suggest', { user_id: 'ada' }],
  ['GET', '/v1/conversations/c-1'],
  ['GET', '/health'],
  ['GET', '/metrics'],
];

const [END, HEALTH] = [ROUTES[0], ROUTES[3]] as [(typeof ROUTES)[number], (typeof ROUTES)[number]];

const headers = { 'content-type': 'application/json', ...bearer('ada') };

/** Starts an app, exhausts a route's limit, and sends the request with a different spelling of its path. */
async function useUp([method, path, body]: (typeof ROUTES)[number]) {
  const limiters = createLimiters(rateLimits('2/minute'), systemClock);
  const app = await startApp({ limiters });
  const send = (spelling: string, how: { method?: string; headers?: Record<string, string> } = {}) =>
    sendRaw(app.url, {
      method: how.method ?? method,
      path: spelling,
      headers: { ...headers, ...how.headers },
      body: body && JSON.stringify(body),
    });
  for (let n = 0; n < 2; n += 1) expect((await send(path)).status).toBeLessThan(300);
  expect((await send(path)).status).toBe(429);
  return { send, path, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() };
}

test.each(ROUTES)('%s %s: no spelling of the path bypasses the limit', async (...route) => {
  await using used = await useUp(route);
  const { path } = used;
  const spellings = [
    `${path}/`,
    `${path}//`,
    `/${path}`,
    `//${path}`,
    path.toUpperCase(),
    `${path}?`,
    `${path}?n=1`,
    `${path}#x`,
    `${path};n=1`,
    `${path}%20`,
    `${path}%00`,
    `${path}.`,
    `${path}/.`,
    `/.${path}`,
    `/x/..${path}`,
    `/x/%2e%2e${path}`,
    path.replace('h', '%68').replace('n', '%6e'),
    path.replaceAll('/', '%2f'),
    path.replaceAll('/', '\\'),
    `http://elsewhere.example${path}`,
    `${path}?_method=GET`,
  ];
  for (const spelling of spellings) {
    expect((await used.send(spelling)).status, spelling).toBeGreaterThanOrEqual(400);
  }
});

test.each(ROUTES)('%s %s: neither a forged address nor a forged method bypasses the limit', async (...route) => {
  await using used = await useUp(route);
  const claims = ['198.51.100.1', '198.51.100.1, 198.51.100.2', 'x', '', '::1', ',,,'];
  const names = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'client-ip', 'true-client-ip', 'cf-connecting-ip'];
  for (const name of names) {
    for (const claim of claims) expect((await used.send(used.path, { headers: { [name]: claim } })).status).toBe(429);
  }
  expect((await used.send(used.path, { headers: { 'x-http-method-override': 'PUT' } })).status).toBe(429);
});

test('HEAD counts with GET', async () => {
  await using used = await useUp(HEALTH);
  expect((await used.send('/health', { method: 'HEAD' })).status).toBe(429);
});

test('behind one trusted proxy, entries that the client adds are ignored', async () => {
  const limiters = createLimiters({ ...rateLimits('2/minute'), trustedHops: 1 }, systemClock);
  await using app = await startApp({ limiters });
  const send = (forwarded: string) =>
    sendRaw(app.url, { method: 'GET', path: '/health', headers: { 'x-forwarded-for': forwarded } });
  const statuses: number[] = [];
  for (const claim of ['', 'spoofed, ', '203.0.113.1, 203.0.113.2, ', ',,, ', '::1, ']) {
    statuses.push((await send(`${claim}198.51.100.7`)).status);
  }
  expect(statuses).toEqual([200, 200, 429, 429, 429]);
  expect((await send('198.51.100.8')).status).toBe(200);
});

test('behind one trusted proxy, a repeated header is read as one', async () => {
  const limiters = createLimiters({ ...rateLimits('1/minute'), trustedHops: 1 }, systemClock);
  await using app = await startApp({ limiters });
  const send = (...forwarded: string[]) =>
    sendRaw(app.url, { method: 'GET', path: '/health', headers: { 'X-Forwarded-For': forwarded as never } });
  expect((await send('203.0.113.1', '198.51.100.7')).status).toBe(200);
  expect((await send('203.0.113.2', '198.51.100.7')).status).toBe(429);
  expect((await send('198.51.100.7', '203.0.113.3')).status).toBe(200);
});

test('no generated spelling bypasses the limit', async () => {
  await using used = await useUp(END);
  const spelling = fc.array(
    fc
      .constantFrom('case', 'encode', 'slash', 'dot', 'query', 'encodedSlash')
      .chain((kind) => fc.nat({ max: used.path.length - 1 }).map((at) => ({ kind, at }))),
    { maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(spelling, async (changes) => {
      const path = changes.reduce(respell, used.path);
      expect((await used.send(path)).status, path).toBeGreaterThanOrEqual(400);
    }),
    { numRuns: 200 },
  );
});

function respell(path: string, { kind, at }: { kind: string; at: number }): string {
  const index = Math.max(1, at % path.length);
  const [before, letter, after] = [path.slice(0, index), path.charAt(index), path.slice(index + 1)];
  switch (kind) {
    case 'case':
      return before + letter.toUpperCase() + after;
    case 'encode':
      return `${before}%${letter.charCodeAt(0).toString(16)}${after}`;
    case 'slash':
      return `${before}${letter}/${after}`;
    case 'dot':
      return `${before}/.${letter}${after}`;
    case 'query':
      return `${path}?${index}`;
    default:
      return path.replace('/conversations', '%2Fconversations');
  }
}
