import { expect, test } from 'vitest';
import { breakerStaysClosed } from '../../../../harness/checkers/breaker/breaker-stays-closed.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, facts, receipt, request, requests } from '../../../support/history.ts';

const LLM = facts('llm');
const FAULT = ['f1:status'];

/**
 * Judges a phase below the threshold: the number of calls, the number of requests that arrived, how many of them had a
 * fault, and the status of the last call.
 */
const below = (calls: number, reached: number, faulty: number, last = 201) =>
  breakerStaysClosed.judge(
    new History([
      begun(1, { action: 'below' }, 0, 0),
      ...requests(calls - 1, 0, 5, 502, { phase: '1' }),
      request(100, 5, last, { phase: '1' }),
      ...Array.from({ length: reached }, (_, i) => receipt(i + 1, i, 1, 'groq', i < faulty ? FAULT : [])),
    ]),
    LLM,
  )[0]?.verdict;

test.each([
  ['PASS', () => below(5, 5, 4)],
  ['FAIL', () => below(5, 4, 4, 503)],
  ['FAIL', () => below(5, 5, 4, 503)],
  ['FAIL', () => below(5, 6, 4)],
  ['INCONCLUSIVE', () => below(5, 5, 3)],
  ['INCONCLUSIVE', () => below(5, 5, 5)],
  ['INCONCLUSIVE', () => below(4, 4, 3)],
  ['INCONCLUSIVE', () => below(6, 5, 4)],
])('gives %s for failures below the threshold', (verdict, found) => {
  expect(found()).toBe(verdict);
});
