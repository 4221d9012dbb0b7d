import { expect, test } from 'vitest';
import { mean } from '../../../harness/base/mean.ts';
import { evidenceAbove, evidenceBelow, lowerBound, upperBound } from '../../../harness/gate/evidence.ts';
import { noise } from './noise.ts';

/** Distributions that are symmetric about 0: also with ties, with outliers, and of two processes that differ. */
const SYMMETRIC: Record<string, (draw: () => number) => number> = {
  normal: (draw) => 0.02 * draw(),
  outliers: (draw) => 0.02 * draw() ** 5,
  ties: (draw) => Math.round(draw()) * 0.05,
  'two sizes': (draw) => Math.sign(draw()) * 0.1,
};

test.each(Object.entries(SYMMETRIC))(
  '%s: over all signs of the same changes, the evidence is exactly 1 on average',
  (_, drawn) => {
    const draw = noise(1);
    const logs = Array.from({ length: 10 }, () => drawn(draw));
    const signed = Array.from({ length: 2 ** logs.length }, (_, signs) =>
      evidenceAbove(
        logs.map((log, nth) => ((signs >> nth) & 1 ? log : -log)),
        0,
      ),
    );
    expect(mean(signed)).toBeCloseTo(1, 9);
  },
);

test.each(Object.entries(SYMMETRIC))('%s: in at most 1 of 20 series, the evidence ever reaches 20', (_, drawn) => {
  const reached = Array.from({ length: 2_000 }, (_, seed) => {
    const draw = noise(seed);
    const logs: number[] = [];
    while (logs.length < 30) {
      logs.push(drawn(draw));
      if (evidenceAbove(logs, 0) >= 20) return true;
    }
    return false;
  }).filter(Boolean);
  expect(reached.length).toBeLessThanOrEqual(100);
});

test.each([
  { change: 0.05, spread: 0.015, rounds: 13 },
  { change: 0.7, spread: 0.02, rounds: 12 },
  { change: 0.004, spread: 0.001, rounds: 13 },
])('a change of $change with a noise of $spread is certain after $rounds rounds', ({ change, spread, rounds }) => {
  const needed = Array.from({ length: 100 }, (_, seed) => {
    const draw = noise(seed);
    const logs: number[] = [];
    while (evidenceAbove(logs, 0) < 1_000) logs.push(change + spread * draw());
    return logs.length;
  }).sort((a, b) => a - b);
  expect(needed[50]).toBeLessThanOrEqual(rounds);
});

test('the bounds are where the evidence is enough, and there are none after too few rounds', () => {
  const draw = noise(3);
  const logs = Array.from({ length: 9 }, () => 0.05 + 0.02 * draw());
  const [low, high] = [lowerBound(logs, 20), upperBound(logs, 20)];
  expect(evidenceAbove(logs, low)).toBeCloseTo(20, 6);
  expect(evidenceBelow(logs, high)).toBeCloseTo(20, 6);
  expect([low < 0.05, high > 0.05]).toEqual([true, true]);
  expect(lowerBound([0.1, 0.1, 0.1, 0.1], 20)).toBe(Number.NEGATIVE_INFINITY);
  expect(upperBound([0.1, 0.1, 0.1, 0.1], 20)).toBe(Number.POSITIVE_INFINITY);
});
