import { expect, test } from 'vitest';
import { abandonedTrialEnds } from '../../../../harness/checkers/breaker/abandoned-trial-ends.ts';
import { History } from '../../../../harness/history/history.ts';
import { begun, request } from '../../../support/history.ts';
import { arrival, factsOf, factsWithFallback, leaver } from '../upstream/leavers.ts';

interface Trial {
  /** The statuses of calls while the breaker should be open. */
  open?: number[];
  trials?: number;
  leavers?: number;
  /** The statuses of the calls afterwards, 100 ms apart. */
  next?: number[];
}

function judged({ open = [503, 503, 503], trials = 1, leavers = 1, next = [503, 503, 200] }: Trial, given = factsOf()) {
  const history = new History([
    begun(1, { action: 'left in trial', breaker: 'llm' }, 0, 0),
    ...open.map((status, index) =>
      request(10 + index * 10, 5, status, { phase: '1', about: 'probe', endpoint: 'ask' }),
    ),
    ...Array.from({ length: leavers }, () => leaver(1_300, 1_000, '1')),
    ...Array.from({ length: trials }, (_, index) => arrival(index + 1, 1_310, 1_000)),
    begun(2, { when: 'after', of: 1 }, 3_800, trials),
    ...next.map((status, index) => request(3_800 + index * 100, 60, status, { phase: '2', endpoint: 'ask' })),
  ]);
  return abandonedTrialEnds.judge(history, given)[0];
}

test('a breaker that serves again passes', () => {
  expect(judged({})).toMatchObject({
    check: 'an abandoned trial does not keep it half-open: llm',
    requests: [{ phase: '1' }, { phase: '2' }],
    observed: 'served 1.8 s after the caller left',
    verdict: 'PASS',
  });
});

test('a breaker behind which another upstream serves calls is not judged', () => {
  expect(judged({}, factsWithFallback())).toBeUndefined();
});

test('a breaker that rejects every later call fails', () => {
  expect(judged({ next: Array(30).fill(503) })).toMatchObject({
    observed: 'none was served in 4.5 s after the caller left: 30 × 503',
    verdict: 'FAIL',
  });
});

test.each<[string, Trial, string]>([
  ['the breaker was not open', { open: [502, 502, 502] }, 'the breaker was not open'],
  ['the breaker was open only at first', { open: [503, 502, 502] }, 'the breaker was not open'],
  ['nothing showed that the breaker was open', { open: [] }, 'the breaker was not open'],
  ['no trial reached the upstream', { trials: 0 }, '0 trials, 1 of their callers left'],
  ['the caller did not leave', { leavers: 0 }, '1 trials, 0 of their callers left'],
  ['more than one trial', { trials: 2 }, '2 trials, 1 of their callers left'],
  ['no calls afterwards', { next: [] }, 'there were no calls afterwards'],
])('too little to judge: %s', (_, trial, observed) => {
  expect(judged(trial)).toMatchObject({ observed, verdict: 'INCONCLUSIVE' });
});
