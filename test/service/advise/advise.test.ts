import { expect, test } from 'vitest';
import { advise } from '../../../service/advise/advise.ts';
import type { Outage } from '../../../service/advise/outages.ts';

/** An outage with the given number of failed trials, one per recovery timeout. */
function outage(failedTrials: number, recoverySeconds = 60, threshold = 5): Outage {
  return {
    openedAt: 0,
    threshold,
    recoverySeconds,
    failedTrials,
    shortestSeconds: failedTrials * recoverySeconds,
    longestSeconds: (failedTrials + 1) * recoverySeconds,
  };
}

const outages = (...failedTrials: number[]) => failedTrials.map((count) => outage(count));

function suggested(history: Outage[]): [threshold: number, recovery: number] {
  const advice = advise(history);
  if (advice.kind !== 'advice') throw new Error('it refuses to advise');
  return [advice.threshold.suggested, advice.recovery.suggested];
}

test('gives no advice for fewer than six outages', () => {
  expect(advise([])).toEqual({ kind: 'too_little', outages: 0, needed: 6 });
  expect(advise(outages(1, 1, 1, 1, 1))).toEqual({ kind: 'too_little', outages: 5, needed: 6 });
  expect(advise(outages(1, 1, 1, 1, 1, 1)).kind).toBe('advice');
});

test('only counts outages with the current settings', () => {
  expect(advise([...outages(1, 1, 1, 1, 1, 1), outage(1, 30)])).toMatchObject({ kind: 'too_little', outages: 1 });
  expect(advise([...outages(1, 1, 1, 1, 1, 1), outage(1, 60, 6)])).toMatchObject({ kind: 'too_little', outages: 1 });
});

test('keeps settings that cause one or two failed trials per outage', () => {
  expect(suggested(outages(0, 0, 1, 1, 2, 2, 3))).toEqual([5, 60]);
});

test('raises the threshold and shortens the recovery if most openings ended at the first trial', () => {
  expect(suggested(outages(0, 0, 0, 0, 1, 1))).toEqual([8, 30]);
});

test('lengthens the recovery and lowers the threshold after many failed trials', () => {
  expect(suggested(outages(4, 5, 6, 7, 8, 9))).toEqual([3, 120]);
  // With three failed trials, the outage lasted 180 to 240 s. Half of the midpoint is 105 s.
  expect(suggested(outages(3, 3, 3, 3, 3, 3))).toEqual([3, 105]);
});

test('never suggests fewer than three failures, and keeps a lower setting', () => {
  const lasting = (threshold: number) => Array.from({ length: 6 }, () => outage(1, 60, threshold));
  expect(suggested(lasting(3))[0]).toBe(3);
  expect(suggested(lasting(2))[0]).toBe(2);
});
