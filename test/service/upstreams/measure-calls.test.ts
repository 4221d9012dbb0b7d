import { expect, test } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../../service/base/clock.ts';
import { ServiceError } from '../../../service/base/errors.ts';
import { createMetrics } from '../../../service/observability/metrics.ts';
import { measureCalls } from '../../../service/upstreams/measure-calls.ts';
import { RequestBudget } from '../../../service/upstreams/request-budget.ts';
import { UpstreamError } from '../../../service/upstreams/upstream-error.ts';

test('records successes, failures and uncounted responses, but not calls that were not sent', async () => {
  const metrics = createMetrics();
  const endings: (() => Promise<unknown>)[] = [
    async () => 'answer',
    () => Promise.reject(new UpstreamError('llm', 'down')),
    () => Promise.reject(new UpstreamError('llm', 'down')),
    () => Promise.reject(new UpstreamError('llm', '400', { countsAsFailure: false })),
    () => Promise.reject(new ServiceError('llm_busy', 'as many as may be')),
  ];
  const post = measureCalls(metrics, 'llm', (() => (endings.shift() as () => Promise<unknown>)()) as never);
  const ask = () => post('/', {}, z.unknown(), new RequestBudget(1000, systemClock));
  expect(await ask()).toBe('answer');
  await expect(ask()).rejects.toThrow('down');
  await expect(ask()).rejects.toThrow('down');
  await expect(ask()).rejects.toThrow('400');
  await expect(ask()).rejects.toThrow('as many as may be');
  const shown = await metrics.registry.metrics();
  for (const [outcome, count] of Object.entries({ success: 1, failure: 2, uncounted: 1 })) {
    expect(shown).toMatch(new RegExp(`upstream_call_duration_seconds_count\\{.*outcome="${outcome}".*\\} ${count}\n`));
  }
});
