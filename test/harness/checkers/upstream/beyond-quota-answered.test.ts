import { expect, test } from 'vitest';
import { beyondQuotaAnswered } from '../../../../harness/checkers/upstream/beyond-quota-answered.ts';
import { History } from '../../../../harness/history/history.ts';
import { type Pressure, pressure, quotaFacts } from './quotas.ts';

const judged = (seen: Omit<Pressure, 'arrived'> & Partial<Pressure>, beyond?: 429 | 'queued') =>
  beyondQuotaAnswered.judge(
    new History(pressure({ arrived: [[10], [20]], ...seen })),
    quotaFacts({ requests: 2, per: 2, ...(beyond && { beyond }) }, { action: 'beyond the quota', upstream: 'groq' }),
  )[0];

test.each([
  [429, [200, 200, 429], 'PASS'],
  [429, [200, 200, 503], 'FAIL'],
  [429, [200, 200, 200], 'INCONCLUSIVE'],
  [undefined, [200, 200, 503], 'PASS'],
  [undefined, [200, 200, 500], 'FAIL'],
  [undefined, [200, 200, 0], 'FAIL'],
  ['queued', [200, 200, 429], 'FAIL'],
  ['queued', [200, 200, 200], 'INCONCLUSIVE'],
] as const)('with %s promised, calls that get %j are %s', (beyond, calls, verdict) => {
  expect(judged({ calls }, beyond)).toMatchObject({ check: 'calls beyond the quota of requests: groq', verdict });
});

test('calls that waited and were served pass, and a status that all get is suggested', () => {
  expect(judged({ calls: [200, 200], ms: 1_500 }, 'queued')?.verdict).toBe('PASS');
  const changes = [{ path: ['upstreams', 'groq', 'quota', 'beyond'], value: 503 }];
  expect(judged({ calls: [200, 503, 503] }, 429)).toMatchObject({ observed: '3 calls: 1 × 200, 2 × 503', changes });
  expect(judged({ calls: [200, 503, 502] }, 429)).not.toHaveProperty('changes');
  expect(judged({ arrived: [], calls: [429] }, 429)?.verdict).toBe('INCONCLUSIVE');
});

test('calls that are refused for another promised reason are no failures', () => {
  const facts = quotaFacts({ requests: 2, per: 2, beyond: 429 }, { action: 'beyond the quota', upstream: 'groq' });
  const { requestsInProgress } = facts.numbers;
  const more = {
    ...facts,
    numbers: { ...facts.numbers, requestsInProgress: { ...requestsInProgress, health: { max: 1, refusal: 418 } } },
  };
  const history = (status: number) => new History(pressure({ arrived: [[10], [20]], calls: [200, 429, status] }));
  expect(beyondQuotaAnswered.judge(history(418), facts)[0]?.verdict).toBe('FAIL');
  expect(beyondQuotaAnswered.judge(history(418), more)[0]?.verdict).toBe('PASS');
  expect(beyondQuotaAnswered.judge(history(419), more)[0]?.verdict).toBe('FAIL');
});
