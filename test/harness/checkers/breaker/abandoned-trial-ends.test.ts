import { expect, test } from 'vitest';
import { abandonedTrialEnds } from '../../../../harness/checkers/breaker/abandoned-trial-ends.ts';
import { History } from '../../../../harness/history/history.ts';
import { facts, phase, request } from '../../../support/history.ts';
import { arrival, factsOf, leaver } from '../upstream/leavers.ts';

interface Trial {
  /** The status of calls while the breaker should be open. */
  open?: number;
  trials?: number;
  leavers?: number;
  /** The statuses of the calls afterwards, 100 ms apart. */
  next?: number[];
}

function judged({ open = 503, trials = 1, leavers = 1, next = [503, 503, 200] }: Trial) {
  const left = 'left in trial: llm';
  const history = new History([
    phase(left, 0, 0),
    ...[10, 20, 30].map((after) => request(after, 5, open, { phase: left, about: 'probe', endpoint: 'ask' })),
    ...Array.from({ length: leavers }, () => leaver(1_300, 1_000, left)),
    ...Array.from({ length: trials }, (_, index) => arrival(index + 1, 1_310, 1_000)),
    phase(`after ${left}`, 3_800, trials),
    ...next.map((status, index) =>
      request(3_800 + index * 100, 10, status, { phase: `after ${left}`, endpoint: 'ask' }),
    ),
  ]);
  return abandonedTrialEnds.judge(history, factsOf())[0];
}

test('nothing is judged without the promise', () => {
  expect(abandonedTrialEnds.judge(new History([]), facts())).toEqual([]);
});

test('a breaker that serves again passes', () => {
  expect(judged({})).toMatchObject({
    check: 'an abandoned trial does not keep it half-open: llm',
    observed: 'served 1.7 s after the caller left',
    verdict: 'PASS',
  });
});

test('a breaker that rejects every later call fails', () => {
  expect(judged({ next: Array(30).fill(503) })).toMatchObject({
    observed: 'none was served in 4.4 s after the caller left: 30 × 503',
    verdict: 'FAIL',
  });
});

test.each<[string, Trial, string]>([
  ['the breaker was not open', { open: 502 }, 'the breaker was not open'],
  ['no trial reached the upstream', { trials: 0 }, '0 trials, 1 of their callers left'],
  ['the caller did not leave', { leavers: 0 }, '1 trials, 0 of their callers left'],
  ['more than one trial', { trials: 2 }, '2 trials, 1 of their callers left'],
  ['no calls afterwards', { next: [] }, 'there were no calls afterwards'],
])('too little to judge: %s', (_, trial, observed) => {
  expect(judged(trial)).toMatchObject({ observed, verdict: 'INCONCLUSIVE' });
});
