import { expect, test } from 'vitest';
import { advise } from '../../../service/advise/advise.ts';
import type { Outage } from '../../../service/advise/outages.ts';

/** An outage that so many trials found to last still: a trial every recovery timeout. */
function outage(failedTrials: number, recoverySeconds = 60, threshold = 5): Outage {
  return {
    ...{ openedAt: 0, threshold, recoverySeconds, failedTrials },
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

test('refuses to advise from fewer than six outages', () => {
  expect(advise([])).toEqual({ kind: 'too_little', outages: 0, needed: 6 });
  expect(advise(outages(1, 1, 1, 1, 1))).toEqual({ kind: 'too_little', outages: 5, needed: 6 });
  expect(advise(outages(1, 1, 1, 1, 1, 1)).kind).toBe('advice');
});

test('counts only outages under the settings that are in force', () => {
  expect(advise([...outages(1, 1, 1, 1, 1, 1), outage(1, 30)])).toMatchObject({ kind: 'too_little', outages: 1 });
  expect(advise([...outages(1, 1, 1, 1, 1, 1), outage(1, 60, 6)])).toMatchObject({ kind: 'too_little', outages: 1 });
});

test('keeps what fits: one or two failed trials an outage, some over at once', () => {
  expect(suggested(outages(0, 0, 1, 1, 2, 2, 3))).toEqual([5, 60]);
});

test('most openings over at the first trial: a higher threshold and a shorter recovery', () => {
  expect(suggested(outages(0, 0, 0, 0, 1, 1))).toEqual([8, 30]);
});

test('failed trial after failed trial: a longer recovery, and a threshold that opens sooner', () => {
  expect(suggested(outages(4, 5, 6, 7, 8, 9))).toEqual([3, 120]);
  // Three failed trials: between 180 and 240 s, of which half is 105 s.
  expect(suggested(outages(3, 3, 3, 3, 3, 3))).toEqual([3, 105]);
});

test('never goes below three failures, nor raises what is lower already', () => {
  const lasting = (threshold: number) => Array.from({ length: 6 }, () => outage(1, 60, threshold));
  expect(suggested(lasting(3))[0]).toBe(3);
  expect(suggested(lasting(2))[0]).toBe(2);
});
