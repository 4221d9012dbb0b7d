import { expect, test } from 'vitest';
import { loadServed } from '../../../../harness/checkers/load/load-served.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, requests, verdicts } from '../../../support/history.ts';

/** Returns the verdict on /health after these numbers of calls with these statuses. */
function judged(...calls: [n: number, status: number][]): string | undefined {
  const events = calls.flatMap(([n, status]) => requests(n, 0, 1, status, { phase: '1', endpoint: 'health' }));
  return verdicts(loadServed.judge(new History([begun(1, { action: 'measured' }, -1, 0), ...events]), facts()))[
    'serves health under load'
  ];
}

test('a hundred served calls are enough, and fewer are INCONCLUSIVE', () => {
  expect(judged([100, 200])).toBe('PASS');
  expect(judged([99, 200])).toBe('INCONCLUSIVE');
  expect(judged()).toBe('INCONCLUSIVE');
});

test('a single rejected call is a failure, and so is one without a response', () => {
  expect(judged([100, 200], [1, 503])).toBe('FAIL');
  expect(judged([100, 200], [1, 0])).toBe('FAIL');
});
