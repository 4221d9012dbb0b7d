import { expect, test } from 'vitest';
import { contractSchema } from '../../../harness/contract/contract.ts';
import { unusableFallbacks } from '../../../harness/contract/unusable-fallbacks.ts';
import router from '../../defects/upstreams/router.ts';

const contractWith = (fallback: unknown, reaches = ['llm']) =>
  contractSchema.safeParse({
    ...router,
    upstreams: { ...router.upstreams, cache: { tcp: '127.0.0.1:6379' } },
    endpoints: { ...router.endpoints, chat: { ...router.endpoints.chat, reaches, fallback } },
  });

function problemsWith(fallback: unknown, reaches?: string[]): string[] {
  const { data, error } = contractWith(fallback, reaches);
  const problems = data ? unusableFallbacks(data) : (error?.issues ?? []);
  return problems.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

test('accepts an order, or an order with details', () => {
  expect(problemsWith(['llm', 'backup'])).toEqual([]);
  const details = { on: [429, 'stall', 'malformed-json'], never: [400], told: { field: 'model' } };
  expect(problemsWith({ order: ['llm', 'backup'], ...details, returnsWithinSeconds: 2 })).toEqual([]);
});

test.each<[string, unknown, string[], string]>([
  ['a single upstream', ['llm'], ['llm'], 'fallback: Too small: expected array to have >=2 items'],
  ['an unknown upstream', ['llm', 'other'], ['llm'], 'fallback.1: there is no "other"; there are llm, backup, cache'],
  [
    'a TCP server',
    { order: ['llm', 'cache'] },
    ['llm'],
    'fallback.order.1: "cache" is a TCP server; only HTTP upstreams can be a fallback',
  ],
  ['the same upstream twice', ['llm', 'llm'], ['llm'], 'fallback.1: "llm" is in the order twice'],
  [
    'a first upstream that is not reached',
    ['llm', 'backup'],
    [],
    'fallback.0: "llm" is called first; list it in `reaches`',
  ],
  [
    'another upstream that is always reached',
    ['llm', 'backup'],
    ['llm', 'backup'],
    'fallback.1: "backup" is called only if another one fails; remove it from `reaches`',
  ],
  [
    'a fault that needs fields',
    { order: ['llm', 'backup'], on: [503, 'latency'] },
    ['llm'],
    'fallback.on.1: "latency" can\'t be used: it is unknown, or needs further fields',
  ],
  [
    'a failure in both lists',
    { order: ['llm', 'backup'], on: [503, 404], never: [404] },
    ['llm'],
    'fallback.never: 404 is in "on" as well',
  ],
  [
    'a place that is neither a header nor a field',
    { order: ['llm', 'backup'], told: {} },
    ['llm'],
    'fallback: told: must be { header: NAME } or { field: PATH }',
  ],
])('rejects %s', (_, fallback, reaches, problem) => {
  expect(problemsWith(fallback, reaches)).toEqual([expect.stringContaining(`endpoints.chat.${problem}`)]);
});
