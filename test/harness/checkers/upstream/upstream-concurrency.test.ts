import { expect, test } from 'vitest';
import {
  upstreamConcurrency,
  upstreamConcurrencyReached,
} from '../../../../harness/checkers/upstream/upstream-concurrency.ts';
import type { HistoryEvent } from '../../../../harness/history/events.ts';
import { History } from '../../../../harness/history/history.ts';
import { STRAY, starved, verdicts } from '../../../support/history.ts';
import { type Crowd, crowd, factsAbout } from './crowd.ts';

/** Judges whether there were never more calls at once than promised, and whether there were as many. */
function findings(seen: Crowd, concurrency?: number, more: HistoryEvent[] = []) {
  const [history, facts] = [new History([STRAY, ...crowd(seen), ...more]), factsAbout({ concurrency })];
  return [upstreamConcurrency, upstreamConcurrencyReached].flatMap((checker) => checker.judge(history, facts));
}

const judged = (seen: Crowd, concurrency = 2, more: HistoryEvent[] = []) =>
  Object.values(verdicts(findings(seen, concurrency, more)));

test('exactly the promised number of calls at once passes', () => {
  const seen = { observed: 'at most 2, for 6 callers: 2 × 200, 4 × 503', requests: [{ phase: '1' }] };
  expect(findings({}, 2)).toMatchObject([
    { ...seen, check: 'not too many calls at once: groq', verdict: 'PASS' },
    { ...seen, check: 'enough calls at once: groq', verdict: 'PASS' },
  ]);
});

test('more calls than promised fail', () => {
  expect(judged({}, 1)).toEqual(['FAIL', 'PASS']);
});

test('fewer calls than promised fail', () => {
  expect(judged({}, 3)).toEqual(['PASS', 'FAIL']);
});

test('too few callers prove nothing', () => {
  expect(judged({ callers: [3_010, 3_010] })).toEqual(['INCONCLUSIVE', 'PASS']);
  expect(judged({ callers: [3_010, 3_010] }, 3)).toEqual(['INCONCLUSIVE', 'INCONCLUSIVE']);
});

test('an upstream that nothing reached proves nothing', () => {
  expect(judged({ calls: [] })).toEqual(['INCONCLUSIVE', 'INCONCLUSIVE']);
});

test('calls that a busy machine keeps back are not missed', () => {
  const busy = (ms: number) => [starved('service', 0, 1, 0), starved('service', 0, 2_000, ms)];
  expect(judged({}, 3, busy(1_499))).toEqual(['PASS', 'FAIL']);
  expect(judged({}, 3, busy(1_500))).toEqual(['PASS', 'INCONCLUSIVE']);
});

test('streams are judged apart from other calls', () => {
  const judgedWith = (concurrency: number) => verdicts(findings({ action: 'crowd of streams' }, concurrency));
  expect(judgedWith(2)).toMatchObject({
    'not too many calls at once: groq, streams': 'PASS',
    'enough calls at once: groq, streams': 'PASS',
  });
  expect(judgedWith(1)).toMatchObject({ 'not too many calls at once: groq, streams': 'FAIL' });
  expect(judgedWith(3)).toMatchObject({ 'enough calls at once: groq, streams': 'FAIL' });
});
