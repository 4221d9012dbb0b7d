import { expect, test } from 'vitest';
import { systemClock } from '../../../service/base/clock.ts';
import { createMetrics } from '../../../service/observability/metrics.ts';
import { withinRequest } from '../../../service/observability/request-context.ts';
import { createBreakers } from '../../../service/protections/breakers.ts';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { recordLog } from '../support/log-recorder.ts';
import { CONVERSATION, startApp } from '../support/test-app.ts';
import { bearer } from '../support/tokens.ts';

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

async function idOf(url: string, given?: string | string[]): Promise<string | null> {
  const headers = new Headers();
  for (const value of [given ?? []].flat()) headers.append('x-request-id', value);
  return (await fetch(`${url}/health`, { headers })).headers.get('x-request-id');
}

test.each(['a', 'trace-7/span=2', '4bf92f3577b34da6a3ce929d0e0e4736', 'x'.repeat(128)])(
  'keeps the valid id %s',
  async (id) => {
    await using app = await startApp();
    expect(await idOf(app.url, id)).toBe(id);
  },
);

test.each([undefined, '', 'a b', 'a"b', '<b>', 'é', 'x'.repeat(129), ['one', 'two']])(
  'replaces the invalid id %j',
  async (given) => {
    await using app = await startApp();
    expect(await idOf(app.url, given)).toMatch(UUID);
  },
);

test('gives no two requests the same ID', async () => {
  await using app = await startApp();
  expect(await idOf(app.url)).not.toBe(await idOf(app.url));
});

test.each(['/nowhere', '/%ff', '/v1/conversations/%00'])('a rejection of %s has the ID', async (path) => {
  await using app = await startApp();
  const response = await fetch(app.url + path, { headers: { 'x-request-id': 'mine' } });
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.headers.get('x-request-id')).toBe('mine');
});

test('every log line of a request has its ID, including those of the breaker', async () => {
  const { logger, lines } = recordLog();
  const metrics = createMetrics();
  const settings = { enabled: true, failureThreshold: 1, recoveryTimeoutMs: 60_000 };
  const breakers = createBreakers(settings, { upstreamTimeoutMs: 1000, clock: systemClock, logger, metrics });
  const llm = { invoke: () => Promise.reject(new UpstreamError('llm', 'down')) };
  await using app = await startApp({ logger, metrics, breakers, llm });
  const send = (id: string) =>
    fetch(`${app.url}/v1/conversations/end`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': id, ...bearer('ada') },
      body: JSON.stringify(CONVERSATION),
    });
  await Promise.all([send('first'), app.get('/health')]);
  await send('second');
  await expect
    .poll(() => lines.map(({ request_id, msg }) => [request_id, msg]))
    .toContainEqual(['second', 'request ended']);
  const ofFirst = lines.filter(({ request_id }) => request_id === 'first').map(({ msg }) => msg);
  expect(ofFirst).toEqual([
    '⚠️ Circuit breaker opened for _invoke_llm after 1 failures',
    'request failed',
    'request ended',
  ]);
  expect(lines.every(({ request_id }) => typeof request_id === 'string')).toBe(true);
});

test('the timer of a recovery belongs to no request', async () => {
  // Use real time, because fake timers lose the async context.
  const { logger, lines } = recordLog();
  const settings = { enabled: true, failureThreshold: 1, recoveryTimeoutMs: 20 };
  const surroundings = { upstreamTimeoutMs: 1000, clock: systemClock, logger, metrics: createMetrics() };
  const { llm } = createBreakers(settings, surroundings);
  await withinRequest('first', () => llm.call(() => Promise.reject(new UpstreamError('llm', 'down'))).catch(() => {}));
  await expect.poll(() => lines).toHaveLength(2);
  expect(lines.map(({ request_id, state }) => [request_id, state])).toEqual([
    ['first', 'open'],
    [undefined, 'half_open'],
  ]);
});

test('logs the end of each request, at debug level for probes and rate-limited requests', async () => {
  await using app = await startApp();
  await app.get('/v1/conversations/of-a-caller');
  // A response may reach the client before the service has logged it.
  await expect.poll(() => app.log).toHaveLength(1);
  await app.get('/health');
  await expect.poll(() => app.log).toHaveLength(2);
  expect(app.log).toMatchObject([
    { level: 30, method: 'GET', route: '/v1/conversations/:id', status: '200', ms: expect.any(Number) },
    { level: 20, route: '/health', status: '200' },
  ]);
  expect(JSON.stringify(app.log)).not.toContain('of-a-caller');
});
