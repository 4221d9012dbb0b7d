import { expect, test } from 'vitest';
import { History } from '../../../harness/history/history.ts';
import { transitionReader } from '../../../harness/history/transitions.ts';
import { facts, phase, receipt, request } from '../../support/history.ts';

test('tells what arrived in a phase by number, whatever the clocks say', () => {
  const history = new History([
    phase('one', 100, 4),
    receipt(5, 99, 1, 'groq'),
    receipt(6, 250, 1, 'groq'),
    receipt(7, 110, 1, 'mem0'),
    phase('two', 200, 7),
    receipt(8, 199, 1, 'groq'),
  ]);
  expect(history.receiptsIn('one', 'groq').map(({ seq }) => seq)).toEqual([5, 6]);
  expect(history.receiptsIn('two', 'groq').map(({ seq }) => seq)).toEqual([8]);
  expect(history.receiptsIn('never begun', 'groq')).toEqual([]);
});

test('finds requests by all of the tags given', () => {
  const history = new History([request(2, 1, 200, { a: '1', b: '2' }), request(1, 1, 201, { a: '1' })]);
  expect(history.requests({ a: '1' }).map(({ status }) => status)).toEqual([201, 200]);
  expect(history.requests({ a: '1', b: '2' })).toHaveLength(1);
});

const read = transitionReader(facts().contract, facts().numbers);

test.each([
  ['⚠️ Circuit breaker opened for _invoke_llm after 5 failures', 'llm', 'open'],
  ['{"breaker":"llm","msg":"⚠️ Circuit breaker opened for _invoke_llm after 6 failures"}', 'llm', 'open'],
  ['{"breaker":"memory","msg":"⏱️ Circuit breaker attempting recovery after 2 seconds"}', 'memory', 'half-open'],
  ['{"breaker":"llm","msg":"⏱️ Circuit breaker attempting recovery after 2 seconds"}', 'llm', 'half-open'],
  ['✅ Circuit breaker closed - Memory API recovered', 'memory', 'closed'],
])('reads %s', (line, breaker, to) => {
  expect(read(line, 1)).toEqual({ type: 'transition', at: 1, breaker, to, line });
});

test.each([
  'listening on http://127.0.0.1:8000',
  '{"breaker":"llm","msg":"⏱️ Circuit breaker attempting recovery after 60 seconds"}',
  'Circuit breaker opened for _invoke_llm after 5 failures',
])('does not take %s for a transition of this profile', (line) => {
  expect(read(line, 1)).toBeUndefined();
});
