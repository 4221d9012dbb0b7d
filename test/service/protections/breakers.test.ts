import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../service/base/clock.ts';
import { createMetrics } from '../../../service/observability/metrics.ts';
import { createBreakers } from '../../../service/protections/breakers.ts';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';
import { createBreaker } from '../support/breaker.ts';
import { recordLog } from '../support/log-recorder.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Opens a breaker, then makes one trial fail and the next one succeed. */
async function openAndRecover(upstream: 'llm' | 'memory', recoveryTimeoutMs = 60_000) {
  const { logger, lines } = recordLog();
  const metrics = createMetrics();
  const surroundings = { upstreamTimeoutMs: 10_000, clock: systemClock, logger, metrics };
  const breakers = createBreakers({ enabled: true, failureThreshold: 5, recoveryTimeoutMs }, surroundings);
  const fail = () => breakers[upstream].call(() => Promise.reject(new UpstreamError(upstream, 'down'))).catch(() => {});
  for (let n = 0; n < 5; n += 1) await fail();
  await vi.advanceTimersByTimeAsync(recoveryTimeoutMs);
  await fail();
  await vi.advanceTimersByTimeAsync(recoveryTimeoutMs);
  await breakers[upstream].call(async () => 'answer');
  return { lines, metrics, breakers };
}

test('logs the prescribed line of each LLM breaker transition once', async () => {
  const { lines } = await openAndRecover('llm');
  expect(lines.map(({ msg, breaker }) => [breaker, msg])).toEqual([
    ['llm', '⚠️ Circuit breaker opened for _invoke_llm after 5 failures'],
    ['llm', '⏱️ Circuit breaker attempting recovery after 60 seconds'],
    ['llm', '⚠️ Circuit breaker opened for _invoke_llm after 5 failures'],
    ['llm', '⏱️ Circuit breaker attempting recovery after 60 seconds'],
    ['llm', '✅ Circuit breaker closed - LLM API recovered'],
  ]);
});

test('logs the lines of the memory breaker', async () => {
  const { lines } = await openAndRecover('memory', 2500);
  expect(lines.map(({ msg, breaker }) => [breaker, msg])).toEqual([
    ['memory', '⚠️ Circuit breaker opened for extract_memories_from_api after 5 failures'],
    ['memory', '⏱️ Circuit breaker attempting recovery after 2.5 seconds'],
    ['memory', '⚠️ Circuit breaker opened for extract_memories_from_api after 5 failures'],
    ['memory', '⏱️ Circuit breaker attempting recovery after 2.5 seconds'],
    ['memory', '✅ Circuit breaker closed - Memory API recovered'],
  ]);
});

const EXTRACT = 'extract_memories_from_api';
const SEARCH = 'search_memories_from_api';

test.each([
  ['only the extraction', [EXTRACT], ''],
  ['only the search', [SEARCH], ` (failed: ${SEARCH})`],
  ['both', [SEARCH, EXTRACT], ` (failed: ${SEARCH}, ${EXTRACT})`],
])('names the calls that failed if it was %s', async (_what, names, suffix) => {
  const { breaker, messages } = createBreaker({ upstream: 'memory' });
  const down = () => Promise.reject(new UpstreamError('memory', 'down'));
  await breaker.call(down, 'a_call_before_a_success').catch(() => {});
  await breaker.call(async () => 'answer', SEARCH);
  for (let n = 0; n < 5; n += 1) await breaker.call(down, names[n % names.length]).catch(() => {});
  expect(messages()).toEqual([`⚠️ Circuit breaker opened for ${EXTRACT} after 5 failures${suffix}`]);
});

test('counts the openings of each breaker separately', async () => {
  const { metrics, breakers } = await openAndRecover('llm');
  const { values } = await metrics.breakerOpenings.get();
  expect(values.map(({ labels, value }) => [labels.breaker, value])).toEqual([
    ['llm', 2],
    ['memory', 0],
  ]);
  expect(breakers.memory.state).toBe('closed');
});
