import { expect, test } from 'vitest';
import { upstreamConcurrency } from '../../../../harness/checkers/upstream/upstream-concurrency.ts';
import { History } from '../../../../harness/history/history.ts';
import { starved, verdicts } from '../../../support/history.ts';
import { type Crowd, crowd, factsAbout } from './crowd.ts';

function judged(seen: Crowd, concurrency = 2) {
  const found = upstreamConcurrency.judge(new History(crowd(seen)), factsAbout({ concurrency }));
  return { observed: found[0]?.observed, verdicts: Object.values(verdicts(found)) };
}

test('nothing is judged without the promise', () => {
  expect(upstreamConcurrency.judge(new History(crowd({})), factsAbout({}))).toEqual([]);
});

test('exactly the promised number of calls at once passes', () => {
  expect(judged({})).toEqual({ observed: 'at most 2, for 6 callers: 2 × 200, 4 × 503', verdicts: ['PASS', 'PASS'] });
});

test('more calls than promised fail', () => {
  expect(judged({}, 1).verdicts).toEqual(['FAIL', 'PASS']);
});

test('fewer calls than promised fail', () => {
  expect(judged({}, 3).verdicts).toEqual(['PASS', 'FAIL']);
});

test('a call that begins just before another one ends is not concurrent', () => {
  const calls = [
    [20, 3_005],
    [25, 3_005],
    [2_960, 5_000],
  ] as const;
  expect(judged({ calls }).verdicts).toEqual(['PASS', 'PASS']);
  expect(judged({ calls: [...calls, [2_950, 5_000]] }).verdicts).toEqual(['FAIL', 'PASS']);
});

test('too few callers prove nothing', () => {
  expect(judged({ callers: [3_010, 3_010] }).verdicts).toEqual(['INCONCLUSIVE', 'PASS']);
  expect(judged({ callers: [3_010, 3_010] }, 3).verdicts).toEqual(['INCONCLUSIVE', 'INCONCLUSIVE']);
});

test('an upstream that nothing reached proves nothing', () => {
  expect(judged({ calls: [] }).verdicts).toEqual(['INCONCLUSIVE', 'INCONCLUSIVE']);
});

test('calls that a busy machine keeps back are not missed', () => {
  const busy = [starved('service', 0, 1, 0), starved('service', 0, 2_000, 1_600)];
  const found = upstreamConcurrency.judge(new History([...crowd({}), ...busy]), factsAbout({ concurrency: 3 }));
  expect(Object.values(verdicts(found))).toEqual(['PASS', 'INCONCLUSIVE']);
});
