import { expect, test } from 'vitest';
import type { Facts } from '../../../../harness/checkers/lib/checker.ts';
import { countedUpstreams } from '../../../../harness/checkers/lib/counted-upstreams.ts';
import { isHttp } from '../../../../harness/contract/is-http.ts';

const factsWith = (upstream: string) =>
  ({
    contract: {
      endpoints: { ask: { reaches: ['llm', 'cache', 'queue', 'database'] } },
      upstreams: { llm: {}, cache: { tcp: '127.0.0.1:6379', calls: 'redis' }, queue: { tcp: '127.0.0.1:5672' } },
      breakers: { one: { upstream } },
      limiter: {},
    },
  }) as unknown as Facts;

test('a TCP upstream is counted if the contract says what a call is', () => {
  expect(countedUpstreams(factsWith('llm'), 'ask')).toEqual(['llm', 'cache']);
});

test('the database is counted if it is behind a breaker', () => {
  expect(countedUpstreams(factsWith('database'), 'ask')).toEqual(['llm', 'cache', 'database']);
});

test('neither a TCP upstream nor the database is an HTTP server', () => {
  const are = ['llm', 'cache', 'database'].map((name) => isHttp(factsWith('llm').contract, name));
  expect(are).toEqual([true, false, false]);
});
