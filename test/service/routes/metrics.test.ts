import { expect, test } from 'vitest';
import { systemClock } from '../../../service/base/clock.ts';
import { createLimiters } from '../../../service/protections/limiters.ts';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { CONVERSATION, rateLimits, startApp } from '../support/test-app.ts';

async function metricLines(app: Awaited<ReturnType<typeof startApp>>): Promise<string[]> {
  const response = await app.get('/metrics');
  expect(response.headers.get('content-type')).toContain('text/plain');
  return (await response.text()).split('\n');
}

test('starts at 0 and shows the pool', async () => {
  await using app = await startApp();
  expect(await metricLines(app)).toEqual(
    expect.arrayContaining([
      'circuit_breaker_state{breaker="llm",state="closed"} 1',
      'circuit_breaker_state{breaker="memory",state="open"} 0',
      'circuit_breaker_openings_total{breaker="llm"} 0',
      'refusals_total{reason="rate_limit"} 0',
      'refusals_total{reason="circuit_open"} 0',
      'refusals_total{reason="body"} 0',
      'refusals_total{reason="invalid_request"} 0',
      'database_pool_refusals_total 0',
      'refusals_total{reason="pool_exhausted"} 0',
      'database_pool_connections{state="in_use"} 1',
      'database_pool_connections{state="idle"} 2',
      'database_pool_connections{state="waiting"} 3',
      'database_pool_connections{state="max"} 10',
    ]),
  );
});

test('counts openings, rejections and responses', async () => {
  const llm = { invoke: () => Promise.reject(new UpstreamError('llm', 'down')) };
  const limiters = createLimiters(rateLimits('1000/minute', { health: '1/minute' }), systemClock);
  await using app = await startApp({ llm, limiters });
  for (let n = 0; n < 7; n += 1) await app.post('/v1/conversations/end', CONVERSATION);
  await app.get('/health');
  await app.get('/health');
  await app.get('/nowhere');
  expect(await metricLines(app)).toEqual(
    expect.arrayContaining([
      'circuit_breaker_state{breaker="llm",state="open"} 1',
      'circuit_breaker_state{breaker="llm",state="closed"} 0',
      'circuit_breaker_openings_total{breaker="llm"} 1',
      'refusals_total{reason="circuit_open"} 2',
      'refusals_total{reason="rate_limit"} 1',
      'http_requests_total{route="/v1/conversations/end",status="502"} 5',
      'http_requests_total{route="/v1/conversations/end",status="503"} 2',
      'http_requests_total{route="/health",status="200"} 1',
      'http_requests_total{route="/health",status="429"} 1',
      'http_requests_total{route="unknown",status="404"} 1',
      'http_request_duration_seconds_count{route="/v1/conversations/end"} 7',
    ]),
  );
});
