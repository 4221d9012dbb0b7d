import { expect, test } from 'vitest';
import { breakerOf } from '../../../../harness/checkers/lib/checker.ts';
import { streamsCountForBreaker } from '../../../../harness/checkers/upstream/streams-count-for-breaker.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, receipt, request } from '../../../support/history.ts';
import { factsOf as factsOfAssistant } from './leavers.ts';
import { factsOf, historyOf } from './streams.ts';

interface Round {
  /** How many streams fail. */
  failed?: number;
  /** The statuses of the calls afterwards, and how many of them reach the upstream. */
  next?: number[];
  leaked?: number;
  /** How many of the streams don't fail. */
  whole?: number;
  /** When these calls are made, in milliseconds after the last failure. */
  late?: number;
  /** How many successes fill the window of the breaker before. */
  filled?: number;
}

const FAILING = {
  action: 'failing streams',
  upstream: 'llm',
  fault: 'cut-stream',
  breaker: 'llm',
  endpoint: 'chat',
} as const;

function judged(
  { failed = 5, next = [503, 503, 503], leaked = 0, whole = 0, late = 10, filled = 0 }: Round,
  given = factsOf(),
) {
  const [at, after] = [200_000, 200_000 + failed * 20 + late];
  const failures = Array.from({ length: failed }, (_, index) => [
    request(at + index * 20, 15, 200, { phase: '12', endpoint: 'chat' }),
    receipt(index + 3 + filled, at + index * 20 + 2, 5, 'llm', index < whole ? [] : ['f9:cut-stream']),
  ]);
  return streamsCountForBreaker.judge(
    new History([
      ...historyOf({}),
      begun(11, { action: 'filled' }, at - 1_000, 2),
      ...Array.from({ length: filled }, (_, index) => receipt(index + 3, at - 900 + index * 10, 5, 'llm')),
      begun(12, { ...FAILING, primed: [11] }, at - 10, 2 + filled),
      ...failures.flat(),
      begun(13, { when: 'after', of: 12 }, after, failed + 2 + filled),
      ...next.map((status, index) => request(after + index * 10, 5, status, { phase: '13' })),
      ...Array.from({ length: leaked }, (_, index) =>
        receipt(failed + 3 + filled + index, after + index * 10 + 1, 2, 'llm'),
      ),
    ]),
    given,
  )[0];
}

test('a breaker that has opened passes, however callers learn of it', () => {
  expect(judged({})).toMatchObject({
    check: 'counts streams that fail by cut-stream: llm, chat',
    requests: [{ phase: '12' }, { phase: '13' }],
    expected: 'after 5 failed streams, no call reaches llm',
    observed: '5 streams failed, then 0 of 3 calls reached it: 3 × 503',
    verdict: 'PASS',
  });
  expect(judged({ next: [200, 200, 200] })?.verdict).toBe('PASS');
});

test('a breaker that has not opened fails', () => {
  expect(judged({ next: [200, 200, 200], leaked: 3 })).toMatchObject({
    observed: '5 streams failed, then 3 of 3 calls reached it: 3 × 200',
    verdict: 'FAIL',
  });
});

test.each<[string, Round]>([
  ['too few streams failed', { failed: 4 }],
  ['one of them did not fail', { whole: 1 }],
  ['there were no calls afterwards', { next: [] }],
  ['they may have been trials', { late: 1_000, leaked: 1 }],
  ['they were late', { late: 1_000 }],
])('too little to judge: %s', (_, round) => {
  expect(judged(round)?.verdict).toBe('INCONCLUSIVE');
});

test('nothing is proved if the upstream sends no streams, and nothing is judged if there is no such breaker', () => {
  const events = [begun(1, FAILING, 0, 0), begun(2, { when: 'after', of: 1 }, 10, 0)];
  expect(streamsCountForBreaker.judge(new History(events), factsOf())).toMatchObject([
    { verdict: 'INCONCLUSIVE', evidence: ['llm sent no event stream to cut off'] },
  ]);
  const other = [...historyOf({}), begun(12, { ...FAILING, fault: 'early-end', breaker: 'other' }, 200_000, 2)];
  expect(streamsCountForBreaker.judge(new History(other), factsOf())).toEqual([]);
  expect(judged({}, factsOfAssistant({ breakers: {}, profiles: { fast: {} } }))).toBeUndefined();
});

test('a breaker that opens by rate proves nothing if its window was not filled before', () => {
  const opens = { rate: 0.5, window: { calls: 6 }, minimum: 4 };
  const given = factsOfAssistant({ profiles: { fast: { breakers: { llm: { opens, recoverySeconds: 1 } } } } });
  const failed = breakerOf({ ...given, breaker: 'llm' }).opening.failures;
  expect(judged({ failed }, given)).toMatchObject({
    verdict: 'INCONCLUSIVE',
    evidence: [expect.stringMatching(/^0 calls reached llm before/)],
  });
  expect(judged({ failed, filled: 6 }, given)?.verdict).toBe('PASS');
});
