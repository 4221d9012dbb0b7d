import { expect, test } from 'vitest';
import { abandonedCallsNotRepeated } from '../../../../harness/checkers/upstream/abandoned-calls-not-repeated.ts';
import { History } from '../../../../harness/history/history.ts';
import { GIVEN_UP } from '../../../support/failing.ts';
import { begun, receipt, request, starved } from '../../../support/history.ts';
import { factsOf, factsWithFallback } from './leavers.ts';

const PATH = { endpoint: 'ask', upstream: 'llm' };

interface Seen {
  /** When the request of the caller who stayed was sent again, in milliseconds after the first time, if it was. */
  again?: number | null;
  /** When the call of the caller who leaves 200 ms after it was sent reaches the upstream, if it does. */
  arrives?: number | null;
  /** When further requests arrive after that caller has left, and how long each takes. */
  retries?: number[];
  moved?: number[];
  takes?: number | null;
  status?: number;
}

/** Calls whose first attempt fails after 5 ms. The promise is 1 s, with a tolerance of 60 ms. */
function history({ again = 1_500, arrives = 10, retries = [], moved = [], takes = 5, status = 0 }: Seen) {
  let seq = again === null ? 1 : 2;
  const attempt = (after: number, upstream: string, ms: number | null) => {
    seq += 1;
    const arrived = receipt(seq, after, ms ?? 0, upstream);
    return ms === null ? { ...arrived, endedAt: null } : arrived;
  };
  const from = 10_000;
  const left = from + 200;
  return [
    begun(1, { action: 'stays for a retry', ...PATH }, 0, 0),
    request(0, 2_000, 200, { phase: '1', endpoint: 'ask' }),
    receipt(1, 10, 5, 'llm', ['f1:status']),
    ...(again === null ? [] : [receipt(2, 10 + again, 5, 'llm')]),
    begun(2, { action: 'left before a retry', ...PATH }, from, seq),
    request(from, 200, status, { phase: '2', about: 'leaver', endpoint: 'ask', ...(status === 0 && GIVEN_UP) }),
    ...(arrives === null ? [] : [attempt(from + arrives, 'llm', 5)]),
    ...retries.map((after) => attempt(left + after, 'llm', takes)),
    ...moved.map((after) => attempt(left + after, 'backup', takes)),
    begun(3, { action: 'end' }, 20_000, seq),
  ];
}

const judged = (seen: Seen, given = factsOf()) => abandonedCallsNotRepeated.judge(new History(history(seen)), given)[0];

test('a service that makes no further attempt passes', () => {
  expect(judged({})).toEqual({
    check: 'sends no retries for callers who left: ask at llm',
    requests: [{ phase: '2' }],
    expected: 'no retry more than 1 s after its caller left',
    observed: 'none',
    verdict: 'PASS',
  });
});

test('an attempt that begins later, or goes on, fails', () => {
  expect(judged({ retries: [20, 1_800] })).toMatchObject({
    observed: 'a retry to llm began 1.80 s after the caller left',
    verdict: 'FAIL',
  });
  expect(judged({ retries: [20], takes: null })).toMatchObject({
    observed: 'a retry to llm began 0.02 s after the caller left',
    verdict: 'FAIL',
  });
  // It is a fault of the service even if a caller who stays sees no retry.
  expect(judged({ retries: [1_800], again: null })?.verdict).toBe('FAIL');
});

test('an attempt at the next upstream of a fallback is a further attempt', () => {
  expect(judged({ moved: [1_800] }, factsWithFallback())).toMatchObject({
    observed: 'a retry to backup began 1.80 s after the caller left',
    verdict: 'FAIL',
  });
  expect(judged({ moved: [20] }, factsWithFallback())?.verdict).toBe('PASS');
  expect(judged({ moved: [1_800] })?.verdict).toBe('PASS');
  expect(judged({ moved: [1_800] }, factsWithFallback(['backup', 'llm']))?.verdict).toBe('PASS');
});

test('nothing is proved if a caller who stays sees no retry, or an earlier one', () => {
  expect(judged({ again: null })).toMatchObject({
    observed: 'none',
    evidence: ['the request of a caller who stayed was not retried'],
    verdict: 'INCONCLUSIVE',
  });
  // The caller leaves 190 ms after its call has arrived.
  expect(judged({ again: 1_251 })?.verdict).toBe('PASS');
  expect(judged({ again: 1_250 })).toMatchObject({
    evidence: ['the request of a caller who stayed was retried after 1.25 s: too soon to tell'],
    verdict: 'INCONCLUSIVE',
  });
});

test('nothing is proved if nobody left during the call', () => {
  for (const seen of [{ arrives: null }, { arrives: 200 }, { status: 502 }]) {
    expect(judged(seen)).toMatchObject({
      observed: 'no caller left after a call to llm',
      verdict: 'INCONCLUSIVE',
    });
  }
});

test('a machine that keeps the service waiting excuses a delay of that length', () => {
  const waiting = [starved('service', 0, 1, 0), starved('service', 10_200, 11_260, 100)];
  const verdictOf = (after: number) =>
    abandonedCallsNotRepeated.judge(new History([...history({ retries: [after] }), ...waiting]), factsOf())[0]?.verdict;
  expect(verdictOf(1_155)).toBe('INCONCLUSIVE');
  expect(verdictOf(1_156)).toBe('FAIL');
  expect(verdictOf(20)).toBe('PASS');
});
